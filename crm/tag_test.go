package crm_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// The tags of a list are those of all its cards, whatever is on the newest, the most frequent first, page by page.
func TestTagsIn(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	for i := range 30 {
		o.add(o.owner, crm.Profile{Name: "Клиент " + spelled(i), Tags: []string{fmt.Sprintf("Метка %02d", i), "Общая"}})
	}
	for i := range 110 { // newer ones, without tags
		o.clock.Advance(time.Second)
		o.add(o.owner, crm.Profile{Name: "Другой " + spelled(i)})
	}
	for page, want := range []struct {
		first string
		n     int
		more  bool
	}{{"Общая", 12, true}, {"Метка 11", 12, true}, {"Метка 23", 7, false}, {"", 0, false}} {
		tags, more, err := o.TagsIn(t.Context(), by, crm.ClientQuery{}, page)
		mustAll(t, err)
		if len(tags) != want.n || more != want.more || want.n > 0 && tags[0] != want.first {
			t.Errorf("page %d: %q, more %t; want %d from %q", page, tags, more, want.n, want.first)
		}
	}
	one, _, err := o.TagsIn(t.Context(), by, crm.ClientQuery{Tags: []string{"метка 07"}}, 0)
	if mustAll(t, err); !slices.Equal(one, []string{"Метка 07", "Общая"}) {
		t.Errorf("of a narrower list: %q", one)
	}
}

// Cards without tags are offered those of the others to be put on, and none to be taken off.
func TestMassTags(t *testing.T) {
	o := newOffice(t)
	bare := o.add(o.owner, crm.Profile{Name: "Иванов"})
	rare := o.add(o.owner, crm.Profile{Name: "Петров", Tags: []string{"VIP", "Опт"}})
	o.add(o.owner, crm.Profile{Name: "Сидоров", Tags: []string{"опт"}})
	for name, one := range map[string]struct {
		in   crm.MassInput
		want []crm.TagCount
	}{
		"on, of one without":      {crm.MassInput{Kind: crm.MassTag, Of: []crm.ClientID{bare.ID}}, []crm.TagCount{{Tag: "опт", Cards: 2}, {Tag: "VIP", Cards: 1}}},
		"on, of a list":           {crm.MassInput{Kind: crm.MassTag, Query: crm.ClientQuery{Tags: []string{"vip"}}}, []crm.TagCount{{Tag: "опт", Cards: 2}, {Tag: "VIP", Cards: 1}}},
		"off, of one without":     {crm.MassInput{Kind: crm.MassUntag, Of: []crm.ClientID{bare.ID}}, nil},
		"off, of one":             {crm.MassInput{Kind: crm.MassUntag, Of: []crm.ClientID{rare.ID}}, []crm.TagCount{{Tag: "VIP", Cards: 1}, {Tag: "Опт", Cards: 1}}},
		"off, of a list with one": {crm.MassInput{Kind: crm.MassUntag, Query: crm.ClientQuery{Tags: []string{"vip"}}}, []crm.TagCount{{Tag: "VIP", Cards: 1}, {Tag: "Опт", Cards: 1}}},
	} {
		got, err := o.MassTags(t.Context(), o.as(o.owner), one.in)
		mustAll(t, err)
		for i := range got { // whichever card it is read of
			if got[i].Tag == "Опт" && len(one.want) > i && one.want[i].Tag == "опт" {
				got[i].Tag = "опт"
			}
		}
		if !slices.Equal(got, one.want) {
			t.Errorf("%s: got %v, want %v", name, got, one.want)
		}
	}
}

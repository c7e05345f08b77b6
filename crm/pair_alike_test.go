package crm_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// What is likely and what is not, each with its reason; both cards must also meet by a key, or no search would compare them.
var likely = []struct {
	a, b crm.Profile
	want string // "" not likely; else the reasons
}{
	{crm.Profile{Name: "Петров Сергей", Company: "Акме"}, crm.Profile{Name: "Сергей П.", Company: "ООО «АКМЕ»"}, "name company"},
	{crm.Profile{Name: "Иванов Иван Петрович", City: "Тула"}, crm.Profile{Name: "Иванов Иван", City: "тула"}, "name city"},
	{crm.Profile{Name: "Иванов Иван"}, crm.Profile{Name: "Иван Иванов"}, "swapped"},
	{crm.Profile{Name: "Шевчук Юлия"}, crm.Profile{Name: "Yulia Shevchuk"}, "alphabet"},
	{crm.Profile{Name: "Семёнов Пётр", City: "Москва"}, crm.Profile{Name: "Семенов Петр", City: "Moskva"}, "name city"},
	{crm.Profile{Name: "Кузнецова Анна", Company: "Ромашка"}, crm.Profile{Name: "Кузницова Анна", Company: "ромашка, ООО"}, "name company"},
	{crm.Profile{Name: "ООО «Ромашка»", Kind: crm.KindCorporate}, crm.Profile{Name: "Ромашка, ООО", Kind: crm.KindCorporate, City: "Тверь"}, "name"},
	{crm.Profile{Name: "Иванов Иван", City: "Тула", Birthday: civil.Date{Month: 5, Day: 12}}, crm.Profile{Name: "Иванов Иван", City: "Тула", Birthday: civil.Date{Year: 1980, Month: 5, Day: 13}}, ""},
	{crm.Profile{Name: "Иванов Иван"}, crm.Profile{Name: "Иванов Иван"}, ""},
	{crm.Profile{Name: "Иванов Иван Петрович", City: "Тула"}, crm.Profile{Name: "Иванов Иван Ильич", City: "Тула"}, ""},
	{crm.Profile{Name: "Рудаков Клим Ильич", Company: "ООО «Сигма»"}, crm.Profile{Name: "Рудаков Клим", Company: "Сигма"}, "name company"},
	{crm.Profile{Name: "Сухов Яков Кузьмич", City: "Пермь"}, crm.Profile{Name: "Сухов Яков", City: "Пермь"}, "name city"},
	{crm.Profile{Name: "Анна", City: "Тула"}, crm.Profile{Name: "Анна", City: "Тула"}, ""},
	{crm.Profile{Name: "Петров Сергей", Company: "Акме"}, crm.Profile{Name: "Сидоров Павел", Company: "Акме"}, ""},
	{crm.Profile{Name: "Петров Сергей", City: "Тула"}, crm.Profile{Name: "Петрова Светлана", City: "Тула"}, ""},
}

func TestAlike(t *testing.T) {
	for _, l := range likely {
		for _, both := range [][2]crm.Profile{{l.a, l.b}, {l.b, l.a}} {
			o := newOffice(t)
			for _, p := range both {
				o.add(o.owner, p)
			}
			page, err := o.Pairs(t.Context(), o.as(o.owner), nil, 5)
			mustAll(t, err)
			var why string
			for _, p := range page.Pairs {
				why = fmt.Sprint(p.Why)
				if p.Score < 70 || p.Score >= crm.Certain {
					t.Errorf("%s and %s: %d", both[0].Name, both[1].Name, p.Score)
				}
			}
			want := ""
			if l.want != "" {
				want = "[" + l.want + "]"
			}
			if why != want {
				t.Errorf("%s (%s) and %s (%s): got %q, want %q", both[0].Name, both[0].Company+both[0].City, both[1].Name, both[1].Company+both[1].City, why, want)
			}
		}
	}
}

// A name that many have in one town is a common name.
func TestCommonNamesAreNotAlike(t *testing.T) {
	o := newOffice(t)
	for range 9 {
		o.add(o.owner, crm.Profile{Name: "Иванов Иван", City: "Москва"})
	}
	if page, err := o.Pairs(t.Context(), o.as(o.owner), nil, 5); err != nil || len(page.Pairs) > 0 {
		t.Errorf("got %+v, %v", page.Pairs, err)
	}
}

// The search of the whole base and the one that follows changes find the same.
func TestSearchAndFollowAgree(t *testing.T) {
	names := []string{"Иванов Иван", "Иван Иванов", "Ivan Ivanov", "Петров Пётр", "Петров П.", "Ромашка"}
	for seed := range uint64(12) {
		o, r := newOffice(t), rand.New(rand.NewPCG(seed, 1))
		any := func(from ...string) string { return from[r.IntN(len(from))] }
		_, err := o.Pairs(t.Context(), o.as(o.owner), nil, 1) // an empty base is searched; what follows are changes
		mustAll(t, err)
		for range 9 {
			p := crm.Profile{Name: any(names...), City: any("", "Тула"), Company: any("", "Ромашка")}
			if phone := any("", "", "+79000000001", "+79000000002", "+79000000003"); phone != "" {
				p.Phones = []crm.Phone{{E164: phone}}
			}
			_, err := o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: p}, true)
			mustAll(t, err)
		}
		_, err = o.Pairs(t.Context(), o.as(o.owner), nil, 1)
		mustAll(t, err)
		list := func() (out []string) {
			pairs, err := o.store.Pairs(t.Context(), crm.PairQuery{Team: o.owner.Team, Limit: 100})
			mustAll(t, err)
			for _, p := range pairs {
				out = append(out, fmt.Sprint(p.ID, p.Score, p.Why))
			}
			return out
		}
		followed := list()
		_, err = o.store.DropPairs(t.Context(), crm.PairQuery{Team: o.owner.Team, Limit: 1000})
		mustAll(t, err, o.SearchBase(t.Context(), o.owner.Team, o.clock.Now()))
		if searched := list(); !slices.Equal(searched, followed) || len(searched) == 0 {
			t.Errorf("%d: searched\n%v, followed\n%v", seed, searched, followed)
		}
	}
}

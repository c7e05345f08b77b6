package crm_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

func TestNoDaysOffAndNoBirthdaysAreKept(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	for _, none := range []bool{true, false} {
		_, err := o.SetReminding(ctx, o.as(o.owner), func(r *crm.Reminding) {
			if r.DaysOff, r.Birthdays = nil, nil; none {
				r.DaysOff, r.Birthdays = []time.Weekday{}, []int{}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		m, err := o.store.Member(ctx, o.owner.Team, o.owner.ID)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := bson.Marshal(m.Reminding)
		if err != nil {
			t.Fatal(err)
		}
		var other crm.Reminding
		if err := bson.Unmarshal(raw, &other); err != nil {
			t.Fatal(err)
		}
		for _, r := range []crm.Reminding{m.Reminding.Full(), other.Full()} {
			if len(r.DaysOff) != 0 || len(r.Birthdays) != 0 || r.Digest != "09:00" {
				t.Errorf("got %+v, want no days off and no birthdays", r)
			}
		}
	}
	var old crm.Reminding // as one that nobody set, or set in part before Set was kept
	if err := json.Unmarshal([]byte(`{"digest":"08:00"}`), &old); err != nil {
		t.Fatal(err)
	}
	if r := old.Full(); r.Digest != "08:00" || len(r.DaysOff) != 2 || !slices.Equal(r.Birthdays, []int{5, 0}) {
		t.Errorf("got %+v, want the defaults", r)
	}
}

func TestARepeatedSettingTellsWhatIsStored(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	first := o.as(o.owner)
	if _, err := o.SetLang(ctx, first, "en"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SetLang(ctx, o.as(o.owner), "ru"); err != nil {
		t.Fatal(err)
	}
	m, err := o.SetLang(ctx, first, "en") // delivered again, long after
	if err != nil || m.Lang != "ru" || m.Rev != 3 {
		t.Errorf("got %s, revision %d, %v; want what is stored", m.Lang, m.Rev, err)
	}
	shared := o.as(o.owner)
	for _, by := range []crm.Actor{shared, o.as(o.owner)} {
		if _, err := o.SetShared(ctx, by, by.Cause == shared.Cause); err != nil {
			t.Fatal(err)
		}
	}
	if team, err := o.SetShared(ctx, shared, true); err != nil || team.Shared {
		t.Errorf("the team: shared %v, %v; want what is stored", team.Shared, err)
	}
}

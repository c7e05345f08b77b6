package crm_test

import (
	"errors"
	"fmt"
	"testing"

	"kartoteka/crm"
)

// told are the messages about clients handed over that wait for a member, in a line each.
func (w *massOffice) told(m crm.Member) (list []string) {
	w.t.Helper()
	all, err := w.store.Reminders(w.t.Context(), crm.ReminderQuery{Team: m.Team, Member: m.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 9})
	mustAll(w.t, err)
	names := map[crm.MemberID]string{w.owner.ID: "owner", w.ivan.ID: "ivan", w.petr.ID: "petr"}
	for _, r := range all {
		if r.Kind == crm.RemindHanded {
			list = append(list, fmt.Sprintf("%d who=%s from=%s back=%v passed=%v", r.Count, names[r.Who], names[r.From], r.Back, r.Passed))
		}
	}
	return list
}

// Whoever has the clients now, and those whose they were, are told, and told again when it is taken back; not who did it.
func TestMassHandOverTells(t *testing.T) {
	w := newMassOffice(t, 2, 3)
	check := func(when string, m crm.Member, want ...string) {
		t.Helper()
		if got := w.told(m); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n got  %q\n want %q", when, got, want)
		}
	}
	given := w.begin(w.owner, crm.MassInput{Kind: crm.MassGive, Value: string(w.petr.ID)})
	got, lost := "5 who= from=owner back=false passed=false", "3 who=petr from=owner back=false passed=true"
	check("Petr", w.petr, got)
	check("Ivan", w.ivan, lost)
	check("the owner", w.owner)
	if back, err := w.UndoMass(t.Context(), w.as(w.fresh(w.owner)), given.Begun); err != nil || back.Changed != 5 {
		t.Fatalf("came back %+v, %v", back, err)
	}
	check("Petr again", w.petr, got, "5 who= from=owner back=true passed=false")
	check("Ivan again", w.ivan, lost, "3 who=petr from=owner back=false passed=false")
}

// The same goes for clients that were picked from a list.
func TestPickedHandOverTells(t *testing.T) {
	w := newMassOffice(t, 0, 2)
	cards, err := w.List(t.Context(), w.as(w.ivan), crm.ClientQuery{Limit: 2})
	mustAll(t, err)
	ids, by := []crm.ClientID{cards[0].ID, cards[1].ID}, w.as(w.owner)
	if n, err := w.HandOverMany(t.Context(), by, ids, w.petr.ID); err != nil || n != 2 {
		t.Fatalf("handed over %d, %v", n, err)
	}
	if n, err := w.UndoHandOver(t.Context(), w.as(w.owner), ids, by.Cause); err != nil || n != 2 {
		t.Fatalf("came back %d, %v", n, err)
	}
	want := "[2 who=ivan from=owner back=false passed=false 2 who=ivan from=owner back=true passed=false]"
	if got := fmt.Sprint(w.told(w.petr)); got != want {
		t.Errorf("Petr is told\n got  %s\n want %s", got, want)
	}
	want = "[2 who=petr from=owner back=false passed=true 2 who=petr from=owner back=false passed=false]"
	if got := fmt.Sprint(w.told(w.ivan)); got != want {
		t.Errorf("Ivan is told\n got  %s\n want %s", got, want)
	}
}

// Who was given clients till it was stopped is told of them, of those too that were given and not counted when the process died.
func TestStoppedHandOverTells(t *testing.T) {
	w := newMassOffice(t, 350, 0)
	desk := crm.NewDesk(&dyingBatch{w.store, 3}, w.clock) // one more page is written than is counted
	if _, err := desk.BeginMass(t.Context(), w.as(w.fresh(w.owner)), crm.MassInput{Kind: crm.MassGive, Value: string(w.petr.ID)}); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	given := w.count(crm.ClientQuery{Owner: w.petr.ID})
	if counted := w.fresh(w.owner).Mass.Changed; given == 0 || given == 350 || given == counted {
		t.Fatalf("%d given and %d counted when it died", given, counted)
	}
	_, err := w.StopMass(t.Context(), w.as(w.fresh(w.owner)))
	mustAll(t, err, w.MassOn(t.Context(), silent{}), w.MassOn(t.Context(), silent{}))
	if got := w.fresh(w.owner).Mass; got.Changed != given || len(got.Page) > 0 {
		t.Errorf("%d counted, a page of %d left; want %d and none", got.Changed, len(got.Page), given)
	}
	want := fmt.Sprintf("[%d who=owner from=owner back=false passed=false]", given)
	if got := fmt.Sprint(w.told(w.petr)); got != want {
		t.Errorf("Petr is told\n got  %s\n want %s", got, want)
	}
}

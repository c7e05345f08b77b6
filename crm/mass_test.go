package crm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// massOffice is a base of many clients: Anna's, who owns it, and Ivan's.
type massOffice struct {
	*office
	ivan, petr crm.Member
}

func newMassOffice(t *testing.T, annas, ivans int) *massOffice {
	t.Helper()
	w := &massOffice{office: newOffice(t)}
	w.ivan, w.petr = w.hire(20, "Иван", crm.RoleManager), w.hire(21, "Пётр", crm.RoleManager)
	for i, m := range slices.Concat(slices.Repeat([]crm.Member{w.owner}, annas), slices.Repeat([]crm.Member{w.ivan}, ivans)) {
		w.add(m, crm.Profile{Name: fmt.Sprint("Клиент ", spelled(i)), Tags: []string{"все"}})
	}
	return w
}

func (w *massOffice) count(q crm.ClientQuery) int {
	w.t.Helper()
	q.Team = w.owner.Team
	n, err := w.store.CountClients(w.t.Context(), q, 10000)
	mustAll(w.t, err)
	return n
}

func (w *massOffice) begin(m crm.Member, in crm.MassInput) crm.Mass {
	w.t.Helper()
	done, err := w.BeginMass(w.t.Context(), w.as(w.fresh(m)), in)
	mustAll(w.t, err)
	return done
}

// fresh is a member as the store now has them.
func (w *massOffice) fresh(m crm.Member) crm.Member {
	w.t.Helper()
	m, err := w.store.Member(w.t.Context(), m.Team, m.ID)
	mustAll(w.t, err)
	return m
}

func TestMassChanges(t *testing.T) {
	w := newMassOffice(t, 120, 30)
	all := crm.ClientQuery{Tags: []string{"все"}}
	tagged := crm.ClientQuery{Tags: []string{"новая"}}
	if got := w.begin(w.owner, crm.MassInput{Kind: crm.MassTag, Value: "#Новая", Query: all}); got.Changed != 150 || got.Total != 150 || got.UnderWay() || w.count(tagged) != 150 {
		t.Errorf("tagged %+v", got)
	}
	// A filter that the change takes cards out of is gone through to its end nevertheless.
	if got := w.begin(w.owner, crm.MassInput{Kind: crm.MassUntag, Value: "все", Query: all}); got.Changed != 150 || w.count(all) != 0 {
		t.Errorf("untagged %+v", got)
	}
	begun := w.fresh(w.owner).Mass.Begun
	for range 2 { // a second press is told what came of the first
		if got, err := w.UndoMass(t.Context(), w.as(w.fresh(w.owner)), begun); err != nil || got.Changed != 150 || w.count(all) != 150 {
			t.Errorf("came back %+v, %v", got, err)
		}
	}
	// The button of one change takes no other back.
	w.clock.Advance(time.Minute)
	w.begin(w.owner, crm.MassInput{Kind: crm.MassTag, Value: "ещё", Query: all})
	if _, err := w.UndoMass(t.Context(), w.as(w.fresh(w.owner)), begun); fieldOf(err) != "mass" {
		t.Errorf("another one came back: %v", err)
	}
	// A manager changes what is theirs, whatever is asked for.
	if got := w.begin(w.ivan, crm.MassInput{Kind: crm.MassStage, Value: "client", Query: all}); got.Changed != 30 || w.count(crm.ClientQuery{Stages: []crm.Stage{crm.StageClient}}) != 30 {
		t.Errorf("Ivan staged %+v", got)
	}
	foreign, err := w.List(t.Context(), w.as(w.owner), crm.ClientQuery{Owner: w.owner.ID, Limit: 3})
	mustAll(t, err)
	ids := []crm.ClientID{foreign[0].ID, "nobody", foreign[1].ID}
	if got := w.begin(w.ivan, crm.MassInput{Kind: crm.MassArchive, Value: "нет", Of: ids}); got.Changed != 0 || got.Left[crm.LeftDenied] != 2 || got.Left[crm.LeftGone] != 1 || got.UnderWay() {
		t.Errorf("Ivan archived others' %+v", got)
	}
	if got := w.begin(w.owner, crm.MassInput{Kind: crm.MassArchive, Value: "нет", Of: ids}); got.Changed != 2 || w.look(ids[0]).ArchiveReason != "нет" {
		t.Errorf("archived %+v", got)
	}
	if n, err := w.CountMass(t.Context(), w.as(w.ivan), crm.MassInput{Kind: crm.MassTag, Query: all}); err != nil || n != 30 {
		t.Errorf("%d are counted, %v", n, err)
	}
}

func TestMassHandOver(t *testing.T) {
	w := newMassOffice(t, 0, 130)
	mine := crm.ClientQuery{Owner: w.ivan.ID}
	by := w.as(w.fresh(w.ivan))
	for range 2 { // the update comes twice
		if got, err := w.BeginMass(t.Context(), by, crm.MassInput{Kind: crm.MassGive, Value: string(w.petr.ID), Query: mine}); err != nil || got.Changed != 130 {
			t.Errorf("gave %+v, %v", got, err)
		}
	}
	told, err := w.store.Reminders(t.Context(), crm.ReminderQuery{Team: w.ivan.Team, Member: w.petr.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 9})
	if err != nil || len(told) != 1 || told[0].Count != 130 {
		t.Errorf("Petr is told %+v, %v", told, err)
	}
	one, err := w.List(t.Context(), w.as(w.petr), crm.ClientQuery{Limit: 1})
	mustAll(t, err)
	_, err = w.HandOverClient(t.Context(), w.as(w.petr), one[0].ID, w.owner.ID) // it has gone on since
	mustAll(t, err)
	if got, err := w.UndoMass(t.Context(), w.as(w.fresh(w.ivan)), w.fresh(w.ivan).Mass.Begun); err != nil || got.Changed != 129 || got.Left[crm.LeftSince] != 1 || w.count(mine) != 129 {
		t.Errorf("came back %+v, %v", got, err)
	}
}

// A process that dies in between leaves what goes on by the clock, and what it counts is right.
func TestMassGoesOn(t *testing.T) {
	w := newMassOffice(t, 0, 0)
	for i := range 330 {
		w.add(w.owner, crm.Profile{Name: fmt.Sprint("Клиент ", spelled(i)), Tags: []string{"все"}})
	}
	for died := 1; died < 7; died++ {
		desk := crm.NewDesk(&dyingBatch{w.store, died}, w.clock)
		_, err := desk.BeginMass(t.Context(), w.as(w.fresh(w.owner)), crm.MassInput{Kind: crm.MassTag, Value: fmt.Sprint("т", died), Query: crm.ClientQuery{Tags: []string{"все"}}})
		if err != nil && !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		mustAll(t, w.MassOn(t.Context(), silent{}))
		if got := w.fresh(w.owner).Mass; got.Changed != 330 || got.UnderWay() || w.count(crm.ClientQuery{Tags: []string{fmt.Sprint("т", died)}}) != 330 {
			t.Errorf("died at %d: %d of %d", died, got.Changed, got.Total)
		}
	}
	if len(w.fresh(w.owner).Mass.Page) > 0 {
		t.Error("a page is left on the record")
	}
}

// dyingBatch is a store that dies after so many writes of members, having written the cards before.
type dyingBatch struct {
	crm.Store
	left int
}

func (d *dyingBatch) SaveMember(ctx context.Context, m crm.Member, e crm.Event) error {
	if d.left--; d.left < 0 && m.Mass.UnderWay() {
		return errDied
	}
	return d.Store.SaveMember(ctx, m, e)
}

func TestMassOneAtATime(t *testing.T) {
	w := newMassOffice(t, 3, 0)
	desk := crm.NewDesk(&dyingBatch{w.store, 1}, w.clock)
	_, err := desk.BeginMass(t.Context(), w.as(w.owner), crm.MassInput{Kind: crm.MassTag, Value: "а"})
	if !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	if _, err := w.BeginMass(t.Context(), w.as(w.fresh(w.owner)), crm.MassInput{Kind: crm.MassTag, Value: "б"}); fieldOf(err) != "mass" {
		t.Errorf("a second one: %v", err)
	}
	if got, err := w.StopMass(t.Context(), w.as(w.fresh(w.owner))); err != nil || got.UnderWay() || !got.Stopped {
		t.Errorf("stopped: %+v, %v", got, err)
	}
	for _, in := range []crm.MassInput{{Kind: "paint"}, {Kind: crm.MassTag, Value: "а, б"}, {Kind: crm.MassStage, Value: "nowhere"}, {Kind: crm.MassGive, Value: "nobody"}} {
		if _, err := w.BeginMass(t.Context(), w.as(w.fresh(w.owner)), in); err == nil {
			t.Errorf("%+v was begun", in)
		}
	}
}

func TestMergeAllCertain(t *testing.T) {
	w := newMassOffice(t, 0, 0)
	add := func(name, phone string) crm.ClientID {
		c, err := w.AddClient(t.Context(), w.as(w.owner), crm.Draft{Profile: crm.Profile{Name: name, Phones: []crm.Phone{{E164: phone}}}}, true)
		mustAll(t, err)
		return c.ID
	}
	for i := range 25 {
		phone := fmt.Sprintf("+790000000%02d", i)
		add("Иванов Иван", phone)
		add("Иванов И.", phone)
	}
	add("Иванов Пётр", "+79110000000")
	add("Сидорова Анна", "+79110000000") // a family's telephone
	page, err := w.Pairs(t.Context(), w.as(w.owner), nil, 1)
	if err != nil || page.Certain != 26 {
		t.Fatalf("got %+v, %v", page, err)
	}
	if got := w.begin(w.owner, crm.MassInput{Kind: crm.MassMerge}); got.Changed != 25 || got.Total != 26 || got.Left[crm.LeftUnlike] != 1 || got.UnderWay() {
		t.Errorf("merged %+v", got)
	}
	if n := w.count(crm.ClientQuery{}); n != 27 {
		t.Errorf("%d cards are left", n)
	}
	if page, err = w.Pairs(t.Context(), w.as(w.owner), nil, 1); err != nil || page.Certain != 1 {
		t.Errorf("left are %+v, %v", page, err)
	}
}

// familiar is a base in which some cards are certainly one client's: two each, and three each, which become one in two steps.
func familiar(t *testing.T) (w *massOffice, pairs [][2]crm.ClientID, threes []crm.ClientID) {
	t.Helper()
	w = newMassOffice(t, 0, 0)
	add := func(phone, mail string) crm.ClientID {
		p := crm.Profile{Name: "Иванов Иван", Phones: []crm.Phone{{E164: phone}}, Emails: []string{mail}}
		c, err := w.AddClient(t.Context(), w.as(w.owner), crm.Draft{Profile: p}, true)
		mustAll(t, err)
		w.clock.Advance(time.Second)
		return c.ID
	}
	for i := range 45 {
		phone := fmt.Sprintf("+790000000%02d", i)
		pairs = append(pairs, [2]crm.ClientID{add(phone, phone[1:]+"a@mail.ru"), add(phone, phone[1:]+"b@mail.ru")})
	}
	for i := range 12 {
		phone := fmt.Sprintf("+791100000%02d", i/3)
		threes = append(threes, add(phone, fmt.Sprintf("%d@mail.ru", i)))
	}
	_, err := w.Pairs(t.Context(), w.as(w.owner), nil, 1)
	mustAll(t, err)
	return w, pairs, threes
}

func TestMergingAllIsTakenBackTogether(t *testing.T) {
	w, pairs, threes := familiar(t)
	if got := w.begin(w.owner, crm.MassInput{Kind: crm.MassMerge}); got.Changed != 53 || !got.Returnable(w.clock.Now()) || w.count(crm.ClientQuery{}) != 49 {
		t.Fatalf("merged %+v", got)
	}
	oneRow := func(n, byHand int) {
		t.Helper()
		list, err := w.Audit(t.Context(), w.as(w.owner), crm.AuditFilter{Days: 1, Group: crm.AuditCards}, nil, 500)
		mustAll(t, err)
		rows := 0
		for _, e := range list {
			switch e.Action {
			case crm.ActionMergeClients:
				byHand--
			case crm.ActionMassChange:
				if rows++; e.Parts < 50 {
					t.Errorf("%s has %d parts", e.ID, e.Parts)
				}
			}
		}
		if rows != n || byHand != 0 {
			t.Errorf("%d rows, want %d; %d too few stand alone", rows, n, byHand)
		}
	}
	oneRow(1, 0)
	w.clock.Advance(time.Minute)
	by := func() crm.Actor { return w.as(w.fresh(w.owner)) }
	kept := func(p [2]crm.ClientID) crm.ClientID {
		c, err := w.Client(t.Context(), by(), p[1])
		mustAll(t, err)
		return c.ID
	}
	changed := kept(pairs[7])
	_, err := w.EditClient(t.Context(), by(), changed, crm.Edit{Field: crm.FieldCity, Value: "Омск", Force: true})
	mustAll(t, err)
	last, err := w.LastMerge(t.Context(), by(), kept(pairs[8]))
	mustAll(t, err)
	_, err = w.UndoMerge(t.Context(), by(), last.ID) // by hand
	mustAll(t, err)

	begun := w.fresh(w.owner).Mass.Begun
	for died := 1; ; died++ { // a process that dies in between leaves it to the next
		desk := crm.NewDesk(&dyingBatch{w.store, died}, w.clock)
		got, err := desk.UndoMass(t.Context(), by(), begun)
		if err != nil && !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		if err == nil && !got.UnderWay() {
			break
		}
		mustAll(t, w.MassOn(t.Context(), silent{}))
	}
	oneRow(2, 1)
	got := w.fresh(w.owner).Mass
	if got.Changed != 51 || got.Left[crm.LeftSince] != 1 || len(got.Left) != 1 || !slices.Equal(got.Kept, []crm.ClientID{changed}) || got.Returnable(w.clock.Now()) {
		t.Errorf("came back %+v", got)
	}
	if names, err := w.MassKept(t.Context(), by()); err != nil || len(names) != 1 || names[0].City != "Омск" {
		t.Errorf("kept are %+v, %v", names, err)
	}
	if n := w.count(crm.ClientQuery{}); n != 101 { // of 102
		t.Errorf("%d cards are there again", n)
	}
	for _, id := range threes { // each has what was its own
		if c := w.look(id); c.MergedInto != "" || len(c.Emails) != 1 {
			t.Errorf("card %s is %+v", id, c)
		}
	}
}

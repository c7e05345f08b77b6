package crm_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// midway is an office where something happens once, after so many cards.
type midway struct {
	rowsOf
	office *office
	after  int
	once   func(crm.Import)
}

func (in *midway) Open(ctx context.Context, i crm.Import) (crm.ImportRows, error) {
	in.office.clock.Advance(4 * time.Second) // so that how far it is is told
	return in.rowsOf.Open(ctx, i)
}

func (in *midway) Tell(_ context.Context, i crm.Import) {
	if f := in.once; f != nil && i.State == crm.ImportRunning && i.Counts.New >= in.after {
		in.once = nil
		f(i)
	}
	in.office.clock.Advance(4 * time.Second)
}

// many begins to import a large file, and does once what is asked after its first cards.
func (o *office) many(t *testing.T, by crm.Member, n int, once func(crm.Import)) (crm.Import, *midway) {
	t.Helper()
	lines := []string{"Имя;Почта"}
	for i := range n {
		lines = append(lines, fmt.Sprintf("Клиент %s;k%d@x.ru", spelled(i), i))
	}
	rows := sheetOf(lines...)
	i := o.begin(o.as(by), rows)
	i, err := o.RunImport(t.Context(), o.as(by), i.ID, crm.ImportFill)
	mustAll(t, err)
	return i, &midway{rowsOf: rows, office: o, after: 500, once: once}
}

// TestImportStoppedAndTakenBackAtOnce: the worker, in the middle of a batch, takes the undoing over and does not write over it.
func TestImportStoppedAndTakenBackAtOnce(t *testing.T) {
	o := newOffice(t)
	i, office := o.many(t, o.owner, 2000, func(i crm.Import) {
		_, err := o.StopImport(t.Context(), o.as(o.owner), i.ID)
		mustAll(t, err)
		_, err = o.UndoImport(t.Context(), o.as(o.owner), i.ID)
		mustAll(t, err)
	})
	if i = o.work(o.work(i, office), office); i.State != crm.ImportUndone || len(o.cards()) != 0 {
		t.Errorf("%s, %d cards; want it undone", i.State, len(o.cards()))
	}
}

// TestImportOfWhoIsRemoved ends at the next batch: no card becomes that of somebody who is gone.
func TestImportOfWhoIsRemoved(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(42, "Иван Ли", crm.RoleManager)
	i, office := o.many(t, ivan, 2500, func(crm.Import) {
		_, err := o.RemoveMember(t.Context(), o.as(o.owner), ivan.ID, []crm.MemberID{o.owner.ID})
		mustAll(t, err)
		mustAll(t, o.HandOn(t.Context()))
	})
	i = o.work(i, office)
	mustAll(t, o.HandOn(t.Context()))
	n, err := o.store.CountClients(t.Context(), crm.ClientQuery{Team: ivan.Team, Owner: ivan.ID}, 10000)
	mustAll(t, err)
	if i.State != crm.ImportFailed || n != 0 {
		t.Errorf("%s, %d clients of who is gone", i.State, n)
	}
}

// TestUndoImportKeepsWhatHasMore: a consent and a task are records of their own, and go with the card.
func TestUndoImportKeepsWhatHasMore(t *testing.T) {
	o := newOffice(t)
	rows := sheetOf("Имя;Почта", "Ким;k@x.ru", "Ли;l@x.ru", "Пак;p@x.ru")
	i := o.take(rows, crm.ImportFill)
	o.clock.Advance(time.Hour)
	kim, li, pak := o.cards()["Ким"].ID, o.cards()["Ли"].ID, o.cards()["Пак"].ID
	_, err := o.AddTask(t.Context(), o.as(o.owner), crm.TaskInput{Client: kim, Text: "позвонить", Due: o.clock.Now().Add(time.Hour)})
	mustAll(t, err)
	_, err = o.GiveConsent(t.Context(), o.as(o.owner), li, crm.ConsentInput{Purpose: crm.Purposes[0], Way: crm.ConsentWays[0]})
	mustAll(t, err)
	_, err = o.UndoImport(t.Context(), o.as(o.owner), i.ID)
	mustAll(t, err)
	i = o.work(i, rows)
	if !o.look(kim).Deleted.IsZero() || !o.look(li).Deleted.IsZero() || o.look(pak).Deleted.IsZero() || i.Counts.Kept != 2 {
		t.Errorf("kept %d: %v; want those with a task and a consent", i.Counts.Kept, i.Kept)
	}
}

// TestImportBringsNothingHidden: a column named as a hidden field is left out, and nobody can choose it.
func TestImportBringsNothingHidden(t *testing.T) {
	a := newArchive(t)
	a.take(sheetOf("Имя;Телефон;Паспорт", "Ким Анна;+79001234567;4500 123456"), crm.ImportFill)
	c := a.cards()["Ким Анна"]
	if len(c.Custom) != 0 || strings.Contains(a.notes(c.ID), "4500") {
		t.Errorf("in the open: %v, notes %q", c.Custom, a.notes(c.ID))
	}
	team, err := a.Team(t.Context(), a.as(a.owner))
	mustAll(t, err)
	for _, to := range crm.ImportTargets(team) {
		if string(to) == string(crm.CustomKey(a.field)) {
			t.Error("a hidden field is offered for a column")
		}
	}
}

// TestImportOfALongNote makes several of it, and comes to an end.
func TestImportOfALongNote(t *testing.T) {
	o := newOffice(t)
	o.take(sheetOf("ФИО;Телефон;Комментарий", "Иван Первый;89451000901;"+strings.Repeat("к", 9000)), crm.ImportFill)
	if total := strings.Count(o.notes(o.cards()["Первый Иван"].ID), "к"); total < 9000 {
		t.Errorf("%d of 9000 characters", total)
	}
}

// TestMassGiveToWhoIsRemoved: what is left of it stays where it is.
func TestMassGiveToWhoIsRemoved(t *testing.T) {
	w := newMassOffice(t, 1200, 0)
	w.begin(w.owner, crm.MassInput{Kind: crm.MassGive, Value: string(w.petr.ID), Query: crm.ClientQuery{Owner: w.owner.ID}})
	_, err := w.RemoveMember(t.Context(), w.as(w.fresh(w.owner)), w.petr.ID, []crm.MemberID{w.ivan.ID})
	mustAll(t, err)
	for range 3 {
		mustAll(t, w.HandOn(t.Context()))
		mustAll(t, w.MassOn(t.Context(), silent{}))
	}
	if n := w.count(crm.ClientQuery{Owner: w.petr.ID}); n != 0 {
		t.Errorf("%d clients belong to one who is gone", n)
	}
}

// unread is an office whose rows nobody can read.
type unread struct{ rowsOf }

func (unread) Open(context.Context, crm.Import) (crm.ImportRows, error) { return noRows{}, nil }

type noRows struct{}

func (noRows) Next() (crm.ImportRow, error) { panic("a file that nobody has thought of") }
func (noRows) Close() error                 { return nil }

// TestImportThatCannotBeRead ends, and the program does not: it would take the file up again at each start.
func TestImportThatCannotBeRead(t *testing.T) {
	o := newOffice(t)
	rows := sheetOf("Имя;Почта", "Ким;k@x.ru")
	i, err := o.RunImport(t.Context(), o.as(o.owner), o.begin(o.as(o.owner), rows).ID, crm.ImportFill)
	mustAll(t, err)
	if i = o.work(i, unread{rows}); i.State != crm.ImportFailed || i.Problem != "import.broken" {
		t.Errorf("%s, %q", i.State, i.Problem)
	}
}

// pausedWrite is a store in which something happens once, while a batch of cards is on its way.
type pausedWrite struct {
	crm.Store
	after int
	once  func()
}

func (s *pausedWrite) SaveClients(ctx context.Context, batch []crm.ClientChange) error {
	if s.after--; s.after < 0 && s.once != nil {
		once := s.once
		s.once = nil
		once()
	}
	return s.Store.SaveClients(ctx, batch)
}

// TestImportTakenBackByAnotherProcess: it waits until the one that is writing has written its batch, and misses none of it.
func TestImportTakenBackByAnotherProcess(t *testing.T) {
	o := newOffice(t)
	i, in := o.many(t, o.owner, 2000, nil)
	slow := crm.NewDesk(&pausedWrite{o.store, 1, func() {
		_, err := o.StopImport(t.Context(), o.as(o.owner), i.ID)
		mustAll(t, err)
		_, err = o.UndoImport(t.Context(), o.as(o.owner), i.ID)
		mustAll(t, err)
		o.work(i, in)
	}}, o.clock)
	mustAll(t, slow.WorkImports(t.Context(), in))
	if i = o.work(i, in); i.State != crm.ImportUndone || len(o.cards()) != 0 {
		t.Errorf("%s, %d cards; want it undone", i.State, len(o.cards()))
	}
}

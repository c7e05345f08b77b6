package crm_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
	"kartoteka/store/sqlite"
)

// known is a client of whom a lot is known, each thing with the word that nobody else has.
func known(t *testing.T, o *office) crm.Client {
	t.Helper()
	ctx := t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Горлодранова Анна", Company: "Горлодранова и Ко", City: "Омск"})
	_, touched := o.LogTouch(ctx, o.as(o.owner), c.ID, crm.TouchInput{Kind: crm.TouchCall, Text: "Горлодранова просила прайс"})
	_, tasked := o.AddTask(ctx, o.as(o.owner), crm.TaskInput{Client: c.ID, Text: "позвонить Горлодрановой", Due: o.clock.Now().Add(time.Hour)})
	_, edited := o.EditClient(ctx, o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldAddress, Value: "Горлодранова улица", Force: true})
	if err := errors.Join(touched, tasked, edited); err != nil {
		t.Fatal(err)
	}
	return c
}

// mentions counts the stored documents that hold a word.
func (o *office) mentions(word string) int {
	o.t.Helper()
	src, err := sqlite.OpenSource(o.t.Context(), o.file)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	n := 0
	err = src.Dump(o.t.Context(), func(_ crm.RecordKind, doc []byte) error {
		if bytes.Contains(bytes.ToLower(doc), []byte(word)) {
			n++
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// Of an erased client nothing is left but that it was erased, and the record of changes is still whole.
func TestEraseClient(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := known(t, o)
	o.seal()
	for id, d := range map[string]crm.Dialog{
		"1:7": {Of: crm.OfSought, Answers: map[string]string{"q": "горлодранова анна"}}, "1": {Of: string(c.ID), Answers: map[string]string{"text": "Горлодранова ждёт"}},
		"1:8": {Of: "another", Answers: map[string]string{"text": "Другое"}},
	} {
		d.ID, d.Expires = id, o.clock.Now().Add(time.Hour)
		if _, err := o.SaveDialog(ctx, o.as(o.owner), d); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.mentions("горлодранов"); n < 7 {
		t.Fatalf("%d documents mention the client before", n)
	}
	if err := o.EraseClient(ctx, o.as(ivan), c.ID); err == nil {
		t.Error("a manager may erase a colleague's client")
	}
	by := o.as(o.owner)
	for range 2 { // the second time is the same press delivered again
		if err := o.EraseClient(ctx, by, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.mentions("горлодранов"); n != 0 {
		t.Errorf("%d documents mention the client still", n)
	}
	if d, err := o.Dialog(ctx, o.as(o.owner), "1:8"); err != nil || d.Answers["text"] != "Другое" {
		t.Errorf("another client's dialog: %+v, %v", d, err)
	}
	if words, err := o.store.WordsNear(ctx, o.owner.Team, []string{"горлодранова"}, 5); err != nil || len(words) > 0 {
		t.Errorf("the vocabulary has %v, %v", words, err)
	}
	if _, err := o.Client(ctx, o.as(o.owner), c.ID); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("the card: %v", err)
	}
	events, err := o.store.Events(ctx, crm.EventQuery{Team: o.owner.Team, Record: string(c.ID), Limit: 9})
	if err != nil || !slices.ContainsFunc(events, func(e crm.Event) bool { return e.Action == crm.ActionEraseClient && e.By == o.owner.ID }) {
		t.Errorf("got %+v, %v, want who erased the client", events, err)
	}
	o.seal()
	if v := o.verified(o.store); len(v.Breaches) > 0 {
		t.Errorf("got %+v", v.Breaches)
	}
}

// A program that ends between the two steps of an erasure does the second when it runs again.
func TestEraseClient_cutShort(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := known(t, o)
	broken := crm.NewDesk(noPurge{o.store}, o.clock)
	if err := broken.EraseClient(ctx, o.as(o.owner), c.ID); err == nil {
		t.Fatal("the purge did not fail")
	}
	if _, err := o.PurgeBin(ctx); err != nil {
		t.Fatal(err)
	}
	if n := o.mentions("горлодранов"); n != 0 {
		t.Errorf("%d documents mention the client still", n)
	}
}

type noPurge struct{ crm.Store }

func (noPurge) PurgeClients(context.Context, crm.Purge) (int, error) { return 0, errors.New("gone") }

// Who wants to be erased stands on the card with the last day, and is reminded of from two weeks before it.
func TestAskErasure(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := known(t, o)
	by := o.as(o.owner)
	for range 2 {
		got, err := o.AskErasure(ctx, by, c.ID, "стереть")
		if want := (civil.Date{Year: 2026, Month: 12, Day: 20}); err != nil || got.EraseBy != want {
			t.Fatalf("got %v, %v, want %v", got.EraseBy, err, want)
		}
	}
	open := func() (texts []string) {
		tasks, err := o.Tasks(ctx, o.as(o.owner), crm.TaskQuery{Client: c.ID, State: crm.TaskOpen, Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range tasks {
			texts = append(texts, one.Text+one.Due.Format(" 2006-01-02 15:04"))
		}
		return texts
	}
	if got := open(); len(got) != 2 || got[1] != "стереть 2026-12-06 07:00" {
		t.Errorf("got tasks %v", got)
	}
	if got, err := o.KeepClient(ctx, o.as(o.owner), c.ID); err != nil || !got.EraseBy.IsZero() {
		t.Errorf("got %v, %v", got.EraseBy, err)
	}
	if got := open(); len(got) != 1 {
		t.Errorf("got tasks %v after the client changed their mind", got)
	}
}

// The countdown of an erasure ends with the erasure, or when the client no longer asks for it, and by nothing else; who has noted either
// by mistake takes it back with the countdown.
func TestAskErasure_endsBySayingSo(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Горлова Анна"})
	asked, err := o.AskErasure(ctx, o.as(o.owner), c.ID, "стереть")
	if err != nil {
		t.Fatal(err)
	}
	id := asked.EraseTask
	now, week := o.clock.Now(), 7*24*time.Hour
	_, dropped := o.CloseTask(ctx, o.as(o.owner), id, crm.TaskDropped, time.Time{})
	_, moved := o.RescheduleTask(ctx, o.as(o.owner), id, time.Time{}, moment.Moment{At: now.Add(week)})
	_, once := o.RepeatTask(ctx, o.as(o.owner), id, time.Time{}, moment.RepeatNever)
	_, unlinked := o.LinkTask(ctx, o.as(o.owner), id, "")
	for what, err := range map[string]error{"dropped": dropped, "moved": moved, "made to come once": once, "taken from the client": unlinked} {
		if !errors.Is(err, crm.ErrDenied) {
			t.Errorf("%s: got %v, want that it is denied", what, err)
		}
	}
	if _, err := o.SnoozeTask(ctx, o.as(o.owner), id, time.Time{}, now.Add(5*week)); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("put off past the last day: got %v", err)
	}
	if _, err := o.SnoozeTask(ctx, o.as(o.owner), id, time.Time{}, now.Add(2*week)); err != nil {
		t.Errorf("put off within the time: got %v", err)
	}
	o.clock.Advance(5 * week)
	if _, err := o.SnoozeTask(ctx, o.as(o.owner), id, time.Time{}, o.clock.Now().Add(time.Hour)); err != nil {
		t.Errorf("put off for an hour when the time is over: got %v", err)
	}
	state := func() crm.TaskState {
		t.Helper()
		task, err := o.store.Task(ctx, o.owner.Team, id)
		if err != nil || task.State == crm.TaskOpen && !task.Due.After(o.clock.Now()) {
			t.Errorf("got %+v, %v", task, err)
		}
		return task.State
	}
	kept, err := o.KeepClient(ctx, o.as(o.owner), c.ID)
	if err != nil || state() != crm.TaskDropped {
		t.Fatalf("kept: %v, the task is %s", err, state())
	}
	o.clock.Advance(2 * 24 * time.Hour)
	by := o.as(o.owner)
	for range 2 { // the second time is the same press delivered again
		back, err := o.UndoClient(ctx, by, c.ID, kept.Rev)
		if err != nil || back.EraseBy != asked.EraseBy || state() != crm.TaskOpen {
			t.Errorf("that they are kept is taken back: %v, %v, the task is %s", back.EraseBy, err, state())
		}
	}
	events, err := o.store.Events(ctx, crm.EventQuery{Team: o.owner.Team, Record: string(c.ID), Limit: 9})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Rev == asked.Rev {
			if back, err := o.UndoChange(ctx, o.as(o.owner), c.ID, e.ID, false); err != nil || !back.EraseBy.IsZero() || state() != crm.TaskDropped {
				t.Errorf("that they asked is taken back: %v, %v, the task is %s", back.EraseBy, err, state())
			}
		}
	}
}

// All that is known is in the dossier, and that it was taken is on record.
func TestDossier(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := known(t, o)
	by := o.as(o.owner)
	got, err := o.Dossier(ctx, by, c.ID)
	if err != nil || got.Client.Address == "" || len(got.Touches) != 1 || len(got.Tasks) != 1 || len(got.Changes) < 3 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if e, err := o.store.Event(ctx, by.Team, by.Cause.EventID(0)); err != nil || e.Action != crm.ActionTakeClient || e.Record != string(c.ID) {
		t.Errorf("got %+v, %v", e, err)
	}
	if _, err := o.Dossier(ctx, o.as(ivan), c.ID); err == nil {
		t.Error("a manager takes a colleague's client along")
	}
}

// The countdown of an erasure goes on while the card is in the bin, where all else about it is silent, and who keeps the client ends it there.
func TestAskErasure_inTheBin(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	c := o.add(o.owner, crm.Profile{Name: "Горлова Анна"})
	_, err := o.AskErasure(ctx, o.as(o.owner), c.ID, "стереть")
	mustAll(t, err)
	o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(23 * 24 * time.Hour)})
	_, err = o.DeleteClient(ctx, o.as(o.owner), c.ID)
	mustAll(t, err)
	told := func(days int) (n int) {
		for _, notice := range withTold(o.wait(b, time.Duration(days)*24*time.Hour, time.Hour)) {
			switch {
			case notice.Task.Text == "позвонить":
				t.Error("a task about a card in the bin came")
			case notice.Task.Text == "стереть" && notice.Client.ID == c.ID:
				n++
			}
		}
		return n
	}
	if n := told(25); n < 2 {
		t.Errorf("told %d times in the last week's first days", n)
	}
	_, err = o.KeepClient(ctx, o.as(o.owner), c.ID)
	mustAll(t, err)
	if n := told(3); n != 0 {
		t.Errorf("told %d times of who is kept", n)
	}
}

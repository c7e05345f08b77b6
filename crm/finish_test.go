package crm_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
)

// history lists a card's entries as «kind outcome text», newest first.
func (o *office) history(id crm.ClientID) []string {
	o.t.Helper()
	list, err := o.History(o.t.Context(), o.as(o.owner), crm.TouchQuery{Client: id, Limit: 50})
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, h := range list {
		out = append(out, strings.Join(strings.Fields(string(h.Kind)+" "+string(h.Outcome)+" "+h.Text), " "))
	}
	return out
}

func TestADoneTaskIsATouchOfItsClient(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отправить КП", Due: o.clock.Now().Add(time.Hour)})
	next := o.clock.Now().Add(72 * time.Hour)
	by := o.as(o.owner)
	for range 2 { // the second time is the same press, delivered again
		got, err := o.FinishTask(ctx, by, task.ID, crm.Ending{Seen: task.Due, Outcome: crm.OutcomeThinking, Text: "ждут скидку", Next: next})
		if err != nil || got.State != crm.TaskDone || got.ClosedBy != o.owner.ID || got.Outcome != crm.OutcomeThinking {
			t.Fatalf("got %+v, %v", got, err)
		}
	}
	if got, want := o.history(c.ID), []string{"message thinking ждут скидку"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if c, _ = o.Client(ctx, o.as(o.owner), c.ID); !c.NextContact.Equal(next) {
		t.Errorf("next contact %v", c.NextContact)
	}
	if _, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{Seen: task.Due}); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("finished twice: %v", err)
	}
	if got := o.history(c.ID); len(got) != 1 {
		t.Errorf("the second finishing left %q", got)
	}
}

func TestATooLongNoteClosesNothing(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour)})
	_, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{Text: strings.Repeat("я", 8001)})
	if fieldOf(err) != "note.long" {
		t.Errorf("got %v", err)
	}
	if task, err = o.Task(ctx, o.as(o.owner), task.ID); err != nil || task.State != crm.TaskOpen {
		t.Errorf("%s, %v", task.State, err)
	}
}

func TestWhoHasATaskWithoutItsCardFinishesItWithoutATouch(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Чужой"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: o.clock.Now().Add(time.Hour), Assignee: ivan.ID})
	if got, err := o.FinishTask(ctx, o.as(ivan), task.ID, crm.Ending{}); err != nil || got.State != crm.TaskDone {
		t.Fatalf("got %s, %v", got.State, err)
	}
	if got := o.history(c.ID); !slices.Equal(got, []string{"decision"}) || o.look(c.ID).Touches != 0 {
		t.Errorf("left %q on a foreign card, want that it was done", got)
	}
}

func TestTakingBackReopensAndTellsSo(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour)})
	e := crm.Ending{Outcome: crm.OutcomeRefused, Next: o.clock.Now().Add(48 * time.Hour)}
	done, err := o.FinishTask(ctx, o.as(o.owner), task.ID, e)
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Minute)
	by := o.as(o.owner)
	for range 2 {
		got, err := o.UndoTask(ctx, by, task.ID, done.Rev)
		if err != nil || got.State != crm.TaskOpen || !got.Due.Equal(task.Due) || got.Outcome != "" || got.ClosedBy != "" || !got.Closed.IsZero() {
			t.Fatalf("got %+v, %v", got, err)
		}
	}
	if got, want := o.history(c.ID), []string{"undone refused позвонить"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if c, _ = o.Client(ctx, o.as(o.owner), c.ID); !c.NextContact.IsZero() || !c.LastTouch.IsZero() || c.Touches != 0 {
		t.Errorf("the card still counts it: %v, %v, %d", c.NextContact, c.LastTouch, c.Touches)
	}
	if _, err = o.UndoTask(ctx, o.as(o.owner), task.ID, done.Rev); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("taken back twice: %v", err)
	}
}

func TestTakingBackOfARepeatingTaskIsTheTurnBefore(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	task := o.task(o.owner, crm.TaskInput{Text: "отчёт", Due: o.clock.Now().Add(time.Hour).In(msk), Repeat: moment.RepeatWeekly})
	next, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{Seen: task.Due})
	if err != nil || !next.Due.Equal(task.Due.AddDate(0, 0, 7)) {
		t.Fatalf("got %v, %v", next.Due, err)
	}
	if _, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{Seen: task.Due}); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("a turn is skipped: %v", err)
	}
	if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, next.Rev-1); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("an old button takes back what came later: %v", err)
	}
	if got, err := o.UndoTask(ctx, o.as(o.owner), task.ID, next.Rev); err != nil || !got.Due.Equal(task.Due) || !got.Occurs.Equal(task.Occurs) {
		t.Errorf("got %v, %v", got.Due, err)
	}
}

func TestTakingBackLeavesWhatACardHasGotSince(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour)})
	done, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{Next: o.clock.Now().Add(48 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Hour)
	own := o.clock.Now().Add(24 * time.Hour)
	if _, err := o.LogTouch(ctx, o.as(o.owner), c.ID, crm.TouchInput{Kind: crm.TouchMeeting, Next: own}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, done.Rev); err != nil {
		t.Fatal(err)
	}
	if c, _ = o.Client(ctx, o.as(o.owner), c.ID); !c.NextContact.Equal(own) || !c.LastTouch.Equal(o.clock.Now()) {
		t.Errorf("the meeting is forgotten: %v, %v", c.NextContact, c.LastTouch)
	}
}

func TestAContactIsTakenBackOnlyWhileNothingElseHappened(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	due := o.clock.Now().Add(time.Hour)
	c, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: due})
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Minute) // it is done before its time
	done, err := o.FinishContact(ctx, o.as(o.owner), c.ID, crm.Ending{Seen: c.NextContact, Outcome: crm.OutcomeAgreed})
	if err != nil || !done.NextContact.IsZero() {
		t.Fatalf("got %v, %v", done.NextContact, err)
	}
	if _, err := o.FinishContact(ctx, o.as(o.owner), c.ID, crm.Ending{Seen: c.NextContact}); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("finished twice: %v", err)
	}
	back, err := o.UndoContact(ctx, o.as(o.owner), c.ID, done.Rev)
	if err != nil || !back.NextContact.Equal(c.NextContact) {
		t.Errorf("got %v, %v", back.NextContact, err)
	}
	edited, err := o.EditClient(ctx, o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldCity, Value: "Казань", Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.UndoContact(ctx, o.as(o.owner), c.ID, done.Rev); !errors.Is(err, crm.ErrConflict) || got.City != edited.City {
		t.Errorf("got %q, %v", got.City, err)
	}
}

func TestWhatATaskWasReadOutOfItsText(t *testing.T) {
	for text, want := range map[string]crm.TouchKind{
		"позвонить Иванову": crm.TouchCall, "перезвонить": crm.TouchCall, "Отправить КП": crm.TouchMessage, "встретиться в офисе": crm.TouchMeeting,
		"send the price list": crm.TouchMessage, "call back": crm.TouchCall, "meeting with John": crm.TouchMeeting, "написать письмо": crm.TouchMessage,
		"заехать на склад": crm.TouchVisit, "": crm.TouchCall, "уточнить сроки": crm.TouchCall,
	} {
		if got := crm.TouchFor(text, crm.Client{}); got != want {
			t.Errorf("%q is a %s, want %s", text, got, want)
		}
	}
	chatty := crm.Client{Profile: crm.Profile{Channel: crm.ChannelWhatsApp}}
	if got := crm.TouchFor("уточнить сроки", chatty); got != crm.TouchMessage {
		t.Errorf("who likes to be written to gets a %s", got)
	}
}

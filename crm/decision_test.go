package crm_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// decided lists what a card's history tells of decisions, newest first: «later task позвонить 21.11 10:00», «~» before what was
// taken back.
func (o *office) decided(id crm.ClientID) []string {
	o.t.Helper()
	var out []string
	for _, h := range o.touches(id) {
		d := h.Decision
		if h.Kind != crm.TouchDecision && h.Was != crm.TouchDecision {
			continue
		}
		line := string(d.What) + " " + string(d.About) + " " + d.Text
		if !d.Day.IsZero() {
			line += " " + d.Day.String()
		}
		if !d.Until.IsZero() {
			line += " " + d.Until.In(msk).Format("02.01 15:04")
		}
		if d.To != "" {
			line += " →" + o.named(d.To).Name
		}
		line = strings.Join(strings.Fields(line+" "+o.named(h.By).Name), " ")
		if h.Kind == crm.TouchUndone {
			line = "~ " + line
		}
		out = append(out, line)
	}
	return out
}

func (o *office) named(id crm.MemberID) crm.Member {
	o.t.Helper()
	m, err := o.store.Member(o.t.Context(), o.owner.Team, id)
	mustAll(o.t, err)
	return m
}

func (o *office) wantDecided(id crm.ClientID, want ...string) {
	o.t.Helper()
	if got := o.decided(id); !slices.Equal(got, want) {
		o.t.Errorf("the history tells %q, want %q", got, want)
	}
}

func TestWhatIsDecidedAboutATaskIsInTheHistoryOfItsClient(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	o.touch(o.owner, c.ID, crm.TouchInput{Kind: crm.TouchNote, Text: "любит чай"})
	o.clock.Advance(time.Hour)
	before := o.look(c.ID)
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: at(20, 19)})
	by := o.as(o.owner)
	for range 2 { // the second time is the same press, delivered again
		_, err := o.SnoozeTask(ctx, by, task.ID, time.Time{}, at(21, 10))
		mustAll(t, err)
	}
	o.clock.Advance(time.Minute)
	_, err := o.RescheduleTask(ctx, o.as(o.owner), task.ID, time.Time{}, moment.Moment{At: at(23, 10), Repeat: moment.RepeatWeekly})
	mustAll(t, err)
	o.clock.Advance(time.Minute)
	_, err = o.HandOverTask(ctx, o.as(o.owner), task.ID, ivan.ID)
	mustAll(t, err)
	o.clock.Advance(time.Minute)
	// Ivan has the task, and does not see the card.
	_, err = o.CloseTask(ctx, o.as(ivan), task.ID, crm.TaskDropped, time.Time{})
	mustAll(t, err)
	o.wantDecided(c.ID, "drop task позвонить Иван", "pass task позвонить →Иван Анна", "later task позвонить 23.11 10:00 Анна",
		"later task позвонить 21.11 10:00 Анна")
	if after := o.look(c.ID); after.Touches != before.Touches || !after.LastTouch.Equal(before.LastTouch) || after.LastNote != before.LastNote ||
		!after.Confirmed.Equal(before.Confirmed) || !after.FirstContact.Equal(before.FirstContact) || after.Rev != before.Rev+4 {
		t.Errorf("the card is %+v, was %+v: it was no touch", after, before)
	}
	if last, err := o.LastTouch(ctx, o.as(o.owner), c.ID); err != nil || last.ID != "" {
		t.Errorf("the last touch is %+v, %v; want none", last, err)
	}
}

func TestADecisionThatIsTakenBackIsMarkedSo(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: at(20, 19), Assignee: ivan.ID})
	later, err := o.SnoozeTask(ctx, o.as(ivan), task.ID, time.Time{}, at(21, 10))
	mustAll(t, err)
	by := o.as(ivan)
	for range 2 {
		_, err = o.UndoTask(ctx, by, task.ID, later.Rev)
		mustAll(t, err)
	}
	o.wantDecided(c.ID, "~ later task позвонить 21.11 10:00 Иван")
	o.clock.Advance(time.Hour)
	put := o.snoozeDay(o.owner, c.ID, birthday, at(22, 10))
	o.clock.Advance(time.Hour)
	// What is decided about a task meanwhile is no change of the card that would be in the way.
	_, err = o.SnoozeTask(ctx, o.as(ivan), task.ID, time.Time{}, at(23, 10))
	mustAll(t, err)
	back, err := o.UndoContact(ctx, o.as(o.owner), c.ID, put.Rev)
	mustAll(t, err)
	if len(back.Snoozed) != 0 {
		t.Errorf("it is still put off: %+v", back.Snoozed)
	}
	o.wantDecided(c.ID, "later task позвонить 23.11 10:00 Иван", "~ later birthday 2026-11-21 22.11 10:00 Анна",
		"~ later task позвонить 21.11 10:00 Иван")
}

// What is decided about a client's task is no change of the card: its last one can still be taken back, and is still whose it was.
func TestADecisionAboutATaskLeavesTheCardsLastChange(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: at(20, 19), Assignee: ivan.ID})
	edited, err := o.EditClient(ctx, o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldCity, Value: "Омск"})
	mustAll(t, err)
	for n := range 60 { // more than one page of the record
		_, err = o.SnoozeTask(ctx, o.as(ivan), task.ID, time.Time{}, at(21, 10).Add(time.Duration(n)*time.Minute))
		mustAll(t, err)
	}
	if ev, err := o.LastChange(ctx, o.as(o.owner), c.ID); err != nil || ev.By != o.owner.ID || ev.Rev != edited.Rev {
		t.Errorf("the last change is %+v, %v; want the city", ev, err)
	}
	now := o.look(c.ID)
	if now.Rev != edited.Rev+60 {
		t.Fatalf("the card has revision %d after %d", now.Rev, edited.Rev)
	}
	for _, other := range []int64{edited.Rev - 1, now.Rev} {
		if _, err := o.UndoClient(ctx, o.as(o.owner), c.ID, other); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("revision %d, which changed nothing, is taken back: %v", other, err)
		}
	}
	if back, err := o.UndoClient(ctx, o.as(o.owner), c.ID, edited.Rev); err != nil || back.City != "" {
		t.Errorf("the city is %q, %v; want it taken back", back.City, err)
	}
	if got := len(o.decided(c.ID)); got != 60 {
		t.Errorf("%d decisions are in the history, want them left alone", got)
	}
}

func TestWhatIsDecidedAboutACardIsInItsHistory(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	once := date("конец договора", civil.Date{Year: 2026, Month: 11, Day: 21}, true, 0)
	c := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}, Dates: []crm.OtherDate{once}})
	for name, try := range map[string]struct {
		decide func() (crm.Client, error)
		want   string
	}{
		"a birthday is put off": {func() (crm.Client, error) {
			return o.SnoozeOccasion(ctx, o.as(o.owner), c.ID, birthday, at(22, 10))
		}, "later birthday 2026-11-21 22.11 10:00 Анна"},
		"not this year": {func() (crm.Client, error) {
			return o.FinishOccasion(ctx, o.as(o.owner), c.ID, birthday)
		}, "skip birthday 2026-11-21 Анна"},
		"no other year": {func() (crm.Client, error) {
			return o.FinishOccasion(ctx, o.as(o.owner), c.ID, crm.Finish{Kind: crm.RemindDate, Date: once.Key()})
		}, "drop date конец договора 2026-11-21 Анна"},
		"a birthday is handed over": {func() (crm.Client, error) {
			return o.HandOverOccasion(ctx, o.as(o.owner), c.ID, birthday, ivan.ID)
		}, "pass birthday 2026-11-21 →Иван Анна"},
		"a silent client waits": {func() (crm.Client, error) {
			return o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: at(30, 10)})
		}, "later stale 30.11 10:00 Анна"},
	} {
		t.Run(name, func(t *testing.T) {
			o.clock.Advance(time.Minute)
			decided, err := try.decide()
			mustAll(t, err)
			if got := o.decided(c.ID); len(got) == 0 || got[0] != try.want {
				t.Errorf("the history begins with %q, want %q", got, try.want)
			}
			changes, err := o.Changes(ctx, o.as(o.owner), c.ID, crm.ChangeMark{}, 1)
			if err != nil || len(changes) != 1 || changes[0].Action == crm.ActionLogTouch && changes[0].Decision.IsZero() {
				t.Errorf("the changes begin with %+v, %v", changes, err)
			}
			o.clock.Advance(time.Minute)
			_, err = o.UndoContact(ctx, o.as(o.owner), c.ID, decided.Rev)
			mustAll(t, err)
			if got := o.decided(c.ID)[0]; got != "~ "+try.want {
				t.Errorf("the history begins with %q, want it taken back", got)
			}
		})
	}
}

// A task that is an occasion and is dropped skips this year, unless there is no other.
func TestAnOccasionThatWasHandedOverIsDropped(t *testing.T) {
	day := civil.Date{Year: 2026, Month: 11, Day: 21}
	once, yearly := date("конец договора", day, true, 0), date("свадьба", day, false, 0)
	for _, try := range []struct {
		of   crm.Finish
		want string
	}{
		{of: crm.Finish{Kind: crm.RemindDate, Date: once.Key()}, want: "drop date конец договора 2026-11-21 Иван"},
		{of: crm.Finish{Kind: crm.RemindDate, Date: yearly.Key()}, want: "skip date свадьба 2026-11-21 Иван"},
		{of: birthday, want: "skip birthday 2026-11-21 Иван"},
	} {
		o, ctx := newOffice(t), t.Context()
		ivan := o.hire(2, "Иван", crm.RoleManager)
		c := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}, Dates: []crm.OtherDate{once, yearly}})
		_, err := o.HandOverOccasion(ctx, o.as(o.owner), c.ID, try.of, ivan.ID)
		mustAll(t, err)
		tasks, err := o.store.Tasks(ctx, crm.TaskQuery{Team: c.Team, Client: c.ID, Limit: 9})
		if err != nil || len(tasks) != 1 {
			t.Fatalf("got %+v, %v", tasks, err)
		}
		o.clock.Advance(time.Minute)
		_, err = o.CloseTask(ctx, o.as(ivan), tasks[0].ID, crm.TaskDropped, time.Time{})
		mustAll(t, err)
		if got := o.decided(c.ID)[0]; got != try.want {
			t.Errorf("the history begins with %q, want %q", got, try.want)
		}
	}
}

// Whoever has a task and may log no touch with its client ends it all the same: that, how, and what there was to say of it stays in
// the history, and is taken back with it.
func TestWhatIsEndedWithoutTheCardIsInItsHistory(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, vera := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Вера", crm.RoleSupport)
	c := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	by := o.as(o.owner)
	_, err := o.HandOverOccasion(ctx, by, c.ID, birthday, ivan.ID)
	mustAll(t, err)
	day := crm.NewTaskID(by.Team, by.Cause+"f", 0)
	o.clock.Advance(time.Minute)
	wish := o.as(ivan)
	for range 2 { // the second time is the same press, delivered again
		_, err = o.FinishTask(ctx, wish, day, crm.Ending{Kind: crm.TouchMessage, Text: "Поздравили с днём рождения"})
		mustAll(t, err)
	}
	o.wantDecided(c.ID, "done birthday 2026-11-21 Иван", "pass birthday 2026-11-21 →Иван Анна")
	o.clock.Advance(time.Minute)
	_, err = o.UndoTask(ctx, o.as(ivan), day, 2)
	mustAll(t, err)
	o.wantDecided(c.ID, "~ done birthday 2026-11-21 Иван", "pass birthday 2026-11-21 →Иван Анна")

	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "выставить счёт на 18 400 ₽", Due: at(20, 19), Assignee: ivan.ID})
	o.clock.Advance(time.Minute)
	_, err = o.FinishTask(ctx, o.as(ivan), task.ID, crm.Ending{Outcome: crm.OutcomeAgreed, Text: "согласен на 17 000 ₽"})
	mustAll(t, err)
	done := o.touches(c.ID)[0]
	if d := done.Decision; d.What != crm.DecidedDone || d.Outcome != crm.OutcomeAgreed || d.Text != task.Text || d.Note != "согласен на 17 000 ₽" {
		t.Errorf("the history tells %+v", d)
	}
	again := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "дозвониться", Due: at(20, 19), Assignee: ivan.ID})
	o.clock.Advance(time.Minute)
	missed, err := o.MissTask(ctx, o.as(ivan), again.ID, time.Time{}, time.Time{})
	mustAll(t, err)
	if d := o.touches(c.ID)[0].Decision; d.What != crm.DecidedLater || d.Outcome != crm.OutcomeNotReached || !d.Until.Equal(missed.Due) || d.Text != again.Text {
		t.Errorf("the history tells %+v", d)
	}
	o.clock.Advance(time.Minute)
	_, err = o.UndoTask(ctx, o.as(ivan), again.ID, missed.Rev)
	mustAll(t, err)
	if h := o.touches(c.ID)[0]; h.Kind != crm.TouchUndone {
		t.Errorf("the attempt that was taken back is %+v", h)
	}
	if now := o.look(c.ID); now.Touches != 0 {
		t.Errorf("%d touches are counted, want none", now.Touches)
	}
	// Who has the card logs the touch, and nothing else.
	own := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: at(20, 19)})
	o.clock.Advance(time.Minute)
	_, err = o.FinishTask(ctx, o.as(o.owner), own.ID, crm.Ending{Outcome: crm.OutcomeAgreed})
	mustAll(t, err)
	if h := o.touches(c.ID); h[0].Kind != crm.TouchCall || h[2].ID != done.ID {
		t.Errorf("the history begins with %+v", h[:3])
	}
	for _, said := range o.seen(vera, c.ID) {
		if strings.Contains(said, "18 400") || strings.Contains(said, "17 000") {
			t.Errorf("support sees the sum: %q", said)
		}
	}
}

// seen is what of decisions a member reads in a card's history and among its changes.
func (o *office) seen(m crm.Member, id crm.ClientID) (all []string) {
	o.t.Helper()
	history, err := o.History(o.t.Context(), o.as(m), crm.TouchQuery{Client: id, Limit: 50})
	mustAll(o.t, err)
	changes, err := o.Changes(o.t.Context(), o.as(m), id, crm.ChangeMark{}, 50)
	mustAll(o.t, err)
	for _, h := range history {
		all = append(all, h.Decision.Text, h.Decision.Note)
	}
	for _, c := range changes {
		all = append(all, c.Decision.Text, c.Decision.Note)
	}
	return all
}

func TestAPutOffContactTakenBackAmongTheChangesIsMarkedSo(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	o.touch(o.owner, c.ID, crm.TouchInput{Kind: crm.TouchCall, Next: at(20, 19)})
	o.clock.Advance(time.Minute)
	_, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: at(23, 10)})
	mustAll(t, err)
	o.wantDecided(c.ID, "later contact 23.11 10:00 Анна")
	ev, err := o.LastChange(ctx, o.as(o.owner), c.ID)
	mustAll(t, err)
	_, err = o.UndoChange(ctx, o.as(o.owner), c.ID, ev.ID, false)
	mustAll(t, err)
	o.wantDecided(c.ID, "~ later contact 23.11 10:00 Анна")
}

// Who is archived from a list is taken back there, by the press that comes twice once.
func TestAnArchivedClientIsTakenBack(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	gone, err := o.ArchiveClient(ctx, o.as(o.owner), c.ID, "не отвечает")
	mustAll(t, err)
	if _, err := o.UndoContact(ctx, o.as(o.owner), c.ID, gone.Rev-1); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("another change is taken back: %v", err)
	}
	by := o.as(o.owner)
	for range 2 {
		if back, err := o.UndoContact(ctx, by, c.ID, gone.Rev); err != nil || back.Stage != c.Stage || back.ArchiveReason != "" {
			t.Errorf("the card is %s, %q, %v; want it out of the archive", back.Stage, back.ArchiveReason, err)
		}
	}
}

// What ends by something else, and who a task is for from the beginning, is nobody's decision about a reminder.
func TestNoDecisionIsWrittenDownThatNobodyMade(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	noted, who, err := o.NoteTask(ctx, o.as(o.owner), crm.TaskInput{Client: c.ID, Text: "Ивану: позвонить", Due: at(20, 19)})
	if err != nil || !who.Given || noted.Assignee != ivan.ID {
		t.Fatalf("noted %+v, %+v, %v", noted, who, err)
	}
	o.wantDecided(c.ID)
	given, err := o.HandOverOccasion(ctx, o.as(o.owner), c.ID, birthday, ivan.ID)
	mustAll(t, err)
	_, err = o.UndoContact(ctx, o.as(o.owner), c.ID, given.Rev) // the task that it became goes with that
	mustAll(t, err)
	o.wantDecided(c.ID, "~ pass birthday 2026-11-21 →Иван Анна")
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: at(20, 19)})
	_, err = o.DeleteClient(ctx, o.as(o.owner), c.ID)
	mustAll(t, err)
	rev := o.look(c.ID).Rev
	_, err = o.SnoozeTask(ctx, o.as(o.owner), task.ID, time.Time{}, at(21, 10))
	mustAll(t, err)
	if got := o.look(c.ID).Rev; got != rev {
		t.Errorf("the card in the bin has changed")
	}
}

// cardless is a store whose process dies when it comes to a card.
type cardless struct{ crm.Store }

func (cardless) SaveClient(context.Context, crm.ClientChange) error { return errCut }

// stuck is a store that cannot write one card.
type stuck struct {
	crm.Store
	card crm.ClientID
}

func (s stuck) SaveClient(ctx context.Context, ch crm.ClientChange) error {
	if ch.Client.ID == s.card {
		return errCut
	}
	return s.Store.SaveClient(ctx, ch)
}

// A line that cannot be written keeps no other waiting, and is tried again.
func TestOneLineThatFailsKeepsNoOtherWaiting(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	whole := o.store
	with := func(st crm.Store) { o.store, o.Desk = st, crm.NewDesk(st, o.clock) }
	first, second := o.add(o.owner, crm.Profile{Name: "Ким"}), o.add(o.owner, crm.Profile{Name: "Ли"})
	for _, c := range []crm.Client{first, second} {
		task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: at(20, 19)})
		with(cardless{whole})
		if _, err := o.SnoozeTask(ctx, o.as(o.owner), task.ID, time.Time{}, at(21, 10)); !errors.Is(err, errCut) {
			t.Fatalf("cut: %v", err)
		}
		with(whole)
		o.clock.Advance(time.Minute)
	}
	o.clock.Advance(2 * time.Minute)
	with(stuck{whole, second.ID}) // the newest decision is looked at first
	if n, err := o.SayDecisions(ctx); n != 1 || !errors.Is(err, errCut) {
		t.Errorf("%d lines, %v; want that of the other card, and the error", n, err)
	}
	o.wantDecided(first.ID, "later task позвонить 21.11 10:00 Анна")
	o.wantDecided(second.ID)
	with(whole)
	if n, err := o.SayDecisions(ctx); n != 1 || err != nil {
		t.Errorf("%d lines, %v; want the one that was left", n, err)
	}
	o.wantDecided(second.ID, "later task позвонить 21.11 10:00 Анна")
}

// What was decided is in the same write as what came of it: a crash between the two records leaves the history its line, later.
func TestACrashLosesNoDecision(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	whole := o.store
	c := o.add(ivan, crm.Profile{Name: "Ким"})
	cut := func(f func(crm.Actor, crm.TaskID) error) crm.TaskID {
		t.Helper()
		task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: at(20, 19)})
		o.store = cardless{whole}
		o.Desk = crm.NewDesk(o.store, o.clock)
		if err := f(o.as(o.owner), task.ID); !errors.Is(err, errCut) {
			t.Fatalf("cut: %v", err)
		}
		o.store = whole
		o.Desk = crm.NewDesk(whole, o.clock)
		return task.ID
	}
	say := func(want int) {
		t.Helper()
		if n, err := o.SayDecisions(ctx); err != nil || n != want {
			t.Errorf("%d lines, %v; want %d", n, err, want)
		}
	}
	cut(func(by crm.Actor, id crm.TaskID) error {
		_, err := o.SnoozeTask(ctx, by, id, time.Time{}, at(21, 10))
		return err
	})
	o.clock.Advance(time.Minute)
	cut(func(by crm.Actor, id crm.TaskID) error {
		_, err := o.CloseTask(ctx, by, id, crm.TaskDropped, time.Time{})
		return err
	})
	o.clock.Advance(time.Minute)
	undone := cut(func(by crm.Actor, id crm.TaskID) error {
		_, err := o.HandOverTask(ctx, by, id, ivan.ID)
		return err
	})
	if _, err := o.UndoTask(ctx, o.as(o.owner), undone, 2); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Minute)
	cut(func(by crm.Actor, id crm.TaskID) error {
		_, err := o.HandOverTask(ctx, by, id, ivan.ID)
		return err
	})
	handed := o.clock.Now()
	cut(func(by crm.Actor, id crm.TaskID) error { // by one who has no card
		petr := o.hire(3, "Пётр", crm.RoleManager)
		given := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: at(20, 19), Assignee: petr.ID})
		_, err := o.FinishTask(ctx, o.as(petr), given.ID, crm.Ending{})
		return err
	})
	o.wantDecided(c.ID)
	say(2) // the last is too fresh: whoever decided may be about to write it
	o.clock.Advance(2 * time.Minute)
	say(2)
	say(0)
	o.wantDecided(c.ID, "done task отвезти Пётр", "pass task позвонить →Иван Анна", "drop task позвонить Анна", "later task позвонить 21.11 10:00 Анна")
	if got := o.touches(c.ID)[0].At; !got.Equal(handed) {
		t.Errorf("it was at %v, want %v", got, handed)
	}
}

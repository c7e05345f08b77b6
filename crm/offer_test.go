package crm_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

func (o *office) offer(m crm.Member, name string) crm.Client {
	o.t.Helper()
	c := o.add(m, crm.Profile{Name: name})
	o.touch(m, c.ID, crm.TouchInput{Kind: crm.TouchEmail, Outcome: crm.OutcomeOffer})
	return c
}

// offered are the clients of the reminders of offers.
func offered(all []crm.Notice) []string {
	var names []string
	for _, n := range all {
		if n.Kind == crm.RemindOffer {
			names = append(names, n.Client.Name+" → "+n.To.Name)
		}
	}
	return names
}

func (o *office) wantOffers(got []crm.Notice, want ...string) {
	o.t.Helper()
	names := offered(got)
	if len(names) != len(want) {
		o.t.Errorf("got %v, want %v", names, want)
		return
	}
	for i := range want {
		if names[i] != want[i] {
			o.t.Errorf("got %v, want %v", names, want)
		}
	}
}

func TestAnOfferWithoutAnswerIsRemindedOnceAfterThreeDays(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.offer(o.owner, "Ким")
	o.wantOffers(o.wait(b, 3*aDay-time.Minute, time.Hour))
	o.wantOffers(o.wait(b, 10*time.Minute, time.Minute), "Ким → Анна")
	o.wantOffers(o.wait(b, 10*aDay, time.Hour))
}

// An offer to a client whose next contact is planned waits for that: after a stop the client comes once, in whatever order the program
// finds what it has missed. If the contact is no longer planned the offer is what comes.
func TestAnOfferWaitsForTheNextContact(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	o.linked(0)
	for i := range 5 {
		o.offer(o.owner, "Ким "+string(rune('А'+i)))
	}
	c := o.offer(o.owner, "Волков")
	o.touch(o.owner, c.ID, crm.TouchInput{Kind: crm.TouchEmail, Outcome: crm.OutcomeOffer, Next: o.clock.Now().Add(74 * time.Hour)})
	o.wait(b, 71*time.Hour+30*time.Minute, 30*time.Minute) // offers are planned ahead
	before := len(b.got)
	o.clock.Advance(5 * time.Hour)
	if _, err := o.DeliverReminders(ctx, b); err != nil {
		t.Fatal(err)
	}
	o.wait(b, 2*time.Hour, 10*time.Minute)
	var came []crm.ReminderKind
	for _, n := range b.got[before:] {
		for _, one := range append(slices.Clone(n.Missed), n) {
			if one.Client.ID == c.ID {
				came = append(came, one.Kind)
			}
		}
	}
	if !slices.Equal(came, []crm.ReminderKind{crm.RemindContact}) {
		t.Errorf("Volkov came as %q, want once", came)
	}
	_, err := o.EditClient(ctx, o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldNextContact, Force: true})
	mustAll(t, err)
	o.wantOffers(o.wait(b, time.Hour, 10*time.Minute), "Волков → Анна")
}

func TestALaterTouchSilencesAnOffer(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	answered, again, late, noted := o.offer(ivan, "Ответил"), o.offer(ivan, "Снова"), o.offer(ivan, "Задним числом"), o.offer(ivan, "Заметка")
	archived, blocked, deleted, given := o.offer(ivan, "Архив"), o.offer(ivan, "Чёрный"), o.offer(ivan, "Корзина"), o.offer(ivan, "Передан")
	o.wait(b, 2*aDay, time.Hour) // planned as they were
	ctx := t.Context()
	for _, err := range []error{
		drop(o.ArchiveClient(ctx, o.as(ivan), archived.ID, "")),
		drop(o.EditClient(ctx, o.as(ivan), blocked.ID, crm.Edit{Field: crm.FieldStatus, Value: "blacklisted: x", Force: true})),
		drop(o.DeleteClient(ctx, o.as(ivan), deleted.ID)),
		drop(o.HandOverClient(ctx, o.as(ivan), given.ID, o.owner.ID)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	o.touch(ivan, answered.ID, crm.TouchInput{Direction: crm.DirectionIn})
	o.touch(ivan, again.ID, crm.TouchInput{Outcome: crm.OutcomeOffer})
	o.touch(ivan, late.ID, crm.TouchInput{At: o.clock.Now().Add(-5 * aDay)})
	o.touch(ivan, noted.ID, crm.TouchInput{Kind: crm.TouchNote, Text: "ждём"})
	got := offered(o.wait(b, aDay+time.Hour, 10*time.Minute))
	want := map[string]bool{"Задним числом → Иван": true, "Заметка → Иван": true, "Передан → Анна": true}
	for _, name := range got {
		if !want[name] {
			t.Errorf("%s is reminded of", name)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("got %v, missing %v", got, want)
	}
	o.wantOffers(o.wait(b, 2*aDay, time.Hour), "Снова → Иван")
}

func TestTheDaysForAnOfferAreLive(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.offer(o.owner, "Ким")
	set := func(days int) {
		if _, err := o.SetStaleRules(t.Context(), o.as(o.owner), func(r *crm.StaleRules) { r.Offer = days }); err != nil {
			t.Fatal(err)
		}
	}
	o.wait(b, 2*aDay+12*time.Hour, time.Hour)
	set(6)
	o.wantOffers(o.wait(b, 2*aDay, time.Hour))
	set(4)
	o.wantOffers(o.wait(b, 10*time.Hour, 10*time.Minute), "Ким → Анна") // at the end of the quiet hours
}

func TestAnOfferNotReachedTwiceIsOneCall(t *testing.T) {
	o := newOffice(t)
	c := o.offer(o.owner, "Ким")
	shown := must(o.Client(t.Context(), o.as(o.owner), c.ID)).Offered
	p := crm.PutOff{Offer: shown, Until: o.clock.Now().Add(aDay), Missed: true}
	if _, err := o.SnoozeContact(t.Context(), o.as(o.owner), c.ID, p); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SnoozeContact(t.Context(), o.as(o.owner), c.ID, p); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("got %v", err)
	}
	if c := must(o.Client(t.Context(), o.as(o.owner), c.ID)); c.Touches != 2 || !c.Offered.IsZero() {
		t.Errorf("got %d touches, offered %s", c.Touches, c.Offered)
	}
}

func TestAnOfferThatWasDueBeforeTheStartIsNoNews(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.offer(o.owner, "Давно")
	o.clock.Advance(2 * aDay)
	o.offer(o.owner, "Недавно")
	o.clock.Advance(2 * aDay)
	o.wantOffers(o.wait(b, 3*aDay, time.Hour), "Недавно → Анна")
}

func TestAnOfferWaitsAgainWhenItsAnswerIsTakenBack(t *testing.T) {
	for name, undone := range map[string]time.Duration{"before its time": 2*aDay + 18*time.Hour, "after its time": 4 * aDay} {
		t.Run(name, func(t *testing.T) {
			o, b, ctx := newOffice(t), &inbox{}, t.Context()
			o.tick(b)
			c := o.offer(o.owner, "Ким")
			task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(20 * aDay)})
			o.wait(b, 2*aDay+12*time.Hour, time.Hour) // its reminder is planned
			answered, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{Outcome: crm.OutcomeRefused})
			if err != nil {
				t.Fatal(err)
			}
			o.wantOffers(o.wait(b, undone-2*aDay-12*time.Hour, time.Hour))
			if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, answered.Rev); err != nil {
				t.Fatal(err)
			}
			o.wantOffers(o.wait(b, 2*aDay, time.Hour), "Ким → Анна")
		})
	}
}

func TestAnOfferThatIsTakenBackIsNone(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	sent, err := o.FinishContact(ctx, o.as(o.owner), c.ID, crm.Ending{Kind: crm.TouchEmail, Outcome: crm.OutcomeOffer})
	if err != nil {
		t.Fatal(err)
	}
	o.wait(b, 2*aDay+12*time.Hour, time.Hour) // its reminder is planned
	if _, err := o.UndoContact(ctx, o.as(o.owner), c.ID, sent.Rev); err != nil {
		t.Fatal(err)
	}
	o.wantOffers(o.wait(b, 3*aDay, time.Hour))
}

// A decision about a task of the same client, before and after, is no reason for the undo of an offer to take back half of it, nor is it
// taken back with it.
func TestUndoOfAnOfferStepsOverDecisions(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.offer(o.owner, "Ким")
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "счёт", Due: o.clock.Now().Add(time.Hour).In(msk)})
	decide := func(days int) {
		t.Helper()
		if _, err := o.SnoozeTask(ctx, o.as(o.owner), task.ID, time.Time{}, o.clock.Now().Add(time.Duration(days)*aDay)); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(time.Minute)
	}
	shown := must(o.Client(ctx, o.as(o.owner), c.ID)).Offered
	if _, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Offer: shown, Until: o.clock.Now().Add(aDay), Missed: true}); err != nil {
		t.Fatal(err)
	}
	decide(1)
	put, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: o.clock.Now().Add(3 * aDay)})
	if err != nil {
		t.Fatal(err)
	}
	decide(2)
	back, err := o.UndoOffer(ctx, o.as(o.owner), c.ID, put.Rev)
	if err != nil || !back.Offered.Equal(shown) || back.Touches != 1 || !back.NextContact.IsZero() {
		t.Errorf("offered %v, %d touches, next %v, %v", back.Offered, back.Touches, back.NextContact, err)
	}
	told := slices.DeleteFunc(o.decided(c.ID), func(line string) bool { return !strings.HasPrefix(line, "later task") })
	if len(told) != 2 {
		t.Errorf("the decisions about the task: %q", told)
	}
	if _, err := o.UndoOffer(ctx, o.as(o.owner), c.ID, put.Rev); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("twice: %v", err)
	}
}

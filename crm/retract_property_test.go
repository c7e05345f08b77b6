package crm_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// TestWhatIsTakenBackNeverWas does the same to two cards, but for one more thing to the first that is taken back: then they
// are alike.
func TestWhatIsTakenBackNeverWas(t *testing.T) {
	o := newOffice(t)
	fewer(t, 60)
	rapid.Check(t, func(rt *rapid.T) {
		p := &pair{office: o, T: rt, ids: map[string]crm.ClientID{}, tasks: map[string]crm.TaskID{}}
		p.make()
		p.touches("before", rapid.IntRange(0, 4).Draw(rt, "before"))
		logged := p.counted()
		undo, free := p.do()
		since := 0
		if free {
			since = rapid.IntRange(0, 3).Draw(rt, "since")
		}
		p.touches("since", since)
		by := o.as(o.owner)
		for range 2 { // the press comes twice
			if err := undo(by); err != nil {
				rt.Fatal(err)
			}
		}
		if got, want := p.tells("first", since == 0), p.tells("second", since == 0); got != want {
			rt.Errorf("got  %s\nwant %s", got, want)
		}
		if got, want := p.counted(), logged+2*since; got != want {
			rt.Errorf("the week has %d touches, want %d", got, want)
		}
	})
}

// pair are two cards, each with a task.
type pair struct {
	*office
	*rapid.T
	ids   map[string]crm.ClientID
	tasks map[string]crm.TaskID
}

var repeats = []moment.Repeat{moment.RepeatNever, moment.RepeatDaily, moment.RepeatWorkdays, moment.RepeatWeekly, moment.RepeatMonthly, moment.RepeatYearly,
	"weekly/2", "weekly/1/2,4", "monthly/3"}

func (p *pair) make() {
	due, repeat := p.soon("due"), rapid.SampledFrom(repeats).Draw(p.T, "repeat")
	for _, name := range []string{"first", "second"} {
		c := p.add(p.owner, crm.Profile{Name: "Иванов", Birthday: civil.Date{Year: 1990, Month: time.November, Day: 22},
			Dates: []crm.OtherDate{{Label: "Договор", Day: civil.Date{Year: 2020, Month: time.November, Day: 25}}}})
		p.ids[name] = c.ID
		p.tasks[name] = p.task(p.owner, crm.TaskInput{Client: c.ID, Text: "отправить", Due: due.In(msk), Repeat: repeat}).ID
	}
}

func (p *pair) soon(what string) time.Time {
	return p.clock.Now().Add(time.Duration(rapid.IntRange(1, 9000).Draw(p.T, what)) * time.Minute)
}

// touches logs the same ones with both cards.
func (p *pair) touches(when string, n int) {
	for i := range n {
		p.clock.Advance(time.Duration(rapid.IntRange(1, 2000).Draw(p.T, "later")) * time.Minute)
		in := crm.TouchInput{Kind: crm.TouchCall, Outcome: p.outcome(), Text: fmt.Sprint(when, i),
			At: p.clock.Now().Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 3, 7}).Draw(p.T, "ago")) * 11 * time.Hour)}
		if rapid.Bool().Draw(p.T, "again") {
			in.Next = p.soon("next")
		}
		for _, name := range []string{"first", "second"} {
			p.touch(p.owner, p.ids[name], in)
		}
	}
	p.clock.Advance(time.Minute)
}

func (p *pair) outcome() crm.Outcome {
	return rapid.SampledFrom([]crm.Outcome{crm.OutcomeNone, crm.OutcomeBought, crm.OutcomeOffer, crm.OutcomeOffer, crm.OutcomeRefused, crm.OutcomeNotReached}).Draw(p.T, "outcome")
}

// do does something about the first card; free tells that it can be taken back when other things have happened since.
func (p *pair) do() (undo func(crm.Actor) error, free bool) {
	ctx, id, by := p.t.Context(), p.ids["first"], p.as(p.owner)
	e := crm.Ending{Kind: crm.TouchCall, Outcome: p.outcome(), Text: "по ошибке"}
	if rapid.Bool().Draw(p.T, "sets the next") {
		e.Next = p.soon("then")
	}
	ofTask := func(task crm.Task, err error) (func(crm.Actor) error, bool) {
		p.must(err)
		return func(by crm.Actor) error { _, err := p.UndoTask(ctx, by, task.ID, task.Rev); return err }, true
	}
	ofClient := func(c crm.Client, err error) (func(crm.Actor) error, bool) {
		p.must(err)
		return func(by crm.Actor) error { _, err := p.UndoContact(ctx, by, id, c.Rev); return err }, false
	}
	switch rapid.IntRange(0, 7).Draw(p.T, "what") {
	case 0, 1, 2:
		return ofTask(p.FinishTask(ctx, by, p.tasks["first"], e))
	case 3:
		return ofTask(p.MissTask(ctx, by, p.tasks["first"], time.Time{}, time.Time{}))
	case 4:
		return ofClient(p.FinishContact(ctx, by, id, e))
	case 5:
		return ofClient(p.SnoozeContact(ctx, by, id, crm.PutOff{Until: p.soon("until").Add(time.Second), Missed: rapid.Bool().Draw(p.T, "missed")}))
	case 6:
		return ofClient(p.FinishOccasion(ctx, by, id, crm.Finish{Kind: crm.RemindBirthday, Wished: true, Text: "поздравили"}))
	}
	c, _ := p.Client(ctx, by, id)
	return ofClient(p.FinishOccasion(ctx, by, id, crm.Finish{Kind: crm.RemindDate, Date: c.Dates[0].Key(), Wished: true, Text: "поздравили"}))
}

func (p *pair) must(err error) {
	if err != nil {
		p.Fatal(err)
	}
}

// tells is what a card and its task say of what happened; whole: of what is planned, too.
func (p *pair) tells(name string, whole bool) string {
	ctx, by := p.t.Context(), p.as(p.owner)
	s, err := p.StaleClient(ctx, by, p.ids[name])
	p.must(err)
	last, err := p.LastTouch(ctx, by, p.ids[name])
	p.must(err)
	task, err := p.Task(ctx, by, p.tasks[name])
	p.must(err)
	c := s.Client
	out := fmt.Sprintf("%d touches %v, first %s, last %s %q, offered %s, greeted %d, %v, red %v, %v, task %s %s %s %d", c.Touches, c.AskConfirm(),
		c.FirstContact, c.LastTouch, last.Text, c.Offered, c.Greeted, c.Dates, c.Freshness(p.clock.Now()), len(s.Why),
		task.State, task.Due, task.Outcome, task.Attempts)
	out += fmt.Sprintf(", bought %q %s", c.Bought.What, c.Bought.At)
	if whole {
		out += fmt.Sprintf(", next %s, note %q", c.NextContact, c.LastNote)
	}
	return out
}

// counted is how many touches a week's figures have.
func (p *pair) counted() int {
	n, err := p.store.CountTouches(p.t.Context(), crm.TouchCount{Team: p.owner.Team, By: p.owner.ID, Before: p.clock.Now().Add(aDay)})
	p.must(err)
	return n
}

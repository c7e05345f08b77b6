package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// The countdown of an erasure is one task, so that it is due once, listed once and ended once, however many are told of it. It is whose the
// client is, goes wherever the card goes, and comes on the days of moment.RepeatCountdown. Who is told is found out when a turn is planned, and
// again when it is sent: the one who looks after the client, and with the last days near those who may erase, who are told of the turns alone:
// what is put off is put off for the one who is to see to it.

// eraseWatch is how many days before the last one those who may erase are told, too.
const eraseWatch = 3

// countsDown reports whether the task counts down to the day until which its client is to be erased.
func (t Task) countsDown() bool { return t.Repeat == moment.RepeatCountdown }

// LastDay is the day to which the task counts down; zero if it counts down to none.
func (t Task) LastDay() civil.Date {
	first, err := civil.ParseDate(strings.Split(t.Wall, "T")[0])
	if !t.countsDown() || err != nil {
		return civil.Date{}
	}
	return first.Plus(moment.CountdownDays)
}

// Latest is the time beyond which a countdown cannot be put off: no turn of it is passed over, and it waits for no day after the last.
func (t Task) Latest(now time.Time) time.Time { return t.latest(now, t.LastDay()) }

func (t Task) latest(now time.Time, last civil.Date) time.Time {
	next, loc := t, t.location()
	if next.next(now) != nil {
		return t.Occurrence()
	}
	over := civil.At(last.Plus(1), "00:00", loc)
	if now.Before(over) && !next.Due.Before(over) {
		return over.Add(-time.Minute)
	}
	return next.Due
}

// inTime fails if the countdown of an erasure would be silent for longer than it may be. ErrInvalid on "erasure".
func (d *Desk) inTime(ctx context.Context, t Task, until time.Time) error {
	c, err := d.erasing(ctx, t)
	if err == nil && c.ID != "" && until.After(t.latest(d.now(), c.EraseBy)) {
		err = invalid("erasure")
	}
	return err
}

// beforeTurn is when a client is tried again, be it that the countdown of an erasure comes before that.
func (d *Desk) beforeTurn(ctx context.Context, t Task, again time.Time) (time.Time, error) {
	c, err := d.erasing(ctx, t)
	next := t
	if err != nil || c.ID == "" || next.next(d.now()) != nil || !again.After(next.Due) {
		return again, err
	}
	return next.Due, nil
}

// beginCountdown makes the task that counts down to the day until which a client is to be erased, once.
func (d *Desk) beginCountdown(ctx context.Context, by Actor, c Client, text string) error {
	_, err := d.store.Task(ctx, by.Team, c.EraseTask)
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	if text, err = cleanText(text, maxTask, "task"); err != nil {
		return err
	}
	day := c.EraseBy.Plus(-moment.CountdownDays)
	due := time.Date(day.Year, day.Month, day.Day, contactHour, 0, 0, 0, by.Location())
	t := Task{ID: c.EraseTask, Team: by.Team, Rev: 1, Schema: schemaVersion, Client: c.ID, Text: text, State: TaskOpen, Repeat: moment.RepeatCountdown,
		Due: stamp(due), Occurs: stamp(due), Wall: due.Format(wallLayout), Zone: due.Location().String(), Created: d.now()}
	s.give(&t, c)
	return d.saveTask(ctx, t, d.taskEvent(by, t, ActionAddTask))
}

// minder is who looks after the clients of a member now: whoever stands in, else the member; zero if neither does by now.
func (s staff) minder(id MemberID) Member {
	for _, id := range []MemberID{s.team.acting(id, s.now), id} {
		if m := s.byID[id]; m.takes(s.team, ActionTendClients) {
			return m
		}
	}
	return Member{}
}

// countsFor is the time for which m is told of the present turn of a countdown; zero if m is not.
func (s staff) countsFor(m Member, t Task, c Client) time.Time {
	minder := s.minder(c.Owner)
	switch {
	case m.ID == minder.ID:
		return t.Due
	case !m.takes(s.team, ActionEraseClient):
		return time.Time{}
	case minder.ID == "":
		return t.Due
	case civil.DateOf(t.Occurrence().In(t.location())).DaysUntil(t.LastDay()) <= eraseWatch:
		return t.Occurrence()
	}
	return time.Time{}
}

// beside is who is to see to an erasure of which m is only told; zero of all else.
func (s staff) beside(m MemberID, t Task, c Client) Member {
	if minder := s.minder(c.Owner); t.countsDown() && minder.ID != m {
		return minder
	}
	return Member{}
}

// planTold plans a task's reminders for all to whom they go.
func (d *Desk) planTold(ctx context.Context, s staff, t Task) error {
	if !t.countsDown() {
		return d.planTask(ctx, s.of(t.Assignee), t)
	}
	c, err := d.erasing(ctx, t)
	if err != nil || c.ID == "" {
		return err
	}
	for _, m := range s.byID {
		if turn := t; !s.countsFor(m, t, c).IsZero() {
			turn.Due = s.countsFor(m, t, c)
			err = errors.Join(err, d.planTask(ctx, m, turn))
		}
	}
	return err
}

// lastTurn is the turn of a countdown that has come last; before the first has come, that.
func (t Task) lastTurn(now time.Time) time.Time {
	at := t.Occurrence()
	for next := t; next.next(at) == nil && !next.Due.After(now); {
		at = next.Due
	}
	return at
}

// countdownNotice tells of a countdown's present turn whom it concerns now, and has all others told whom it does: since it was planned the
// client may have gone to somebody else, or somebody may have got the right to erase.
func (d *Desk) countdownNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	if n.Task.State != TaskOpen || n.Client.EraseTask != n.Task.ID {
		return n, false, nil
	}
	var err error
	if turn := n.Task.lastTurn(d.now()); !turn.After(d.now()) { // after a stop it may be another than the one that was planned
		n.Task, err = d.turnOver(ctx, n.Task, turn)
	}
	if err != nil {
		return n, false, err
	}
	ev := Event{ID: Cause("follow." + string(n.Task.ID) + "." + instant(n.Task.Due) + "." + string(n.Client.Owner)).EventID(0)}
	t, _, err := d.passOn(ctx, n.Task, ev, func(t *Task, _ *Event) bool { return t.State == TaskOpen && s.followsCard(t, n.Client) })
	if err != nil {
		return n, false, err
	}
	n.Task = t
	if err := errors.Join(d.planTold(ctx, s, t), d.planTurn(ctx, s, t)); err != nil {
		return n, false, err
	}
	return n, r.For.Equal(s.countsFor(s.byID[r.Member], t, n.Client)), nil
}

// followsCard has the countdown of an erasure be whose the client is, and reports whether it was not.
func (s staff) followsCard(t *Task, c Client) bool {
	was := *t
	s.give(t, c)
	return t.Assignee != was.Assignee || t.By != was.By
}

// watched are the countdowns of which m is told now that are not on m's own list.
func (d *Desk) watched(ctx context.Context, team Team, m Member) ([]Item, error) {
	if !m.takes(team, ActionEraseClient) {
		return nil, nil
	}
	tasks, err := d.store.Tasks(ctx, TaskQuery{Team: m.Team, State: TaskOpen, Repeat: moment.RepeatCountdown, DueBefore: d.now().AddDate(0, 0, eraseWatch),
		Limit: itemsMost})
	if err != nil {
		return nil, fmt.Errorf("countdowns: %w", err)
	}
	if len(tasks) == 0 {
		return nil, nil
	}
	cards, err := d.clientsOf(ctx, m.Team, tasks)
	if err != nil {
		return nil, err
	}
	s, err := d.staff(ctx, m.Team)
	if err != nil {
		return nil, err
	}
	today := civil.DateOf(d.clock.Now().In(m.Location()))
	tasks = slices.DeleteFunc(tasks, func(t Task) bool {
		minder := s.minder(cards[t.Client].Owner)
		return team.inCharge(m.ID, s.now).of(t.Assignee) || minder.ID != "" && today.DaysUntil(t.LastDay()) > eraseWatch
	})
	items := make([]Item, len(tasks))
	for i, t := range tasks {
		items[i] = Item{Kind: RemindTask, Task: t, Due: t.Due}
	}
	return items, nil
}

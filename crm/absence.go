package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// Absence is a time in which somebody stands in for a member: sees the clients of theirs, and is reminded in their place. It
// is kept with the team, which is read for every use case anyway, and begins and ends by the clock alone.
type Absence struct {
	Member MemberID  `json:"member" bson:"member"`
	Deputy MemberID  `json:"deputy" bson:"deputy"` // "": nobody stands in any more, see Gone
	From   time.Time `json:"from" bson:"from"`     // the beginning of the first day, at the member's place
	Until  time.Time `json:"until" bson:"until"`   // the end of the last

	First civil.Date `json:"first,omitzero" bson:"first,omitempty"` // the days as they were named: elsewhere the same times are of other days
	Last  civil.Date `json:"last,omitzero" bson:"last,omitempty"`

	Gone MemberID `json:"gone,omitempty" bson:"gone,omitempty"` // who was to stand in, and may not look after clients any more
}

// on reports whether the member is away at a time.
func (a Absence) on(now time.Time) bool { return !now.Before(a.From) && now.Before(a.Until) }

// Days are the first and the last day of the absence; of one that was written before they were kept, as they are at a place.
func (a Absence) Days(loc *time.Location) (from, to civil.Date) {
	if !a.First.IsZero() {
		return a.First, a.Last
	}
	return civil.DateOf(a.From.In(loc)), civil.DateOf(a.Until.Add(-time.Millisecond).In(loc))
}

// Absence is the one that a member has now or soon; ok is false if there is none.
func (t Team) Absence(id MemberID, now time.Time) (a Absence, ok bool) {
	i := slices.IndexFunc(t.Absences, func(a Absence) bool { return a.Member == id && now.Before(a.Until) })
	if i < 0 {
		return a, false
	}
	return t.Absences[i], true
}

// away reports whether a member is away.
func (t Team) away(id MemberID, now time.Time) bool {
	a, ok := t.Absence(id, now)
	return ok && a.on(now)
}

// acting is who stands in for a member now: the deputy, or the deputy's own while they are away too; the member, if nobody.
func (t Team) acting(id MemberID, now time.Time) MemberID {
	for at, steps := id, 0; steps <= len(t.Absences); steps++ {
		a, ok := t.Absence(at, now)
		if !ok || !a.on(now) || a.Deputy == "" {
			return at
		}
		at = a.Deputy
	}
	return id // they stand in for each other in a circle
}

// StandIn is who stands in for a member now, whoever was asked to; "" if the member is there, or nobody does.
func (t Team) StandIn(id MemberID, now time.Time) MemberID {
	if acting := t.acting(id, now); acting != id {
		return acting
	}
	return ""
}

// StandsIn is who stands in when an absence begins, or now if it has: the deputy, or the deputy's own while they are away too; "" if
// nobody does.
func (t Team) StandsIn(a Absence, now time.Time) MemberID {
	if now.Before(a.From) {
		now = a.From
	}
	return t.StandIn(a.Member, now)
}

// charges are those whose clients a member looks after now, themselves first.
func (t Team) charges(id MemberID, now time.Time) []MemberID {
	all := []MemberID{id}
	for _, a := range t.Absences {
		if a.Member != id && t.acting(a.Member, now) == id {
			all = append(all, a.Member)
		}
	}
	return all
}

// inCharge is the reach of what a member has to do by themselves.
func (t Team) inCharge(id MemberID, now time.Time) reach { return reach{owners: t.charges(id, now)} }

// StandsInFor lists those for whom a member stands in now.
func (t Team) StandsInFor(id MemberID, now time.Time) []MemberID { return t.charges(id, now)[1:] }

// instead is the colleague in whose place a member sees to a task, or else to a client; zero if it is the member's own.
func (s staff) instead(m MemberID, t Task, c Client) Member {
	whose := c.Owner
	if t.ID != "" {
		whose = t.Assignee
	}
	if whose == m || t.countsDown() && s.of(whose).ID != m {
		return Member{}
	}
	return s.byID[whose]
}

// colleagues is m's team if any of what m sees to is another's; else nobody need be read.
func (d *Desk) colleagues(ctx context.Context, m Member, whose []MemberID) (staff, error) {
	if !slices.ContainsFunc(whose, func(id MemberID) bool { return id != m.ID }) {
		return staff{}, nil
	}
	return d.staff(ctx, m.Team)
}

// inPlace puts to the entries of a list in whose place m sees to them; place is an entry's client, and where that is put.
func inPlace[T any](ctx context.Context, d *Desk, m Member, list []T, place func(*T) (Client, *Member)) error {
	var of []MemberID
	for i := range list {
		c, _ := place(&list[i])
		of = append(of, c.Owner)
	}
	s, err := d.colleagues(ctx, m, of)
	for i := range list {
		c, instead := place(&list[i])
		*instead = s.instead(m.ID, Task{}, c)
	}
	return err
}

// same reports whether both are the same days of the same member with the same deputy.
func (a Absence) same(as Absence) bool {
	return a.Member == as.Member && a.Deputy == as.Deputy && a.From.Equal(as.From) && a.Until.Equal(as.Until)
}

// longestAbsence bounds how long somebody can be away, in days; longer, and the clients are better handed over.
const longestAbsence = 366

// Away is from when to when somebody is away, both days included, and who stands in.
type Away struct {
	From, To civil.Date
	Deputy   MemberID
}

// SetAbsence has a deputy stand in for a member from one day to another, at the member's place; what was set before for the same
// member is forgotten. The deputy is told, and once more when it is over; the member, unless they set it themselves; and who was to stand
// in before, if that is somebody else. ErrInvalid on "absence" if the days are
// over or too many, on "absence.circle" if members would stand in for each other in a circle at the same time; ErrNotFound on "member";
// ErrDenied if by sets it for somebody else and may not.
func (d *Desk) SetAbsence(ctx context.Context, by Actor, id MemberID, in Away) (Team, error) {
	deputy := in.Deputy
	m, dep, err := d.absentee(ctx, by, id, deputy)
	if err != nil {
		return Team{}, err
	}
	loc := m.Location()
	a := Absence{Member: id, Deputy: deputy, From: stamp(civil.At(in.From, "00:00", loc)), Until: stamp(civil.At(in.To.Plus(1), "00:00", loc)),
		First: in.From, Last: in.To}
	if in.From.DaysUntil(in.To) < 0 || in.From.DaysUntil(in.To) > longestAbsence || !a.Until.After(d.now()) {
		return Team{}, invalid("absence")
	}
	so := false // it is already
	t, err := d.editTeamAs(ctx, by, ActionSetAbsence, func(t *Team) error {
		if so = slices.ContainsFunc(t.Absences, a.same); so {
			return nil
		}
		if t.circles(a, d.now()) {
			return invalid("absence.circle")
		}
		t.endAbsence(id, d.now())
		t.Absences = append(t.Absences, a)
		return nil
	})
	if err == nil && so {
		if _, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); errors.Is(err, ErrNotFound) {
			return t, nil // a second press: who it concerns was told
		}
	}
	if err == nil {
		err = d.tellDeputyOver(ctx, by, t, id)
	}
	if err == nil {
		err = d.plan(ctx, dep.of(t), Reminder{ID: reminderID(RemindDeputy, string(id)+".over", instant(a.From)+"-"+instant(a.Until), deputy),
			Kind: RemindDeputy, Back: true, Day: in.To, Who: id, For: a.Until})
	}
	if err == nil && by.ID != id {
		err = d.plan(ctx, m.of(t), Reminder{ID: reminderID(RemindAway, string(by.Cause), instant(a.From)+"-"+instant(a.Until), id), Kind: RemindAway,
			From: by.ID, Who: id, Day: in.From, For: d.now()})
	}
	if err == nil {
		err = d.tellInstead(ctx, by, t)
	}
	if err != nil || by.ID == deputy {
		return t, err
	}
	return t, d.plan(ctx, dep.of(t), a.told(by, deputy, d.now()))
}

// told is the message that tells of an absence who stands in.
func (a Absence) told(by Actor, to MemberID, now time.Time) Reminder {
	return Reminder{ID: reminderID(RemindDeputy, string(a.Member), instant(a.From)+"-"+instant(a.Until), to), Kind: RemindDeputy,
		From: by.ID, Who: a.Member, For: now}
}

// tellInstead tells those who stand in because a deputy is away themselves, each once of each absence.
func (d *Desk) tellInstead(ctx context.Context, by Actor, t Team) error {
	for _, a := range t.Absences {
		to := t.StandsIn(a, d.now())
		if to == "" || to == a.Deputy || to == by.ID || !d.now().Before(a.Until) {
			continue
		}
		m, err := d.member(ctx, t.ID, to)
		if err == nil {
			err = d.plan(ctx, m.of(t), a.told(by, to, d.now()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tellDeputyOver tells who stood in for a member, or was to, that by has ended it, unless they did that themselves. Whom that was is read
// from the event: what comes a second time finds it, too.
func (d *Desk) tellDeputyOver(ctx context.Context, by Actor, t Team, id MemberID) error {
	e, err := d.store.Event(ctx, t.ID, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) { // there was nothing to end
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what was ended: %w", err)
	}
	before, after := read[[]Absence](e, "absences")
	i := slices.IndexFunc(before, func(a Absence) bool { return a.Member == id && e.At.Before(a.Until) })
	if i < 0 || before[i].Deputy == "" || before[i].Deputy == by.ID || slices.ContainsFunc(after, func(a Absence) bool {
		return a.Member == id && a.Deputy == before[i].Deputy && e.At.Before(a.Until)
	}) {
		return nil
	}
	dep, err := d.member(ctx, t.ID, before[i].Deputy)
	if err != nil || !dep.Removed.IsZero() {
		return err
	}
	return d.plan(ctx, dep.of(t), Reminder{ID: reminderID(RemindDeputy, string(id)+".over", string(by.Cause), dep.ID), Kind: RemindDeputy, Back: true,
		From: by.ID, Who: id, For: e.At})
}

// EndAbsence forgets a member's absence: who was away is back, and is told unless they did it themselves, as who stood in is.
func (d *Desk) EndAbsence(ctx context.Context, by Actor, id MemberID) (Team, error) {
	m, _, err := d.absentee(ctx, by, id, "")
	if err != nil {
		return Team{}, err
	}
	t, err := d.editTeamAs(ctx, by, ActionSetAbsence, func(t *Team) error {
		t.endAbsence(id, d.now())
		return nil
	})
	if err == nil {
		err = d.tellDeputyOver(ctx, by, t, id)
	}
	if err != nil || by.ID == id {
		return t, err
	}
	return t, d.tellBack(ctx, by, m.of(t))
}

// tellBack tells a member that by has ended their absence, if it was by who did: not by a press that found it ended.
func (d *Desk) tellBack(ctx context.Context, by Actor, m Member) error {
	_, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what was ended: %w", err)
	}
	return d.plan(ctx, m, Reminder{ID: reminderID(RemindAway, string(by.Cause), "", m.ID), Kind: RemindAway, From: by.ID, Who: m.ID, For: d.now()})
}

// overFor is for how long it is kept that somebody was away: who stood in is told of the end some hours later, when their quiet hours are
// over.
const overFor = 3 * 24 * time.Hour

// endAbsence forgets the absence that a member has now or soon, and what has been over for long.
func (t *Team) endAbsence(id MemberID, now time.Time) {
	t.Absences = slices.DeleteFunc(slices.Clone(t.Absences), func(a Absence) bool {
		return a.Member == id && now.Before(a.Until) || !now.Before(a.Until.Add(overFor))
	})
}

// absentee reads the member and their deputy, if by may set this.
func (d *Desk) absentee(ctx context.Context, by Actor, id, deputy MemberID) (m, dep Member, err error) {
	team, reach, err := d.gate(ctx, by, ActionSetAbsence)
	if err != nil {
		return m, dep, err
	}
	if !reach.all && id != by.ID {
		return m, dep, &Error{Kind: ErrDenied, Field: string(ActionSetAbsence)}
	}
	if m, err = d.member(ctx, by.Team, id); err != nil || deputy == "" {
		return m, dep, err
	}
	if deputy == id {
		return m, dep, &Error{Kind: ErrNotFound, Field: "member"}
	}
	dep, err = d.taker(ctx, team, deputy, ActionTendClients)
	return m, dep, err
}

// MaySetAbsence reports whether by may say that a member is away.
func (d *Desk) MaySetAbsence(ctx context.Context, by Actor, id MemberID) bool {
	_, reach, err := d.gate(ctx, by, ActionSetAbsence)
	return err == nil && (reach.all || id == by.ID)
}

// awayNotice tells a member of the absence that begins on the reminder's day, if it still stands; of none, that it was ended.
func (d *Desk) awayNotice(s staff, r Reminder, n Notice) (Notice, bool, error) {
	n.Late = 0
	a, set := s.team.Absence(r.Who, d.now())
	if set {
		n.Absence, n.Deputy, n.Gone = a, s.byID[s.team.StandsIn(a, d.now())], s.byID[a.Gone]
	}
	first, _ := a.Days(n.Who.Location())
	return n, n.To.ID == r.Member && (set && first == r.Day || !set && r.Day.IsZero()), nil
}

// deputyNotice tells who stands in of that, or that it is over: ended before its time, or, with a day, on it. Who stands in again by then
// is told of that alone.
func (d *Desk) deputyNotice(s staff, r Reminder, n Notice) (Notice, bool, error) {
	n.Late = 0
	if r.Back {
		again, set := s.team.Absence(r.Who, d.now())
		kept := r.Day.IsZero() || slices.ContainsFunc(s.team.Absences, func(a Absence) bool {
			return a.Member == r.Who && a.Deputy == r.Member && a.Until.Equal(r.For)
		})
		return n, kept && !(set && again.Deputy == r.Member) && n.To.ID == r.Member && n.Who.Removed.IsZero(), nil
	}
	a, ok := s.team.Absence(r.Who, d.now())
	stands := s.team.StandsIn(a, d.now())
	if n.Absence = a; stands != r.Member {
		n.Deputy = s.byID[stands]
	}
	return n, ok && (a.Deputy == r.Member || stands == r.Member) && n.To.ID == r.Member && n.Who.Removed.IsZero(), nil
}

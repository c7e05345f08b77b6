package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

const (
	// planOverlap is looked at again each time: clocks of two processes differ, and a record may be written a moment after
	// its time was looked at. Planning twice is harmless.
	planOverlap = 10 * time.Minute
	// noteEvery is how often that is done, and written down how far planning got: much less than planOverlap, which makes good
	// what was not, and much more than a tick, which should cost no write.
	noteEvery = time.Minute
	// planAhead is how much is planned before it is due: several ticks, so that all that is due at one minute is there when the
	// first of it is sent.
	planAhead = 30 * time.Second
	// daysEvery is how often it is looked whether a day has begun for somebody: zones differ by quarters of an hour.
	daysEvery = 15 * time.Minute
	// planPage is how many records are read at a time.
	planPage = 500
	// maxMissedDays bounds how many days of birthdays and other dates are planned after a stop: each comes once a year.
	maxMissedDays = 365
)

// PlanReminders plans what has fallen due since it last ran, in every team. It looks only at what is due, by index; run it
// every few seconds. An error in one team does not keep the others waiting.
func (d *Desk) PlanReminders(ctx context.Context) error {
	return d.eachTeam(ctx, func(t Team) error {
		gather := &drafts{Store: d.store, progress: map[string]time.Time{}}
		err := (&Desk{store: gather, clock: d.clock}).planTeam(ctx, t)
		// What could be planned is, even if something could not: how far it got is noted only if all could.
		return errors.Join(err, gather.flush(ctx))
	})
}

// staff is a team's members by id, and who stands in for those who left.
type staff struct {
	team   Team
	byID   map[MemberID]Member
	now    time.Time
	owners []Member // the oldest first; each is told what concerns the team
}

// owner is who stands in for those who left: one of the owners, since what everybody has to do nobody does.
func (s staff) owner() Member {
	if len(s.owners) == 0 {
		return Member{}
	}
	return s.owners[0]
}

// member is whom a reminder of a member goes to: the member, or the owner if they have left.
func (s staff) member(id MemberID) Member {
	if m, ok := s.byID[id]; ok && m.Removed.IsZero() {
		return m
	}
	return s.owner()
}

// of is who is reminded of what id is responsible for: whoever stands in for the member now, else the member, or the owner
// if the member has left.
func (s staff) of(id MemberID) Member {
	if m, ok := s.byID[s.team.acting(id, s.now)]; ok && m.takes(s.team, ActionTendClients) {
		return m
	}
	return s.member(id)
}

// tending is who is reminded of the clients of id: nobody who looks after none, as one whose role has just changed.
func (s staff) tending(id MemberID) Member {
	if m := s.of(id); m.takes(s.team, ActionTendClients) {
		return m
	}
	return s.owner()
}

func (d *Desk) staff(ctx context.Context, team TeamID) (staff, error) {
	t, err := d.store.Team(ctx, team)
	if err != nil {
		return staff{}, fmt.Errorf("read team: %w", err)
	}
	members, err := d.store.Members(ctx, team)
	if err != nil {
		return staff{}, fmt.Errorf("list members: %w", err)
	}
	s := staff{team: t, byID: map[MemberID]Member{}, now: d.now()}
	for _, m := range members {
		m = m.of(t)
		s.byID[m.ID] = m
		if m.Role == RoleOwner && m.Removed.IsZero() {
			s.owners = append(s.owners, m)
		}
	}
	return s, nil
}

// window is what a tick looks at.
type window struct {
	since, now time.Time
	far        bool // since is planOverlap before what was planned; how far it got is noted afterwards
	apart      bool // it is noted apart, too, since a clock was ahead once
	days       bool // the members' days are looked at, too
}

func dueProgress(team TeamID) string { return "due:" + string(team) }

// ownProgress is where it is noted how far planning has got since a clock was ahead: what that has noted never goes back.
func ownProgress(team TeamID) string { return dueProgress(team) + ":own" }

// aheadOverlap is how far back one looks when a clock was found to have been ahead.
const aheadOverlap = 7 * 24 * time.Hour

func dayProgress(team TeamID) string { return "day:" + string(team) }

// window is what has to be looked at now: what fell due since the last tick, each minute somewhat more, and the days each
// quarter of an hour, since there are zones in which they begin then.
func (d *Desk) window(ctx context.Context, team Team) (window, error) {
	w := window{now: d.now()}
	last, err := d.store.Progress(ctx, dueProgress(team.ID))
	if err != nil {
		return w, fmt.Errorf("read progress: %w", err)
	}
	own, err := d.store.Progress(ctx, ownProgress(team.ID))
	if err != nil {
		return w, fmt.Errorf("read progress: %w", err)
	}
	ahead := last.After(w.now)
	if w.apart = ahead || !own.IsZero(); ahead || w.apart && own.Before(last) { // a stop may have spanned the rest of the time that it was ahead
		if last = own; last.IsZero() || last.After(w.now) {
			last = w.now.Add(-aheadOverlap)
		}
	}
	days, err := d.store.Progress(ctx, dayProgress(team.ID))
	if err != nil {
		return w, fmt.Errorf("read progress: %w", err)
	}
	if last.IsZero() {
		last = team.Created
	}
	w.since, w.far = last, w.now.Sub(last) >= noteEvery
	if w.far {
		w.since = last.Add(-planOverlap)
	}
	w.days = days.Before(w.now.Truncate(daysEvery)) || days.After(w.now)
	return w, nil
}

// planTeam plans what has fallen due in one team. Most ticks find nothing, which costs a few looks into indexes.
func (d *Desk) planTeam(ctx context.Context, team Team) error {
	w, err := d.window(ctx, team)
	if err != nil {
		return err
	}
	due, err := d.anyDue(ctx, team.ID, w)
	if err != nil {
		return fmt.Errorf("look for what is due: %w", err)
	}
	if due || w.days {
		s, err := d.staff(ctx, team.ID)
		if err != nil || len(s.owners) == 0 {
			return err // nobody to remind yet
		}
		if err := errors.Join(d.planDue(ctx, team.ID, s, w), d.planOffers(ctx, team, s, w.now)); err != nil {
			return err
		}
	}
	if w.far {
		err = d.noteProgress(ctx, dueProgress(team.ID), w.now)
	}
	if w.far && w.apart {
		err = errors.Join(err, d.noteProgress(ctx, ownProgress(team.ID), w.now))
	}
	if w.days {
		err = errors.Join(err, d.noteProgress(ctx, dayProgress(team.ID), w.now))
	}
	return err
}

func (d *Desk) noteProgress(ctx context.Context, planner string, at time.Time) error {
	if err := d.store.SetProgress(ctx, planner, at); err != nil {
		return fmt.Errorf("note progress: %w", err)
	}
	return nil
}

// anyDue reports whether a task or a next contact falls into the window.
func (d *Desk) anyDue(ctx context.Context, team TeamID, w window) (bool, error) {
	tasks, contacts := dueTasks(team, w), dueContacts(team, w)
	tasks.Limit, contacts.Limit = 1, 1
	list, err := d.store.Tasks(ctx, tasks)
	if err != nil || len(list) > 0 {
		return true, err
	}
	clients, err := d.store.Clients(ctx, contacts)
	return len(clients) > 0, err
}

func dueTasks(team TeamID, w window) TaskQuery {
	return TaskQuery{Team: team, State: TaskOpen, DueFrom: w.since, DueBefore: w.now.Add(planAhead), Limit: planPage}
}

func dueContacts(team TeamID, w window) ClientQuery {
	return ClientQuery{Team: team, NextFrom: w.since, NextBefore: w.now.Add(planAhead), Sort: SortByNext, Limit: planPage}
}

func (d *Desk) planDue(ctx context.Context, team TeamID, s staff, w window) error {
	err := errors.Join(d.planTasks(ctx, s, dueTasks(team, w)), d.planContacts(ctx, s, dueContacts(team, w)))
	if w.days {
		err = errors.Join(err, d.planDays(ctx, team, s, w.now), d.planTurns(ctx, team, s, w.now))
	}
	return err
}

func (d *Desk) planTasks(ctx context.Context, s staff, q TaskQuery) error {
	for {
		tasks, err := d.store.Tasks(ctx, q)
		if err != nil {
			return fmt.Errorf("tasks due: %w", err)
		}
		for _, t := range tasks {
			if err := d.planTold(ctx, s, t); err != nil {
				return err
			}
		}
		if len(tasks) < planPage {
			return nil
		}
		last := tasks[len(tasks)-1]
		q.After = &TaskMark{last.Due, last.ID}
	}
}

func (d *Desk) planContacts(ctx context.Context, s staff, q ClientQuery) error {
	return d.eachClient(ctx, q, func(c Client) error {
		if c.Stage == StageArchive {
			return nil
		}
		return d.planContact(ctx, s.tending(c.Owner), c)
	})
}

// eachClient calls f for every card that a query means, page by page.
func (d *Desk) eachClient(ctx context.Context, q ClientQuery, f func(Client) error) error {
	for {
		page, err := d.store.Clients(ctx, q)
		if err != nil {
			return fmt.Errorf("read clients: %w", err)
		}
		for _, c := range page {
			if err := f(c); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		mark := page[len(page)-1].Mark(q.Sort)
		q.After = &mark
	}
}

// planDays plans the days that have begun for the members since their last: digests, and what of each client's is to be
// remembered. The present day is planned anew each hour that is not quiet, so that a birthday entered today is not missed.
func (d *Desk) planDays(ctx context.Context, team TeamID, s staff, now time.Time) error {
	begun := map[civil.Date][]Member{} // day → for whom it has begun
	for _, m := range s.byID {
		if !m.Removed.IsZero() {
			continue
		}
		days, err := d.daysBegun(ctx, m, now)
		if err != nil {
			return err
		}
		for i, day := range days {
			if err := d.planDay(ctx, m, day, i == len(days)-1 && !s.team.away(m.ID, now)); err != nil {
				return err
			}
			begun[day] = append(begun[day], m)
		}
	}
	for day, members := range begun {
		if err := d.planOccasions(ctx, team, s, day, members); err != nil {
			return err
		}
	}
	done := map[MemberID]bool{}
	for _, members := range begun {
		for _, m := range members {
			if done[m.ID] {
				continue
			}
			done[m.ID] = true
			if err := d.noteProgress(ctx, daysPlanned(m.ID), now); err != nil {
				return err
			}
		}
	}
	return nil
}

// daysPlanned names how far a member's days are planned.
func daysPlanned(m MemberID) string { return "days:" + string(m) }

// daysBegun lists the days that are to be planned for a member, the present one last; none if that was planned within the
// hour, or in quiet hours: nothing of what is new would come before their end.
func (d *Desk) daysBegun(ctx context.Context, m Member, now time.Time) ([]civil.Date, error) {
	last, err := d.store.Progress(ctx, daysPlanned(m.ID))
	if err != nil {
		return nil, fmt.Errorf("read progress: %w", err)
	}
	loc := m.Location()
	today := civil.DateOf(now.In(loc))
	day := today
	if !last.IsZero() {
		day = civil.DateOf(last.In(loc))
		if quiet := m.OutOfQuiet(now).After(now); day == today && (quiet || now.Sub(last) < time.Hour) {
			return nil, nil
		}
	}
	if day.DaysUntil(today) > maxMissedDays {
		day = today.Plus(-maxMissedDays)
	}
	var days []civil.Date
	for ; day.String() <= today.String(); day = day.Plus(1) {
		days = append(days, day)
	}
	return days, nil
}

// planDay plans what a day brings by itself: the digest, and that only if the day is the present one, since yesterday's is
// of no use.
func (d *Desk) planDay(ctx context.Context, m Member, day civil.Date, present bool) error {
	r := m.Reminding.Full()
	joined := m.Created.Before(civil.At(day, r.Digest, m.Location())) // who comes in later in the day has seen it all
	if !present || !joined || slices.Contains(r.DaysOff, day.UTC().Weekday()) {
		return nil
	}
	return d.planLists(ctx, m, day)
}

// planLists plans what comes with the digest of a working day.
func (d *Desk) planLists(ctx context.Context, m Member, day civil.Date) error {
	for _, plan := range []func(context.Context, Member, civil.Date) error{d.planDigest, d.planStale, d.planWeek, d.planVIPs, d.planNudge, d.planQuarter} {
		if err := plan(ctx, m, day); err != nil {
			return err
		}
	}
	return nil
}

// planOccasions plans what the members have to be reminded of on a day, from one look at the team's cards: a look for each
// member would read the whole team's birthdays as often as there are members.
func (d *Desk) planOccasions(ctx context.Context, team TeamID, s staff, on civil.Date, members []Member) error {
	var keys []string
	wanted := map[MemberID]bool{}
	for _, m := range members {
		wanted[m.ID] = true
		keys = append(keys, dueKeys(m.Reminding.Full(), on, m.Location())...)
	}
	slices.Sort(keys)
	return d.store.EachOn(ctx, team, slices.Compact(keys), func(c Client) error {
		m := s.tending(c.Owner)
		if c.Stage == StageArchive || !wanted[m.ID] {
			return nil
		}
		for _, o := range c.due(m.Reminding.Full(), on, m.Location()) {
			if o.Day.DaysUntil(civil.DateOf(c.Created.In(m.Location()))) > 0 {
				continue // it was over before the card was there
			}
			if err := d.planOccasion(ctx, m, o, on); err != nil {
				return err
			}
		}
		return nil
	})
}

// due lists of what of a client one is to be reminded on a day, at a place: each as many days ahead as it asks for.
func (c Client) due(r Reminding, on civil.Date, loc *time.Location) []Occasion {
	leads := slices.Concat(r.Birthdays, r.Anniversaries)
	for _, date := range c.Dates {
		leads = append(leads, date.Lead)
	}
	slices.Sort(leads)
	var all []Occasion
	for _, lead := range slices.Compact(leads) {
		for _, o := range c.occasions(on.Plus(lead), loc) {
			if slices.Contains(o.leads(r), lead) {
				all = append(all, o)
			}
		}
	}
	return all
}

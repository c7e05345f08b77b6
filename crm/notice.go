package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kartoteka/crm/civil"
)

// mayBeTold reports whether a reminder of something else may tell m of a card: m may read it and it is not in the bin.
func (d *Desk) mayBeTold(m Member, team Team, c Client) bool {
	return c.Deleted.IsZero() && d.reach(team, m, ActionReadClient).allows(c)
}

// restsWith reports whether a task about a card is silent since the card is in the bin: all are but the countdown of an erasure, whose last day
// may come before that of the bin.
func (t Task) restsWith(c Client) bool { return !c.Deleted.IsZero() && c.EraseTask != t.ID }

// maySeeIn reports whether m may be told of the card that a task is about.
func (d *Desk) maySeeIn(m Member, team Team, t Task, c Client) bool {
	return !t.restsWith(c) && d.reach(team, m, ActionReadClient).allows(c)
}

// tends reports whether m's role looks after clients.
func (m Member) tends(team Team) bool { return MayDo(team, m.Role, ActionTendClients) != ScopeNone }

// notice is what a reminder tells as things now stand; ok is false if there is nothing to remind of any more. A record
// that has gone to somebody else takes its reminder along.
func (d *Desk) notice(ctx context.Context, s staff, r Reminder) (n Notice, ok bool, err error) {
	if r.Kind == RemindHide {
		return hideNotice(s, r), true, nil
	}
	if r.Kind == RemindGone {
		gone := s.byID[r.Member]
		return Notice{To: gone, Kind: RemindGone}, !r.For.IsZero() && gone.Removed.Equal(r.For) && gone.Blocked.IsZero(), nil
	}
	to := s.member(r.Member)
	n = Notice{To: to, Kind: r.Kind, Day: r.Day, Late: d.now().Sub(to.OutOfQuiet(r.For)), Again: r.Doubted, From: s.byID[r.From]}
	if n.Task, n.Client, err = d.dueSubject(ctx, r); err != nil {
		return n, false, unlessGone(err)
	}
	if r.Kind.isList() && s.team.away(r.Member, s.now) {
		return n, false, nil
	}
	switch r.Kind {
	case RemindPlaceLost:
		return d.lostNotice(ctx, r, n)
	case RemindNews:
		return d.newsNotice(ctx, s, r, n)
	case RemindTask:
		n, ok, err = d.taskNotice(ctx, s, r, n)
	case RemindContact:
		n, ok, err = d.contactNotice(ctx, s, r, n)
	case RemindBirthday, RemindAnniversary, RemindDate:
		n, ok, err = d.occasionNotice(ctx, s, r, n)
	case RemindHanded:
		n, ok, err = d.handedNotice(ctx, s, r, n)
	case RemindMerged:
		return d.mergedNotice(ctx, s, r, n)
	case RemindBlocked, RemindDeputy, RemindAway, RemindJoined, RemindRole:
		n.Who, n.Back, n.Shared = s.byID[r.Who], r.Back, s.team.Shared
		return d.memberNotice(s, r, n)
	case RemindOffer:
		n, ok, err = d.offerNotice(ctx, s, r, n)
	case RemindStale, RemindWeek, RemindNudge, RemindQuarter:
		return d.periodNotice(ctx, s, r, n)
	case RemindDigest:
		if n.Late > digestLate || to.ID != r.Member || !to.takes(s.team, ActionReadTask) {
			return n, false, nil
		}
		n.Agenda, err = d.agenda(ctx, to, 0)
		return n, err == nil && !n.Agenda.Empty(), err
	}
	if r.Task == "" && n.Client.ID != "" && !(to.tends(s.team) && d.mayBeTold(to, s.team, n.Client)) {
		return n, false, err // the role has been lost since
	}
	n.Client, n.Instead, n.Beside = n.Client.seenBy(to.Role, s.team), s.instead(to.ID, n.Task, n.Client), s.beside(to.ID, n.Task, n.Client)
	n.Task = n.Task.seenBy(to.Role)
	if ok && err == nil && !n.Task.Day.IsZero() {
		n, err = d.celebrate(ctx, s.team, n)
	}
	if ok && err == nil && n.Client.ID != "" && to.takes(s.team, ActionReadHistory) {
		n.Last, err = d.lastTouch(ctx, r.Team, n.Client.ID)
		n.Last = n.Last.seenBy(to.Role)
	}
	return n, ok, err
}

// memberNotice tells of a member of the team.
func (d *Desk) memberNotice(s staff, r Reminder, n Notice) (Notice, bool, error) {
	switch r.Kind {
	case RemindBlocked:
		return n, n.Who.Removed.IsZero() && n.Who.Blocked.Equal(r.For), nil
	case RemindDeputy:
		return d.deputyNotice(s, r, n)
	case RemindAway:
		return d.awayNotice(s, r, n)
	}
	return n, n.Who.ID != "" && n.Who.Removed.IsZero() && n.To.ID == r.Member && (r.Role == "" || r.Role == n.To.Role), nil
}

// unlessGone forgives that a record is not there any more.
func unlessGone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// periodNotice tells of a week or a quarter.
func (d *Desk) periodNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	switch r.Kind {
	case RemindWeek:
		return d.weekNotice(ctx, r, n)
	case RemindNudge:
		return d.nudgeNotice(ctx, s, r, n)
	case RemindQuarter:
		return d.quarterNotice(ctx, s, r, n)
	}
	if !n.To.tends(s.team) {
		return n, false, nil
	}
	return d.staleNotice(ctx, r, n)
}

// subject reads the task and the client that a reminder is about. A task may do without its client, which may be in the
// bin; what is about the client itself may not: that is ErrNotFound.
func (d *Desk) subject(ctx context.Context, r Reminder) (t Task, c Client, err error) {
	if r.Task != "" {
		if t, err = d.store.Task(ctx, r.Team, r.Task); err != nil {
			return t, c, fmt.Errorf("read task: %w", err)
		}
	}
	about := r.Client
	if r.Task != "" {
		about = t.Client // it may have been linked since
	}
	if about == "" {
		return t, c, nil
	}
	c, err = d.current(ctx, r.Team, about)
	switch {
	case r.Task != "" && errors.Is(err, ErrNotFound):
		return t, Client{}, nil
	case err != nil:
		return t, c, fmt.Errorf("read client: %w", err)
	case r.Task == "" && !c.Deleted.IsZero():
		return t, c, ErrNotFound
	}
	return t, c, nil
}

func (d *Desk) taskNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	var err error
	if n.Task, err = d.turnOver(ctx, n.Task, r.For); err != nil {
		return n, false, err
	}
	if n.Task.countsDown() {
		return d.countdownNotice(ctx, s, r, n)
	}
	if n.Task.State != TaskOpen || !n.Task.Due.Equal(r.For) || n.Task.restsWith(n.Client) {
		return n, false, nil
	}
	if to := s.of(n.Task.Assignee); to.ID != r.Member {
		return n, false, d.planTask(ctx, to, n.Task)
	}
	if !d.maySeeIn(n.To, s.team, n.Task, n.Client) {
		if n.Client.ID != "" && n.Task.ownersOwn() {
			return n, false, d.followClient(ctx, s, n.Task, n.Client)
		}
		n.Client = Client{} // who has the task need not have the card
	}
	if n.From.ID == "" {
		from, err := d.giver(ctx, n.Task)
		if err != nil {
			return n, false, err
		}
		if from != n.To.ID && from != n.Task.Assignee {
			n.From = s.byID[from]
		}
	}
	return n, true, d.planTurn(ctx, s, n.Task)
}

func (d *Desk) contactNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	if n.Client.Stage == StageArchive || !n.Client.NextContact.Equal(r.For) {
		return n, false, nil
	}
	if to := s.tending(n.Client.Owner); to.ID != r.Member {
		return n, false, d.planContact(ctx, to, n.Client)
	}
	return n, true, nil
}

// together reports whether it tells of what was handed over together, in one message however much it is.
func (r Reminder) together() bool { return r.Client == "" && r.Count+r.TaskCount > 0 }

// handedNotice tells who got something of it, if it is still theirs.
func (d *Desk) handedNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	n.Late = 0 // there is no time that it had to come at
	if r.together() {
		n.Who, n.Back, n.Passed, n.Clients, n.Tasks = s.byID[r.Who], r.Back, r.Passed, r.Count, r.TaskCount
		return n, n.To.ID == r.Member, nil
	}
	if r.Task == "" {
		if n.Client.Owner != r.Member || n.To.ID != r.Member {
			return n, false, nil
		}
		var err error
		n.Along, err = d.along(ctx, r)
		n.Along.Tasks = seenTasks(n.To.Role, n.Along.Tasks)
		return n, err == nil, err
	}
	if !d.mayBeTold(n.To, s.team, n.Client) {
		n.Client = Client{}
	}
	return n, n.Task.State == TaskOpen && n.Task.Assignee == r.Member && n.To.ID == r.Member, nil
}

// occasionNotice tells of the occasion if it is still the card's, is not dealt with and is still to be told of so early. After
// a stop it may be over: it is told of all the same, once.
func (d *Desk) occasionNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	if r.Snoozed {
		return d.snoozedNotice(ctx, s, r, n)
	}
	to := s.tending(n.Client.Owner)
	if n.Client.Stage == StageArchive {
		return n, false, nil
	}
	all := n.Client.occasions(r.Day, to.Location())
	i := slices.IndexFunc(all, func(o Occasion) bool {
		return o.Kind == r.Kind && (r.Kind != RemindDate || o.Date.Key() == r.Date && o.Date.Lead == r.Lead)
	})
	left := civil.DateOf(d.clock.Now().In(to.Location())).DaysUntil(r.Day)
	if i < 0 || all[i].Dealt || !all[i].wanted(to.Reminding, r.Lead) || all[i].outdone(to.Reminding, r.Lead, left) {
		return n, false, nil
	}
	if n.Occasion = all[i]; to.ID != r.Member {
		return n, false, d.planOccasion(ctx, to, n.Occasion, r.Day.Plus(-r.Lead))
	}
	var err error
	if r.Kind != RemindDate {
		n.Occasion.Unwished, err = d.unwished(ctx, s.team, n.Client.ID)
	}
	return n, err == nil, err
}

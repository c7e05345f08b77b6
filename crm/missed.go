package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"kartoteka/crm/civil"
)

// MissedPage is a page of the list of what was missed: today's birthdays first, then as it was due.
type MissedPage struct {
	Notices []Notice
	Page    int  // from 0; of a page behind the last one it is the last
	More    bool // there are notices behind the page
	Total   int
}

// Before is how many notices stand on the pages before this one.
func (p MissedPage) Before() int { return p.Page * ItemsPage }

// pageOfMissed is a page of so many, without its notices, and where it begins and ends.
func pageOfMissed(total, page int) (p MissedPage, from, to int) {
	p = MissedPage{Total: total, Page: min(max(page, 0), max(total-1, 0)/ItemsPage)}
	from, to = p.Before(), min(p.Before()+ItemsPage, total)
	p.More = to < total
	return p, from, to
}

// FirstMissed is the first page of a list, as it is sent.
func (n Notice) FirstMissed() MissedPage {
	p, _, to := pageOfMissed(len(n.Missed), 0)
	p.Notices = n.Missed[:to]
	return p
}

// asMissed puts late reminders into the order of their list.
func asMissed(late []delivery, now time.Time) {
	today := func(one delivery) bool {
		return one.r.Kind == RemindBirthday && one.r.Day == civil.DateOf(now.In(one.n.To.Location()))
	}
	slices.SortStableFunc(late, func(a, b delivery) int {
		return cmp.Or(last(today(b), today(a)), a.r.Due.Compare(b.r.Due))
	})
}

func missedID(message int64, to MemberID) string {
	return reminderID(RemindMissed, "", strconv.FormatInt(message, 36), to)
}

// keepMissed remembers what a list that was sent is a list of.
func (d *Desk) keepMissed(ctx context.Context, m Member, message int64, all []delivery) error {
	now := d.now()
	r := Reminder{ID: missedID(message, m.ID), Team: m.Team, Schema: schemaVersion, Kind: RemindMissed, Member: m.ID, State: ReminderSent,
		Message: message, For: now, Due: now, Done: now, Created: now}
	for _, one := range all {
		r.Parts = append(r.Parts, one.r.ID)
	}
	if _, err := d.store.PlanReminder(ctx, r); err != nil {
		return fmt.Errorf("keep the list of what was missed: %w", err)
	}
	return nil
}

// Missed is a page of the list of what was missed that a message showed by, as things now are: what by no longer sees is
// left out, what is settled is marked. ErrNotFound on "missed" if the message is no such list.
func (d *Desk) Missed(ctx context.Context, by Actor, message int64, page int) (MissedPage, error) {
	if _, _, err := d.gate(ctx, by, ActionReadTask); err != nil {
		return MissedPage{}, err
	}
	lists, err := d.store.Reminders(ctx, ReminderQuery{Team: by.Team, IDs: []string{missedID(message, by.ID)}, Limit: 1})
	if err != nil {
		return MissedPage{}, fmt.Errorf("read the list of what was missed: %w", err)
	}
	if len(lists) == 0 {
		return MissedPage{}, &Error{Kind: ErrNotFound, Field: "missed"}
	}
	p, from, to := pageOfMissed(len(lists[0].Parts), page)
	ids := lists[0].Parts[from:to]
	all, err := d.store.Reminders(ctx, ReminderQuery{Team: by.Team, IDs: ids, Limit: ItemsPage})
	if err != nil {
		return p, fmt.Errorf("read what was missed: %w", err)
	}
	slices.SortFunc(all, func(a, b Reminder) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return p, err
	}
	for _, r := range all {
		n, ok, err := d.again(ctx, s, by.Member, r)
		if err != nil {
			return p, err
		}
		if ok {
			p.Notices = append(p.Notices, n)
		}
	}
	return p, nil
}

// again is what a reminder that came to m tells now; ok is false if it is no longer m's to see.
func (d *Desk) again(ctx context.Context, s staff, m Member, r Reminder) (n Notice, ok bool, err error) {
	n = Notice{To: m, Kind: r.Kind, Day: r.Day, Late: d.now().Sub(m.OutOfQuiet(r.For)), Who: s.byID[r.Who]}
	if n.Task, n.Client, err = d.subject(ctx, r); errors.Is(err, ErrNotFound) {
		return n, false, nil
	} else if err != nil {
		return n, false, err
	}
	if !d.maySeeIn(m, s.team, n.Task, n.Client) {
		n.Client = Client{}
	}
	n.Client, n.Instead, n.Beside = n.Client.seenBy(m.Role, s.team), s.instead(m.ID, n.Task, n.Client), s.beside(m.ID, n.Task, n.Client)
	n.Task = n.Task.seenBy(m.Role)
	for _, p := range s.team.Places {
		if r.Kind == RemindPlaceLost && p.ID == r.Place {
			n.Lost = p
		}
	}
	switch c := n.Client; r.Kind {
	case RemindTask:
		n, ok = s.taskAgain(m, r, n)
		return n, ok, nil
	case RemindContact:
		n.Over = c.Stage == StageArchive || !c.NextContact.Equal(r.For)
	case RemindOffer:
		n.Over = c.Offered.IsZero() || !c.NextContact.IsZero()
	case RemindBirthday, RemindAnniversary, RemindDate:
		n.Occasion = Occasion{Kind: r.Kind, Client: c, Day: r.Day, Dealt: true}
		for _, o := range c.occasions(r.Day, m.Location()) {
			if o.Kind == r.Kind && (r.Kind != RemindDate || o.Date.Key() == r.Date) {
				n.Occasion = o
			}
		}
		n.Over = n.Occasion.Dealt
	case RemindHanded:
		if r.together() {
			n.Back, n.Passed, n.Clients, n.Tasks = r.Back, r.Passed, r.Count, r.TaskCount
			return n, true, nil
		}
		return n, r.Task != "" && s.of(n.Task.Assignee).ID == m.ID || r.Task == "" && c.ID != "", nil
	case RemindNews:
		n.News, n.Did, n.As, n.Clients, n.Late = r.News, r.Did, r.As, r.Count, d.now().Sub(r.For)
		return n, n.Who.ID != "", nil
	case RemindMerged:
		return n, c.ID != "", nil // if they may see what it is now
	case RemindJoined, RemindDeputy, RemindAway:
		n.Back = r.Back
		return n, n.Who.ID != "", nil
	case RemindRole:
		n.Back = r.Back
		return n, true, nil
	case RemindBlocked:
		n.Over = n.Who.Blocked.IsZero()
		return n, n.Who.ID != "", nil
	case RemindPlaceLost:
		n.Over = n.Lost.Lost.IsZero()
		return n, n.Lost.ID != "", nil
	}
	return n, n.Client.ID != "", nil
}

// taskAgain is again of a task.
func (s staff) taskAgain(m Member, r Reminder, n Notice) (Notice, bool) {
	due, theirs := n.Task.Due, s.of(n.Task.Assignee).ID == m.ID
	if n.Task.countsDown() {
		due, theirs = s.countsFor(m, n.Task, n.Client), n.Client.ID != ""
	}
	n.Over = n.Task.State != TaskOpen || !due.Equal(r.For)
	return n, theirs
}

package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Item is one thing that is due: a task, or a client's next contact.
type Item struct {
	Task   Task   // zero ID: a next contact
	Client Client // whom it is about; zero ID: nobody, or nobody whom the member may be told of
}

// Due is when it is, or was, to be done.
func (i Item) Due() time.Time {
	if i.Task.ID != "" {
		return i.Task.Due
	}
	return i.Client.NextContact
}

// ItemMark is a place in a list of items: by time, of one time the tasks first, then by id.
type ItemMark struct {
	Due     time.Time
	Contact bool
	ID      string
}

// Mark is the item's place in a list.
func (i Item) Mark() ItemMark {
	if i.Task.ID != "" {
		return ItemMark{Due: i.Task.Due, ID: string(i.Task.ID)}
	}
	return ItemMark{Due: i.Client.NextContact, Contact: true, ID: string(i.Client.ID)}
}

func (m ItemMark) compare(o ItemMark) int {
	kind := func(m ItemMark) int {
		if m.Contact {
			return 1
		}
		return 0
	}
	return cmp.Or(m.Due.Compare(o.Due), cmp.Compare(kind(m), kind(o)), strings.Compare(m.ID, o.ID))
}

// Agenda is what a day holds for a member: a page of what is due until its end, what is overdue first, and what is to
// be remembered near by.
type Agenda struct {
	Day       Date
	Items     []Item
	More      bool       // there are items behind the page
	Total     int        // items of all pages, at most agendaMost
	Occasions []Occasion // today and in the week that follows, the nearest first; not what is dealt with
	Stale     int        // clients that need attention, counted up to 99; no reason for a digest by itself
}

// Empty reports whether there is nothing to do.
func (a Agenda) Empty() bool { return len(a.Items)+len(a.Occasions) == 0 }

const (
	// AgendaPage is how many items a page has.
	AgendaPage  = 10
	agendaPage  = 50
	agendaMost  = 1000
	agendaAhead = 7 // days of occasions
)

// Agenda lists what the day holds for by, one page after the mark; nil: from the start.
func (d *Desk) Agenda(ctx context.Context, by Actor, after *ItemMark) (Agenda, error) {
	if _, _, err := d.gate(ctx, by, ActionReadTask); err != nil {
		return Agenda{}, err
	}
	return d.agenda(ctx, by.Member, after)
}

func (d *Desk) agenda(ctx context.Context, m Member, after *ItemMark) (Agenda, error) {
	loc := m.Location()
	a := Agenda{Day: DateOf(d.clock.Now().In(loc))}
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return a, fmt.Errorf("read team: %w", err)
	}
	if !m.tends(team) {
		return d.ownTasks(ctx, m, a, after)
	}
	end := stamp(at(a.Day.Plus(1), "00:00", loc))
	tasks := TaskQuery{Team: m.Team, Assignee: m.ID, State: TaskOpen, DueBefore: end, Limit: AgendaPage + 1}
	contacts := ClientQuery{Team: m.Team, Owner: m.ID, Stages: LiveStages, NextFrom: time.UnixMilli(1), NextBefore: end,
		Sort: SortByNext, Limit: AgendaPage + 1}
	n, err := d.store.CountTasks(ctx, tasks, agendaMost)
	if err != nil {
		return a, fmt.Errorf("count the tasks of the day: %w", err)
	}
	if a.Total, err = d.store.CountClients(ctx, contacts, agendaMost); err != nil {
		return a, fmt.Errorf("count the contacts of the day: %w", err)
	}
	a.Total += n
	tasks.After, contacts.After = marks(after)
	if a.Items, err = d.items(ctx, m, tasks, contacts); err != nil {
		return a, err
	}
	if a.More = len(a.Items) > AgendaPage; a.More {
		a.Items = a.Items[:AgendaPage]
	}
	if a.Occasions, err = d.occasions(ctx, m, agendaAhead); err != nil {
		return a, fmt.Errorf("occasions ahead: %w", err)
	}
	a.Occasions = slices.DeleteFunc(a.Occasions, func(o Occasion) bool { return o.Dealt || !m.Reminding.Wants(o.Kind) })
	a.Stale, err = d.countStale(ctx, m)
	return a, err
}

// ownTasks is the agenda of a member who looks after no clients.
func (d *Desk) ownTasks(ctx context.Context, m Member, a Agenda, after *ItemMark) (Agenda, error) {
	q := TaskQuery{Team: m.Team, Assignee: m.ID, State: TaskOpen, DueBefore: stamp(at(a.Day.Plus(1), "00:00", m.Location())), Limit: AgendaPage + 1}
	var err error
	if a.Total, err = d.store.CountTasks(ctx, q, agendaMost); err != nil {
		return a, fmt.Errorf("count the tasks of the day: %w", err)
	}
	q.After, _ = marks(after)
	tasks, err := d.store.Tasks(ctx, q)
	if err != nil {
		return a, fmt.Errorf("tasks of the day: %w", err)
	}
	if a.More = len(tasks) > AgendaPage; a.More {
		tasks = tasks[:AgendaPage]
	}
	a.Items, err = d.withClients(ctx, m, tasks)
	return a, err
}

// marks are where the tasks and the contacts behind an item begin.
func marks(after *ItemMark) (*TaskMark, *ClientMark) {
	switch {
	case after == nil:
		return nil, nil
	case after.Contact: // the tasks of that time come before it
		return &TaskMark{Due: after.Due, ID: TaskID(lastID)}, &ClientMark{Time: after.Due, ID: ClientID(after.ID)}
	}
	return &TaskMark{Due: after.Due, ID: TaskID(after.ID)}, &ClientMark{Time: after.Due}
}

// lastID sorts behind every id.
const lastID = "~"

// items reads a page of both kinds, one more of each than is shown, and puts them in order.
func (d *Desk) items(ctx context.Context, m Member, tasks TaskQuery, contacts ClientQuery) ([]Item, error) {
	due, err := d.store.Tasks(ctx, tasks)
	if err != nil {
		return nil, fmt.Errorf("tasks of the day: %w", err)
	}
	calls, err := d.store.Clients(ctx, contacts)
	if err != nil {
		return nil, fmt.Errorf("contacts of the day: %w", err)
	}
	all, err := d.withClients(ctx, m, due)
	if err != nil {
		return nil, err
	}
	for _, c := range calls {
		all = append(all, Item{Client: c})
	}
	slices.SortFunc(all, func(a, b Item) int { return a.Mark().compare(b.Mark()) })
	return all[:min(len(all), AgendaPage+1)], nil
}

// withClients puts to tasks the clients that they are about, as far as the member sees them.
func (d *Desk) withClients(ctx context.Context, m Member, tasks []Task) ([]Item, error) {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return nil, fmt.Errorf("read team: %w", err)
	}
	var all []Item
	for _, t := range tasks {
		item := Item{Task: t}
		c, err := d.store.Client(ctx, m.Team, t.Client)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("read the client of a task: %w", err)
		}
		if err == nil && m.mayBeTold(team, c) {
			item.Client = c.seenBy(m.Role, team)
		}
		all = append(all, item)
	}
	return all, nil
}

// dayMost is how many items one goes through one after the other.
const dayMost = 200

// DayItems lists all that the day holds for by, in order, at most two hundred items.
func (d *Desk) DayItems(ctx context.Context, by Actor) ([]Item, error) {
	var all []Item
	var after *ItemMark
	for len(all) < dayMost {
		a, err := d.Agenda(ctx, by, after)
		if err != nil {
			return nil, err
		}
		if all = append(all, a.Items...); !a.More {
			break
		}
		last := a.Items[len(a.Items)-1].Mark()
		after = &last
	}
	return all, nil
}

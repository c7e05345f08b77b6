package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Handing is the handing over of all that a member was responsible for. It is kept on the member's own record, a page at a
// time before the page is written, so that it goes on wherever it stopped and what it counts is right: who was on a page and
// has its event was given, however often the page is written.
type Handing struct {
	Cause   Cause            `json:"cause,omitempty" bson:"cause,omitempty"`
	By      MemberID         `json:"by,omitempty" bson:"by,omitempty"`
	To      []MemberID       `json:"to,omitempty" bson:"to,omitempty"` // evenly
	Begun   time.Time        `json:"begun,omitzero" bson:"begun,omitempty"`
	Total   int              `json:"total,omitempty" bson:"total,omitempty"`     // clients there were, in the bin too, to say how far it got
	Page    []Given          `json:"page,omitempty" bson:"page,omitempty"`       // being given just now
	Clients map[MemberID]int `json:"clients,omitempty" bson:"clients,omitempty"` // given so far
	Tasks   map[MemberID]int `json:"tasks,omitempty" bson:"tasks,omitempty"`
	Done    time.Time        `json:"done,omitzero" bson:"done,omitempty"`

	// Of one that had ended once: as much had been given, and told, by then.
	Told      map[MemberID]int `json:"told,omitempty" bson:"told,omitempty"`
	ToldTasks map[MemberID]int `json:"told_tasks,omitempty" bson:"told_tasks,omitempty"`

	// Undoing an earlier one: what its events say was given comes back, page by page of them, the newest first.
	Back  Cause     `json:"back,omitempty" bson:"back,omitempty"`
	Since time.Time `json:"since,omitzero" bson:"since,omitempty"`
	Till  time.Time `json:"till,omitzero" bson:"till,omitempty"`
	After EventMark `json:"after,omitzero" bson:"after,omitempty"`

	Lost      map[MemberID]int `json:"lost,omitempty" bson:"lost,omitempty"` // clients that have come back so far, by who had them
	LostTasks map[MemberID]int `json:"lost_tasks,omitempty" bson:"lost_tasks,omitempty"`
}

// Given is one client or one task on the way to another member.
type Given struct {
	Client ClientID `json:"client,omitempty" bson:"client,omitempty"`
	Task   TaskID   `json:"task,omitempty" bson:"task,omitempty"`
	From   MemberID `json:"from,omitempty" bson:"from,omitempty"` // who must have it, of what comes back; "": whose record this is
	To     MemberID `json:"to" bson:"to"`
}

// UnderWay reports whether something is still to be handed over.
func (h Handing) UnderWay() bool { return !h.Begun.IsZero() && h.Done.IsZero() }

// Takers are those who were given something, in the order of their ids.
func (h Handing) Takers() []MemberID { return slices.Sorted(maps.Keys(added(h.Clients, h.Tasks))) }

// Sum is how many clients have been given so far.
func (h Handing) Sum() int { return sum(h.Clients) }

// TaskSum is how many tasks have been given so far.
func (h Handing) TaskSum() int { return sum(h.Tasks) }

func sum(given map[MemberID]int) (n int) {
	for _, k := range given {
		n += k
	}
	return n
}

const (
	handPage = 100 // cards written together
	// handAtOnce is how many pages whoever asks for it waits for; the rest is done by the clock.
	handAtOnce = 6
)

// givenEvent is the id of the event by which a client or a task was given.
func (h Handing) givenEvent(record string) EventID { return EventID(string(h.Cause) + ".h." + record) }

// HandOn goes on with all that is being handed over, in every team. It is run by the clock: what whoever asked for it did
// not wait for, what a crash left, and what came to somebody at the moment at which they left.
func (d *Desk) HandOn(ctx context.Context) error {
	return d.eachMember(ctx, func(t Team, m Member) (err error) {
		m, err = d.handLate(ctx, t, m)
		for m.Handing.UnderWay() && err == nil {
			m, err = d.handPage(ctx, t, m)
		}
		return err
	})
}

// eachMember calls f for every member of every team; where it fails for one the others do not wait.
func (d *Desk) eachMember(ctx context.Context, f func(Team, Member) error) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	var errs []error
	for _, t := range teams {
		members, err := d.store.Members(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("list members: %w", err)
		}
		for _, m := range members {
			errs = append(errs, f(t, m))
		}
	}
	return errors.Join(errs...)
}

// handSome ends what a change of a member ends at once, and hands over as much as one waits for.
func (d *Desk) handSome(ctx context.Context, team Team, m Member) (Member, error) {
	if !m.Removed.IsZero() { // in case they come back: what was open then is over
		if err := d.store.EndDialog(ctx, strconv.FormatInt(m.User, 10)); err != nil {
			return m, fmt.Errorf("end dialog: %w", err)
		}
	}
	var err error
	for i := 0; i < handAtOnce && m.Handing.UnderWay() && err == nil; i++ {
		m, err = d.handPage(ctx, team, m)
	}
	return m, err
}

// handPage gives the page on the record, counts it and puts the next one there. Whoever lost a race goes on with what the
// other has noted.
func (d *Desk) handPage(ctx context.Context, team Team, m Member) (Member, error) {
	if err := ctx.Err(); err != nil {
		return m, err
	}
	h, err := d.give(ctx, team, m)
	if err != nil {
		return m, fmt.Errorf("hand over: %w", err)
	}
	next := m
	if next.Handing = h; h.Back != "" {
		next.Handing.Page, next.Handing.After, err = d.pageBack(ctx, next)
	} else {
		next.Handing.Page, err = d.nextPage(ctx, team, next)
	}
	if err != nil {
		return m, err
	}
	if len(next.Handing.Page) == 0 {
		if err := d.tellTakers(ctx, team, next); err != nil {
			return m, err
		}
		next.Handing.Done = d.now()
	}
	return d.saveHanding(ctx, next)
}

// saveHanding keeps how far it is. Whoever lost a race gets what the other has noted.
func (d *Desk) saveHanding(ctx context.Context, m Member) (Member, error) {
	m.Rev++
	ev := Event{ID: EventID(fmt.Sprintf("hand.%s.%d", m.ID, m.Rev)), Team: m.Team, Schema: schemaVersion, Action: ActionGoOn,
		Record: string(m.ID), Rev: m.Rev, By: m.Handing.By, At: d.now()}
	err := d.store.SaveMember(ctx, m, ev)
	switch {
	case errors.Is(err, ErrConflict), errors.Is(err, ErrApplied):
		return d.member(ctx, m.Team, m.ID)
	case err != nil:
		return m, fmt.Errorf("save member: %w", err)
	}
	return m, nil
}

func added(sum, more map[MemberID]int) map[MemberID]int {
	out := map[MemberID]int{}
	for id, n := range sum {
		out[id] = n
	}
	for id, n := range more {
		out[id] += n
	}
	return out
}

// nextPage assigns what is left, each to whoever has got least: clients first, then, of who may have none, the tasks.
func (d *Desk) nextPage(ctx context.Context, team Team, m Member) ([]Given, error) {
	to, err := d.heirs(ctx, team, m)
	if err != nil || len(to) == 0 {
		return nil, err
	}
	for _, bin := range []Bin{BinOutside, BinInside} {
		q := ClientQuery{Team: m.Team, Owner: m.ID, Bin: bin, Sort: SortByNewest, Limit: handPage}
		if m.takes(team, ActionTendClients) {
			q.CreatedBefore = m.Handing.Begun.Add(time.Millisecond) // who stays keeps what comes meanwhile
		}
		cards, err := d.store.Clients(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("clients to hand over: %w", err)
		}
		if len(cards) == 0 {
			continue
		}
		got := added(m.Handing.Clients, nil)
		page := make([]Given, len(cards))
		for i, c := range cards {
			page[i] = Given{Client: c.ID, To: least(to, got)}
			got[page[i].To]++
		}
		return page, nil
	}
	if m.takes(team, ActionReadTask) {
		return nil, nil // who stays goes on with what they have begun
	}
	tasks, err := d.store.Tasks(ctx, TaskQuery{Team: m.Team, Assignee: m.ID, State: TaskOpen, Limit: handPage})
	if err != nil {
		return nil, fmt.Errorf("tasks to hand over: %w", err)
	}
	got := added(m.Handing.Tasks, nil)
	var page []Given
	for _, t := range tasks {
		g := Given{Task: t.ID, To: least(to, got)}
		if c, err := d.store.Client(ctx, m.Team, t.Client); err == nil && slices.Contains(to, c.Owner) {
			g.To = c.Owner // a task goes along with its client
		}
		got[g.To]++
		page = append(page, g)
	}
	return page, nil
}

// heirs are those of the takers who can still take clients; the owner if none can. There are none where that is the member, who goes on
// with what is left.
func (d *Desk) heirs(ctx context.Context, team Team, m Member) ([]MemberID, error) {
	s, err := d.staff(ctx, m.Team)
	if err != nil {
		return nil, err
	}
	to := slices.DeleteFunc(slices.Clone(m.Handing.To), func(id MemberID) bool {
		return id == m.ID || !s.byID[id].takes(team, ActionTendClients)
	})
	if o := s.owner(); len(to) == 0 && o.ID != m.ID {
		to = append(to, o.ID)
	}
	return to, nil
}

// least is who has got least so far; the first of equals.
func least(to []MemberID, got map[MemberID]int) MemberID {
	return slices.MinFunc(to, func(a, b MemberID) int { return got[a] - got[b] })
}

// give writes the page that is on the record and counts what of it went, be it by an earlier try.
func (d *Desk) give(ctx context.Context, team Team, m Member) (h Handing, err error) {
	if h = m.Handing; len(h.Page) == 0 {
		return h, nil
	}
	if err := d.noteHanding(ctx, m.Team, h, m.ID); err != nil {
		return h, err
	}
	for range maxRaces {
		if err = d.giveClients(ctx, team, m); !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return h, err
	}
	var clients []ClientID
	for _, g := range h.Page {
		record := string(g.Client)
		if g.Task != "" {
			if err := d.giveTask(ctx, m, g); err != nil {
				return h, err
			}
			record = string(g.Task)
		}
		_, err := d.store.Event(ctx, m.Team, h.givenEvent(record))
		if errors.Is(err, ErrNotFound) {
			continue // somebody else had changed whose it is
		}
		if err != nil {
			return h, fmt.Errorf("read what was given: %w", err)
		}
		if h.count(g); g.Client != "" {
			clients = append(clients, g.Client)
		}
	}
	return h, d.handTasks(ctx, team, m, &h, clients)
}

// handTasks has the tasks about clients that were given go along, as with any handing over. Those of a member who may have none any more go by
// themselves, see nextPage; those that come back are counted where they do.
func (d *Desk) handTasks(ctx context.Context, team Team, m Member, h *Handing, clients []ClientID) error {
	if h.Back == "" && !m.takes(team, ActionReadTask) {
		return nil
	}
	by := Actor{Member: Member{ID: h.By, Team: m.Team}, Cause: h.Cause}
	_, err := d.tasksFollow(ctx, along{by: by, part: h.whole(), undone: h.Back, each: func(t Task) error {
		if h.Back == "" {
			h.Tasks = added(h.Tasks, map[MemberID]int{t.Assignee: 1})
		}
		return nil
	}}, clients)
	return err
}

// count notes that something has gone.
func (h *Handing) count(g Given) {
	to, from := &h.Clients, &h.Lost
	if g.Task != "" {
		to, from = &h.Tasks, &h.LostTasks
	}
	if *to = added(*to, map[MemberID]int{g.To: 1}); h.Back != "" {
		*from = added(*from, map[MemberID]int{g.From: 1})
	}
}

// giveClients writes those of the page's cards that are still the member's, each with its event.
func (d *Desk) giveClients(ctx context.Context, team Team, m Member) error {
	to := map[ClientID]Given{}
	var ids []ClientID
	for _, g := range m.Handing.Page {
		if g.Client != "" {
			to[g.Client] = g
			ids = append(ids, g.Client)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	cards, err := d.store.ClientsByID(ctx, m.Team, ids)
	if err != nil {
		return fmt.Errorf("read clients: %w", err)
	}
	var batch []ClientChange
	for _, c := range cards {
		if g := to[c.ID]; c.Owner == cmp.Or(g.From, m.ID) {
			batch = append(batch, d.given(team, c, g.To, Event{ID: m.Handing.givenEvent(string(c.ID)), By: m.Handing.By, PartOf: m.Handing.whole()}))
		}
	}
	if len(batch) == 0 {
		return nil
	}
	if err := d.store.SaveClients(ctx, batch); err != nil {
		return fmt.Errorf("save clients: %w", err)
	}
	return nil
}

// given is the change that gives a card to a member.
func (d *Desk) given(team Team, c Client, to MemberID, ev Event) ClientChange {
	next := c.clone()
	next.Owner, next.Rev, next.Updated = to, c.Rev+1, d.now()
	next.index(team.Fields)
	ev.Team, ev.Schema, ev.Action, ev.Record = c.Team, schemaVersion, ActionHandOverClient, string(c.ID)
	ev.Rev, ev.At, ev.Fields = next.Rev, next.Updated, diff(c, next)
	return ClientChange{Client: next, Event: ev}
}

// giveTask writes a task of the page if it is still the member's. What comes back is as it was before it was given, unless it is over.
func (d *Desk) giveTask(ctx context.Context, m Member, g Given) error {
	h := m.Handing
	t, err := d.store.Task(ctx, m.Team, g.Task)
	var made Event
	if err == nil && h.Back != "" {
		made, err = d.store.Event(ctx, m.Team, Handing{Cause: h.Back}.givenEvent(string(g.Task)))
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read task: %w", err)
	}
	ev := Event{ID: h.givenEvent(string(t.ID)), By: h.By, PartOf: h.whole()}
	_, _, err = d.passOn(ctx, t, ev, func(t *Task, ev *Event) bool {
		switch {
		case h.Back != "" && (t.State != TaskOpen || !t.putBackSame(made)), h.Back == "" && t.Assignee != m.ID:
			return false
		case h.Back != "":
			ev.Undoes = made.ID
		default:
			t.Assignee = g.To
		}
		return true
	})
	return err
}

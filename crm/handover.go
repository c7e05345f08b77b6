package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// MostPicked is how many cards can be handed over together from a list.
const MostPicked = 50

// HandOverMany makes another member responsible for several cards, who is told once; it returns how many went. Those that by
// may not hand over, that are in the bin or are theirs already, stay as they are. ErrNotFound on "member", ErrInvalid on
// "picked" if there are none or more than MostPicked.
func (d *Desk) HandOverMany(ctx context.Context, by Actor, ids []ClientID, to MemberID) (int, error) {
	team, reach, err := d.gate(ctx, by, ActionHandOverClient)
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 || len(ids) > MostPicked {
		return 0, invalid("picked")
	}
	if len(ids) > 1 {
		if err := d.confirmed(ctx, by, team); err != nil {
			return 0, err
		}
	}
	if _, err := d.taker(ctx, team, to, ActionTendClients); err != nil {
		return 0, err
	}
	h := Handing{Cause: by.Cause, By: by.ID, To: []MemberID{to}}
	given, err := d.giveMany(ctx, team, h, ids, func(c Client) MemberID {
		if !reach.allows(c) || !c.Deleted.IsZero() || c.Owner == to {
			return ""
		}
		return to
	})
	if err != nil {
		return 0, err
	}
	went, err := d.tasksFollow(ctx, along{by: by}, given)
	if err != nil || len(given) == 0 {
		return len(given), err
	}
	return len(given), d.tellGiven(ctx, team, h, given, went)
}

// tellGiven tells of clients that were given together: the groups, whoever has them now, and those whose they were.
func (d *Desk) tellGiven(ctx context.Context, team Team, h Handing, given []ClientID, tasks int) error {
	to := h.To[0]
	ids := make([]EventID, len(given))
	for i, id := range given {
		ids[i] = h.givenEvent(string(id))
	}
	made, err := d.store.EventsByID(ctx, team.ID, ids)
	if err != nil {
		return fmt.Errorf("read what was handed over: %w", err)
	}
	owners := Mass{}.ownersOf(made)
	got := Reminder{Who: soleOwner(owners), Count: len(given), TaskCount: tasks}
	if err := d.tellTogether(ctx, team, h, to, got); err != nil {
		return err
	}
	if err := d.tellEach(ctx, team, h, owners, Reminder{Who: to, Passed: true}); err != nil {
		return err
	}
	return d.tellPlacesOf(ctx, team, Reminder{News: NewsHanded, From: h.By, Who: to, Count: len(given), For: d.now()}, string(h.Cause))
}

// tellEach tells each of those whose clients went, or came back, how many did.
func (d *Desk) tellEach(ctx context.Context, team Team, h Handing, owners map[MemberID]int, r Reminder) error {
	for _, id := range slices.Sorted(maps.Keys(owners)) {
		r.Count = owners[id]
		if err := d.tellTogether(ctx, team, h, id, r); err != nil {
			return err
		}
	}
	return nil
}

// UndoHandOver takes back what by handed over with a cause, of these cards, where they are still whose they were made: also
// where by sees them no more, since it was theirs to give. It returns how many came back. ErrExpired on "handed" if it was too long ago.
func (d *Desk) UndoHandOver(ctx context.Context, by Actor, ids []ClientID, cause Cause) (int, error) {
	team, _, err := d.gate(ctx, by, ActionHandOverClient)
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 || len(ids) > MostPicked {
		return 0, invalid("picked")
	}
	if len(ids) > 1 {
		if err := d.confirmed(ctx, by, team); err != nil {
			return 0, err
		}
	}
	was := map[ClientID]Delta{}
	for _, id := range ids {
		ev, err := d.store.Event(ctx, by.Team, Handing{Cause: cause}.givenEvent(string(id)))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, fmt.Errorf("read what was handed over: %w", err)
		}
		if err == nil && d.now().Sub(ev.At) >= undoHandingFor {
			return 0, &Error{Kind: ErrExpired, Field: "handed"}
		}
		if err == nil && ev.By == by.ID {
			was[id] = ev.Fields["owner"]
		}
	}
	back, err := d.giveMany(ctx, team, Handing{Cause: by.Cause, By: by.ID, Back: cause}, ids, func(c Client) MemberID {
		if before, after := was[c.ID].owners(); after == c.Owner {
			return before
		}
		return ""
	})
	if err == nil {
		err = d.tasksReturn(ctx, by, cause, back)
	}
	if err == nil {
		err = d.tellUngiven(ctx, team, by, back, was)
	}
	return len(back), err
}

// tellUngiven tells those who had been given clients that these are whose they were again, and whose they are.
func (d *Desk) tellUngiven(ctx context.Context, team Team, by Actor, back []ClientID, was map[ClientID]Delta) error {
	owners, lost := map[MemberID]int{}, map[MemberID]int{}
	for _, id := range back {
		before, after := was[id].owners()
		owners[before]++
		lost[after]++
	}
	h := Handing{Cause: by.Cause, By: by.ID}
	if err := d.tellEach(ctx, team, h, lost, Reminder{Back: true, Who: soleOwner(owners)}); err != nil {
		return err
	}
	return d.tellEach(ctx, team, h, owners, Reminder{Who: soleOwner(lost)})
}

// owners are whose a card was and became.
func (f Delta) owners() (before, after MemberID) {
	_ = json.Unmarshal([]byte(f.Before), &before) // what is no id is nobody's
	_ = json.Unmarshal([]byte(f.After), &after)
	return before, after
}

// giveMany gives each card to whom f says, "" to nobody, and returns which went, be it by an earlier try.
func (d *Desk) giveMany(ctx context.Context, team Team, h Handing, ids []ClientID, f func(Client) MemberID) ([]ClientID, error) {
	write := func() error {
		cards, err := d.store.ClientsByID(ctx, team.ID, ids)
		if err != nil {
			return fmt.Errorf("read clients: %w", err)
		}
		ev := Event{By: h.By}
		if len(ids) > 1 {
			ev.PartOf = h.whole()
		}
		var batch []ClientChange
		for _, c := range cards {
			to := f(c)
			if to == "" {
				continue
			}
			_, err := d.taker(ctx, team, to, ActionTendClients)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if err == nil { // nobody gets a client back who has left meanwhile
				ev.ID = h.givenEvent(string(c.ID))
				batch = append(batch, d.given(team, c, to, ev))
			}
		}
		if len(batch) == 0 {
			return nil
		}
		if ev.PartOf != "" {
			if err := d.noteHanding(ctx, team.ID, h, h.By); err != nil {
				return err
			}
		}
		return d.store.SaveClients(ctx, batch)
	}
	err := write()
	for tries := 1; errors.Is(err, ErrConflict) && tries < maxRaces; tries++ {
		err = write()
	}
	if err != nil {
		return nil, fmt.Errorf("hand clients over: %w", err)
	}
	var given []ClientID
	for _, id := range ids {
		_, err := d.store.Event(ctx, team.ID, h.givenEvent(string(id)))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return given, fmt.Errorf("read what was handed over: %w", err)
		}
		if err == nil {
			given = append(given, id)
		}
	}
	return given, nil
}

// whole is the id of the event that tells of all that is handed over.
func (h Handing) whole() EventID { return EventID(string(h.Cause) + ".h") }

// noteHanding notes that clients are handed over together, once for a cause. from is whose they are, or who hands over what one
// sees.
func (d *Desk) noteHanding(ctx context.Context, team TeamID, h Handing, from MemberID) error {
	ev := Event{ID: h.whole(), Team: team, Schema: schemaVersion, Action: ActionHandOverMany, Record: string(from), By: h.By, At: d.now()}
	if h.Back != "" {
		ev.Undoes = Handing{Cause: h.Back}.whole()
	} else if len(h.To) == 1 {
		ev.Fields = map[string]Delta{"owner": {After: quoted(string(h.To[0]))}}
	}
	if err := d.store.AddEvent(ctx, ev); err != nil && !errors.Is(err, ErrApplied) {
		return fmt.Errorf("note what is handed over: %w", err)
	}
	return nil
}

// undoHandingFor is how long it can be taken back that clients were handed over.
const undoHandingFor = 7 * 24 * time.Hour

// Returnable reports whether what a member handed over can come back to them.
func (m Member) Returnable(team Team, now time.Time) bool {
	h := m.Handing
	return !h.Done.IsZero() && h.Back == "" && h.Sum()+h.TaskSum() > 0 && now.Sub(h.Done) < undoHandingFor && m.takes(team, ActionTendClients)
}

// UndoHanding gives a member back the clients and tasks that were handed over from them, as far as they are still whose they became.
// ErrConflict on "handing" if it is too late or they may have no clients.
func (d *Desk) UndoHanding(ctx context.Context, by Actor, id MemberID) (Member, error) {
	return d.changeMember(ctx, by, id, func(team Team, m *Member) error {
		if !m.Returnable(team, d.now()) {
			return &Error{Kind: ErrConflict, Field: "returned"}
		}
		m.Handing = d.handBack(by, m.Handing)
		return nil
	})
}

// handBack is the handing over that undoes another.
func (d *Desk) handBack(by Actor, old Handing) Handing {
	return Handing{Cause: by.Cause, By: by.ID, Begun: d.now(), Total: old.Sum(), Back: old.Cause, Since: old.Begun,
		Till: old.Done.Add(time.Millisecond)}
}

// pageBack is the next page of what comes back, and where the events of the earlier handing over go on behind it.
func (d *Desk) pageBack(ctx context.Context, m Member) ([]Given, EventMark, error) {
	h := m.Handing
	q := AuditQuery{Team: m.Team, From: h.Since, Before: h.Till, Actions: []Action{ActionHandOverClient, ActionEditTask}, Limit: handPage}
	mark := h.After
	for {
		if mark.ID != "" {
			q.After = &mark
		}
		events, err := d.store.Audit(ctx, q)
		if err != nil {
			return nil, mark, fmt.Errorf("read what was handed over: %w", err)
		}
		if len(events) == 0 {
			return nil, mark, nil
		}
		var page []Given
		for _, ev := range events {
			if !strings.HasPrefix(string(ev.ID), string(Handing{Cause: h.Back}.givenEvent(""))) {
				continue
			}
			if before, after := ev.Fields["owner"].owners(); before == m.ID {
				page = append(page, Given{Client: ClientID(ev.Record), From: after, To: m.ID})
			} else if before, after := ev.Fields["assignee"].owners(); before == m.ID {
				page = append(page, Given{Task: TaskID(ev.Record), From: after, To: m.ID})
			}
		}
		last := events[len(events)-1]
		if mark = (EventMark{At: last.At, ID: last.ID}); len(page) > 0 {
			return slices.Clip(page), mark, nil
		}
	}
}

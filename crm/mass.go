package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MassKind is what can be done with many cards at once.
type MassKind string

const (
	MassTag     MassKind = "tag"
	MassUntag   MassKind = "untag"
	MassStage   MassKind = "stage"
	MassGive    MassKind = "give"
	MassArchive MassKind = "archive"
	MassMerge   MassKind = "merge" // pairs that are certain
)

// MassKinds in the order in which people are offered them; merging is offered where there are pairs.
var MassKinds = []MassKind{MassTag, MassUntag, MassStage, MassGive, MassArchive}

// Mass is one change of many cards. It is kept on the record of the member who asked for it, a page at a time before the page is
// written, so that it goes on wherever it stopped, and what it counts is right: a card that has its event was changed, however often
// the page is written.
type Mass struct {
	Cause   Cause       `json:"cause,omitempty" bson:"cause,omitempty"`
	Kind    MassKind    `json:"kind,omitempty" bson:"kind,omitempty"`
	Value   string      `json:"value,omitempty" bson:"value,omitempty"` // the tag, the stage, the member, the reason
	Query   ClientQuery `json:"query,omitzero" bson:"query,omitempty"`
	Of      []ClientID  `json:"of,omitempty" bson:"of,omitempty"` // these alone; none: what the query means
	Begun   time.Time   `json:"begun,omitzero" bson:"begun,omitempty"`
	Total   int         `json:"total,omitempty" bson:"total,omitempty"` // cards there were, to say how far it got
	Page    []string    `json:"page,omitempty" bson:"page,omitempty"`   // being changed just now: cards, or pairs
	After   *ClientMark `json:"after,omitempty" bson:"after,omitempty"` // the query goes on behind this card
	Pair    *PairMark   `json:"pair,omitempty" bson:"pair,omitempty"`   // the pairs go on behind this one
	Chat    int64       `json:"chat,omitempty" bson:"chat,omitempty"`
	Screen  int64       `json:"screen,omitempty" bson:"screen,omitempty"` // the message that shows how far it is, if it takes long
	Looked  int         `json:"looked,omitempty" bson:"looked,omitempty"`
	Changed int         `json:"changed,omitempty" bson:"changed,omitempty"`
	Tasks   int         `json:"tasks,omitempty" bson:"tasks,omitempty"` // that went along with what was given
	// Owners are whose the clients were that MassGive has given, and how many; of taking it back, whose they are again.
	Owners  map[MemberID]int `json:"owners,omitempty" bson:"owners,omitempty"`
	Done    time.Time        `json:"done,omitzero" bson:"done,omitempty"`
	Stopped bool             `json:"stopped,omitempty" bson:"stopped,omitempty"` // … before all of it was changed

	Left map[MassLeft]int `json:"left,omitempty" bson:"left,omitempty"` // of those that were looked at and stay as they are

	// Taking an earlier one back: what its events say was changed comes back, page by page of them, the newest first.
	Back  Cause      `json:"back,omitempty" bson:"back,omitempty"`
	Since time.Time  `json:"since,omitzero" bson:"since,omitempty"`
	Till  time.Time  `json:"till,omitzero" bson:"till,omitempty"`
	Event EventMark  `json:"event,omitzero" bson:"event,omitempty"`
	Kept  []ClientID `json:"kept,omitempty" bson:"kept,omitempty"` // the first of the cards that stay as they are, see MassKept
}

// UnderWay reports whether something is still to be changed.
func (w Mass) UnderWay() bool { return !w.Begun.IsZero() && w.Done.IsZero() }

// Returnable reports whether what was changed can come back together.
func (w Mass) Returnable(now time.Time) bool {
	return !w.Done.IsZero() && w.Back == "" && w.Changed > 0 && now.Sub(w.Done) < undoHandingFor
}

// MassInput says what is to be done with which cards.
type MassInput struct {
	Kind  MassKind
	Value string
	Query ClientQuery
	Of    []ClientID // these alone; none: all that the query means
}

// massAtOnce is how many pages whoever asks for it waits for; the rest is done by the clock.
const massAtOnce = 6

// action is what one must be allowed to do with each of the cards.
func (k MassKind) action() Action {
	switch k {
	case MassGive:
		return ActionHandOverClient
	case MassArchive:
		return ActionArchiveClient
	case MassMerge:
		return ActionMergeClients
	}
	return ActionEditClient
}

// whole is the id of the event that tells of all of it.
func (w Mass) whole() EventID { return w.Cause.EventID(0) }

// said is what its event says of it. Reasons are left out, people write anything there.
func (w Mass) said() map[string]Delta {
	said := map[string]Delta{"mass": {After: quoted(string(w.Kind))}}
	if w.Kind != MassArchive && w.Kind != MassMerge {
		said["value"] = Delta{After: quoted(w.Value)}
	}
	return said
}

// massEvent is the id of the event by which a card was changed.
func (w Mass) massEvent(record string) EventID { return EventID(string(w.Cause) + ".g." + record) }

// BeginMass changes many cards: those of the query, or the ones named, as far as by may change each of them. What one does not
// wait for is done by the clock. ErrInvalid on "mass", or on the tag or stage; ErrConflict on "mass" if by has another under way;
// ErrNotFound on "member". A team can have a one-time code asked for before it, and before UndoMass.
func (d *Desk) BeginMass(ctx context.Context, by Actor, in MassInput) (Mass, error) {
	team, in, err := d.massOf(ctx, by, in)
	if err != nil {
		return Mass{}, err
	}
	if err := d.confirmed(ctx, by, team); err != nil {
		return Mass{}, err
	}
	m, err := d.changeMass(ctx, by, func(m *Member, ev *Event) error {
		if m.Mass.UnderWay() {
			return &Error{Kind: ErrConflict, Field: "mass"}
		}
		total, err := d.massTotal(ctx, in)
		m.Mass = Mass{Cause: by.Cause, Kind: in.Kind, Value: in.Value, Query: in.Query, Of: in.Of, Begun: d.now(), Total: total}
		ev.Fields = m.Mass.said()
		return err
	})
	if err != nil {
		return m.Mass, err
	}
	return d.massSome(ctx, team, m)
}

// massOf brings what is to be done into shape, and keeps the query to what by may change.
func (d *Desk) massOf(ctx context.Context, by Actor, in MassInput) (Team, MassInput, error) {
	team, q, err := d.within(ctx, by, in.Kind.action(), in.Query)
	if err != nil {
		return team, in, err
	}
	q.After, q.Limit, q.Sort, q.Bin = nil, 0, SortByNewest, BinOutside
	in.Query = q
	switch in.Kind {
	case MassTag, MassUntag:
		tags, err := cleanList(in.Value, FieldTags)
		if err != nil || len(tags) != 1 {
			return team, in, errors.Join(err, invalid("mass.tag"))
		}
		in.Value = tags[0]
	case MassStage:
		if _, err = oneOf(Stage(in.Value), Stages, FieldStage, false); err == nil && Stage(in.Value) == StageArchive {
			err = invalid("mass")
		}
	case MassGive:
		_, err = d.taker(ctx, team, MemberID(in.Value), ActionTendClients)
	case MassArchive:
		in.Value, err = cleanText(in.Value, maxReason, "archive_reason")
	case MassMerge:
	default:
		err = invalid("mass")
	}
	if len(in.Of) > MostFound {
		err = invalid("mass")
	}
	return team, in, err
}

// CountMass is how many cards BeginMass would look at, to be asked about before.
func (d *Desk) CountMass(ctx context.Context, by Actor, in MassInput) (int, error) {
	_, q, err := d.within(ctx, by, in.Kind.action(), in.Query)
	if err != nil {
		return 0, err
	}
	in.Query = q
	return d.massTotal(ctx, in)
}

func (d *Desk) massTotal(ctx context.Context, in MassInput) (n int, err error) {
	switch {
	case in.Kind == MassMerge:
		n, err = d.store.CountPairs(ctx, certainPairs(in.Query), mostPairs)
	case len(in.Of) > 0:
		return len(in.Of), nil
	default:
		n, err = d.store.CountClients(ctx, in.Query, MostCounted)
	}
	if err != nil {
		return 0, fmt.Errorf("count what is to be changed: %w", err)
	}
	return n, nil
}

// changeMass changes by's own record, once for a cause.
func (d *Desk) changeMass(ctx context.Context, by Actor, f func(*Member, *Event) error) (Member, error) {
	for range maxRaces {
		m, err := d.member(ctx, by.Team, by.ID)
		if err != nil {
			return m, err
		}
		if ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); err == nil && ev.Record == string(m.ID) {
			return m, nil // this very cause has begun it already
		}
		m.Rev++
		ev := Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: ActionMassChange, Record: string(m.ID), Rev: m.Rev,
			By: by.ID, At: d.now()}
		if err := f(&m, &ev); err != nil {
			return m, err
		}
		err = d.store.SaveMember(ctx, m, ev)
		if err == nil {
			return m, nil
		}
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return m, fmt.Errorf("save member: %w", err)
		}
	}
	return Member{}, &Error{Kind: ErrConflict, Field: "member"}
}

// MassOf is by's last mass change as it now stands.
func (d *Desk) MassOf(ctx context.Context, by Actor) (Mass, error) {
	if _, _, err := d.gate(ctx, by, ActionEditMember); err != nil {
		return Mass{}, err
	}
	m, err := d.member(ctx, by.Team, by.ID)
	return m.Mass, err
}

// StopMass ends by's mass change where it is; what is changed stays so, and can come back.
func (d *Desk) StopMass(ctx context.Context, by Actor) (Mass, error) {
	if _, _, err := d.gate(ctx, by, ActionEditMember); err != nil {
		return Mass{}, err
	}
	m, err := d.changeMass(ctx, by, func(m *Member, _ *Event) error {
		if m.Mass.UnderWay() {
			m.Mass.Done, m.Mass.Stopped = d.now(), true
		}
		return nil
	})
	return m.Mass, err
}

// UndoMass takes by's mass change of that beginning back: each card that is still as it was made is as it was before; cards that
// were merged are two again, unless what they became has been changed since. Asked for again, it is how that stands. ErrNotFound on
// "mass" if it is not the last one, or it is too late.
func (d *Desk) UndoMass(ctx context.Context, by Actor, begun time.Time) (Mass, error) {
	team, _, err := d.gate(ctx, by, ActionUndoClient)
	if err != nil {
		return Mass{}, err
	}
	m, err := d.member(ctx, by.Team, by.ID)
	if err != nil || m.Mass.Back != "" && m.Mass.Since.Equal(begun) {
		return m.Mass, err
	}
	if err := d.confirmed(ctx, by, team); err != nil {
		return m.Mass, err
	}
	m, err = d.changeMass(ctx, by, func(m *Member, ev *Event) error {
		old := m.Mass
		if !old.Begun.Equal(begun) || !old.Returnable(d.now()) {
			return &Error{Kind: ErrNotFound, Field: "mass"}
		}
		m.Mass = Mass{Cause: by.Cause, Kind: old.Kind, Value: old.Value, Query: ClientQuery{Team: by.Team}, Begun: d.now(), Total: old.Changed, Back: old.Cause, Since: old.Begun,
			Till: d.now().Add(time.Millisecond)} // not Done: a page was being written when it was stopped
		ev.Fields, ev.Undoes = old.said(), old.whole()
		return nil
	})
	if err != nil {
		return m.Mass, err
	}
	return d.massSome(ctx, team, m)
}

// massSome does as much as one waits for.
func (d *Desk) massSome(ctx context.Context, team Team, m Member) (Mass, error) {
	var err error
	for i := 0; i <= massAtOnce && m.Mass.UnderWay() && err == nil; i++ {
		m, err = d.massPage(ctx, team, m)
	}
	return m.Mass, err
}

// massPage changes the page on the record, counts it and puts the next one there. Whoever lost a race goes on with what the other
// has noted.
func (d *Desk) massPage(ctx context.Context, team Team, m Member) (Member, error) {
	if err := ctx.Err(); err != nil {
		return m, err
	}
	w := m.Mass
	tally, err := d.massWrite(ctx, team, m)
	if err != nil {
		return m, fmt.Errorf("change many: %w", err)
	}
	w.add(tally)
	if w.Page, err = d.massNext(ctx, &w); err != nil {
		return m, err
	}
	if len(w.Page) == 0 || !m.Removed.IsZero() {
		if err := d.massTell(ctx, team, m, w); err != nil {
			return m, err
		}
		w.Done, w.Page = d.now(), nil
	}
	next := m
	next.Mass, next.Rev = w, m.Rev+1
	err = d.saveMass(ctx, next)
	switch {
	case errors.Is(err, ErrConflict), errors.Is(err, ErrApplied):
		return d.massStopped(ctx, team, m, tally)
	case err != nil:
		return m, err
	}
	return next, nil
}

// massNext is the next page, and where the one after it begins.
func (d *Desk) massNext(ctx context.Context, w *Mass) ([]string, error) {
	switch {
	case w.Back != "":
		return d.massBack(ctx, w)
	case w.Kind == MassMerge:
		return d.massPairs(ctx, w)
	case len(w.Of) > 0:
		rest := w.Of[min(w.Looked, len(w.Of)):]
		return texts(rest[:min(handPage, len(rest))]), nil
	}
	q := w.Query
	q.Sort, q.After, q.Limit = SortByNewest, w.After, handPage
	if q.CreatedBefore.IsZero() || q.CreatedBefore.After(w.Begun) { // not what comes meanwhile
		q.CreatedBefore = w.Begun.Add(time.Millisecond)
	}
	cards, err := d.store.Clients(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("clients to change: %w", err)
	}
	page := make([]string, len(cards))
	for i, c := range cards {
		page[i] = string(c.ID)
		mark := c.Mark(SortByNewest)
		w.After = &mark
	}
	return page, nil
}

// massBack is the next page of what comes back.
func (d *Desk) massBack(ctx context.Context, w *Mass) ([]string, error) {
	q := AuditQuery{Team: w.Query.Team, From: w.Since, Before: w.Till, Actions: massActions, Limit: handPage}
	if w.Kind == MassMerge {
		q.Actions, q.Limit = []Action{ActionMergeClients}, 2*pairPage // an event for each card
	}
	for {
		if w.Event.ID != "" {
			mark := w.Event
			q.After = &mark
		}
		events, err := d.store.Audit(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read what was changed: %w", err)
		}
		if len(events) == 0 {
			return nil, nil
		}
		var page []string
		for _, ev := range events {
			w.Event = EventMark{At: ev.At, ID: ev.ID}
			if !strings.HasPrefix(string(ev.ID), string(Mass{Cause: w.Back}.massEvent(""))) {
				continue
			}
			record := ev.Record
			if w.Kind == MassMerge {
				if record, err = d.mergedBy(ctx, *w, ev); err != nil {
					return nil, err
				}
			}
			if record != "" {
				page = append(page, record)
			}
		}
		if len(page) > 0 {
			return slices.Clip(page), nil
		}
	}
}

// massActions are those of the events by which many cards are changed.
var massActions = []Action{ActionEditClient, ActionArchiveClient, ActionRestoreClient, ActionHandOverClient}

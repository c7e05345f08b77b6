package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Audited is an event with what it is about, as far as that is still there.
type Audited struct {
	Change        // of a card; else the Event alone
	Client Client // zero ID: about none
	Task   Task   // zero ID: about none
	Person Member // whom of the team it is about; zero ID: nobody, or whoever did it alone

	WasRole, IsRole Role     // what a member was and became, what an invitation lets in as
	Away            Absence  // that was set or ended; zero Member: none
	AwayEnded       bool     // of Away
	Settings        []string // names of the stored fields that were set, of the team or of oneself
	TeamWas, TeamIs Team     // what of the team was set: those fields alone, and where it is
	SelfWas, SelfIs Member   // what of oneself
	Parts           int      // of what was done with many records at once: how many events are parts of it
	Mass            Mass     // what was done with many cards: Kind and Value alone
	Taker           MemberID // of many that were handed over; "": several
	Named           string   // what there is no record of to open: a group, a file, a restricted field
}

// Sets reports whether the event changed a field of its record.
func (e Event) Sets(field string) bool {
	_, ok := e.Fields[field]
	return ok
}

// Clears reports whether the event left a field without a value.
func (e Event) Clears(field string) bool {
	f, ok := e.Fields[field]
	return ok && f.After == ""
}

// read are both sides of an event's field; what is not there is zero.
func read[T any](e Event, field string) (before, after T) {
	f := e.Fields[field]
	_ = json.Unmarshal([]byte(f.Before), &before) // an empty side has no value
	_ = json.Unmarshal([]byte(f.After), &after)
	return before, after
}

// subjects are the records that events are about.
type subjects struct {
	team    Team
	clients map[ClientID]Client
	tasks   map[TaskID]Task
	members map[MemberID]Member
	files   map[ImportID]string
}

// subjects reads what the events of one page are about.
func (d *Desk) subjects(ctx context.Context, team Team, events []Event) (subjects, error) {
	s := subjects{team, map[ClientID]Client{}, map[TaskID]Task{}, map[MemberID]Member{}, map[ImportID]string{}}
	members, err := d.store.Members(ctx, team.ID)
	if err != nil {
		return s, fmt.Errorf("list members: %w", err)
	}
	for _, m := range members {
		s.members[m.ID] = m
	}
	tasks, clients := map[TaskID]bool{}, map[ClientID]bool{}
	for _, e := range events {
		tasks[TaskID(e.Record)], clients[ClientID(e.Record)] = true, true // what is neither is not found
		gave, withdrew := read[ClientID](e, consentClient)
		clients[gave], clients[withdrew] = true, true
		if e.Action == ActionImport || e.Action == ActionUndoImport {
			i, err := d.store.Import(ctx, team.ID, ImportID(e.Record))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return s, fmt.Errorf("read import: %w", err)
			}
			s.files[i.ID] = i.File.Name
		}
	}
	done, err := d.store.TasksByID(ctx, team.ID, slices.Sorted(maps.Keys(tasks)))
	if err != nil {
		return s, fmt.Errorf("read tasks: %w", err)
	}
	for _, t := range done {
		s.tasks[t.ID] = t
		clients[t.Client] = true
	}
	delete(clients, "")
	cards, err := d.store.ClientsByID(ctx, team.ID, slices.Sorted(maps.Keys(clients)))
	if err != nil {
		return s, fmt.Errorf("read clients: %w", err)
	}
	for _, c := range cards {
		s.clients[c.ID] = c
	}
	return s, nil
}

// of is an event with what it is about.
func (s subjects) of(e Event) (a Audited, err error) {
	a = Audited{Change: Change{Event: e}, Client: s.clients[ClientID(e.Record)], Task: s.tasks[TaskID(e.Record)]}
	if a.Client.ID != "" {
		a.Change, err = e.change(s.team)
		if f, ok := s.team.Field(e.LookedAt()); ok {
			a.Named = f.Name
		}
		return a, err
	}
	if a.Client = s.clients[a.Task.Client]; a.Task.ID != "" {
		return a, nil
	}
	if id := MemberID(e.Record); id != e.By {
		a.Person = s.members[id]
	}
	a.WasRole, a.IsRole = read[Role](e, "role")
	switch e.Action {
	case ActionGiveConsent, ActionWithdrawConsent, ActionReturnConsent:
		gave, withdrew := read[ClientID](e, consentClient)
		a.Client = s.clients[ClientID(string(gave)+string(withdrew))]
	case ActionImport, ActionUndoImport:
		a.Named = s.files[ImportID(e.Record)]
	case ActionSetAbsence:
		before, after := read[[]Absence](e, "absences")
		a.Away, a.AwayEnded = absenceSet(before, after, e)
		a.Person = s.members[a.Away.Member]
	case ActionMassChange:
		_, a.Mass.Kind = read[MassKind](e, "mass")
		_, a.Mass.Value = read[string](e, "value")
	case ActionHandOverMany:
		_, a.Taker = read[MemberID](e, "owner")
	case ActionLinkPlace:
		before, after := read[[]Place](e, "places")
		a.Named = placeSet(before, after)
	case ActionEditTeam, ActionGuardTeam, ActionEditMember:
		a.Settings = slices.Sorted(maps.Keys(e.Fields))
		a.sides(s.team.Region)
	}
	return a, nil
}

// sides reads what was set, from what to what. What an older version wrote in another shape is left out.
func (a *Audited) sides(region string) {
	before, after := func(d Delta) string { return d.Before }, func(d Delta) string { return d.After }
	a.TeamWas.Region, a.TeamIs.Region = region, region
	if a.Action == ActionEditMember {
		_, _ = a.side(&a.SelfWas, before), a.side(&a.SelfIs, after)
		return
	}
	_, _ = a.side(&a.TeamWas, before), a.side(&a.TeamIs, after)
}

// absenceSet is the absence that an event set, or the one that it ended.
func absenceSet(before, after []Absence, e Event) (a Absence, ended bool) {
	for _, a := range after {
		if !slices.Contains(before, a) {
			return a, false
		}
	}
	for _, a := range before {
		if !slices.Contains(after, a) && e.At.Before(a.Until) { // what was over goes along with any change
			return a, true
		}
	}
	return Absence{}, false
}

// placeSet is the name of the group that an event changed.
func placeSet(before, after []Place) string {
	was := map[PlaceID]string{}
	for _, p := range before {
		was[p.ID] = fmt.Sprintf("%+v", p)
	}
	for _, p := range after {
		if was[p.ID] != fmt.Sprintf("%+v", p) {
			return p.Title
		}
	}
	return ""
}

// Became is what an event made of a task: the fields that it changed alone.
func (a Audited) Became() (t Task) {
	if a.Task.ID == "" {
		return t
	}
	_, t.State = read[TaskState](a.Event, "state")
	_, t.Assignee = read[MemberID](a.Event, "assignee")
	_, t.Due = read[time.Time](a.Event, "due")
	return t
}

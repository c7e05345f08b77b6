package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kartoteka/crm/city"
	"kartoteka/crm/spell"
)

// Team returns by's team.
func (d *Desk) Team(ctx context.Context, by Actor) (Team, error) {
	if by.team != nil && by.team.ID != "" {
		return *by.team, nil
	}
	t, err := d.store.Team(ctx, by.Team)
	if err != nil {
		return Team{}, fmt.Errorf("read team: %w", err)
	}
	if by.team != nil {
		*by.team = t
	}
	return t, nil
}

// Members lists the people of by's team, removed ones too, oldest first.
func (d *Desk) Members(ctx context.Context, by Actor) ([]Member, error) {
	if _, _, err := d.gate(ctx, by, ActionSeeTeam); err != nil {
		return nil, err
	}
	list, err := d.store.Members(ctx, by.Team)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return list, nil
}

// Names maps those people of by's team to their names; who is not of it is left out. It is for the few of a card: in a large team
// Members reads a thousand for one.
func (d *Desk) Names(ctx context.Context, by Actor, ids ...MemberID) (map[MemberID]string, error) {
	if _, _, err := d.gate(ctx, by, ActionSeeTeam); err != nil {
		return nil, err
	}
	names := map[MemberID]string{by.ID: by.Name}
	for _, id := range ids {
		if _, known := names[id]; known || id == "" {
			continue
		}
		m, err := d.store.Member(ctx, by.Team, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("read a name: %w", err)
		}
		if err == nil {
			names[id] = m.Name
		}
	}
	return names, nil
}

// Langs that the conversation is written in.
var Langs = []string{"ru", "en"}

// SetLang changes the language in which by is spoken to.
func (d *Desk) SetLang(ctx context.Context, by Actor, lang string) (Member, error) {
	return d.editMember(ctx, by, func(m *Member) error {
		if !slices.Contains(Langs, lang) {
			return invalid("lang")
		}
		m.Lang = lang
		return nil
	})
}

// SetCity changes where by is, and so their time zone; ErrInvalid on "zone" if that is none. What is planned for them
// follows.
func (d *Desk) SetCity(ctx context.Context, by Actor, c city.City) (Member, error) {
	var before Member
	m, err := d.editMember(ctx, by, func(m *Member) error {
		before = *m
		if !city.IsZone(c.Zone) {
			return invalid("zone")
		}
		m.Zone, m.City = c.Zone, c.Name
		return nil
	})
	if err != nil {
		return m, err
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return m, err
	}
	before, m = before.of(team), m.of(team)
	return m, d.replan(ctx, before, m)
}

// editMember changes by's own record.
func (d *Desk) editMember(ctx context.Context, by Actor, f func(*Member) error) (Member, error) {
	if _, _, err := d.gate(ctx, by, ActionEditMember); err != nil {
		return Member{}, err
	}
	for range maxRaces {
		m, err := d.store.Member(ctx, by.Team, by.ID)
		if err != nil {
			return Member{}, fmt.Errorf("read member: %w", err)
		}
		before := fieldsOf(m)
		if err := f(&m); err != nil {
			return m, err
		}
		m.Rev++
		ev := Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: ActionEditMember, Record: string(m.ID),
			Rev: m.Rev, By: by.ID, At: d.now(), Fields: diffOf(before, fieldsOf(m))}
		if len(ev.Fields) == 0 {
			m.Rev--
			return m, nil
		}
		err = d.store.SaveMember(ctx, m, ev)
		switch {
		case err == nil:
			return m, nil
		case errors.Is(err, ErrApplied):
			return d.store.Member(ctx, by.Team, by.ID)
		case !errors.Is(err, ErrConflict):
			return Member{}, fmt.Errorf("save member: %w", err)
		}
	}
	return Member{}, &Error{Kind: ErrConflict, Field: "member"}
}

// SetShared lets managers see and edit all clients, or only their own.
func (d *Desk) SetShared(ctx context.Context, by Actor, shared bool) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) error {
		t.Shared = shared
		return nil
	})
}

// What a team's own fields may be.
const (
	maxFields  = 30
	maxChoices = 20
	maxLabel   = 40
)

// AddField adds a field to the team's cards. ErrInvalid on "field.name", "field.kind", "field.choices",
// "field.count", "field.taken" if there is one of that name, or "field.key" if it is restricted and there is no key.
func (d *Desk) AddField(ctx context.Context, by Actor, f CustomField) (Team, error) {
	if err := d.addable(ctx, by, f); err != nil {
		return Team{}, err
	}
	return d.editTeam(ctx, by, func(t *Team) error {
		clean, err := f.clean()
		if err != nil {
			return err
		}
		clean.ID = FieldID(newID(by.Team, by.Cause, "field", 0)[:8])
		if slices.ContainsFunc(t.Fields, func(have CustomField) bool { return have.ID == clean.ID }) {
			return nil
		}
		if err := t.roomFor(clean); err != nil {
			return err
		}
		t.Fields = append(t.Fields, clean)
		return nil
	})
}

// roomFor refuses a field whose name another one has, or that would be one too many.
func (t Team) roomFor(f CustomField) error {
	live := 0
	for _, have := range t.Fields {
		if have.Removed {
			continue
		}
		live++
		if spell.Fold(have.Name) == spell.Fold(f.Name) {
			return invalid("field.taken")
		}
	}
	if live >= maxFields {
		return invalid("field.count")
	}
	return nil
}

func (f CustomField) clean() (CustomField, error) {
	name, err := CleanName(f.Name)
	if err != nil || len([]rune(name)) > maxLabel {
		return f, invalid("field.name")
	}
	if !slices.Contains(FieldKinds, f.Kind) {
		return f, invalid("field.kind")
	}
	out := CustomField{Name: name, Kind: f.Kind, Restricted: f.Restricted, Requisites: f.Requisites && !f.Restricted}
	if f.Kind != FieldChoice {
		return out, nil
	}
	for _, c := range f.Choices {
		c = strings.Join(strings.Fields(c), " ")
		if c != "" && !slices.ContainsFunc(out.Choices, func(h string) bool { return spell.Fold(h) == spell.Fold(c) }) {
			out.Choices = append(out.Choices, c)
		}
		if len([]rune(c)) > maxLabel {
			return f, invalid("field.choices")
		}
	}
	if len(out.Choices) < 2 || len(out.Choices) > maxChoices {
		return f, invalid("field.choices")
	}
	return out, nil
}

// RemoveField hides a field from all cards; what the cards hold in it stays in the store.
func (d *Desk) RemoveField(ctx context.Context, by Actor, id FieldID) (Team, error) {
	return d.hideField(ctx, by, id, true)
}

// RestoreField shows a field again that was removed, with what the cards hold in it. It fails as AddField does if another one has its
// place by now.
func (d *Desk) RestoreField(ctx context.Context, by Actor, id FieldID) (Team, error) {
	return d.hideField(ctx, by, id, false)
}

func (d *Desk) hideField(ctx context.Context, by Actor, id FieldID, hide bool) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) error {
		i := slices.IndexFunc(t.Fields, func(f CustomField) bool { return f.ID == id })
		switch {
		case i < 0:
			return &Error{Kind: ErrNotFound, Field: "field"}
		case t.Fields[i].Removed == hide:
			return nil
		case !hide:
			if err := t.roomFor(t.Fields[i]); err != nil {
				return err
			}
		}
		t.Fields[i].Removed = hide
		return nil
	})
}

func (d *Desk) editTeam(ctx context.Context, by Actor, f func(*Team) error) (Team, error) {
	return d.editTeamAs(ctx, by, ActionEditTeam, f)
}

// editTeamAs changes the team's record by an action that by must be allowed.
func (d *Desk) editTeamAs(ctx context.Context, by Actor, a Action, f func(*Team) error) (Team, error) {
	defer by.forgetTeam()
	for range maxRaces {
		by.forgetTeam()
		old, _, err := d.gate(ctx, by, a)
		if err != nil {
			return Team{}, err
		}
		before, t := fieldsOf(old), old
		if err := f(&t); err != nil {
			return t, err
		}
		t.Rev++
		ev := Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: a, Record: string(t.ID),
			Rev: t.Rev, By: by.ID, At: d.now(), Fields: diffOf(before, fieldsOf(t))}
		if len(ev.Fields) == 0 {
			return old, nil
		}
		err = d.store.SaveTeam(ctx, t, ev)
		switch {
		case err == nil:
			return t, nil
		case errors.Is(err, ErrApplied):
			return d.store.Team(ctx, by.Team)
		case !errors.Is(err, ErrConflict):
			return Team{}, fmt.Errorf("save team: %w", err)
		}
	}
	return Team{}, &Error{Kind: ErrConflict, Field: "team"}
}

// MayInvite reports whether by may invite people, to decide what to show.
func (d *Desk) MayInvite(ctx context.Context, by Actor) bool {
	_, _, err := d.gate(ctx, by, ActionInvite)
	return err == nil
}

// MayLinkPlaces reports whether by may let reminders go to groups.
func (d *Desk) MayLinkPlaces(ctx context.Context, by Actor) bool {
	_, _, err := d.gate(ctx, by, ActionLinkPlace)
	return err == nil
}

// MayEditTeam reports whether by may change what is set for the whole team.
func (d *Desk) MayEditTeam(ctx context.Context, by Actor) bool {
	_, _, err := d.gate(ctx, by, ActionEditTeam)
	return err == nil
}

// MayGuardTeam reports whether by may set what keeps the base from leaving.
func (d *Desk) MayGuardTeam(ctx context.Context, by Actor) bool {
	_, _, err := d.gate(ctx, by, ActionGuardTeam)
	return err == nil
}

// MaySetStale reports whether by may set when clients ask for attention.
func (d *Desk) MaySetStale(ctx context.Context, by Actor) bool {
	_, _, err := d.gate(ctx, by, ActionSetStale)
	return err == nil
}

package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// MassOffice shows members how far it is what they change.
type MassOffice interface {
	// Tell shows it on the message Mass.Screen. It is no error of the change if nobody can be told.
	Tell(ctx context.Context, m Member)
}

// MassOn goes on with what is being changed, in every team. It is run by the clock: what whoever asked for it did not wait for,
// and what a crash left.
func (d *Desk) MassOn(ctx context.Context, office MassOffice) error {
	return d.eachMember(ctx, func(t Team, m Member) (err error) {
		told := d.now()
		for m.Mass.UnderWay() && err == nil {
			if m, err = d.massPage(ctx, t, m); err != nil || m.Mass.Screen == 0 || !m.Removed.IsZero() {
				continue
			}
			if now := d.now(); now.Sub(told) >= importTell || !m.Mass.UnderWay() {
				told = now
				office.Tell(ctx, m)
			}
		}
		if err == nil && m.Mass.Stopped && len(m.Mass.Page) > 0 {
			err = d.massAfterStop(ctx, t, m)
		}
		return err
	})
}

// massAfterStop ends a change that was stopped while nobody wrote its page: who was given clients is told, and what a crash left
// uncounted is counted.
func (d *Desk) massAfterStop(ctx context.Context, team Team, m Member) error {
	var tally massTally
	var err error
	if m.Mass.Kind != MassMerge {
		tally, _, err = d.massMade(ctx, m)
	}
	if err == nil {
		_, err = d.massStopped(ctx, team, m, tally)
	}
	return err
}

// ShowMass notes which message shows how far by's mass change of that beginning is, and returns it as it then stands: one that
// has ended meanwhile is shown by nobody else.
func (d *Desk) ShowMass(ctx context.Context, by Actor, begun time.Time, chat, screen int64) (Mass, error) {
	if _, _, err := d.gate(ctx, by, ActionEditMember); err != nil {
		return Mass{}, err
	}
	for range maxRaces {
		m, err := d.member(ctx, by.Team, by.ID)
		if err != nil || !m.Mass.UnderWay() || !m.Mass.Begun.Equal(begun) || m.Mass.Chat == chat && m.Mass.Screen == screen {
			return m.Mass, err
		}
		m.Mass.Chat, m.Mass.Screen, m.Rev = chat, screen, m.Rev+1
		if err = d.saveMass(ctx, m); err == nil {
			return m.Mass, nil
		}
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return m.Mass, err
		}
	}
	return Mass{}, &Error{Kind: ErrConflict, Field: "member"}
}

// saveMass writes on m's record how far what they change is.
func (d *Desk) saveMass(ctx context.Context, m Member) error {
	err := d.store.SaveMember(ctx, m, Event{ID: EventID(fmt.Sprintf("mass.%s.%d", m.ID, m.Rev)), Team: m.Team, Schema: schemaVersion,
		Action: ActionGoOn, Record: string(m.ID), Rev: m.Rev, By: m.ID, At: d.now()})
	if err != nil {
		return fmt.Errorf("save member: %w", err)
	}
	return nil
}

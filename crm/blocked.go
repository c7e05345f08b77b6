package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// noteBlocked notes that nothing reaches a member any more. Their reminders are held from now on, and the owners are told.
func (d *Desk) noteBlocked(ctx context.Context, m Member) error {
	m, err := d.setBlocked(ctx, m, true)
	if err != nil {
		return err
	}
	s, err := d.staff(ctx, m.Team)
	if err != nil {
		return err
	}
	return d.tellOfBlocked(ctx, s, m)
}

// tellOfBlocked plans to tell the owners, once for each time that the member blocks us.
func (d *Desk) tellOfBlocked(ctx context.Context, s staff, m Member) error {
	if d.now().Sub(m.Blocked) > keepReminders/2 {
		return nil // they were, and what told them is not kept for ever
	}
	for _, to := range s.owners {
		if to.ID == m.ID {
			continue
		}
		err := d.plan(ctx, to, Reminder{ID: reminderID(RemindBlocked, string(m.ID), instant(m.Blocked), to.ID), Kind: RemindBlocked, Who: m.ID, For: m.Blocked})
		if err != nil {
			return err
		}
	}
	return nil
}

// comeBack notes that a member who had blocked us writes again: what was held for them is due now.
func (d *Desk) comeBack(ctx context.Context, m Member) (Member, error) {
	m, err := d.setBlocked(ctx, m, false)
	if err != nil {
		return m, err
	}
	return m, d.eachReminder(ctx, m, ReminderHeld, func(r Reminder) error {
		r.State = ReminderPlanned
		return d.moveIfOurs(ctx, r, ReminderHeld)
	})
}

func (d *Desk) setBlocked(ctx context.Context, m Member, blocked bool) (Member, error) {
	for range maxRaces {
		m, err := d.store.Member(ctx, m.Team, m.ID)
		if err != nil {
			return m, fmt.Errorf("read member: %w", err)
		}
		if m.Blocked.IsZero() != blocked {
			return m, nil
		}
		old := m
		m.Blocked = time.Time{}
		if blocked {
			m.Blocked = d.now()
		}
		m.Rev++
		ev := Event{ID: EventID(fmt.Sprintf("blocked.%s.%d", m.ID, m.Rev)), Team: m.Team, Schema: schemaVersion, Action: ActionEditMember,
			Record: string(m.ID), Rev: m.Rev, At: d.now(), Fields: diff(old, m)}
		err = d.store.SaveMember(ctx, m, ev)
		if err == nil || !errors.Is(err, ErrConflict) {
			return m, err
		}
	}
	return m, &Error{Kind: ErrConflict, Field: "member"}
}

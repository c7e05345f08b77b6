package crm

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// FieldHeir is the field of the error that what is a member's has nobody to go to.
const FieldHeir = "member.heir"

// SetRole gives a member another role, and has them told. What the role does not go with is handed over to those of to, spread evenly;
// what it does go with, though they may not change it any more, where there is somebody to take it.
// ErrDenied on "team.owners" if an owner is meant, or to be made, and by is none; ErrInvalid on "team.last_owner" if nobody
// would be left to run the team, on "member.heir" if there is something to hand over and nobody to take it; ErrNotFound on "member" if they
// are out of the team, so that the removal can still be taken back.
func (d *Desk) SetRole(ctx context.Context, by Actor, id MemberID, role Role, to []MemberID) (Member, error) {
	var was Role // "": this very cause has changed it before
	m, err := d.changeMember(ctx, by, id, func(team Team, m *Member) error {
		if !slices.Contains(Roles, role) {
			return invalid("role")
		}
		if !m.Removed.IsZero() {
			return &Error{Kind: ErrNotFound, Field: "member"}
		}
		if role == RoleOwner && by.Role != RoleOwner {
			return &Error{Kind: ErrDenied, Field: "team.owners"}
		}
		if was = m.Role; was != role {
			m.Before = Standing{Cause: by.Cause, Role: was, At: d.now()}
		}
		m.Role = role
		return d.beginHanding(ctx, by, team, m, to)
	})
	if err == nil {
		err = d.endDeputy(ctx, by, m)
	}
	if err != nil || was == role || id == by.ID {
		return m, err
	}
	return m, d.tellRole(ctx, by, m, false)
}

// tellRole has a member told at once what they are now, and that they are back if they were out of the team.
func (d *Desk) tellRole(ctx context.Context, by Actor, m Member, back bool) error {
	return d.plan(ctx, m, Reminder{ID: reminderID(RemindRole, string(m.ID), string(by.Cause), m.ID), Kind: RemindRole, Role: m.Role, Back: back, From: by.ID, Who: m.ID,
		For: d.now(), Due: d.now()})
}

// RemoveMember takes a member out of the team: they may do nothing any more, whatever messages of ours they have. What was
// theirs is handed over to those of to, spread evenly, and they stand in for nobody any more. They are told once that it has ended. It fails as SetRole does.
func (d *Desk) RemoveMember(ctx context.Context, by Actor, id MemberID, to []MemberID) (Member, error) {
	m, err := d.changeMember(ctx, by, id, func(team Team, m *Member) error {
		if m.Removed.IsZero() {
			m.Before = Standing{Cause: by.Cause, Role: m.Role, Out: true, At: d.now()}
			m.Removed, m.Code = d.now(), CodeLock{}
		}
		return d.beginHanding(ctx, by, team, m, to)
	})
	if err != nil || m.Removed.IsZero() { // this very cause came again when they were back
		return m, err
	}
	if err := d.endDeputy(ctx, by, m); err != nil || id == by.ID {
		return m, err
	}
	return m, d.plan(ctx, m, Reminder{ID: reminderID(RemindGone, string(id), instant(m.Removed), id), Kind: RemindGone, For: m.Removed, Due: m.Removed})
}

// undoStandingFor is how long another role, or a removal, can be taken back.
const undoStandingFor = undoHandingFor

// CanReturn reports whether by, who runs the team, can have come back what a member was before.
func (m Member) CanReturn(by Member, now time.Time) bool {
	return (by.Role == RoleOwner || m.Role != RoleOwner && m.Before.Role != RoleOwner) && m.returnable(now)
}

func (m Member) returnable(now time.Time) bool {
	return m.Before.Cause != "" && now.Sub(m.Before.At) < undoStandingFor && !m.Handing.UnderWay()
}

// ReturnStanding takes back the change of a member's role, or their removal, that a cause made, with what was handed over by it as far as
// that is still whose it became. Who was taken out sets their one-time codes up anew. ErrNotFound on "standing" if there is nothing
// to take back or it is too late; ErrConflict on "handing" if what was theirs is still on its way; ErrInvalid on "member.heir" if they
// have by now what does not go with what they were; it fails as SetRole does, too.
func (d *Desk) ReturnStanding(ctx context.Context, by Actor, id MemberID, cause Cause) (Member, error) {
	var out bool
	m, err := d.changeMember(ctx, by, id, func(team Team, m *Member) error {
		was := m.Before
		switch {
		case cause == "" || was.Cause != cause:
			return &Error{Kind: ErrNotFound, Field: "standing"}
		case m.Handing.UnderWay():
			return &Error{Kind: ErrConflict, Field: "handing"}
		case !m.returnable(d.now()):
			return &Error{Kind: ErrNotFound, Field: "standing"}
		case was.Role == RoleOwner && by.Role != RoleOwner:
			return &Error{Kind: ErrDenied, Field: "team.owners"}
		}
		m.Role, m.Before = was.Role, Standing{}
		if out = was.Out; out {
			m.Removed = time.Time{}
		}
		leaves, err := d.left(ctx, team, *m)
		switch {
		case err != nil:
			return err
		case !leaves.None() && !leaves.Keepable:
			return invalid(FieldHeir) // given to them meanwhile
		}
		if m.Handing.Cause == cause && m.Returnable(team, d.now()) {
			m.Handing = d.handBack(by, m.Handing)
		}
		return nil
	})
	if err == nil {
		err = d.returnDeputy(ctx, by, m)
	}
	if err != nil || id == by.ID {
		return m, err
	}
	return m, d.tellRole(ctx, by, m, out)
}

// Leaving is what a member would have to leave to others.
type Leaving struct {
	Clients, Tasks int
	Binned         int  // of the clients: in the bin
	Keepable       bool // they may stay with the member, who cannot change their cards any more

	Deputises []Absence // in which nobody would stand in any more
}

// None reports whether there is nothing.
func (l Leaving) None() bool { return l.Clients+l.Tasks == 0 }

// Leaves is what a colleague would have to leave if they were removed, or had another role.
func (d *Desk) Leaves(ctx context.Context, by Actor, c Colleague, removed bool, role Role) (Leaving, error) {
	team, _, err := d.gate(ctx, by, ActionEditPeople)
	if err != nil {
		return Leaving{}, err
	}
	m := c.Member
	if removed {
		m.Removed = d.now()
	}
	if role != "" {
		m.Role = role
	}
	l, err := d.left(ctx, team, m)
	if !l.Keepable {
		l.Deputises = team.Deputises(m.ID, d.now())
	}
	return l, err
}

// left counts what a member has and may not have any more, or has and may not change, what is in the bin too.
func (d *Desk) left(ctx context.Context, team Team, m Member) (Leaving, error) {
	var l Leaving
	var err error
	if l.Keepable = m.takes(team, ActionTendClients); !l.Keepable || !m.takes(team, ActionEditClient) {
		if l.Clients, l.Binned, err = d.owned(ctx, m); err != nil {
			return l, err
		}
	}
	if !m.takes(team, ActionReadTask) {
		if l.Tasks, err = d.store.CountTasks(ctx, TaskQuery{Team: m.Team, Assignee: m.ID, State: TaskOpen}, MostCounted); err != nil {
			return l, fmt.Errorf("count tasks: %w", err)
		}
	}
	return l, nil
}

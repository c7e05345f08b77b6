package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Invite lets people into the team.
type Invite struct {
	ID      string     `json:"_id" bson:"_id"` // SHA-256 of the code, hex: the code itself is never stored
	Team    TeamID     `json:"team" bson:"team"`
	Rev     int64      `json:"rev" bson:"rev"`
	Schema  int        `json:"schema" bson:"schema"`
	Role    Role       `json:"role" bson:"role"`
	By      MemberID   `json:"by" bson:"by"`
	Expires time.Time  `json:"expires" bson:"expires"`
	Uses    int        `json:"uses,omitempty" bson:"uses,omitempty"`       // how many people it lets in; 0: one
	UsedBy  MemberID   `json:"used_by,omitempty" bson:"used_by,omitempty"` // the first
	Others  []MemberID `json:"others,omitempty" bson:"others,omitempty"`   // who used it, too
	Created time.Time  `json:"created" bson:"created"`
}

// users are the people whom the invitation has let in.
func (i Invite) users() []MemberID {
	if i.UsedBy == "" {
		return nil
	}
	return append([]MemberID{i.UsedBy}, i.Others...)
}

// use notes that somebody has come in.
func (i *Invite) use(id MemberID) {
	if i.UsedBy == "" {
		i.UsedBy = id
	} else {
		i.Others = append(i.Others, id)
	}
}

// Roles in the order in which people are offered them.
var Roles = []Role{RoleManager, RoleSupport, RoleAccountant, RoleAnalyst, RoleAdmin, RoleOwner}

// Grantable lists the roles that a member of a role can give. Only an owner makes owners: else an admin could make
// themselves one by a friend.
func Grantable(role Role) []Role {
	switch role {
	case RoleOwner:
		return Roles
	case RoleAdmin:
		return slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return r == RoleOwner })
	}
	return nil
}

// For how long an invitation may hold, in days, and how many people it may let in.
var (
	InviteDays = []int{1, 7, 30}
	InviteUses = []int{1, 5, 20}
)

// Invitation is what an invitation is to be like.
type Invitation struct {
	Role Role
	Days int
	Uses int // people; an owner is always invited alone
}

// InviteMember makes a code that lets people in. ErrDenied on "team.owners" if by may not give that role, ErrInvalid on
// "invite", ErrConflict on "invite" if this very cause has made one already.
func (d *Desk) InviteMember(ctx context.Context, by Actor, in Invitation) (code string, inv Invite, err error) {
	team, _, err := d.gate(ctx, by, ActionInvite)
	if err != nil {
		return "", Invite{}, err
	}
	switch {
	case !slices.Contains(Roles, in.Role), !slices.Contains(InviteDays, in.Days), !slices.Contains(InviteUses, in.Uses),
		in.Role == RoleOwner && in.Uses != 1:
		return "", Invite{}, invalid("invite")
	case !slices.Contains(Grantable(by.Role), in.Role):
		return "", Invite{}, &Error{Kind: ErrDenied, Field: "team.owners"}
	}
	if in.Role == RoleOwner || in.Role == RoleAdmin {
		if err := d.confirmed(ctx, by, team); err != nil {
			return "", Invite{}, err
		}
	}
	if _, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); err == nil { // its code is nowhere kept
		return "", Invite{}, &Error{Kind: ErrConflict, Field: "invite"}
	} else if !errors.Is(err, ErrNotFound) {
		return "", Invite{}, fmt.Errorf("read whether the invite was made: %w", err)
	}
	code = newCode()
	now := d.now()
	inv = Invite{ID: hash(code), Team: team.ID, Rev: 1, Schema: schemaVersion, Role: in.Role, By: by.ID, Uses: in.Uses,
		Expires: now.AddDate(0, 0, in.Days), Created: now}
	ev := Event{ID: by.Cause.EventID(0), Team: team.ID, Schema: schemaVersion, Action: ActionInvite, Record: inv.ID, Rev: 1,
		By: by.ID, At: now, Fields: map[string]Delta{"role": {After: quoted(string(inv.Role))}}}
	if err := d.store.SaveInvite(ctx, inv, ev); errors.Is(err, ErrApplied) {
		return "", Invite{}, &Error{Kind: ErrConflict, Field: "invite"}
	} else if err != nil {
		return "", Invite{}, fmt.Errorf("save invite: %w", err)
	}
	return code, inv, nil
}

// maxInvites bounds how many invitations are listed; each is gone after a month at the most.
const maxInvites = 200

// OpenInvites lists the invitations that still let somebody in, the newest first.
func (d *Desk) OpenInvites(ctx context.Context, by Actor) ([]Invite, error) {
	if _, _, err := d.gate(ctx, by, ActionInvite); err != nil {
		return nil, err
	}
	list, err := d.store.Invites(ctx, by.Team, d.now(), maxInvites)
	if err != nil {
		return nil, fmt.Errorf("list invites: %w", err)
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return nil, err
	}
	var open []Invite
	for _, i := range list {
		stands, err := d.stands(ctx, team, i)
		if err != nil {
			return nil, err
		}
		if stands && i.Left() > 0 && d.now().Before(i.Expires) {
			open = append(open, i)
		}
	}
	return open, nil
}

// stands reports whether whoever made an invitation could make it today: with a role, or a member, go the doors they opened.
func (d *Desk) stands(ctx context.Context, team Team, i Invite) (bool, error) {
	by, err := d.store.Member(ctx, team.ID, i.By)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read who invited: %w", err)
	}
	return by.takes(team, ActionInvite) && slices.Contains(Grantable(by.Role), i.Role), nil
}

// Left is how many people the invitation still lets in.
func (i Invite) Left() int { return max(i.Uses, 1) - len(i.users()) }

// RevokeInvite takes back the invitation whose id begins so: it lets in nobody any more. ErrNotFound on "invite" if none that
// is open does; ErrDenied on "team.owners" if by could not have made it.
func (d *Desk) RevokeInvite(ctx context.Context, by Actor, begins string) error {
	for range maxRaces {
		open, err := d.OpenInvites(ctx, by)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(open, func(i Invite) bool { return begins != "" && strings.HasPrefix(i.ID, begins) })
		if i < 0 {
			return d.unlessRevoked(ctx, by)
		}
		inv := open[i]
		if !slices.Contains(Grantable(by.Role), inv.Role) {
			return &Error{Kind: ErrDenied, Field: "team.owners"}
		}
		inv.Rev, inv.Expires = inv.Rev+1, d.now()
		err = d.store.SaveInvite(ctx, inv, Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: ActionRevoke,
			Record: inv.ID, Rev: inv.Rev, By: by.ID, At: d.now(), Fields: map[string]Delta{"role": {Before: quoted(string(inv.Role))}}})
		if err == nil || errors.Is(err, ErrApplied) {
			return nil
		}
		if !errors.Is(err, ErrConflict) { // else somebody has just come in by it
			return fmt.Errorf("revoke invite: %w", err)
		}
	}
	return &Error{Kind: ErrConflict, Field: "invite"}
}

// unlessRevoked is ErrNotFound unless this very cause has revoked the invitation.
func (d *Desk) unlessRevoked(ctx context.Context, by Actor) error {
	if e, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); err == nil && e.Action == ActionRevoke {
		return nil
	}
	return &Error{Kind: ErrNotFound, Field: "invite"}
}

// AcceptInvite lets a newcomer in. ErrExpired if the invitation is unknown, too old, used up, or was used by this person
// before: whoever was removed needs a new one.
func (d *Desk) AcceptInvite(ctx context.Context, who Newcomer, code string, cause Cause) (Member, error) {
	for range maxRaces {
		inv, err := d.store.Invite(ctx, hash(code))
		if errors.Is(err, ErrNotFound) {
			return Member{}, expiredInvite
		}
		if err != nil {
			return Member{}, fmt.Errorf("read invite: %w", err)
		}
		team, err := d.store.Team(ctx, inv.Team)
		if err != nil {
			return Member{}, fmt.Errorf("read team: %w", err)
		}
		err = d.useInvite(ctx, team, inv, memberID(team.ID, who.User), cause)
		if err == nil {
			m, err := d.join(ctx, team, who, inv.Role, cause)
			if err != nil {
				return m, err
			}
			return m, d.tellInviter(ctx, team, inv, m, cause)
		}
		if !errors.Is(err, ErrConflict) {
			return Member{}, err
		}
	}
	return Member{}, expiredInvite
}

// tellInviter has whoever made an invitation told who came in by it: it may have got into other hands.
func (d *Desk) tellInviter(ctx context.Context, team Team, inv Invite, m Member, cause Cause) error {
	by, err := d.member(ctx, team.ID, inv.By)
	if err != nil || !by.Removed.IsZero() {
		return err
	}
	return d.plan(ctx, by.of(team), Reminder{ID: reminderID(RemindJoined, string(m.ID), string(cause), by.ID), Kind: RemindJoined, Who: m.ID,
		For: d.now()})
}

var expiredInvite = &Error{Kind: ErrExpired, Field: "invite"}

// useInvite notes who came in by an invitation; ErrConflict if somebody else did at the same moment.
func (d *Desk) useInvite(ctx context.Context, team Team, inv Invite, id MemberID, cause Cause) error {
	used := inv.users()
	if slices.Contains(used, id) {
		return d.usedNow(ctx, inv, cause)
	}
	if len(used) >= max(inv.Uses, 1) || !d.now().Before(inv.Expires) {
		return expiredInvite
	}
	stands, err := d.stands(ctx, team, inv)
	if err != nil {
		return err
	}
	if !stands {
		return expiredInvite
	}
	// An invitation for several that was sent around before somebody was removed does not let them in again.
	m, err := d.store.Member(ctx, inv.Team, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("read member: %w", err)
	}
	if err == nil && m.Removed.After(inv.Created) {
		return expiredInvite
	}
	inv.use(id)
	inv.Rev++
	ev := Event{ID: cause.EventID(1), Team: inv.Team, Schema: schemaVersion, Action: ActionAdmit, Record: inv.ID, Rev: inv.Rev,
		By: id, At: d.now()}
	if err := d.store.SaveInvite(ctx, inv, ev); err != nil && !errors.Is(err, ErrApplied) {
		return fmt.Errorf("save invite: %w", err)
	}
	return nil
}

// usedNow fails unless this very cause used the invitation: its first delivery may have ended in a crash before the
// member was made. The same person with the old link later is not let in again.
func (d *Desk) usedNow(ctx context.Context, inv Invite, cause Cause) error {
	ev, err := d.store.Event(ctx, inv.Team, cause.EventID(1))
	if errors.Is(err, ErrNotFound) || err == nil && ev.Record != inv.ID {
		return expiredInvite
	}
	if err != nil {
		return fmt.Errorf("read who used the invite: %w", err)
	}
	return nil
}

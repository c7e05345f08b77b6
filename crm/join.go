package crm

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Setup is what a new team starts with.
type Setup struct {
	Region string // for phones, e.g. RU
	Zone   string // IANA
	Lang   string // "ru" or "en"
}

// teamID of the one team that the first version serves.
const teamID TeamID = "main"

// systemCause marks what the program does by itself.
const systemCause Cause = "start"

// Open makes the team at the first start. While nobody has claimed it a fresh one-time claim code is returned at
// each start (the code before it is void); "" once there is an owner.
func (d *Desk) Open(ctx context.Context, s Setup) (claim string, err error) {
	team, err := d.store.Team(ctx, teamID)
	switch {
	case errors.Is(err, ErrNotFound):
		team = Team{ID: teamID, Schema: schemaVersion, Region: s.Region, Zone: s.Zone, Lang: s.Lang, Created: d.now()}
	case err != nil:
		return "", fmt.Errorf("read team: %w", err)
	case team.Claim == "":
		return "", nil
	}
	claim = newCode()
	team.Claim, team.Rev = hash(claim), team.Rev+1
	ev := Event{ID: EventID(fmt.Sprintf("%s.%s.%d", systemCause, teamID, team.Rev)), Team: team.ID, Schema: schemaVersion,
		Action: ActionEditTeam, Record: string(team.ID), Rev: team.Rev, At: d.now()}
	if err := d.store.SaveTeam(ctx, team, ev); err != nil {
		return "", fmt.Errorf("save team: %w", err)
	}
	return claim, nil
}

// newCode is 128 random bits in base64url, 22 characters: fits a start parameter (64, A–Z a–z 0–9 _ -).
func newCode() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic("crm: no randomness: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func hash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// Newcomer is a person who is not a member (yet).
type Newcomer struct {
	User     int64
	Name     string
	Username string
	Lang     string
}

// Actor finds the member with this Telegram user id, who has written; ErrNotFound if there is none. It is for one turn: what it reads
// of the team is kept.
func (d *Desk) Actor(ctx context.Context, user int64, cause Cause) (Actor, error) {
	m, err := d.store.MemberByUser(ctx, user)
	if err != nil {
		return Actor{}, fmt.Errorf("find member: %w", err)
	}
	if !m.Blocked.IsZero() {
		if m, err = d.comeBack(ctx, m); err != nil {
			return Actor{}, err
		}
	}
	t, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return Actor{}, fmt.Errorf("read team: %w", err)
	}
	return Actor{Member: m.of(t), Cause: cause, team: &t}, nil
}

// TellStranger reports whether this person has not been told yet that access is by invitation.
func (d *Desk) TellStranger(ctx context.Context, user int64) (bool, error) {
	return d.store.MarkOnce(ctx, "stranger:"+strconv.FormatInt(user, 10), d.now())
}

// Claim makes a newcomer the owner of the team that the code belongs to. ErrExpired if it is void or used by somebody else.
func (d *Desk) Claim(ctx context.Context, who Newcomer, code string, cause Cause) (Member, error) {
	return d.own(ctx, who, cause, func(t Team) bool { return t.Claim == hash(code) })
}

// Adopt makes the person whom the settings name the owner, if the team has none yet. ErrExpired if it has.
func (d *Desk) Adopt(ctx context.Context, who Newcomer, cause Cause) (Member, error) {
	return d.own(ctx, who, cause, func(Team) bool { return true })
}

// own binds the claim to the person first, so that of two one wins, and makes the member then: after a crash between
// the two the same person goes on, and nobody else can.
func (d *Desk) own(ctx context.Context, who Newcomer, cause Cause, entitled func(Team) bool) (Member, error) {
	gone := &Error{Kind: ErrExpired, Field: "claim"}
	for range maxRaces {
		team, err := d.store.Team(ctx, teamID)
		if err != nil {
			return Member{}, fmt.Errorf("read team: %w", err)
		}
		id := memberID(team.ID, who.User)
		if team.Claim == "" {
			if m, err := d.store.Member(ctx, team.ID, id); team.ClaimedBy != id || err == nil && !m.Removed.IsZero() {
				return Member{}, gone
			}
			return d.join(ctx, team, who, RoleOwner, cause)
		}
		if !entitled(team) {
			return Member{}, gone
		}
		team.Claim, team.ClaimedBy, team.Rev = "", id, team.Rev+1
		ev := Event{ID: cause.EventID(1), Team: team.ID, Schema: schemaVersion, Action: ActionAdmit, Record: string(team.ID),
			Rev: team.Rev, By: id, At: d.now()}
		err = d.store.SaveTeam(ctx, team, ev)
		if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return Member{}, fmt.Errorf("save team: %w", err)
		}
	}
	return Member{}, &Error{Kind: ErrConflict, Field: "team"}
}

// memberID is the id that a person has, or will have, in a team.
func memberID(team TeamID, user int64) MemberID {
	return MemberID(newID(team, Cause(strconv.FormatInt(user, 10)), "member", 0))
}

// join makes a member of a newcomer, or brings back one who was removed.
func (d *Desk) join(ctx context.Context, team Team, who Newcomer, role Role, cause Cause) (Member, error) {
	id := memberID(team.ID, who.User)
	m, err := d.store.Member(ctx, team.ID, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Member{}, fmt.Errorf("read member: %w", err)
	}
	if err == nil && m.Removed.IsZero() {
		return m, nil
	}
	if err != nil {
		m = Member{ID: id, Team: team.ID, Schema: schemaVersion, User: who.User, Zone: team.Zone, Lang: who.Lang, Created: d.now()}
	}
	name, err := CleanName(who.Name)
	if err != nil {
		name = strconv.FormatInt(who.User, 10)
	}
	m.Name, m.Username, m.Role, m.Removed, m.Rev = name, who.Username, role, time.Time{}, m.Rev+1
	m.Before = Standing{}
	ev := Event{ID: cause.EventID(0), Team: team.ID, Schema: schemaVersion, Action: ActionJoin, Record: string(m.ID),
		Rev: m.Rev, By: m.ID, At: d.now(), Fields: map[string]Delta{"role": {After: quoted(string(role))}}}
	if err := d.store.SaveMember(ctx, m, ev); err != nil && !errors.Is(err, ErrApplied) {
		return Member{}, fmt.Errorf("save member: %w", err)
	}
	return m, nil
}

package crm

import (
	"sync"
	"time"

	"kartoteka/crm/city"
)

// Role decides what a member may do; see rights.go.
type Role string

const (
	RoleOwner      Role = "owner"
	RoleAdmin      Role = "admin"
	RoleManager    Role = "manager"
	RoleSupport    Role = "support"
	RoleAnalyst    Role = "analyst"
	RoleAccountant Role = "accountant"
)

// Member is a person of the team.
type Member struct {
	ID        MemberID  `json:"_id" bson:"_id"`
	Team      TeamID    `json:"team" bson:"team"`
	Rev       int64     `json:"rev" bson:"rev"`
	Schema    int       `json:"schema" bson:"schema"`
	User      int64     `json:"user" bson:"user"` // Telegram user id; also the id of the private chat
	Name      string    `json:"name" bson:"name"`
	Username  string    `json:"username,omitempty" bson:"username,omitempty"`
	Role      Role      `json:"role" bson:"role"`
	Lang      string    `json:"lang" bson:"lang"`                     // "ru" or "en"
	Zone      string    `json:"zone" bson:"zone"`                     // IANA name
	City      string    `json:"city,omitempty" bson:"city,omitempty"` // of the zone, by its English name; "": its main city
	Reminding Reminding `json:"reminding,omitzero" bson:"reminding,omitempty"`
	Code      CodeLock  `json:"code,omitzero" bson:"code,omitempty"`
	Blocked   time.Time `json:"blocked,omitzero" bson:"blocked,omitempty"` // since when nothing reaches them; zero: they are reached
	Removed   time.Time `json:"removed,omitzero" bson:"removed,omitempty"`
	Before    Standing  `json:"before,omitzero" bson:"before,omitempty"`
	Handing   Handing   `json:"handing,omitzero" bson:"handing,omitempty"` // of what they were responsible for
	Mass      Mass      `json:"mass,omitzero" bson:"mass,omitempty"`       // the last change of many cards
	Created   time.Time `json:"created" bson:"created"`
}

// Standing is what a member was before their role was changed, or they were taken out of the team, so that it can be taken back.
type Standing struct {
	Cause Cause     `json:"cause,omitempty" bson:"cause,omitempty"` // of the change; "": there is nothing to take back
	Role  Role      `json:"role,omitempty" bson:"role,omitempty"`
	Out   bool      `json:"out,omitempty" bson:"out,omitempty"` // they were taken out by it
	At    time.Time `json:"at,omitzero" bson:"at,omitempty"`
}

// Location is the member's time zone; UTC if it is not known to this system.
func (m Member) Location() *time.Location {
	if loc, ok := zones.Load(m.Zone); ok {
		return loc.(*time.Location)
	}
	loc, err := time.LoadLocation(m.Zone)
	if err != nil {
		return time.UTC
	}
	zones.Store(m.Zone, loc)
	return loc
}

// zones are those that were asked for, by name: time.LoadLocation reads a file each time.
var zones sync.Map

// Town is where the member is.
func (m Member) Town() city.City { return city.Of(m.Zone, m.City) }

// Actor is the member on whose behalf a use case runs, and what made it run.
type Actor struct {
	Member
	Cause Cause
	team  *Team // as the actor's first use case read it, for those that follow in the same turn; nil: each reads it
}

// forgetTeam has the next use case read the team anew.
func (by Actor) forgetTeam() {
	if by.team != nil {
		*by.team = Team{}
	}
}

package crm

import (
	"context"
	"maps"
	"slices"
	"time"
)

// StaleRules is when a team's clients ask for attention by themselves. The zero value is the default. A status goes before
// a stage, a stage before Days.
type StaleRules struct {
	Days     int            `json:"days,omitempty" bson:"days,omitempty"`         // without a touch; 0: 60
	Stages   map[Stage]int  `json:"stages,omitempty" bson:"stages,omitempty"`     // of these stages; StaleNever: never
	Statuses map[Status]int `json:"statuses,omitempty" bson:"statuses,omitempty"` // of these statuses; VIP: 30, unless named
	Offer    int            `json:"offer,omitempty" bson:"offer,omitempty"`       // days to wait for an answer to an offer; 0: 3
	Daily    bool           `json:"daily,omitempty" bson:"daily,omitempty"`       // a list each working day instead of one a week
}

// StaleNever in StaleRules: these clients are never asked about for being silent.
const StaleNever = -1

// Defaults of StaleRules and the bounds of what may be set, in days.
const (
	defaultStale    = 60
	defaultStaleVIP = 30
	defaultOffer    = 3
	maxStale        = 3650
	maxOffer        = 60
)

// Full is the rules with the defaults put in.
func (r StaleRules) Full() StaleRules {
	if r.Days == 0 {
		r.Days = defaultStale
	}
	if r.Offer == 0 {
		r.Offer = defaultOffer
	}
	if r.Statuses[StatusVIP] == 0 {
		r.Statuses = maps.Clone(r.Statuses)
		if r.Statuses == nil {
			r.Statuses = map[Status]int{}
		}
		r.Statuses[StatusVIP] = defaultStaleVIP
	}
	return r
}

// After is how many days a client of that stage and status may be silent; StaleNever: without end. r is Full.
func (r StaleRules) After(stage Stage, status Status) int {
	if n := r.Statuses[status]; n != 0 {
		return n
	}
	if n := r.Stages[stage]; n != 0 {
		return n
	}
	return r.Days
}

// StaleRule is one of the numbers of days in StaleRules.
type StaleRule struct {
	Name   string // "days", "offer", "stage.lead", "status.vip"
	Stage  Stage  // whose it is; "": of none
	Status Status // whose it is; "": of none
}

// UsualRule holds where a client's stage and status have none of their own; OfferRule is how long an offer waits.
var (
	UsualRule = StaleRule{Name: "days"}
	OfferRule = StaleRule{Name: "offer"}
)

// StageRules and StatusRules are the rules of each stage, and of each status.
var StageRules, StatusRules = stageRules(), statusRules()

func stageRules() (all []StaleRule) {
	for _, s := range LiveStages {
		all = append(all, StaleRule{Name: "stage." + string(s), Stage: s})
	}
	return all
}

func statusRules() (all []StaleRule) {
	for _, s := range LiveStatuses {
		all = append(all, StaleRule{Name: "status." + string(s), Status: s})
	}
	return all
}

// FindStaleRule is the rule of a name; ok is false if there is none.
func FindStaleRule(name string) (rule StaleRule, ok bool) {
	for _, r := range slices.Concat([]StaleRule{UsualRule, OfferRule}, StageRules, StatusRules) {
		if r.Name == name {
			return r, true
		}
	}
	return rule, false
}

// Of is the number that the rules have; 0: none of its own.
func (r StaleRule) Of(all StaleRules) int {
	switch {
	case r.Stage != "":
		return all.Stages[r.Stage]
	case r.Status != "":
		return all.Statuses[r.Status]
	case r == OfferRule:
		return all.Offer
	}
	return all.Days
}

// Put sets the number in rules that SetStaleRules is changing; 0 takes that of a stage or status away.
func (r StaleRule) Put(all *StaleRules, n int) {
	switch {
	case r.Stage != "" && n == 0:
		delete(all.Stages, r.Stage)
	case r.Stage != "":
		all.Stages[r.Stage] = n
	case r.Status != "" && n == 0:
		delete(all.Statuses, r.Status)
	case r.Status != "":
		all.Statuses[r.Status] = n
	case r == OfferRule:
		all.Offer = n
	default:
		all.Days = n
	}
}

func (r StaleRules) check() error {
	for stage, n := range r.Stages {
		if !slices.Contains(LiveStages, stage) || !staleDays(n) {
			return invalid("stale")
		}
	}
	for status, n := range r.Statuses {
		if !slices.Contains(LiveStatuses, status) || !staleDays(n) {
			return invalid("stale")
		}
	}
	if !staleDays(r.Days) || r.Offer < 1 || r.Offer > maxOffer {
		return invalid("stale")
	}
	return nil
}

func staleDays(n int) bool { return n == StaleNever || n >= 1 && n <= maxStale }

// LiveStages and LiveStatuses are those of clients that somebody should get in touch with.
var (
	LiveStages   = slices.DeleteFunc(slices.Clone(Stages), func(s Stage) bool { return s == StageArchive })
	LiveStatuses = slices.DeleteFunc(slices.Clone(Statuses), func(s Status) bool { return s == StatusBlocked })
)

// SetStaleRules changes when the team's clients ask for attention; f changes the rules with the defaults put in. Only the
// owner may. ErrInvalid on "stale" if the result makes no sense.
func (d *Desk) SetStaleRules(ctx context.Context, by Actor, f func(*StaleRules)) (Team, error) {
	return d.editTeamAs(ctx, by, ActionSetStale, func(t *Team) error {
		r := t.Stale.Full()
		r.Stages, r.Statuses = maps.Clone(r.Stages), maps.Clone(r.Statuses)
		if r.Stages == nil {
			r.Stages = map[Stage]int{}
		}
		if f(&r); r.check() != nil {
			return r.check()
		}
		t.Stale = r
		return nil
	})
}

// neglects are the rules as a query asks for them: with the time since which a client has been silent for too long.
func (r StaleRules) neglects(now time.Time) []Neglect {
	red := justAfter(redSince(now))
	var rest []Status // that have no days of their own
	var all []Neglect
	for _, s := range LiveStatuses {
		if n := r.Statuses[s]; n != 0 {
			all = append(all, Neglect{Stages: LiveStages, Statuses: []Status{s}, SilentBefore: silentBefore(now, n), ConfirmedBefore: red})
		} else {
			rest = append(rest, s)
		}
	}
	if len(rest) == 0 {
		return all
	}
	for _, s := range LiveStages {
		all = append(all, Neglect{Stages: []Stage{s}, Statuses: rest, SilentBefore: silentBefore(now, r.After(s, rest[0])), ConfirmedBefore: red})
	}
	return all
}

func silentBefore(now time.Time, days int) time.Time {
	if days == StaleNever {
		return time.Time{}
	}
	return justAfter(now.AddDate(0, 0, -days))
}

// justAfter is the bound of what was at a time or before it: the store keeps whole milliseconds.
func justAfter(t time.Time) time.Time { return t.Add(time.Millisecond) }

package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// AuditGroup is what audits are asked for by kind of doing.
type AuditGroup string

const (
	AuditCards   AuditGroup = "cards"   // added, changed, archived, deleted, handed over
	AuditTouches AuditGroup = "touches" // touches and notes
	AuditTasks   AuditGroup = "tasks"
	AuditTeam    AuditGroup = "team"    // who came and went, settings
	AuditTaken   AuditGroup = "taken"   // what was taken along
	AuditSecrets AuditGroup = "secrets" // looks at restricted fields
)

// AuditGroups in the order in which people are offered them.
var AuditGroups = []AuditGroup{AuditCards, AuditTouches, AuditTasks, AuditTeam, AuditTaken, AuditSecrets}

// Actions are those of the group.
func (g AuditGroup) Actions() []Action {
	switch g {
	case AuditCards:
		return []Action{ActionAddClient, ActionEditClient, ActionArchiveClient, ActionRestoreClient, ActionDeleteClient, ActionPurgeClient,
			ActionHandOverClient, ActionHandOverMany, ActionUndoClient, ActionAskErasure, ActionKeepClient, ActionEraseClient, ActionGiveConsent, ActionWithdrawConsent, ActionReturnConsent, ActionMergeClients,
			ActionImport, ActionUndoImport, ActionMassChange}
	case AuditTouches:
		return []Action{ActionLogTouch, ActionDecide}
	case AuditTasks:
		return []Action{ActionAddTask, ActionEditTask, ActionPurgeTask, ActionHandOverMany}
	case AuditTeam:
		return []Action{ActionInvite, ActionRevoke, ActionJoin, ActionEditPeople, ActionSetAbsence, ActionEditTeam, ActionSetStale, ActionLinkPlace, ActionEditMember,
			ActionGuardTeam, ActionUseCode, ActionBeginCode, ActionDropCode, ActionEndCode, ActionResetCode, ActionMissCode}
	case AuditTaken:
		return []Action{ActionTakeAudit, ActionTakeClient, ActionExport}
	case AuditSecrets:
		return []Action{ActionSeeSecret}
	}
	return nil
}

// unaudited are the events that go along with another one, and would tell the same thing twice, or change nothing that anybody sees.
var unaudited = []Action{ActionAdmit, ActionReseal, ActionGoOn, ActionForget}

// AuditFilter is what an audit is of.
type AuditFilter struct {
	Days  int        // so many, today the last one; 1 to maxAuditDays
	Back  int        // as many days earlier, so many times over; 0: today is the last one
	By    MemberID   // "": anybody
	Group AuditGroup // "": all
}

// AuditDay are the figures of one day at the member's place.
type AuditDay struct {
	Day     civil.Date
	Tallies []Tally
}

const (
	// maxAuditDays bounds an audit.
	maxAuditDays = 31
	// maxAuditBack is how many spans one can go back.
	maxAuditBack = 999
	// auditPage bounds one page of it.
	auditPage = 500
	// MaxAuditRows bounds the file: what a phone still opens.
	MaxAuditRows = 20000
)

func (f AuditFilter) query(by Actor, now time.Time) AuditQuery {
	first, last := f.Span(civil.DateOf(now.In(by.Location())))
	return AuditQuery{Team: by.Team, By: f.By, Actions: f.Group.Actions(), Without: unaudited, From: first.Begins(by.Location()),
		Before: last.Plus(1).Begins(by.Location())}
}

// Span are the first and the last day of the audit.
func (f AuditFilter) Span(today civil.Date) (first, last civil.Date) {
	days := min(max(f.Days, 1), maxAuditDays)
	last = today.Plus(-days * min(max(f.Back, 0), maxAuditBack))
	return last.Plus(1 - days), last
}

// AuditFigures counts who did what on each day, the newest first.
func (d *Desk) AuditFigures(ctx context.Context, by Actor, f AuditFilter) ([]AuditDay, error) {
	if _, _, err := d.gate(ctx, by, ActionSeeAudit); err != nil {
		return nil, err
	}
	q := f.query(by, d.now())
	first, last := f.Span(civil.DateOf(d.now().In(by.Location())))
	var days []AuditDay
	for day := last; day.String() >= first.String(); day = day.Plus(-1) {
		q.From, q.Before = day.Begins(by.Location()), day.Plus(1).Begins(by.Location())
		tallies, err := d.store.CountAudit(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("count audit: %w", err)
		}
		days = append(days, AuditDay{day, tallies})
	}
	return days, nil
}

// wholes are the actions of events that others are parts of.
var wholes = []Action{ActionHandOverMany, ActionMassChange, ActionImport, ActionUndoImport, ActionMergeClients}

// Audit lists who did what, the newest first, one page after the mark. What was done with many records at once is one of them, with the
// number of its parts, see AuditParts. A mark without a time is that of the event that it names; ErrNotFound on "event".
func (d *Desk) Audit(ctx context.Context, by Actor, f AuditFilter, after *EventMark, limit int) ([]Audited, error) {
	team, _, err := d.gate(ctx, by, ActionSeeAudit)
	if err != nil {
		return nil, err
	}
	if after != nil && after.At.IsZero() {
		last, err := d.auditedEvent(ctx, team, after.ID)
		if err != nil {
			return nil, err
		}
		after = &EventMark{last.At, last.ID}
	}
	q := f.query(by, d.now())
	q.After, q.Limit, q.Whole = after, min(max(limit, 1), auditPage), true
	list, err := d.audited(ctx, team, q)
	if err != nil {
		return nil, err
	}
	return list, d.countParts(ctx, by.Team, list)
}

// countParts puts the number of parts on what has them.
func (d *Desk) countParts(ctx context.Context, team TeamID, list []Audited) error {
	var of []EventID
	for _, a := range list {
		if slices.Contains(wholes, a.Action) {
			of = append(of, a.ID)
		}
	}
	counts, err := d.store.CountParts(ctx, team, of)
	if err != nil {
		return fmt.Errorf("count parts: %w", err)
	}
	for i := range list {
		list[i].Parts = counts[list[i].ID]
	}
	return nil
}

// AuditParts lists the parts of one event, the newest first, behind one of them or, where after is "", from the newest; and that event
// itself. of is not asked for where after is not "". ErrNotFound on "event".
func (d *Desk) AuditParts(ctx context.Context, by Actor, of, after EventID, limit int) (whole Audited, parts []Audited, err error) {
	team, _, err := d.gate(ctx, by, ActionSeeAudit)
	if err != nil {
		return whole, nil, err
	}
	q := AuditQuery{Team: by.Team, PartOf: of, Limit: min(max(limit, 1), auditPage)}
	if after != "" {
		last, err := d.auditedEvent(ctx, team, after)
		if err != nil {
			return whole, nil, err
		}
		q.PartOf, q.After = last.PartOf, &EventMark{last.At, last.ID}
	}
	if whole, err = d.auditedEvent(ctx, team, q.PartOf); err != nil {
		return whole, nil, err
	}
	list := []Audited{whole}
	if err := d.countParts(ctx, by.Team, list); err != nil {
		return whole, nil, err
	}
	parts, err = d.audited(ctx, team, q)
	return list[0], parts, err
}

// auditedEvent is one event with what it is about.
func (d *Desk) auditedEvent(ctx context.Context, team Team, id EventID) (Audited, error) {
	e, err := d.store.Event(ctx, team.ID, id)
	if errors.Is(err, ErrNotFound) {
		return Audited{}, &Error{Kind: ErrNotFound, Field: "event"}
	}
	if err != nil {
		return Audited{}, fmt.Errorf("read event: %w", err)
	}
	about, err := d.subjects(ctx, team, []Event{e})
	if err != nil {
		return Audited{}, fmt.Errorf("read what the audit is about: %w", err)
	}
	return about.of(e)
}

func (d *Desk) audited(ctx context.Context, team Team, q AuditQuery) ([]Audited, error) {
	events, err := d.store.Audit(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	about, err := d.subjects(ctx, team, events)
	if err != nil {
		return nil, fmt.Errorf("read what the audit is about: %w", err)
	}
	all := make([]Audited, len(events))
	for i, e := range events {
		if all[i], err = about.of(e); err != nil {
			return nil, fmt.Errorf("change %s: %w", e.ID, err)
		}
	}
	return all, nil
}

// TakeAudit hands each event of an audit to f, the newest first, MaxAuditRows at the most, and reports whether that was all.
// That it was taken is in the record before the first is handed over.
func (d *Desk) TakeAudit(ctx context.Context, by Actor, filter AuditFilter, f func(Audited) error) (whole bool, err error) {
	team, _, err := d.guarded(ctx, by, ActionTakeAudit)
	if err != nil {
		return false, err
	}
	if err := d.noteTaken(ctx, by, Event{Action: ActionTakeAudit, Record: string(by.Team)}); err != nil {
		return false, err
	}
	q := filter.query(by, d.now())
	q.Limit = auditPage
	for n := 0; n < MaxAuditRows; {
		page, err := d.audited(ctx, team, q)
		if err != nil {
			return false, err
		}
		for _, one := range page {
			if err := f(one); err != nil {
				return false, err
			}
		}
		if len(page) < auditPage {
			return true, nil
		}
		n += len(page)
		last := page[len(page)-1]
		q.After = &EventMark{last.At, last.ID}
	}
	return false, nil
}

package crm

import (
	"context"
	"fmt"
	"time"
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
			ActionHandOverClient, ActionUndoClient, ActionAskErasure, ActionKeepClient, ActionEraseClient, ActionGiveConsent, ActionWithdrawConsent, ActionMergeClients,
			ActionImport, ActionUndoImport, ActionMassChange}
	case AuditTouches:
		return []Action{ActionLogTouch, ActionDecide}
	case AuditTasks:
		return []Action{ActionAddTask, ActionEditTask, ActionPurgeTask}
	case AuditTeam:
		return []Action{ActionInvite, ActionRevoke, ActionJoin, ActionEditPeople, ActionSetAbsence, ActionEditTeam, ActionSetStale, ActionLinkPlace, ActionEditMember,
			ActionGuardTeam, ActionUseCode, ActionMissCode}
	case AuditTaken:
		return []Action{ActionTakeAudit, ActionTakeClient, ActionExport}
	case AuditSecrets:
		return []Action{ActionSeeSecret}
	}
	return nil
}

// unaudited are the events that go along with another one, and would tell the same thing twice, or change nothing that anybody sees.
var unaudited = []Action{ActionAdmit, ActionReseal, ActionGoOn}

// AuditFilter is what an audit is of.
type AuditFilter struct {
	Days  int        // the last ones, today included; 1 to maxAuditDays
	By    MemberID   // "": anybody
	Group AuditGroup // "": all
}

// AuditDay are the figures of one day at the member's place.
type AuditDay struct {
	Day     Date
	Tallies []Tally
}

const (
	// maxAuditDays bounds an audit.
	maxAuditDays = 31
	// auditPage bounds one page of it.
	auditPage = 500
	// MaxAuditRows bounds the file: what a phone still opens.
	MaxAuditRows = 20000
)

func (f AuditFilter) query(by Actor, now time.Time) AuditQuery {
	today := DateOf(now.In(by.Location()))
	first := today.Plus(1 - min(max(f.Days, 1), maxAuditDays))
	return AuditQuery{Team: by.Team, By: f.By, Actions: f.Group.Actions(), Without: unaudited, From: first.at(by.Location())}
}

// at is when the day begins at a place.
func (d Date) at(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// AuditFigures counts who did what on each day, the newest first.
func (d *Desk) AuditFigures(ctx context.Context, by Actor, f AuditFilter) ([]AuditDay, error) {
	if _, _, err := d.gate(ctx, by, ActionSeeAudit); err != nil {
		return nil, err
	}
	q := f.query(by, d.now())
	first, today := DateOf(q.From.In(by.Location())), DateOf(d.now().In(by.Location()))
	var days []AuditDay
	for day := today; day.String() >= first.String(); day = day.Plus(-1) {
		q.From, q.Before = day.at(by.Location()), day.Plus(1).at(by.Location())
		tallies, err := d.store.CountAudit(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("count audit: %w", err)
		}
		days = append(days, AuditDay{day, tallies})
	}
	return days, nil
}

// Audit lists who did what, the newest first, one page after the mark.
func (d *Desk) Audit(ctx context.Context, by Actor, f AuditFilter, after *EventMark, limit int) ([]Audited, error) {
	team, _, err := d.gate(ctx, by, ActionSeeAudit)
	if err != nil {
		return nil, err
	}
	q := f.query(by, d.now())
	q.After, q.Limit = after, min(max(limit, 1), auditPage)
	return d.audited(ctx, team, q)
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

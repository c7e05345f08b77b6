package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"kartoteka/crm"
)

// Event returns one event; crm.ErrNotFound.
func (s *Store) Event(ctx context.Context, team crm.TeamID, id crm.EventID) (crm.Event, error) {
	return first(readable[crm.Event](ctx, s.reader, "event", `SELECT id, doc FROM events WHERE id = ? AND team = ?`, id, team))
}

// altered is put behind the action of an event whose columns, by which lists of events are read, say something else than its document:
// no seal is of such an event.
const altered = " altered"

// EventsByID reads events in no order; those that are not there are left out.
func (s *Store) EventsByID(ctx context.Context, team crm.TeamID, ids []crm.EventID) ([]crm.Event, error) {
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("sqlite: events by id: %w", err)
	}
	var all []crm.Event
	var broken []string
	err = s.reader.rows(ctx, `SELECT e.id, e.doc, e.record, e.rev, e.at, e.by, e.action, e.part
		FROM json_each(?) j CROSS JOIN events e WHERE e.id = j.value AND e.team = ?`, []any{string(wanted), team},
		func(r *sql.Rows) (bool, error) {
			var id, raw sql.RawBytes
			var listed crm.Event
			var at int64
			if err := r.Scan(&id, &raw, &listed.Record, &listed.Rev, &at, &listed.By, &listed.Action, &listed.PartOf); err != nil {
				return true, err
			}
			var e crm.Event
			if decodeRaw(raw, &e) != nil {
				broken = append(broken, string(id))
				return false, nil
			}
			if e.Record != listed.Record || e.Rev != listed.Rev || e.By != listed.By || e.Action != listed.Action ||
				e.PartOf != listed.PartOf || e.At.UnixMilli() != at {
				e.Action += altered // one of the two was worked over, and it is not for us to say which
			}
			all = append(all, e)
			return false, nil
		})
	if err == nil {
		err = unreadable(broken)
	}
	if err != nil {
		return all, fmt.Errorf("sqlite: events by id: %w", err)
	}
	return all, nil
}

// Events lists the changes of a record, newest first.
func (s *Store) Events(ctx context.Context, q crm.EventQuery) ([]crm.Event, error) {
	w := &where{}
	w.and("team = ?", q.Team)
	w.and("record = ?", q.Record)
	if q.BeforeRev > 0 {
		w.and("rev < ?", q.BeforeRev)
	}
	return list[crm.Event](ctx, s.reader, "events",
		`SELECT doc FROM events INDEXED BY events_record WHERE `+w.String()+` ORDER BY rev DESC, id DESC LIMIT +?`, append(w.args, q.Limit)...)
}

// AddEvent keeps an event that comes with no change of a record.
func (s *Store) AddEvent(ctx context.Context, e crm.Event) error {
	if err := s.write(ctx, func(t *tx) error { return t.addEvent(e) }); err != nil {
		return fmt.Errorf("sqlite: add event: %w", err)
	}
	return nil
}

// Audit lists a team's events of a span of time, the newest first.
func (s *Store) Audit(ctx context.Context, q crm.AuditQuery) ([]crm.Event, error) {
	w := auditWhere(q)
	if q.After != nil {
		w.and("(at, id) < (?, ?)", q.After.At.UnixMilli(), q.After.ID)
	}
	return list[crm.Event](ctx, s.reader, "audit",
		`SELECT doc FROM events INDEXED BY `+auditIndex(q)+` WHERE `+w.String()+` ORDER BY at DESC, id DESC LIMIT +?`, append(w.args, q.Limit)...)
}

// CountAudit counts what the query without paging would list, by who did what.
func (s *Store) CountAudit(ctx context.Context, q crm.AuditQuery) ([]crm.Tally, error) {
	w := auditWhere(q)
	var all []crm.Tally
	err := s.reader.walk(ctx, `SELECT by, action, count(*) FROM events INDEXED BY `+auditIndex(q)+` WHERE `+w.String()+` GROUP BY by, action`, w.args,
		func(r *sql.Rows) (bool, error) {
			var t crm.Tally
			err := r.Scan(&t.By, &t.Action, &t.N)
			all = append(all, t)
			return false, err
		})
	if err != nil {
		return nil, fmt.Errorf("sqlite: count audit: %w", err)
	}
	return all, nil
}

// CountParts counts the events that are parts of these; one that has none is left out.
func (s *Store) CountParts(ctx context.Context, team crm.TeamID, of []crm.EventID) (map[crm.EventID]int, error) {
	counts := map[crm.EventID]int{}
	if len(of) == 0 {
		return counts, nil
	}
	w := &where{}
	w.and("team = ?", team)
	w.and(isPart)
	w.and("part IN ("+marks(len(of))+")", anys(of)...)
	err := s.reader.rows(ctx, `SELECT part, count(*) FROM events INDEXED BY events_parts WHERE `+w.String()+` GROUP BY part`, w.args,
		func(r *sql.Rows) (bool, error) {
			var id crm.EventID
			var n int
			err := r.Scan(&id, &n)
			counts[id] = n
			return false, err
		})
	if err != nil {
		return nil, fmt.Errorf("sqlite: count parts: %w", err)
	}
	return counts, nil
}

// isPart is true of an event that is a part of another.
const isPart = `part <> ''`

// auditIndex is the index that a list of events is read by.
func auditIndex(q crm.AuditQuery) string {
	if q.PartOf != "" {
		return "events_parts"
	}
	return "events_listed"
}

func auditWhere(q crm.AuditQuery) *where {
	w := &where{}
	w.and("team = ?", q.Team)
	w.and("at >= ?", q.From.UnixMilli())
	if !q.Before.IsZero() {
		w.and("at < ?", q.Before.UnixMilli())
	}
	if q.PartOf != "" {
		w.and("part = ?", q.PartOf)
		w.and(isPart)
	}
	if q.Whole {
		w.and("part = ''")
	}
	if q.By != "" {
		w.and("by = ?", q.By)
	}
	anyOf(w, "action", q.Actions)
	if len(q.Without) > 0 {
		w.and("action NOT IN ("+marks(len(q.Without))+")", anys(q.Without)...)
	}
	return w
}

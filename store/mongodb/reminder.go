package mongodb

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// PlanReminder keeps r unless there is one with its id.
func (s *Store) PlanReminder(ctx context.Context, r crm.Reminder) (bool, error) {
	_, err := s.reminders().InsertOne(ctx, r)
	if isDuplicate(err) {
		return false, nil
	}
	return err == nil, failed("plan reminder", err)
}

// planChunk is how many are asked for and inserted at a time.
const planChunk = 100

// PlanReminders keeps those of a batch whose id is new, then notes how far the planners got. Another process may plan the same
// meanwhile: what it was first with is there already, which is no failure.
func (s *Store) PlanReminders(ctx context.Context, batch []crm.Reminder, progress map[string]time.Time) error {
	for chunk := range slices.Chunk(batch, planChunk) {
		fresh, err := s.unplanned(ctx, chunk)
		if err != nil {
			return err
		}
		if len(fresh) == 0 {
			continue
		}
		_, err = s.reminders().InsertMany(ctx, fresh, options.InsertMany().SetOrdered(false))
		if err := onlyDuplicates(err); err != nil {
			return failed("plan reminders", err)
		}
	}
	for planner, at := range progress {
		if err := s.SetProgress(ctx, planner, at); err != nil {
			return err
		}
	}
	return nil
}

// unplanned picks those of a batch that are not there, each once.
func (s *Store) unplanned(ctx context.Context, batch []crm.Reminder) ([]crm.Reminder, error) {
	ids := make([]string, len(batch))
	for i, r := range batch {
		ids[i] = r.ID
	}
	there, err := find[head](ctx, s.reminders(), bson.D{is("_id", op("$in", ids))}, options.Find().SetProjection(bson.D{up("_id")}))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, h := range there {
		known[h.ID] = true
	}
	var fresh []crm.Reminder
	for _, r := range batch {
		if !known[r.ID] {
			known[r.ID] = true
			fresh = append(fresh, r)
		}
	}
	return fresh, nil
}

// LeaseReminders takes what is due, each by a compare-and-swap of its own: what another process takes first is
// passed over.
func (s *Store) LeaseReminders(ctx context.Context, l crm.Lease) ([]crm.Reminder, error) {
	due, err := s.leasable(ctx, l)
	if err != nil {
		return nil, err
	}
	var leased []crm.Reminder
	for _, r := range due {
		from := r.State
		r.Take(l.Until)
		err := s.replaceReminder(ctx, r, r.Fence-1, from)
		if errors.Is(err, crm.ErrConflict) {
			continue
		}
		if err != nil {
			return leased, err
		}
		leased = append(leased, r)
	}
	return leased, nil
}

// leasable lists what may be taken: planned and due, or to be taken again.
func (s *Store) leasable(ctx context.Context, l crm.Lease) ([]crm.Reminder, error) {
	due, err := list[crm.Reminder](ctx, s.reminders(), plannedFilter(l), l.Limit, up("due"), up("_id"))
	if err != nil {
		return nil, err
	}
	for _, state := range crm.ResumedStates {
		left, err := list[crm.Reminder](ctx, s.reminders(), leftFilter(l, state), l.Limit, up("until"), up("_id"))
		if err != nil {
			return nil, err
		}
		due = append(due, left...)
	}
	slices.SortFunc(due, func(a, b crm.Reminder) int { return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.ID, b.ID)) })
	return due[:min(len(due), l.Limit)], nil
}

func plannedFilter(l crm.Lease) bson.D {
	return of(l.Member, bson.D{is("state", crm.ReminderPlanned), is("due", op("$lte", l.Now))})
}

func leftFilter(l crm.Lease, state crm.ReminderState) bson.D {
	return of(l.Member, bson.D{is("state", state), is("until", op("$lte", l.Now))})
}

// of picks a member's out of what the filter lets pass; all if none is named.
func of(member crm.MemberID, filter bson.D) bson.D {
	if member != "" {
		filter = append(filter, is("member", member))
	}
	return filter
}

// MoveReminder replaces the stored reminder by r if it has r's fence and is in state from.
func (s *Store) MoveReminder(ctx context.Context, r crm.Reminder, from crm.ReminderState) error {
	return s.replaceReminder(ctx, r, r.Fence, from)
}

func (s *Store) replaceReminder(ctx context.Context, r crm.Reminder, fence int64, from crm.ReminderState) error {
	res, err := s.reminders().ReplaceOne(ctx, bson.D{is("_id", r.ID), is("team", r.Team), is("fence", fence), is("state", from)}, r)
	if err == nil && res.MatchedCount == 0 {
		err = crm.ErrConflict
	}
	return failed("move reminder", err)
}

// Reminders answers the query in full, by due time, then id.
func (s *Store) Reminders(ctx context.Context, q crm.ReminderQuery) ([]crm.Reminder, error) {
	order := up
	if q.Latest {
		order = down
	}
	return list[crm.Reminder](ctx, s.reminders(), reminderFilter(q), q.Limit, order("due"), order("_id"))
}

// PurgeReminders removes those that were done before a time, at most limit.
func (s *Store) PurgeReminders(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge[string](ctx, s.reminders(), doneFilter(before), limit)
}

func doneFilter(before time.Time) bson.D {
	return bson.D{is("state", op("$in", crm.DoneStates)), is("done", op("$lt", before))}
}

func reminderFilter(q crm.ReminderQuery) bson.D {
	filter := bson.D{is("team", q.Team)}
	if len(q.IDs) > 0 {
		filter = append(filter, is("_id", op("$in", q.IDs)))
	}
	if len(q.States) > 0 {
		filter = append(filter, is("state", op("$in", q.States)))
	}
	filter = of(q.Member, filter)
	if !q.DueBefore.IsZero() {
		filter = append(filter, is("due", op("$lt", q.DueBefore)))
	}
	if q.After != nil {
		filter = append(filter, afterDue(q.After.Due, q.After.ID))
	}
	return filter
}

// Progress is how far a planner got; zero if it never ran.
func (s *Store) Progress(ctx context.Context, planner string) (time.Time, error) {
	p, err := get[crm.Progress](ctx, s.progress(), bson.D{is("_id", planner)})
	if errors.Is(err, crm.ErrNotFound) {
		return time.Time{}, nil
	}
	return p.At, err
}

// SetProgress notes how far a planner got; it never goes back.
func (s *Store) SetProgress(ctx context.Context, planner string, at time.Time) error {
	_, err := s.progress().UpdateOne(ctx, bson.D{is("_id", planner)}, bson.D{is("$max", bson.D{is("at", at)})},
		options.UpdateOne().SetUpsert(true))
	return failed("note progress", err)
}

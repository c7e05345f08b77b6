package crm

import (
	"context"
	"fmt"
	"slices"
)

// mostForeign is how many of other people's tasks about a client are looked at for those that somebody has handed over.
const mostForeign = 20

// ClientTasks lists the open tasks about a client, at most so many, the earliest due first: those that by may see, and those that by has
// given to others or handed over.
func (d *Desk) ClientTasks(ctx context.Context, by Actor, id ClientID, most int) ([]Task, error) {
	_, reach, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return nil, err
	}
	known, err := d.Tasks(ctx, by, TaskQuery{Client: id, State: TaskOpen, Limit: most})
	if err != nil || reach.all {
		return known, err
	}
	list, err := d.store.Tasks(ctx, TaskQuery{Team: by.Team, Client: id, State: TaskOpen, Limit: most + mostForeign})
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	for _, t := range list {
		if reach.of(t.Assignee) {
			continue
		}
		gave, err := d.gave(ctx, by, t)
		if err != nil {
			return nil, err
		}
		if gave {
			known = append(known, t.seenBy(by.Role))
		}
	}
	slices.SortStableFunc(known, func(a, b Task) int { return a.Due.Compare(b.Due) })
	return known[:min(len(known), most)], nil
}

// gave reports whether by has made a task of another's, or has handed it over. From whom it was taken by somebody else has nothing to do
// with it any more.
func (d *Desk) gave(ctx context.Context, by Actor, t Task) (bool, error) {
	if t.By == by.ID {
		return true, nil
	}
	return d.anyPass(ctx, t, func(had, gave MemberID) bool { return had == by.ID && gave == by.ID })
}

package crm

import (
	"context"
	"errors"
	"fmt"
)

// Along is what became of the open tasks about a client who has gone to another member.
type Along struct {
	Went  int
	Tasks []Task // of those that went, the first ones that the reader may read
	Stay  int    // that others have: they were given to them, or see the card as before
}

// mostAlong is how many of the tasks are named.
const mostAlong = 3

// WentAlong tells what has gone along with a client whom by's cause has handed over, be it to somebody whose tasks by may not read: nothing if it
// has handed over none.
func (d *Desk) WentAlong(ctx context.Context, by Actor, id ClientID) (Along, error) {
	team, _, err := d.gate(ctx, by, ActionHandOverClient)
	if err != nil {
		return Along{}, err
	}
	ev, err := d.store.Event(ctx, team.ID, by.Cause.EventID(0))
	if err == nil && (ev.Record != string(id) || ev.By != by.ID) || errors.Is(err, ErrNotFound) {
		return Along{}, nil // it was theirs already
	}
	if err != nil {
		return Along{}, fmt.Errorf("read what was handed over: %w", err)
	}
	_, owner := ev.Fields["owner"].owners()
	reach := d.reach(team, by.Member, ActionReadTask)
	var a Along
	for page, err := range d.openTasks(ctx, team.ID, id) {
		if err != nil {
			return a, err
		}
		went, err := d.movedBy(ctx, team.ID, by.Cause, page)
		if err != nil {
			return a, err
		}
		for _, t := range page {
			made, gone := went[t.ID]
			had, _ := made.Fields["assignee"].owners()
			a.add(t.seenBy(by.Role), gone, reach.of(had), owner)
		}
	}
	return a, nil
}

// add counts a task about a client that is owner's now.
func (a *Along) add(t Task, went, named bool, owner MemberID) {
	switch {
	case !went && t.Assignee != owner:
		a.Stay++
	case went:
		if a.Went++; named && len(a.Tasks) < mostAlong {
			a.Tasks = append(a.Tasks, t)
		}
	}
}

// along is what a reminder tells of the tasks that came with a client: how many, and the first of those that are still to be done by its member.
func (d *Desk) along(ctx context.Context, r Reminder) (Along, error) {
	a := Along{Went: r.TaskCount}
	tasks, err := d.store.TasksByID(ctx, r.Team, r.Tasks)
	if err != nil {
		return a, fmt.Errorf("read which tasks went along: %w", err)
	}
	for _, id := range r.Tasks {
		for _, t := range tasks {
			if t.ID == id && t.State == TaskOpen && t.Assignee == r.Member {
				a.Tasks = append(a.Tasks, t)
			}
		}
	}
	q := TaskQuery{Team: r.Team, Client: r.Client, State: TaskOpen}
	all, err := d.store.CountTasks(ctx, q, MostCounted)
	if err != nil {
		return a, fmt.Errorf("count tasks of a client: %w", err)
	}
	q.Assignee = r.Member
	own, err := d.store.CountTasks(ctx, q, MostCounted)
	if err != nil {
		return a, fmt.Errorf("count tasks of a client: %w", err)
	}
	a.Stay = all - own
	return a, nil
}

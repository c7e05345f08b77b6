package crm

import (
	"context"
	"fmt"
)

// ClientTasks lists the open tasks about a client, at most so many, the earliest due first: those that by may see, and those that by has
// handed over, whosever they are now.
func (d *Desk) ClientTasks(ctx context.Context, by Actor, id ClientID, most int) ([]Task, error) {
	_, reach, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return nil, err
	}
	list, err := d.store.Tasks(ctx, TaskQuery{Team: by.Team, Client: id, State: TaskOpen, Limit: listPage})
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	var known []Task
	for _, t := range list {
		if len(known) == most {
			break
		}
		if !reach.of(t.Assignee) && t.By != by.ID {
			to, err := d.TaskHolder(ctx, by, t)
			if err != nil {
				return nil, err
			}
			if to == "" {
				continue
			}
		}
		known = append(known, t)
	}
	return known, nil
}

package crm

import (
	"cmp"
	"context"
	"time"

	"kartoteka/crm/civil"
)

// TaskDay says which occasion of its client a task is, if one was handed over as the task. Its Text is then the client's name: what there is to
// do, and why, is said in the language of whoever reads it.
type TaskDay struct {
	Kind  ReminderKind `json:"kind" bson:"kind"`
	Date  string       `json:"date,omitempty" bson:"date,omitempty"`   // of RemindDate: its Key
	Label string       `json:"label,omitempty" bson:"label,omitempty"` // of RemindDate: who has the task need not have the card
	Day   civil.Date   `json:"day" bson:"day"`                         // which of its days
}

// IsZero reports whether the task is no occasion.
func (t TaskDay) IsZero() bool { return t == TaskDay{} }

// Occasion is the occasion that was handed over as the task, at a place, as c's card has it, the client that the task is about; of
// one that the card no longer has, and of a card that is not seen (the zero Client), what the task knows by itself. ok is false if the task is
// no occasion.
func (t Task) Occasion(c Client, loc *time.Location) (o Occasion, ok bool) {
	if t.Day.IsZero() {
		return o, false
	}
	if o, ok = c.Occasion(t.Day.Kind, t.Day.Date, t.Day.Day, loc); ok {
		return o, true
	}
	c.Name = cmp.Or(c.Name, t.Text)
	return Occasion{Kind: t.Day.Kind, Client: c, Day: t.Day.Day, Date: OtherDate{Label: t.Day.Label}}, true
}

// taskDay is the occasion as a task that is made of it keeps it.
func (o Occasion) taskDay() TaskDay {
	day := TaskDay{Kind: o.Kind, Day: o.Day}
	if o.Kind == RemindDate {
		day.Date, day.Label = o.Date.Key(), o.Date.Label
	}
	return day
}

// celebrate puts to a notice of a task the occasion that the task is.
func (d *Desk) celebrate(ctx context.Context, team Team, n Notice) (Notice, error) {
	var ok bool
	if n.Occasion, ok = n.Task.Occasion(n.Client, n.To.Location()); !ok || n.Occasion.Kind == RemindDate {
		return n, nil
	}
	var err error
	n.Occasion.Unwished, err = d.unwished(ctx, team, n.Task.Client)
	return n, err
}

// MayWish reports whether the client may be congratulated on an occasion that was handed over: whoever has the task need not have the
// card, and is to know.
func (d *Desk) MayWish(ctx context.Context, by Actor, t Task) (bool, error) {
	team, _, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return false, err
	}
	unwished, err := d.unwished(ctx, team, t.Client)
	return !unwished, err
}

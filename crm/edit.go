package crm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// Edit is a new value for one field of a card.
type Edit struct {
	Field Field
	Value string // as typed; "" empties the field
	// Seen is the value that the member saw when they began to type, as Client.Value gave it. If the field
	// holds something else by now the edit fails with ErrConflict, so that nobody overwrites what they have not
	// seen. Force skips that.
	Seen  string
	Force bool
	// Despite takes a phone, e-mail or username that another card has, too.
	Despite bool
}

// EditClient sets one field. It returns the card as it is afterwards, also with an error. It fails with
// ErrInvalid on the field (or a finer name such as "birthday.future") if the value is not acceptable, ErrConflict
// on the field if somebody changed it since it was seen, a DuplicateError if another card has what is new,
// ErrNotFound, ErrDenied. To and from the archive it needs the right that ArchiveClient or RestoreClient needs.
func (d *Desk) EditClient(ctx context.Context, by Actor, id ClientID, e Edit) (Client, error) {
	c, err := d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		if !e.Force && ch.client.Value(e.Field) != e.Seen {
			return &Error{Kind: ErrConflict, Field: string(e.Field)}
		}
		if cf, ok := ch.team.Field(e.Field.Custom()); ok && !cf.SeenBy(by.Role) {
			return &Error{Kind: ErrDenied, Field: "field.restricted"}
		}
		before := *ch.client
		if err := ch.client.set(entry{team: ch.team, now: d.clock.Now().In(by.Location()), vault: d.vault}, e.Field, e.Value); err != nil {
			return err
		}
		if ch.event.Action = stageAction(before.Stage, ch.client.Stage); !d.reach(ch.team, by.Member, ch.event.Action).allows(*ch.client) {
			return &Error{Kind: ErrDenied, Field: string(ch.event.Action)}
		}
		if e.Despite {
			return nil
		}
		return d.unheld(ctx, ch, by, before)
	})
	if err != nil || e.Field != FieldNextContact {
		return c, err
	}
	return c, d.remindOfOffer(ctx, by, c)
}

// stageAction is what a change of stage amounts to.
func stageAction(from, to Stage) Action {
	switch {
	case from != StageArchive && to == StageArchive:
		return ActionArchiveClient
	case from == StageArchive && to != StageArchive:
		return ActionRestoreClient
	}
	return ActionEditClient
}

// unheld fails with a DuplicateError if another card has what the change has given to the one that was as before.
func (d *Desk) unheld(ctx context.Context, ch *change, by Actor, before Client) error {
	found, err := d.holders(ctx, ch.team, by, gained(before, *ch.client))
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(f Duplicate) bool { return f.Client.ID == ch.client.ID })
	if len(found) > 0 {
		return &DuplicateError{Found: found}
	}
	return nil
}

// gained are the keys that a change gives to a card: all of them if it comes out of the bin, where a card holds none.
func gained(before, after Client) []string {
	switch {
	case !after.Deleted.IsZero():
		return nil
	case !before.Deleted.IsZero():
		return Keys(after.Profile)
	}
	held := Keys(before.Profile)
	return slices.DeleteFunc(Keys(after.Profile), func(k string) bool { return slices.Contains(held, k) })
}

// holders lists the cards, not in the bin, that have any of the keys.
func (d *Desk) holders(ctx context.Context, team Team, by Actor, keys []string) ([]Duplicate, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := d.store.ClientsByKey(ctx, by.Team, keys)
	if err != nil {
		return nil, fmt.Errorf("look for duplicates: %w", err)
	}
	return d.duplicates(team, by, found), nil
}

// duplicates are cards as by may know of them.
func (d *Desk) duplicates(team Team, by Actor, found []Client) []Duplicate {
	reach := d.reach(team, by.Member, ActionReadClient)
	out := make([]Duplicate, len(found))
	for i, c := range found {
		if out[i] = (Duplicate{Client: c, Visible: true}); !reach.allows(c) {
			out[i] = Duplicate{Client: Client{ID: c.ID, Owner: c.Owner}}
		}
	}
	return out
}

// contactHour is when the next contact is due on a day without an hour, at the member's place.
const contactHour = 10

// setNext takes a day as people write it, or an instant as RFC 3339.
func (c *Client) setNext(e entry, line string) error {
	if line == "" {
		c.NextContact = time.Time{}
		return nil
	}
	at, err := time.Parse(time.RFC3339, line)
	if err != nil {
		if at, err = e.nextAt(line); err != nil {
			return err
		}
	}
	if !at.After(e.now) {
		return invalid("next")
	}
	c.NextContact = stamp(at)
	return nil
}

// nextAt is the time that is written for the next contact: a day, or an hour of one («завтра в 15»).
func (e entry) nextAt(line string) (time.Time, error) {
	if day, err := ParseDay(line, e.today()); err == nil {
		return e.contactAt(day), nil
	}
	m, alone, err := ReadMove(line, e.now)
	if !alone || err != nil || m.Repeat != moment.RepeatNever {
		return time.Time{}, invalid("next")
	}
	return m.At, nil
}

// ContactAt is when a contact on a day is due at the place of now.
func ContactAt(day civil.Date, now time.Time) time.Time { return entry{now: now}.contactAt(day) }

// contactAt is when a contact on a day is due: at contactHour, or at the next full hour of today if that has passed. Late
// in the evening today has none left; what comes back has passed then.
func (e entry) contactAt(day civil.Date) time.Time {
	at := e.at(day, contactHour)
	if day == e.today() && !at.After(e.now) && e.now.Hour() < 23 {
		at = e.at(day, e.now.Hour()+1)
	}
	return at
}

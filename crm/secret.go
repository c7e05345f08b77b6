package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A restricted field (a passport, a bank account) is shown to named roles only, one value at a time, and each look is in the
// record. Its values are sealed in Client.Sealed, never in Custom: so whatever searches, lists, exports or tells of changes has
// nothing to hide.

// SealedText reports whether a value is sealed, so that dots are to be shown in its place.
func SealedText(value string) bool { return strings.HasPrefix(value, sealMark) }

// SeenBy reports whether a role sees the field on cards that it reads: an open one always, a restricted one the owner and
// those who are named.
func (f CustomField) SeenBy(role Role) bool {
	return !f.Restricted || role == RoleOwner || slices.Contains(f.Roles, role)
}

// Secretive are the roles that can be named to see a restricted field, beside the owner: those that read cards.
var Secretive = []Role{RoleAdmin, RoleManager, RoleSupport, RoleAccountant}

// fieldSeal is whose the values of a field are.
func fieldSeal(team TeamID, id FieldID) string { return "field/" + string(team) + "/" + string(id) }

// withoutSecrets is the card without the sealed values that a role does not see.
func (c Client) withoutSecrets(role Role, team Team) Client {
	if len(c.Sealed) == 0 {
		return c
	}
	kept := maps.Clone(c.Sealed)
	maps.DeleteFunc(kept, func(id FieldID, _ string) bool {
		f, ok := team.Field(id)
		return !ok || !f.SeenBy(role)
	})
	if c.Sealed = kept; len(kept) == 0 {
		c.Sealed = nil
	}
	return c
}

// setSealed parses a value of a restricted field, seals and puts it. ErrInvalid on "field.key" without a key.
func (c *Client) setSealed(e entry, f CustomField, line string) error {
	canonical, err := f.parse(line, e.today())
	if err != nil {
		return err
	}
	c.Sealed = maps.Clone(c.Sealed)
	if canonical == "" {
		delete(c.Sealed, f.ID)
		return nil
	}
	sealed, err := e.vault.seal(canonical, fieldSeal(c.Team, f.ID))
	if err != nil {
		return &Error{Kind: ErrInvalid, Field: "field.key", Err: err}
	}
	if c.Sealed == nil {
		c.Sealed = map[FieldID]string{}
	}
	c.Sealed[f.ID] = sealed
	return nil
}

// ShowSecret is one value of a card's restricted fields, to be shown on a message of by's, where it is hidden again after
// secretShown. That by has looked at it is in the record before it is shown.
// ErrDenied on "field.restricted" if by's role is not named, ErrNotFound on "field" if there is no such value, ErrInvalid on
// "field.key" if it cannot be opened any more.
func (d *Desk) ShowSecret(ctx context.Context, by Actor, id ClientID, field FieldID, message int64) (value string, err error) {
	team, reach, err := d.gate(ctx, by, ActionSeeSecret)
	if err != nil {
		return "", err
	}
	c, err := d.visible(ctx, team, by, id)
	if err != nil {
		return "", err
	}
	f, ok := team.Field(field)
	switch {
	case !reach.allows(c):
		return "", &Error{Kind: ErrDenied, Field: string(ActionSeeSecret)}
	case !ok || !f.Restricted || c.Sealed[field] == "":
		return "", &Error{Kind: ErrNotFound, Field: "field"}
	case !f.SeenBy(by.Role):
		return "", &Error{Kind: ErrDenied, Field: "field.restricted"}
	}
	if value, err = d.vault.open(c.Sealed[field], fieldSeal(team.ID, field)); err != nil {
		return "", &Error{Kind: ErrInvalid, Field: "field.key", Err: err}
	}
	err = d.store.AddEvent(ctx, Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: ActionSeeSecret, Record: string(id),
		By: by.ID, At: d.now(), Fields: map[string]Delta{lookedAt: {After: `"` + string(field) + `"`}}})
	if err != nil && !errors.Is(err, ErrApplied) {
		return "", fmt.Errorf("note a look at a restricted field: %w", err)
	}
	return value, d.hideLater(ctx, by, id, field, message)
}

// secretShown is how long a restricted value stands in the chat.
const secretShown = time.Minute

// hideLater has a value taken off the message that is about to show it. It is planned before the value is shown, so that no crash leaves
// it there, and for each showing anew.
func (d *Desk) hideLater(ctx context.Context, by Actor, id ClientID, field FieldID, message int64) error {
	now := d.now()
	return d.plan(ctx, by.Member, Reminder{ID: reminderID(RemindHide, string(by.Cause), instant(now), by.ID), Kind: RemindHide, Client: id,
		Field: field, Message: message, For: now, Due: now.Add(secretShown)})
}

// hideNotice says what is to be hidden, whatever has become of card and member.
func hideNotice(s staff, r Reminder) Notice {
	f, _ := s.team.Field(r.Field)
	return Notice{To: s.byID[r.Member], Kind: RemindHide, Message: r.Message, Field: f, Client: Client{ID: r.Client, Team: r.Team}}
}

// mostHiding is how many of a member's reminders are looked through for those that are to hide something.
const mostHiding = 500

// HideSecret notes that by's message shows no restricted value and no key of codes any more, so that it is left alone.
func (d *Desk) HideSecret(ctx context.Context, by Actor, message int64) error {
	now := d.now()
	due, err := d.store.Reminders(ctx, ReminderQuery{Team: by.Team, Member: by.ID, States: []ReminderState{ReminderPlanned},
		DueBefore: now.Add(CodeKeyShown + time.Millisecond), Latest: true, Limit: mostHiding})
	if err != nil {
		return fmt.Errorf("read what is to be hidden: %w", err)
	}
	for _, r := range due {
		if r.Kind != RemindHide || r.Message != message {
			continue
		}
		r.State, r.Done = ReminderDropped, now
		if err := d.moveIfOurs(ctx, r, ReminderPlanned); err != nil {
			return err
		}
	}
	return nil
}

// lookedAt is what an event of ActionSeeSecret says: which field it was. Such an event is of no revision of the card.
const lookedAt = "looked_at"

// LookedAt is the restricted field that somebody looked at; "" if the event is no look.
func (e Event) LookedAt() FieldID {
	if e.Action != ActionSeeSecret {
		return ""
	}
	return FieldID(strings.Trim(e.Fields[lookedAt].After, `"`))
}

// unsealed is a card with the restricted values that a role sees among the others, for what is handed over with the record's
// knowledge; what it does not see, or cannot be opened any more, is left out.
func (d *Desk) unsealed(c Client, role Role, team Team) Client {
	c = c.withoutSecrets(role, team).clone()
	for id, sealed := range c.Sealed {
		value, err := d.vault.open(sealed, fieldSeal(team.ID, id))
		if err != nil {
			continue
		}
		if c.Custom == nil {
			c.Custom = map[FieldID]string{}
		}
		c.Custom[id] = value
	}
	c.Sealed = nil
	return c
}

// addable checks a restricted field before it is added: only an owner adds one, with a code where the team asks for it, and
// only where there is a key.
func (d *Desk) addable(ctx context.Context, by Actor, f CustomField) error {
	if !f.Restricted {
		return nil
	}
	if d.vault.None() {
		return invalid("field.key")
	}
	_, _, err := d.guarded(ctx, by, ActionGuardTeam)
	return err
}

// SetFieldRole names a role that sees a restricted field, or no longer. ErrNotFound on "field", ErrInvalid on "role".
func (d *Desk) SetFieldRole(ctx context.Context, by Actor, id FieldID, role Role, sees bool) (Team, error) {
	return d.guardTeam(ctx, by, func(t *Team) error {
		if !slices.Contains(Secretive, role) {
			return invalid("role")
		}
		return t.changeField(id, func(f *CustomField) error {
			if !f.Restricted {
				return &Error{Kind: ErrNotFound, Field: "field"}
			}
			f.Roles = slices.DeleteFunc(slices.Clone(f.Roles), func(r Role) bool { return r == role })
			if sees {
				f.Roles = append(f.Roles, role)
			}
			slices.SortFunc(f.Roles, func(a, b Role) int { return cmp.Compare(slices.Index(Secretive, a), slices.Index(Secretive, b)) })
			return nil
		})
	})
}

// SetRequisites makes a field one of those that stand on an invoice, which accountants see, or no longer. ErrNotFound on
// "field", of a restricted one too: its roles are named.
func (d *Desk) SetRequisites(ctx context.Context, by Actor, id FieldID, on bool) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) error {
		return t.changeField(id, func(f *CustomField) error {
			if f.Restricted {
				return &Error{Kind: ErrNotFound, Field: "field"}
			}
			f.Requisites = on
			return nil
		})
	})
}

// changeField changes one of the team's own fields.
func (t *Team) changeField(id FieldID, f func(*CustomField) error) error {
	t.Fields = slices.Clone(t.Fields)
	for i := range t.Fields {
		if t.Fields[i].ID == id && !t.Fields[i].Removed {
			return f(&t.Fields[i])
		}
	}
	return &Error{Kind: ErrNotFound, Field: "field"}
}

package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Duplicate is a card that has a phone, e-mail, username or Telegram id of a draft.
type Duplicate struct {
	Client  Client // only ID and Owner if it is not Visible
	Visible bool   // by may see it
}

// DuplicateError tells that a draft's client seems to be in the base already. It is an ErrConflict on
// "duplicate".
type DuplicateError struct{ Found []Duplicate }

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("%d cards have the same keys", len(e.Found))
}

// Unwrap gives the class.
func (e *DuplicateError) Unwrap() error { return &Error{Kind: ErrConflict, Field: "duplicate"} }

// Duplicates lists the cards that a draft's client may already have: same phone, e-mail, username or Telegram
// id, whoever is responsible for them. Of cards that by may not see only the responsible is told.
func (d *Desk) Duplicates(ctx context.Context, by Actor, p Profile) ([]Duplicate, error) {
	team, _, err := d.gate(ctx, by, ActionAddClient)
	if err != nil {
		return nil, err
	}
	return d.holders(ctx, team, by, Sought(p))
}

// Binned lists the cards in the bin that a draft's client may have had, as Duplicates does those outside.
func (d *Desk) Binned(ctx context.Context, by Actor, p Profile) ([]Duplicate, error) {
	team, _, err := d.gate(ctx, by, ActionAddClient)
	if err != nil {
		return nil, err
	}
	found, err := d.store.BinnedByKey(ctx, by.Team, Keys(p))
	if err != nil {
		return nil, fmt.Errorf("look into the bin: %w", err)
	}
	return d.duplicates(team, by, found), nil
}

// CountBinned counts the drafts whose client may have a card in the bin.
func (d *Desk) CountBinned(ctx context.Context, by Actor, drafts []Draft) (n int, err error) {
	for _, draft := range drafts {
		found, err := d.Binned(ctx, by, draft.Profile)
		if err != nil {
			return n, err
		}
		if len(found) > 0 {
			n++
		}
	}
	return n, nil
}

// CheckName brings a client's name into shape; ErrInvalid on "name" or "name.long".
func (d *Desk) CheckName(s string) (string, error) { return CleanName(s) }

// AddClient makes a card of a draft, with its notes as history; by becomes responsible. Unless despite is
// set it fails with a DuplicateError if the client seems to be there already. A repeated cause returns the
// card that the first made. ErrInvalid on "name" if there is nothing to call the client.
func (d *Desk) AddClient(ctx context.Context, by Actor, draft Draft, despite bool) (Client, error) {
	c, err := d.addNth(ctx, by, draft, despite, 0)
	if err != nil {
		return c, err
	}
	return c, d.tellPlaces(ctx, by, Reminder{News: NewsClient, Who: by.ID, Client: c.ID, For: d.now()}, string(c.ID))
}

func (d *Desk) addNth(ctx context.Context, by Actor, draft Draft, despite bool, n int) (Client, error) {
	team, _, err := d.gate(ctx, by, ActionAddClient)
	if err != nil {
		return Client{}, err
	}
	id := NewClientID(by.Team, by.Cause, n)
	if c, err := d.store.Client(ctx, by.Team, id); err == nil {
		return c, nil
	}
	if !despite {
		found, err := d.Duplicates(ctx, by, draft.Profile)
		if err != nil {
			return Client{}, err
		}
		if len(found) > 0 {
			return Client{}, &DuplicateError{Found: found}
		}
	}
	ch, err := d.newCard(by, team, newCard{id: id, draft: draft, n: n})
	if err != nil {
		return Client{}, err
	}
	if err := d.store.SaveClient(ctx, ch); err != nil && !errors.Is(err, ErrApplied) {
		return Client{}, fmt.Errorf("save new client %s: %w", id, err)
	}
	return ch.Client, nil
}

// newCard is a card that is to be made.
type newCard struct {
	id    ClientID
	draft Draft
	n     int           // which of those that one cause makes
	with  func(*Client) // sets what a draft does not say; may be nil
}

// newCard makes the first change of a card.
func (d *Desk) newCard(by Actor, team Team, in newCard) (ClientChange, error) {
	now := d.now()
	c := Client{ID: in.id, Team: by.Team, Rev: 1, Schema: schemaVersion, Profile: in.draft.Profile, Stage: StageLead,
		Status: StatusLead, Owner: by.ID, Confirmed: now, Created: now, Updated: now}
	if c.Name == "" {
		c.Name = in.draft.standIn()
	}
	name, err := CleanName(c.Name)
	if err != nil {
		return ClientChange{}, err
	}
	if c.Name = name; c.Kind == "" {
		c.Kind = KindPerson
	}
	if in.with != nil {
		in.with(&c)
	}
	ev := Event{ID: by.Cause.EventID(in.n), Team: by.Team, Schema: schemaVersion, Action: ActionAddClient, Record: string(in.id),
		Rev: 1, By: by.ID, At: now}
	ch := &change{team: team, client: &c, event: &ev}
	inputs := d.inputs(team, in.draft.Notes)
	if err := d.addTouches(ch, by, inputs); err != nil {
		return ClientChange{}, err
	}
	for i := range ch.touches {
		ch.touches[i].ID = NewTouchID(by.Team, by.Cause, in.n*1000+i)
	}
	ev.Fields = diff(Client{}, c) // before it is indexed: what it is found by is not in the event, and is as long as all the rest
	c.index(team.Fields)
	return ClientChange{Client: c, Event: ev, Touches: ch.touches}, nil
}

// standIn is what a client without a name is called: the company, or whatever reaches them.
func (d Draft) standIn() string {
	p := d.Profile
	switch {
	case p.Company != "":
		return p.Company
	case len(p.Phones) > 0:
		return p.Phones[0].Display()
	case len(p.Emails) > 0:
		return p.Emails[0]
	case len(p.Messengers) > 0:
		return "@" + p.Messengers[0].Handle
	}
	return ""
}

// inputs are a draft's notes as touches. A file stands with the text it came with.
func (d *Desk) inputs(team Team, notes []DraftNote) []TouchInput {
	out := make([]TouchInput, 0, len(notes))
	var last time.Time
	for _, n := range notes {
		// Messengers date by the second: what was said in one second keeps its order by a millisecond.
		if !n.At.After(last) && !last.IsZero() && !n.At.IsZero() {
			n.At = last.Add(time.Millisecond)
		}
		last = n.At
		in := TouchInput{Kind: n.Kind, Text: n.Text, At: n.At, Via: n.Via}
		if len(n.Left) > 0 {
			in.Text = d.leftText(team, n.Left, d.fieldName(team))
		}
		if n.Via == "forward" {
			in.Direction = DirectionIn
		}
		if n.File != nil {
			in.Files = []File{*n.File}
		}
		out = append(out, in)
	}
	return out
}

// CompleteClient adds to a card what a draft knows and the card lacks, and the draft's notes to its history;
// nothing on the card is overwritten, what differs becomes a note. It fails with a DuplicateError if a third card has what
// the card would get.
func (d *Desk) CompleteClient(ctx context.Context, by Actor, id ClientID, draft Draft) (Client, error) {
	return d.complete(ctx, by, id, draft, false)
}

// CompleteDespite is CompleteClient whatever other cards have.
func (d *Desk) CompleteDespite(ctx context.Context, by Actor, id ClientID, draft Draft) (Client, error) {
	return d.complete(ctx, by, id, draft, true)
}

func (d *Desk) complete(ctx context.Context, by Actor, id ClientID, draft Draft, despite bool) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		before := *ch.client
		left := ch.client.complete(draft.Profile, draft.Named)
		inputs := d.inputs(ch.team, draft.Notes)
		if len(left) > 0 {
			inputs = append(inputs, TouchInput{Kind: TouchNote, Text: d.leftText(ch.team, left, d.fieldName(ch.team))})
		}
		if !despite {
			if err := d.unheld(ctx, ch, by, before); err != nil {
				return err
			}
		}
		return d.addTouches(ch, by, inputs)
	})
}

// Known is a draft of many whose client seems to be in the base already.
type Known struct {
	Nth   int         // of the drafts
	Found []Duplicate // the cards; none if it is the same person as one before it
}

// AddMany makes a card of each draft that is not in the base yet, and returns how many were added and which
// drafts seem to be there already. A repeated cause makes nothing twice, and knows the same ones.
func (d *Desk) AddMany(ctx context.Context, by Actor, drafts []Draft) (added int, known []Known, err error) {
	for i, draft := range drafts {
		_, err := d.addNth(ctx, by, draft, false, i)
		var dup *DuplicateError
		switch {
		case errors.As(err, &dup):
			known = append(known, Known{Nth: i, Found: dup.Found})
		case err != nil:
			return added, known, err
		default:
			added++
		}
	}
	if added == 0 {
		return added, known, nil
	}
	return added, known, d.tellPlaces(ctx, by, Reminder{News: NewsClient, Who: by.ID, Count: added, For: d.now()}, string(by.Cause))
}

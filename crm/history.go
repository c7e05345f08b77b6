package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What texts may hold at the most, in characters. A Telegram message has 4,096 at most, so a note always fits.
const (
	maxNote   = 8000
	maxReason = 500
	maxValue  = 300 // one-line fields
	maxFiles  = 20
)

// TouchInput is what a member says of a touch.
type TouchInput struct {
	Kind      TouchKind
	Direction Direction // "": out
	Outcome   Outcome
	Text      string
	Files     []File
	At        time.Time // when it happened; zero: now
	Next      time.Time // when to get in touch again; zero: leave as it is
	Via       string
	// Purchase is what was bought, of OutcomeBought; nil: as the text tells.
	Purchase *Purchase
}

// Room is nil if a touch may say that much and hold that many files; ErrInvalid on "note.long", "touch" for too many files.
func (in TouchInput) Room() error {
	if len(in.Files) > maxFiles {
		return invalid("touch")
	}
	_, err := cleanText(in.Text, maxNote, "note")
	return err
}

// LogTouch adds to a card's history: a note (which changes nothing else) or a touch, which moves the last
// touch and counts. It fails with ErrNotFound, ErrDenied, ErrInvalid on "touch", "outcome", "next" or "note.long".
func (d *Desk) LogTouch(ctx context.Context, by Actor, id ClientID, inputs ...TouchInput) (Client, error) {
	return d.edit(ctx, by, id, ActionLogTouch, func(ch *change) error {
		return d.addTouches(ch, by, inputs)
	})
}

// rewordFor is how long one may still say more of a touch that one has logged.
const rewordFor = time.Hour

// RewordTouch has a touch that by logged a moment ago say another text, and hold other files; nothing else of it changes. The sum of a
// purchase, which stands beside its text, is left out of what is said anew. ErrNotFound on
// "touch" if the card has no such touch of by's, it was taken back or rewordFor has passed; ErrInvalid on "note.long", "touch" for too
// many files.
func (d *Desk) RewordTouch(ctx context.Context, by Actor, id ClientID, touch TouchID, in TouchInput) (Client, error) {
	return d.edit(ctx, by, id, ActionLogTouch, func(ch *change) error {
		list, err := d.store.Touches(ctx, TouchQuery{Team: by.Team, Client: ch.client.ID, IDs: []TouchID{touch}, Limit: 1})
		switch {
		case err != nil:
			return fmt.Errorf("read touch: %w", err)
		case len(list) == 0 || list[0].By != by.ID || list[0].Kind == TouchUndone || d.now().Sub(list[0].Created) > rewordFor:
			return &Error{Kind: ErrNotFound, Field: "touch"}
		case len(in.Files) > maxFiles:
			return invalid("touch")
		}
		t := list[0]
		text, err := cleanText(in.Text, maxNote, "note")
		if err != nil {
			return err
		}
		if text = t.Purchase.without(text); text != t.Text {
			ch.worded = Delta{Before: quoted(t.Text), After: quoted(text)}
		}
		t.Text, t.Files = text, in.Files
		ch.replaced = append(ch.replaced, t)
		return nil
	})
}

func (d *Desk) addTouches(ch *change, by Actor, inputs []TouchInput) error {
	for i, in := range inputs {
		t, err := d.newTouch(by, ch.client.ID, i, in)
		if err != nil {
			return err
		}
		if t.Purchase.Sum != 0 && t.Purchase.Currency == "" {
			t.Purchase.Currency = ch.team.CountsIn()
		}
		ch.touches = append(ch.touches, t)
		ch.client.count(t)
	}
	return nil
}

func (d *Desk) newTouch(by Actor, id ClientID, n int, in TouchInput) (Touch, error) {
	text, err := cleanText(in.Text, maxNote, "note")
	if err != nil {
		return Touch{}, err
	}
	now := d.now()
	t := Touch{ID: NewTouchID(by.Team, by.Cause, n), Team: by.Team, Schema: schemaVersion, Client: id, Kind: in.Kind,
		Direction: in.Direction, Outcome: in.Outcome, Text: text, Files: in.Files, Via: in.Via, By: by.ID,
		At: stamp(in.At), Created: now}
	if in.At.IsZero() || t.At.After(now) {
		t.At = now
	}
	if !in.Next.IsZero() {
		if t.Next = stamp(in.Next); !t.Next.After(now) {
			return Touch{}, invalid("next")
		}
	}
	if t.Kind != TouchNote && t.Direction == "" {
		t.Direction = DirectionOut
	}
	if t.Outcome == OutcomeBought {
		t.bought(in.Purchase)
	}
	switch {
	case !knownTouch(t.Kind), len(t.Files) > maxFiles:
		return Touch{}, invalid("touch")
	case t.Outcome != OutcomeNone && !slices.Contains(OutcomesOf(t.Kind, t.Direction), t.Outcome):
		return Touch{}, invalid("outcome")
	case t.Kind == TouchNote && t.Text == "" && len(t.Files) == 0:
		return Touch{}, invalid("note")
	}
	return t, nil
}

func knownTouch(k TouchKind) bool {
	if k == TouchNote {
		return true
	}
	for _, known := range TouchKinds {
		if k == known {
			return true
		}
	}
	return false
}

// count lets a touch take effect on the card.
func (c *Client) count(t Touch) {
	if t.Kind == TouchNote {
		if t.Text != "" {
			c.LastNote = firstRunes(t.Text, maxValue)
		}
		return
	}
	c.Touches++
	switch {
	case t.At.Before(c.LastTouch): // written down later: it answers no offer, and was followed if it is one
	case t.Outcome == OutcomeOffer:
		c.Offered = t.At
	default:
		c.Offered = time.Time{}
	}
	if t.At.After(c.LastTouch) {
		c.LastTouch = t.At
	}
	if t.Outcome == OutcomeBought && !t.At.Before(c.Bought.At) {
		c.Bought = t.Purchase
	}
	if c.FirstContact.IsZero() || t.At.Before(c.FirstContact) {
		c.FirstContact = t.At
	}
	if !t.Next.IsZero() {
		c.NextContact = t.Next
	} else if !c.NextContact.After(t.At) {
		c.NextContact = time.Time{} // the contact that was planned has happened
	}
}

// historyPage bounds one page of a history.
const historyPage = 50

// History lists a card's touches and notes, newest first, one page after the mark.
func (d *Desk) History(ctx context.Context, by Actor, q TouchQuery) ([]Touch, error) {
	c, err := d.remembered(ctx, by, q.Client)
	if err != nil {
		return nil, err
	}
	q.Client = c.ID
	return d.pageOfTouches(ctx, by, q)
}

// pageOfTouches reads a page of the history of a card that by may read.
func (d *Desk) pageOfTouches(ctx context.Context, by Actor, q TouchQuery) ([]Touch, error) {
	q.Team, q.Limit = by.Team, min(max(q.Limit, 1), historyPage)
	touches, err := d.store.Touches(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", q.Client, err)
	}
	for i, t := range touches {
		touches[i] = t.seenBy(by.Role)
	}
	return touches, nil
}

// Lately is what a card shows of its history: the last notes, at most n, and the last touch that is none; one with a zero ID if
// there was none.
func (d *Desk) Lately(ctx context.Context, by Actor, id ClientID, n int) (notes []Touch, last Touch, err error) {
	c, err := d.remembered(ctx, by, id)
	if err != nil {
		return nil, Touch{}, err
	}
	notes, err = d.pageOfTouches(ctx, by, TouchQuery{Client: c.ID, Kinds: []TouchKind{TouchNote}, Limit: n})
	if err != nil || c.LastTouch.IsZero() {
		return notes, Touch{}, err
	}
	last, err = d.lastTouch(ctx, by.Team, c.ID)
	return notes, last.seenBy(by.Role), err
}

// LastTouch is the last touch with a client that is no note; one with a zero ID if there was none.
func (d *Desk) LastTouch(ctx context.Context, by Actor, id ClientID) (Touch, error) {
	c, err := d.remembered(ctx, by, id)
	if err != nil {
		return Touch{}, err
	}
	t, err := d.lastTouch(ctx, by.Team, c.ID)
	return t.seenBy(by.Role), err
}

func (d *Desk) lastTouch(ctx context.Context, team TeamID, id ClientID) (Touch, error) {
	list, err := d.store.Touches(ctx, TouchQuery{Team: team, Client: id, Kinds: TouchKinds, Limit: 1})
	if err != nil {
		return Touch{}, fmt.Errorf("last touch of %s: %w", id, err)
	}
	if len(list) == 0 {
		return Touch{}, nil
	}
	return list[0], nil
}

// cleanText takes control and invisible direction characters out of a text of several lines and trims it.
// Longer than limit characters is ErrInvalid on field+".long".
func cleanText(s string, limit int, field string) (string, error) {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r', unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r == utf8.RuneError:
			return -1
		}
		return r
	}, s))
	if utf8.RuneCountInString(s) > limit {
		return "", invalid(field + ".long")
	}
	return s, nil
}

// firstRunes cuts a text to at most n characters.
func firstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}

package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// BurstPause is the longest pause between the messages of one burst: forwarded messages, a contact and a voice
// note that a member sends together are about one client.
const BurstPause = time.Minute

// maxGathered is how many contacts sent in a row make one list.
const maxGathered = 200

// Gather puts a piece (what one message says) to the drafts that are being gathered: one, or several contacts sent
// in a row. Fresh tells that the piece came within the burst. It returns the drafts, and whether the piece has
// joined them; if not it is about somebody else and begins a draft of its own.
//
// What shares a phone, an e-mail address, a username or a Telegram id is one person, at any time. In a burst all else
// is too, unless it clearly is somebody else: see stranger. A second contact that is somebody else makes a list;
// what has neither name nor address (a voice note, our own words) belongs to whom was sent last.
func Gather(have []Draft, piece Draft, fresh bool) (drafts []Draft, joined bool) {
	drafts = slices.Clone(have)
	for i := range drafts {
		if drafts[i].holds(piece) || sharesKey(drafts[i].Profile, piece.Profile) {
			drafts[i].Merge(piece)
			return drafts, true
		}
	}
	switch last := len(drafts) - 1; {
	case !fresh || last < 0:
		return have, false
	case piece.faceless(), last == 0 && !drafts[0].stranger(piece):
		drafts[last].Merge(piece)
		return drafts, true
	case piece.Named == NamedByContact && len(drafts) < maxGathered && allContacts(drafts):
		for i := range drafts {
			if sameName(drafts[i].Profile.Name, piece.Profile.Name) {
				drafts[i].Merge(piece)
				return drafts, true
			}
		}
		return append(drafts, piece), true
	}
	return have, false
}

// holds reports whether a note of the piece is in the draft already: its message was delivered again.
func (d Draft) holds(piece Draft) bool {
	return slices.ContainsFunc(piece.Notes, func(n DraftNote) bool {
		return n.Key != "" && slices.ContainsFunc(d.Notes, func(have DraftNote) bool { return have.Key == n.Key })
	})
}

// faceless reports whether nothing says whom the draft is about.
func (d Draft) faceless() bool { return d.Empty() }

func allContacts(drafts []Draft) bool {
	return !slices.ContainsFunc(drafts, func(d Draft) bool { return d.Named != NamedByContact })
}

func sharesKey(a, b Profile) bool {
	mine := Keys(a)
	return slices.ContainsFunc(Keys(b), func(k string) bool { return slices.Contains(mine, k) })
}

// stranger reports whether a piece that shares no key with the draft clearly is about somebody else: another
// Telegram id; another sender's name; two names of which neither is a part of the other, or two contacts whose
// names are not the same; a second address of a kind where one of the two is nothing but an address.
func (d Draft) stranger(piece Draft) bool {
	a, b := d.Profile, piece.Profile
	switch {
	case a.TelegramID != 0 && b.TelegramID != 0:
		return true
	case apart(d.senders(), piece.senders()):
		return true
	case d.Named == NamedByContact && piece.Named == NamedByContact:
		return !sameName(a.Name, b.Name)
	case d.Named >= NamedByContact && piece.Named >= NamedByContact:
		return len(a.Phones) > 0 && len(b.Phones) > 0 && !holdsWords(a.Name, b.Name) && !holdsWords(b.Name, a.Name)
	case d.bare() || piece.bare():
		return len(a.Phones) > 0 && len(b.Phones) > 0 || len(a.Emails) > 0 && len(b.Emails) > 0 ||
			len(a.Messengers) > 0 && len(b.Messengers) > 0
	}
	return false
}

// senders are the accounts, folded, whose messages were forwarded.
func (d Draft) senders() []string {
	var out []string
	for _, n := range d.Notes {
		if n.From != "" {
			out = append(out, spell.Fold(n.From))
		}
	}
	return out
}

// apart reports whether both lists have something and nothing in common.
func apart(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// bare reports whether the draft is nothing but an address.
func (d Draft) bare() bool {
	return d.Profile.Name == "" && d.Profile.Company == "" && len(d.Notes) == 0 && !d.Empty()
}

// sameName reports whether two names have the same words, two at least: many people are called Anna.
func sameName(a, b string) bool {
	return len(strings.Fields(spell.Fold(a))) > 1 && holdsWords(a, b) && holdsWords(b, a)
}

// maxNamesakes is how many cards are offered as "this is the same person".
const maxNamesakes = 2

// Namesakes lists cards that by may see and that may be the draft's client by the name alone; at most two. The words
// may stand in any order, one of two names may be shortened to its initial.
func (d *Desk) Namesakes(ctx context.Context, by Actor, draft Draft) ([]Client, error) {
	name := draft.Profile.Name
	queries := append([]string{name}, longWords(name)...)
	var out []Client
	for _, q := range queries {
		if q == "" || len(out) >= maxNamesakes {
			break
		}
		res, err := d.FindPage(ctx, by, q, 0, 20)
		if err != nil {
			return nil, fmt.Errorf("look for namesakes: %w", err)
		}
		for _, h := range res.Hits {
			known := slices.ContainsFunc(out, func(c Client) bool { return c.ID == h.Client.ID })
			if !known && len(out) < maxNamesakes && likeName(name, h.Client.Name) {
				out = append(out, h.Client)
			}
		}
	}
	return out, nil
}

// longWords are the words of a name that are worth searching for alone: a card may have only the initial of the other.
func longWords(name string) []string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return nil
	}
	return slices.DeleteFunc(words[:min(len(words), 3)], func(w string) bool { return utf8.RuneCountInString(strings.Trim(w, ".")) < 4 })
}

// likeName reports whether two names may be one person's: each word of the shorter is a word of the longer or its
// initial, and not all are initials. A single word must be the whole name.
func likeName(a, b string) bool {
	short, long := spell.Words(spell.Fold(a)), spell.Words(spell.Fold(b))
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) == 0 || len(short) == 1 && len(long) > 1 {
		return false
	}
	whole := 0
	used := make([]bool, len(long))
	for _, w := range short {
		at := -1
		for i, l := range long {
			if !used[i] && (w == l || at < 0 && initial(w, l)) {
				at = i
			}
		}
		if at < 0 {
			return false
		}
		if used[at] = true; w == long[at] {
			whole++
		}
	}
	return whole > 0
}

// initial reports whether one of two words is the first letter of the other.
func initial(a, b string) bool {
	if utf8.RuneCountInString(a) > 1 {
		a, b = b, a
	}
	return utf8.RuneCountInString(a) == 1 && strings.HasPrefix(b, a)
}

// SharedField is the field by which a draft and a card are taken for the same client; "" if by none.
func SharedField(p Profile, c Client) Field {
	mine := Sought(p)
	for _, k := range heldKeys(c.Profile) {
		if !slices.Contains(mine, k) {
			continue
		}
		switch k[:1] {
		case "p", markTwin:
			return FieldPhones
		case "e":
			return FieldEmails
		}
		return FieldMessengers
	}
	return ""
}

// SortDrafts tells which of many drafts are of new clients, and which of clients who seem to be in the base or earlier among
// the drafts. It is what AddMany would do.
func (d *Desk) SortDrafts(ctx context.Context, by Actor, drafts []Draft) (fresh []Draft, known []Known, err error) {
	team, _, err := d.gate(ctx, by, ActionAddClient)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for i, draft := range drafts {
		keys := Sought(draft.Profile)
		found, err := d.holders(ctx, team, by, keys)
		if err != nil {
			return nil, nil, err
		}
		if len(found) > 0 || slices.ContainsFunc(keys, func(k string) bool { return seen[k] }) {
			known = append(known, Known{Nth: i, Found: found})
		} else {
			fresh = append(fresh, draft)
		}
		for _, k := range heldKeys(draft.Profile) {
			seen[k] = true
		}
	}
	return fresh, known, nil
}

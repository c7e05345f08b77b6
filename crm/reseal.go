package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A key is replaced by putting a new one before it. What the older ones have sealed is sealed anew with the first in the background, so
// that they can be dropped: the restricted values of all cards and the secrets of one-time codes. What the record of changes holds
// stays as it was written, since it is in the chain: a change of a restricted value from before cannot be undone without its key.

const (
	// resealPage is how many cards are looked at, and written, together.
	resealPage = 200
	// resealAgain is after what time it is looked again: a change that was undone, another process with the keys in their older
	// order may have brought back what an older key has sealed.
	resealAgain = 24 * time.Hour
)

// sealedBy reports whether a text is sealed with the first key.
func (v Vault) sealedBy(sealed string) bool {
	return !v.None() && strings.HasPrefix(sealed, sealMark+v.ring[0].name+".")
}

// renew is what an older key has sealed, sealed with the first one.
func (v Vault) renew(sealed, whose string) (string, error) {
	if v.sealedBy(sealed) {
		return sealed, nil
	}
	text, err := v.open(sealed, whose)
	if err != nil {
		return "", err
	}
	return v.seal(text, whose)
}

// KeptSecrets counts what is sealed in a team.
type KeptSecrets struct {
	All   int
	Older int // that only an older key opens
	Lost  int // that no key opens
}

func (k *KeptSecrets) add(v Vault, sealed, whose string) {
	k.All++
	switch _, err := v.open(sealed, whose); {
	case err != nil:
		k.Lost++
	case !v.sealedBy(sealed):
		k.Older++
	}
}

// CountSecrets counts what is sealed, and what would be lost with the older keys. It is for whoever runs the program. With Unreadable
// come the numbers of the members and cards that could be read.
func (d *Desk) CountSecrets(ctx context.Context, team TeamID) (KeptSecrets, error) {
	var k KeptSecrets
	members, err := d.store.Members(ctx, team)
	all, err := unreadable(err)
	if err != nil {
		return k, fmt.Errorf("list members: %w", err)
	}
	for _, m := range members {
		if m.Code.Secret != "" {
			k.add(d.vault, m.Code.Secret, m.codeSeal())
		}
	}
	err = d.eachSealed(ctx, team, func(cards []Client) error {
		for _, c := range cards {
			for id, sealed := range c.Sealed {
				k.add(d.vault, sealed, fieldSeal(team, id))
			}
		}
		return nil
	})
	broken, err := unreadable(err)
	if all = append(all, broken...); err == nil && len(all) > 0 {
		err = Unreadable{all}
	}
	return k, err
}

// eachSealed calls f with all cards that hold sealed values, page by page. Of those that cannot be read it tells when it has done the
// others: Unreadable.
func (d *Desk) eachSealed(ctx context.Context, team TeamID, f func([]Client) error) error {
	ids, err := d.store.SealedClients(ctx, team)
	if err != nil {
		return fmt.Errorf("list cards with sealed values: %w", err)
	}
	var all []string
	for page := range slices.Chunk(ids, resealPage) {
		cards, err := d.store.ClientsByID(ctx, team, page)
		broken, err := unreadable(err)
		if err != nil {
			return fmt.Errorf("read cards: %w", err)
		}
		if err := f(cards); err != nil {
			return err
		}
		all = append(all, broken...)
	}
	if len(all) > 0 {
		return Unreadable{all}
	}
	return nil
}

// ResealSecrets seals what an older key has sealed with the first one, in every team; it is run by the clock. It returns how many cards and
// codes it has written. What somebody changes at the same moment comes the next time.
func (d *Desk) ResealSecrets(ctx context.Context) (n int, err error) {
	if len(d.vault.ring) < 2 {
		return 0, nil // what another key has sealed cannot be opened
	}
	err = d.eachTeam(ctx, func(t Team) error {
		written, err := d.resealTeam(ctx, t.ID)
		if n += written; errors.Is(err, ErrConflict) {
			return nil
		}
		return err
	})
	return n, err
}

// resealTeam does it in one team, once a day.
func (d *Desk) resealTeam(ctx context.Context, team TeamID) (n int, err error) {
	mark := "resealed:" + string(team) + ":" + d.vault.ring[0].name
	last, err := d.store.Progress(ctx, mark)
	if err != nil {
		return 0, fmt.Errorf("read progress: %w", err)
	}
	if d.now().Sub(last) < resealAgain {
		return 0, nil
	}
	if n, err = d.resealCodes(ctx, team); err != nil {
		return n, err
	}
	err = d.eachSealed(ctx, team, func(cards []Client) error {
		written, err := d.resealCards(ctx, cards)
		n += written
		return err
	})
	if err != nil {
		return n, err
	}
	return n, d.noteProgress(ctx, mark, d.now())
}

// resealCodes renews the secrets of the members' one-time codes.
func (d *Desk) resealCodes(ctx context.Context, team TeamID) (n int, err error) {
	members, err := d.store.Members(ctx, team)
	if err != nil {
		return 0, fmt.Errorf("list members: %w", err)
	}
	for _, m := range members {
		sealed, err := d.vault.renew(m.Code.Secret, m.codeSeal())
		if err != nil || sealed == m.Code.Secret {
			continue // none, or no key opens it
		}
		m.Code.Secret = sealed
		if err := d.saveCode(ctx, &m, Event{ID: resealID(string(m.ID), m.Rev+1), Action: ActionReseal}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// resealCards renews the values of cards, each with its event, which says nothing: no value has changed.
func (d *Desk) resealCards(ctx context.Context, cards []Client) (int, error) {
	var batch []ClientChange
	for _, c := range cards {
		next := c.clone()
		if next.Sealed = d.renewed(c); maps.Equal(next.Sealed, c.Sealed) {
			continue
		}
		next.Rev++
		batch = append(batch, ClientChange{Client: next, Event: Event{ID: resealID(string(c.ID), next.Rev), Team: c.Team, Schema: schemaVersion,
			Action: ActionReseal, Record: string(c.ID), Rev: next.Rev, At: d.now()}})
	}
	if len(batch) == 0 {
		return 0, nil
	}
	if err := d.store.SaveClients(ctx, batch); err != nil {
		return 0, fmt.Errorf("save clients: %w", err)
	}
	return len(batch), nil
}

func resealID(record string, rev int64) EventID {
	return EventID(fmt.Sprintf("reseal.%s.%d", record, rev))
}

// renewed are a card's sealed values under the first key; what no key opens stays as it is.
func (d *Desk) renewed(c Client) map[FieldID]string {
	out := maps.Clone(c.Sealed)
	for id, sealed := range c.Sealed {
		if fresh, err := d.vault.renew(sealed, fieldSeal(c.Team, id)); err == nil {
			out[id] = fresh
		}
	}
	return out
}

// sealedField is how the sealed values stand in an event.
const sealedField = "sealed"

// sealedLike is what a field holds now, as an event would say it that knew its values under older keys.
func (d *Desk) sealedLike(team TeamID, field, now string, said Delta) string {
	if field != sealedField {
		return now
	}
	for _, side := range []string{said.After, said.Before} {
		if d.sameValues(team, now, side) {
			return side
		}
	}
	return now
}

// sameValues reports whether two sets of sealed values, as JSON, hold the same.
func (d *Desk) sameValues(team TeamID, a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	var one, other map[FieldID]string
	if json.Unmarshal([]byte(a), &one) != nil || json.Unmarshal([]byte(b), &other) != nil || len(one) != len(other) {
		return false
	}
	for id, sealed := range one {
		if !d.sameSecret(team, id, sealed, other[id]) {
			return false
		}
	}
	return true
}

// sameSecret reports whether two sealed values of a field hold the same, be it under different keys.
func (d *Desk) sameSecret(team TeamID, id FieldID, a, b string) bool {
	if a == b {
		return true
	}
	one, err := d.vault.open(a, fieldSeal(team, id))
	other, err2 := d.vault.open(b, fieldSeal(team, id))
	return err == nil && err2 == nil && one == other
}

// openable refuses to bring back a value that no key opens any more, in the place of one that can be read or of none.
func (d *Desk) openable(c, before Client) error {
	for id, sealed := range c.Sealed {
		if sealed == before.Sealed[id] {
			continue
		}
		if _, err := d.vault.open(sealed, fieldSeal(c.Team, id)); err != nil {
			return &Error{Kind: ErrInvalid, Field: "field.key", Err: err}
		}
	}
	return nil
}

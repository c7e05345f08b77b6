package crm

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"time"
)

// BreachKind says what is wrong in the chain of events.
type BreachKind string

const (
	BreachNoSeal     BreachKind = "seal missing"      // a number is missing
	BreachSeal       BreachKind = "seal altered"      // its hash, or the one before that it names, is not what it must be; with an event: that one was changed
	BreachNoEvent    BreachKind = "event missing"     // a seal names it
	BreachEvent      BreachKind = "event altered"     // what it says of its record is not what was sealed
	BreachBlank      BreachKind = "event emptied"     // what it said is gone, though its record was not removed for good
	BreachStray      BreachKind = "event smuggled in" // no seal names it, and it is not waiting for one
	BreachUnfinished BreachKind = "event unsealed"    // for longer than unsealedAfter
	BreachBroken     BreachKind = "event unreadable"  // what is stored under its id is no event
	BreachTorn       BreachKind = "seal unreadable"   // nobody knows which events it names: then none is called smuggled in
)

// Breach is one thing wrong in the chain.
type Breach struct {
	Kind  BreachKind
	Seal  int64   // its number; 0: none
	Event EventID // "": the seal itself, or nobody knows which
}

// Verified is what a team's chain was found to be.
type Verified struct {
	Team   TeamID
	Seals  int
	Events int // in seals
	Open   int // in none yet, up to sealBatch
	// Head is the hash of the last seal. Noted elsewhere it proves later that the end of the chain was not cut off.
	Head     string
	Known    bool // the hash that was asked for is one of the chain's
	Breaches []Breach
}

const (
	// unsealedAfter is how long an event may be in no seal.
	unsealedAfter = time.Hour
	// verifyPage is how many seals are held at a time.
	verifyPage = 20
	// strayPage is how many ids of events are held at a time.
	strayPage = 1000
	// maxBreaches bounds how many are told.
	maxBreaches = 100
)

// chain is how far a team's chain has been read.
type chain struct {
	*Desk
	v     *Verified
	known string // the Head that is looked for
	seq   int64  // of the last seal
	torn  int64  // of the last seal that could not be read
	seed  maphash.Seed
	named map[uint64]struct{} // hashes of the ids of events in seals: some tens of bytes for each, where the ids would be a multiple
}

// VerifyEvents goes through the whole chain of a team, then through the events for such as are not in it. known is a Head of an earlier
// day, or "".
func (d *Desk) VerifyEvents(ctx context.Context, team TeamID, known string) (Verified, error) {
	v := Verified{Team: team, Known: known == ""}
	c := chain{Desk: d, v: &v, known: known, seed: maphash.MakeSeed(), named: map[uint64]struct{}{}}
	if err := c.readOn(ctx); err != nil {
		return v, err
	}
	if err := c.findStrays(ctx); err != nil {
		return v, err
	}
	open, err := d.store.OpenEvents(ctx, team, sealBatch)
	broken, err := unreadable(err)
	if err != nil {
		return v, fmt.Errorf("read open events: %w", err)
	}
	v.Open = len(open) + len(broken)
	for _, id := range broken {
		v.breach(Breach{Kind: BreachBroken, Event: EventID(id)})
	}
	for _, e := range open {
		if d.now().Sub(e.At) > unsealedAfter {
			v.breach(Breach{Kind: BreachUnfinished, Event: e.ID})
		}
	}
	return v, nil
}

// readOn verifies the seals that follow.
func (c *chain) readOn(ctx context.Context) error {
	for {
		page, err := c.store.Seals(ctx, c.v.Team, c.seq, verifyPage)
		broken, err := unreadable(err)
		if err != nil {
			return fmt.Errorf("read seals: %w", err)
		}
		torn, err := sealNumbers(broken)
		if err != nil {
			return err
		}
		for _, s := range page {
			c.passTo(s.Seq, torn)
			if c.torn == s.Seq-1 {
				c.v.Head = s.Prev // what it was is not known
			}
			c.seq = s.Seq
			if err := c.verifySeal(ctx, s, c.v); err != nil {
				return err
			}
			for _, entry := range s.Entries {
				c.named[maphash.String(c.seed, string(entry.Event))] = struct{}{}
			}
			c.v.Known = c.v.Known || s.Hash == c.known
		}
		if len(torn) > 0 {
			c.passTo(slices.Max(torn)+1, torn)
		}
		if len(page)+len(torn) < verifyPage {
			return nil
		}
	}
}

// passTo tells of the seals before one that were not there to be verified: some are torn, the others are missing.
func (c *chain) passTo(seq int64, torn []int64) {
	for ; c.seq+1 < seq; c.seq++ {
		b := Breach{Kind: BreachNoSeal, Seal: c.seq + 1}
		if slices.Contains(torn, b.Seal) {
			b.Kind, c.torn = BreachTorn, b.Seal
		}
		c.v.breach(b)
	}
}

// sealNumbers are those in the ids of seals.
func sealNumbers(ids []string) ([]int64, error) {
	var all []int64
	for _, id := range ids {
		seq, err := strconv.ParseInt(id[strings.LastIndexByte(id, ':')+1:], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("a seal that cannot be read has no number: %w", err)
		}
		all = append(all, seq)
	}
	return all, nil
}

// findStrays looks for events that are open no more, though no seal names them. What the bot has sealed meanwhile is in a seal
// that follows.
func (c *chain) findStrays(ctx context.Context) error {
	after := EventID("")
	for c.torn == 0 {
		page, err := c.store.ClosedEvents(ctx, c.v.Team, after, strayPage)
		if err != nil {
			return fmt.Errorf("read closed events: %w", err)
		}
		if slices.ContainsFunc(page, c.stray) {
			if err := c.readOn(ctx); err != nil {
				return err
			}
		}
		for _, id := range page {
			if c.stray(id) {
				c.v.breach(Breach{Kind: BreachStray, Event: id})
			}
		}
		if len(page) < strayPage {
			return nil
		}
		after = page[len(page)-1]
	}
	return nil
}

func (c *chain) stray(id EventID) bool {
	_, named := c.named[maphash.String(c.seed, string(id))]
	return !named
}

func (v *Verified) breach(b Breach) {
	if len(v.Breaches) < maxBreaches {
		v.Breaches = append(v.Breaches, b)
	}
}

// verifySeal holds a seal against the one before, which is v's Head, and against its events.
func (d *Desk) verifySeal(ctx context.Context, s Seal, v *Verified) error {
	ids := make([]EventID, len(s.Entries))
	for i, entry := range s.Entries {
		ids[i] = entry.Event
	}
	list, err := d.store.EventsByID(ctx, s.Team, ids)
	broken, err := unreadable(err)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	events := map[EventID]Event{}
	var records []string
	for _, e := range list {
		events[e.ID] = e
		records = append(records, e.Record)
	}
	salts, err := d.store.Salts(ctx, s.Team, records)
	if err != nil {
		return fmt.Errorf("read salts: %w", err)
	}
	keys := map[string]string{}
	for _, salt := range salts {
		keys[salt.Record] = salt.Key
	}
	whole, named := true, false
	for _, entry := range s.Entries {
		e, there := events[entry.Event]
		if !there {
			whole = false
			v.breach(Breach{absence(entry.Event, broken), s.Seq, entry.Event})
			continue
		}
		wrong, err := d.verifyEntry(ctx, entry, e, keys[e.Record])
		if err != nil {
			return err
		}
		if wrong != "" {
			v.breach(Breach{wrong, s.Seq, entry.Event})
		}
		if entry.Head != "" && entry.Head != e.headMark() {
			named = true
			v.breach(Breach{BreachSeal, s.Seq, entry.Event})
		}
	}
	if s.Prev != v.Head || s.ID != sealID(s.Team, s.Seq) || whole && !named && s.Hash != s.hash(events) {
		v.breach(Breach{Kind: BreachSeal, Seal: s.Seq})
	}
	v.Seals, v.Events, v.Head = v.Seals+1, v.Events+len(s.Entries), s.Hash
	return nil
}

// absence is why an event that a seal names was not there to be verified.
func absence(id EventID, broken []string) BreachKind {
	if slices.Contains(broken, string(id)) {
		return BreachBroken
	}
	return BreachNoEvent
}

// verifyEntry holds what an event says of its record against what was sealed. It may say nothing any more if the record has
// been removed for good, or somebody whose card was merged into it for a time (see Forget).
func (d *Desk) verifyEntry(ctx context.Context, entry SealEntry, e Event, key string) (BreachKind, error) {
	if len(e.Fields) > 0 || entry.Fields == "" {
		if e.fieldsDigest(key) != entry.Fields {
			return BreachEvent, nil
		}
		return "", nil
	}
	_, err := d.store.Event(ctx, e.Team, PurgeEventID(e.Record))
	if !errors.Is(err, ErrNotFound) || e.Emptied == "" {
		return blankUnlessThere(err)
	}
	tells, err := d.store.Event(ctx, e.Team, e.Emptied)
	if ids, _ := tells.Forgets(""); err == nil && !slices.Contains(ids, e.ID) {
		return BreachBlank, nil
	}
	return blankUnlessThere(err)
}

// blankUnlessThere is what is wrong with an emptied event, by the outcome of looking for the one that says why. If that one cannot be
// read this is found at its own place in the chain.
func blankUnlessThere(err error) (BreachKind, error) {
	_, err = unreadable(err)
	if errors.Is(err, ErrNotFound) {
		return BreachBlank, nil
	}
	return "", err
}

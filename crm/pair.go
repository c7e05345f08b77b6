package crm

import (
	"context"
	"slices"
	"time"
)

// PairID identifies a pair; it follows from the two cards, so that a pair is there once.
type PairID string

// PairState is where a pair stands.
type PairState string

const (
	PairOpen    PairState = "open"    // nobody has decided yet
	PairApart   PairState = "apart"   // they are not the same: it is never asked again
	PairMerging PairState = "merging" // it is being done; whoever finds it so goes on
	PairMerged  PairState = "merged"
	PairUndoing PairState = "undoing"
)

// Likeness is what speaks for two cards being one client's.
type Likeness string

const (
	LikePhone    Likeness = "phone"
	LikeEmail    Likeness = "email"
	LikeTelegram Likeness = "telegram" // the id or the username
	LikeName     Likeness = "name"
	LikeSwapped  Likeness = "swapped"  // the same names in another order
	LikeAlphabet Likeness = "alphabet" // the same name in the other alphabet
	LikeCompany  Likeness = "company"
	LikeCity     Likeness = "city"
	LikeBirthday Likeness = "birthday"
)

// Likenesses are all of them.
var Likenesses = []Likeness{LikePhone, LikeEmail, LikeTelegram, LikeName, LikeSwapped, LikeAlphabet, LikeCompany, LikeCity, LikeBirthday}

// Certain is the score of a pair that shares what only one client has.
const Certain = 100

// Pair is two cards that may be one client's. It says nothing of what is on them: that is read when it is shown, and goes when
// they go.
type Pair struct {
	ID         PairID     `json:"_id" bson:"_id"`
	Team       TeamID     `json:"team" bson:"team"`
	Rev        int64      `json:"rev" bson:"rev"`
	Schema     int        `json:"schema" bson:"schema"`
	One        ClientID   `json:"one" bson:"one"` // the lesser id
	Other      ClientID   `json:"other" bson:"other"`
	OneOwner   MemberID   `json:"one_owner" bson:"one_owner"` // as they were when it was found
	OtherOwner MemberID   `json:"other_owner" bson:"other_owner"`
	State      PairState  `json:"state" bson:"state"`
	Score      int        `json:"score" bson:"score"` // 1 to Certain
	Why        []Likeness `json:"why,omitempty" bson:"why,omitempty"`
	Seen       time.Time  `json:"seen" bson:"seen"` // by a search
	Merge      Merge      `json:"merge,omitzero" bson:"merge,omitempty"`
}

// Merge is what was decided of a pair. It is written before anything else is, so that it is done once and whole, whatever the
// process dies of.
type Merge struct {
	Cause  Cause     `json:"cause,omitempty" bson:"cause,omitempty"`
	By     MemberID  `json:"by,omitempty" bson:"by,omitempty"`
	At     time.Time `json:"at,omitzero" bson:"at,omitempty"`
	Kept   ClientID  `json:"kept,omitempty" bson:"kept,omitempty"`
	Gone   ClientID  `json:"gone,omitempty" bson:"gone,omitempty"`
	Take   []Field   `json:"take,omitempty" bson:"take,omitempty"` // of these the gone card's value stays
	Back   Cause     `json:"back,omitempty" bson:"back,omitempty"` // of taking it back
	BackBy MemberID  `json:"back_by,omitempty" bson:"back_by,omitempty"`

	PartOf   EventID `json:"part_of,omitempty" bson:"part_of,omitempty"`     // of the merging of all that are certain
	BackPart EventID `json:"back_part,omitempty" bson:"back_part,omitempty"` // of taking that back
}

// event is the id of the event by which the decision changed a record.
func (m Merge) event(record string) EventID {
	if m.Back != "" {
		return EventID(string(m.Back) + ".b." + record)
	}
	return EventID(string(m.Cause) + ".m." + record)
}

// partOf is what that event is a part of: of merging, or taking apart, all that are certain; else of what became of the kept card, which
// tells of the whole.
func (m Merge) partOf(record string) EventID {
	all := m.PartOf
	if m.Back != "" {
		all = m.BackPart
	}
	if all == "" && record != string(m.Kept) {
		return m.event(string(m.Kept))
	}
	return all
}

// Has reports whether the pair has a card.
func (p Pair) Has(id ClientID) bool { return p.One == id || p.Other == id }

// Than is the other card of the pair than this one.
func (p Pair) Than(id ClientID) ClientID {
	if p.One == id {
		return p.Other
	}
	return p.One
}

// Mark is the pair's place in a list.
func (p Pair) Mark() PairMark { return PairMark{Score: p.Score, ID: p.ID} }

// newPair is an open pair of two cards.
func newPair(a, b Client) Pair {
	if a.ID > b.ID {
		a, b = b, a
	}
	return Pair{ID: NewPairID(a.Team, a.ID, b.ID), Team: a.Team, Rev: 1, Schema: schemaVersion, One: a.ID, Other: b.ID,
		OneOwner: a.Owner, OtherOwner: b.Owner, State: PairOpen}
}

// NewPairID is the id of the pair of two cards, in whatever order.
func NewPairID(team TeamID, a, b ClientID) PairID {
	if a > b {
		a, b = b, a
	}
	return PairID(newID(team, Cause(a)+"\x00"+Cause(b), "pair", 0))
}

// PairQuery asks for pairs, the likeliest first, then by id. A zero filter lets everything pass.
type PairQuery struct {
	Team       TeamID
	States     []PairState // any of them
	Among      []MemberID  // both cards owned by any of them
	Client     ClientID    // one of the two
	Least      int         // score at least
	SeenBefore time.Time
	After      *PairMark
	Limit      int
}

// PairMark is a place in a list of pairs.
type PairMark struct {
	Score int
	ID    PairID
}

// Match reports whether the pair satisfies the filters; paging does not count.
func (q PairQuery) Match(p Pair) bool {
	return p.Team == q.Team && (len(q.States) == 0 || slices.Contains(q.States, p.State)) && p.Score >= q.Least &&
		(len(q.Among) == 0 || slices.Contains(q.Among, p.OneOwner) && slices.Contains(q.Among, p.OtherOwner)) &&
		(q.Client == "" || p.Has(q.Client)) && (q.SeenBefore.IsZero() || p.Seen.Before(q.SeenBefore))
}

// SharedQuery asks for keys (as in Client.Keys) that several cards hold.
type SharedQuery struct {
	Team   TeamID
	From   string // keys not before this
	Before string
	Most   int // what more cards hold says nothing, and is passed over
}

// PairStore keeps which cards may be one client's, and finds them.
type PairStore interface {
	// EachShared hands f the cards, none of them in the bin, that share a key, key by key. However many there are, few are in
	// memory. f may call the store; its error ends the walk.
	EachShared(ctx context.Context, q SharedQuery, f func(key string, cards []Client) error) error
	// FindPairs keeps those of a batch that are new, and what was found of those that are open; others stay as they are.
	FindPairs(ctx context.Context, batch []Pair) error
	// Pair returns one; ErrNotFound.
	Pair(ctx context.Context, team TeamID, id PairID) (Pair, error)
	// Pairs answers the query in full.
	Pairs(ctx context.Context, q PairQuery) ([]Pair, error)
	// CountPairs counts what the query without paging would list, up to limit.
	CountPairs(ctx context.Context, q PairQuery, limit int) (int, error)
	// SavePair writes p as revision p.Rev, which must follow the stored one (1 if there is none); ErrConflict.
	SavePair(ctx context.Context, p Pair) error
	// DropPairs removes what the query means, at most q.Limit, and returns how many.
	DropPairs(ctx context.Context, q PairQuery) (int, error)
}

// MoveStore moves what belongs to a card and has no revision of its own.
type MoveStore interface {
	// MoveTouches makes a card's history that of another. What comes is marked with where it was (Touch.Moved): Back moves
	// only what was moved to From out of To, and takes the mark off.
	MoveTouches(ctx context.Context, m TouchMove) error
}

// TouchMove says which touches become whose.
type TouchMove struct {
	Team     TeamID
	From, To ClientID
	Back     bool
}

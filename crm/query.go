package crm

import (
	"slices"
	"time"
)

// Sort is an order of a client list. Each is total: equal keys are ordered by id.
type Sort string

const (
	SortByName   Sort = "name"   // SortName ascending
	SortByTouch  Sort = "touch"  // LastTouch descending, never touched last
	SortByNewest Sort = "newest" // Created descending
	SortByNext   Sort = "next"   // NextContact ascending, none first
	SortByWorth  Sort = "worth"  // Client.Worth ascending: the most valuable first
)

// Sorts in the order in which people are offered them.
var Sorts = []Sort{SortByName, SortByTouch, SortByNewest}

// Bin says whether a query means deleted cards.
type Bin string

const (
	BinOutside Bin = ""    // cards that are not deleted
	BinInside  Bin = "bin" // only deleted ones
)

// ClientQuery asks for cards. A zero filter lets everything pass; several filters must all hold. Team is
// required. The engines compile it to their own language; Match is the same in Go, for one card.
type ClientQuery struct {
	Team          TeamID
	Owner         MemberID   // "": any
	Among         []MemberID // owned by any of them; none: whoever
	Stages        []Stage    // any of them; none: every stage
	Statuses      []Status   // any of them
	Tags          []string   // all of them; folded, as in Client.TagKeys
	TouchedBefore time.Time  // LastTouch earlier than this, or never touched; zero: no filter
	NextFrom      time.Time  // NextContact not before this; zero: no filter
	NextBefore    time.Time  // NextContact before this; those that have none match
	Dates         []string   // any of them; as in Client.DateKeys
	CreatedFrom   time.Time  // Created not before this; zero: no filter
	CreatedBefore time.Time  // Created before this; zero: no filter
	Neglected     []Neglect  // any of them
	Lacks         []GapKey   // any of them
	Bin           Bin

	Sort  Sort        // "": SortByNewest
	After *ClientMark // page on after this card; nil: from the start
	Limit int         // required, at most 1000
}

// Neglect is a way in which cards are left lying: of these stages and statuses, and silent or unconfirmed for too long.
type Neglect struct {
	Stages          []Stage   // any of them; none: every stage
	Statuses        []Status  // any of them; none: every status
	SilentBefore    time.Time // SilentSince earlier than this; zero: silence does not count
	ConfirmedBefore time.Time // Confirmed earlier than this; zero: that does not count
}

func (n Neglect) match(c Client) bool {
	return (len(n.Stages) == 0 || slices.Contains(n.Stages, c.Stage)) && (len(n.Statuses) == 0 || slices.Contains(n.Statuses, c.Status)) &&
		(c.SilentSince().Before(n.SilentBefore) || c.Confirmed.Before(n.ConfirmedBefore))
}

// ClientMark is a place in a list: the sort key and the id of the last card shown.
type ClientMark struct {
	Name  string    // for SortByName
	Worth int64     // for SortByWorth
	Time  time.Time // for the others; zero: never touched
	ID    ClientID
}

// Mark is the card's place in a list of that order.
func (c Client) Mark(s Sort) ClientMark {
	switch s {
	case SortByName:
		return ClientMark{Name: c.SortName, ID: c.ID}
	case SortByTouch:
		return ClientMark{Time: c.LastTouch, ID: c.ID}
	case SortByNext:
		return ClientMark{Time: c.NextContact, ID: c.ID}
	case SortByWorth:
		return ClientMark{Worth: c.Worth(), ID: c.ID}
	default:
		return ClientMark{Time: c.Created, ID: c.ID}
	}
}

// Match reports whether the card satisfies the filters; order and paging do not count.
func (q ClientQuery) Match(c Client) bool {
	if c.Team != q.Team || (q.Bin == BinInside) != !c.Deleted.IsZero() || c.MergedInto != "" {
		return false
	}
	if q.Owner != "" && c.Owner != q.Owner || len(q.Among) > 0 && !slices.Contains(q.Among, c.Owner) {
		return false
	}
	if len(q.Stages) > 0 && !slices.Contains(q.Stages, c.Stage) {
		return false
	}
	if len(q.Statuses) > 0 && !slices.Contains(q.Statuses, c.Status) {
		return false
	}
	for _, tag := range q.Tags {
		if !slices.Contains(c.TagKeys, tag) {
			return false
		}
	}
	if len(q.Dates) > 0 && !slices.ContainsFunc(q.Dates, func(d string) bool { return slices.Contains(c.DateKeys, d) }) {
		return false
	}
	if len(q.Neglected) > 0 && !slices.ContainsFunc(q.Neglected, func(n Neglect) bool { return n.match(c) }) {
		return false
	}
	if len(q.Lacks) > 0 && !slices.ContainsFunc(q.Lacks, c.hasGap) {
		return false
	}
	return q.matchTimes(c)
}

func (q ClientQuery) matchTimes(c Client) bool {
	return (q.TouchedBefore.IsZero() || c.LastTouch.Before(q.TouchedBefore)) &&
		(q.NextFrom.IsZero() || !c.NextContact.Before(q.NextFrom)) && (q.NextBefore.IsZero() || c.NextContact.Before(q.NextBefore)) &&
		(q.CreatedFrom.IsZero() || !c.Created.Before(q.CreatedFrom)) && (q.CreatedBefore.IsZero() || c.Created.Before(q.CreatedBefore))
}

// Less reports whether a comes before b in the query's order.
func (s Sort) Less(a, b Client) bool {
	switch {
	case s == SortByName && a.SortName != b.SortName:
		return a.SortName < b.SortName
	case s == SortByTouch && !a.LastTouch.Equal(b.LastTouch):
		return a.LastTouch.After(b.LastTouch)
	case s == SortByNext && !a.NextContact.Equal(b.NextContact):
		return a.NextContact.Before(b.NextContact)
	case s == SortByWorth && a.Worth() != b.Worth():
		return a.Worth() < b.Worth()
	case (s == SortByNewest || s == "") && !a.Created.Equal(b.Created):
		return a.Created.After(b.Created)
	}
	return a.ID < b.ID
}

// Candidate is what of a card a search ranks, and shows in a list; the cards themselves are read where more of them is asked for.
type Candidate struct {
	ID        ClientID  `bson:"_id"`
	Owner     MemberID  `bson:"owner"`
	Stage     Stage     `bson:"stage"`
	LastTouch time.Time `bson:"last_touch"`
	SortName  string    `bson:"sort_name"`
	Terms     []string  `bson:"terms"`
	Face      `bson:",inline"`
}

// Face is what a list shows of a card. An engine may not have that of a card which an older version wrote: it is empty then.
type Face struct {
	Name     string `bson:"name"`
	Company  string `bson:"company"`
	Position string `bson:"position"`
	City     string `bson:"city"`
}

// Face is what a list shows of the card.
func (c Client) Face() Face {
	return Face{Name: c.Name, Company: c.Company, Position: c.Position, City: c.City}
}

// TermQuery asks for the cards that have, for every group, a term satisfying any of the group's
// alternatives. Cards in the bin never answer. Team and at least one group are required.
type TermQuery struct {
	Team   TeamID
	Owner  MemberID   // "": any
	Among  []MemberID // owned by any of them; none: whoever
	Groups []TermGroup
	Limit  int // candidates to return, at most 200
	Scan   int // engines may stop after looking at so many entries of the first group; 0: 5000
}

// TermGroup is the alternatives for one word of a query. Put the group with the fewest expected hits first.
type TermGroup struct {
	Exact    []string // whole terms
	Prefixes []string // beginnings of terms
}

package crm

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// When a client is removed for good whose card was merged into another and taken out again, the other's record of changes still says what
// came of theirs: in the merge, in its undoing, and in whatever happened to the card in between. These events are emptied. One more,
// sealed like all, names them, and each of them names that: so the chain tells them from what somebody else has emptied.

// forgotten is the field in which that event has the others' ids.
const forgotten = "forgotten"

// MergedInto lists the cards into which a card was merged at some time, and those into which these were, the nearest first: what the card
// had went along. Of each card the events are asked for once. Whoever empties them begins with the last: what leads to it is still there when
// a try that was cut short is made again.
func MergedInto(card ClientID, eventsOf func(ClientID) ([]Event, error)) ([]ClientID, error) {
	all := []ClientID{card}
	for i := 0; i < len(all); i++ {
		events, err := eventsOf(all[i])
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			var into ClientID
			if e.Action == ActionMergeClients && json.Unmarshal([]byte(e.Fields["merged_into"].After), &into) == nil && into != "" && !slices.Contains(all, into) {
				all = append(all, into)
			}
		}
	}
	return all[1:], nil
}

// Forget is the event that names what the removal of a client at a time empties of the events of a card that theirs was merged into, which
// are given in any order. It names none if theirs never was.
func Forget(team TeamID, gone, kept ClientID, events []Event, at time.Time) Event {
	var ids []EventID
	for _, made := range events {
		if !made.brings(gone) {
			continue
		}
		last := made.Rev
		for _, e := range events {
			if e.Undoes == made.ID {
				last = e.Rev
			}
		}
		for _, e := range events {
			if made.Rev <= e.Rev && e.Rev <= last {
				ids = append(ids, e.ID)
			}
		}
	}
	raw, _ := json.Marshal(ids) // texts
	pair := string(NewPairID(team, gone, kept))
	return Event{ID: EventID("forget." + pair), Team: team, Schema: schemaVersion, Action: ActionForget, Record: pair, At: at,
		Fields: map[string]Delta{forgotten: {After: string(raw)}}}
}

// Forgets lists which events of a card the event empties, and the notes in which merges had left there what the card had no place for.
func (e Event) Forgets(kept ClientID) (ids []EventID, notes []TouchID) {
	_ = json.Unmarshal([]byte(e.Fields[forgotten].After), &ids) // what is no list names none
	for _, id := range ids {
		if cause, merge := strings.CutSuffix(string(id), string(Merge{}.event(string(kept)))); merge {
			notes = append(notes, NewTouchID(e.Team, Cause(cause), 0))
		}
	}
	return ids, notes
}

// brings reports whether it is by this event that a card got what another had.
func (e Event) brings(gone ClientID) bool {
	var before, after []ClientID
	_ = json.Unmarshal([]byte(e.Fields["merged"].Before), &before) // what is no list names nobody
	_ = json.Unmarshal([]byte(e.Fields["merged"].After), &after)
	return e.Action == ActionMergeClients && slices.Contains(after, gone) && !slices.Contains(before, gone)
}

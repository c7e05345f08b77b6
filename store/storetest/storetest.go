// Package storetest is the contract of crm.Store as tests. Every engine runs it through its real driver:
//
//	func TestContract(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) crm.Store { … }, storetest.Capabilities{Concurrent: true})
//	}
//
// An engine that fails is mended, not skipped.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"kartoteka/crm"
)

// Capabilities says what the server behind an engine can be held to.
type Capabilities struct {
	// Concurrent: writes to one record at the same time are exercised. FerretDB 1.24 loses some of them.
	Concurrent bool
	// Slow: the server scans; random tests run with few records and few tries.
	Slow bool
	// Spoil puts Spoilt in the place of the schema of what is stored under an id, so that it is no such record any more.
	Spoil func(t testing.TB, st crm.Store, kind crm.RecordKind, id string)
}

// Open returns a fresh, empty store and closes it at the end of the test.
type Open func(t testing.TB) crm.Store

// Run runs the whole contract, each part on a store of its own.
func Run(t *testing.T, open Open, can Capabilities) {
	for _, part := range []struct {
		name string
		run  func(t *testing.T, h harness)
	}{
		{"Client", testClient},
		{"Revisions", testRevisions},
		{"Bulk", testBulk},
		{"Keys", testKeys},
		{"List", testList},
		{"Day", testDay},
		{"Sealed", testSealed},
		{"Search", testSearch},
		{"Ranked", testRanked},
		{"Purge", testPurge},
		{"History", testHistory},
		{"Audit", testAudit},
		{"Seal", testSeal},
		{"Unreadable", testUnreadable},
		{"Words", testWords},
		{"Team", testTeam},
		{"Member", testMember},
		{"Invite", testInvite},
		{"Consent", testConsent},
		{"Import", testImport},
		{"Dialog", testDialog},
		{"Task", testTask},
		{"Reminder", testReminder},
		{"Intake", testIntake},
		{"Pair", testPair},
		{"Cancelled", testCancelled},
		{"Discreet", testDiscreet},
		{"Concurrent", testConcurrent},
		{"Queries", testQueries},
		{"Model", testModel},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, harness{open, can}) })
	}
}

// harness makes the stores of one part.
type harness struct {
	open Open
	can  Capabilities
}

// run starts a sub-test with a fresh store.
func (h harness) run(t *testing.T, name string, test func(k *kit)) {
	t.Run(name, func(t *testing.T) { test(h.kit(t)) })
}

func (h harness) kit(t *testing.T) *kit {
	return &kit{T: t, Store: h.open(t), ctx: t.Context(), can: h.can}
}

// kit is a store under test with short words for what tests do.
type kit struct {
	*testing.T
	crm.Store
	ctx    context.Context
	can    Capabilities
	events int
}

const (
	acme  = crm.TeamID("acme")
	other = crm.TeamID("other")
	anna  = crm.MemberID("anna")
	boris = crm.MemberID("boris")
)

// day is a moment of 2024, so that tests read as calendars.
func day(month, day int) time.Time {
	return time.Date(2024, time.Month(month), day, 9, 30, 0, 0, time.UTC)
}

// event is a fresh event of a team about a record.
func (k *kit) event(team crm.TeamID, record string, rev int64) crm.Event {
	k.events++
	return crm.Event{
		ID: crm.EventID(fmt.Sprintf("u%d.0", k.events)), Team: team, Schema: crm.SchemaVersion, Action: crm.ActionEditClient,
		Record: record, Rev: rev, By: anna, At: day(1, 1).Add(time.Duration(k.events) * time.Minute),
	}
}

// card is a small card of acme's; its name is its id.
func card(id string, edit ...func(*crm.Client)) crm.Client {
	c := crm.Client{
		ID: crm.ClientID(id), Team: acme, Rev: 1, Schema: crm.SchemaVersion, Profile: crm.Profile{Name: id},
		Stage: crm.StageLead, Status: crm.StatusLead, Owner: anna, SortName: id,
		Confirmed: day(1, 1), Created: day(1, 1), Updated: day(1, 1),
	}
	for _, e := range edit {
		e(&c)
	}
	return c
}

// change is a card's change with a fresh event.
func (k *kit) change(c crm.Client) crm.ClientChange {
	return crm.ClientChange{Client: c, Event: k.event(c.Team, string(c.ID), c.Rev)}
}

// save writes cards; each must succeed.
func (k *kit) save(cards ...crm.Client) {
	k.Helper()
	for _, c := range cards {
		if err := k.SaveClient(k.ctx, k.change(c)); err != nil {
			k.Fatalf("SaveClient(%s rev %d): %v", c.ID, c.Rev, err)
		}
	}
}

// purge empties the bin of what was put there before a time.
func (k *kit) purge(before time.Time, limit int) (int, error) {
	return k.PurgeClients(k.ctx, crm.Purge{Before: before, At: before, Limit: limit})
}

// ok fails the test at an error.
func (k *kit) ok(err error) {
	k.Helper()
	if err != nil {
		k.Fatalf("got error %v", err)
	}
}

// fails checks the class of an error.
func (k *kit) fails(err, class error) {
	k.Helper()
	if !errors.Is(err, class) {
		k.Fatalf("got error %v, want %v", err, class)
	}
}

// same compares values in depth.
func (k *kit) same(got, want any) {
	k.Helper()
	if !reflect.DeepEqual(got, want) {
		k.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

// must takes a value out of a call that must succeed.
func must[T any](value T, err error) func(k *kit) T {
	return func(k *kit) T {
		k.Helper()
		k.ok(err)
		return value
	}
}

// ids lists the cards' ids.
func ids(cards []crm.Client) []crm.ClientID {
	var out []crm.ClientID
	for _, c := range cards {
		out = append(out, c.ID)
	}
	return out
}

// found lists the ids of candidates.
func found(cards []crm.Candidate) []crm.ClientID {
	var out []crm.ClientID
	for _, c := range cards {
		out = append(out, c.ID)
	}
	return out
}

// searched reads the cards that a search finds.
func (k *kit) searched(q crm.TermQuery) ([]crm.Client, error) {
	candidates, err := k.SearchClients(k.ctx, q)
	if err != nil {
		return nil, err
	}
	return k.ClientsByID(k.ctx, q.Team, found(candidates))
}

func clientIDs(names ...string) []crm.ClientID {
	var out []crm.ClientID
	for _, n := range names {
		out = append(out, crm.ClientID(n))
	}
	return out
}

func isApplied(err error) bool  { return errors.Is(err, crm.ErrApplied) }
func isConflict(err error) bool { return errors.Is(err, crm.ErrConflict) }

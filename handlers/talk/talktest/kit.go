// Package talktest lets tests speak with the conversation as members do, and look at what they were shown as plain data:
//
//	k := talktest.New(t, card.Register, find.Register)
//	anna := k.Member("Анна", crm.RoleManager, "ru")
//	anna.Say("ромаш")
//	anna.Press("Дальше ›")
//	got := anna.Screen() // text and buttons of what she looks at
//
// The store is SQLite in a folder of the test's own, the clock stands still until Clock.Advance, the messenger
// records. A missing text or parameter fails the test.
package talktest

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
	"kartoteka/store/sqlite"
)

// Bot is the bot's username.
const Bot = "kartoteka_bot"

// Start is when a test begins: Friday, 20 November 2026, noon in Moscow.
var Start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// Kit is one team with its conversation.
type Kit struct {
	Router *talk.Router
	Desk   *crm.Desk
	Store  crm.Store
	Clock  *clockwork.FakeClock
	Out    *Messenger
	Team   crm.Team

	Options talk.Options // of the Router

	tb      testing.TB
	updates int64 // number of the last update
	people  int64
}

// New makes a kit with a team that has no members yet; register adds the subjects that the test needs.
func New(tb testing.TB, register ...func(*talk.Router)) *Kit {
	tb.Helper()
	store, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "test.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	})
	catalog, err := locales.Load()
	if err != nil {
		tb.Fatal(err)
	}
	catalog.Report = func(problem string) { tb.Error(problem) }
	clock := clockwork.NewFakeClockAt(Start)
	k := &Kit{Desk: crm.NewDesk(store, clock), Store: store, Clock: clock, Out: newMessenger(), tb: tb}
	k.Options = talk.Options{Desk: k.Desk, Out: k.Out, Catalog: catalog, Clock: clock, Log: slog.New(slog.DiscardHandler), Bot: Bot}
	k.Router = talk.New(k.Options)
	for _, f := range register {
		f(k.Router)
	}
	k.Team = crm.Team{ID: "team", Schema: 1, Name: "Ромашка", Region: "RU", Zone: "Europe/Moscow", Lang: "ru", Created: Start}
	k.SaveTeam(func(*crm.Team) {})
	return k
}

// SaveTeam changes the team behind everybody's back.
func (k *Kit) SaveTeam(f func(*crm.Team)) {
	k.tb.Helper()
	f(&k.Team)
	k.Team.Rev++
	e := crm.Event{ID: k.cause().EventID(0), Team: k.Team.ID, Schema: 1, Action: crm.ActionEditTeam, Record: string(k.Team.ID),
		Rev: k.Team.Rev, At: k.Clock.Now()}
	if err := k.Store.SaveTeam(k.tb.Context(), k.Team, e); err != nil {
		k.tb.Fatal(err)
	}
}

// Member adds a person to the team; lang is "ru" or "en".
func (k *Kit) Member(name string, role crm.Role, lang string) *Person {
	k.tb.Helper()
	p := k.Stranger(name, lang)
	id := crm.MemberID(crm.NewClientID(k.Team.ID, k.cause(), 0))
	p.Actor.Member = crm.Member{ID: id, Team: k.Team.ID, Rev: 1, Schema: 1, User: p.User, Name: name, Role: role, Lang: lang,
		Zone: "Europe/Moscow", Created: k.Clock.Now()}
	e := crm.Event{ID: k.cause().EventID(0), Team: k.Team.ID, Schema: 1, Action: crm.ActionJoin, Record: string(id), Rev: 1, By: id,
		At: k.Clock.Now()}
	if err := k.Store.SaveMember(k.tb.Context(), p.Actor.Member, e); err != nil {
		k.tb.Fatal(err)
	}
	return p
}

// Stranger is a person who is in no team.
func (k *Kit) Stranger(name, lang string) *Person {
	k.people++
	return &Person{User: 1000 + k.people, Name: name, Lang: lang, kit: k}
}

// cause is of the next update.
func (k *Kit) cause() crm.Cause {
	k.updates++
	return talk.CauseOf(incoming(k.updates))
}

package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
	"kartoteka/store/backup"
)

// Base is an address with nothing behind it yet: what an engine makes, reads and fills.
type Base struct {
	Open   func() (crm.Store, error)
	Source func() (crm.Source, error)
	Fill   func(load func(crm.Sink) error) error
}

// NewBase makes an address of its own for a test.
type NewBase func(t testing.TB) Base

// RunCopy holds two engines, or one and the same, to a copy that answers as the original.
func RunCopy(t *testing.T, from, to NewBase) {
	t.Run("answers_the_same", func(t *testing.T) { testCopy(t, from(t), to(t)) })
	t.Run("only_into_an_empty_base", func(t *testing.T) { testNotEmpty(t, from(t), to(t)) })
	t.Run("all_or_nothing", func(t *testing.T) { testAllOrNothing(t, from(t), to(t)) })
}

// base is a Base under test.
type base struct {
	*testing.T
	Base
}

func (b base) open() *kit {
	b.Helper()
	s, err := b.Open()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return &kit{T: b.T, Store: s, ctx: b.Context()}
}

// dumped is what a base holds, kind by kind, in the order of ids.
func (b base) dumped() map[crm.RecordKind][]crm.Record {
	b.Helper()
	s, err := b.Source()
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	counts, err := s.Counts(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var d crm.Decoder
	all := map[crm.RecordKind][]crm.Record{}
	err = s.Dump(b.Context(), func(kind crm.RecordKind, doc []byte) error {
		r, err := d.Record(kind, doc)
		all[kind] = append(all[kind], r)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range crm.RecordKinds {
		if len(all[kind]) != counts[kind] {
			b.Errorf("%s: %d were dumped, %d were counted", kind, len(all[kind]), counts[kind])
		}
		slices.SortFunc(all[kind], func(x, y crm.Record) int { return strings.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
	}
	return all
}

// copyTo brings all of b into another base.
func (b base) copyTo(to Base) error {
	b.Helper()
	s, err := b.Source()
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	return to.Fill(func(sink crm.Sink) error {
		_, err := backup.Copy(b.Context(), s.Dump, sink, nil)
		return err
	})
}

func testCopy(t *testing.T, from, to Base) {
	a, b := base{t, from}, base{t, to}
	original := a.open()
	populate(original)
	before := a.dumped()
	for _, kind := range crm.RecordKinds {
		if len(before[kind]) == 0 {
			t.Errorf("the test has none of %s", kind)
		}
	}
	if err := a.copyTo(to); err != nil {
		t.Fatal(err)
	}
	if after := b.dumped(); !reflect.DeepEqual(after, before) {
		for _, kind := range crm.RecordKinds {
			for i := range before[kind] {
				if i < len(after[kind]) && !reflect.DeepEqual(after[kind][i], before[kind][i]) {
					t.Errorf("%s:\ngot  %+v\nwant %+v", kind, after[kind][i], before[kind][i])
				}
			}
		}
	}
	copied := b.open()
	want, got := answers(original), answers(copied)
	for question := range want {
		if !reflect.DeepEqual(got[question], want[question]) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", question, got[question], want[question])
		}
	}
	goesOn(copied)
}

// populate puts something of each kind into the base: records with every field set, and cards as people make them.
func populate(k *kit) {
	k.Helper()
	team, member, invite := filled[crm.Team](1), filled[crm.Member](2), filled[crm.Invite](3)
	team.ID, team.Rev, team.Schema = acme, 1, crm.SchemaVersion
	member.ID, member.Team, member.Rev, member.Role, member.Removed = anna, acme, 1, crm.RoleOwner, time.Time{}
	invite.ID, invite.Team, invite.Rev = "i1", acme, 1
	k.ok(k.SaveTeam(k.ctx, team, k.event(acme, string(acme), 1)))
	k.ok(k.SaveMember(k.ctx, member, k.event(acme, string(anna), 1)))
	k.ok(k.SaveInvite(k.ctx, invite, k.event(acme, "i1", 1)))
	k.ok(k.SaveConsent(k.ctx, crm.Consent{ID: "n1", Team: acme, Rev: 1, Client: "c1", Purpose: crm.PurposeMailing, Given: day(1, 1)}, k.event(acme, "n1", 1)))

	task, dialog, stray := filled[crm.Task](4), filled[crm.Dialog](5), filled[crm.StrayUpdate](6)
	task.ID, task.Team, task.Rev = "k1", acme, 1
	dialog.ID, dialog.Team, dialog.Rev = "42", acme, 1
	k.ok(k.SaveTask(k.ctx, task, k.event(acme, "k1", 1)))
	task.Rev, task.Text = 2, "перезвонить"
	k.ok(k.SaveTask(k.ctx, task, k.event(acme, "k1", 2)))
	k.ok(k.SaveDialog(k.ctx, dialog))
	k.ok(k.SetAside(k.ctx, stray))
	_ = must(k.MarkOnce(k.ctx, "stranger:42", day(1, 1)))(k)
	i := filled[crm.Import](10)
	i.ID, i.Team, i.Rev = "m1", acme, 1
	k.ok(k.SaveImport(k.ctx, i))
	r := filled[crm.Reminder](7)
	r.ID, r.Team, r.State = "birthday:c1", acme, crm.ReminderPlanned
	_ = must(k.PlanReminder(k.ctx, r))(k)
	k.ok(k.SetProgress(k.ctx, "due:acme", day(1, 2)))

	k.ok(k.SavePair(k.ctx, pair("p1")))

	c, touch := filled[crm.Client](8), filled[crm.Touch](9)
	c.ID, c.Team, c.Rev, c.Schema, c.Deleted = "full", acme, 1, crm.SchemaVersion, time.Time{}
	touch.ID, touch.Team, touch.Client = "t1", acme, "full"
	change := k.change(indexed(k, team, c))
	change.Touches = []crm.Touch{touch}
	change.Event.Fields = map[string]crm.Delta{"name": {Before: `"а\nб"`, After: `"в"`}}
	k.ok(k.SaveClient(k.ctx, change))
	peopled(k, member)
	k.save(indexed(k, team, card("after the seal")))
}

// indexed is the card with what it is found by.
func indexed(k *kit, team crm.Team, c crm.Client) crm.Client {
	k.Helper()
	var d crm.Decoder
	var last crm.Record
	for _, r := range []crm.Record{team, c} {
		doc := must(json.Marshal(r))(k)
		last = must(d.Record(r.RecordKind(), doc))(k)
	}
	return last.(crm.Client)
}

// then is a clock that stands.
type then time.Time

func (t then) Now() time.Time { return time.Time(t) }

// peopled adds cards by the use cases, so that they are found by what they say; one is in the bin, one is purged.
func peopled(k *kit, m crm.Member) {
	k.Helper()
	desk := crm.NewDesk(k.Store, then(day(2, 1)))
	n := 0
	by := func() crm.Actor { n++; return crm.Actor{Member: m, Cause: crm.Cause(fmt.Sprint("people", n))} }
	add := func(p crm.Profile) crm.ClientID {
		return must(desk.AddClient(k.ctx, by(), crm.Draft{Profile: p}, true))(k).ID
	}
	ivan := add(crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}, Tags: []string{"Опт"}, City: "Тула"})
	add(crm.Profile{Name: "Петрова Анна", Company: "Ромашка", Emails: []string{"anna@romashka.ru"},
		Birthday: civil.Date{Year: 1980, Month: 2, Day: 29}, Messengers: []crm.Messenger{{Kind: "telegram", Handle: "bvolkov"}}})
	for range 3 {
		_ = must(desk.LogTouch(k.ctx, by(), ivan, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeAgreed, Text: "звонок\nвторой строкой"}))(k)
	}
	binned, purged := add(crm.Profile{Name: "Корзинкин"}), add(crm.Profile{Name: "Былой"})
	_ = must(desk.DeleteClient(k.ctx, by(), purged))(k)
	k.same(must(k.purge(day(3, 1), 10))(k), 1)
	_ = must(desk.DeleteClient(k.ctx, by(), binned))(k)
	k.ok(desk.SealEvents(k.ctx))
}

// answers asks what people and jobs ask.
func answers(k *kit) map[string]any {
	k.Helper()
	out := map[string]any{}
	for _, sort := range append([]crm.Sort{crm.SortByNext, crm.SortByWorth}, crm.Sorts...) {
		out["list "+string(sort)] = k.listed(crm.ClientQuery{Sort: sort})
	}
	out["bin"] = k.listed(crm.ClientQuery{Bin: crm.BinInside})
	out["tag"] = k.listed(crm.ClientQuery{Tags: []string{"опт"}})
	out["day"] = k.listed(crm.ClientQuery{Dates: []string{"b02-29"}})
	out["count"] = must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme, Stages: crm.Stages}, 100))(k)
	out["key"] = ids(must(k.ClientsByKey(k.ctx, acme, []string{"p+79001234567", "@bvolkov"}))(k))
	near := must(k.WordsNear(k.ctx, acme, append(spell.Variants("романка"), "романка"), 10))(k)
	out["near"] = slices.Sorted(slices.Values(near))
	desk := crm.NewDesk(k.Store, then(day(2, 2)))
	by := crm.Actor{Member: must(k.Member(k.ctx, acme, anna))(k)}
	for _, text := range []string{"иванов", "4567", "bdfyjd", "ромашка", "романка", "корзинкин", "опт", "тула"} {
		var hits []crm.ClientID
		for _, h := range must(desk.FindPage(k.ctx, by, text, 0, 10))(k).Hits {
			hits = append(hits, h.Client.ID)
		}
		out["find "+text] = hits
	}
	for _, c := range k.listed(crm.ClientQuery{}) {
		out["touches "+string(c.ID)] = must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: c.ID, Limit: 100}))(k)
		out["events "+string(c.ID)] = must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: string(c.ID), Limit: 100}))(k)
	}
	out["team"] = must(k.Teams(k.ctx))(k)
	out["members"] = must(k.Members(k.ctx, acme))(k)
	out["user"] = must(k.MemberByUser(k.ctx, by.User))(k)
	out["invite"] = must(k.Invite(k.ctx, "i1"))(k)
	out["consents"] = must(k.Consents(k.ctx, acme, "c1"))(k)
	out["pairs"] = must(k.Pairs(k.ctx, crm.PairQuery{Team: acme, Limit: 9}))(k)
	out["dialog"] = must(k.Dialog(k.ctx, "42"))(k)
	out["tasks"] = must(k.Tasks(k.ctx, crm.TaskQuery{Team: acme, Limit: 100}))(k)
	out["reminders"] = must(k.Reminders(k.ctx, crm.ReminderQuery{Team: acme, Limit: 100}))(k)
	out["progress"] = must(k.Progress(k.ctx, "due:acme"))(k)
	out["imports"] = must(k.Imports(k.ctx, crm.ImportQuery{Team: acme, Limit: 10}))(k)
	out["strays"] = must(k.StrayUpdates(k.ctx, 10))(k)
	return out
}

// listed are the cards without what they are found by, which an engine need not give back.
func (k *kit) listed(q crm.ClientQuery) []crm.Client {
	k.Helper()
	q.Team, q.Limit = acme, 100
	cards := must(k.Clients(k.ctx, q))(k)
	for i := range cards {
		cards[i].Terms, cards[i].Words, cards[i].Keys = nil, nil, nil
	}
	return cards
}

// goesOn checks that a filled base is worked with as any: what was applied stays applied, the next revision is taken, the
// record of changes is whole and goes on to be sealed.
func goesOn(k *kit) {
	k.Helper()
	first := must(k.MarkOnce(k.ctx, "stranger:42", day(5, 1)))(k)
	k.same(first, false)
	c := must(k.Client(k.ctx, acme, "full"))(k)
	c.Rev = 2
	k.fails(k.SaveClient(k.ctx, crm.ClientChange{Client: c, Event: crm.Event{ID: "u1.0", Team: acme, Record: "full", Rev: 2}}), crm.ErrApplied)
	k.ok(k.SaveClient(k.ctx, crm.ClientChange{Client: c, Event: crm.Event{ID: "later", Team: acme, Record: "full", Rev: 2}}))
	desk := crm.NewDesk(k.Store, then(day(3, 3)))
	for _, open := range []int{2, 0} {
		v := must(desk.VerifyEvents(k.ctx, acme, ""))(k)
		v.Breaches = slices.DeleteFunc(v.Breaches, func(b crm.Breach) bool { return b.Kind == crm.BreachUnfinished })
		if len(v.Breaches) > 0 || v.Open != open || v.Events < 5 {
			k.Fatalf("the chain is %+v, want %d open", v, open)
		}
		k.ok(desk.SealEvents(k.ctx))
	}
}

func testNotEmpty(t *testing.T, from, to Base) {
	a, b := base{t, from}, base{t, to}
	populate(a.open())
	k := b.open()
	k.ok(k.SaveTeam(k.ctx, crm.Team{ID: acme, Rev: 1}, k.event(acme, "acme", 1)))
	before := b.dumped()
	k.fails(a.copyTo(to), crm.ErrNotEmpty)
	k.same(b.dumped(), before)
}

// testAllOrNothing fails in the middle: there is no base, and the next attempt is as good as the first.
func testAllOrNothing(t *testing.T, from, to Base) {
	a, b := base{t, from}, base{t, to}
	populate(a.open())
	broken := errors.New("broken off")
	k := &kit{T: t, ctx: t.Context()}
	k.fails(to.Fill(func(s crm.Sink) error {
		if err := s.Load(k.ctx, []crm.Record{crm.Team{ID: acme, Rev: 3}, card("c1"), crm.Event{ID: "u1.0", Team: acme}}); err != nil {
			return err
		}
		return broken
	}), broken)
	twice := []crm.Record{crm.Touch{ID: "t1", Team: acme}, crm.Touch{ID: "t1", Team: acme}}
	if err := to.Fill(func(s crm.Sink) error { return s.Load(k.ctx, twice) }); err == nil {
		t.Error("what is there twice was taken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	k.fails(to.Fill(func(s crm.Sink) error {
		cancel()
		return s.Load(ctx, []crm.Record{crm.Team{ID: acme, Rev: 1}})
	}), context.Canceled)
	k.ok(a.copyTo(to))
	k.same(b.dumped(), a.dumped())
}

package crm_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka/crm"
)

// forged is a store whose past somebody has worked over.
type forged struct {
	crm.Store
	events func([]crm.Event) []crm.Event
	seals  func([]crm.Seal) []crm.Seal
}

func (f forged) EventsByID(ctx context.Context, team crm.TeamID, ids []crm.EventID) ([]crm.Event, error) {
	list, err := f.Store.EventsByID(ctx, team, ids)
	if f.events != nil {
		list = f.events(list)
	}
	return list, err
}

func (f forged) Seals(ctx context.Context, team crm.TeamID, after int64, limit int) ([]crm.Seal, error) {
	list, err := f.Store.Seals(ctx, team, after, limit)
	if f.seals != nil {
		list = f.seals(list)
	}
	return list, err
}

func (o *office) seal() {
	o.t.Helper()
	if err := o.SealEvents(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) verified(st crm.Store) crm.Verified {
	o.t.Helper()
	v, err := crm.NewDesk(st, o.clock).VerifyEvents(o.t.Context(), o.owner.Team, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

// sealed is an office with some clients, whose changes are in three seals.
func sealed(t *testing.T) (*office, crm.Client) {
	o := newOffice(t)
	var c crm.Client
	for _, name := range []string{"Иванов Иван", "Петров Пётр", "Сидоров Сидор"} {
		c = o.add(o.owner, crm.Profile{Name: name})
		o.clock.Advance(time.Minute)
		o.seal()
	}
	return o, c
}

// What was done to the past is found, and where.
func TestVerifyEvents(t *testing.T) {
	o, c := sealed(t)
	if v := o.verified(o.store); len(v.Breaches) > 0 || v.Seals != 3 || v.Events < 5 || v.Open != 0 || v.Head == "" {
		t.Fatalf("got %+v of a chain that nobody touched", v)
	}
	mine := func(change func(*crm.Event)) func([]crm.Event) []crm.Event {
		return func(list []crm.Event) []crm.Event {
			for i := range list {
				if list[i].Record == string(c.ID) {
					change(&list[i])
				}
			}
			return list
		}
	}
	for what, one := range map[string]struct {
		st   forged
		want []crm.BreachKind
	}{
		"a field altered":        {forged{events: mine(func(e *crm.Event) { e.Fields["name"] = crm.Delta{After: `"Другой"`} })}, []crm.BreachKind{crm.BreachEvent}},
		"fields emptied":         {forged{events: mine(func(e *crm.Event) { e.Fields = nil })}, []crm.BreachKind{crm.BreachBlank}},
		"another member":         {forged{events: mine(func(e *crm.Event) { e.By = "m9" })}, []crm.BreachKind{crm.BreachSeal}},
		"another time":           {forged{events: mine(func(e *crm.Event) { e.At = e.At.Add(time.Second) })}, []crm.BreachKind{crm.BreachSeal}},
		"made a part of another": {forged{events: mine(func(e *crm.Event) { e.PartOf = "u1.0" })}, []crm.BreachKind{crm.BreachSeal}},
		"an event gone": {forged{events: func(list []crm.Event) []crm.Event {
			return slices.DeleteFunc(list, func(e crm.Event) bool { return e.Record == string(c.ID) })
		}}, []crm.BreachKind{crm.BreachNoEvent}},
		"a seal gone": {forged{seals: func(list []crm.Seal) []crm.Seal {
			return slices.DeleteFunc(list, func(s crm.Seal) bool { return s.Seq == 2 })
		}}, []crm.BreachKind{crm.BreachNoSeal, crm.BreachSeal, crm.BreachStray}},
		"an event taken out of its seal": {forged{seals: func(list []crm.Seal) []crm.Seal {
			for i, s := range list {
				list[i].Entries = slices.DeleteFunc(slices.Clone(s.Entries), func(e crm.SealEntry) bool { return i == 2 })
			}
			return list
		}}, []crm.BreachKind{crm.BreachSeal, crm.BreachStray}},
	} {
		one.st.Store = o.store
		var got []crm.BreachKind
		for _, b := range o.verified(one.st).Breaches {
			got = append(got, b.Kind)
		}
		if !slices.Equal(got, one.want) {
			t.Errorf("%s: got %v, want %v", what, got, one.want)
		}
	}
	// Which event it was is told, but for seals of a version that did not note it.
	for _, old := range []bool{false, true} {
		altered := forged{Store: o.store, events: mine(func(e *crm.Event) { e.By = "m9" }), seals: func(list []crm.Seal) []crm.Seal {
			for i := range list {
				for k := range list[i].Entries {
					if old {
						list[i].Entries[k].Head = ""
					}
				}
			}
			return list
		}}
		got := o.verified(altered).Breaches
		if len(got) != 1 || got[0].Kind != crm.BreachSeal || got[0].Seal != 3 || (got[0].Event == "") != old {
			t.Errorf("old %v: got %+v, want the event named, unless it is old", old, got)
		}
	}
}

// broken is a store of which some records are none.
type broken struct {
	crm.Store
	events []crm.EventID
	seals  []int64
}

func (b broken) EventsByID(ctx context.Context, team crm.TeamID, ids []crm.EventID) ([]crm.Event, error) {
	list, err := b.Store.EventsByID(ctx, team, ids)
	return without(list, err, func(e crm.Event) (string, bool) { return string(e.ID), slices.Contains(b.events, e.ID) })
}

func (b broken) OpenEvents(ctx context.Context, team crm.TeamID, limit int) ([]crm.Event, error) {
	list, err := b.Store.OpenEvents(ctx, team, limit)
	return without(list, err, func(e crm.Event) (string, bool) { return string(e.ID), slices.Contains(b.events, e.ID) })
}

func (b broken) Seals(ctx context.Context, team crm.TeamID, after int64, limit int) ([]crm.Seal, error) {
	list, err := b.Store.Seals(ctx, team, after, limit)
	return without(list, err, func(s crm.Seal) (string, bool) { return s.ID, slices.Contains(b.seals, s.Seq) })
}

// without is a list of which some cannot be read.
func without[T any](list []T, err error, broken func(T) (string, bool)) ([]T, error) {
	var ids []string
	list = slices.DeleteFunc(list, func(one T) bool {
		id, is := broken(one)
		if is {
			ids = append(ids, id)
		}
		return is
	})
	if len(ids) > 0 {
		err = crm.Unreadable{IDs: ids}
	}
	return list, err
}

// An event that cannot be read keeps the others of its team in no seal no longer than it takes to pass it over.
func TestSealEvents_unreadable(t *testing.T) {
	o, c := sealed(t)
	o.clock.Advance(time.Minute)
	for _, name := range []string{"Волков Борис", "Ким Анна", "Сидоров Пётр"} {
		o.add(o.owner, crm.Profile{Name: name})
	}
	open, err := o.store.OpenEvents(t.Context(), c.Team, 9)
	mustAll(t, err)
	desk := crm.NewDesk(broken{Store: o.store, events: []crm.EventID{open[0].ID}}, o.clock)
	if err := desk.SealEvents(t.Context()); !errors.As(err, &crm.Unreadable{}) {
		t.Errorf("sealing tells %v, want what cannot be read", err)
	}
	last, err := o.store.LastSeal(t.Context(), c.Team)
	if err != nil || len(last.Entries) != len(open)-1 || last.Entries[0].Event != open[1].ID {
		t.Errorf("the seal holds %d of %d, %v", len(last.Entries), len(open), err)
	}
}

// What cannot be read is a breach of its own, and what follows is verified as well.
func TestVerifyWhatCannotBeRead(t *testing.T) {
	o, c := sealed(t)
	o.clock.Advance(time.Minute)
	o.add(o.owner, crm.Profile{Name: "Волков Борис"})
	open, err := o.store.OpenEvents(t.Context(), c.Team, 1)
	made, err2 := o.store.Events(t.Context(), crm.EventQuery{Team: c.Team, Record: string(c.ID), Limit: 1})
	mustAll(t, err, err2)
	waits, in := open[0].ID, made[0].ID
	for what, one := range map[string]struct {
		st   broken
		want []crm.Breach
	}{
		"an event of a seal":   {broken{events: []crm.EventID{in}}, []crm.Breach{{Kind: crm.BreachBroken, Seal: 3, Event: in}}},
		"an event of none yet": {broken{events: []crm.EventID{waits}}, []crm.Breach{{Kind: crm.BreachBroken, Event: waits}}},
		"a seal":               {broken{seals: []int64{2}}, []crm.Breach{{Kind: crm.BreachTorn, Seal: 2}}},
		"the last seal":        {broken{seals: []int64{3}}, []crm.Breach{{Kind: crm.BreachTorn, Seal: 3}}},
		"all seals":            {broken{seals: []int64{1, 2, 3}}, []crm.Breach{{Kind: crm.BreachTorn, Seal: 1}, {Kind: crm.BreachTorn, Seal: 2}, {Kind: crm.BreachTorn, Seal: 3}}},
		"a seal, and an event of the next": {broken{seals: []int64{2}, events: []crm.EventID{in}},
			[]crm.Breach{{Kind: crm.BreachTorn, Seal: 2}, {Kind: crm.BreachBroken, Seal: 3, Event: in}}},
	} {
		one.st.Store = o.store
		if v := o.verified(one.st); !slices.Equal(v.Breaches, one.want) || v.Open != 1 {
			t.Errorf("%s: got %+v with %d open, want %+v", what, v.Breaches, v.Open, one.want)
		}
	}
}

// Seals of years ago are verified by what was hashed then: nothing that events were given since is in the digest of those without it.
func TestWhatIsSealedOfAnEventStays(t *testing.T) {
	o, c := sealed(t)
	ev, err := o.store.Events(t.Context(), crm.EventQuery{Team: c.Team, Record: string(c.ID), Limit: 1})
	seal, err2 := o.store.LastSeal(t.Context(), c.Team)
	mustAll(t, err, err2)
	e := ev[0]
	head, err := json.Marshal([]any{e.ID, e.Team, e.Action, e.Record, e.Rev, e.By, e.At.UnixMilli(), e.Undoes})
	mustAll(t, err)
	sum := sha256.Sum256(head)
	at := slices.IndexFunc(seal.Entries, func(s crm.SealEntry) bool { return s.Event == e.ID })
	if want := hex.EncodeToString(sum[:])[:10]; at < 0 || seal.Entries[at].Head != want {
		t.Errorf("got %+v of %s, want %s", seal.Entries, e.ID, want)
	}
}

// The end of a chain that was cut off is missed by who has noted its head.
func TestVerifyEvents_head(t *testing.T) {
	o, _ := sealed(t)
	head := o.verified(o.store).Head
	cut := forged{Store: o.store, seals: func(list []crm.Seal) []crm.Seal {
		return slices.DeleteFunc(list, func(s crm.Seal) bool { return s.Seq > 2 })
	}}
	for st, want := range map[crm.Store]bool{o.store: true, &cut: false} {
		v, err := crm.NewDesk(st, o.clock).VerifyEvents(t.Context(), o.owner.Team, head)
		// Where the seal alone was taken, its events are in none.
		if err != nil || v.Known != want || (len(v.Breaches) == 0) != want {
			t.Errorf("got %+v, %v, want the head known: %v", v, err, want)
		}
	}
}

// An event that stays unsealed is told after an hour.
func TestVerifyEvents_unsealed(t *testing.T) {
	o, _ := sealed(t)
	o.add(o.owner, crm.Profile{Name: "Новый"})
	if v := o.verified(o.store); v.Open != 1 || len(v.Breaches) > 0 {
		t.Errorf("got %+v a moment after a change", v)
	}
	o.clock.Advance(2 * time.Hour)
	if v := o.verified(o.store); len(v.Breaches) != 1 || v.Breaches[0].Kind != crm.BreachUnfinished {
		t.Errorf("got %+v two hours after a change", v)
	}
}

// Whatever is changed and purged, and whenever it is sealed, the chain is whole, and nothing is left to guess what was purged.
func TestVerifyEvents_walk(t *testing.T) {
	fewer(t, 20)
	rapid.Check(t, func(rt *rapid.T) {
		o := newOffice(t)
		var clients []crm.ClientID
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			act := rapid.IntRange(0, 4).Draw(rt, "what")
			if len(clients) == 0 {
				act = 0
			}
			one := func() crm.ClientID { return rapid.SampledFrom(clients).Draw(rt, "client") }
			var err error
			switch act {
			case 0:
				clients = append(clients, o.add(o.owner, crm.Profile{Name: "Клиент"}).ID)
			case 1:
				_, err = o.EditClient(t.Context(), o.as(o.owner), one(), crm.Edit{Field: crm.FieldCity, Value: rapid.SampledFrom([]string{"Тула", "Омск"}).Draw(rt, "city"), Force: true})
			case 2:
				_, err = o.DeleteClient(t.Context(), o.as(o.owner), one())
			case 3:
				o.clock.Advance(crm.BinDays*24*time.Hour + time.Hour)
				_, err = o.PurgeBin(t.Context())
			case 4:
				o.seal()
			}
			_ = err // of a card that is gone
			o.clock.Advance(time.Minute)
		}
		o.seal()
		v := o.verified(o.store)
		if len(v.Breaches) > 0 || v.Open > 0 {
			rt.Fatalf("got %+v", v)
		}
		for _, id := range clients {
			_, err := o.store.Event(t.Context(), o.owner.Team, crm.PurgeEventID(id))
			salts, saltErr := o.store.Salts(t.Context(), o.owner.Team, []string{string(id)})
			if gone := err == nil; saltErr != nil || len(salts) > 0 == gone {
				rt.Fatalf("client gone: %v, salts %d, %v", gone, len(salts), saltErr)
			}
		}
	})
}

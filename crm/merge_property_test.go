package crm_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// failing is a store whose writes fail from some moment on, as those of a process that dies.
type failing struct {
	crm.Store
	left int // writes that still succeed
}

var errDied = errors.New("the process has died")

func (f *failing) spend() error {
	if f.left--; f.left < 0 {
		return errDied
	}
	return nil
}

func (f *failing) SaveClient(ctx context.Context, c crm.ClientChange) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.SaveClient(ctx, c)
}

func (f *failing) SaveTask(ctx context.Context, t crm.Task, e crm.Event) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.SaveTask(ctx, t, e)
}

func (f *failing) SaveConsent(ctx context.Context, c crm.Consent, e crm.Event) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.SaveConsent(ctx, c, e)
}

func (f *failing) MoveTouches(ctx context.Context, m crm.TouchMove) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.MoveTouches(ctx, m)
}

func (f *failing) SavePair(ctx context.Context, p crm.Pair) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.SavePair(ctx, p)
}

// heap is some cards that are merged and taken apart again, and what hangs on all of them together.
type heap struct {
	*office
	cards []crm.ClientID
	pairs []crm.PairID // merged
}

func newHeap(t *testing.T, n int) *heap {
	h := &heap{office: newOffice(t)}
	ctx := t.Context()
	for i := range n {
		c := h.add(h.owner, crm.Profile{Name: fmt.Sprintf("Клиент%c", 'А'+i), Tags: []string{fmt.Sprint("т", i)}, Phones: []crm.Phone{{E164: fmt.Sprintf("+7900000000%d", i)}},
			Dates: []crm.OtherDate{{Label: fmt.Sprint("Дата", i), Day: civil.Date{Month: 3, Day: 1 + i}}}})
		h.cards = append(h.cards, c.ID)
		for range 2 {
			_, err := h.LogTouch(ctx, h.as(h.owner), c.ID, crm.TouchInput{Kind: crm.TouchCall, Text: fmt.Sprint("звонок ", i)})
			mustAll(t, err)
		}
		_, err := h.AddTask(ctx, h.as(h.owner), crm.TaskInput{Client: c.ID, Text: fmt.Sprint("дело ", i), Due: h.clock.Now().Add(time.Hour)})
		mustAll(t, err)
		_, err = h.GiveConsent(ctx, h.as(h.owner), c.ID, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper})
		mustAll(t, err)
		h.clock.Advance(time.Second)
	}
	_, err := h.WithdrawConsent(ctx, h.as(h.owner), h.cards[n-1], crm.PurposeMailing, civil.Date{})
	mustAll(t, err)
	return h
}

// all is what the cards that are in sight have together, each thing as often as it is there.
func (h *heap) all() []string {
	h.t.Helper()
	out := slices.Concat(slices.Collect(maps.Values(h.each()))...)
	slices.Sort(out)
	return out
}

// each is what each card that is in sight has.
func (h *heap) each() map[crm.ClientID][]string {
	h.t.Helper()
	ctx, by := h.t.Context(), h.as(h.owner)
	cards, err := h.List(ctx, by, crm.ClientQuery{Limit: 50})
	mustAll(h.t, err)
	each := map[crm.ClientID][]string{}
	for _, c := range cards {
		var out []string
		touches := 0
		for _, t := range h.touches(c.ID) {
			if t.Kind == crm.TouchCall {
				touches++
				out = append(out, string(t.ID))
			}
		}
		if touches != c.Touches {
			h.t.Errorf("%s counts %d touches and has %d", c.Name, c.Touches, touches)
		}
		tasks, err := h.Tasks(ctx, by, crm.TaskQuery{Client: c.ID, Limit: 50})
		mustAll(h.t, err)
		for _, t := range tasks {
			out = append(out, string(t.ID))
		}
		consents, err := h.Consents(ctx, by, c.ID)
		mustAll(h.t, err)
		withdrawn := 0
		for _, one := range consents {
			out = append(out, string(one.ID))
			if !one.Withdrawn.IsZero() {
				withdrawn++
			}
		}
		if withdrawn > 0 && withdrawn < len(consents) {
			h.t.Errorf("%s has %d consents, %d withdrawn", c.Name, len(consents), withdrawn)
		}
		for _, d := range c.Dates {
			out = append(out, d.Label)
		}
		for _, p := range c.Phones {
			out = append(out, p.E164)
		}
		each[c.ID] = append(out, c.Tags...)
		slices.Sort(each[c.ID])
	}
	return each
}

// partAll takes all apart, the last merge first.
func (h *heap) partAll() {
	h.t.Helper()
	ctx := h.t.Context()
	for {
		merged, err := h.store.Pairs(ctx, crm.PairQuery{Team: h.owner.Team, States: []crm.PairState{crm.PairMerged}, Limit: 50})
		mustAll(h.t, err)
		if len(merged) == 0 {
			return
		}
		last := slices.MaxFunc(merged, func(a, b crm.Pair) int { return a.Merge.At.Compare(b.Merge.At) })
		_, err = h.UndoMerge(ctx, h.as(h.owner), last.ID)
		mustAll(h.t, err)
	}
}

// step merges two cards or takes a merge apart, and dies somewhere in between if there are not writes enough.
func (h *heap) step(r *rand.Rand, writes int) {
	h.t.Helper()
	ctx, by := h.t.Context(), h.as(h.owner)
	desk := crm.NewDesk(&failing{h.store, writes}, h.clock)
	if n := len(h.pairs); n > 0 && r.IntN(3) == 0 {
		i := r.IntN(n)
		_, err := desk.UndoMerge(ctx, by, h.pairs[i])
		if err == nil || errors.Is(err, errDied) {
			h.pairs = slices.Delete(h.pairs, i, i+1)
		}
		h.wellOr(err, errDied, crm.ErrConflict, crm.ErrNotFound)
		return
	}
	a, b := h.cards[r.IntN(len(h.cards))], h.cards[r.IntN(len(h.cards))]
	_, _, err := desk.MergeClients(ctx, by, crm.MergeInput{Kept: a, Gone: b})
	h.wellOr(err, errDied, crm.ErrConflict)
	if err == nil || errors.Is(err, errDied) {
		h.pairs = append(h.pairs, crm.NewPairID(h.owner.Team, a, b))
	}
}

func (h *heap) wellOr(err error, allowed ...error) {
	h.t.Helper()
	if err != nil && !slices.ContainsFunc(allowed, func(a error) bool { return errors.Is(err, a) }) {
		h.t.Fatal(err)
	}
}

// Merging in any order, taking apart in any order, with a process that dies at any write: every touch, task, date and consent is
// there exactly once, whatever a card's counter says it has it has, and what one has withdrawn is withdrawn. When all is taken apart
// each card has its own.
func TestMergingKeepsEverythingOnce(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 7))
		h := newHeap(t, 5)
		first, want := h.each(), h.all()
		for i := range 14 {
			h.step(r, r.IntN(12))
			mustAll(t, h.MergeOn(t.Context()))
			h.clock.Advance(time.Minute)
			if got := h.all(); !slices.Equal(got, want) {
				t.Fatalf("seed %d, step %d: got\n%v, want\n%v", seed, i, got, want)
			}
		}
		begun, err := h.store.Pairs(t.Context(), crm.PairQuery{Team: h.owner.Team, States: []crm.PairState{crm.PairMerging, crm.PairUndoing}, Limit: 9})
		if err != nil || len(begun) > 0 {
			t.Errorf("%+v is left undone, %v", begun, err)
		}
		h.partAll()
		if got := h.each(); !reflect.DeepEqual(got, first) {
			t.Errorf("seed %d: taken apart they are\n%v, were\n%v", seed, got, first)
		}
	}
}

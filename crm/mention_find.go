package crm

import (
	"cmp"
	"context"
	"slices"

	"kartoteka/crm/spell"
)

const (
	maxMentionWords = 12 // of a text that are looked up
	maxMentionCalls = 24 // of the store for all of them
)

// mentionSearch looks the words of a text up, by index.
type mentionSearch struct {
	st    searchStore
	me    MemberID
	q     TermQuery
	words []mentionWord
	calls int
	found map[ClientID]Candidate
	whole map[ClientID]bool // all that have the words by which they were found are found
}

// run looks up the words that are written as names first; where there are too many cards with either of two neighbours, those
// that have both.
func (s *mentionSearch) run(ctx context.Context) error {
	if err := s.hear(ctx); err != nil {
		return err
	}
	var order []int
	for _, named := range []bool{true, false} {
		for i, w := range s.words {
			if !w.skipped && w.named == named {
				order = append(order, i)
			}
		}
	}
	full := make([]bool, len(s.words))
	for _, i := range order[:min(len(order), maxMentionWords)] {
		var err error
		if full[i], err = s.ask(ctx, i); err != nil {
			return err
		}
	}
	for i := 1; i < len(s.words); i++ {
		if !full[i-1] || !full[i] || !s.words[i].joined {
			continue
		}
		if _, err := s.ask(ctx, i-1, i); err != nil {
			return err
		}
	}
	return nil
}

// ask looks for the cards that have all of some words; full reports that there may be more, of which the member's own are
// asked for too.
func (s *mentionSearch) ask(ctx context.Context, words ...int) (full bool, err error) {
	q := s.q
	for _, i := range words {
		q.Groups = append(q.Groups, TermGroup{Exact: s.words[i].forms})
	}
	list, err := s.take(ctx, q)
	if err != nil || len(list) < q.Limit {
		for _, c := range list {
			s.whole[c.ID] = true
		}
		return false, err
	}
	if q.Owner == "" {
		q.Owner, q.Limit, q.Scan = s.me, maxOwn, ownScan
		_, err = s.take(ctx, q)
	}
	return true, err
}

func (s *mentionSearch) take(ctx context.Context, q TermQuery) ([]Candidate, error) {
	if s.calls == maxMentionCalls {
		return nil, nil
	}
	s.calls++
	list, err := s.st.SearchClients(ctx, q)
	for _, c := range list {
		s.found[c.ID] = c
	}
	return list, err
}

// likeliest are the cards to be read: those with most of the words, own ones first.
func (s *mentionSearch) likeliest() []ClientID {
	type ranked struct {
		Candidate
		named, words int
	}
	var all []ranked
	for _, c := range s.found {
		r := ranked{Candidate: c}
		name := spell.Words(c.SortName)
		for _, w := range s.words {
			if _, ok := w.has(name); ok {
				r.named++
			}
			if _, ok := w.has(c.Terms); ok {
				r.words++
			}
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.named, a.named), cmp.Compare(b.words, a.words), last(a.Owner != s.me, b.Owner != s.me),
			b.LastTouch.Compare(a.LastTouch), cmp.Compare(a.ID, b.ID))
	})
	var ids []ClientID
	for _, r := range all[:min(len(all), MostFound)] {
		ids = append(ids, r.ID)
	}
	return ids
}

package crm

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// counting is a store that knows every word it is asked for and no card; it remembers the widest requests.
type counting struct {
	t     testing.TB
	calls int
}

func (c *counting) SearchClients(_ context.Context, q TermQuery) ([]Candidate, error) {
	c.calls++
	if len(q.Groups) == 0 || len(q.Groups) > maxParts {
		c.t.Errorf("%d groups", len(q.Groups))
	}
	for _, g := range q.Groups {
		if n := len(g.Exact) + len(g.Prefixes); n == 0 || n > maxLooks {
			c.t.Errorf("a group of %d alternatives", n)
		}
		for _, s := range slices.Concat(g.Exact, g.Prefixes) {
			if s == "" || strings.Trim(s, markPhrase+markNumber+markTail) == "" || utf8.RuneCountInString(s) > maxTermRunes {
				c.t.Errorf("the term %q", s)
			}
		}
	}
	return nil, nil
}

func (c *counting) ClientsByID(_ context.Context, _ TeamID, ids []ClientID) ([]Client, error) {
	c.t.Errorf("the cards %q, which were not found", ids)
	return nil, nil
}

func (c *counting) WordsNear(_ context.Context, _ TeamID, variants []string, _ int) ([]string, error) {
	c.calls++
	if len(variants) > 2*maxStrings {
		c.t.Errorf("%d variants", len(variants))
	}
	return variants, nil
}

func FuzzSearchPlan(f *testing.F) {
	for _, s := range []string{"иванов иван", "8 900 123-45-67", "+7", "+", "@", "#", "#-", "a@b", "k.,f", "t.me/x", "https://t.me/", "ооо", "ё й",
		"\x00", "@@@", "....", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", strings.Repeat("щ", 300), strings.Repeat("и и", 100), "🔥", "a_b c.d", "\xff\xfe1234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		st := &counting{t: t}
		res, err := Search(t.Context(), st, "t", "", "m", s, 10)
		if err != nil || len(res.Hits) > 0 {
			t.Errorf("search(%q) = %+v, %v", s, res, err)
		}
		if st.calls > maxCalls {
			t.Errorf("search(%q) called the store %d times", s, st.calls)
		}
	})
}

func TestPlan_groups(t *testing.T) {
	p := parsePlan("+7 (900) 123", true)
	want := []TermGroup{{Prefixes: []string{"+900123", "7900123"}}}
	if got := p.groups(); !slices.EqualFunc(got, want, sameGroup) {
		t.Errorf("got %q, want %q", got, want)
	}
	p = parsePlan("8 900 123-45-67", true)
	want = []TermGroup{{Exact: []string{"89001234567", "#89001234567"},
		Prefixes: []string{"~7654321009", "+89001234567", "+9001234567", "89001234567"}}}
	if got := p.groups(); !slices.EqualFunc(got, want, sameGroup) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func sameGroup(a, b TermGroup) bool {
	return slices.Equal(a.Exact, b.Exact) && slices.Equal(a.Prefixes, b.Prefixes)
}

func TestPlan_phrase(t *testing.T) {
	p := parsePlan("Иванов Ив", true)
	want := []TermGroup{{Prefixes: []string{"=иванов ив"}}}
	if got := p.phrase(); !slices.EqualFunc(got, want, sameGroup) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, text := range []string{"иванов", "иванов 4567", "a b c d", "#vip иванов"} {
		if got := parsePlan(text, true).phrase(); got != nil {
			t.Errorf("phrase of %q: %q", text, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"иван", "иван", 0}, {"иван", "ива", 1}, {"иван", "ивна", 1}, {"иван", "иваан", 1}, {"иван", "ивон", 1},
		{"шивчюк", "шевчук", 2}, {"", "иван", 4}, {strings.Repeat("я", 40), "я", 25},
	} {
		if got := spell.Distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

package crm_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kartoteka/crm"
	"kartoteka/crm/spell"
)

// TestSearch_finds_everyone draws a card of a base and something that people may remember of it: the card
// must be among what is found.
func TestSearch_finds_everyone(t *testing.T) {
	cards := slices.Collect(crowd(500))
	st := openStore(t, slices.Values(cards))
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(cards).Draw(t, "card")
		kind := rapid.SampledFrom([]string{"word", "beginning", "name", "phone", "typo", "layout", "latin"}).Draw(t, "kind")
		query := remembered(t, c, kind)
		res, err := crm.Search(t.Context(), st, "t1", "", "m1", query, crm.MostFound)
		if err != nil {
			t.Fatal(err)
		}
		if res.Total == crm.MostFound {
			t.Skip("too many cards have that")
		}
		if kind == "typo" && len(res.Hits) > 0 && !res.Fuzzy {
			t.Skip("the mistyped word is a word or a beginning of other cards")
		}
		if !slices.ContainsFunc(res.Hits, func(h crm.Hit) bool { return h.Client.ID == c.ID }) {
			t.Errorf("%q (%s) does not find %s %q; found %d, reading %q", query, kind, c.ID, c.Terms, res.Total, res.Reading)
		}
	})
}

// A list shows of what is found what the page of whole cards does, whether it had to read them or not.
func TestSearch_list(t *testing.T) {
	cards := slices.Collect(crowd(500))
	st := openStore(t, slices.Values(cards))
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(cards).Draw(t, "card")
		kinds := []string{"word", "beginning", "name", "phone", "typo", "layout", "latin"}
		wantListed(t, st, remembered(t, c, rapid.SampledFrom(kinds).Draw(t, "kind")))
	})
}

func TestSearch_listOfPeople(t *testing.T) {
	st := &counted{Store: openStore(t, slices.Values(people()))}
	for _, q := range queries {
		wantListed(t, st, q.typed)
	}
	for typed, reads := range map[string]int{"иванов": 0, "ромашка плюс": 0, "4567": 0, "p.ivanov@romashka.ru": 0, "#vip": 1, "@jsmith": 1} {
		st.reads = 0
		res, err := crm.SearchPage(t.Context(), st, crm.SearchQuery{Team: "t1", Me: "m1", Text: typed, Limit: 10, List: true})
		if err != nil || len(res.Hits) == 0 || st.reads != reads {
			t.Errorf("%q: %d hits, cards read %d times, %v; want %d", typed, len(res.Hits), st.reads, err, reads)
		}
	}
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Context() context.Context
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

func wantListed(t tester, st crm.Store, typed string) {
	q := crm.SearchQuery{Team: "t1", Me: "m1", Text: typed, Limit: crm.MostFound}
	want, err := crm.SearchPage(t.Context(), st, q)
	if err != nil {
		t.Fatal(err)
	}
	q.List = true
	got, err := crm.SearchPage(t.Context(), st, q)
	if err != nil || len(got.Hits) != len(want.Hits) || got.Total != want.Total || got.Next != want.Next {
		t.Fatal(typed, len(got.Hits), len(want.Hits), err)
	}
	for i, w := range want.Hits {
		g := got.Hits[i]
		if a, b := g.Why.Value, w.Why.Value; w.Why.Field == crm.WhyPhone && len(a) > 4 { // of which a list shows the end
			g.Why.Value, w.Why.Value = a[len(a)-4:], b[max(0, len(b)-4):]
		}
		if g.Client.ID != w.Client.ID || g.Client.Stage != w.Client.Stage || g.Client.Face() != w.Client.Face() || g.Why != w.Why {
			t.Errorf("%q: the list has %+v by %+v, want %+v by %+v", typed, g.Client, g.Why, w.Client, w.Why)
		}
	}
}

func remembered(t *rapid.T, c crm.Client, kind string) string {
	name := strings.Fields(c.Name)
	word := rapid.SampledFrom(slices.DeleteFunc(strings.Fields(c.Name+" "+c.Company), func(w string) bool { return w == "ООО" })).Draw(t, "word")
	switch kind {
	case "word":
		return word
	case "beginning":
		return string([]rune(word)[:rapid.IntRange(3, utf8.RuneCountInString(word)).Draw(t, "letters")])
	case "name":
		return strings.Join(rapid.Permutation(name).Draw(t, "order"), " ")
	case "phone":
		d := c.Phones[0].E164[1:]
		return rapid.SampledFrom([]string{d, "+" + d, "8" + d[1:], d[1:], d[len(d)-4:], d[len(d)-7:], "8 " + d[1:4] + " " + d[4:6],
			"+7 (" + d[1:4] + ") " + d[4:7] + "-" + d[7:9] + "-" + d[9:]}).Draw(t, "form")
	case "typo":
		return mistyped(t, word)
	case "layout":
		return spell.OtherLayout(strings.ToLower(word))
	default:
		return latin(word)
	}
}

// mistyped makes one edit in a word of five letters or more.
func mistyped(t *rapid.T, word string) string {
	rs := []rune(strings.ToLower(word))
	if len(rs) < 5 {
		t.Skip("a short word")
	}
	i := rapid.IntRange(0, len(rs)-2).Draw(t, "at")
	letter := rapid.SampledFrom([]rune("абвгдежзиклмнопрстуфхцчшэюя")).Draw(t, "letter")
	switch rapid.SampledFrom([]string{"leave out", "add", "change", "swap"}).Draw(t, "edit") {
	case "leave out":
		rs = slices.Delete(rs, i, i+1)
	case "add":
		rs = slices.Insert(rs, i, letter)
	case "change":
		rs[i] = letter
	default:
		rs[i], rs[i+1] = rs[i+1], rs[i]
	}
	return string(rs)
}

// latin writes a word in the English way.
func latin(word string) string {
	return strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "yo", "ж", "zh", "з", "z", "и", "i", "й", "y",
		"к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "kh", "ц", "ts",
		"ч", "ch", "ш", "sh", "щ", "shch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya").Replace(strings.ToLower(word))
}

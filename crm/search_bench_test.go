package crm_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/crm/spell"
)

// BenchmarkSearch measures a mix of queries on bases of growing size and reports for each kind its cost
// beside that at 10,000 cards. The surnames asked for are rare, so that the sizes are compared and not the
// numbers of hits; the frequent ones come last. KARTOTEKA_BENCH_BIG=1 adds a base of a million, which takes
// a quarter of an hour to fill.
func BenchmarkSearch(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if os.Getenv("KARTOTEKA_BENCH_BIG") == "1" {
		sizes = append(sizes, 1_000_000)
	}
	first := map[string]float64{} // kind → its cost at the first size
	for _, size := range sizes {
		b.Run(fmt.Sprintf("cards=%d", size), func(b *testing.B) {
			var sample []crm.Client
			st := &counted{Store: openStore(b, func(yield func(crm.Client) bool) {
				for c := range crowd(size) {
					if c.Created.Unix()%int64(size/200) == 0 { // a multiple of rareEvery
						sample = append(sample, c)
					}
					if !yield(c) {
						return
					}
				}
			})}
			for _, kind := range benchKinds {
				b.Run(kind.name, func(b *testing.B) {
					each := kind.run(b, st, sample)
					if first[kind.name] == 0 {
						first[kind.name] = each
					}
					b.ReportMetric(each/first[kind.name], "ratio")
				})
			}
		})
	}
}

type benchKind struct {
	name string
	of   func(crm.Client) string // what is typed to find the card
}

// run measures the kind with what finds the cards of the sample, and returns its cost.
func (k benchKind) run(b *testing.B, st *counted, sample []crm.Client) float64 {
	hits, i := 0, 0
	st.calls = 0
	for b.Loop() {
		res, err := crm.Search(b.Context(), st, "t1", "", "m1", k.of(sample[i%len(sample)]), 10)
		if err != nil {
			b.Fatal(err)
		}
		hits += res.Total
		i++
	}
	b.ReportMetric(float64(hits)/float64(i), "hits/op")
	b.ReportMetric(float64(st.calls)/float64(i), "calls/op")
	return float64(b.Elapsed()) / float64(i)
}

var benchKinds = []benchKind{
	{"phone", func(c crm.Client) string { return c.Phones[0].E164 }},
	{"tail", func(c crm.Client) string { return c.Phones[0].E164[5:] }},
	{"tail4", func(c crm.Client) string { return c.Phones[0].E164[8:] }},
	{"word", func(c crm.Client) string { return surname(c) }},
	{"prefix", func(c crm.Client) string { return string([]rune(surname(c))[:5]) }},
	{"two words", func(c crm.Client) string { return strings.Join(strings.Fields(c.Name)[:2], " ") }},
	{"swapped", func(c crm.Client) string { f := strings.Fields(c.Name); return f[1] + " " + f[0] }},
	{"layout", func(c crm.Client) string { return spell.OtherLayout(strings.ToLower(surname(c))) }},
	{"latin", func(c crm.Client) string { return latin(surname(c)) }},
	{"typo", func(c crm.Client) string { return oneTypo(surname(c)) }},
	{"typo in two words", func(c crm.Client) string { return oneTypo(surname(c)) + " " + strings.Fields(c.Name)[1] }},
	{"city and name", func(c crm.Client) string { return "Москва " + surname(c) }},
	{"frequent name", func(crm.Client) string { return "анна" }},
	{"frequent surname", func(crm.Client) string { return "иванов" }},
	{"frequent, mistyped", func(crm.Client) string { return "иваонв" }},
	{"nothing", func(crm.Client) string { return "ъыъгвщмрплю" }},
}

func surname(c crm.Client) string { return strings.Fields(c.Name)[0] }

func oneTypo(word string) string {
	rs := []rune(strings.ToLower(word))
	i := len(rs) / 2
	rs[i], rs[i-1] = rs[i-1], rs[i]
	return string(rs)
}

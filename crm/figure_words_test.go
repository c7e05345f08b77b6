package crm

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// said is a part of what was told: a figure, and whether it may be a sum.
type said struct {
	text string
	sum  bool
}

func drawSum(t *rapid.T) said {
	n := rapid.IntRange(1000, 999_999_999).Draw(t, "sum")
	form := rapid.SampledFrom([]string{"solid", " ", "\u00a0", "\u202f", ".", ",", "times"}).Draw(t, "form")
	switch form {
	case "solid":
		return said{fmt.Sprint(n), true}
	case "times":
		times := rapid.SampledFrom([]string{" тыс", " тыс.", "к", "k", " млн", " тысяч", " million", "M"}).Draw(t, "times")
		return said{fmt.Sprint(n%999+1) + times, true}
	}
	digits, grouped := fmt.Sprint(n), ""
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			grouped += form
		}
		grouped += string(d)
	}
	cents := rapid.SampledFrom([]string{"", ",50", ".5"}).Draw(t, "cents")
	if form == "." || form == "," {
		cents = ""
	}
	return said{grouped + cents, true}
}

func drawKept(t *rapid.T) said {
	n := func(from, to int) int { return rapid.IntRange(from, to).Draw(t, "n") }
	switch n(0, 8) {
	case 0:
		return said{fmt.Sprintf("+7 9%02d %03d-%02d-%02d", n(0, 99), n(0, 999), n(0, 99), n(0, 99)), false}
	case 1:
		return said{fmt.Sprintf("8 9%02d %03d %02d %02d", n(0, 99), n(0, 999), n(0, 99), n(0, 99)), false}
	case 2:
		return said{fmt.Sprintf("8 (4%02d) %03d-%02d-%02d", n(0, 99), n(0, 999), n(0, 99), n(0, 99)), false}
	case 3:
		return said{fmt.Sprintf("89%09d", n(0, 999_999_999)), false}
	case 4:
		return said{fmt.Sprintf("%02d.%02d.%d", n(1, 28), n(1, 12), n(1990, 2040)), false}
	case 5:
		return said{fmt.Sprintf("%d-%02d-%02d", n(1990, 2040), n(1, 12), n(1, 28)), false}
	case 6:
		return said{fmt.Sprintf("в %d", n(2001, 2040)), false}
	case 7:
		return said{fmt.Sprintf("с %d года", n(1990, 2040)), false}
	}
	return said{fmt.Sprintf("%d шт", n(1, 999)), false}
}

// Of what is told of a purchase each sum is hidden, however it is written, and everything else stands as it was told.
func TestEachSumIsHiddenAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text, want strings.Builder
		for range rapid.IntRange(1, 5).Draw(t, "parts") {
			word := rapid.SampledFrom([]string{"взял ", "модель, ", "и фильтры; ", "(доставка) ", "станок: "}).Draw(t, "word")
			part := rapid.OneOf(rapid.Custom(drawSum), rapid.Custom(drawKept)).Draw(t, "part")
			end := rapid.SampledFrom([]string{" потом, ", "; ", ") "}).Draw(t, "end")
			shown := part.text
			if part.sum {
				shown = hiddenSum
			}
			text.WriteString(word + part.text + end)
			want.WriteString(word + shown + end)
		}
		if got := withoutFigures(text.String()); got != want.String() {
			t.Fatalf("of %q is shown\n%q, want\n%q", text.String(), got, want.String())
		}
	})
}

// Whatever is written, what is shown is what was told with parts left out, in its order.
func FuzzWithoutFigures(f *testing.F) {
	for _, text := range []string{"модель 18 400,50 и 2 к обеду", "+7(", "8-800-2000-600", "в 2000", "1.000.000", "12.05.2026 в 2026", "3M", "2 000 000 тыс.", "0K0K"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rest := withoutSums(text)
		if !utf8.ValidString(text) || strings.Contains(text, hiddenSum[:3]) {
			t.Skip()
		}
		rest = strings.ReplaceAll(rest, hiddenSum, "")
		for part := range strings.SplitSeq(withoutFigures(text), hiddenSum) {
			_, after, ok := strings.Cut(rest, part)
			if !ok {
				t.Fatalf("of %q is shown %q", text, withoutFigures(text))
			}
			rest = after
		}
	})
}

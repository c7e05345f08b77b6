package fit_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kartoteka/handlers/fit"
)

func TestLine(t *testing.T) {
	for _, try := range []struct {
		s    string
		n    int
		want string
	}{
		{"Иванов Иван", 11, "Иванов Иван"},
		{"Иванов Иван", 10, "Иванов Ив…"},
		{"Иванов Иван", 8, "Иванов…"}, // no space before the ellipsis
		{"  два\n\nслова\t", 40, "два слова"},
		{"\u202eназад\u2066", 40, "назад"},
		{"👍👍👍", 6, "👍👍👍"},
		{"👍👍👍", 5, "👍👍…"},
		{"👍👍👍", 4, "👍…"},
		{"семья 👨‍👩‍👧", 12, "семья…"}, // not a man alone
		{"рука 👋🏽 тут", 8, "рука…"},
		{"е\u0301лка", 3, "е\u0301…"},
		{"", 5, ""},
	} {
		if got := fit.Line(try.s, try.n); got != try.want {
			t.Errorf("Line(%q, %d) = %q, want %q", try.s, try.n, got, try.want)
		}
	}
}

func TestLinesHaveADotBetweenThem(t *testing.T) {
	if got := fit.Lines(" раз  и\n\n два\nтри ", 13); got != "раз и · два…" {
		t.Errorf("got %q", got)
	}
}

func TestTextKeepsItsLines(t *testing.T) {
	if got := fit.Text("раз\nдва\nтри", 8); got != "раз\nдва…" {
		t.Errorf("got %q", got)
	}
}

// However a text is cut it stays within its limit, a beginning of what it was, and valid.
func TestTextFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.StringMatching(`[а-я👍👨‍🏽\x{301} \n]{0,40}`).Draw(t, "s"), rapid.IntRange(1, 40).Draw(t, "n")
		got := fit.Text(s, n)
		if fit.Units(got) > n || !utf8.ValidString(got) || !strings.HasPrefix(s, strings.TrimSuffix(got, "…")) && got != "…" {
			t.Fatalf("Text(%q, %d) = %q", s, n, got)
		}
		if got == s != (fit.Units(s) <= n) {
			t.Fatalf("Text(%q, %d) = %q", s, n, got)
		}
	})
}

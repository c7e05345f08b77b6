package find

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kartoteka/handlers/card"
	"kartoteka/handlers/talk"
)

func TestPlaceComesBack(t *testing.T) {
	for _, p := range []place{
		{kind: kindFound, what: whatNext, page: 3, text: "ромаш"}, {kind: kindClients, what: whatPrev}, {kind: kindBin, what: whatHere, page: 500},
		{client: "0123456789abcdef", what: whatOpen, page: 25, text: "a=b=.1"}, {client: "x", what: whatOpen},
	} {
		d, err := talk.Parse(p.data().Pack())
		if err != nil {
			t.Errorf("%+v: %v", p, err)
		}
		if got, ok := parsePlace(d); !ok || got != p {
			t.Errorf("%+v comes back as %+v, %v", p, got, ok)
		}
	}
}

func TestCarried(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "ромаш": true, strings.Repeat("ы", 17): true, strings.Repeat("ы", 18): false, strings.Repeat("x", 34): true,
		"a|b": false, "a\nb": false, "\xff": false,
	} {
		if got := carried(text) == text; got != want {
			t.Errorf("%q is carried: %v, want %v", text, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	long := strings.Repeat("ы", 50)
	for _, try := range []struct{ name, words, want string }{
		{"Иванов Иван", "", "Иванов Иван"},
		{"Иванов Иван", "Акме", "Иванов Иван · Акме"},
		{long, "", strings.Repeat("ы", 35) + "…"},
		{long, "Акме", strings.Repeat("ы", 28) + "… · Акме"},
		{"Иванов", long, "Иванов · " + strings.Repeat("ы", 26) + "…"},
		{long, long, strings.Repeat("ы", 15) + "… · " + strings.Repeat("ы", 16) + "…"},
	} {
		got := card.NameTag(try.name, try.words)
		if got != try.want || utf8.RuneCountInString(got) > card.MaxLabel {
			t.Errorf("NameTag(%q, %q) = %q, want %q", try.name, try.words, got, try.want)
		}
	}
	for in, want := range map[string]string{"Лид": "лид", "VIP": "VIP", "": "", "Первый контакт": "первый контакт"} {
		if got := lower(in); got != want {
			t.Errorf("lower(%q) = %q, want %q", in, got, want)
		}
	}
	if got := upper(""); got != "" {
		t.Errorf("upper of nothing is %q", got)
	}
}

func FuzzLabel(f *testing.F) {
	f.Add("Иванов", "тег «опт»")
	f.Add("\u202e👨‍👩‍👧", "\xff\n")
	f.Fuzz(func(t *testing.T, name, words string) {
		got := card.NameTag(name, words)
		if n := utf8.RuneCountInString(got); n > card.MaxLabel || strings.ContainsAny(got, "\n\u202e") {
			t.Errorf("NameTag(%q, %q) = %q", name, words, got)
		}
	})
}

func FuzzInlineMark(f *testing.F) {
	f.Add("")
	f.Add("abc.0123456789abcdef")
	f.Add(".x")
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := parseMark(s)
		if !ok {
			return
		}
		if again, ok := parseMark(packMark(m)); !ok || !again.Time.Equal(m.Time) || again.ID != m.ID {
			t.Errorf("%q is %+v, packed and read again %+v, %v", s, m, again, ok)
		}
	})
}

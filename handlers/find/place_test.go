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
		{client: "0123456789abcdef", what: whatOpen, page: 6, text: "Александрова-Ёлкина Екатерина №1"}, {kind: kindFound, what: whatNext, text: "a~b"},
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
		"": true, "ромаш": true, strings.Repeat("ы", 35): true, strings.Repeat("ы", 36): false, strings.Repeat("x", 35): true, strings.Repeat("x", 36): false,
		strings.Repeat("ы", 20) + "x": false, "ООО «Ромашка-Электро», Тверь (№ 5)": true,
		"a|b": false, "a\nb": false, "\xff": false,
	} {
		if got := carried(text) == text; got != want {
			t.Errorf("%q is carried: %v, want %v", text, got, want)
		}
	}
}

// Whatever is typed comes out of a button as it was, and a forged button carries nothing.
func FuzzCarried(f *testing.F) {
	for _, text := range []string{"Иванов Пётр", "ООО «Ромашка-Электро», (№ 5)", strings.Repeat("Ё", 40), "a~b=c", "\x7f"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		arg := withText("next.2", text)
		if rest, got, ok := cutText(arg); rest != "next.2" || got != text || !ok {
			t.Errorf("%q comes out of %q as %q behind %q, %v", text, arg, got, rest, ok)
		}
		if full, ok := unsqueeze(text); ok {
			if again, ok := squeeze(full); again != text || !ok {
				t.Errorf("%q is %q, which is %q, %v", text, full, again, ok)
			}
		}
	})
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

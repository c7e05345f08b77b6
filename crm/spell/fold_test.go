package spell

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"  Иванов\t Пётр\n", "иванов петр"},
		{"Ёлкин-Йорк", "елкин йорк"},
		{"И\u0306ошкар-Ола", "йошкар ола"},
		{"ООО «Ромашка & Ко»", "ооо ромашка ко"},
		{"O'Brien O’Neil", "obrien oneil"},
		{"'quoted' rock'", "quoted rock"},
		{"Дар'я", "даря"},
		{"José Müller Łódź Straße", "jose muller lodz strasse"},
		{"İstanbul ISTANBUL", "istanbul istanbul"},
		{"Ив\u200bан\u200f\u00ad ов\u202e", "иван ов"},
		{"ＡＢＣ １２３ ﬁ", "abc 123 fi"},
		{"Анна 🌸", "анна"},
		{"🔥", "🔥"},
		{"❤️ ❤", "❤ ❤"},
		{"№ 5", "no 5"},
		{"Їжак ґ є", "іжак ґ є"},
		{"a\x00b", "ab"},
		{"!!!", ""},
		{"が カ", "が カ"},
		{"हिन्दी", "हिन्दी"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFold_stable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkStable(t, rapid.String().Draw(t, "text")) })
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Ёлка", "И\u0306", "ẞ", "İ", "ǅ", "ﷺ", "\u0345", "a'\u0301b", "\xff\xfe", "\xf0Ğ", "각", "は\u3099", "K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkStable(t, s) })
}

type errorfer interface {
	Errorf(format string, args ...any)
}

func checkStable(t errorfer, s string) {
	once := Fold(s)
	if twice := Fold(once); twice != once {
		t.Errorf("Fold(%q) = %q, folded again %q", s, once, twice)
	}
}

func TestVariants(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"ли", nil},
		{"лев", []string{"*lev"}},
		{"анна", []string{"нна", "ана", "анн", "*ana"}},
		{"иван", []string{"ван", "иан", "ивн", "ива", "*ivan"}},
		{"абвгдежзийклмнопрстуфхцчш", nil}, // 25 letters
	} {
		if got := Variants(c.in); !slices.Equal(got, c.want) {
			t.Errorf("Variants(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("Иванов-Петров Пётр Сергеевич")
	}
}

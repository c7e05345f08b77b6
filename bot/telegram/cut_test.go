package telegram

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

func TestCut(t *testing.T) {
	tests := []struct {
		name, in string
		most     int
		want     string
	}{
		{"fits", "<b>абвг</b>", 4, "<b>абвг</b>"},
		{"between characters", "абвгде", 4, "абв…"},
		{"tags closed", "<b>абв<i>где</i></b>", 5, "<b>абв<i>г…</i></b>"},
		{"link closed", `<a href="https://example.org/?a=1">абвгде</a>`, 4, `<a href="https://example.org/?a=1">абв…</a>`},
		{"entity kept whole", "аб&amp;вг", 4, "аб&amp;…"},
		{"entity left whole", "абв&amp;г", 4, "абв…"},
		{"emoji counts two", "а😀😀😀", 5, "а😀…"},
		{"at a line", "0123456789012345\n78901", 20, "0123456789012345…"},
		{"at a word", "0123456789012345 78901", 20, "0123456789012345…"},
		{"lone ampersand", "a & b & c & d", 6, "a & b…"},
		{"tags only", strings.Repeat("<b></b>", 10), 5, strings.Repeat("<b></b>", 10)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := cut(tt.in, tt.most); got != tt.want {
				t.Errorf("cut(%q, %d)\n got %q\nwant %q", tt.in, tt.most, got, tt.want)
			}
		})
	}
}

// Whatever is cut fits, is balanced and begins like the whole.
func TestCutProperty(t *testing.T) {
	part := rapid.SampledFrom([]string{"<b>ж</b>", "<i>ab <u>c</u></i>", "&lt;", "&#128512;", "😀", "ё", " ", "\n", "x", "&", `<a href="u">y</a>`})
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(part, 0, 60).Draw(t, "parts"), "")
		most := rapid.IntRange(2, 40).Draw(t, "most")
		out := cut(in, most)
		units := 0
		for p := range pieces(out) {
			if p.tag == "" {
				units += p.units
			}
		}
		if units > most {
			t.Fatalf("%d units, want %d: %q", units, most, out)
		}
		if rest := closing(out); rest != "" {
			t.Fatalf("%q is left open in %q", rest, out)
		}
		if shown, _, cutOff := strings.Cut(out, "…"); cutOff && !strings.HasPrefix(in, shown) {
			t.Fatalf("%q does not begin with %q", in, shown)
		}
	})
}

func TestCutBytes(t *testing.T) {
	in := strings.Repeat(`<a href="https://example.org/a/rather/long/address">я</a>`, 1000)
	out := cut(in, mostText)
	if len(out) > 32768 || closing(out) != "" {
		t.Errorf("%d bytes, open %q", len(out), closing(out))
	}
}

func TestPlain(t *testing.T) {
	if got := plain(strings.Repeat("я", 300), 200); len(utf16.Encode([]rune(got))) != 200 {
		t.Errorf("%d characters, want 200", len([]rune(got)))
	}
	if got := plain("мало", 200); got != "мало" {
		t.Errorf("got %q", got)
	}
}

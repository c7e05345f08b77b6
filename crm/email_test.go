package crm

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParseEmail(t *testing.T) {
	tests := []struct{ in, want string }{
		{"ivan@romashka.ru", "ivan@romashka.ru"},
		{" Ivan.Petrov+crm@Romashka.RU ", "ivan.petrov+crm@romashka.ru"},
		{"mailto:ivan@x.ru?subject=hi", "ivan@x.ru"},
		{"Иван <ivan@x.ru>", "ivan@x.ru"},
		{"\u202aivan@x.ru\u202c", "ivan@x.ru"},
		{"ivan\u200b@x.ru", "ivan@x.ru"},
		{"иван@почта.рф", "иван@почта.рф"},
		{"ivan@xn--80a1acny.xn--p1ai", "ivan@xn--80a1acny.xn--p1ai"},
		{"o'brien_1@a-b.co.uk", "o'brien_1@a-b.co.uk"},
		{"ivan@x.ru.", "ivan@x.ru"},
	}
	for _, tt := range tests {
		if got, err := ParseEmail(tt.in); err != nil || got != tt.want {
			t.Errorf("ParseEmail(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{"", "@", "ivan", "ivan@", "@x.ru", "ivan@x", "ivan@x.1", "i van@x.ru", "ivan@@x.ru", "a@b@x.ru", ".ivan@x.ru",
		"ivan.@x.ru", "i..v@x.ru", "ivan@-x.ru", "ivan@x..ru", "ivan@x_y.ru", "<script>@x.ru", strings.Repeat("a", 65) + "@x.ru",
		"a@" + strings.Repeat("b.", 130) + "ru", "ivan@x.r", "iv\x00an@x.ru", "\xff@x.ru"} {
		var e *Error
		if got, err := ParseEmail(in); !errors.As(err, &e) || e.Field != "email" || !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseEmail(%q) = %q, %v; want invalid email", in, got, err)
		}
	}
}

func TestFindEmails(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"пишите Ivan@x.ru, или PETR@y.com.", []string{"Ivan@x.ru=ivan@x.ru", "PETR@y.com=petr@y.com"}},
		{"<ivan@x.ru>;petr@y.com", []string{"ivan@x.ru=ivan@x.ru", "petr@y.com=petr@y.com"}},
		{"почта:ivan@x.ru", []string{"ivan@x.ru=ivan@x.ru"}},
		{"@ivan, ivan@, a@b", nil},
		{"a@b.ru@c.ru", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range FindEmails(tt.in) {
			got = append(got, tt.in[f.Start:f.End]+"="+f.Value)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("FindEmails(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

package crm

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParseUsername(t *testing.T) {
	for _, in := range []string{"@BVolkov", "bvolkov", "t.me/bvolkov", "https://t.me/BVolkov/", "http://telegram.me/bvolkov",
		"tg://resolve?domain=bvolkov", "\u200e@bvolkov", "https://t.me/@bvolkov"} {
		if got, err := ParseUsername(in); err != nil || got != "bvolkov" {
			t.Errorf("ParseUsername(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "@", "@abc", "@" + strings.Repeat("a", 33), "@ivan petrov", "@иван_петров", "@12345", "@ivan.petrov",
		"t.me/joinchat", "t.me/+AbCdEf12345", "@@bvolkov"} {
		var e *Error
		if got, err := ParseUsername(in); !errors.As(err, &e) || e.Field != "username" {
			t.Errorf("ParseUsername(%q) = %q, %v; want invalid username", in, got, err)
		}
	}
}

func TestSkypeLink(t *testing.T) {
	for letters, want := range map[int]bool{2: false, 3: true, 100: true, 101: false} {
		if _, ok := parseLink("skype:" + strings.Repeat("ж", letters) + "?chat"); ok != want {
			t.Errorf("a name of %d letters is one: %v, want %v", letters, ok, want)
		}
	}
}

func TestParseMessenger(t *testing.T) {
	tests := []struct{ in, kind, handle string }{
		{"@BVolkov", "telegram", "bvolkov"},
		{"telegram: @bvolkov", "telegram", "bvolkov"},
		{"тг: bvolkov", "telegram", "bvolkov"},
		{"https://vk.com/ID1", "vk", "id1"},
		{"vk: id1", "vk", "id1"},
		{"m.vk.com/durov", "vk", "durov"},
		{"viber: 8 900 123-45-67", "viber", "8 900 123-45-67"},
		{"viber: +7 900 123-45-67", "viber", "+79001234567"},
		{"skype:ivan.petrov?chat", "skype", "ivan.petrov"},
		{"skype: live:ivan", "skype", "live:ivan"},
		{"max.ru/u/abc", "max", "abc"},
		{"https://romashka.ru/a?b=1", "site", "https://romashka.ru/a?b=1"},
		{"Romashka.ru", "site", "Romashka.ru"},
		{"site: https://t.me/+AbCdEf12345", "site", "https://t.me/+AbCdEf12345"},
		{"t.me/bvolkov/12", "site", "t.me/bvolkov/12"},
	}
	for _, tt := range tests {
		got, err := ParseMessenger(tt.in)
		if err != nil || got != (Messenger{tt.kind, tt.handle}) {
			t.Errorf("ParseMessenger(%q) = %+v, %v; want %s %s", tt.in, got, err, tt.kind, tt.handle)
			continue
		}
		again, err := ParseMessenger(got.Kind + ": " + got.Handle)
		if err != nil || again != got {
			t.Errorf("ParseMessenger(%q) reads back as %+v, %v", tt.in, again, err)
		}
	}
	for in, field := range map[string]string{"": "messenger", "@": "username", "@ab": "username", "тг: ab": "username", "vk: @": "messenger",
		"foo: bar": "messenger", "два слова": "messenger", strings.Repeat("a", 600) + ".ru": "messenger"} {
		var e *Error
		if got, err := ParseMessenger(in); !errors.As(err, &e) || !errors.Is(err, ErrInvalid) || e.Field != field || got != (Messenger{}) {
			t.Errorf("ParseMessenger(%q) = %+v, %v; want invalid %s", in, got, err, field)
		}
	}
}

func TestFindMessengers(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"это @BVolkov, https://vk.com/id1.", []string{"@BVolkov=telegram bvolkov", "https://vk.com/id1=vk id1"}},
		{"(@bvolkov)", []string{"@bvolkov=telegram bvolkov"}},
		{"сайт romashka.ru; почта ivan@romashka.ru", []string{"romashka.ru=site romashka.ru"}},
		{"@ivan.petrov @ab @", nil},
		{"wa.me/79001234567 t.me/+79001234567", nil},
		{"а.ру 12.05.1985 и т.д.", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range FindMessengers(tt.in) {
			got = append(got, tt.in[f.Start:f.End]+"="+f.Value.Kind+" "+f.Value.Handle)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("FindMessengers(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

package crm

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParsePhone(t *testing.T) {
	tests := []struct{ in, region, want, ext string }{
		{"8 900 123-45-67", "RU", "+79001234567", ""},
		{"8(495)123-45-67", "RU", "+74951234567", ""},
		{"9001234567", "RU", "+79001234567", ""},
		{"79001234567", "RU", "+79001234567", ""},
		{"79001234567", "BY", "+79001234567", ""},
		{"89001234567", "UZ", "+79001234567", ""},
		{"+7 (900) 123-45-67", "", "+79001234567", ""},
		{"8 701 123 45 67", "RU", "+77011234567", ""},
		{"8 10 375 29 123-45-67", "RU", "+375291234567", ""},
		{"тел. 8 900 123-45-67", "RU", "+79001234567", ""},
		{"8 900 123‑45‑67", "RU", "+79001234567", ""},
		{"+7\u00a0900\u00a0123\u201145\u201167\u200b", "RU", "+79001234567", ""},
		{"\u202a+7 900 123-45-67\u202c", "RU", "+79001234567", ""},
		{"８９００１２３４５６７", "RU", "+79001234567", ""},
		{"+7 9ОО 123 45 67", "RU", "+79001234567", ""},
		{"8 9oo 123 45 67", "RU", "+79001234567", ""},
		{"84951234567 доб. 123", "RU", "+74951234567", "123"},
		{"84951234567 (доб. 123)", "RU", "+74951234567", "123"},
		{"84951234567 добавочный 12", "RU", "+74951234567", "12"},
		{"8 495 123-45-67 вн. 12", "RU", "+74951234567", "12"},
		{"8 495 123-45-67, вн12", "RU", "+74951234567", "12"},
		{"8 495 123-45-67 ext. 12", "RU", "+74951234567", "12"},
		{"8 495 123-45-67 #12", "RU", "+74951234567", "12"},
		{"8 495 123-45-67x12", "RU", "+74951234567", "12"},
		{"8 495 123-45-67, 12", "RU", "+74951234567", "12"},
		{"+74951234567,,12", "RU", "+74951234567", "12"},
		{"tel:+7-900-123-45-67;ext=102", "RU", "+79001234567", "102"},
		{"+8 900 123-45-67", "RU", "+79001234567", ""},
		{"+8 (495) 123-45-67", "RU", "+74951234567", ""},
		{"+89001234567", "RU", "+79001234567", ""},
		{"8+79001234567", "RU", "+79001234567", ""},
		{"8+7 900 123 45 67", "RU", "+79001234567", ""},
		{"+7 8 900 123-45-67", "RU", "+79001234567", ""},
		{"0079001234567", "RU", "+79001234567", ""},
		{"00375291234567", "RU", "+375291234567", ""},
		{"375291234567", "RU", "+375291234567", ""},
		{"380671234567", "RU", "+380671234567", ""},
		{"998901234567", "RU", "+998901234567", ""},
		{"375 (29) 123-45-67", "RU", "+375291234567", ""},
		{"8 029 123-45-67", "RU", "+375291234567", ""},
		{"8 029 123-45-67", "BY", "+375291234567", ""},
		{"80671234567", "UA", "+380671234567", ""},
		{"8 067 123 45 67", "UA", "+380671234567", ""},
		{"067 123 45 67", "UA", "+380671234567", ""},
		{"067 123 45 67", "RU", "+380671234567", ""},
		{"8-800-555-35-35", "RU", "+78005553535", ""},
		{"8 (8452) 12-05-85", "RU", "+78452120585", ""},
		{"+1 415 555-2671", "RU", "+14155552671", ""},
		{"+49 (0)30 901820", "RU", "+4930901820", ""},
		{"+86 138 1234 5678", "RU", "+8613812345678", ""},
		{"(415) 555-2671", "US", "+14155552671", ""},
		{"https://wa.me/79001234567", "RU", "+79001234567", ""},
		{"wa.me/+79001234567", "RU", "+79001234567", ""},
		{"https://api.whatsapp.com/send?phone=79001234567", "RU", "+79001234567", ""},
	}
	for _, tt := range tests {
		p, err := ParsePhone(tt.in, tt.region)
		if err != nil || p != (Phone{E164: tt.want, Ext: tt.ext}) {
			t.Errorf("ParsePhone(%q, %q) = %+v, %v; want %s ext %q", tt.in, tt.region, p, err, tt.want, tt.ext)
		}
	}
}

func TestParsePhone_keeps_words_in_raw(t *testing.T) {
	for _, in := range []string{"8 900 123-45-67 Иван", "Иван: +79001234567", "8 900 123-45-67, до 18:00"} {
		p, err := ParsePhone(in, "RU")
		if err != nil || p.E164 != "+79001234567" || p.Raw != in {
			t.Errorf("ParsePhone(%q) = %+v, %v", in, p, err)
		}
	}
}

func TestParsePhone_refuses(t *testing.T) {
	tests := []struct{ in, field string }{
		{"", "phone"},
		{"Иван", "phone"},
		{"112", "phone"},
		{"123-45-67", "phone.area"},
		{"+7 911 222", "phone.short"},
		{"+44 20 7946", "phone.short"},
		{"+7", "phone.short"},
		{"+7 911 222 33 44 55", "phone"},
		{"+", "phone"},
		{"22-33-44", "phone.area"},
		{"8 900 12A 45 67", "phone"},
		{"8 900 123-45-6", "phone"},
		{"8 900 123-45-678", "phone"},
		{"8 900 123-45-67-8", "phone"},
		{"8 900 123-45-67 89", "phone"},
		{"+7 900 123-45-6X", "phone"},
		{"+7 100 123-45-67", "phone"},
		{"8005 00 44444", "phone"},
		{"8 900 123-45-67, 8 900 765-43-21", "phone"},
		{"user89001234567", "phone"},
		{"89001234567@mail.ru", "phone"},
		{"٣", "phone"},
		{strings.Repeat("9", 300), "phone"},
	}
	for _, tt := range tests {
		p, err := ParsePhone(tt.in, "RU")
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrInvalid) || e.Field != tt.field {
			t.Errorf("ParsePhone(%q) = %+v, %v; want invalid %s", tt.in, p, err, tt.field)
		}
	}
}

func TestFindPhones(t *testing.T) {
	tests := []struct {
		in   string
		want []string // text of the span = E.164 [ext]
	}{
		{"8 900 123-45-67, 8 900 765-43-21", []string{"8 900 123-45-67=+79001234567", "8 900 765-43-21=+79007654321"}},
		{"8 900 123-45-67 8 900 765-43-21", []string{"8 900 123-45-67=+79001234567", "8 900 765-43-21=+79007654321"}},
		{"89001234567/89007654321", []string{"89001234567=+79001234567", "89007654321=+79007654321"}},
		{"+79001234567+79007654321", []string{"+79001234567=+79001234567", "+79007654321=+79007654321"}},
		{"89001234567 и 89007654321", []string{"89001234567=+79001234567", "89007654321=+79007654321"}},
		{"89001234567\n89007654321", []string{"89001234567=+79001234567", "89007654321=+79007654321"}},
		{"Иван+79001234567 ivan@x.ru", []string{"+79001234567=+79001234567"}},
		{"(8 900 123-45-67)", []string{"(8 900 123-45-67)=+79001234567"}},
		{"тел.: 8 495 123-45-67 доб. 12, Иван", []string{"8 495 123-45-67 доб. 12=+74951234567 12"}},
		{"8 495 123-45-67, 12", []string{"8 495 123-45-67, 12=+74951234567 12"}},
		{"8 900 123-45-67, 12", []string{"8 900 123-45-67=+79001234567"}},
		{"8 900 123-45-67, 12 мая", []string{"8 900 123-45-67=+79001234567"}},
		{"8 900 123-45-67 12.05.1985", []string{"8 900 123-45-67=+79001234567"}},
		{"\u202a+7\u00a0900 123‑45‑67\u202c!", []string{"+7\u00a0900 123‑45‑67\u202c=+79001234567"}},
		{"см. https://wa.me/79001234567?text=hi ок", []string{"https://wa.me/79001234567?text=hi=+79001234567"}},
		{"ИНН 7701234567", nil},
		{"ИНН 9012345678, р/с 40702810900123456789, БИК 044525225", nil},
		{"7701234567", nil},
		{"ОГРН 1027700132195", nil},
		{"1027700132195", nil},
		{"500100732259", nil},
		{"ИНН/КПП 7701234567/770101001 тел 8 900 123-45-67", []string{"8 900 123-45-67=+79001234567"}},
		{"40702810900123456789", nil},
		{"4276 1234 5678 9012", nil},
		{"12.05.1985 13.06.1990", nil},
		{"4 951 234 567 руб", nil},
		{"4 951 234 567", nil},
		{"89001234567 руб", nil},
		{"$9001234567", nil},
		{"https://shop.ru/item/89001234567", nil},
		{"shop.ru/89001234567", nil},
		{"id89001234567 x_89001234567", nil},
		{"заказ № 89001234567", nil},
		{"192.168.100.200", nil},
		{"4951234567", nil},
		{"тел 4951234567", []string{"4951234567=+74951234567"}},
		{"495 123-45-67", []string{"495 123-45-67=+74951234567"}},
		{"123-45-67", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range FindPhones(tt.in, "RU") {
			got = append(got, strings.TrimSpace(tt.in[f.Start:f.End]+"="+f.Value.E164+" "+f.Value.Ext))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("FindPhones(%q)\n got %q\nwant %q", tt.in, got, tt.want)
		}
	}
}

func TestPhone_Display(t *testing.T) {
	tests := []struct{ e164, want string }{
		{"+79001234567", "+7 900 123-45-67"},
		{"+77011234567", "+7 701 123-45-67"},
		{"+78452120585", "+7 845 212-05-85"},
		{"+375291234567", "+375 29 123-45-67"},
		{"+14155552671", "+1 415-555-2671"},
		{"nonsense", "nonsense"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := (Phone{E164: tt.e164}).Display(); got != tt.want {
			t.Errorf("Display(%q) = %q, want %q", tt.e164, got, tt.want)
		}
	}
}

func TestPhone_Display_reads_back(t *testing.T) {
	codes := []string{"79", "74", "77", "78", "1", "33", "37529", "3806", "4930", "49151", "44", "9989", "9955", "3749", "5411", "8190",
		"8613", "971", "9725", "3906", "800", "55119", "5215", "22507"}
	rapid.Check(t, func(t *rapid.T) {
		in := "+" + rapid.SampledFrom(codes).Draw(t, "code") + rapid.StringMatching(`[0-9]{6,10}`).Draw(t, "digits")
		p, err := ParsePhone(in, "RU")
		if err != nil {
			t.Skip("no phone")
		}
		for _, region := range []string{"RU", "BY", "US", ""} {
			back, err := ParsePhone(p.Display(), region)
			if err != nil || back != p {
				t.Fatalf("%q → %+v → %q → %+v, %v", in, p, p.Display(), back, err)
			}
		}
		found := FindPhones("тел "+p.Display()+", Иван", "RU")
		if len(found) != 1 || found[0].Value != p {
			t.Fatalf("FindPhones(%q) = %+v", p.Display(), found)
		}
	})
}

func TestUnfinished(t *testing.T) {
	for text, want := range map[string]string{
		"@": "username", "@ab": "username", " @ ": "username", "@1234567": "username", "+7 911 222": "phone.short: 7 digits of 11", "+375 29 123": "phone.short: 8 digits of 12",
		"@romashka.ru": "", "@ivanov": "", "911 222": "", "4567": "", "+7 911 222-33-44": "", "иванов": "", "+": "", "": "", "+7 лет": "", "a@b": "",
	} {
		got := ""
		if err := Unfinished(text); err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid: ")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"8 900 123-45-67", "+8 900…", "84951234567 (доб. 123)", "\u202a+7 9ОО 1234567", "wa.me/79001234567?text=1",
		"375291234567, 89001234567", "@", "<b>8900</b>", "１２３４５６７", "12.05.1985 8(8452)12-05-85", "8+7", "+(7)900", "👩‍💻 +7 900 123 45 67 ext 9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 500 {
			return
		}
		end := 0
		for _, found := range FindPhones(s, "RU") {
			if found.Start < end || found.End <= found.Start || found.End > len(s) {
				t.Fatalf("FindPhones(%q): span %d–%d after %d", s, found.Start, found.End, end)
			}
			end = found.End
		}
		if err := Unfinished(s); err != nil && !errors.Is(err, ErrInvalid) {
			t.Fatalf("Unfinished(%q): %v", s, err)
		}
		p, err := ParsePhone(s, "RU")
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("ParsePhone(%q): %v", s, err)
			}
			return
		}
		back, err := ParsePhone(p.Display(), "RU")
		if err != nil || back.E164 != p.E164 {
			t.Fatalf("%q → %+v → %q → %+v, %v", s, p, p.Display(), back, err)
		}
	})
}

func TestFindPhones_long_hostile_texts(t *testing.T) {
	for _, unit := range []string{"12 ", "8 900 ", "+7 ", "8(", "067 12 ", "тел ", "1.2.", "О", "890012345 "} {
		text := strings.Repeat(unit, 4096/len(unit))
		start := time.Now()
		FindPhones(text, "RU")
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("FindPhones(%q…) took %v", unit, d)
		}
	}
}

package crm

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka/crm/civil"
)

var birthdayToday = civil.Date{Year: 2026, Month: time.November, Day: 21}

func TestParseBirthday(t *testing.T) {
	tests := []struct{ in, want string }{
		{"12.05.1985", "1985-05-12"},
		{"12.5.85", "1985-05-12"},
		{"12/05/1985", "1985-05-12"},
		{"05/23/1985", "1985-05-23"},
		{"12-05-1985", "1985-05-12"},
		{"12 05 1985", "1985-05-12"},
		{"1985-05-12", "1985-05-12"},
		{"12.05", "0000-05-12"},
		{"0000-05-12", "0000-05-12"},
		{"29.02", "0000-02-29"},
		{"12 мая 1985", "1985-05-12"},
		{"12 мая", "0000-05-12"},
		{"12 МАЯ 1985 г.", "1985-05-12"},
		{"12 мая 1985 года рождения", "1985-05-12"},
		{"5 марта 90г.", "1990-03-05"},
		{"1-го сентября 2001", "2001-09-01"},
		{"3 сент. 1990", "1990-09-03"},
		{"3 нояб 1990", "1990-11-03"},
		{"15 июня 72", "1972-06-15"},
		{"15июля1972", "1972-07-15"},
		{"May 12, 1985", "1985-05-12"},
		{"12 May", "0000-05-12"},
		{"12th of May 1985", "1985-05-12"},
		{"Sept 3rd 1990", "1990-09-03"},
		{"12-May-1985", "1985-05-12"},
		{"др 12.05.1985", "1985-05-12"},
		{"д.р. 12.05", "0000-05-12"},
		{"День рождения: 12 мая", "0000-05-12"},
		{"дата рождения — 12.05.1985 г.", "1985-05-12"},
		{"родился 12 мая 1985", "1985-05-12"},
		{"born 12 May 1985", "1985-05-12"},
		{"bday: 05.12", "0000-12-05"},
		{"birthday May 12", "0000-05-12"},
		{"12.05.1985 г.р.", "1985-05-12"},
		{"12.05.26", "2026-05-12"},
		{"12.12.26", "1926-12-12"},
		{"21.11.2026", "2026-11-21"},
		{"01.01.1906", "1906-01-01"},
		{"\u200e12.05.1985\u200f", "1985-05-12"},
		{"1２.05.1985", "1985-05-12"},
	}
	for _, tt := range tests {
		if got, err := ParseBirthday(tt.in, birthdayToday); err != nil || got.String() != tt.want {
			t.Errorf("ParseBirthday(%q) = %s, %v; want %s", tt.in, got, err, tt.want)
		}
	}
}

func TestParseBirthday_refuses(t *testing.T) {
	tests := []struct{ in, field string }{
		{"", "birthday"},
		{"@", "birthday"},
		{"др", "birthday"},
		{"31.02", "birthday"},
		{"31.02.1985", "birthday"},
		{"29.02.1985", "birthday"},
		{"00.05.1985", "birthday"},
		{"12.13.1985", "birthday"},
		{"12.05.0000", "birthday"},
		{"12.05.198", "birthday"},
		{"12 мартобря", "birthday"},
		{"32 мая", "birthday"},
		{"12 05", "birthday"},
		{"12", "birthday"},
		{"1985", "birthday"},
		{"12.05.1985 и 13.05.1986", "birthday"},
		{"22.11.2026", "birthday.future"},
		{"12.05.2985", "birthday.future"},
		{"12.05.1905", "birthday.old"},
		{"12 мая 1001", "birthday.old"},
	}
	for _, tt := range tests {
		got, err := ParseBirthday(tt.in, birthdayToday)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrInvalid) || e.Field != tt.field || !got.IsZero() {
			t.Errorf("ParseBirthday(%q) = %s, %v; want invalid %s", tt.in, got, err, tt.field)
		}
	}
}

func TestParseBirthday_reads_what_is_stored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1907, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 43000).Draw(t, "day"))
		want := civil.DateOf(day)
		for _, layout := range []string{"02.01.2006", "2.1.2006", "2006-01-02", "2 January 2006", "January 2, 2006"} {
			if got, err := ParseBirthday(day.Format(layout), birthdayToday); err != nil || got != want {
				t.Fatalf("ParseBirthday(%q) = %s, %v; want %s", day.Format(layout), got, err, want)
			}
		}
	})
}

func FuzzBirthday(f *testing.F) {
	for _, s := range []string{"12.05.1985", "др 12 мая", "May 12, 1985", "31.02", "1985-05-12", "5 марта 90г.", "@", "99.99.9999", "12/", "'85"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseBirthday(s, birthdayToday)
		if err != nil {
			if !errors.Is(err, ErrInvalid) || !d.IsZero() {
				t.Fatalf("ParseBirthday(%q) = %s, %v", s, d, err)
			}
			return
		}
		if d.IsZero() || !d.Valid() || CheckBirthday(d, birthdayToday) != nil {
			t.Fatalf("ParseBirthday(%q) = %s", s, d)
		}
	})
}

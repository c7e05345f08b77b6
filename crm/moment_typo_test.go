package crm

import "testing"

func TestReadMoment_typos(t *testing.T) {
	checkMoments(t, momentNow, []momentCase{
		{"завтро в 10", "typo 2026-11-21 10:00", ""},
		{"завтр позвонить", "typo 2026-11-21 10:00", "позвонить"},
		{"в пятнецу в 9", "typo 2026-11-27 09:00", ""},
		{"tomorow at 10", "typo 2026-11-21 10:00", ""},
		{"послезавтро", "typo 2026-11-22 10:00", ""},
		{"сегоня вечером", "typo 2026-11-20 19:00", ""},
		{"в понидельник", "typo 2026-11-23 10:00", ""},
		{"в суботу", "typo 2026-11-21 10:00", ""},
		{"в вокресенье", "typo 2026-11-22 10:00", ""},
		{"12 декобря", "typo 2026-12-12 10:00", ""},
		{"on wednsday", "typo 2026-11-25 10:00", ""},
		{"кажый день", "typo 2026-11-21 10:00", ""},
		{"позвонить зфвтра", "typo 2026-11-21 10:00", "позвонить"},
		{"завтар в 9", "typo 2026-11-21 09:00", ""},
		{"call Smith Frday at 10", "typo 2026-11-27 10:00", "call Smith"},
		{"12 маррта", "passed 2027-03-12 10:00", ""},
		{"25 декаря", "typo 2026-12-25 10:00", ""},
		{"call Mondey tomorrow at 10", "2026-11-21 10:00", "call Mondey"},
		{"call Frida", "moment", "call Frida"},
		{"купить 3 марки завтра", "2026-11-21", "купить 3 марки"},
		{"завтрак завтра в 9", "2026-11-21 09:00", "завтрак"},
		{"позвонить Субботину завтра", "2026-11-21", "позвонить Субботину"},
	})
}

func TestReadMoment_often(t *testing.T) {
	for in, want := range map[string]Repeat{"call Smith Mon and Thu at 10": "weekly/1/1,4", "в пн и чт": "weekly/1/1,4", "в пн": "", "Mon-Fri at 10": "workdays", "в пн-пт": "workdays", "вт-чт": "weekly/1/2,3,4",
		"в пятницу или в субботу": "", "пт-вт": "", "завтра или в понедельник": "",
		"every Mon and Thu": "", "по вт и чт в 5": ""} {
		if m, _ := ReadMoment(in, momentNow); m.Often != want {
			t.Errorf("%q: %q, want %q", in, m.Often, want)
		}
	}
}

package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func TestReadOtherDate(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, msk)
	for _, c := range []struct{ text, want string }{
		{"конец договора 31.12.2026", "Конец договора 2026-12-31 once 3"},
		{"договор до 31.12.26", "Договор 2026-12-31 once 3"},
		{"31.12.2026 — конец договора", "Конец договора 2026-12-31 once 3"},
		{"Договор №5 до 31 декабря 2026 г.", "Договор №5 2026-12-31 once 3"},
		{"аренда (до 2027-01-15)", "Аренда 2027-01-15 once 3"},
		{"конец гарантии 22.11.2026", "Конец гарантии 2026-11-22 once 1"},
		{"сдача сегодня 20.11.2026", "Сдача сегодня 2026-11-20 once 0"},
		{"День строителя 10 августа", "День строителя 0000-08-10 yearly 3"},
		{"10 августа День строителя", "День строителя 0000-08-10 yearly 3"},
		{"именины 29.02", "Именины 0000-02-29 yearly 3"},
		{"свадьба 12.06.2015", "Свадьба 2015-06-12 yearly 3"},
		{"iPhone day 9 September", "iPhone day 0000-09-09 yearly 3"},
		{"wedding June 12, 2015", "Wedding 2015-06-12 yearly 3"},
		{"end of contract on Dec 31, 2026", "End of contract 2026-12-31 once 3"},
		{"отчёт каждый год 1 марта", "Отчёт 0000-03-01 yearly 3"},
		{"договор до 1 марта ежегодно", "Договор 0000-03-01 yearly 3"},
		{"переезд 1 марта один раз", "Переезд 2027-03-01 once 3"},
		{"поставка через месяц", "Поставка 2026-12-20 once 3"},
		{"договор до 1 декабря", "Договор 0000-12-01 yearly 3 doubtful"},
		{"оплата 5 марта", "Оплата 0000-03-05 yearly 3 doubtful"},
		{"первая сделка 12.06.2015", "Первая сделка 2015-06-12 yearly 3 doubtful"},
		{"юбилей фирмы 12.06.2027", "Юбилей фирмы 2027-06-12 once 3 doubtful"},
		{"конец договора", "dates"},
		{"любит чай", "dates"},
		{"конец договора 31.02.2027", "dates.day"},
		{"31.12.2026", "dates.label"},
		{"", "dates"},
		{"очень длинное название даты, которого никто не станет писать на карточке 31.12.2026", "dates.long"},
	} {
		o, doubt, err := crm.ReadOtherDate(c.text, now)
		got := o.Label + " " + o.Day.String() + " yearly " + string(rune('0'+o.Lead))
		if o.Once {
			got = o.Label + " " + o.Day.String() + " once " + string(rune('0'+o.Lead))
		}
		if doubt {
			got += " doubtful"
		}
		var e *crm.Error
		if errors.As(err, &e) {
			got = e.Field
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// What a field's value says can be typed again and means the same.
func TestDatesComeBackAsTheyAreWritten(t *testing.T) {
	o := newOffice(t)
	all := []crm.OtherDate{date("Конец договора", civil.Date{Year: 2026, Month: 12, Day: 31}, true, 7), date("День строителя", civil.Date{Month: 8, Day: 10}, false, 0),
		date("Свадьба", civil.Date{Year: 2015, Month: 6, Day: 12}, false, 3), date("Прошло", civil.Date{Year: 2020, Month: 6, Day: 12}, true, 3)}
	c := o.add(o.owner, crm.Profile{Name: "Ким", Dates: all})
	o.edit(c.ID, crm.FieldDates, c.Value(crm.FieldDates))
	got := must(o.Client(t.Context(), o.as(o.owner), c.ID))
	if len(got.Dates) != 4 || got.Rev != c.Rev {
		t.Errorf("got %+v of revision %d, want nothing changed", got.Dates, got.Rev)
	}
	o.edit(c.ID, crm.FieldDates, "Конец договора 31.12.2026, именины 5 марта")
	got = must(o.Client(t.Context(), o.as(o.owner), c.ID))
	if len(got.Dates) != 2 || got.Dates[0].Lead != 7 || got.Dates[1].Label != "Именины" {
		t.Errorf("got %+v, want one kept with its lead and one more", got.Dates)
	}
	back := must(o.UndoClient(t.Context(), o.as(o.owner), c.ID, got.Rev))
	if back.Value(crm.FieldDates) != c.Value(crm.FieldDates) || back.Dates[0].Lead != 7 {
		t.Errorf("undone: got %+v", back.Dates)
	}
}

func TestDatesAreUnitedWhenCardsJoin(t *testing.T) {
	o := newOffice(t)
	end := date("Конец договора", civil.Date{Year: 2026, Month: 12, Day: 31}, true, 7)
	c := o.add(o.owner, crm.Profile{Name: "Ким", Dates: []crm.OtherDate{end}})
	again := end
	again.Label, again.Lead = "конец  договора", 3
	later := date("Конец договора", civil.Date{Year: 2027, Month: 12, Day: 31}, true, 3)
	draft := crm.Draft{Profile: crm.Profile{Dates: []crm.OtherDate{again, later}}}
	if n := draft.News(c); len(n.Fields) != 1 || n.Fields[0] != crm.FieldDates || len(n.Fresh.Dates) != 1 || n.Fresh.Dates[0] != later {
		t.Errorf("news: got %v, %+v", n.Fields, n.Fresh.Dates)
	}
	got := must(o.CompleteClient(t.Context(), o.as(o.owner), c.ID, draft))
	if len(got.Dates) != 2 || got.Dates[0] != end || got.Dates[1] != later {
		t.Errorf("got %+v, want the one that was and the new one", got.Dates)
	}
	for i := range 20 {
		draft.Profile.Dates = append(draft.Profile.Dates, date("Ещё", civil.Date{Month: 1, Day: i + 1}, false, 3))
	}
	got = must(o.CompleteClient(t.Context(), o.as(o.owner), c.ID, draft))
	if len(got.Dates) != 20 || got.LastNote != "Ещё 0000-01-19\nЕщё 0000-01-20" {
		t.Errorf("got %d dates and the note %q, want what has no room in a note", len(got.Dates), got.LastNote)
	}
}

func TestDatesOfACard(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	by := func() crm.Actor { return o.as(o.owner) }
	feast := date("День строителя", civil.Date{Month: 8, Day: 10}, false, 3)
	c = must(o.AddDate(t.Context(), by(), c.ID, feast))
	c = must(o.AddDate(t.Context(), by(), c.ID, feast))
	if len(c.Dates) != 1 {
		t.Errorf("added twice: got %+v", c.Dates)
	}
	wrong := map[string]crm.OtherDate{
		"dates.label": date(" ", feast.Day, false, 3), "dates": date("Нет дня", civil.Date{Month: 2, Day: 30}, false, 3), "dates.lead": date("Рано", feast.Day, false, 31)}
	for field, d := range wrong {
		var e *crm.Error
		if _, err := o.AddDate(t.Context(), by(), c.ID, d); !errors.As(err, &e) || e.Field != field {
			t.Errorf("%+v: got %v, want %s", d, err, field)
		}
	}
	if _, err := o.ChangeDate(t.Context(), by(), c.ID, "x", feast); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	found := must(o.FindPage(t.Context(), by(), "строителя", 0, 5))
	if len(found.Hits) != 1 || found.Hits[0].Client.ID != c.ID {
		t.Errorf("by its label: got %+v", found)
	}
	c = must(o.RemoveDate(t.Context(), by(), c.ID, feast.Key()))
	if len(c.Dates) != 0 || len(c.DateKeys) != 0 {
		t.Errorf("removed: got %+v, %v", c.Dates, c.DateKeys)
	}
}

func TestContractInOneLine(t *testing.T) {
	today := civil.Date{Year: 2026, Month: 11, Day: 20}
	for text, want := range map[string]string{
		"Иванов Иван, +7 900 123-45-67, договор до 31.12.2026":    "Договор 2026-12-31 once",
		"Иванов Иван, contract expires 2027-03-01":                "Contract expires 2027-03-01 once",
		"Иванов Иван, договор до 31.12.2026 надо продлить":        "", // it says more than a date
		"Иванов Иван, договор до 31.12":                           "", // each year or once?
		"Иванов Иван, договор от 31.12.2025":                      "",
		"Иванов Иван, др 12.05.1985, страховка до 1 марта 2027 г": "Страховка 2027-03-01 once",
	} {
		d, _ := crm.ParseLine(text, "RU", today)
		if got := (crm.Client{Profile: d.Profile}).Value(crm.FieldDates); got != want {
			t.Errorf("%q: got %q, want %q; %+v", text, got, want, d)
		}
		if want == "" && len(d.Notes) != 1 {
			t.Errorf("%q: got %+v, want the note", text, d.Notes)
		}
	}
}

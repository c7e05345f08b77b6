package calendar_test

import (
	"strings"
	"testing"

	"kartoteka/crm/civil"
	"kartoteka/handlers/calendar"
	"kartoteka/locales"
)

func picker(t *testing.T, days calendar.Days) calendar.Picker {
	t.Helper()
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return calendar.Picker{T: catalog.For("ru"), ID: "id", For: "date", Today: civil.Date{Year: 2026, Month: 11, Day: 20}, Days: days}
}

// labels are what the buttons of a view say, one after the other.
func labels(p calendar.Picker, v calendar.View) string {
	var out []string
	for _, row := range p.Rows(v) {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return strings.Join(out, " ")
}

func TestDaysThatCanBePicked(t *testing.T) {
	for days, want := range map[calendar.Days][3]bool{
		calendar.Any:    {true, true, true},
		calendar.Past:   {true, true, false},
		calendar.Future: {false, true, true},
	} {
		sheet := labels(picker(t, days), "2026-11")
		for i, label := range []string{" 19 ", " •20 ", " 21 "} {
			if got := strings.Contains(sheet, label); got != want[i] {
				t.Errorf("%d: %q offered: %v\n%s", days, label, got, sheet)
			}
		}
	}
}

func TestMonthsAreNamedAsTheyStandAlone(t *testing.T) {
	got := labels(picker(t, calendar.Any), "2026")
	if want := "янв. февр. март апр. май июнь июль авг. сент. окт. нояб. дек. ‹ 2020"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Of what is over, or not there yet, a sheet shows no week, no arrow, no month and no year.
func TestWhatCannotBePickedIsNotShown(t *testing.T) {
	for _, try := range []struct {
		days calendar.Days
		view calendar.View
		want string
	}{
		{calendar.Future, "2026-11", "· нояб. 2026 › · · · · •20 21 22 23 24 25 26 27 28 29 30 · · · · · ·"},
		{calendar.Past, "2026-11", "‹ нояб. 2026 · · · · · · · 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 •20 · ·"},
		{calendar.Past, "2026-12", "‹ дек. 2026 ·"},
		{calendar.Future, "2026", "· · · · · · · · · · нояб. дек. ‹ 2020"},
		{calendar.Past, "202", "2020 2021 2022 2023 2024 2025 2026 · · · ‹ 2010 ·"},
		{calendar.Future, "2026-02", "· февр. 2026 ·"},
	} {
		if got := labels(picker(t, try.days), try.view); got != try.want {
			t.Errorf("%v %s: got %q, want %q", try.days, try.view, got, try.want)
		}
	}
}

package calendar_test

import (
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/calendar"
	"kartoteka/locales"
)

func picker(t *testing.T, days calendar.Days) calendar.Picker {
	t.Helper()
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return calendar.Picker{T: catalog.For("ru"), ID: "id", For: "date", Today: crm.Date{Year: 2026, Month: 11, Day: 20}, Days: days}
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

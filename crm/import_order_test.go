package crm_test

import (
	"testing"

	"kartoteka/crm"
)

// The dates of a column are all read in one order: in America's the month is first.
func TestImport_order_of_dates(t *testing.T) {
	o := newOffice(t)
	rows := sheetOf("Name;Phone;Birthday", "Smith Ann;+79001234561;5/12/1985", "Brown Bob;+79001234562;12/25/1990", "Green Gil;+79001234563;25/12/1990",
		"White Wil;+79001234564;12.05.1985", "No Date;+79001234565;0.0.00", "No Day;+79001234566;0/0/00", "No Year;+79001234567;0000-00-00",
		"Ms Zero;+79001234568;30.12.1899 00:00:00", "Go Zero;+79001234569;0001-01-01")
	i, err := o.BeginImport(t.Context(), o.as(o.owner), crm.ImportStart{Sample: rows})
	mustAll(t, err)
	team, err := o.Team(t.Context(), o.as(o.owner))
	mustAll(t, err)
	if c := i.Columns[2]; c.Order != crm.MonthFirst || !c.HoldsDates(team) {
		t.Fatalf("the column's order is %q", c.Order)
	}
	read := func(n int) (string, []crm.ImportProblem) {
		t.Helper()
		lines, err := o.ReadImport(t.Context(), o.as(o.owner), i.ID, rows[n:n+1])
		mustAll(t, err)
		return lines[0].Draft.Profile.Birthday.String(), lines[0].Problems
	}
	want := func(n int, day, problem string) {
		t.Helper()
		got, problems := read(n)
		if got != day || (problem == "") != (len(problems) == 0) || problem != "" && problems[0].What != problem {
			t.Errorf("row %d: %s %v, want %s %q", n, got, problems, day, problem)
		}
	}
	want(1, "1985-05-12", "")
	want(2, "1990-12-25", "")
	want(3, "", "order") // and is not silently another day
	want(4, "1985-05-12", "")
	i, err = o.TurnDates(t.Context(), o.as(o.owner), i.ID, 2)
	mustAll(t, err)
	want(1, "1985-12-05", "")
	want(2, "", "order")
	want(3, "1990-12-25", "")
	want(4, "1985-05-12", "")
	for n := 5; n < len(rows); n++ {
		want(n, "", "") // there is none, and nothing is wrong with the row
	}
	if _, err := o.TurnDates(t.Context(), o.as(o.owner), i.ID, 1); err == nil {
		t.Error("phones have no order of days")
	}
}

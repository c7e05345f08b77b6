package crm_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka/crm"
	"kartoteka/crm/moment"
)

func TestRepeatIsWrittenOneWay(t *testing.T) {
	for r, want := range map[moment.Repeat]bool{
		"": true, "daily": true, "workdays": true, "weekly": true, "monthly": true, "yearly": true,
		"weekly/2": true, "daily/3": true, "monthly/3": true, "yearly/2": true, "weekly/1/2,4": true, "weekly/2/1,7": true,
		"hourly": false, "weekly/": false, "weekly/1": false, "weekly/0": false, "weekly/-1": false, "weekly/53": false, "workdays/2": false,
		"weekly/1/2": false, "weekly/1/4,2": false, "weekly/1/2,2": false, "weekly/1/0,8": false, "daily/1/2,4": false, "weekly//2,4": false,
		"weekly/02": false, "/2": false, "weekly/2/1,7/": false,
	} {
		if r.Valid() != want {
			t.Errorf("%q is valid: %v", r, !want)
		}
	}
	if got := moment.RepeatWeekly.Every(2).On([]time.Weekday{time.Sunday, time.Monday, time.Sunday}); got != "weekly/2/1,7" {
		t.Errorf("got %q", got)
	}
	if got := moment.RepeatWeekly.On([]time.Weekday{time.Sunday}); got != moment.RepeatWeekly {
		t.Errorf("got %q", got)
	}
}

// A task done time after time comes on each of its days and on no other, at its own hour on either side of a clock change.
func TestRepeatsComeInTurn(t *testing.T) {
	at := func(s string) time.Time { return must(time.ParseInLocation("2006-01-02 15:04", s, berlin)) }
	for _, c := range []struct {
		repeat moment.Repeat
		first  string
		want   []string
	}{
		{"weekly/2", "2027-03-16 10:00", []string{"2027-03-30 10:00", "2027-04-13 10:00"}},
		{"weekly/1/2,4", "2027-03-25 10:00", []string{"2027-03-30 10:00", "2027-04-01 10:00", "2027-04-06 10:00"}},
		{"weekly/2/2,4", "2027-03-25 10:00", []string{"2027-04-06 10:00", "2027-04-08 10:00", "2027-04-20 10:00"}},
		{"weekly/1/1,3,7", "2027-03-21 10:00", []string{"2027-03-22 10:00", "2027-03-24 10:00", "2027-03-28 10:00", "2027-03-29 10:00"}},
		{"daily/3", "2027-03-26 10:00", []string{"2027-03-29 10:00", "2027-04-01 10:00"}},
		{"monthly/3", "2026-11-30 10:00", []string{"2027-02-28 10:00", "2027-05-30 10:00", "2027-08-30 10:00"}},
		{"yearly/2", "2028-02-29 10:00", []string{"2030-02-28 10:00", "2032-02-29 10:00"}},
	} {
		o := newOffice(t)
		task := o.task(o.owner, crm.TaskInput{Text: "дело", Due: at(c.first), Repeat: c.repeat})
		for i, want := range c.want {
			var err error
			if task, err = o.CloseTask(t.Context(), o.as(o.owner), task.ID, crm.TaskDone, time.Time{}); err != nil {
				t.Fatal(err)
			}
			if !task.Due.Equal(at(want)) {
				t.Errorf("%s, turn %d: %v, want %s", c.repeat, i+1, task.Due.In(berlin), want)
			}
		}
	}
}

var berlin = must(time.LoadLocation("Europe/Berlin"))

// Whatever the days, the interval and the first day are: nothing comes twice, nothing is left out.
func TestRepeatOnDaysLeavesNoneOut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 2, 7, rapid.ID[int]).Draw(rt, "days")
		every := rapid.IntRange(1, 4).Draw(rt, "every")
		first := time.Date(2026, 11, rapid.IntRange(1, 28).Draw(rt, "first"), 10, 0, 0, 0, time.UTC)
		var on []time.Weekday
		for _, d := range days {
			on = append(on, time.Weekday(d))
		}
		r := moment.RepeatWeekly.Every(every).On(on)
		monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
		var want, got []time.Time
		for day := first.AddDate(0, 0, 1); len(want) < 20; day = day.AddDate(0, 0, 1) {
			if week := int(day.Sub(monday).Hours()) / 24 / 7; week%every == 0 && slices.Contains(on, day.Weekday()) {
				want = append(want, day)
			}
		}
		for n := 1; n <= 20; n++ {
			got = append(got, r.Occurrence(first, n))
		}
		if !slices.EqualFunc(got, want, time.Time.Equal) {
			rt.Fatalf("%s from %v:\n got %v\nwant %v", r, first, got, want)
		}
	})
}

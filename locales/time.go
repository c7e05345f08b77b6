package locales

import (
	"strconv"
	"time"

	"kartoteka/crm/civil"
)

// Day is a date as people say it: «сегодня», «завтра», «вчера», «пт, 27 нояб.», with the year only if it is not
// today's. A date without a year is «12 мая».
func (t *Texts) Day(d, today civil.Date) string {
	if d.Year == 0 {
		return t.Date(d)
	}
	switch today.DaysUntil(d) {
	case 0:
		return t.Label("day.today")
	case 1:
		return t.Label("day.tomorrow")
	case -1:
		return t.Label("day.yesterday")
	}
	weekday := t.Weekday(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday())
	month := t.Label("month.short." + strconv.Itoa(int(d.Month)))
	if d.Year == today.Year {
		return t.Label("day.this_year", "weekday", weekday, "day", d.Day, "month", month)
	}
	return t.Label("day.other_year", "weekday", weekday, "day", d.Day, "month", month, "year", d.Year)
}

// Date is a date in full: «12 мая 1985», or «12 мая» if the year is not known. No date is "".
func (t *Texts) Date(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	month := t.Label("month.of." + strconv.Itoa(int(d.Month)))
	if d.Year == 0 {
		return t.Label("date.no_year", "day", d.Day, "month", month)
	}
	return t.Label("date.full", "day", d.Day, "month", month, "year", d.Year)
}

// DayMonth is a date without its year: «12 мая».
func (t *Texts) DayMonth(d civil.Date) string { return t.Date(civil.Date{Month: d.Month, Day: d.Day}) }

// Until says how far a day is: «сегодня», «завтра», «через 5 дней», «9 дней назад». Both need a year.
func (t *Texts) Until(d, today civil.Date) string {
	days := today.DaysUntil(d)
	switch {
	case days == 0:
		return t.Label("day.today")
	case days == 1:
		return t.Label("day.tomorrow")
	case days > 1:
		return t.Label("day.in", "n", days)
	default:
		return t.daysAgo(-days)
	}
}

// Month heads a calendar: «нояб. 2025»; it has a third of a phone's width.
func (t *Texts) Month(year int, m time.Month) string {
	return t.Label("date.month", "month", t.Label("month.sheet."+strconv.Itoa(int(m))), "year", year)
}

// Weekday is the short name of a day: «пт».
func (t *Texts) Weekday(d time.Weekday) string { return t.Label("weekday." + strconv.Itoa(int(d))) }

// When is a moment as people say it: «завтра в 10:00». Both times are in the member's zone.
func (t *Texts) When(at, now time.Time) string {
	return t.Label("time.when", "day", t.Day(civil.DateOf(at), civil.DateOf(now)), "clock", at.Format("15:04"))
}

// Ago says how long something is past: «только что», «3 часа назад», «вчера», «9 дней назад». Days are counted by the
// calendar of now's zone, the member's. What is still to come is «только что».
func (t *Texts) Ago(then, now time.Time) string {
	past := now.Sub(then)
	then = then.In(now.Location())
	days := civil.DateOf(then).DaysUntil(civil.DateOf(now))
	switch {
	case past < time.Minute:
		return t.Label("time.just_now")
	case past < time.Hour:
		return t.Label("time.minutes_ago", "n", int(past/time.Minute))
	case days == 0 || past < 6*time.Hour:
		return t.Label("time.hours_ago", "n", int(past/time.Hour))
	}
	return t.daysAgo(days)
}

// daysAgo counts in days for two months, in months for a year, then in years.
func (t *Texts) daysAgo(days int) string {
	switch {
	case days == 1:
		return t.Label("day.yesterday")
	case days < 60:
		return t.Label("day.ago", "n", days)
	case days < 365:
		return t.Label("time.months_ago", "n", days/30)
	default:
		return t.Label("time.years_ago", "n", days/365)
	}
}

// Span is a length of time, roughly: «5 минут», «2 часа», «3 дня».
func (t *Texts) Span(d time.Duration) string {
	switch {
	case d < time.Hour:
		return t.Label("span.minutes", "n", max(1, int(d/time.Minute)))
	case d < 48*time.Hour:
		return t.Label("span.hours", "n", int(d/time.Hour))
	}
	return t.Label("span.days", "n", int(d/(24*time.Hour)))
}

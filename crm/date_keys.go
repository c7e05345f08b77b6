package crm

import (
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// dateKeys are what a card is found by when its days come:
//
//	b05-12       the birthday
//	a05-12       the first contact, by its day in UTC; where the member is it may be a day off
//	o2026-05-12  an offer without an answer, by its day in UTC
//	l2026-05-12  an occasion that was put off until then, by the day in UTC
//	d05-12       another date that comes each year
//	d2026-05-12  another date that comes once
//	r05-09       the day to remind of a date that comes each year; two of them where a leap year moves it
//	r2026-05-09  the day to remind of a date that comes once
func dateKeys(c Client) []string {
	var keys []string
	add := func(key string) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if !c.Birthday.IsZero() {
		add(yearKey("b", c.Birthday))
	}
	if c.together() {
		add(yearKey("a", civil.DateOf(c.FirstContact.UTC())))
	}
	if !c.Offered.IsZero() {
		add(offerKey(civil.DateOf(c.Offered.UTC())))
	}
	for _, s := range c.Snoozed {
		add(snoozedKey(civil.DateOf(s.Until.UTC())))
	}
	for _, o := range c.Dates {
		if o.Once {
			add("d" + o.Day.String())
			add("r" + o.Day.Plus(-o.Lead).String())
			continue
		}
		add(yearKey("d", o.Day))
		for _, year := range []int{2023, 2024} { // a common year and a leap year
			add(yearKey("r", o.Day.In(year).Plus(-o.Lead)))
		}
	}
	return keys
}

// yearKey is "b02-29".
func yearKey(mark string, d civil.Date) string {
	return mark + civil.Date{Year: 0, Month: d.Month, Day: d.Day}.String()[len("0000-"):]
}

// yearKeys are the keys of what falls on a day each year. 29 February is kept on the 28th in common years.
func yearKeys(mark string, day civil.Date) []string {
	keys := []string{yearKey(mark, day)}
	if day.Month == time.February && day.Day == 28 && civil.DaysIn(day.Year, time.February) == 28 {
		keys = append(keys, yearKey(mark, civil.Date{Year: 0, Month: time.February, Day: 29}))
	}
	return keys
}

func birthdayKeys(day civil.Date) []string { return yearKeys("b", day) }

// otherKeys are the keys of the other dates that fall on a day.
func otherKeys(day civil.Date) []string { return append(yearKeys("d", day), "d"+day.String()) }

// anniversaryKeys are the keys of the first contacts that may have been on a day at a place.
func anniversaryKeys(day civil.Date, loc *time.Location) []string {
	keys := yearKeys("a", day)
	neighbour := day.Plus(-1) // east of Greenwich the day begins earlier
	if _, offset := day.UTC().In(loc).Zone(); offset < 0 {
		neighbour = day.Plus(1)
	}
	return append(keys, yearKeys("a", neighbour)...)
}

// dueKeys are the keys of the cards with something of which a member may have to be reminded on a day.
func dueKeys(r Reminding, on civil.Date, loc *time.Location) []string {
	keys := []string{yearKey("r", on), "r" + on.String()}
	for _, lead := range r.Birthdays {
		keys = append(keys, birthdayKeys(on.Plus(lead))...)
	}
	for _, lead := range r.Anniversaries {
		keys = append(keys, anniversaryKeys(on.Plus(lead), loc)...)
	}
	return keys
}

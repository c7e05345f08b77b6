package crm

import (
	"errors"
	"slices"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// pastHour is the hour at which what happened on an earlier day is noted: noon is the same day in nearly all zones.
const pastHour = 12

// ReadPastDay reads a day that is not to come: "03.10.2026", «3 октября»; without a year it is the last one that there was. It fails
// with ErrInvalid on "consent.day" if it finds none, on "consent.future" if it is to come.
func ReadPastDay(text string, now time.Time) (civil.Date, error) {
	today := civil.DateOf(now)
	if day, err := ParseBirthday(text, today); err == nil {
		if day.Year != 0 {
			return day, nil
		}
		for day.Year = today.Year; !day.Valid() || today.DaysUntil(day) > 0; {
			day.Year--
		}
		return day, nil
	}
	var day civil.Date
	m, err := ReadMoment(text, now)
	var u moment.Unclear
	switch {
	case err == nil && m.Repeat == moment.RepeatNever && m.Rest == "":
		day = civil.DateOf(m.At.In(now.Location()))
	case errors.As(err, &u) && !u.At.IsZero():
		day = civil.DateOf(u.At.In(now.Location()))
	default:
		return day, invalid("consent.day")
	}
	if today.DaysUntil(day) > 0 {
		return day, invalid("consent.future")
	}
	return day, nil
}

// onDay is when what a client did on a day is noted to have been: now if it was today, which a zero day is too. ErrInvalid on
// "consent.future".
func (d *Desk) onDay(by Actor, day civil.Date) (time.Time, error) {
	today := civil.DateOf(d.now().In(by.Location()))
	switch {
	case day.IsZero() || day == today:
		return d.now(), nil
	case today.DaysUntil(day) > 0:
		return time.Time{}, invalid("consent.future")
	}
	return time.Date(day.Year, day.Month, day.Day, pastHour, 0, 0, 0, by.Location()).UTC(), nil
}

// fitsBefore fails on a consent of a day before the last one to its purpose was withdrawn, which ended it too. ErrInvalid on
// "consent.before".
func fitsBefore(list []Consent, c Consent, zone *time.Location) error {
	given := civil.DateOf(c.Given.In(zone))
	if slices.ContainsFunc(list, func(old Consent) bool {
		return old.Purpose == c.Purpose && !old.Withdrawn.IsZero() && given.DaysUntil(civil.DateOf(old.Withdrawn.In(zone))) > 0
	}) {
		return invalid("consent.before")
	}
	return nil
}

// consentTextAt is the number of the version that held at a time; 0: none did yet.
func (t Team) consentTextAt(at time.Time) (no int) {
	for _, text := range t.ConsentTexts {
		if !text.Since.After(at) {
			no = text.No
		}
	}
	return no
}

package crm

import (
	"kartoteka/crm/civil"
)

// ParseDay reads a calendar day as people write it (see ParseBirthday for the forms). Without a year the next such day
// is meant, of two digits the present century. ErrInvalid on "date".
func ParseDay(s string, today civil.Date) (civil.Date, error) {
	endOfCentury := civil.Date{Year: today.Year/100*100 + 99, Month: 12, Day: 31}
	d, ok := parseDay(cleanLine(s), endOfCentury)
	if !ok || !d.Valid() {
		return civil.Date{}, invalid("date")
	}
	if d.Year == 0 {
		d = d.Next(today)
	}
	return d, nil
}

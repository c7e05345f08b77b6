package crm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// OtherDate is a date of a client beside the birthday: a professional holiday, a wedding, the end of a contract.
type OtherDate struct {
	Label string     `json:"label" bson:"label"`
	Day   civil.Date `json:"day" bson:"day"`                         // year 0: not known
	Once  bool       `json:"once,omitempty" bson:"once,omitempty"`   // only in Day's year; else each year from it on
	Lead  int        `json:"lead" bson:"lead"`                       // days before it that one is reminded, 0–30
	Dealt int        `json:"dealt,omitempty" bson:"dealt,omitempty"` // the year of it that is dealt with
}

const (
	// UsualLead is how many days before another date one is reminded if nothing else is set.
	UsualLead = 3
	maxDates  = 20
	maxOfDate = 60 // characters of a label
)

// Key tells the dates of one card apart: it is made of the label and the day, so that a date that was changed is another.
func (o OtherDate) Key() string {
	sum := sha256.Sum256([]byte(spell.Fold(o.Label) + "\n" + o.Day.String()))
	return hex.EncodeToString(sum[:4])
}

// falls reports whether a day is one of the date's; 29 February falls on the 28th in common years.
func (o OtherDate) falls(day civil.Date) bool {
	if o.Once {
		return o.Day == day
	}
	return o.Day.Year <= day.Year && o.Day.In(day.Year) == day
}

// Next is the date's first day on or after today; ok is false if that was once and is past.
func (o OtherDate) Next(today civil.Date) (day civil.Date, ok bool) {
	switch {
	case o.Day.String() >= today.String():
		return o.Day, true
	case o.Once:
		return o.Day, false
	}
	return o.Day.Next(today), true
}

// Years is how many years it is on a day; 0 if that is not known or not counted.
func (o OtherDate) Years(day civil.Date) int {
	if o.Once || o.Day.Year == 0 {
		return 0
	}
	return day.Year - o.Day.Year
}

// Only is the date as one that comes once: in its year, or without one the next time.
func (o OtherDate) Only(today civil.Date) OtherDate {
	if o.Once = true; o.Day.Year == 0 {
		o.Day = o.Day.Next(today)
	}
	return o.leading(today)
}

// Yearly is the date as one that comes each year.
func (o OtherDate) Yearly() OtherDate {
	o.Once, o.Lead = false, UsualLead
	return o
}

// leading sets how early to remind of a date that comes once: as usual, but not at a time that is past.
func (o OtherDate) leading(today civil.Date) OtherDate {
	return o.Ahead(UsualLead, today)
}

// Ahead is the date with so many days before it that one is reminded; of one that comes once not at a time that is past.
func (o OtherDate) Ahead(lead int, today civil.Date) OtherDate {
	if o.Lead = lead; o.Once {
		o.Lead = max(0, min(lead, today.DaysUntil(o.Day)-1))
	}
	return o
}

// clean checks a date and brings its label into shape. ErrInvalid on "dates", "dates.label", "dates.long", "dates.lead".
func (o OtherDate) clean() (OtherDate, error) {
	o.Label = capital(cleanLine(o.Label))
	switch {
	case !visible(o.Label):
		return o, invalid("dates.label")
	case utf8.RuneCountInString(o.Label) > maxOfDate:
		return o, invalid("dates.long")
	case o.Day.Month == 0 || !o.Day.Valid() || o.Once && o.Day.Year == 0:
		return o, invalid("dates")
	case o.Lead < 0 || o.Lead > maxLead:
		return o, invalid("dates.lead")
	}
	return o, nil
}

// capital begins a label with a capital letter, unless it is written in capitals of its own: iPhone.
func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 || len(r) > 1 && unicode.IsUpper(r[1]) {
		return s
	}
	return string(unicode.ToUpper(r[0])) + string(r[1:])
}

// addDate adds a date unless it is there; false if there is no room for it.
func addDate(list []OtherDate, o OtherDate) ([]OtherDate, bool) {
	if slices.ContainsFunc(list, func(have OtherDate) bool { return have.Key() == o.Key() }) {
		return list, true
	}
	if len(list) >= maxDates {
		return list, false
	}
	return append(list, o), true
}

// date is where the date with a key stands on a card; -1 if it is not there.
func (p Profile) date(key string) int {
	return slices.IndexFunc(p.Dates, func(o OtherDate) bool { return o.Key() == key })
}

// Date finds one of the card's other dates by its key.
func (p Profile) Date(key string) (OtherDate, bool) {
	if i := p.date(key); i >= 0 {
		return p.Dates[i], true
	}
	return OtherDate{}, false
}

// AddDate adds one of a client's other dates. One that is there with the same label and day stays as it is. ErrInvalid on
// "dates.count" beside what clean refuses.
func (d *Desk) AddDate(ctx context.Context, by Actor, id ClientID, o OtherDate) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		o, err := o.clean()
		if err != nil {
			return err
		}
		list, ok := addDate(ch.client.Dates, o)
		if !ok {
			return invalid("dates.count")
		}
		ch.client.Dates = list
		return nil
	})
}

// ChangeDate puts another date in the place of the one with the key. ErrNotFound on "date" if there is none.
func (d *Desk) ChangeDate(ctx context.Context, by Actor, id ClientID, key string, o OtherDate) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		o, err := o.clean()
		if err != nil {
			return err
		}
		i := ch.client.date(key)
		if i < 0 {
			return &Error{Kind: ErrNotFound, Field: "date"}
		}
		was := ch.client.Dates[i]
		if o.Key() != key && ch.client.date(o.Key()) >= 0 {
			ch.client.Dates = slices.Delete(ch.client.Dates, i, i+1) // it has become one that is there
			return nil
		}
		if o.Dealt = was.Dealt; o.Day != was.Day || o.Once != was.Once {
			o.Dealt = 0
		}
		ch.client.Dates[i] = o
		return nil
	})
}

// RemoveDate takes one of a client's other dates off the card. ErrNotFound on "date" if there is none with the key.
func (d *Desk) RemoveDate(ctx context.Context, by Actor, id ClientID, key string) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		i := ch.client.date(key)
		if i < 0 {
			return &Error{Kind: ErrNotFound, Field: "date"}
		}
		ch.client.Dates = slices.Delete(ch.client.Dates, i, i+1)
		return nil
	})
}

// setDates reads a list of dates. One that stays keeps how early to remind of it.
func (p *Profile) setDates(text string, e entry) error {
	var list []OtherDate
	for _, part := range splitDates(text) {
		o, _, err := ReadOtherDate(part, e.now)
		if err != nil {
			return err
		}
		if have, ok := p.Date(o.Key()); ok && have.Once == o.Once {
			o = have
		}
		var room bool
		if list, room = addDate(list, o); !room {
			return invalid("dates.count")
		}
	}
	p.Dates = list
	return nil
}

// joinDates writes dates as setDates reads them.
func joinDates(list []OtherDate) string {
	parts := make([]string, len(list))
	for i, o := range list {
		parts[i] = o.Label + " " + o.Day.String() + " " + dateYearly
		if o.Once {
			parts[i] = o.Label + " " + o.Day.String() + " " + dateOnce
		}
	}
	return strings.Join(parts, "; ")
}

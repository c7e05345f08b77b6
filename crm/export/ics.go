package export

import (
	"context"
	"fmt"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// calendar writes birthdays, other dates and open tasks as events: programs on phones pass over VTODO. It is written line by line: the
// library (golang-ical) holds a calendar as a whole.
func (w *writer) calendar(ctx context.Context) error {
	w.head = func() []byte {
		var l lines
		l.put("BEGIN:VCALENDAR")
		l.put("VERSION:2.0")
		l.put("PRODID:-//Kartoteka//Export//EN")
		l.put("CALSCALE:GREGORIAN")
		l.put("METHOD:PUBLISH")
		l.say("X-WR-CALNAME", w.o.Words.Sheet("calendar"))
		return l.b
	}
	w.tail = []byte("END:VCALENDAR\r\n")
	err := w.t.Clients(ctx, func(c crm.Client) error {
		w.wrote()
		if !c.Birthday.IsZero() {
			if err := w.add(ctx, w.dayEvent("birthday."+string(c.ID), w.o.Words.Event("", c.Name), c.Birthday, false)); err != nil {
				return err
			}
		}
		for _, o := range c.Dates {
			if err := w.add(ctx, w.dayEvent(o.Key()+"."+string(c.ID), w.o.Words.Event(o.Label, c.Name), o.Day, o.Once)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = w.t.Tasks(ctx, func(c crm.Client, t crm.Task) error {
			if t.State != crm.TaskOpen {
				return nil
			}
			return w.add(ctx, w.taskEvent(c, t))
		})
	}
	if err != nil {
		return err
	}
	return w.end(ctx)
}

const icsTime = "20060102T150405Z"

func (w *writer) event(uid, summary string, when ...string) []byte {
	var l lines
	l.put("BEGIN:VEVENT")
	l.put("UID:" + uid + "@kartoteka")
	l.put("DTSTAMP:" + w.t.Now().UTC().Format(icsTime))
	for _, line := range when {
		l.put(line)
	}
	l.say("SUMMARY", summary)
	l.put("END:VEVENT")
	return l.b
}

// dayEvent is a whole day, each year or once. 29 February comes on the last day of the month.
func (w *writer) dayEvent(uid, summary string, d civil.Date, once bool) []byte {
	rule := "RRULE:FREQ=YEARLY"
	if d.Month == time.February && d.Day == 29 {
		rule += ";BYMONTH=2;BYMONTHDAY=-1"
	}
	if d.Year == 0 {
		d = d.In(w.t.Now().Year())
	}
	when := []string{fmt.Sprintf("DTSTART;VALUE=DATE:%04d%02d%02d", d.Year, int(d.Month), d.Day), "TRANSP:TRANSPARENT"}
	if !once {
		when = append(when, rule)
	}
	return w.event(uid, summary, when...)
}

func (w *writer) taskEvent(c crm.Client, t crm.Task) []byte {
	summary := w.o.Words.Task(t, c.Name)
	switch {
	case summary == "":
		summary = c.Name
	case c.Name != "" && t.Day.IsZero(): // an occasion names the client by itself
		summary += " — " + c.Name
	}
	return w.event("task."+string(t.ID), summary, when(t)...)
}

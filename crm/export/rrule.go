package export

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
)

// icsWall is a time without a zone: it is that hour wherever the calendar is looked at. Of what repeats it is the only form that neither
// needs the zone's rules in the file nor moves by an hour when clocks change (RFC 5545, 3.3.5).
const icsWall = "20060102T150405"

// icsDays are the days of the week from Sunday on.
var icsDays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// when are the lines that say when a task is: what repeats is a rule (RFC 5545, 3.3.10).
func when(t crm.Task) []string {
	const lasts = "DURATION:PT30M"
	zone, err := time.LoadLocation(t.Zone)
	rule := ruleOf(t)
	if err != nil || rule == "" {
		return []string{"DTSTART:" + t.Due.UTC().Format(icsTime), lasts}
	}
	return []string{"DTSTART:" + t.Occurrence().In(zone).Format(icsWall), lasts, "RRULE:" + rule}
}

// ruleOf is how a task repeats; "" if it does not, or if that is no rule of a calendar.
func ruleOf(t crm.Task) string {
	first, err := t.First()
	if err != nil {
		return ""
	}
	every := ""
	if n := t.Repeat.Interval(); n > 1 {
		every = ";INTERVAL=" + strconv.Itoa(n)
	}
	switch t.Repeat.Cycle() {
	case moment.RepeatDaily:
		return "FREQ=DAILY" + every
	case moment.RepeatWorkdays:
		return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
	case moment.RepeatWeekly:
		if days := t.Repeat.Days(); len(days) > 0 {
			names := make([]string, len(days))
			for i, d := range days {
				names[i] = icsDays[d]
			}
			every += ";WKST=MO;BYDAY=" + strings.Join(names, ",")
		}
		return "FREQ=WEEKLY" + every
	case moment.RepeatMonthly:
		return "FREQ=MONTHLY" + every + lastOf(first.Day())
	case moment.RepeatYearly:
		if first.Month() == time.February && first.Day() == 29 {
			every += ";BYMONTH=2" + lastOf(29)
		}
		return "FREQ=YEARLY" + every
	}
	return ""
}

// lastOf has a day that not every month has be the last one of shorter months.
func lastOf(day int) string {
	if day <= 28 {
		return ""
	}
	days := "28"
	for d := 29; d <= day; d++ {
		days += fmt.Sprint(",", d)
	}
	return ";BYMONTHDAY=" + days + ";BYSETPOS=-1"
}

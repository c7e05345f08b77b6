package remind

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What is offered for the settings; anything else a forged button names is refused by crm.
var (
	digestTimes   = []string{"07:00", "08:00", "09:00", "10:00", "11:00", "12:00"}
	quietHours    = []string{"21:00-08:00", "22:00-07:00", "20:00-09:00", "00:00-00:00"}
	birthdayLeads = []string{"5.0", "7.1.0", "1.0", "0"}
	weekdays      = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
)

func registerSettings(r *talk.Router) {
	r.Press(talk.VerbReminding, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		what, value, chosen := strings.Cut(d.Arg, "=")
		if !chosen {
			return showSettings(ctx, t, what)
		}
		m, err := t.Desk.SetReminding(ctx, t.By, func(r *crm.Reminding) { change(r, what, value) })
		if err != nil {
			return err
		}
		t.Enter(m)
		return showSettings(ctx, t, what)
	})
}

// change applies what a button says.
func change(r *crm.Reminding, what, value string) {
	switch what {
	case "digest":
		r.Digest = value
	case "quiet":
		r.QuietFrom, r.QuietTo, _ = strings.Cut(value, "-")
	case "birthdays":
		r.Birthdays = []int{}
		for _, n := range strings.Split(value, ".") {
			lead, err := strconv.Atoi(n)
			if err != nil {
				lead = -1
			}
			r.Birthdays = append(r.Birthdays, lead)
		}
	case "days":
		n, _ := strconv.Atoi(value)
		r.DaysOff = toggle(r.DaysOff, time.Weekday(((n%7)+7)%7))
	case "kinds":
		r.Off = toggle(r.Off, crm.ReminderKind(value))
	}
}

func toggle[T comparable](list []T, v T) []T {
	if i := slices.Index(list, v); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return append(list, v)
}

// showSettings shows how the member is reminded, and the choices of one setting if it is named.
func showSettings(ctx context.Context, t *talk.Turn, what string) error {
	r := t.By.Reminding.Full()
	var days []string
	for _, d := range weekdays {
		if !slices.Contains(r.DaysOff, d) {
			days = append(days, t.T.Weekday(d))
		}
	}
	lines := []string{
		t.T.HTML("reminding.title"),
		t.T.HTML("reminding.digest_now", "clock", r.Digest, "days", strings.Join(days, ", ")),
		t.T.HTML("reminding.quiet_now", "hours", quietLabel(t, r.QuietFrom+"-"+r.QuietTo)),
		t.T.HTML("reminding.birthdays_now", "leads", leadsLabel(t, r.Birthdays)),
	}
	rows := choicesOf(t, r, what)
	if rows == nil {
		rows = talk.Rows(2, part(t, "digest"), part(t, "quiet"), part(t, "days"), part(t, "birthdays"), part(t, "kinds"))
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", "")})
	} else {
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbReminding, "", "")})
	}
	_, err := t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

func part(t *talk.Turn, what string) chat.Button {
	return talk.Button(t.T.Label("reminding."+what), talk.VerbReminding, "", what)
}

// choicesOf lists what one setting can be, the present one marked; nil if none is named.
func choicesOf(t *talk.Turn, r crm.Reminding, what string) [][]chat.Button {
	option := func(label, value string, on bool) chat.Button {
		if on {
			label = "✓ " + label
		}
		return talk.Button(label, talk.VerbReminding, "", what+"="+value)
	}
	var out []chat.Button
	switch what {
	case "digest":
		for _, clock := range digestTimes {
			out = append(out, option(clock, clock, clock == r.Digest))
		}
	case "quiet":
		for _, hours := range quietHours {
			out = append(out, option(quietLabel(t, hours), hours, hours == r.QuietFrom+"-"+r.QuietTo))
		}
	case "days":
		for _, d := range weekdays {
			out = append(out, option(t.T.Weekday(d), strconv.Itoa(int(d)), !slices.Contains(r.DaysOff, d)))
		}
	case "birthdays":
		for _, leads := range birthdayLeads {
			var set crm.Reminding
			change(&set, what, leads)
			out = append(out, option(leadsLabel(t, set.Birthdays), leads, slices.Equal(set.Birthdays, r.Birthdays)))
		}
		return talk.Rows(1, out...)
	case "kinds":
		for _, k := range crm.ReminderKinds {
			out = append(out, option(t.T.Label("reminder_kind."+string(k)), string(k), r.Wants(k)))
		}
		return talk.Rows(1, out...)
	}
	if out == nil {
		return nil
	}
	return talk.Rows(3, out...)
}

func quietLabel(t *talk.Turn, hours string) string {
	from, to, _ := strings.Cut(hours, "-")
	if from == to {
		return t.T.Label("reminding.no_quiet")
	}
	return from + "–" + to
}

// leadsLabel is «за 5 дней, в день».
func leadsLabel(t *talk.Turn, leads []int) string {
	var out []string
	for _, n := range leads {
		if n == 0 {
			out = append(out, t.T.Label("reminding.on_the_day"))
		} else {
			out = append(out, t.T.Label("reminding.before", "n", n))
		}
	}
	return strings.Join(out, ", ")
}

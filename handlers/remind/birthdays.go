package remind

import (
	"context"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// occasionLines are the lines of a digest, one for each kind of occasion.
var occasionLines = []struct {
	kind crm.ReminderKind
	key  string
}{
	{crm.RemindBirthday, "digest.birthdays"}, {crm.RemindDate, "digest.dates"}, {crm.RemindAnniversary, "digest.anniversaries"},
}

// near are the lines of what is to be remembered in the days ahead, the nearest first, one line for each kind.
func (v view) near(all []crm.Occasion) []string {
	shown := all[:min(len(all), maxLines)]
	var lines []string
	for _, l := range occasionLines {
		var who []string
		for _, o := range shown {
			if o.Kind == l.kind {
				who = append(who, v.occasion(o))
			}
		}
		if len(who) > 0 {
			lines = append(lines, v.t.HTML(l.key, "who", strings.Join(who, ", ")))
		}
	}
	if more := len(all) - len(shown); more > 0 {
		lines[len(lines)-1] += " " + v.t.HTML("remind.and_more", "n", more)
	}
	return lines
}

// occasion is «Ким (через 4 дня)», «Ким, 3 года (завтра)», «Ким: конец договора (завтра)».
func (v view) occasion(o crm.Occasion) string {
	name, until := fit.Line(o.Client.Name, maxName), v.instead(v.t.Until(o.Day, civil.DateOf(v.now)), o.Instead)
	switch o.Kind {
	case crm.RemindAnniversary:
		return v.t.Label("digest.anniversary", "name", name, "n", o.Years, "until", until)
	case crm.RemindDate:
		return v.t.Label("digest.date", "name", name, "label", fit.Line(o.Date.Label, maxName), "until", until)
	}
	return v.t.Label("digest.birthday", "name", name, "until", until)
}

// birthdayDays is how far ahead /birthdays looks.
const birthdayDays = 31

// birthdays lists birthdays, other dates and anniversaries, one page of them, each with the button that opens its small card.
func birthdays(ctx context.Context, t *talk.Turn, page int) error {
	list, err := t.Desk.Occasions(ctx, t.By, birthdayDays)
	if err != nil {
		return err
	}
	page = min(max(page, 0), max(len(list)-1, 0)/crm.ItemsPage)
	before := page * crm.ItemsPage
	end := min(before+crm.ItemsPage, len(list))
	lines := []string{t.T.HTML("birthdays.title")}
	if len(list) == 0 {
		lines = append(lines, t.T.HTML("birthdays.none"))
	}
	var open []chat.Button
	for i, o := range list[before:end] {
		no := before + i + 1
		lines = append(lines, occasionLine(t, no, o))
		open = append(open, talk.Under(pageOf("birthdays", page), occasionMatter(o).button(strconv.Itoa(no), talk.VerbDue, "")))
	}
	rows := talk.Rows(perRow, open...)
	if nav := viewOf(t).turns("birthdays", page, end < len(list)); len(nav) > 0 {
		rows = append(rows, nav)
	}
	rows = append(rows, agendaRow(t.T, "button.birthdays"))
	_, err = t.ShowOpened(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

func occasionLine(t *talk.Turn, no int, o crm.Occasion) string {
	if o.Dealt {
		o.Dealt = false
		return t.T.HTML("birthdays.dealt", "text", locales.Raw(occasionLine(t, no, o)))
	}
	day, until, name := t.T.DayMonth(o.Day), viewOf(t).instead(t.T.Until(o.Day, t.Today()), o.Instead), fit.Line(o.Client.Name, maxLine)
	switch o.Kind {
	case crm.RemindAnniversary:
		return t.T.HTML("birthdays.anniversary", "no", no, "day", day, "until", until, "name", name, "n", o.Years)
	case crm.RemindDate:
		return t.T.HTML("birthdays.date", "no", no, "day", day, "until", until, "name", name, "label", o.Date.Label)
	}
	return t.T.HTML("birthdays.line", "no", no, "day", day, "until", until, "name", name)
}

// occasionIcons stand before the name of whom an occasion is about.
var occasionIcons = map[crm.ReminderKind]string{crm.RemindBirthday: "🎂", crm.RemindDate: "📅", crm.RemindAnniversary: "🤝"}

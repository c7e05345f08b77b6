package remind

import (
	"context"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

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
		open = append(open, talk.Under(pageOf("birthdays", page), occasionButton(strconv.Itoa(no), o)))
	}
	rows := talk.Rows(perRow, open...)
	if nav := viewOf(t).turns("birthdays", page, end < len(list)); len(nav) > 0 {
		rows = append(rows, nav)
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, agendaRow(t.T))})
	return err
}

func occasionLine(t *talk.Turn, no int, o crm.Occasion) string {
	day, until, name := t.T.DayMonth(o.Day), t.T.Until(o.Day, t.Today()), fit.Line(o.Client.Name, maxLine)
	switch o.Kind {
	case crm.RemindAnniversary:
		return t.T.HTML("birthdays.anniversary", "no", no, "day", day, "until", until, "name", name, "n", o.Years)
	case crm.RemindDate:
		return t.T.HTML("birthdays.date", "no", no, "day", day, "until", until, "name", name, "label", o.Date.Label)
	}
	return t.T.HTML("birthdays.line", "no", no, "day", day, "until", until, "name", name)
}

// showOne is what the argument of a button says that opens an occasion's small card.
const showOne = "show"

// occasionButton opens the small card of an occasion.
func occasionButton(label string, o crm.Occasion) chat.Button {
	arg := showOne
	switch o.Kind {
	case crm.RemindBirthday:
		return matter{kind: aboutBirthday, id: string(o.Client.ID)}.button(label, talk.VerbDue, "")
	case crm.RemindDate:
		arg += "." + o.Date.Key()
	}
	return talk.Button(label, talk.VerbOccasion, string(o.Client.ID), arg)
}

// showOccasion shows the small card of a client's anniversary, or of the date with this key, as the reminder of it does.
func showOccasion(ctx context.Context, t *talk.Turn, c crm.Client, key string) error {
	kind := crm.RemindAnniversary
	if key != "" {
		kind = crm.RemindDate
	}
	o, ok := c.NextOccasion(kind, key, t.Today(), t.Now.Location())
	if !ok {
		return card.Show(ctx, t, c)
	}
	last, err := t.Desk.LastTouch(ctx, t.By, c.ID)
	if err != nil {
		return err
	}
	v, n := viewOf(t), crm.Notice{Kind: kind, Client: c, Occasion: o, Day: o.Day, Last: last}
	s := v.anniversary(n)
	if key != "" {
		s = v.otherDate(n)
	}
	_, err = t.ShowOpened(ctx, s)
	return err
}

package imports

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

const (
	pastPage = 8  // imports on a page, and cards on one of those that an import has made
	pastName = 22 // units of a file's name on a button
)

// past lists one's imports, so that there is a way back to each as long as it can be taken back.
func past(ctx context.Context, t *talk.Turn, page int) error {
	all, err := t.Desk.OwnImports(ctx, t.By)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("import.past_none")})
		return err
	}
	span := talk.SpanOf(page, pastPage, len(all))
	at := func(page int) talk.Data {
		return talk.Data{Verb: talk.VerbLoad, Arg: argPast + "." + strconv.Itoa(page)}
	}
	s := chat.Screen{Text: t.T.HTML("import.past", "days", crm.ImportUndoDays)}
	for _, i := range all[span.From:span.To] {
		key := "import.past_one"
		if i.State == crm.ImportUndone {
			key = "import.past_undone"
		}
		label := t.T.Label(key, "name", fit.Line(i.File.Name, pastName), "day", t.T.When(i.Begun.In(t.Now.Location()), t.Now))
		s.Buttons = append(s.Buttons, []chat.Button{talk.Under(at(span.Page), talk.Button(label, talk.VerbLoad, string(i.ID), argShow))})
	}
	s.Buttons = append(s.Buttons, span.Turns(t, func(label string, page int) chat.Button {
		return talk.Button(label, talk.VerbLoad, "", at(page).Arg)
	})...)
	_, err = t.Show(ctx, s)
	return err
}

// fresh shows the cards that an import has made, a page of them: from a row on, or those before it.
func fresh(ctx context.Context, t *talk.Turn, i crm.Import, arg string) error {
	row, before := strings.CutPrefix(arg, "-")
	n, _ := strconv.Atoi(row)
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	page, err := t.Desk.ImportedClients(ctx, t.By, i.ID, crm.ImportedQuery{Row: n, Before: before, Limit: pastPage})
	if err != nil {
		return err
	}
	earlier, later := 0, page.On // rows before which, and from which on, there are others
	switch list := page.Clients; {
	case before:
		earlier, later = page.On, n
	case n > 1 && len(list) > 0:
		earlier = list[0].Row
	case n > 1:
		earlier = n
	}
	v := viewOf(t, team, i)
	s := chat.Screen{Text: t.T.HTML("import.new", "name", fit.Line(i.File.Name, maxName), "number", v.number(i.Counts.New))}
	switch {
	case len(page.Clients) == 0 && page.On > 0:
		s.Text = t.T.HTML("import.new_on", "name", fit.Line(i.File.Name, maxName))
	case len(page.Clients) == 0:
		s.Text = t.T.HTML("import.new_none", "name", fit.Line(i.File.Name, maxName))
	}
	var turns []chat.Button
	if earlier > 0 {
		turns = append(turns, v.button("page.prev", argNew+"=-"+strconv.Itoa(earlier)))
	}
	if later > 0 {
		turns = append(turns, v.button("page.next", argNew+"="+strconv.Itoa(later)))
	}
	for _, one := range page.Clients {
		open := talk.Button(card.NameTag(one.Client.Name, card.Company(one.Client)), talk.VerbCard, string(one.Client.ID), "")
		s.Buttons = append(s.Buttons, []chat.Button{talk.Under(talk.Data{Verb: talk.VerbLoad, ID: string(i.ID), Arg: argNew + "=" + arg}, open)})
	}
	if len(turns) > 0 {
		s.Buttons = append(s.Buttons, turns)
	}
	s.Buttons = append(s.Buttons, []chat.Button{v.button("button.back", argShow)})
	_, err = t.Show(ctx, s)
	return err
}

package imports

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const (
	columnsPage = 6  // columns on one page of their list
	targetsPage = 6  // targets on one page, two in a row: of three a phone cuts the names
	maxButton   = 32 // units of a button's label that a phone shows
	maxMeaning  = 18 // … of those: what the column is taken for
	maxExample  = 60 // units of a cell that is shown
)

// columns are the screens on which a mapping is looked at and changed.
type columns struct {
	view
	mayMake bool // fields of the team's own
}

// list offers the columns, page by page.
func (c columns) list(page int) chat.Screen {
	pages := (len(c.i.Columns) + columnsPage - 1) / columnsPage
	page = max(0, min(page, pages-1))
	var buttons []chat.Button
	for n := page * columnsPage; n < min(len(c.i.Columns), (page+1)*columnsPage); n++ {
		buttons = append(buttons, talk.Button(c.label(n), talk.VerbLoad, string(c.i.ID), fmt.Sprintf("%s=%d=0", argColumn, n)))
	}
	rows := talk.Rows(1, buttons...)
	turn := []chat.Button{c.button("button.back", argShow)}
	if page > 0 {
		turn = append([]chat.Button{c.button("import.prev", fmt.Sprintf("%s=%d", argColumns, page-1))}, turn...)
	}
	if page < pages-1 {
		turn = append(turn, c.button("import.next", fmt.Sprintf("%s=%d", argColumns, page+1)))
	}
	rows = append(rows, turn)
	ok := c.button("import.ok", argCheck)
	ok.Style = chat.StyleSuccess
	rows = append(rows, []chat.Button{c.button("import.whole", argSample), ok})
	return chat.Screen{Text: c.title() + "\n" + c.t.HTML("import.which"), Buttons: rows}
}

// label is a column and what it is taken for. Where there is no room for both the heading is shortened: what matters here is the other.
func (c columns) label(n int) string {
	to := fit.Line(c.target(c.i.Columns[n].To), maxMeaning)
	room := maxButton - fit.Units(c.t.Label("import.column_label", "heading", "", "to", to))
	return c.t.Label("import.column_label", "heading", fit.Line(c.heading(n), room), "to", to)
}

// one offers what a column can be taken for.
func (c columns) one(ctx context.Context, t *talk.Turn, n, page int) (chat.Screen, error) {
	lines := []string{c.t.HTML("import.column_title", "heading", c.heading(n), "to", c.target(c.i.Columns[n].To))}
	rows, err := c.rows(ctx, t)
	if err != nil {
		return chat.Screen{}, err
	}
	for _, r := range rows {
		if n < len(r.Cells) && r.Cells[n] != "" && len(lines) <= shown {
			lines = append(lines, c.t.HTML("import.example", "value", fit.Line(r.Cells[n], maxExample)))
		}
	}
	lines[0] += c.order(c.i.Columns[n])
	targets := crm.ImportTargets(c.team)
	pages := (len(targets) + targetsPage - 1) / targetsPage
	page = max(0, min(page, pages-1))
	var buttons []chat.Button
	for _, to := range targets[page*targetsPage : min(len(targets), (page+1)*targetsPage)] {
		buttons = append(buttons, talk.Button(fit.Line(c.target(to), 20), talk.VerbLoad, string(c.i.ID), fmt.Sprintf("%s=%d=%s", argSet, n, to)))
	}
	last := []chat.Button{c.button("button.back", fmt.Sprintf("%s=%d", argColumns, n/columnsPage)),
		c.button("import_to.skip", fmt.Sprintf("%s=%d=%s", argSet, n, crm.ImportSkip))}
	if c.mayMake && c.i.Columns[n].Heading != "" {
		last = append(last, c.button("import_to.new", fmt.Sprintf("%s=%d=%s", argSet, n, crm.ImportNew)))
	}
	turn := []chat.Button{c.button("button.more", fmt.Sprintf("%s=%d=%d", argColumn, n, (page+1)%pages))}
	if c.i.Columns[n].HoldsDates(c.team) {
		turn = append(turn, c.button("import_turn."+string(c.i.Columns[n].Order), fmt.Sprintf("%s=%d", argTurn, n)))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(talk.Rows(2, buttons...), turn, last)}, nil
}

// rows reads the file's first rows again, without the headings.
func (c columns) rows(ctx context.Context, t *talk.Turn) ([]crm.ImportRow, error) {
	data, err := fetch(ctx, t.Out, c.i.File.ID)
	if err != nil {
		return nil, err
	}
	var first crm.ImportStart
	err = look(&first, data, options(c.t, c.team, t.Today()), judged)
	rows := first.Sample
	for len(rows) > 0 && rows[0].N <= c.i.Heading {
		rows = rows[1:]
	}
	return rows, err
}

// sample shows three rows as they would be taken.
func (c columns) sample(ctx context.Context, t *talk.Turn) (chat.Screen, error) {
	rows, err := c.rows(ctx, t)
	if err != nil {
		return chat.Screen{}, err
	}
	lines, err := t.Desk.ReadImport(ctx, t.By, c.i.ID, rows[:min(len(rows), shown)])
	if err != nil {
		return chat.Screen{}, err
	}
	text := []string{c.title()}
	for _, l := range lines {
		text = append(text, "", c.t.HTML("import.row", "number", c.number(l.N)))
		text = append(text, c.draft(l)...)
	}
	s := c.mapping()
	s.Text = strings.Join(text, "\n")
	if len(c.i.Columns) > 0 {
		s.Text += "\n\n" + strings.Join(c.view.columns(), "\n")
	}
	s.Buttons[len(s.Buttons)-1] = []chat.Button{c.button("button.back", argShow), c.button("button.cancel", argStop)}
	return s, nil
}

// draft is a row as it would be taken, a line a field.
func (c columns) draft(l crm.ImportLine) []string {
	p := l.Draft.Profile
	var lines []string
	add := func(icon, value string) {
		if value != "" {
			lines = append(lines, c.t.HTML("import.value", "icon", icon, "value", fit.Line(value, maxExample)))
		}
	}
	add("👤", l.Draft.Title())
	for _, ph := range p.Phones {
		value := ph.Display()
		if ph.Ext != "" {
			value += " #" + ph.Ext
		}
		add("📞", value)
	}
	for _, mail := range p.Emails {
		add("✉️", mail)
	}
	add("🏢", strings.Trim(p.Company+", "+p.Position, ", "))
	if !p.Birthday.IsZero() {
		day := c.t.Date(p.Birthday)
		if p.Birthday.Year == 0 {
			day = c.t.DayMonth(p.Birthday)
		}
		add("🎂", day)
	}
	add("🏷", strings.Join(p.Tags, ", "))
	for _, m := range p.Messengers {
		add("💬", m.Kind+": "+m.Handle)
	}
	add("📍", strings.Trim(p.City+", "+p.Address, ", "))
	for _, n := range l.Draft.Notes {
		add("📝", n.Text)
	}
	for _, problem := range l.Problems {
		lines = append(lines, c.t.HTML("import.problem", "why", c.problem(problem)))
	}
	if len(lines) > 12 {
		lines = append(lines[:12], c.t.HTML("import.more", "more", strconv.Itoa(len(lines)-12)))
	}
	return lines
}

// pressColumns answers the buttons by which the columns are looked at and changed.
func pressColumns(ctx context.Context, t *talk.Turn, i crm.Import, verb, rest string) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	head, tail, _ := strings.Cut(rest, "=")
	n, _ := strconv.Atoi(head)
	if !slices.Contains([]crm.ImportState{crm.ImportMapping, crm.ImportChecked}, i.State) {
		return show(ctx, t, i)
	}
	c := columns{view: viewOf(t, team, i), mayMake: t.Desk.MayEditTeam(ctx, t.By)}
	var s chat.Screen
	switch {
	case verb == argColumns:
		s = c.list(n)
	case verb == argSample:
		s, err = c.sample(ctx, t)
	case n < 0 || n >= len(i.Columns):
		return t.Stale(ctx)
	case verb == argColumn:
		page, _ := strconv.Atoi(tail)
		s, err = c.one(ctx, t, n, page)
	case verb == argTurn:
		if c.i, err = t.Desk.TurnDates(ctx, t.By, i.ID, n); err != nil {
			return err
		}
		s, err = c.one(ctx, t, n, 0)
	default:
		if c.i, err = t.Desk.MapColumn(ctx, t.By, i.ID, n, crm.ImportTarget(tail)); err != nil {
			return err
		}
		s = c.list(n / columnsPage)
	}
	if err != nil {
		return err
	}
	_, err = t.Show(ctx, s)
	return err
}

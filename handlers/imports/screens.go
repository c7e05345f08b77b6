package imports

import (
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// view writes what an import shows.
type view struct {
	t    *locales.Texts
	team crm.Team
	by   crm.Member // of the office: whose it is
	i    crm.Import
	now  time.Time // at the member's place
	left []string  // names of cards that the undoing has left
}

const (
	maxName     = 60 // units of a file's name
	maxHeading  = 24 // … of a heading
	mostColumns = 14 // columns that the first screen names one by one
	mostNotes   = 12 // … that go to the notes, and names of cards in a row
)

// screen is the import as it is.
func (v view) screen() chat.Screen {
	switch v.i.State {
	case crm.ImportMapping:
		return v.mapping()
	case crm.ImportChecking:
		return v.underWay("import.checking", v.stop())
	case crm.ImportChecked:
		return v.checked()
	case crm.ImportRunning, crm.ImportReporting:
		return v.underWay("import.running", v.stop())
	case crm.ImportUndoing:
		return v.underWay("import.undoing")
	case crm.ImportUndone:
		return v.undone()
	case crm.ImportFailed:
		return v.failed()
	}
	return v.done()
}

func (v view) button(key, arg string, args ...any) chat.Button {
	return talk.Button(v.t.Label(key, args...), talk.VerbLoad, string(v.i.ID), arg)
}

// number is one with its thousands apart.
func (v view) number(n int) string { return v.t.Number(int64(n)) }

func (v view) stop() chat.Button { return v.button("import.stop", argStop) }

// title is the file and how many rows it has.
func (v view) title() string {
	rows := v.t.Label("import.rows", "n", v.i.Rows)
	if v.i.More {
		rows = v.t.Label("import.rows_more", "number", v.number(v.i.Rows))
	}
	return v.t.HTML("import.file", "name", fit.Line(v.i.File.Name, maxName), "rows", rows)
}

// mapping says what each column is taken for.
func (v view) mapping() chat.Screen {
	lines := []string{v.title()}
	if !v.i.Again.IsZero() {
		lines = append(lines, v.t.HTML("import.again", "day", v.t.When(v.i.Again.In(v.now.Location()), v.now)))
	}
	if v.i.Program != "" {
		lines = append(lines, v.t.HTML("import.looks", "program", v.t.Label("import_program."+v.i.Program)))
	}
	lines = append(lines, v.columns()...)
	var made []string
	for _, c := range v.i.Own {
		if c.To == crm.ImportNew {
			made = append(made, c.Heading)
		}
	}
	if len(made) > 0 {
		lines = append(lines, v.t.HTML("import.own_fields", "list", v.some(made)))
	}
	if len(v.i.Columns) > 0 && v.i.Heading == 0 {
		lines = append(lines, v.t.HTML("import.no_heading"))
	}
	lines = append(lines, v.sheets()...)
	ok := v.button("import.check", argCheck)
	if len(v.i.Columns) > 0 {
		ok = v.button("import.ok", argCheck)
	}
	ok.Style = chat.StyleSuccess
	first := []chat.Button{ok}
	if len(v.i.Columns) > 0 {
		first = append(first, v.button("import.change", argColumns+"=0"))
	}
	last := []chat.Button{v.button("button.cancel", argStop)}
	if v.i.Rows > 0 {
		last = append([]chat.Button{v.button("import.sample", argSample, "n", min(v.i.Rows, shown))}, last...)
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{first, last}}
}

// columns are the mapping: what has a field column by column, the rest in a line each.
func (v view) columns() []string {
	var fields, notes, skipped []string
	for n, c := range v.i.Columns {
		switch c.To {
		case crm.ImportNote:
			notes = append(notes, v.heading(n))
		case crm.ImportSkip:
			skipped = append(skipped, v.heading(n))
		default:
			fields = append(fields, v.t.HTML("import.column", "heading", v.heading(n), "to", v.target(c.To))+v.order(c))
		}
	}
	var lines []string
	if more := len(fields) - mostColumns; more > 0 {
		fields = append(fields[:mostColumns], v.t.HTML("import.more", "more", more))
	}
	lines = append(lines, fields...)
	if len(notes) > 0 {
		lines = append(lines, v.t.HTML("import.to_notes", "list", v.some(notes)))
	}
	if len(skipped) > 0 {
		lines = append(lines, v.t.HTML("import.to_skip", "list", v.some(skipped)))
	}
	return lines
}

// order says which comes first in a column's dates, the day or the month: "" if that is no question.
func (v view) order(c crm.ImportColumn) string {
	if !c.HoldsDates(v.team) {
		return ""
	}
	return v.t.HTML("import_order." + string(c.Order))
}

// sheets are the book's that are not taken, and where what they hold comes back from.
func (v view) sheets() []string {
	if len(v.i.Sheets) == 0 {
		return nil
	}
	names := make([]string, len(v.i.Sheets))
	for n, name := range v.i.Sheets {
		names[n] = fit.Line(name, maxHeading)
	}
	lines := []string{v.t.HTML("import.sheets", "list", v.some(names))}
	if v.i.Program == crm.OwnProgram {
		lines = append(lines, v.t.HTML("import.own_sheets"))
		if slices.Contains(v.i.Sheets, v.t.Label("export_sheet.dates")) {
			lines = append(lines, v.t.HTML("import.own_dates"))
		}
	}
	return lines
}

func (v view) some(list []string) string {
	if more := len(list) - mostNotes; more > 0 {
		return strings.Join(list[:mostNotes], ", ") + v.t.Label("import.and_more", "more", more)
	}
	return strings.Join(list, ", ")
}

// heading is a column's own, or its number.
func (v view) heading(n int) string {
	if h := fit.Line(v.i.Columns[n].Heading, maxHeading); h != "" {
		return h
	}
	return v.t.Label("import.nth", "number", v.number(n+1))
}

// target is what a column is taken for.
func (v view) target(to crm.ImportTarget) string {
	key := "import_to." + strings.TrimPrefix(string(to), "at.")
	if v.t.Has(key) {
		return v.t.Label(key)
	}
	return strings.ToLower(card.Label(v.t, v.team, crm.Field(to)))
}

// underWay is a bar that grows.
func (v view) underWay(key string, buttons ...chat.Button) chat.Screen {
	share := v.i.Share()
	if v.i.State == crm.ImportUndoing {
		share = 100 - min(100, v.i.Cursor*100/max(v.i.Reach, v.i.Cursor, 1))
	}
	text := v.t.HTML(key, "bar", talk.Bar(share, 100), "percent", share)
	if v.i.Rows == 0 || v.i.More {
		text = v.t.HTML(key+"_some", "rows", v.t.Label("import.rows", "n", v.i.Done()))
	}
	s := chat.Screen{Text: text}
	if len(buttons) > 0 {
		s.Buttons = [][]chat.Button{buttons}
	}
	return s
}

// checked is what would come of it, and what to do with those that are there.
func (v view) checked() chat.Screen {
	c := v.i.Counts
	lines := []string{v.title(), v.t.HTML("import.checked", "fresh", v.number(c.New))}
	add := func(key string, n int) {
		if n > 0 {
			lines = append(lines, v.t.HTML(key, "number", v.number(n)))
		}
	}
	add("import.in_bin", c.InBin)
	add("import.known", c.Changed)
	add("import.maybe", c.Maybe)
	if c.Maybe > 0 {
		lines = append(lines, v.t.HTML("import_likely_does."+string(v.i.LikelyAs())))
	}
	lines = append(lines, v.unknown("import.strangers", v.i.Strangers)...)
	lines = append(lines, v.unknown("import.doers", v.i.Doers)...)
	add("import.double", c.Double)
	if c.Double > 0 {
		lines = append(lines, v.t.HTML("import_double_does."+v.repeats()))
	}
	add("import.wrong", c.Refused)
	lines = append(append(lines, v.someReasons(someReasons)...), v.sheets()...)
	last := []chat.Button{v.button("button.back", argColumns+"=0"), v.button("button.cancel", argStop)}
	if len(v.i.Columns) == 0 {
		last = last[1:]
	}
	asked, rows := v.question()
	lines = append(lines, asked...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(append(rows, v.refused(someReasons)...), last)}
}

// question asks what to do with those that are there, as far as there is a choice; where there is none the rows are simply taken.
func (v view) question() (lines []string, rows [][]chat.Button) {
	c, choices := v.i.Counts, v.i.Choices()
	if c.New+c.Changed+c.Maybe+c.Double+v.i.Several() == 0 {
		return []string{"", v.t.HTML("import.nothing")}, nil
	}
	if v.i.Several() > 0 {
		lines = append(lines, v.t.HTML("import.several"))
	}
	var more [][]chat.Button
	rows = v.likely()
	if slices.Contains(choices, crm.ImportFill) {
		rows, more = nil, v.toLikely() // a screen asks one thing
		key := "import.policy"
		if c.Changed == 0 {
			key = "import.policy_same"
		}
		lines = append(lines, "", v.t.HTML(key))
	} else if n := v.i.Makes(); n > 0 {
		run := v.button("import.run", argRun+"="+string(crm.ImportFill), "number", v.number(n))
		run.Style = chat.StyleSuccess
		rows = append(rows, []chat.Button{run})
	} else {
		choices = []crm.ImportPolicy{crm.ImportAsk} // about all that there are
	}
	var policies []chat.Button
	for _, p := range choices {
		policies = append(policies, v.button("import_policy."+string(p), argRun+"="+string(p)))
	}
	return lines, append(append(rows, talk.Rows(2, policies...)...), more...)
}

// repeats is what becomes of rows whose client is in an earlier one: the same as of those that match a card, if that is asked.
func (v view) repeats() string {
	if slices.Contains(v.i.Choices(), crm.ImportFill) {
		return "alike"
	}
	return "fill"
}

// likely offers what to do with rows that are only like a card, if there are any.
func (v view) likely() [][]chat.Button {
	if v.i.Counts.Maybe == 0 {
		return nil
	}
	var row []chat.Button
	for _, p := range crm.ImportLikely {
		b := v.button("import_likely."+string(p), argLikely+"="+string(p))
		if p == v.i.LikelyAs() {
			b.Text = v.t.Label("import.chosen", "what", b.Text)
		}
		row = append(row, b)
	}
	return [][]chat.Button{row}
}

// toLikely leads to the question what to do with them, and says how it stands.
func (v view) toLikely() [][]chat.Button {
	if v.i.Counts.Maybe == 0 {
		return nil
	}
	as := strings.ToLower(v.t.Label("import_likely." + string(v.i.LikelyAs())))
	return [][]chat.Button{{v.button("import.to_likely", argLikely, "what", as)}}
}

// askLikely asks it alone.
func (v view) askLikely() chat.Screen {
	text := v.title() + "\n" + v.t.HTML("import.maybe", "number", v.number(v.i.Counts.Maybe)) + "\n" + v.t.HTML("import_likely_does."+string(v.i.LikelyAs())) + "\n\n" + v.t.HTML("import.likely_ask")
	return chat.Screen{Text: text, Buttons: append(v.likely(), []chat.Button{v.button("button.back", argShow)})}
}

// done is what came of it.
func (v view) done() chat.Screen {
	c := v.i.Counts
	key, refused := "import.done", "import.refused"
	if v.i.State == crm.ImportCancelled { // perhaps nobody was at work who could send the file
		if key, refused = "import.cancelled", "import.refused_some"; v.i.Begun.IsZero() {
			return chat.Screen{Text: v.t.HTML("import.dropped")}
		}
	}
	lines := []string{v.t.HTML(key, "fresh", v.number(c.New))}
	if c.Maybe > 0 && v.i.LikelyAs() == crm.ImportAdd {
		lines = append(lines, v.t.HTML("import.likely", "number", v.number(c.Maybe)))
	}
	lines = append(lines, v.parts([]part{{"import.asked", c.Asked}, {"import.filled", c.Changed - c.Replaced}, {"import.replaced", c.Replaced},
		{"import.same", c.Same}, {"import.passed", c.Passed}, {refused, c.Refused}})...)
	lines = append(lines, v.someReasons(doneReasons)...)
	lines = append(lines, v.unknown("import.strangers_yours", v.i.Strangers)...)
	lines = append(lines, v.unknown("import.doers_yours", v.i.Doers)...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: v.ended()}
}

// unknown names those whom the file knows and the team does not.
func (v view) unknown(key string, list []string) []string {
	if len(list) == 0 {
		return nil
	}
	names := make([]string, len(list))
	for n, name := range list {
		names[n] = fit.Line(name, maxHeading)
	}
	return []string{v.t.HTML(key, "list", v.some(names))}
}

// part is how many rows or cards the same became of.
type part struct {
	key string
	n   int
}

// parts are those that there are any of, a line each.
func (v view) parts(all []part) []string {
	var lines []string
	for _, p := range all {
		if p.n > 0 {
			lines = append(lines, v.t.HTML(p.key, "number", v.number(p.n)))
		}
	}
	return lines
}

// failed says why it could not go on, and what was taken before.
func (v view) failed() chat.Screen {
	why := "error.invalid." + v.i.Problem
	if !v.t.Has(why) {
		why = "import.failed_other"
	}
	lines := []string{v.t.HTML("import.failed"), v.t.HTML(why)}
	if n := v.i.Counts.New + v.i.Counts.Changed; n > 0 {
		lines = append(lines, v.t.HTML("import.failed_taken", "number", v.number(n)))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: v.ended()}
}

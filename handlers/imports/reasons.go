package imports

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// How many reasons a screen names.
const (
	someReasons = 3  // why rows will not be taken, beside what to do with the others
	doneReasons = 5  // why they were not taken
	mostReasons = 40 // on a screen of their own
)

// refused leads to what will not be taken, or was not: the file of the rows, and all the reasons where a screen names only some.
func (v view) refused(named int) [][]chat.Button {
	if v.i.Counts.Refused == 0 {
		return nil
	}
	row := []chat.Button{v.button("import.refused_file", argRefused)}
	if len(v.i.Reasons()) > named {
		row = append(row, v.button("import.all_reasons", argReasons))
	}
	return [][]chat.Button{row}
}

// why are all the reasons.
func (v view) why() chat.Screen {
	lines := append([]string{v.title(), v.t.HTML("import.wrong_all", "number", v.number(v.i.Counts.Refused))}, v.someReasons(mostReasons)...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{
		{v.button("button.back", argShow), v.button("import.refused_file", argRefused)}}}
}

// someReasons are the most frequent, and how many more there are.
func (v view) someReasons(most int) []string {
	lines := v.reasons(most)
	if more := len(v.i.Reasons()) - most; more > 0 {
		lines = append(lines, v.t.HTML("import.more_reasons", "more", v.number(more)))
	}
	return lines
}

// reasons are why rows are not taken, the most frequent first.
func (v view) reasons(most int) []string {
	var lines []string
	list := v.i.Reasons()
	for _, r := range list[:min(len(list), most)] {
		lines = append(lines, v.t.HTML("import.reason", "why", v.problem(r.ImportProblem), "number", v.number(r.Rows)))
	}
	return lines
}

// problem says why a row is not taken.
func (v view) problem(p crm.ImportProblem) string {
	text := v.t.Label("import_problem." + p.What)
	if p.Column < 0 || p.Column >= len(v.i.Columns) {
		return text
	}
	return v.t.Label("import.of_column", "heading", v.heading(p.Column), "what", text)
}

// showReasons shows why rows are not taken, all of it.
func showReasons(ctx context.Context, t *talk.Turn, i crm.Import) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	if i.Counts.Refused == 0 {
		return show(ctx, t, i)
	}
	_, err = t.Show(ctx, viewOf(t, team, i).why())
	return err
}

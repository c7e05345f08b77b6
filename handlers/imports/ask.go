package imports

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// ask shows the next row whose client seems to be there, beside the card; when there is none, what came of the import.
func ask(ctx context.Context, t *talk.Turn, i crm.Import) error {
	n := i.Asked.First()
	if n == 0 {
		return show(ctx, t, i)
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	v := viewOf(t, team, i)
	row, err := rowOf(ctx, t.Out, v, n)
	if err != nil {
		return err
	}
	a, err := t.Desk.AskedImport(ctx, t.By, i.ID, row)
	if err != nil {
		return err
	}
	c := columns{view: v}
	lines := []string{t.T.HTML("import.ask", "row", v.number(n), "left", v.number(i.Counts.Asked))}
	lines = append(lines, c.draft(a.ImportLine)...)
	if a.Found {
		why := "import.ask_name"
		if a.Certain {
			why = "import.ask_key"
		}
		lines = append(lines, "", t.T.HTML(why))
		lines = append(lines, c.draft(crm.ImportLine{Draft: crm.Draft{Profile: a.Card.Profile}})...)
	}
	b := func(p crm.ImportPolicy) chat.Button {
		return v.button("import_judge."+string(p), argJudge+"="+strconv.Itoa(n)+"="+string(p))
	}
	rows := [][]chat.Button{{b(crm.ImportFill), b(crm.ImportOverwrite)}, {b(crm.ImportAdd), b(crm.ImportPass)}}
	if a.Found {
		rows = append(rows, []chat.Button{talk.Button(fit.Line(a.Card.Name, 30), talk.VerbCard, string(a.Card.ID), "")})
	}
	rows = append(rows, []chat.Button{v.button("button.back", argShow)})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// judge takes a row as the member says, and shows the next one.
func judge(ctx context.Context, t *talk.Turn, i crm.Import, arg string) error {
	at, policy, _ := strings.Cut(arg, "=")
	n, err := strconv.Atoi(at)
	if err != nil || !i.Asked.Has(n) {
		return ask(ctx, t, i) // judged already, on this screen or another
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	row, err := rowOf(ctx, t.Out, viewOf(t, team, i), n)
	if err != nil {
		return err
	}
	i, err = t.Desk.JudgeImport(ctx, t.By, i.ID, row, crm.ImportPolicy(policy))
	if err != nil {
		return err
	}
	return ask(ctx, t, i)
}

// rowOf reads one row of the file again.
func rowOf(ctx context.Context, out chat.Messenger, v view, n int) (crm.ImportRow, error) {
	rows, err := open(ctx, out, v)
	if err != nil {
		return crm.ImportRow{}, err
	}
	defer func() { _ = rows.Close() }()
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) || err == nil && row.N > n {
			return row, &crm.Error{Kind: crm.ErrInvalid, Field: "import.gone"}
		}
		if err != nil || row.N == n {
			return row, err
		}
	}
}

package imports

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// ask shows the next row whose client seems to be there, beside the card, or all the cards that it may be about until one of them is
// chosen; when there is none, what came of the import.
func ask(ctx context.Context, t *talk.Turn, i crm.Import, of crm.ClientID) error {
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
	at := slices.IndexFunc(a.Cards, func(c crm.Client) bool { return c.ID == of })
	if len(a.Cards) > 1 && at < 0 {
		return askWhich(ctx, t, v, n, a)
	}
	if len(a.Cards) == 0 {
		return askGone(ctx, t, v, n, a)
	}
	lines := v.asked(n, a)
	card := crm.ClientID("")
	one := a.Cards[max(at, 0)]
	if lines = append(lines, "", v.askedWhy(a)); at >= 0 {
		card = of
	}
	lines = append(lines, columns{view: v}.draft(crm.ImportLine{Draft: crm.Draft{Profile: one.Profile}})...)
	b := func(p crm.ImportPolicy) chat.Button { return v.judge(n, p, card) }
	rows := [][]chat.Button{{b(crm.ImportFill), b(crm.ImportOverwrite)}, {b(crm.ImportAdd), b(crm.ImportPass)}, {v.open(one)}}
	back := v.button("button.back", argShow)
	if card != "" {
		back = v.button("import.others", argAsk)
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, []chat.Button{back})})
	return err
}

// open opens a card that a row may be about, from the row.
func (v view) open(c crm.Client) chat.Button {
	return talk.Under(talk.Data{Verb: talk.VerbLoad, ID: string(v.i.ID), Arg: argAsk}, talk.Button(fit.Line(c.Name, 30), talk.VerbCard, string(c.ID), ""))
}

// askGone shows a row whose card is there no more: in the bin, where it can be taken out again, or nowhere that the member sees.
func askGone(ctx context.Context, t *talk.Turn, v view, n int, a crm.AskedLine) error {
	lines := append(v.asked(n, a), "", t.T.HTML("import.ask_gone"))
	rows := [][]chat.Button{{v.judge(n, crm.ImportAdd, ""), v.judge(n, crm.ImportPass, "")}}
	binned, err := t.Desk.Binned(ctx, t.By, a.Draft.Profile)
	if err != nil {
		return err
	}
	names := t.MemberNames(ctx)
	for _, b := range binned[:min(len(binned), mostFit)] {
		owner, name := cmp.Or(names[b.Client.Owner], t.T.Label("member.gone")), fit.Line(b.Client.Name, maxName)
		switch {
		case !b.Visible:
			lines = append(lines, t.T.HTML("draft.binned_elsewhere", "owner", owner))
		case !t.Desk.May(ctx, t.By, crm.ActionRestoreClient, b.Client):
			lines = append(lines, t.T.HTML("draft.binned", "name", name, "owner", owner))
		default:
			lines = append(lines, t.T.HTML("import.ask_binned", "name", name))
			rows = append(rows, []chat.Button{v.open(b.Client)})
		}
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, []chat.Button{v.button("button.back", argShow)})})
	return err
}

// mostFit is how many cards are offered for a row that fits several.
const mostFit = 6

// askWhich shows all the cards that a row may be about, to choose one.
func askWhich(ctx context.Context, t *talk.Turn, v view, n int, a crm.AskedLine) error {
	lines := append(v.asked(n, a), "", v.askedWhy(a))
	var cards []chat.Button
	for i, one := range a.Cards[:min(len(a.Cards), mostFit)] {
		said := columns{view: v}.draft(crm.ImportLine{Draft: crm.Draft{Profile: one.Profile}})
		lines = append(lines, "", t.T.HTML("import.fits", "no", i+1))
		lines = append(lines, said[:min(len(said), 4)]...)
		cards = append(cards, talk.Button(t.T.Label("import.this", "no", i+1, "name", fit.Line(one.Name, maxHeading)), talk.VerbLoad, string(v.i.ID),
			argAsk+"="+string(one.ID)))
	}
	if more := len(a.Cards) - mostFit; more > 0 {
		lines = append(lines, "", t.T.HTML("import.more", "more", v.number(more)))
	}
	rows := append(talk.Rows(2, cards...), []chat.Button{v.judge(n, crm.ImportAdd, ""), v.judge(n, crm.ImportPass, "")},
		[]chat.Button{v.button("button.back", argShow)})
	_, err := t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// asked is the row itself.
func (v view) asked(n int, a crm.AskedLine) []string {
	return append([]string{v.t.HTML("import.ask", "row", v.number(n), "left", v.number(v.i.Counts.Asked))}, columns{view: v}.draft(a.ImportLine)...)
}

func (v view) askedWhy(a crm.AskedLine) string {
	if a.Certain {
		return v.t.HTML("import.ask_key")
	}
	return v.t.HTML("import.ask_name")
}

// judge says what is to become of a row; card names one of several.
func (v view) judge(n int, p crm.ImportPolicy, card crm.ClientID) chat.Button {
	arg := argJudge + "=" + strconv.Itoa(n) + "=" + string(p)
	if card != "" {
		arg += "=" + string(card)
	}
	return v.button("import_judge."+string(p), arg)
}

// judge takes a row as the member says, and shows the next one.
func judge(ctx context.Context, t *talk.Turn, i crm.Import, arg string) error {
	at, rest, _ := strings.Cut(arg, "=")
	policy, card, _ := strings.Cut(rest, "=")
	n, err := strconv.Atoi(at)
	if err != nil || !i.Asked.Has(n) {
		return ask(ctx, t, i, "") // judged already, on this screen or another
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	row, err := rowOf(ctx, t.Out, viewOf(t, team, i), n)
	if err != nil {
		return err
	}
	judged, err := t.Desk.JudgeImport(ctx, t.By, i.ID, crm.Judgement{Row: row, Policy: crm.ImportPolicy(policy), Card: crm.ClientID(card)})
	if errors.Is(err, crm.ErrConflict) { // the card is another by now
		return ask(ctx, t, i, "")
	}
	if err != nil {
		return err
	}
	return ask(ctx, t, judged, "")
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

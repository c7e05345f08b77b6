package clean

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
	maxPhones = 3
	maxChoice = 20 // units of a value on a button: two stand in a row
	maxTakers = 6  // colleagues that are offered: three rows of two
)

// screen is a card of the round: whose it is, what it lacks, and what can be done about it with one tap.
func (r *round) screen(ctx context.Context, t *talk.Turn, one crm.CleanCard, said string) (chat.Screen, error) {
	r.Need, r.Choices = one.Needs, one.Choices
	lines := r.said(said)
	if r.Saved {
		lines = append(lines, t.T.HTML("clean.saved"))
	} else {
		no, all := r.place()
		lines = append(lines, t.T.HTML("clean.place", "no", no, "all", all))
	}
	lines = append(append(lines, about(t, one.Client)...), "", r.ask(t, one))
	choices, err := r.choices(ctx, t, one)
	if err != nil {
		return chat.Screen{}, err
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(choices, r.ways(t, one)...)}, nil
}

// about is enough of a client to know them by.
func about(t *talk.Turn, c crm.Client) []string {
	name := c.Name
	if company := card.Company(c); company != "" {
		name += " · " + company
	}
	lines := []string{t.T.HTML("remind.client", "name", name)}
	for _, p := range c.Phones[:min(len(c.Phones), maxPhones)] {
		lines = append(lines, t.T.HTML("card.phone", "phone", p.Display()))
	}
	if len(c.Emails) > 0 {
		lines = append(lines, t.T.HTML("card.email", "email", c.Emails[0]))
	}
	if c.LastNote != "" {
		lines = append(lines, t.T.HTML("remind.note", "text", fit.Lines(c.LastNote, 120)))
	}
	return lines
}

// ask says what is to be mended.
func (r *round) ask(t *talk.Turn, one crm.CleanCard) string {
	switch one.Needs {
	case "":
		return t.T.HTML("clean.well")
	case crm.PartSilent:
		return t.T.HTML("clean_ask.silent", "ago", t.T.Ago(one.Client.SilentSince().In(t.Now.Location()), t.Now))
	case crm.PartStaleData:
		return t.T.HTML("clean_ask.red", "ago", t.T.Ago(one.Client.Confirmed.In(t.Now.Location()), t.Now))
	}
	if one.Own.ID != "" {
		return t.T.HTML("clean_ask_own."+string(one.Own.Kind), "name", one.Own.Name)
	}
	return t.T.HTML("clean_ask." + string(one.Needs))
}

// choices are the values that can be put with one tap.
func (r *round) choices(ctx context.Context, t *talk.Turn, one crm.CleanCard) ([][]chat.Button, error) {
	var out []chat.Button
	set := func(label, value string) {
		out = append(out, talk.Button(label, talk.VerbClean, string(one.Client.ID), doSet+"."+string(one.Needs)+"."+value))
	}
	switch one.Needs {
	case crm.PartEarly:
		for _, s := range crm.LiveStages {
			set(t.T.Label("stage."+string(s)), string(s))
		}
	case crm.PartUnmanaged:
		takers, err := t.Desk.Takers(ctx, t.By, crm.ActionTendClients, one.Client.Owner)
		if err != nil {
			return nil, err
		}
		for _, m := range takers[:min(len(takers), maxTakers)] {
			set(fit.Line(m.Name, maxName), string(m.ID))
		}
	case crm.PartOf(crm.GapWrong):
		set(t.T.Label("clean.drop_phone"), "")
	}
	for i, v := range one.Choices {
		set(fit.Line(v, maxChoice), strconv.Itoa(i))
	}
	return talk.Rows(2, out...), nil
}

// ways are what else can be done with the card, and the ways through the round.
func (r *round) ways(t *talk.Turn, one crm.CleanCard) [][]chat.Button {
	id := string(one.Client.ID)
	b := func(key, do string) chat.Button { return talk.Button(t.T.Label(key), talk.VerbClean, id, do) }
	open := talk.Under(talk.Data{Verb: talk.VerbClean, ID: id, Arg: doHere}, talk.Button(t.T.Label("button.card"), talk.VerbCard, id, ""))
	if r.Saved {
		return [][]chat.Button{append(r.turns(t, b, nil), b(r.passing(), doStop))}
	}
	if one.Needs == "" {
		return compact(r.turns(t, b, []chat.Button{b(r.passing(), doSkip), open}))
	}
	last := r.turns(t, b, nil)
	if valid := confirms(one.Needs); valid != "" {
		return [][]chat.Button{
			{b(r.passing(), doSkip), b(valid, doValid)},
			{open, b("button.archive", doArchive)},
			append(last, b("clean.stop", doStop)),
		}
	}
	return [][]chat.Button{
		{b(r.passing(), doSkip), b("button.archive", doArchive)},
		append(last, open, b("clean.stop", doStop)),
	}
}

// confirms is the key of the button that says that a card is right as it is, which makes its data fresh; "" if one of the choices says so.
// What it lacks it goes on lacking.
func confirms(need crm.QualityPart) string {
	switch need {
	case crm.PartEarly, crm.PartUnmanaged:
		return ""
	case crm.PartStaleData:
		return "clean.valid"
	case crm.PartSilent:
		return "clean.keep"
	}
	return "clean.rest"
}

// sayings are what is said when such a button was pressed.
var sayings = map[string]string{"": "clean.said_valid", "clean.valid": "clean.said_valid", "clean.keep": "clean.said_kept", "clean.rest": "clean.said_rest"}

// turns are these buttons behind the one that takes back what was done last, or else goes back to the card before, where there is one.
func (r *round) turns(t *talk.Turn, b func(key, do string) chat.Button, rest []chat.Button) []chat.Button {
	switch {
	case r.Undo != nil:
		return append([]chat.Button{r.undoButton(t)}, rest...)
	case r.At > 0:
		return append([]chat.Button{b("button.back", doBack)}, rest...)
	}
	return rest
}

// openSaved shows the card for which what is required was asked, with the way back of what was answered last.
func (r *round) openSaved(ctx context.Context, t *talk.Turn) error {
	if r.Undo == nil {
		return card.Open(ctx, t, r.Cards[0])
	}
	c, err := t.Desk.Client(ctx, t.By, r.Cards[0])
	if err != nil {
		return err
	}
	return card.ShowChanged(ctx, t, c)
}

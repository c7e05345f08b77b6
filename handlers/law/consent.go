package law

import (
	"context"
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What a button of the consents asks for, before the dot; behind it stands the purpose, and the way in which it was given.
const (
	give     = "give"
	withdraw = "off"
	undoOff  = "on" // it was not withdrawn after all; behind it stands the consent
)

// registerConsents adds what a client has consented to.
func registerConsents(r *talk.Router) {
	r.Press(talk.VerbConsent, consent)
	r.Form(formConsent, talk.Form{Question: true, Answer: answerConsent, Press: pressConsent, Cancel: leaveConsent, Show: showConsent})
}

func consent(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.ClientID(d.ID)
	what, rest, _ := strings.Cut(d.Arg, ".")
	purpose, way, chosen := strings.Cut(rest, ".")
	p := crm.Purpose(purpose)
	switch what {
	case "":
		return consents(ctx, t, id, "")
	case undoOff:
		if err := t.Desk.ReturnConsent(ctx, t.By, id, crm.ConsentID(rest)); err != nil {
			return err
		}
		return consents(ctx, t, id, "")
	}
	if !slices.Contains(crm.Purposes, p) {
		return t.Stale(ctx)
	}
	switch what {
	case give:
		if !chosen {
			return askWay(ctx, t, id, p)
		}
		return openConsent(ctx, t, map[string]string{"client": string(id), "purpose": purpose, "way": way})
	case withdraw:
		return openConsent(ctx, t, map[string]string{"client": string(id), "purpose": purpose})
	}
	return t.Stale(ctx)
}

// consents shows what a client has consented to, and what may be done about it: that one was just withdrawn can be taken back.
func consents(ctx context.Context, t *talk.Turn, id crm.ClientID, withdrawn crm.ConsentID) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	list, err := t.Desk.Consents(ctx, t.By, id)
	if err != nil {
		return err
	}
	lines := []string{t.T.HTML("consent.title", "name", c.Name)}
	var rows [][]chat.Button
	may, names := t.Desk.May(ctx, t.By, crm.ActionEditClient, c), t.MemberNames(ctx)
	for _, p := range crm.Purposes {
		last := newest(list, p)
		lines = append(lines, standing(t, names, p, last))
		key, what := "consent.give", give
		if last.ID != "" && last.Withdrawn.IsZero() {
			key, what = "consent.withdraw", withdraw
		}
		if may {
			rows = append(rows, []chat.Button{button(t, id, t.T.Label(key, "what", t.T.Small("purpose."+string(p))), what+"."+string(p))})
		}
	}
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbLaw, string(id), "")}
	if withdrawn != "" {
		last = append(last, button(t, id, t.T.Label("button.undo"), undoOff+"."+string(withdrawn)))
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, last)})
	return err
}

// newest is the consent to a purpose that holds, else the one that was given last; the zero one if there is none.
func newest(list []crm.Consent, p crm.Purpose) (last crm.Consent) {
	for _, one := range list {
		if one.Purpose == p && (last.ID == "" || !last.Withdrawn.IsZero()) {
			last = one
		}
	}
	return last
}

func button(t *talk.Turn, id crm.ClientID, label, arg string) chat.Button {
	return talk.Button(label, talk.VerbConsent, string(id), arg)
}

// standing is one purpose in a few lines: since when and until when it was allowed, who wrote that down, and on what grounds; or that
// it was never asked for.
func standing(t *talk.Turn, names map[crm.MemberID]string, p crm.Purpose, c crm.Consent) string {
	what := t.T.Label("purpose." + string(p))
	day := func(at time.Time) string { return t.T.Date(civil.DateOf(at.In(t.Now.Location()))) }
	if c.ID == "" {
		return t.T.HTML("consent.none", "what", what)
	}
	line := t.T.HTML("consent.given", "what", what, "day", day(c.Given), "way", t.T.Label("consent_way."+string(c.Way)))
	if !c.Withdrawn.IsZero() {
		line = t.T.HTML("consent.withdrawn", "what", what, "from", day(c.Given), "day", day(c.Withdrawn), "way", t.T.Label("consent_way."+string(c.Way)))
	}
	if c.Text > 0 {
		line += ", " + t.T.HTML("consent.text", "no", c.Text)
	}
	if c.Evidence != "" {
		line += "\n" + t.T.HTML("consent.evidence", "text", c.Evidence)
	}
	by, off := names[c.By], names[c.WithdrawnBy]
	switch {
	case off != "" && by != "" && off != by:
		line += "\n" + t.T.HTML("consent.noted_both", "by", by, "off", off)
	case by != "":
		line += "\n" + t.T.HTML("consent.noted", "by", by)
	}
	return line
}

// askWay asks how the consent was given.
func askWay(ctx context.Context, t *talk.Turn, id crm.ClientID, p crm.Purpose) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	var ways []chat.Button
	for _, way := range crm.ConsentWays {
		ways = append(ways, button(t, id, t.T.Label("consent_way."+string(way)), give+"."+string(p)+"."+string(way)))
	}
	rows := append(talk.Rows(2, ways...), []chat.Button{button(t, id, t.T.Label("button.back"), "")})
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("consent.ask_way", "name", c.Name, "what", t.T.Small("purpose."+string(p))), Buttons: rows})
	return err
}

package law

import (
	"context"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What a button of the consents asks for, before the dot; behind it stands the purpose, and the way in which it was given.
const (
	give     = "give"
	withdraw = "off"
)

const formEvidence = "evidence"

// registerConsents adds what a client has consented to.
func registerConsents(r *talk.Router) {
	r.Press(talk.VerbConsent, consent)
	r.Form(formEvidence, talk.Form{Question: true, Answer: takeEvidence, Press: pressEvidence, Cancel: leaveEvidence, Show: showEvidence})
}

func consent(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.ClientID(d.ID)
	what, rest, _ := strings.Cut(d.Arg, ".")
	purpose, way, chosen := strings.Cut(rest, ".")
	p := crm.Purpose(purpose)
	if what != "" && !slices.Contains(crm.Purposes, p) {
		return t.Stale(ctx)
	}
	var err error
	switch what {
	case "":
	case give:
		if !chosen {
			return askWay(ctx, t, id, p)
		}
		return askEvidence(ctx, t, id, p, crm.ConsentWay(way))
	case withdraw:
		err = t.Desk.WithdrawConsent(ctx, t.By, id, p)
	default:
		return t.Stale(ctx)
	}
	if err != nil {
		return err
	}
	return consents(ctx, t, id)
}

// consents shows what a client has consented to, and what may be done about it.
func consents(ctx context.Context, t *talk.Turn, id crm.ClientID) error {
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
	may := t.Desk.May(ctx, t.By, crm.ActionEditClient, c)
	for _, p := range crm.Purposes {
		var last crm.Consent // the newest
		for _, one := range list {
			if one.Purpose == p {
				last = one
			}
		}
		lines = append(lines, standing(t, p, last))
		key, what := "consent.give", give
		if last.ID != "" && last.Withdrawn.IsZero() {
			key, what = "consent.withdraw", withdraw
		}
		if may {
			rows = append(rows, []chat.Button{button(t, id, t.T.Label(key, "what", t.T.Small("purpose."+string(p))), what+"."+string(p))})
		}
	}
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbLaw, string(id), "")})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

func button(t *talk.Turn, id crm.ClientID, label, arg string) chat.Button {
	return talk.Button(label, talk.VerbConsent, string(id), arg)
}

// standing is one purpose in a line: given, withdrawn, or never asked for.
func standing(t *talk.Turn, p crm.Purpose, c crm.Consent) string {
	day := func(key string) string {
		at := c.Given
		if key == "consent.withdrawn" {
			at = c.Withdrawn
		}
		line := t.T.HTML(key, "what", t.T.Label("purpose."+string(p)), "day", t.T.Date(civil.DateOf(at.In(t.Now.Location()))), "way", t.T.Label("consent_way."+string(c.Way)))
		if c.Text > 0 {
			line += ", " + t.T.HTML("consent.text", "no", c.Text)
		}
		if c.Evidence != "" {
			line += "\n" + t.T.HTML("consent.evidence", "text", c.Evidence)
		}
		return line
	}
	switch {
	case c.ID == "":
		return t.T.HTML("consent.none", "what", t.T.Label("purpose."+string(p)))
	case c.Withdrawn.IsZero():
		return day("consent.given")
	}
	return day("consent.withdrawn")
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

// askEvidence asks where the consent can be seen. It need not be said.
func askEvidence(ctx context.Context, t *talk.Turn, id crm.ClientID, p crm.Purpose, way crm.ConsentWay) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formEvidence, Screen: t.In.Message,
		Answers: map[string]string{"client": string(id), "purpose": string(p), "way": string(way)}})
	if err != nil {
		return err
	}
	return showEvidence(ctx, t, d)
}

func showEvidence(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("consent.ask_evidence"), Buttons: [][]chat.Button{{
		talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", ""), talk.Button(t.T.Label("button.skip"), talk.VerbSkip, "", ""),
	}}})
}

func takeEvidence(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	return true, given(ctx, t, d, t.In.Text)
}

func pressEvidence(ctx context.Context, t *talk.Turn, d crm.Dialog, data talk.Data) error {
	if data.Verb == talk.VerbSkip {
		return given(ctx, t, d, "")
	}
	return leaveEvidence(ctx, t, d)
}

func leaveEvidence(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if err := t.End(ctx); err != nil {
		return err
	}
	return consents(ctx, t, crm.ClientID(d.Answers["client"]))
}

// given writes the consent down.
func given(ctx context.Context, t *talk.Turn, d crm.Dialog, evidence string) error {
	id := crm.ClientID(d.Answers["client"])
	in := crm.ConsentInput{Purpose: crm.Purpose(d.Answers["purpose"]), Way: crm.ConsentWay(d.Answers["way"]), Evidence: evidence}
	if _, err := t.Desk.GiveConsent(ctx, t.By, id, in); err != nil {
		return err
	}
	if err := t.End(ctx); err != nil {
		return err
	}
	return consents(ctx, t, id)
}

// Package law is the conversation about what a client may ask for by law: to see all that is known of them, to be erased, and to
// be written to only with their consent.
package law

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// Register adds the law's buttons to the conversation.
func Register(r *talk.Router) {
	r.Press(talk.VerbLaw, press)
	r.Press(talk.VerbOutdated, outdated)
	registerConsents(r)
	registerSettings(r)
}

// What a button of ours asks for.
const (
	take = "take" // all that is known, as files
	// takeFiles, with a dot and a number behind it: what is attached, from that file on.
	takeFiles = "files"
	ask       = "ask"   // note that the client wants to be erased
	keep      = "keep"  // not any more
	erase     = "erase" // ask whether one is sure
	eraseYes  = "erase!"
)

func press(ctx context.Context, t *talk.Turn, d talk.Data) error {
	what, from, _ := strings.Cut(d.Arg, ".")
	if what == eraseYes {
		return eraseNow(ctx, t, crm.ClientID(d.ID))
	}
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	switch what {
	case "":
		return menu(ctx, t, c)
	case take:
		return dossier(ctx, t, c)
	case takeFiles:
		return moreFiles(ctx, t, c, from)
	case ask:
		due := civil.DateOf(t.Now).Plus(crm.ErasureDays)
		c, err = t.Desk.AskErasure(ctx, t.By, c.ID, t.T.Label("law.task", "day", t.T.Date(due)))
	case keep:
		c, err = t.Desk.KeepClient(ctx, t.By, c.ID)
	case erase:
		return sure(ctx, t, c)
	default:
		return t.Stale(ctx)
	}
	if err != nil {
		return err
	}
	return card.ShowChanged(ctx, t, c)
}

// eraseNow erases a client. One who is erased already is said to be: the second of two presses has not failed.
func eraseNow(ctx context.Context, t *talk.Turn, id crm.ClientID) error {
	place, listed, err := t.Came(ctx, t.In.Message) // the erasure forgets it if the client was searched for
	if err != nil {
		return err
	}
	if err := t.Desk.EraseClient(ctx, t.By, id); err != nil {
		return err
	}
	if listed && place.Verb == talk.VerbOutdated {
		t.Toast(t.T.Label("law.erased"))
		return showOutdated(ctx, t)
	}
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("law.erased")})
	return err
}

// menu says what a client may ask for, and does it.
func menu(ctx context.Context, t *talk.Turn, c crm.Client) error {
	text := t.T.HTML("law.title", "name", c.Name)
	if !c.EraseBy.IsZero() {
		text += "\n\n" + card.EraseBy(t.T, c, t.Today())
	}
	b := func(key, arg string) chat.Button { return talk.Button(t.T.Label(key), talk.VerbLaw, string(c.ID), arg) }
	var rows [][]chat.Button
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("law.consents"), talk.VerbConsent, string(c.ID), "")})
	if t.Desk.May(ctx, t.By, crm.ActionTakeClient, c) {
		rows = append(rows, []chat.Button{b("law.take", take)})
	} else {
		text += "\n" + t.T.HTML("law.tell")
	}
	if t.Desk.May(ctx, t.By, crm.ActionAskErasure, c) {
		wish := b("law.ask", ask)
		if !c.EraseBy.IsZero() {
			wish = b("law.keep", keep)
		}
		rows = append(rows, []chat.Button{wish})
	}
	if t.Desk.May(ctx, t.By, crm.ActionEraseClient, c) {
		rows = append(rows, []chat.Button{danger(b("law.erase", erase))})
	}
	back := talk.VerbMore
	if !c.Deleted.IsZero() {
		back = talk.VerbCard
	}
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), back, string(c.ID), "")})
	_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

func danger(b chat.Button) chat.Button {
	b.Style = chat.StyleDanger
	return b
}

func sure(ctx context.Context, t *talk.Turn, c crm.Client) error {
	back := talk.Button(t.T.Label("button.back"), talk.VerbLaw, string(c.ID), "")
	if place, listed, err := t.Came(ctx, t.In.Message); err != nil {
		return err
	} else if listed && place.Verb == talk.VerbOutdated {
		back = talk.Back(back.Text, place)
	}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("law.sure", "name", c.Name), Buttons: [][]chat.Button{{
		back,
		danger(talk.Button(t.T.Label("law.erase_yes"), talk.VerbLaw, string(c.ID), eraseYes)),
	}}})
	return err
}

// Package find is how members find clients: plain text is a search, /clients a list with filters, /bin what was
// deleted, and "@bot text" a search in any chat.
//
// A press on a list shows it as it is now. What was asked is in the buttons (place) as long as they can hold it, since
// most searches are a word or two; else, as are the filters of a list, in the view of its message (Turn.SaveView). A
// view that has been forgotten starts anew.
package find

import (
	"context"
	"errors"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// Register adds the search and the lists to the conversation. A text that nobody else takes is a search: register
// everything that takes messages before.
func Register(r *talk.Router) {
	r.Command("find", command)
	r.Command("clients", clients)
	r.Command("bin", bin)
	r.Press(talk.VerbPage, page)
	r.Press(talk.VerbList, openList)
	r.Press(talk.VerbFilter, filter)
	registerMass(r)
	registerFunnel(r)
	registerTake(r)
	r.Inline(inline)
	r.Picked(picked)
	r.Message(plain)
}

// pageSize is how many clients one page lists: with the controls below them the screen of a phone is full.
const pageSize = 8

// The kinds of lists, as views and page buttons name them.
const (
	kindFound   = "found"   // hits of a search
	kindClients = "clients" // clients by filter
	kindBin     = "bin"     // deleted ones
)

func plain(ctx context.Context, t *talk.Turn) (bool, error) {
	text := strings.TrimSpace(t.In.Text)
	if text == "" || t.In.Forward != nil || t.In.Contact != nil || t.In.File != nil {
		return false, nil
	}
	return true, Search(ctx, t, text)
}

func command(ctx context.Context, t *talk.Turn) error {
	if text := strings.TrimSpace(t.In.Args); text != "" {
		return Search(ctx, t, text)
	}
	everything := ""
	_, err := t.Send(ctx, chat.Screen{Text: t.T.HTML("find.ask"), Buttons: [][]chat.Button{{
		{Text: t.T.Label("find.inline"), Inline: &everything},
		talk.Button(t.T.Label("find.all"), talk.VerbList, "", kindClients),
	}}})
	return err
}

// page turns the page of the list that the message shows, or opens one of its clients.
func page(ctx context.Context, t *talk.Turn, d talk.Data) error {
	p, ok := parsePlace(d)
	if !ok {
		return t.Stale(ctx)
	}
	v, ok, err := p.view(ctx, t)
	switch {
	case err != nil:
		return err
	case p.what == whatOpen:
		return openCard(ctx, t, p, v, ok)
	case ok && v.Form == kindFound:
		return showHits(ctx, t, v.Answers[answerText], p.page)
	case ok && isListing(v):
		l, err := readListing(ctx, t, v)
		if err != nil {
			return err
		}
		if p.kind == kindFound && l.Sought != "" {
			return showHits(ctx, t, l.Sought, p.page)
		}
		l.Page = p.page
		return l.show(ctx, t)
	case p.kind == kindFound:
		t.Alert(t.T.Label("find.forgotten"))
		return nil
	}
	return anew(ctx, t, p.kind)
}

// openList opens a list on the pressed message. Arg: which; "mine" is the clients too, one's own in any case.
func openList(ctx context.Context, t *talk.Turn, d talk.Data) error {
	switch d.Arg {
	case "mine":
		return (&listing{Sort: crm.SortByName}).show(ctx, t)
	case kindClients, kindBin:
		return anew(ctx, t, d.Arg)
	}
	return t.Stale(ctx)
}

// openCard shows a client of the list on the list's message, with a way back; known says that the list v is
// remembered. If the client is not there any more the list is shown as it is now.
func openCard(ctx context.Context, t *talk.Turn, p place, v crm.Dialog, known bool) error {
	c, err := t.Desk.Client(ctx, t.By, p.client)
	if errors.Is(err, crm.ErrNotFound) {
		text, _ := talk.Explain(t.T, err)
		t.Toast(text)
		switch {
		case known && v.Form == kindFound:
			return showHits(ctx, t, v.Answers[answerText], p.page)
		case known && isListing(v):
			l, err := readListing(ctx, t, v)
			if err != nil {
				return err
			}
			return l.show(ctx, t)
		}
	}
	if err != nil {
		return err
	}
	if known && (v.Form == kindFound || isListing(v)) {
		back := place{kind: v.Form, what: whatHere, page: p.page, text: p.text}
		if err := t.OpenFrom(ctx, back.data()); err != nil {
			return err
		}
	}
	return card.Show(ctx, t, c)
}

// Answers of a view.
const (
	answerText = "q"    // what was typed, whole: the search's query, and what talk.VerbAdd adds
	answerList = "list" // a listing, as JSON
)

// show shows a screen and keeps its view, so that its buttons know what they belong to. It returns the id of the message.
func show(ctx context.Context, t *talk.Turn, s chat.Screen, view crm.Dialog) (int64, error) {
	message, err := t.Show(ctx, s)
	if err != nil {
		return 0, err
	}
	old, _, err := t.View(ctx, message)
	if err != nil {
		return 0, err
	}
	view.Rev = old.Rev
	return message, t.SaveView(ctx, message, view)
}

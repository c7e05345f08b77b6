// Package find is how members find clients: plain text is a search, /clients a list with filters, /bin what was
// deleted, and "@bot text" a search in any chat.
//
// A message that shows a list has a view (Turn.SaveView) that holds what was asked and which page is shown, so that
// its buttons need to carry no more than a page's number. A press shows the list as it is now. A view that has been
// forgotten starts anew.
package find

import (
	"context"
	"errors"
	"strconv"
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
	r.Inline(inline)
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

// What a button of talk.VerbPage does besides turning the page.
const (
	argPrev = "prev"
	argNext = "next"
	argHere = "here" // come back to the list
	argOpen = "open" // open the client that the ID names
)

func plain(ctx context.Context, t *talk.Turn) (bool, error) {
	text := strings.TrimSpace(t.In.Text)
	if text == "" || t.In.Forward != nil || t.In.Contact != nil || t.In.File != nil {
		return false, nil
	}
	return true, search(ctx, t, text)
}

func command(ctx context.Context, t *talk.Turn) error {
	if text := strings.TrimSpace(t.In.Args); text != "" {
		return search(ctx, t, text)
	}
	everything := ""
	_, err := t.Send(ctx, chat.Screen{Text: t.T.HTML("find.ask"), Buttons: [][]chat.Button{{
		{Text: t.T.Label("find.inline"), Inline: &everything},
		talk.Button(t.T.Label("find.all"), talk.VerbList, "", kindClients),
	}}})
	return err
}

// page turns the page of the list that the message shows, or opens one of its clients. ID: the kind of the list and
// the number of the page, e.g. "found-2", so that a press means the same however often it is repeated.
func page(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if d.Arg == argOpen {
		return openCard(ctx, t, crm.ClientID(d.ID))
	}
	kind, number, _ := strings.Cut(d.ID, "-")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || (kind != kindFound && kind != kindClients && kind != kindBin) {
		return t.Stale(ctx)
	}
	v, ok, err := t.View(ctx, t.In.Message)
	if err != nil {
		return err
	}
	switch {
	case ok && v.Form == kindFound:
		return showHits(ctx, t, v.Answers[answerText], n)
	case ok && isListing(v):
		l := readListing(v)
		l.Page = n
		return l.show(ctx, t)
	case kind == kindFound:
		t.Alert(t.T.Label("find.forgotten"))
		return nil
	}
	return anew(ctx, t, kind)
}

// openList opens a list on the pressed message. Arg: which.
func openList(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if d.Arg != kindClients && d.Arg != kindBin {
		return t.Stale(ctx)
	}
	return anew(ctx, t, d.Arg)
}

// openCard shows a client of the list on the list's message, with a way back. If the client is not there any
// more the list is shown as it is now.
func openCard(ctx context.Context, t *talk.Turn, id crm.ClientID) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	v, ok, verr := t.View(ctx, t.In.Message)
	if verr != nil {
		return verr
	}
	if errors.Is(err, crm.ErrNotFound) {
		text, _ := talk.Explain(t.T, err)
		t.Toast(text)
		switch {
		case ok && v.Form == kindFound:
			return showHits(ctx, t, v.Answers[answerText], pageOf(v))
		case ok && isListing(v):
			return readListing(v).show(ctx, t)
		}
	}
	if err != nil {
		return err
	}
	s, err := card.Screen(ctx, t, c)
	if err != nil {
		return err
	}
	if ok && (v.Form == kindFound || isListing(v)) {
		back := talk.Button(t.T.Label("page.list"), talk.VerbPage, pageID(v.Form, pageOf(v)), argHere)
		s.Buttons = withBack(s.Buttons, back)
	}
	_, err = t.Show(ctx, s)
	return err
}

// withBack adds the way back to the last row on its left, or as a row of its own while there are less than five.
func withBack(rows [][]chat.Button, back chat.Button) [][]chat.Button {
	if len(rows) < 5 {
		return append(rows[:len(rows):len(rows)], []chat.Button{back})
	}
	out := append([][]chat.Button(nil), rows...)
	last := len(out) - 1
	out[last] = append([]chat.Button{back}, out[last]...)
	return out
}

func pageID(kind string, n int) string { return kind + "-" + strconv.Itoa(n) }

// turns are the buttons that turn pages; none if there is but one page.
func turns(t *talk.Turn, kind string, n int, more bool) [][]chat.Button {
	var row []chat.Button
	if n > 0 {
		row = append(row, talk.Button(t.T.Label("page.prev"), talk.VerbPage, pageID(kind, n-1), argPrev))
	}
	if more {
		row = append(row, talk.Button(t.T.Label("page.next"), talk.VerbPage, pageID(kind, n+1), argNext))
	}
	if row == nil {
		return nil
	}
	return [][]chat.Button{row}
}

// Answers of a view.
const (
	answerText = "text" // what was typed, whole: the search's query, and what talk.VerbAdd adds
	answerPage = "page" // the page that is shown
	answerList = "list" // a listing, as JSON
)

func pageOf(v crm.Dialog) int {
	n, err := strconv.Atoi(v.Answers[answerPage])
	if err != nil {
		return 0
	}
	return n
}

// show shows a screen and keeps its view, so that its buttons know what they belong to.
func show(ctx context.Context, t *talk.Turn, s chat.Screen, kind string, answers map[string]string) error {
	message, err := t.Show(ctx, s)
	if err != nil {
		return err
	}
	old, _, err := t.View(ctx, message)
	if err != nil {
		return err
	}
	return t.SaveView(ctx, message, crm.Dialog{Rev: old.Rev, Form: kind, Answers: answers})
}

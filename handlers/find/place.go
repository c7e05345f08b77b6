package find

import (
	"context"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What a button of talk.VerbPage does.
const (
	whatPrev = "prev"
	whatNext = "next"
	whatHere = "here" // come back to the list
	whatOpen = "open" // open the client that the ID names
)

// place is what a button of a list carries: the page to show, so that a press means the same however often it is
// repeated, or the client to open from a page. Packed it is page|<kind>|next.2=ромаш or page|<client>|open.1=ромаш.
type place struct {
	kind   string       // of the list; "" with a client
	client crm.ClientID // for whatOpen
	what   string
	page   int
	text   string // the query of a search, if it fits all buttons of the screen; else "", and the view has it
}

func (p place) data() talk.Data {
	d := talk.Data{Verb: talk.VerbPage, ID: p.kind, Arg: p.what + "." + strconv.Itoa(p.page)}
	if p.what == whatOpen {
		d.ID = string(p.client)
	}
	if p.text != "" {
		d.Arg = withText(d.Arg, p.text)
	}
	return d
}

func (p place) button(label string) chat.Button {
	d := p.data()
	return talk.Button(label, d.Verb, d.ID, d.Arg)
}

func parsePlace(d talk.Data) (place, bool) {
	do, text, whole := cutText(d.Arg)
	what, number, _ := strings.Cut(do, ".")
	n, err := strconv.Atoi(number)
	p := place{kind: d.ID, what: what, page: n, text: text}
	if err != nil || n < 0 || d.ID == "" || !whole {
		return p, false
	}
	switch what {
	case whatOpen:
		p.kind, p.client = "", crm.ClientID(d.ID)
		return p, true
	case whatPrev, whatNext, whatHere:
		return p, d.ID == kindFound || d.ID == kindClients || d.ID == kindBin
	}
	return p, false
}

// view is what is remembered of the list; ok is false if that is nothing.
func (p place) view(ctx context.Context, t *talk.Turn) (v crm.Dialog, ok bool, err error) {
	if p.text != "" {
		return crm.Dialog{Form: kindFound, Answers: map[string]string{answerText: p.text}}, true, nil
	}
	return t.View(ctx, t.In.Message)
}

// fits reports whether a button can carry the data.
func fits(d talk.Data) bool {
	got, err := talk.Parse(string(d.Verb) + "|" + d.ID + "|" + d.Arg)
	return err == nil && got == d
}

// turns are the buttons that turn pages; none if there is but one page.
func turns(t *talk.Turn, here place, more bool) [][]chat.Button {
	var row []chat.Button
	if prev := here; here.page > 0 {
		prev.what, prev.page = whatPrev, here.page-1
		row = append(row, prev.button(t.T.Label("page.prev")))
	}
	if next := here; more {
		next.what, next.page = whatNext, here.page+1
		row = append(row, next.button(t.T.Label("page.next")))
	}
	if row == nil {
		return nil
	}
	return [][]chat.Button{row}
}

package capture_test

import (
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/capture"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
	"kartoteka/handlers/history"
	"kartoteka/handlers/talk/talktest"
)

// office is one owner who writes clients down.
type office struct {
	*talktest.Kit
	*talktest.Person
	tb testing.TB
}

func newOffice(tb testing.TB) *office {
	tb.Helper()
	k := talktest.New(tb, card.Register, history.Register, capture.Register, find.Register)
	return &office{k, k.Member("Анна", crm.RoleOwner, "ru"), tb}
}

// forwarded is a message of somebody's, sent an hour ago.
func forwarded(user int64, name, text string) chat.Incoming {
	return chat.Incoming{Text: text, Forward: &chat.Forward{At: talktest.Start.Add(-time.Hour), User: user, Name: name}}
}

func contactOf(first, last, phone string, user int64) chat.Incoming {
	return chat.Incoming{Contact: &chat.Contact{First: first, Last: last, Phone: phone, User: user}}
}

func voice(id string) chat.Incoming {
	return chat.Incoming{File: &chat.File{ID: id, Unique: id, Kind: "voice"}}
}

func fileOf(id, name string) chat.Incoming {
	return chat.Incoming{File: &chat.File{ID: id, Unique: id, Kind: "document", Name: name}}
}

// clients are all the cards of the base.
func (o *office) clients() []crm.Client {
	o.tb.Helper()
	list, err := o.Desk.List(o.tb.Context(), o.By(), crm.ClientQuery{Sort: crm.SortByName, Limit: 100})
	if err != nil {
		o.tb.Fatal(err)
	}
	return list
}

// only is the one card of the base.
func (o *office) only() crm.Client {
	o.tb.Helper()
	list := o.clients()
	if len(list) != 1 {
		o.tb.Fatalf("got %d cards, want one: %+v", len(list), list)
	}
	return list[0]
}

func (o *office) history(id crm.ClientID) []crm.Touch {
	o.tb.Helper()
	list, err := o.Desk.History(o.tb.Context(), o.By(), crm.TouchQuery{Client: id, Limit: 50})
	if err != nil {
		o.tb.Fatal(err)
	}
	return list
}

// sees fails unless the screen holds every text.
func (o *office) sees(texts ...string) {
	o.tb.Helper()
	got := o.Screen().Text
	for _, want := range texts {
		if !strings.Contains(got, want) {
			o.tb.Errorf("the screen lacks %q:\n%s", want, got)
		}
	}
}

func (o *office) lacks(texts ...string) {
	o.tb.Helper()
	got := o.Screen().Text
	for _, bad := range texts {
		if strings.Contains(got, bad) {
			o.tb.Errorf("the screen holds %q:\n%s", bad, got)
		}
	}
}

// offers reports whether a button with this label is on the screen.
func (o *office) offers(label string) bool {
	for _, row := range o.Labels() {
		for _, l := range row {
			if l == label {
				return true
			}
		}
	}
	return false
}

// sent counts the new messages so far.
func (o *office) sent() int { return len(o.Out.Sent(o.User)) }

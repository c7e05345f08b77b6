package talk

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/locales"
)

// Turn is one thing that a member did, and the means to answer it.
type Turn struct {
	In   chat.Incoming
	By   crm.Actor
	T    *locales.Texts // in the member's language
	Now  time.Time      // at the member's place
	Desk *crm.Desk
	Out  chat.Messenger
	Log  *slog.Logger
	Bot  string // the bot's username, for links

	Whose string // in a group: whose the reminder is that is answered; "": nobody's

	router *Router
	toast  string
	alert  bool
	edited []int64 // messages that this turn has edited
	asking bool    // the open dialog was shown in this turn
}

// Cause names what the member did.
func CauseOf(in chat.Incoming) crm.Cause { return crm.Cause("u" + strconv.FormatInt(in.Update, 10)) }

// Today is the calendar date at the member's place.
func (t *Turn) Today() civil.Date { return civil.DateOf(t.Now) }

// Show puts a screen where the member looks: on the message whose button was pressed, else as a new message.
// It returns the id of the message that shows it.
func (t *Turn) Show(ctx context.Context, s chat.Screen) (int64, error) {
	if t.In.Press == nil || t.In.Message == 0 {
		return t.Send(ctx, s)
	}
	return t.Put(ctx, t.In.Message, s)
}

// Put edits the message, and sends a new one if it is gone.
func (t *Turn) Put(ctx context.Context, message int64, s chat.Screen) (int64, error) {
	if message == 0 || s.Ask != nil {
		return t.Send(ctx, s)
	}
	err := t.Edit(ctx, message, s)
	if errors.Is(err, chat.ErrGone) {
		return t.Send(ctx, s)
	}
	return message, err
}

// Edit edits the message; chat.ErrGone if it is not there any more.
func (t *Turn) Edit(ctx context.Context, message int64, s chat.Screen) error {
	t.edited = append(t.edited, message)
	return t.Out.Edit(ctx, t.In.Chat.ID, message, s)
}

// Retire takes the buttons off a message whose question has been answered or is asked anew below; what it says stays. That
// it fails is no reason to fail the turn: whoever presses such a button is told that it is old.
func (t *Turn) Retire(ctx context.Context, message int64) {
	if message == 0 || slices.Contains(t.edited, message) {
		return // what it shows now is of this turn
	}
	t.edited = append(t.edited, message)
	if err := t.Out.Strip(ctx, t.In.Chat.ID, message); err != nil {
		t.Log.Warn("buttons not taken off", "update", t.In.Update, "error", err)
	}
}

// Send shows a new message.
func (t *Turn) Send(ctx context.Context, s chat.Screen) (int64, error) {
	protected, err := t.Protected(ctx)
	if err != nil {
		return 0, err
	}
	s.Protected = s.Protected || protected
	return t.Out.Send(ctx, t.In.Chat.ID, s)
}

// Protected reports whether the team keeps what its members are shown from being passed on. A list that is shown is edited
// into a card, so that all messages are kept or none.
func (t *Turn) Protected(ctx context.Context) (bool, error) {
	if t.By.ID == "" {
		return false, nil
	}
	team, err := t.Desk.Team(ctx, t.By)
	return team.Protected, err
}

// Say sends a text by its key.
func (t *Turn) Say(ctx context.Context, key string, args ...any) error {
	_, err := t.Send(ctx, chat.Screen{Text: t.T.HTML(key, args...)})
	return err
}

// Toast is the short line shown over the chat when the press is answered; for a message it is sent.
func (t *Turn) Toast(text string) { t.toast = text }

// Alert is a Toast that waits for a tap.
func (t *Turn) Alert(text string) { t.toast, t.alert = text, true }

// Actor is who acts, with a cause of its own for the n-th change that one turn makes beyond the first.
func (t *Turn) Actor(n int) crm.Actor {
	by := t.By
	if n > 0 {
		by.Cause += crm.Cause("x" + strconv.Itoa(n))
	}
	return by
}

// May reports whether the member may do this at all, to decide what to offer.
func (t *Turn) May(ctx context.Context, a crm.Action) bool {
	return t.Desk.May(ctx, t.By, a, crm.Client{Owner: t.By.ID})
}

// Button makes a button that comes back to us; the label is plain text.
func Button(label string, v Verb, id, arg string) chat.Button {
	return chat.Button{Text: label, Data: Data{Verb: v, ID: id, Arg: arg}.Pack()}
}

// Link opens an address.
func Link(label, url string) chat.Button { return chat.Button{Text: label, URL: url} }

// Rows lays buttons out, so many a row.
func Rows(perRow int, buttons ...chat.Button) [][]chat.Button {
	var rows [][]chat.Button
	for len(buttons) > 0 {
		n := min(perRow, len(buttons))
		rows = append(rows, buttons[:n:n])
		buttons = buttons[n:]
	}
	return rows
}

// MemberNames maps the members of the team to their names.
func (t *Turn) MemberNames(ctx context.Context) map[crm.MemberID]string {
	names := map[crm.MemberID]string{t.By.ID: t.By.Name}
	members, err := t.Desk.Members(ctx, t.By)
	if err != nil {
		return names // a role that may not see the team still sees itself
	}
	for _, m := range members {
		names[m.ID] = m.Name
	}
	return names
}

// NoteParts are what the parts of a note on a touch are called; own reports whether the team has named them.
func (t *Turn) NoteParts(ctx context.Context) (names []string, own bool, err error) {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil || len(team.NoteParts) > 0 {
		return team.NoteParts, true, err
	}
	for _, part := range crm.NoteParts {
		names = append(names, t.T.Label("note_part."+part))
	}
	return names, false, nil
}

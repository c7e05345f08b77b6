// Package history is the conversation about what happened with a client: notes, touches, files, and reading them.
package history

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// Register adds the history's buttons, forms and replies to the conversation.
func Register(r *talk.Router) {
	r.Press(talk.VerbHistory, list)
	r.Command("history", command)
	r.Press(talk.VerbFile, sendFile)
	r.Press(talk.VerbNote, askNote)
	r.Form(formNote, talk.Form{Question: true, Answer: takeNote, Press: press, Cancel: leave, Show: showNote})
	r.Press(talk.VerbTouch, touch)
	r.Form(formTouch, talk.Form{Title: "touch.title", Question: true, Key: commentKey, Answer: comment, Press: press, Cancel: leave, Show: showTouch})
	r.Message(reply)
}

// press: the forms of this package have one button of their own, which leaves them.
func press(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
	return leave(ctx, t, d)
}

const (
	pageSize  = 5
	entryText = 600 // UTF-16 units of one entry that a page shows
)

// mark is a place in the history as a button carries it: milliseconds in base 36, a dot, the touch's id.
func mark(t crm.Touch) string { return strconv.FormatInt(t.At.UnixMilli(), 36) + "." + string(t.ID) }

func parseMark(s string) (*crm.TouchMark, bool) {
	ms, id, ok := strings.Cut(s, ".")
	at, err := strconv.ParseInt(ms, 36, 64)
	if !ok || err != nil {
		return nil, false
	}
	return &crm.TouchMark{At: time.UnixMilli(at).UTC(), ID: crm.TouchID(id)}, true
}

// command shows the history of the client whose card it answers.
func command(ctx context.Context, t *talk.Turn) error {
	id, ok := talk.ClientOf(t.In)
	if !ok {
		return t.Say(ctx, "history.which")
	}
	return list(ctx, t, talk.Data{ID: string(id)})
}

// list shows one page of a client's history, newest first. Arg: the mark after which it goes on.
func list(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	after, paged := parseMark(d.Arg)
	touches, err := t.Desk.History(ctx, t.By, crm.TouchQuery{Client: c.ID, After: after, Limit: pageSize + 1})
	if err != nil {
		return err
	}
	text := []string{t.T.HTML("history.title", "name", c.Name)}
	if len(touches) == 0 {
		text = append(text, t.T.HTML("history.empty"))
	}
	nav := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCard, d.ID, "")}
	if paged {
		nav = append(nav, talk.Button(t.T.Label("button.newest"), talk.VerbHistory, d.ID, ""))
	}
	if len(touches) > pageSize {
		touches = touches[:pageSize]
		nav = append(nav, talk.Button(t.T.Label("button.earlier"), talk.VerbHistory, d.ID, mark(touches[pageSize-1])))
	}
	names := t.MemberNames(ctx)
	var files []chat.Button
	for _, h := range touches {
		text = append(text, Entry(t, h, names))
		for i, f := range h.Files {
			label := t.T.Label("file."+f.Kind) + " " + h.At.In(t.Now.Location()).Format("02.01")
			files = append(files, talk.Button(label, talk.VerbFile, d.ID, mark(h)+"."+strconv.Itoa(i)))
		}
	}
	rows := talk.Rows(3, files[:min(len(files), 9)]...)
	rows = append(rows, []chat.Button{
		talk.Button(t.T.Label("button.touch"), talk.VerbTouch, d.ID, ""), talk.Button(t.T.Label("button.note"), talk.VerbNote, d.ID, ""),
		talk.Button(t.T.Label("button.changes"), talk.VerbChanges, d.ID, ""),
	}, nav)
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(text, "\n\n"), Buttons: rows})
	return err
}

// Entry is one entry of a history: when, what, how it ended, who, and what was said.
func Entry(t *talk.Turn, h crm.Touch, names map[crm.MemberID]string) string {
	who := names[h.By]
	if who == "" {
		who = t.T.Label("member.gone")
	}
	entry := "history.entry"
	if h.Kind == crm.TouchUndone {
		entry = "history.undone"
	}
	when := card.Whenever(t)
	what, text := told(t, h, names, when)
	head := t.T.HTML(entry, "when", when(h.At), "what", what, "who", who)
	if text != "" {
		head += "\n" + t.T.HTML("history.text", "text", fit.Text(text, entryText))
	}
	if len(h.Files) > 0 {
		head += "\n" + t.T.HTML("history.files", "n", len(h.Files))
	}
	return head
}

// told is what an entry was, with how it ended, and what was said: of a decision what it was about.
func told(t *talk.Turn, h crm.Touch, names map[crm.MemberID]string, when func(time.Time) string) (what, text string) {
	kind := h.Kind
	if kind == crm.TouchUndone {
		kind = h.Was
	}
	if kind == crm.TouchDecision {
		return card.Decided(t.T, h.Decision), card.DecidedAbout(t.T, h.Decision, names, when)
	}
	what = t.T.Label("touch." + string(kind))
	switch {
	case h.Via == "forward":
		what = t.T.Label("touch.forwarded")
	case h.Direction == crm.DirectionIn:
		what = t.T.Label("touch.in", "what", what)
	}
	if h.Outcome != crm.OutcomeNone {
		what += ", " + t.T.Small("outcome."+string(h.Outcome))
	}
	if sum := card.Sum(t.T, h.Purchase); sum != "" {
		what += ", " + sum
	}
	return what, h.Text
}

// Plain is one entry as lines of a text file.
func Plain(t *talk.Turn, h crm.Touch, names map[crm.MemberID]string) string {
	when := func(at time.Time) string { return at.In(t.Now.Location()).Format("02.01.2006 15:04") }
	what, text := told(t, h, names, when)
	if h.Kind == crm.TouchUndone {
		what = t.T.Label("history.plain_undone", "what", what)
	}
	line := when(h.At) + " · " + what
	if who := names[h.By]; who != "" {
		line += " · " + who
	}
	if text != "" {
		line += "\r\n    " + strings.ReplaceAll(text, "\n", "\r\n    ")
	}
	for _, f := range h.Files {
		line += "\r\n    " + t.T.Label("history.plain_file", "name", FileName(t, f))
	}
	return line
}

// sendFile sends a stored file again. Arg: mark of its touch, a dot, its number.
func sendFile(ctx context.Context, t *talk.Turn, d talk.Data) error {
	dot := strings.LastIndexByte(d.Arg, '.')
	if dot < 0 {
		return t.Stale(ctx)
	}
	at, ok := parseMark(d.Arg[:dot])
	n, err := strconv.Atoi(d.Arg[dot+1:])
	if !ok || err != nil {
		return t.Stale(ctx)
	}
	id := at.ID
	at.ID += "~" // greater than the id itself, so that the page after the mark begins with this entry
	touches, err := t.Desk.History(ctx, t.By, crm.TouchQuery{Client: crm.ClientID(d.ID), After: at, Limit: 1})
	if err != nil {
		return err
	}
	if len(touches) == 0 || touches[0].ID != id || n < 0 || n >= len(touches[0].Files) {
		return t.Stale(ctx)
	}
	h := touches[0]
	protected, err := t.Protected(ctx)
	if err != nil {
		return err
	}
	return Send(ctx, t, h, h.Files[n], protected)
}

// Send sends a file of an entry again, with what the entry was.
func Send(ctx context.Context, t *talk.Turn, h crm.Touch, f crm.File, protected bool) error {
	_, err := t.Out.SendFile(ctx, t.In.Chat.ID, chat.File{ID: f.ID, Kind: f.Kind, Name: f.Name, MIME: f.MIME, Size: f.Size, Protected: protected},
		Entry(t, crm.Touch{Kind: h.Kind, Was: h.Was, At: h.At, By: h.By, Via: h.Via, Direction: h.Direction}, t.MemberNames(ctx)))
	return err
}

// FileName is what a file is called; a voice message or a photo has no name of its own.
func FileName(t *talk.Turn, f crm.File) string {
	if f.Name != "" {
		return f.Name
	}
	return t.T.Label("file." + f.Kind)
}

package history

import (
	"context"
	"strconv"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

const formNote = "note"

// askNote waits for a note: a text, a voice message, a photo, a document.
func askNote(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	dialog, err := t.Open(ctx, crm.Dialog{Form: formNote, Screen: t.In.Message, Answers: map[string]string{"client": d.ID}})
	if err != nil {
		return err
	}
	return t.Present(ctx, dialog, chat.Screen{Text: t.T.HTML("note.ask", "name", c.Name), Buttons: backRow(t)})
}

func backRow(t *talk.Turn) [][]chat.Button {
	return [][]chat.Button{{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")}}
}

func showNote(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	return askNote(ctx, t, talk.Data{ID: d.Answers["client"]})
}

// leave ends a dialog and shows its client's card again.
func leave(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if err := t.End(ctx); err != nil {
		return err
	}
	return card.Open(ctx, t, crm.ClientID(d.Answers["client"]))
}

// takeNote writes what was sent into the history and shows the card.
func takeNote(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	in, ok := noteOf(t.In)
	if !ok || !own(t.In) {
		return false, nil
	}
	c, err := t.Desk.LogTouch(ctx, t.By, crm.ClientID(d.Answers["client"]), in)
	if err != nil {
		return true, err
	}
	if err := t.End(ctx); err != nil {
		return true, err
	}
	return true, card.Show(ctx, t, c)
}

// own reports whether a message is the member's own word to an open question, with or without a file.
func own(in chat.Incoming) bool {
	_, reply := talk.ClientOf(in)
	return in.Forward == nil && in.Contact == nil && !in.Edited && !reply
}

// noteOf is a message as a note; ok is false if there is nothing in it to note.
func noteOf(in chat.Incoming) (crm.TouchInput, bool) {
	note := crm.TouchInput{Kind: crm.TouchNote, Text: in.Text}
	if in.Forward != nil {
		note.At, note.Via = in.Forward.At, "forward"
	}
	if in.File != nil {
		note.Files = []crm.File{FileOf(*in.File)}
	}
	return note, note.Text != "" || len(note.Files) > 0
}

// FileOf is an attachment as the history keeps it.
func FileOf(f chat.File) crm.File {
	return crm.File{ID: f.ID, Unique: f.Unique, Kind: f.Kind, Name: f.Name, MIME: f.MIME, Size: f.Size}
}

// reply takes an answer to one of our messages about a client as a note, or as a touch if it begins like one
// ("звонок: …").
func reply(ctx context.Context, t *talk.Turn) (bool, error) {
	id, ok := talk.ClientOf(t.In)
	if !ok {
		return false, nil
	}
	in, ok := noteOf(t.In)
	if !ok {
		return false, nil
	}
	screen, err := LogReply(ctx, t, id, in)
	if err != nil {
		return true, err
	}
	screen.Reply = t.In.Message
	if then := crm.ReadReply(in.Text, t.Now).Then; !then.IsZero() { // it may be to be reminded of
		label := t.T.Label("button.remind_at", "when", t.T.When(then, t.Now))
		at := talk.Button(label, talk.VerbRemind, string(id), "at:"+strconv.FormatInt(then.Unix(), 36))
		screen.Buttons = append([][]chat.Button{{at}}, screen.Buttons...)
	}
	_, err = t.Send(ctx, screen)
	return true, err
}

// LogReply writes down a reply to a client's card, as a touch if it begins like one, and returns what says so.
func LogReply(ctx context.Context, t *talk.Turn, id crm.ClientID, in crm.TouchInput) (chat.Screen, error) {
	if in.Via == "" {
		read := crm.ReadTouch(in.Text)
		in.Kind, in.Direction, in.Outcome = read.Kind, read.Direction, read.Outcome
		if in.Kind != crm.TouchNote && in.At.IsZero() {
			in.At = crm.ToldOf(in.Text, t.Now)
		}
	}
	return logAs(ctx, t, id, in)
}

// LogApart writes down as a note of its own, and says so, what has no more room in a comment that is being typed.
func LogApart(ctx context.Context, t *talk.Turn, id crm.ClientID, in crm.TouchInput) error {
	screen, err := logAs(ctx, t, id, in)
	if err == nil {
		_, err = t.Send(ctx, screen)
	}
	return err
}

func logAs(ctx context.Context, t *talk.Turn, id crm.ClientID, in crm.TouchInput) (chat.Screen, error) {
	c, err := t.Desk.LogTouch(ctx, t.By, id, in)
	s := chat.Screen{
		Text:    t.T.HTML("note.saved", "what", t.T.Label("touch."+string(in.Kind)), "name", c.Name),
		Silent:  true,
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.card"), talk.VerbCard, string(c.ID), "")}},
	}
	if in.Kind != crm.TouchNote && c.AskConfirm() {
		s.Text += "\n" + t.T.HTML("touch.still_right")
		s.Buttons = append([][]chat.Button{stillRight(t, c)}, s.Buttons...)
	}
	return s, err
}

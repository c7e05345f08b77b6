package history

import (
	"context"

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
	_, err = t.Open(ctx, crm.Dialog{Form: formNote, Screen: t.In.Message, Answers: map[string]string{"client": d.ID}})
	if err != nil {
		return err
	}
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("note.ask", "name", c.Name), Buttons: backRow(t)})
	return err
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
	if !ok {
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
	id, ok := ClientOf(t.In)
	if !ok {
		return false, nil
	}
	in, ok := noteOf(t.In)
	if !ok {
		return false, nil
	}
	if in.Via == "" {
		read := crm.ReadTouch(in.Text)
		in.Kind, in.Direction, in.Outcome = read.Kind, read.Direction, read.Outcome
	}
	c, err := t.Desk.LogTouch(ctx, t.By, id, in)
	if err != nil {
		return true, err
	}
	_, err = t.Send(ctx, chat.Screen{
		Text:    t.T.HTML("note.saved", "what", t.T.Label("touch."+string(in.Kind)), "name", c.Name),
		Reply:   t.In.Message,
		Silent:  true,
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.card"), talk.VerbCard, string(c.ID), "")}},
	})
	return true, err
}

// aboutClient are the verbs whose id is a client's: a message with such a button is about that client.
var aboutClient = map[talk.Verb]bool{
	talk.VerbCard: true, talk.VerbTouch: true, talk.VerbNote: true, talk.VerbHistory: true, talk.VerbEdit: true, talk.VerbMore: true,
	talk.VerbStage: true, talk.VerbTags: true,
}

// ClientOf is the client of the message that was answered. A list, which names several clients, is about none.
func ClientOf(in chat.Incoming) (crm.ClientID, bool) {
	if in.Reply == nil || !in.Reply.Ours {
		return "", false
	}
	var id crm.ClientID
	for _, raw := range in.Reply.Data {
		d, err := talk.Parse(raw)
		if err != nil || !aboutClient[d.Verb] || d.ID == "" {
			continue
		}
		if id != "" && id != crm.ClientID(d.ID) {
			return "", false
		}
		id = crm.ClientID(d.ID)
	}
	return id, id != ""
}

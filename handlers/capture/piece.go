package capture

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/intake"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/history"
	"kartoteka/handlers/imports"
	"kartoteka/handlers/talk"
)

// piece is what one message says, as a draft, and what has to be said of it.
type piece struct {
	crm.Draft
	warn string // key of a text, "" if none
}

// contactPiece is what a shared contact says.
func contactPiece(t *talk.Turn, team crm.Team) crm.Draft {
	c := t.In.Contact
	var fromCard *crm.Draft
	if c.VCard != "" {
		if cards, _, err := readCards(t, team, []byte(c.VCard)); err == nil {
			fromCard = &cards[0]
		}
	}
	name := strings.TrimSpace(c.First + " " + c.Last)
	return crm.DraftFromContact(crm.SharedContact{Account: crm.Account{User: c.User, Name: name}, Phone: c.Phone}, fromCard, team.Region)
}

// forwardPiece is what a forwarded message says.
func forwardPiece(ctx context.Context, t *talk.Turn) (crm.Draft, error) {
	f, by := t.In.Forward, t.In.From
	return t.Desk.DraftFromForward(ctx, crm.Forwarded{
		From: crm.Account{User: f.User, Name: f.Name, Username: f.Username, Channel: f.Channel},
		By:   crm.Account{User: by.ID, Name: strings.TrimSpace(by.First + " " + by.Last), Username: by.Username},
		Team: t.By.Team, At: f.At, Text: t.In.Text, File: file(t.In), Key: t.By.Cause, Source: t.T.Label("draft.source_forward"),
	})
}

// filePiece is a voice note, a photo or another file as a note.
func filePiece(t *talk.Turn) crm.Draft {
	return crm.Draft{Notes: []crm.DraftNote{{Kind: crm.TouchNote, Text: t.In.Text, File: file(t.In), At: t.In.At,
		Key: string(t.By.Cause)}}}
}

func file(in chat.Incoming) *crm.File {
	if in.File == nil {
		return nil
	}
	f := history.FileOf(*in.File)
	return &f
}

func contact(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	return take(ctx, t, piece{Draft: contactPiece(t, team)}, burst)
}

func forward(ctx context.Context, t *talk.Turn) error {
	if _, err := t.Desk.BeginDraft(ctx, t.By); err != nil {
		return err
	}
	d, err := forwardPiece(ctx, t)
	if err != nil {
		return err
	}
	return take(ctx, t, piece{Draft: d}, burst)
}

// attachment takes a file that is no cards: with a draft of this burst, or as an answer to its preview, it is a note of
// that. A voice note and a photo may also come first, before the contact; a document alone belongs to a card.
func attachment(ctx context.Context, t *talk.Turn) error {
	how := burst
	d, open, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	gathers := open && gathering(d)
	switch {
	case gathers && answers(t.In, d):
		how = always
	case slices.Contains([]string{"voice", "photo"}, t.In.File.Kind):
	case gathers:
		how = always
	case intake.Known(t.In.File.Name, t.In.File.MIME): // it was read as a table, and has no clients
		return say(ctx, t, t.T.HTML("capture.file_no_table"))
	default:
		return say(ctx, t, t.T.HTML("capture.file_alone"))
	}
	if _, err := t.Desk.BeginDraft(ctx, t.By); err != nil {
		return err
	}
	return take(ctx, t, piece{Draft: filePiece(t)}, how)
}

// toDraft reports whether the message answers the preview of the open draft.
func toDraft(ctx context.Context, t *talk.Turn) bool {
	d, open, err := t.Dialog(ctx)
	return err == nil && open && answers(t.In, d)
}

func answers(in chat.Incoming, d crm.Dialog) bool {
	return in.Reply != nil && in.Reply.Ours && in.Reply.Message == d.Screen
}

// bare takes a text that is nothing but a phone, an e-mail address or a username: the card that has it is opened.
func bare(ctx context.Context, t *talk.Turn) (bool, error) {
	if t.In.Text == "" || t.In.Reply != nil && t.In.Reply.Ours && !toDraft(ctx, t) {
		return false, nil
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return false, err
	}
	if crm.IsBare(t.In.Text, team.Region) == crm.BareNone {
		return false, nil
	}
	if _, err := t.Desk.BeginDraft(ctx, t.By); err != nil {
		return false, nil // a role that may not add may search
	}
	d, _ := crm.DraftFromLine(t.In.Text, team, t.In.At.In(t.Now.Location()), t.By.Cause)
	found, err := t.Desk.Duplicates(ctx, t.By, d.Profile)
	if err != nil {
		return true, err
	}
	if len(found) == 1 && found[0].Visible {
		return true, card.Open(ctx, t, found[0].Client.ID)
	}
	return true, take(ctx, t, piece{Draft: d}, burst)
}

// isCards tells a file that calls itself a file of cards.
func isCards(f chat.File) bool {
	return strings.EqualFold(path.Ext(f.Name), ".vcf") ||
		slices.Contains([]string{"text/vcard", "text/x-vcard", "text/directory"}, strings.ToLower(f.MIME))
}

// document takes a file of cards: one card is a piece like a contact, many are imported.
func document(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	if t.In.File.Size > maxFile {
		return say(ctx, t, t.T.HTML("capture.file_large"))
	}
	drafts, warn, err := fetchCards(ctx, t, team, t.In.File.ID)
	switch {
	case errors.Is(err, chat.ErrTooLarge):
		return say(ctx, t, t.T.HTML("capture.file_large"))
	case errors.Is(err, errNoCards):
		return say(ctx, t, t.T.HTML("capture.file_not_cards"))
	case err != nil:
		return err
	case len(drafts) == 1:
		return take(ctx, t, piece{drafts[0], warn}, burst)
	}
	return imports.Begin(ctx, t)
}

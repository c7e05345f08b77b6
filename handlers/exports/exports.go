// Package exports is the conversation in which clients leave as files: how far it is, what came of it, stopping it. What is to leave is
// chosen where clients are listed (package find); the files are made in the background (crm/export), Office is what that needs of the
// messenger.
package exports

import (
	"context"
	"errors"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// Register adds the subject to the conversation.
func Register(r *talk.Router) { r.Press(talk.VerbTake, press) }

// What a button asks for: its argument.
const (
	argShow  = ""
	argStop  = "stop"
	argAgain = "again" // what could not be finished
)

// Formats tells of the formats that a role can have, each with the button that is made of it.
func Formats(t *talk.Turn, button func(label string, f crm.ExportFormat) chat.Button) (text string, rows [][]chat.Button) {
	var all []chat.Button
	for _, f := range crm.ExportFormatsFor(t.By.Role) {
		all = append(all, button(t.T.Label("export_format."+string(f)), f))
	}
	if !crm.SeesAll(t.By.Role) {
		return t.T.HTML("export.formats_part"), talk.Rows(2, all...)
	}
	return t.T.HTML("export.formats"), talk.Rows(2, all...)
}

// Begin has clients taken along, and shows that where the member looks.
func Begin(ctx context.Context, t *talk.Turn, in crm.ExportInput) error {
	in.Chat, in.Screen = t.In.Chat.ID, t.In.Message
	e, err := t.Desk.BeginExport(ctx, t.By, in)
	if errors.Is(err, crm.ErrConflict) && e.ID != "" { // another one is under way
		t.Alert(t.T.Label("export.busy"))
		err = nil
	}
	if err != nil {
		return err
	}
	return show(ctx, t, e)
}

// ShowRunning shows the export that is under way; shown is false if there is none.
func ShowRunning(ctx context.Context, t *talk.Turn) (shown bool, err error) {
	e, err := t.Desk.ExportOf(ctx, t.By)
	if errors.Is(err, crm.ErrNotFound) {
		return false, nil
	}
	if err != nil || !e.UnderWay() {
		return false, err
	}
	return true, show(ctx, t, e)
}

// show shows the export as it is, and notes which message that is: the background edits it. The message that showed it before says so, or
// it would tell for ever of work that is long over.
func show(ctx context.Context, t *talk.Turn, e crm.Export) error {
	at, err := t.Show(ctx, view{t.T, e}.screen())
	if err != nil || e.Screen == at {
		return err
	}
	now, err := t.Desk.MoveExport(ctx, t.By, at)
	if err != nil {
		return err
	}
	if e.Screen != 0 && e.Chat == t.In.Chat.ID { // the way back is to the same list
		if err := t.CopyView(ctx, e.Screen, at); err != nil {
			return err
		}
	}
	if e.UnderWay() && e.Screen != 0 && e.Chat == t.In.Chat.ID {
		err = t.Edit(ctx, e.Screen, chat.Screen{Text: t.T.HTML("export.elsewhere")})
	}
	if errors.Is(err, chat.ErrGone) {
		err = nil
	}
	if err == nil && now.State != e.State { // it ended before it was known where to say so
		_, err = t.Put(ctx, at, view{t.T, now}.screen())
	}
	return err
}

func press(ctx context.Context, t *talk.Turn, d talk.Data) error {
	e, err := t.Desk.ExportOf(ctx, t.By)
	if err != nil {
		return err
	}
	if string(e.ID) != d.ID {
		return t.Stale(ctx)
	}
	switch d.Arg {
	case argShow:
	case argStop:
		e, err = t.Desk.StopExport(ctx, t.By)
	case argAgain:
		return Begin(ctx, t, crm.ExportInput{Format: e.Format, Query: e.Query, Of: e.Of, About: e.About, Back: e.Back})
	default:
		return t.Stale(ctx)
	}
	if err != nil {
		return err
	}
	return show(ctx, t, e)
}

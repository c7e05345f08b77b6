package talk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

const (
	// dialogLife is how long a dialog that holds something waits for its next answer.
	dialogLife = 7 * 24 * time.Hour
	// questionLife is how long a mere question waits: whoever types something a quarter of an hour later means something else.
	questionLife = 15 * time.Minute
)

// dialogID of the chat's open dialog.
func dialogID(c int64) string           { return strconv.FormatInt(c, 10) }
func keptID(c int64, key string) string { return dialogID(c) + ":" + key }
func viewID(c, message int64) string {
	return dialogID(c) + ":" + strconv.FormatInt(message, 10)
}

// Dialog is the chat's open dialog; ok is false if there is none or it has expired.
func (t *Turn) Dialog(ctx context.Context) (d crm.Dialog, ok bool, err error) {
	return t.dialog(ctx, dialogID(t.In.Chat.ID))
}

func (t *Turn) dialog(ctx context.Context, id string) (crm.Dialog, bool, error) {
	d, err := t.Desk.Dialog(ctx, t.By, id)
	if errors.Is(err, crm.ErrNotFound) {
		return crm.Dialog{Rev: d.Rev}, false, nil // an expired one is there still, and is replaced
	}
	if err != nil {
		return crm.Dialog{}, false, err
	}
	return d, true, nil
}

// Open begins a dialog in this chat. One that is open already is kept under its name if it holds something; a mere
// question is dropped.
func (t *Turn) Open(ctx context.Context, d crm.Dialog) (crm.Dialog, error) {
	old, ok, err := t.Dialog(ctx)
	if err != nil {
		return d, err
	}
	if ok && !t.Repeated(old) {
		if err := t.aside(ctx, old); err != nil {
			return d, err
		}
	}
	d.Rev = old.Rev
	return t.Save(ctx, d)
}

// Present shows the screen of the open dialog, and remembers which message shows it: only that message's buttons move
// the dialog.
func (t *Turn) Present(ctx context.Context, d crm.Dialog, s chat.Screen) error {
	t.asking = true
	id, err := t.Show(ctx, s)
	if err != nil || d.Screen == id {
		return err
	}
	d.Screen = id
	_, err = t.Save(ctx, d)
	return err
}

// Leaf is Show for another page of what the open question is shown with, such as a month of its calendar: it waits on.
func (t *Turn) Leaf(ctx context.Context, s chat.Screen) (int64, error) {
	t.asking = true
	return t.Show(ctx, s)
}

// Save writes the chat's dialog as it is now and marks that this turn advanced it.
func (t *Turn) Save(ctx context.Context, d crm.Dialog) (crm.Dialog, error) {
	d.ID = dialogID(t.In.Chat.ID)
	return t.keep(ctx, d)
}

func (t *Turn) keep(ctx context.Context, d crm.Dialog) (crm.Dialog, error) {
	d.Last = t.By.Cause
	if id := d.Answers["client"]; id != "" { // a form about a client
		d.Of = id
	}
	d.Expires = t.Now.Add(dialogLife)
	if f := t.router.forms[d.Form]; f != nil && f.Question && f.key(d) == "" {
		d.Expires = t.Now.Add(questionLife)
	}
	if d.Form == formCode {
		d.Expires = t.Now.Add(codeWaits(d) + codeGrace)
	}
	return t.Desk.SaveDialog(ctx, t.By, d)
}

// Repeated reports whether this very turn advanced the dialog already: its answer was lost and it came again.
func (t *Turn) Repeated(d crm.Dialog) bool { return d.Rev > 0 && d.Last == t.By.Cause }

// End closes the chat's dialog.
func (t *Turn) End(ctx context.Context) error {
	return t.Desk.EndDialog(ctx, t.By, dialogID(t.In.Chat.ID))
}

// EndForm closes the chat's dialog if it is of this form.
func (t *Turn) EndForm(ctx context.Context, form string) error {
	d, ok, err := t.Dialog(ctx)
	if err != nil || !ok || d.Form != form {
		return err
	}
	return t.End(ctx)
}

// walkAway drops the open question if its message shows something else by now: what is typed next is no answer to it.
func (t *Turn) walkAway(ctx context.Context) error {
	if t.asking || !slices.Contains(t.edited, t.In.Message) {
		return nil
	}
	d, ok, err := t.Dialog(ctx)
	if err != nil || !ok || d.Screen != t.In.Message || t.Repeated(d) {
		return err
	}
	if f := t.router.forms[d.Form]; f == nil || !f.Question || f.key(d) != "" {
		return nil
	}
	return t.End(ctx)
}

// View is what a message with a list remembers of its list; ok is false if it has been forgotten.
func (t *Turn) View(ctx context.Context, message int64) (crm.Dialog, bool, error) {
	return t.dialog(ctx, viewID(t.In.Chat.ID, message))
}

// SaveView keeps what a message with a list must remember.
func (t *Turn) SaveView(ctx context.Context, message int64, d crm.Dialog) error {
	d.ID = viewID(t.In.Chat.ID, message)
	_, err := t.keep(ctx, d)
	return err
}

// CopyView lets a message remember what another one does: what that shows is shown here from now on.
func (t *Turn) CopyView(ctx context.Context, from, to int64) error {
	v, ok, err := t.View(ctx, from)
	if err != nil || !ok {
		return err
	}
	old, _, err := t.View(ctx, to)
	if err != nil {
		return err
	}
	v.Rev = old.Rev
	return t.SaveView(ctx, to, v)
}

// KeptName is the name under which a form (a letter) about something is kept. It has the place of an id in a button, and so is none the
// longer for that of what it is about; a piece of this would not do: cards that came together differ in the last letters.
func KeptName(form, about string) string {
	sum := sha256.Sum256([]byte(about))
	return form + "-" + base64.RawURLEncoding.EncodeToString(sum[:])[:14]
}

// Kept is a dialog that another one took the place of; ok is false if there is none of that name.
func (t *Turn) Kept(ctx context.Context, key string) (crm.Dialog, bool, error) {
	return t.dialog(ctx, keptID(t.In.Chat.ID, key))
}

// Keep keeps a dialog under a name while it is not the chat's open one.
func (t *Turn) Keep(ctx context.Context, key string, d crm.Dialog) error {
	old, _, err := t.Kept(ctx, key)
	if err != nil {
		return err
	}
	d.ID, d.Rev = keptID(t.In.Chat.ID, key), old.Rev
	if _, err := t.keep(ctx, d); err != nil {
		return fmt.Errorf("keep dialog: %w", err)
	}
	return nil
}

// TakeUp makes a dialog that was kept the chat's open one again, on the message that is pressed; ok is false if none of that name is kept.
func (t *Turn) TakeUp(ctx context.Context, key string) (d crm.Dialog, ok bool, err error) {
	if d, ok, err = t.Kept(ctx, key); err != nil || !ok {
		return d, false, err
	}
	d.Screen = t.In.Message
	if d, err = t.Open(ctx, d); err != nil {
		return d, false, err
	}
	return d, true, t.EndKept(ctx, key)
}

// IsOpen reports whether a dialog is the chat's open one, and not one that is kept.
func (t *Turn) IsOpen(d crm.Dialog) bool { return d.ID == dialogID(t.In.Chat.ID) }

// EndThis closes a dialog, be it the open one or one that is kept.
func (t *Turn) EndThis(ctx context.Context, d crm.Dialog) error {
	return t.Desk.EndDialog(ctx, t.By, d.ID)
}

// EndKept forgets a dialog that was kept.
func (t *Turn) EndKept(ctx context.Context, key string) error {
	return t.Desk.EndDialog(ctx, t.By, keptID(t.In.Chat.ID, key))
}

// park puts the open dialog aside, so that a command can win without anything being lost, and says so.
func (t *Turn) park(ctx context.Context) error {
	d, ok, err := t.Dialog(ctx)
	if err != nil || !ok || t.Repeated(d) {
		return err // nothing is open, or this command opened it when it came first
	}
	if err := t.aside(ctx, d); err != nil {
		return err
	}
	return t.End(ctx)
}

// aside keeps an open dialog under its own name if it holds something, and says so if it can be resumed.
func (t *Turn) aside(ctx context.Context, d crm.Dialog) error {
	f := t.router.forms[d.Form]
	if f == nil {
		return nil
	}
	key := f.key(d)
	if key == "" {
		return nil
	}
	if err := t.Keep(ctx, key, d); err != nil {
		return err
	}
	return t.sayParked(ctx, f, key)
}

func (t *Turn) sayParked(ctx context.Context, f *Form, key string) error {
	if f.Title == "" {
		return nil
	}
	_, err := t.Send(ctx, chat.Screen{
		Text:   t.T.HTML("dialog.parked", "form", t.T.Label(f.Title)),
		Silent: true,
		Buttons: [][]chat.Button{{
			Button(t.T.Label("button.resume"), VerbResume, key, ""),
			Button(t.T.Label("button.drop"), VerbDrop, key, ""),
		}},
	})
	return err
}

// resume takes up the dialog that was put aside.
func resume(ctx context.Context, t *Turn, data Data) error {
	d, ok, err := t.TakeUp(ctx, data.ID)
	if err != nil {
		return err
	}
	if !ok { // this press may have taken it up, and failed to show it
		if d, ok, err = t.Dialog(ctx); err != nil {
			return err
		}
		ok = ok && t.Repeated(d)
	}
	if f := t.router.forms[d.Form]; ok && f != nil && f.Show != nil {
		return f.Show(ctx, t, d)
	}
	return sayStale(ctx, t)
}

// drop forgets the dialog that was put aside.
func drop(ctx context.Context, t *Turn, data Data) error {
	if err := t.EndKept(ctx, data.ID); err != nil {
		return err
	}
	return t.Out.Delete(ctx, t.In.Chat.ID, t.In.Message)
}

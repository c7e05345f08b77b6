package exports

import (
	"context"
	"errors"
	"fmt"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/export"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Office is what exports in the background need of the messenger; it is what crm.Desk.WorkExports works with.
type Office struct {
	Out     chat.Messenger
	Catalog *locales.Catalog
	Store   Books
	Most    int64       // bytes of one file; 0: what the messenger takes
	Failed  func(error) // somebody could not be told
}

// Books are where the office looks up whom it tells.
type Books interface {
	Member(ctx context.Context, team crm.TeamID, id crm.MemberID) (crm.Member, error)
}

// Write makes the files and sends each as it is full.
func (o Office) Write(ctx context.Context, t *crm.Taking) error {
	texts := o.Catalog.For(t.Lang())
	return export.Write(ctx, t, export.Options{Words: words{texts}, Most: o.Most, Send: func(ctx context.Context, f export.File) error {
		return o.send(ctx, texts, t, f)
	}})
}

func (o Office) send(ctx context.Context, t *locales.Texts, k *crm.Taking, f export.File) error {
	e := k.Export()
	name := t.Label("export.file_name", "day", civil.DateOf(k.Now()).String())
	caption := t.HTML("export.caption", "what", talk.Amount(t, e.Clients, 0))
	if f.No > 1 || !f.Last {
		name += fmt.Sprintf(" %d", f.No)
		caption = t.HTML("export.part", "no", f.No)
	}
	if e.About != "" {
		caption += "\n" + string(locales.Escape(e.About))
	}
	_, err := o.Out.Upload(ctx, e.Chat, name+"."+string(f.Format), f, caption)
	for _, final := range []error{chat.ErrUnreachable, chat.ErrRefused, chat.ErrTooLarge, chat.ErrUnknown} {
		if errors.Is(err, final) {
			return crm.Unsent(err)
		}
	}
	return err
}

// Tell edits the message that shows the export. Where that is gone nothing is lost.
func (o Office) Tell(ctx context.Context, e crm.Export) {
	ctx, cancel := talk.Sending(ctx)
	defer cancel()
	m, err := o.Store.Member(ctx, e.Team, e.By)
	if err == nil && e.Screen != 0 {
		err = o.Out.Edit(ctx, e.Chat, e.Screen, view{o.Catalog.For(m.Lang), e}.screen())
	}
	if err != nil && o.Failed != nil {
		o.Failed(err)
	}
}

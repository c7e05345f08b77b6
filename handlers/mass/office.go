// Package mass shows in the background how far mass changes are, on the messages in which they were begun: lists of clients
// (handlers/find) and pairs (handlers/pair).
package mass

import (
	"context"
	"errors"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
	"kartoteka/handlers/pair"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Office is what mass changes in the background need of the messenger; it is what crm.Desk.MassOn works with.
type Office struct {
	Out     chat.Messenger
	Catalog *locales.Catalog
	Store   Books
	Desk    Keeper
	Clock   crm.Clock
	Failed  func(error) // somebody could not be told
}

// Books are where the office looks up who was given clients.
type Books interface {
	Member(ctx context.Context, team crm.TeamID, id crm.MemberID) (crm.Member, error)
}

// Keeper tells which cards stay as they are when a change is taken back.
type Keeper interface {
	MassKept(ctx context.Context, by crm.Actor) ([]crm.Client, error)
}

// Tell edits the message that shows what m changes. Where that is gone, or cannot be edited any more, nothing is lost.
func (o Office) Tell(ctx context.Context, m crm.Member) {
	ctx, cancel := talk.Sending(ctx)
	defer cancel()
	s, err := o.screen(ctx, m)
	if err == nil {
		err = o.Out.Edit(ctx, m.Mass.Chat, m.Mass.Screen, s)
	}
	for _, gone := range []error{chat.ErrGone, chat.ErrRefused, chat.ErrUnreachable} {
		if errors.Is(err, gone) {
			return
		}
	}
	if err != nil && o.Failed != nil {
		o.Failed(err)
	}
}

func (o Office) screen(ctx context.Context, m crm.Member) (chat.Screen, error) {
	t, now, w := o.Catalog.For(m.Lang), o.Clock.Now().In(m.Location()), m.Mass
	var kept []crm.Client
	if !w.UnderWay() && len(w.Kept) > 0 {
		var err error
		if kept, err = o.Desk.MassKept(ctx, crm.Actor{Member: m}); err != nil {
			return chat.Screen{}, err
		}
	}
	switch w.Kind {
	case crm.MassMerge:
		return pair.MassScreen(t, now, w, kept), nil
	case crm.MassGive:
		taker, err := o.Store.Member(ctx, m.Team, crm.MemberID(w.Value))
		return find.MassScreen(t, now, w, taker.Name, kept), err
	}
	return find.MassScreen(t, now, w, "", kept), nil
}

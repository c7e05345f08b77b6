package mongodb

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// movePage is how many touches are moved before more are read.
const movePage = 200

// MoveTouches makes a card's history that of another, or gives back what came from there. What a crash has left in the cards
// themselves is taken to the history first.
func (s *Store) MoveTouches(ctx context.Context, m crm.TouchMove) error {
	for _, id := range []crm.ClientID{m.From, m.To} {
		h, err := get[head](ctx, s.clients(), bson.D{is("_id", id), is("team", m.Team)})
		if errors.Is(err, crm.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if p := h.Pending.Pending; p != nil {
			if err := s.finish(ctx, s.clients(), h.ID, h.Rev, *p); err != nil {
				return err
			}
		}
	}
	filter := bson.D{is("team", m.Team), is("client", m.From)}
	if m.Back {
		filter = bson.D{is("team", m.Team), is("client", m.To), is("moved", m.From)}
	}
	last := crm.TouchID("")
	for {
		page, err := list[crm.Touch](ctx, s.touches(), append(slices.Clip(filter), is("_id", op("$gt", last))), movePage, up("_id"))
		if err != nil {
			return err
		}
		for _, t := range page {
			last = t.ID
			if err := s.moveTouch(ctx, t, m); err != nil {
				return err
			}
		}
		if len(page) < movePage {
			return nil
		}
	}
}

func (s *Store) moveTouch(ctx context.Context, t crm.Touch, m crm.TouchMove) error {
	was := t.Client
	if top := len(t.Moved) - 1; !m.Back {
		t.Client, t.Moved = m.To, append(t.Moved, m.From)
	} else if t.Moved[top] == m.From {
		t.Client, t.Moved = m.From, t.Moved[:top:top]
	} else {
		return nil // it came with another
	}
	_, err := s.touches().ReplaceOne(ctx, bson.D{is("_id", t.ID), is("client", was)}, t)
	return failed("move touch", err)
}

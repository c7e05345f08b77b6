package team

import (
	"context"
	"errors"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

func registerPlaces(r *talk.Router) {
	r.GroupCommand("here", here)
	r.Command("here", places)
	r.Reach(reach)
	r.Press(talk.VerbPlaces, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		if d.ID == "" {
			return places(ctx, t)
		}
		if _, err := t.Desk.UnlinkPlace(ctx, t.By, crm.PlaceID(d.ID)); err != nil && !errors.Is(err, crm.ErrNotFound) {
			return err // one that is gone already is what was wanted
		}
		return places(ctx, t)
	})
}

// here lets reminders come to the group or the topic in which it is said.
func here(ctx context.Context, t *talk.Turn) error {
	_, err := t.Desk.LinkPlace(ctx, t.By, t.In.Chat.ID, t.In.Chat.Topic, t.In.Chat.Title)
	if text, theirs := talk.Explain(t.T, err); err != nil && theirs {
		_, err := t.Send(ctx, chat.Screen{Text: t.T.HTML("group.refused", "why", text)})
		return err
	}
	if err != nil {
		return err
	}
	return t.Say(ctx, "group.linked", "bot", t.Bot)
}

// reach hears that we were added to a group, and says what may be done there; or that we are out of one.
func reach(ctx context.Context, t *talk.Turn, member bool) error {
	switch {
	case !t.In.Chat.Group:
		return nil
	case !t.In.Reach.Reachable:
		return t.Desk.LoseGroup(ctx, t.In.Chat.ID)
	case member && t.Desk.MayLinkPlaces(ctx, t.By):
		return t.Say(ctx, "group.added")
	}
	return nil
}

// places lists the groups where reminders may come.
func places(ctx context.Context, t *talk.Turn) error {
	if !t.Desk.MayLinkPlaces(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionLinkPlace)}
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	text := t.T.HTML("places.title")
	var rows [][]chat.Button
	for _, p := range team.LivePlaces() {
		text += "\n" + t.T.HTML("places.item", "title", p.Title)
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("places.unlink", "title", p.Title), talk.VerbPlaces, string(p.ID), "off")})
	}
	text += "\n" + t.T.HTML("places.how", "bot", t.Bot)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

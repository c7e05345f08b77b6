package team

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

func registerPlaces(r *talk.Router) {
	r.GroupCommand("here", here)
	r.Command("here", places)
	r.Reach(reach)
	r.Press(talk.VerbPlaces, onePlace)
}

// What of a place is changed, as the argument of talk.VerbPlaces: a kind of news, placePhones or placeLoud, =on or =off.
const (
	placeOff    = "off"
	placePhones = "phones"
	placeLoud   = "loud"
)

// onePlace shows a group and changes what it is told of; without an id it lists them.
func onePlace(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.PlaceID(d.ID)
	what, value, set := strings.Cut(d.Arg, "=")
	var err error
	switch {
	case d.ID == "":
		return places(ctx, t)
	case d.Arg == placeOff:
		if _, err := t.Desk.UnlinkPlace(ctx, t.By, id); err != nil && !errors.Is(err, crm.ErrNotFound) {
			return err // one that is gone already is what was wanted
		}
		return places(ctx, t)
	case set && what == placePhones:
		_, err = t.Desk.SetPlacePhones(ctx, t.By, id, value == flag(true))
	case set && what == placeLoud:
		_, err = t.Desk.SetPlaceLoud(ctx, t.By, id, value == flag(true))
	case set:
		_, err = t.Desk.SetPlaceNews(ctx, t.By, id, crm.NewsKind(what), value == flag(true))
	}
	if err != nil {
		return err
	}
	return showPlace(ctx, t, id)
}

func showPlace(ctx context.Context, t *talk.Turn, id crm.PlaceID) error {
	if !t.Desk.MayLinkPlaces(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionLinkPlace)}
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(team.LivePlaces(), func(p crm.Place) bool { return p.ID == id })
	if i < 0 {
		return places(ctx, t)
	}
	p := team.LivePlaces()[i]
	toggle := func(label, what string, on bool) chat.Button {
		if on {
			label = "✓ " + label
		}
		return talk.Button(label, talk.VerbPlaces, string(p.ID), what+"="+flag(!on))
	}
	var kinds []chat.Button
	for _, k := range crm.GroupNews {
		kinds = append(kinds, toggle(t.T.Label("place_news."+string(k)), string(k), p.Wants(k)))
	}
	rows := append(talk.Rows(2, kinds...), []chat.Button{toggle(t.T.Label("places.phones"), placePhones, p.Phones)})
	text := t.T.HTML("places.about", "title", p.Title)
	if from, to := team.QuietHours(); from != to {
		key := "places.quiet"
		if p.Loud {
			key = "places.loud"
		}
		text += "\n" + t.T.HTML(key, "from", from, "to", to)
		rows = append(rows, []chat.Button{toggle(t.T.Label("places.to_loud"), placeLoud, p.Loud)})
	}
	unlink := talk.Button(t.T.Label("places.unlink"), talk.VerbPlaces, string(p.ID), placeOff)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbPlaces, "", ""), unlink})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
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
		rows = append(rows, []chat.Button{talk.Button(p.Title, talk.VerbPlaces, string(p.ID), "")})
	}
	text += "\n" + t.T.HTML("places.how", "bot", t.Bot)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

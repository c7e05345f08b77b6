package law

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// outdatedPage is how many clients the list shows: a row of buttons each, and one below.
const outdatedPage = 4

// maxOutdatedName leaves room for the two buttons beside it.
const maxOutdatedName = 18

// keepOn is the argument of a button that keeps a client for another year.
const keepOn = "year"

// day is a day at the member's place.
func day(t *talk.Turn, at time.Time) string { return t.T.Date(civil.DateOf(at.In(t.Now.Location()))) }

// outdated lists clients without contact for longer than they are kept. ID and Arg: whom to keep.
func outdated(ctx context.Context, t *talk.Turn, d talk.Data) error {
	switch d.Arg {
	case "":
	case keepOn:
		c, err := t.Desk.KeepYear(ctx, t.By, crm.ClientID(d.ID))
		if err != nil {
			return err
		}
		t.Toast(t.T.Label("outdated.kept", "name", c.Name, "day", day(t, c.KeepTill)))
	default:
		return t.Stale(ctx)
	}
	return showOutdated(ctx, t)
}

func showOutdated(ctx context.Context, t *talk.Turn) error {
	list, more, err := t.Desk.Outdated(ctx, t.By, outdatedPage)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	place := talk.Data{Verb: talk.VerbOutdated}
	back := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbLawTeam, "", "")}
	if len(list) == 0 {
		_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("outdated.none"), Buttons: [][]chat.Button{back}})
		return err
	}
	lines := []string{t.T.HTML("outdated.title", "years", t.T.Years(team.KeptFor()))}
	var rows [][]chat.Button
	for i, c := range list {
		lines = append(lines, t.T.HTML("outdated.line", "no", i+1, "name", c.Name, "day", day(t, c.SilentSince())))
		no := strconv.Itoa(i+1) + ". "
		rows = append(rows, []chat.Button{
			talk.Under(place, talk.Button(no+fit.Line(c.Name, maxOutdatedName), talk.VerbCard, string(c.ID), "")),
			talk.Button(t.T.Label("outdated.year"), talk.VerbOutdated, string(c.ID), keepOn),
			danger(talk.Under(place, talk.Button(t.T.Label("outdated.erase"), talk.VerbLaw, string(c.ID), erase))),
		})
	}
	if more {
		lines = append(lines, t.T.HTML("outdated.more"))
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, back)})
	return err
}

package record

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

// entries lists what was done, the newest first, from the newest or behind a mark.
func entries(ctx context.Context, t *talk.Turn, v view, after *crm.EventMark) error {
	list, err := t.Desk.Audit(ctx, t.By, v.AuditFilter, after, entriesPage+1)
	if err != nil {
		return err
	}
	nav := []chat.Button{v.button(t.T.Label("button.back"), "")}
	if after != nil {
		nav = append(nav, v.button(t.T.Label("button.newest"), "list"))
	}
	if len(list) > entriesPage {
		list = list[:entriesPage]
		nav = append(nav, v.button(t.T.Label("button.earlier"), v.behind(list[entriesPage-1].Event)))
	}
	return showEntries(ctx, t, v.title(t, t.MemberNames(ctx)), list, nav)
}

// behind is the page that goes on after an event. What earlier versions wrote can have an id that a button has no room for: there it goes
// on by the time alone.
func (v view) behind(e crm.Event) string {
	page := "l." + string(e.ID)
	if v.data(page).Fits() {
		return page
	}
	return "list." + strconv.FormatInt(e.At.UnixMilli(), 36) + "."
}

// parseMark reads the mark of a page: "<time>.<event>", "" for the newest.
func parseMark(s string) (*crm.EventMark, bool) {
	if s == "" {
		return nil, true
	}
	ms, id, ok := strings.Cut(s, ".")
	at, err := strconv.ParseInt(ms, 36, 64)
	if !ok || err != nil {
		return nil, false
	}
	return &crm.EventMark{At: time.UnixMilli(at).UTC(), ID: crm.EventID(id)}, true
}

// parts lists what belongs to one event that was done with many records at once, a page behind one of them.
func parts(ctx context.Context, t *talk.Turn, v view, of, after crm.EventID) error {
	whole, list, err := t.Desk.AuditParts(ctx, t.By, of, after, entriesPage+1)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	v = view{AuditFilter: crm.AuditFilter{Days: v.Days, Back: v.Back}} // what the list was narrowed down to is no matter here
	nav := []chat.Button{v.button(t.T.Label("button.back"), "list")}
	if set := settings(t, team, whole); len(set) > 0 {
		return showSettings(ctx, t, whole, set, nav)
	}
	if after != "" {
		nav = append(nav, v.button(t.T.Label("button.newest"), "of."+string(whole.ID)))
	}
	if len(list) > entriesPage {
		list = list[:entriesPage]
		nav = append(nav, v.button(t.T.Label("button.earlier"), "on."+string(list[entriesPage-1].ID)))
	}
	what := deed(t, team, t.MemberNames(ctx), whole)
	if about := subject(whole); about != "" {
		what += " · " + about
	}
	title := t.T.HTML("audit.whole", "what", fit.Line(what, titleText), "n", whole.Parts)
	return showEntries(ctx, t, title, list, nav)
}

// showEntries shows a page of entries: under whoever did them on which day, each with its time.
func showEntries(ctx context.Context, t *talk.Turn, title string, list []crm.Audited, nav []chat.Button) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	names := t.MemberNames(ctx)
	text := []string{title}
	head := ""
	for _, e := range list {
		day := civil.DateOf(e.At.In(t.Now.Location()))
		of := t.T.HTML("audit.by", "who", fit.Line(name(t, names, e.By), nameText), "day", t.T.Day(day, t.Today()))
		if of != head {
			text, head = append(text, "", of), of
		}
		text = append(text, entry(t, team, names, e))
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(text, "\n"), Buttons: [][]chat.Button{nav}})
	return err
}

package remind

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// formOrder is what a message remembers on which one goes through the day, one thing after the other: Answers are the
// things ("t.<task> c.<client> d<date>.<client>"), the number of the one that is shown, and how many were dealt with.
const formOrder = "order"

// order begins with the first thing of the day, or goes to the next ("next") or the one before ("back").
func order(ctx context.Context, t *talk.Turn, d talk.Data) error {
	w, ok, err := walkOn(ctx, t, t.In.Message)
	switch {
	case err != nil:
		return err
	case d.Arg == "":
		return beginOrder(ctx, t)
	case !ok:
		return t.Stale(ctx)
	case d.Arg == "back":
		return w.show(ctx, t, w.at-1, -1, "")
	}
	return w.show(ctx, t, w.at+1, 1, "")
}

// walk is one's way through the day.
type walk struct {
	items []matter
	at    int // of the one that is shown
	done  int // how many were dealt with
}

func beginOrder(ctx context.Context, t *talk.Turn) error {
	items, near, err := t.Desk.DayItems(ctx, t.By)
	if err != nil {
		return err
	}
	var w walk
	for _, item := range items {
		w.items = append(w.items, matterOf(item))
	}
	for _, o := range near {
		w.items = append(w.items, occasionMatter(o))
	}
	return w.show(ctx, t, 0, 1, "")
}

// walkOn is the walk that a message shows; ok is false if it shows none.
func walkOn(ctx context.Context, t *talk.Turn, message int64) (w walk, ok bool, err error) {
	d, ok, err := t.View(ctx, message)
	if err != nil || !ok || d.Form != formOrder {
		return w, false, err
	}
	for _, item := range strings.Fields(d.Answers["items"]) {
		head, id, _ := strings.Cut(item, ".")
		if m, _, ok := readMatter(talk.Data{ID: id, Arg: head}); ok {
			w.items = append(w.items, m)
		}
	}
	w.at, _ = strconv.Atoi(d.Answers["at"]) // ours
	w.done, _ = strconv.Atoi(d.Answers["done"])
	return w, true, nil
}

func (w walk) save(ctx context.Context, t *talk.Turn, message int64) error {
	d, _, err := t.View(ctx, message)
	if err != nil {
		return err
	}
	var items []string
	for _, m := range w.items {
		items = append(items, string(m.kind)+m.date+"."+m.id)
	}
	d.Form = formOrder
	if d.Answers == nil {
		d.Answers = map[string]string{}
	}
	d.Answers["items"], d.Answers["at"], d.Answers["done"] = strings.Join(items, " "), strconv.Itoa(w.at), strconv.Itoa(w.done)
	return t.SaveView(ctx, message, d)
}

// show shows the thing at a number, or the first one behind it in that direction that still needs something; said is
// what was decided about the one before.
func (w walk) show(ctx context.Context, t *talk.Turn, at, step int, said string) error {
	for ; at < len(w.items); at += step {
		if at < 0 {
			at, step = 0, 1
		}
		s, err := stand(ctx, t, w.items[at])
		if errors.Is(err, crm.ErrNotFound) || errors.Is(err, crm.ErrDenied) {
			continue // handed over or gone meanwhile
		}
		if err != nil {
			return err
		}
		if step > 0 && !s.waits(matter{}) {
			continue
		}
		w.at = at
		message, err := t.ShowOpened(ctx, w.frame(t.T, s.screen(ctx, t, ""), said))
		if err != nil {
			return err
		}
		return w.save(ctx, t, message)
	}
	w.at = len(w.items)
	key := "order.over"
	if len(w.items) == 0 {
		key = "order.none"
	}
	text := t.T.HTML(key, "done", w.done, "all", len(w.items))
	if said != "" {
		text = said + "\n\n" + text
	}
	message, err := t.Show(ctx, chat.Screen{Text: text, Buttons: [][]chat.Button{agendaRow(t.T)}})
	if err != nil {
		return err
	}
	return w.save(ctx, t, message)
}

// frame puts a thing into its place in the day.
func (w walk) frame(t *locales.Texts, s chat.Screen, said string) chat.Screen {
	head := t.HTML("order.place", "no", w.at+1, "all", len(w.items))
	if said != "" {
		head += "\n" + t.HTML("order.said", "text", locales.Raw(said))
	}
	s.Text = head + "\n\n" + s.Text
	var row []chat.Button
	if w.at > 0 {
		row = append(row, talk.Button(t.Label("button.back"), talk.VerbOrder, "", "back"))
	}
	s.Buttons = append(slices.Clip(s.Buttons), append(row, talk.Button(t.Label("button.skip"), talk.VerbOrder, "", "next")))
	return s
}

// is reports whether the walk stands at a matter.
func (w walk) is(m matter) bool {
	return w.at < len(w.items) && w.items[w.at].kind == m.kind && w.items[w.at].id == m.id && w.items[w.at].date == m.date
}

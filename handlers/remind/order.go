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
// things ("t.<task> c.<client> d<date>.<client>"), the number of the one that is shown, and the numbers of those that were dealt
// with.
const formOrder = "order"

// order begins with the first thing of the day, goes to the next ("next") or the one before ("back"), or begins anew with what
// was skipped ("skipped").
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
	case d.Arg == "skipped":
		left, err := w.left(ctx, t)
		if err != nil {
			return err
		}
		return walk{items: left, dealt: map[int]bool{}}.show(ctx, t, 0, 1, "")
	}
	return w.show(ctx, t, w.at+1, 1, "")
}

// walk is one's way through the day.
type walk struct {
	items []matter
	at    int          // of the one that is shown
	dealt map[int]bool // numbers of those that were dealt with, be it that they were put off
}

func beginOrder(ctx context.Context, t *talk.Turn) error {
	items, near, err := t.Desk.DayItems(ctx, t.By)
	if err != nil {
		return err
	}
	w := walk{dealt: map[int]bool{}}
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
	w.dealt = map[int]bool{}
	for _, no := range strings.Fields(d.Answers["dealt"]) {
		n, _ := strconv.Atoi(no)
		w.dealt[n] = true
	}
	return w, true, nil
}

// left is what was skipped and needs something still.
func (w walk) left(ctx context.Context, t *talk.Turn) ([]matter, error) {
	var left []matter
	for i, m := range w.items {
		if w.dealt[i] {
			continue
		}
		s, err := stand(ctx, t, m)
		if err != nil && !errors.Is(err, crm.ErrNotFound) && !errors.Is(err, crm.ErrDenied) {
			return nil, err
		}
		if err == nil && s.waits(matter{}) {
			left = append(left, m)
		}
	}
	return left, nil
}

func (w walk) save(ctx context.Context, t *talk.Turn, message int64) error {
	d, _, err := t.View(ctx, message)
	if err != nil {
		return err
	}
	var items, dealt []string
	for i, m := range w.items {
		if items = append(items, string(m.kind)+m.date+"."+m.id); w.dealt[i] {
			dealt = append(dealt, strconv.Itoa(i))
		}
	}
	d.Form = formOrder
	if d.Answers == nil {
		d.Answers = map[string]string{}
	}
	d.Answers["items"], d.Answers["at"], d.Answers["dealt"] = strings.Join(items, " "), strconv.Itoa(w.at), strings.Join(dealt, " ")
	return t.SaveView(ctx, message, d)
}

// show shows the thing at a number, or the first one behind it in that direction that still needs something; said is
// what was decided about the one before.
func (w walk) show(ctx context.Context, t *talk.Turn, at, step int, said string) error {
	for ; len(w.items) > 0 && at < len(w.items); at += step {
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
		if step > 0 && (w.dealt[at] || !s.waits(matter{})) {
			continue
		}
		w.at = at
		message, err := t.ShowOpened(ctx, w.frame(t.T, s.screen(ctx, t, ""), said))
		if err != nil {
			return err
		}
		return w.save(ctx, t, message)
	}
	return w.over(ctx, t, said)
}

// over says that there is no more, how much was dealt with and how much was skipped.
func (w walk) over(ctx context.Context, t *talk.Turn, said string) error {
	left, err := w.left(ctx, t)
	if err != nil {
		return err
	}
	w.at = len(w.items)
	rows, key := [][]chat.Button{agendaRow(t.T, "")}, "order.over"
	switch {
	case len(w.items) == 0:
		key = "order.none"
	case len(left) > 0:
		key = "order.skipped"
		rows = append([][]chat.Button{{talk.Button(t.T.Label("button.skipped"), talk.VerbOrder, "", "skipped")}}, rows...)
	}
	text := t.T.HTML(key, "done", len(w.dealt), "all", len(w.items), "skipped", len(left))
	if said != "" {
		text = said + "\n\n" + text
	}
	message, err := t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
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
	return w.at < len(w.items) && w.items[w.at].same(m)
}

// same reports whether both are about the same.
func (m matter) same(o matter) bool { return m.kind == o.kind && m.id == o.id && m.date == o.date }

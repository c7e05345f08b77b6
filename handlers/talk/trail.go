package talk

import (
	"context"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// What is opened from a list takes the list's message, and so does all that is opened from there. So that there is a way
// back from each of them, a button says where it stands (Data.From), and the view of the message remembers that as a trail: the
// list, then perhaps a reminder of it. ShowOpened shows a screen with the way one step back.

const (
	answerTrail = "trail" // of a view: the places, the last one last, a line each
	isBack      = "<"     // Data.From of a button that leads back
	maxTrail    = 4       // nobody goes further back
)

// Under is the data of a button that stands on the screen that parent shows.
func (d Data) Under(parent Data) Data {
	d.From = string(parent.Verb) + "," + parent.ID + "," + parent.Arg
	return d
}

// Under is a button of ours that stands on the screen that parent shows.
func Under(parent Data, b chat.Button) chat.Button {
	if d, err := Parse(b.Data); err == nil {
		b.Data = d.Under(parent).Pack()
	}
	return b
}

// Back leads back to what parent shows.
func Back(label string, parent Data) chat.Button {
	parent.From = isBack
	return chat.Button{Text: label, Data: parent.Pack()}
}

// Returns reports whether the button leads back to what it shows.
func (d Data) Returns() bool { return d.From == isBack }

// parent is where the button stands; ok is false if it does not say.
func (d Data) parent() (Data, bool) {
	parts := strings.SplitN(d.From, ",", 3)
	if len(parts) < 3 {
		return Data{}, false
	}
	p := Data{Verb: Verb(parts[0]), ID: parts[1], Arg: parts[2]}
	return p, p.valid()
}

// OpenFrom notes that what the pressed message shows next is opened from a place.
func (t *Turn) OpenFrom(ctx context.Context, place Data) error { return t.tread(ctx, place, true) }

// Arrive notes that the pressed message shows this very place next, however one has come to it.
func (t *Turn) Arrive(ctx context.Context, place Data) error {
	if t.In.Press == nil || t.In.Chat.Group {
		return nil
	}
	return t.tread(ctx, place, false)
}

// follow notes where a pressed button leads from, or that it leads back. A group's message is on nobody's own way.
func (t *Turn) follow(ctx context.Context, d Data) error {
	if t.In.Chat.Group {
		return nil
	}
	if place, ok := d.parent(); ok {
		return t.tread(ctx, place, true)
	}
	if d.Returns() {
		return t.tread(ctx, d, false)
	}
	return nil
}

// tread takes what lies behind a place off the trail; the place itself stays on it only if one goes on from there.
func (t *Turn) tread(ctx context.Context, place Data, on bool) error {
	v, _, err := t.View(ctx, t.In.Message)
	if err != nil {
		return err
	}
	was := trailOf(v)
	place.From = ""
	trail := was
	if i := slices.IndexFunc(trail, place.samePlace); i >= 0 {
		trail = trail[:i]
	}
	if on {
		trail = append(slices.Clip(trail), place)
		trail = trail[max(0, len(trail)-maxTrail):]
	}
	if slices.Equal(trail, was) {
		return nil
	}
	if v.Answers == nil {
		v.Answers = map[string]string{}
	}
	var lines []string
	for _, d := range trail {
		lines = append(lines, d.Pack())
	}
	v.Answers[answerTrail] = strings.Join(lines, "\n")
	if slices.ContainsFunc(trail, Data.sought) {
		v.Of = crm.OfSought
	}
	return t.SaveView(ctx, t.In.Message, v)
}

func trailOf(v crm.Dialog) []Data {
	var all []Data
	for line := range strings.Lines(v.Answers[answerTrail]) {
		if d, err := Parse(strings.TrimSuffix(line, "\n")); err == nil {
			all = append(all, d)
		}
	}
	return all
}

// sought reports whether the place carries what was typed to find it, as the hits of a search do.
func (d Data) sought() bool { return d.Verb == VerbPage && strings.ContainsAny(d.Arg, "=~") }

// samePlace reports whether both are the same record, or pages of the same list.
func (d Data) samePlace(o Data) bool {
	list, _, _ := strings.Cut(d.Arg, ".")
	other, _, _ := strings.Cut(o.Arg, ".")
	return d.Verb == o.Verb && d.ID == o.ID && (d.ID != "" || list == other)
}

// Came is the place that what a message shows was opened from; ok is false if it was opened from none.
func (t *Turn) Came(ctx context.Context, message int64) (place Data, ok bool, err error) {
	if t.In.Chat.Group {
		return Data{}, false, nil
	}
	v, _, err := t.View(ctx, message)
	if err != nil {
		return Data{}, false, err
	}
	trail := trailOf(v)
	if len(trail) == 0 {
		return Data{}, false, nil
	}
	return trail[len(trail)-1], true, nil
}

// ShowOpened is Show for what may have been opened from a list or a reminder: with the way back there.
func (t *Turn) ShowOpened(ctx context.Context, s chat.Screen) (int64, error) {
	if t.In.Press != nil {
		var err error
		if s, err = t.WithBack(ctx, t.In.Message, s); err != nil {
			return 0, err
		}
	}
	return t.Show(ctx, s)
}

// ShowAnswered shows what comes of the answer that was typed to a question, with the way back from where the question stood.
func (t *Turn) ShowAnswered(ctx context.Context, asked int64, s chat.Screen) error {
	s, err := t.WithBack(ctx, asked, s)
	if err != nil {
		return err
	}
	v, _, err := t.View(ctx, asked)
	if err != nil {
		return err
	}
	message, err := t.Show(ctx, s)
	if err != nil || v.Answers[answerTrail] == "" {
		return err
	}
	return t.SaveView(ctx, message, crm.Dialog{Of: v.Of, Answers: map[string]string{answerTrail: v.Answers[answerTrail]}})
}

// MaxRows is how many rows of buttons a phone shows beside what they are about.
const MaxRows = 5

// WithBack is a screen of a message with the way back to where it was opened from: a row of its own, or the left of the last
// row if there are enough rows.
func (t *Turn) WithBack(ctx context.Context, message int64, s chat.Screen) (chat.Screen, error) {
	place, ok, err := t.Came(ctx, message)
	if err != nil || !ok {
		return s, err
	}
	label := t.T.Label("page.list")
	if place.ID != "" && place.Verb != VerbPage {
		label = t.T.Label("button.back")
	}
	rows, back := slices.Clone(s.Buttons), Back(label, place)
	if n := len(rows); n >= MaxRows && len(rows[n-1]) < 3 {
		rows[n-1] = append([]chat.Button{back}, rows[n-1]...)
	} else {
		rows = append(rows, []chat.Button{back})
	}
	s.Buttons = rows
	return s, nil
}

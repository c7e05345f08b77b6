package capture

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// What a button of VerbChange does with a draft, in Data.Arg; anything else is the field to ask for.
const (
	argFields = ""       // list the fields
	argShow   = "show"   // the preview
	argBack   = "back"   // take a dropped draft back
	argNote   = "note"   // ask for a note
	argOpen   = "open="  // show the card with this id
	argClear  = "clear=" // empty this field

	argKnown   = "known="   // of a saved list: take out the one at this place, who is there already
	argRestore = "restore=" // take the card with this id out of the bin
)

// change edits a draft before it is saved.
func change(ctx context.Context, t *talk.Turn, h held, data talk.Data) error {
	if id, ok := strings.CutPrefix(data.Arg, argOpen); ok {
		return openCard(ctx, t, h, crm.ClientID(id))
	}
	if place, ok := strings.CutPrefix(data.Arg, argKnown); ok {
		return single(ctx, t, h, place)
	}
	if h.Form == formCards && data.Arg != argBack {
		return t.Stale(ctx)
	}
	if id, ok := strings.CutPrefix(data.Arg, argRestore); ok {
		return restoreCard(ctx, t, h, crm.ClientID(id))
	}
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	clear, clears := strings.CutPrefix(data.Arg, argClear)
	switch {
	case data.Arg == argFields, data.Arg == argShow, data.Arg == argBack:
		h.Step = ""
	case clears:
		if h.Step = ""; !editable(team, crm.Field(clear)) {
			return t.Stale(ctx)
		}
		if err := h.Draft.Set(team, crm.Field(clear), "", t.Now); err != nil {
			return err
		}
	case data.Arg == argNote || editable(team, crm.Field(data.Arg)):
		h.Step = data.Arg
	default:
		return t.Stale(ctx)
	}
	h.Screen = t.In.Message
	d, err := takeUp(ctx, t, h)
	if err != nil {
		return err
	}
	if data.Arg == argFields {
		_, err = t.Show(ctx, fieldsScreen(t, team, d))
		return err
	}
	return show(ctx, t, d)
}

// draftFields are the fields that a draft can be given.
func draftFields(team crm.Team) []crm.Field {
	all := slices.Clone(crm.DraftFields)
	for _, f := range team.Fields {
		if !f.Removed && !f.Restricted {
			all = append(all, crm.CustomKey(f.ID))
		}
	}
	return all
}

func editable(team crm.Team, f crm.Field) bool { return slices.Contains(draftFields(team), f) }

// fieldsScreen lists what can be changed, filled fields marked.
func fieldsScreen(t *talk.Turn, team crm.Team, d crm.Dialog) chat.Screen {
	var choices []chat.Button
	for _, f := range draftFields(team) {
		label := card.Label(t.T, team, f)
		if (crm.Client{Profile: d.Draft.Profile}).Value(f) != "" {
			label = "✓ " + label
		}
		choices = append(choices, talk.Button(label, talk.VerbChange, key(d), string(f)))
	}
	choices = append(choices, talk.Button(t.T.Label("button.note"), talk.VerbChange, key(d), argNote))
	rows := append(talk.Rows(2, choices...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbChange, key(d), argShow)})
	return chat.Screen{Text: t.T.HTML("edit.choose", "name", heading(t, d)), Buttons: rows}
}

func heading(t *talk.Turn, d crm.Dialog) string {
	if title := d.Draft.Title(); title != "" {
		return fit.Line(title, mostValue)
	}
	return t.T.Label("draft.of_nobody")
}

// hints say how to write a field; the questions of /add say it too.
var hints = map[crm.Field]string{
	crm.FieldPhones: "edit.hint.phones", crm.FieldEmails: "edit.hint.emails", crm.FieldMessengers: "edit.hint.messengers",
	crm.FieldTags: "edit.hint.tags", crm.FieldInterests: "edit.hint.interests", crm.FieldBirthday: "draft.hint_birthday",
	crm.FieldDates: "edit.hint.dates",
}

// question asks for the field in d.Step, and says what was wrong with the last answer.
func question(t *talk.Turn, team crm.Team, d crm.Dialog, wrong error) chat.Screen {
	f := crm.Field(d.Step)
	var s chat.Screen
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbChange, key(d), argShow)}
	if d.Step == argNote {
		s.Text = t.T.HTML("note.ask", "name", heading(t, d))
	} else {
		now := fit.Line(card.Value(t, team, crm.Client{Profile: d.Draft.Profile}, f), mostValue*2)
		ask := "edit.ask"
		if now == "" {
			ask = "edit.ask_empty"
		}
		s.Text = t.T.HTML(ask, "field", card.Label(t.T, team, f), "name", heading(t, d), "now", now)
		if hint := hints[f]; hint != "" {
			s.Text += "\n" + t.T.HTML(hint)
		}
		if now != "" && f != crm.FieldName {
			last = append(last, talk.Button(t.T.Label("button.clear"), talk.VerbChange, key(d), argClear+d.Step))
		}
	}
	s.Text = t.Refusal(wrong) + s.Text
	s.Buttons = [][]chat.Button{last}
	return s
}

// nameWait is how long after the preview of a nameless client a text is taken for the name; later it is a search.
const nameWait = 10 * time.Minute

// answerDraft takes a text for what was asked, or for the name of a client who has none. Everything else means what it
// would mean without the draft: a piece of it, or a search.
func answerDraft(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	in := t.In
	typed := in.Text != "" && in.Contact == nil && in.Forward == nil && in.File == nil && !in.Edited
	if !typed || in.Reply != nil && in.Reply.Ours && !answers(in, d) || d.Draft == nil {
		return passOn(ctx, t, d)
	}
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return true, err
	}
	switch {
	case t.Repeated(d):
		return true, show(ctx, t, d)
	case d.Step != "":
		return true, answerField(ctx, t, team, d)
	case crm.IsBare(in.Text, team.Region) != crm.BareNone:
		return false, nil
	case d.Draft.Profile.Name == "" && (answers(in, d) || in.At.Sub(lastAt(d)) <= nameWait):
		piece, _ := crm.DraftFromLine(in.Text, team, in.At.In(t.Now.Location()), t.By.Cause)
		return true, join(ctx, t, d, piece)
	case answers(in, d):
		piece := crm.Draft{}
		if err := piece.SetNote(in.Text, in.At, string(t.By.Cause)); err != nil {
			return true, err
		}
		return true, join(ctx, t, d, piece)
	}
	return passOn(ctx, t, d)
}

// join adds what was typed to the draft and shows it below.
func join(ctx context.Context, t *talk.Turn, d crm.Dialog, piece crm.Draft) error {
	d.Draft.Merge(piece)
	d.Answers[keyAt] = millis(t.In.At)
	d, err := t.Save(ctx, d)
	if err != nil {
		return err
	}
	return show(ctx, t, d)
}

// answerField takes a typed value; one that is not acceptable is asked for again.
func answerField(ctx context.Context, t *talk.Turn, team crm.Team, d crm.Dialog) error {
	var err error
	if d.Step == argNote {
		err = d.Draft.SetNote(t.In.Text, t.In.At, string(t.By.Cause))
	} else {
		err = d.Draft.Set(team, crm.Field(d.Step), t.In.Text, t.Now)
	}
	if errors.Is(err, crm.ErrInvalid) {
		at, err := t.Send(ctx, question(t, team, d, err))
		if err != nil {
			return err
		}
		return shownAt(ctx, t, d, at)
	}
	if err != nil {
		return err
	}
	d.Answers[keyUnclear] = strings.TrimSpace(strings.ReplaceAll(" "+d.Answers[keyUnclear]+" ", " "+d.Step+" ", " "))
	d.Step = ""
	d.Answers[keyAt] = millis(t.In.At)
	if d, err = t.Save(ctx, d); err != nil {
		return err
	}
	return show(ctx, t, d)
}

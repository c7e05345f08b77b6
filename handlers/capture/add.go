package capture

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/form"
	"kartoteka/handlers/talk"
)

// add begins the form, or reads the line behind the command.
func add(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	if strings.TrimSpace(t.In.Args) != "" {
		return addLine(ctx, t, team, t.In.Args)
	}
	d := newDialog(t, formAdd)
	d.Draft = &crm.Draft{}
	d, _ = addForm(t, team).Begin(d)
	if d, err = t.Open(ctx, d); err != nil {
		return err
	}
	return showAdd(ctx, t, d)
}

// addFound writes down what was searched for in vain: what the button carries, or what its message's view remembers
// of a longer text.
func addFound(ctx context.Context, t *talk.Turn, d talk.Data) error {
	text := d.Arg
	if text == "" {
		v, ok, err := t.View(ctx, t.In.Message)
		if err != nil {
			return err
		}
		if text = crm.Retyped(v.Answers["q"]); !ok || text == "" {
			return t.Stale(ctx)
		}
	}
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	return addLine(ctx, t, team, text)
}

// fieldOf is the field that an error of the one-line parser is about.
var fieldOf = map[string]crm.Field{
	"phone": crm.FieldPhones, "email": crm.FieldEmails, "username": crm.FieldMessengers, "birthday": crm.FieldBirthday, "name": crm.FieldName,
}

func addLine(ctx context.Context, t *talk.Turn, team crm.Team, line string) error {
	d := newDialog(t, formDraft)
	piece, errs := crm.DraftFromLine(line, team, t.In.At.In(t.Now.Location()), t.By.Cause)
	var unclear []string
	for _, err := range errs {
		var e *crm.Error
		if !errors.As(err, &e) {
			continue
		}
		name, _, _ := strings.Cut(e.Field, ".")
		if f := string(fieldOf[name]); f != "" && !slices.Contains(unclear, f) {
			unclear = append(unclear, f)
		}
	}
	d.Draft, d.Answers[keyUnclear] = &piece, strings.Join(unclear, " ")
	return begin(ctx, t, d)
}

// given marks a step that a shared contact has answered: it is not asked. No dot: it is the key of a stored map, and
// MongoDB-compatible servers refuse those.
const given = "given_"

// addForm is the form of /add for a team.
func addForm(t *talk.Turn, team crm.Team) form.Form {
	field := func(f crm.Field) func(d *crm.Dialog, a form.Answer) error {
		return func(d *crm.Dialog, a form.Answer) error { return d.Draft.Set(team, f, a.Text, t.Now) }
	}
	steps := []form.Step{
		{Name: "name", Question: "ask.name", Judge: field(crm.FieldName)},
		{Name: "phone", Question: "ask.phone", Optional: true, Judge: field(crm.FieldPhones)},
		{Name: "work", Question: "ask.work", Optional: true, Judge: func(d *crm.Dialog, a form.Answer) error {
			return d.Draft.SetWork(team, a.Text, t.Now)
		}},
		{Name: "email", Question: "ask.email", Optional: true, Judge: field(crm.FieldEmails)},
		{Name: "tags", Question: "ask.tags", Optional: true, Judge: field(crm.FieldTags)},
		{Name: "birthday", Question: "ask.birthday", Optional: true, Judge: field(crm.FieldBirthday)},
		{Name: "note", Question: "ask.note", Optional: true, Judge: func(d *crm.Dialog, a form.Answer) error {
			return d.Draft.SetNote(a.Text, t.In.At, formAdd)
		}},
	}
	for i, s := range steps {
		steps[i].Skip = func(d crm.Dialog) bool { return d.Answers[given+s.Name] != "" }
		steps[i].Judge = func(d *crm.Dialog, a form.Answer) error {
			if a.Contact != nil {
				return nil // it has been joined to the draft
			}
			return s.Judge(d, a)
		}
	}
	return form.Form{Name: formAdd, Steps: steps}
}

// markGiven marks the present step and those to come that a contact has answered; what was typed can be gone back to.
func markGiven(f form.Form, d crm.Dialog, p crm.Profile) {
	has := map[string]bool{"name": p.Name != "", "phone": len(p.Phones) > 0, "work": p.Company != "", "email": len(p.Emails) > 0,
		"birthday": !p.Birthday.IsZero()}
	ahead := false
	for _, s := range f.Steps {
		if ahead = ahead || s.Name == d.Step; ahead && has[s.Name] {
			d.Answers[given+s.Name] = "1"
		}
	}
}

// showAdd asks the present question.
func showAdd(ctx context.Context, t *talk.Turn, d crm.Dialog) error { return ask(ctx, t, d, nil, "") }

// ask asks the present question: on the message that was pressed, or below. Wrong is what was wrong with the last
// answer, lead a line to stand before the question.
func ask(ctx context.Context, t *talk.Turn, d crm.Dialog, wrong error, lead string) error {
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	f := addForm(t, team)
	step, ok := f.At(d)
	if !ok {
		return show(ctx, t, d)
	}
	s := t.Question(step, f.First(d), wrong)
	if lead != "" {
		s.Text = lead + "\n\n" + s.Text
	}
	at, err := t.Show(ctx, s)
	if err != nil {
		return err
	}
	return shownAt(ctx, t, d, at)
}

// answerAdd takes an answer. A contact, a forwarded message, a voice note and other files join the draft at any
// step; what holds nothing of all that is told so, and the question stands.
func answerAdd(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	in := t.In
	switch {
	case in.Reply != nil && in.Reply.Ours && !answers(in, d), in.File != nil && isCards(*in.File):
		return false, nil
	case t.Repeated(d):
		return true, showAdd(ctx, t, d)
	case in.Edited:
		return true, ask(ctx, t, d, nil, t.T.HTML("add.edited"))
	case in.Contact != nil, in.Forward != nil, in.File != nil:
		return true, joinAdd(ctx, t, d)
	case strings.TrimSpace(in.Text) == "":
		return true, ask(ctx, t, d, nil, t.T.HTML("form.text_please"))
	}
	return true, advance(ctx, t, d, form.Answered, form.Answer{Text: in.Text})
}

// joinAdd joins what is no typed answer to the draft; a contact answers the questions that it can.
func joinAdd(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	if t.In.Contact != nil {
		piece := contactPiece(t, team)
		d.Draft.Merge(piece)
		if markGiven(addForm(t, team), d, d.Draft.Profile); d.Answers[given+d.Step] != "" {
			return advance(ctx, t, d, form.Answered, form.Answer{Contact: t.In.Contact})
		}
	} else {
		piece := filePiece(t)
		if t.In.Forward != nil {
			if piece, err = forwardPiece(ctx, t); err != nil {
				return err
			}
		}
		d.Draft.Merge(piece)
	}
	if d, err = t.Save(ctx, d); err != nil {
		return err
	}
	return ask(ctx, t, d, nil, t.T.HTML("add.noted"))
}

// advance makes a move in the form; behind the last question stands the preview.
func advance(ctx context.Context, t *talk.Turn, d crm.Dialog, m form.Move, a form.Answer) error {
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return err
	}
	next, out, wrong := addForm(t, team).Advance(d, m, a)
	switch out {
	case form.Refused:
		return ask(ctx, t, d, wrong, "")
	case form.Cancelled:
		return t.Cancel(ctx, t.In.Message)
	case form.Ignored:
		return showAdd(ctx, t, d)
	case form.Finished:
		next.Form, next.Step = formDraft, ""
		next.Answers[keyAt] = millis(t.In.At)
	}
	if next, err = t.Save(ctx, next); err != nil {
		return err
	}
	if out == form.Finished {
		return show(ctx, t, next)
	}
	return showAdd(ctx, t, next)
}

// moves are what the buttons of a question do.
var moves = map[talk.Verb]form.Move{talk.VerbBack: form.Back, talk.VerbSkip: form.Skipped, talk.VerbCancel: form.Cancel}

// pressAdd makes the move of a button. One under an older question does nothing: its answer has been given.
func pressAdd(ctx context.Context, t *talk.Turn, d crm.Dialog, data talk.Data) error {
	m, ok := moves[data.Verb]
	switch {
	case t.Repeated(d):
		return showAdd(ctx, t, d)
	case !ok, d.Screen != 0 && d.Screen != t.In.Message, m != form.Cancel && data.Arg != d.Step:
		return t.Stale(ctx)
	}
	return advance(ctx, t, d, m, form.Answer{})
}

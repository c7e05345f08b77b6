package clean

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What a button of talk.VerbClean does.
const (
	doGo      = "go"   // begin; with a dot and the figure. ID: whose clients
	doNext    = "next" // the next ten
	doHere    = "here" // show the round as it now is
	doSet     = "set"  // with a dot and what the card needed, and the value or its number
	doSkip    = "skip"
	doValid   = "valid"
	doArchive = "arch"
	doBack    = "back"
	doStop    = "stop"
	doTwin    = "twin" // write it though another card has it
	doUndo    = "undo" // with a dot and the revision that was made; ID: of which card
)

func registerRound(r *talk.Router) {
	r.Press(talk.VerbClean, pressRound)
	r.Form(formRound, talk.Form{Question: true, Answer: answer,
		Press: func(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error { return t.Stale(ctx) },
		Cancel: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			r, ok, err := roundOn(ctx, t, d.Screen)
			if err != nil || !ok {
				return errors.Join(err, t.End(ctx))
			}
			return r.over(ctx, t, "")
		},
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			r, ok, err := roundOn(ctx, t, d.Screen)
			if err != nil || !ok {
				return err
			}
			return r.again(ctx, t, "")
		}})
}

// pressRound moves the round on the pressed message. A button of another card than the one that is shown was pressed twice, or is
// old: the round is shown as it is.
func pressRound(ctx context.Context, t *talk.Turn, d talk.Data) error {
	do, rest, _ := strings.Cut(d.Arg, ".")
	if do == doGo {
		return begin(ctx, t, crm.CleanInput{Part: crm.QualityPart(rest), Of: crm.MemberID(d.ID)})
	}
	r, ok, err := roundOn(ctx, t, t.In.Message)
	if err == nil && !ok {
		err = t.Stale(ctx)
	}
	if err != nil || !ok {
		return err
	}
	return pressRoundOn(ctx, t, r, d)
}

// pressRoundOn does what a button of a round says, or its words that were typed.
func pressRoundOn(ctx context.Context, t *talk.Turn, r *round, d talk.Data) error {
	do, rest, _ := strings.Cut(d.Arg, ".")
	switch {
	case do == doUndo:
		return r.takeBack(ctx, t, crm.ClientID(d.ID), rest)
	case do == doNext && r.Next != nil && r.At == len(r.Cards):
		return begin(ctx, t, crm.CleanInput{Part: r.Part, Of: r.Of, After: r.Next})
	case r.At >= len(r.Cards):
		return r.over(ctx, t, "")
	case do == doHere, !r.is(crm.ClientID(d.ID)):
		return r.again(ctx, t, "")
	}
	return r.move(ctx, t, do, rest)
}

// move does with the present card what a button says.
func (r *round) move(ctx context.Context, t *talk.Turn, do, rest string) error {
	id := r.Cards[r.At]
	switch do {
	case doSkip:
		return r.skip(ctx, t)
	case doBack:
		r.Undo = nil
		return r.show(ctx, t, r.At-1, -1, "")
	case doStop:
		return r.over(ctx, t, "")
	case doValid:
		c, err := t.Desk.ConfirmClient(ctx, t.By, id)
		if err != nil {
			return err
		}
		return r.goOn(ctx, t, didValid, c, t.T.HTML(sayings[confirms(r.Need)], "name", c.Name))
	case doArchive:
		c, err := t.Desk.ArchiveClient(ctx, t.By, id, "")
		if err != nil {
			return err
		}
		return r.goOn(ctx, t, didArchive, c, t.T.HTML("clean.said_archived", "name", c.Name))
	case doTwin:
		q, ok, err := t.Dialog(ctx)
		if err != nil {
			return err
		}
		if g, gap := r.Need.Gap(); ok && gap && q.Form == formRound && q.Answers["client"] == string(id) && q.Answers["value"] != "" {
			return r.fill(ctx, t, crm.FillIn{Gap: g, Value: q.Answers["value"], Despite: true})
		}
	case doSet:
		dot := strings.LastIndexByte(rest, '.') // an own field has one in its name
		if dot < 0 {
			return t.Stale(ctx)
		}
		if need, value := rest[:dot], rest[dot+1:]; crm.QualityPart(need) == r.Need { // else it was pressed twice, and the card needs something else by now
			return r.set(ctx, t, value)
		}
	}
	return r.again(ctx, t, "")
}

// set puts the value of a button.
func (r *round) set(ctx context.Context, t *talk.Turn, value string) error {
	id := r.Cards[r.At]
	now, err := t.Desk.CleanCard(ctx, t.By, id, r.Need)
	if err != nil {
		return err
	}
	if now.Needs == "" { // somebody else was faster
		return r.show(ctx, t, r.At, 1, t.T.HTML("clean.said_already", "name", now.Client.Name))
	}
	switch r.Need {
	case crm.PartEarly:
		if value == string(crm.StageLead) { // it is right as it is
			return r.move(ctx, t, doValid, "")
		}
		c, err := t.Desk.EditClient(ctx, t.By, id, crm.Edit{Field: crm.FieldStage, Value: value, Force: true})
		return r.written(ctx, t, c, t.T.Label("stage."+value), err)
	case crm.PartUnmanaged:
		c, err := t.Desk.HandOverClient(ctx, t.By, id, crm.MemberID(value))
		return r.written(ctx, t, c, t.MemberNames(ctx)[crm.MemberID(value)], err)
	case crm.PartOf(crm.GapWrong):
		return r.fill(ctx, t, crm.FillIn{Gap: crm.GapWrong})
	}
	n, err := strconv.Atoi(value)
	g, ok := r.Need.Gap()
	if err != nil || !ok || n < 0 || n >= len(r.Choices) {
		return t.Stale(ctx)
	}
	return r.fill(ctx, t, crm.FillIn{Gap: g, Value: r.Choices[n]})
}

// fill writes what the present card lacks, and goes on.
func (r *round) fill(ctx context.Context, t *talk.Turn, in crm.FillIn) error {
	c, err := t.Desk.FillGap(ctx, t.By, r.Cards[r.At], in)
	var twin *crm.DuplicateError
	switch {
	case errors.As(err, &twin):
		return r.askTwin(ctx, t, twin, in.Value)
	case errors.Is(err, crm.ErrConflict):
		return r.show(ctx, t, r.At, 1, t.T.HTML("clean.said_already", "name", c.Name))
	case errors.Is(err, crm.ErrInvalid):
		return r.refuse(ctx, t, strings.TrimSpace(t.Refusal(err)))
	}
	return r.written(ctx, t, c, in.Value, err)
}

// written says what was put, and goes on.
func (r *round) written(ctx context.Context, t *talk.Turn, c crm.Client, value string, err error) error {
	if err != nil {
		return err
	}
	said := t.T.HTML("clean.said_set", "name", c.Name, "value", value)
	if value == "" {
		said = t.T.HTML("clean.said_dropped", "name", c.Name)
	}
	return r.goOn(ctx, t, didSet, c, said)
}

// askTwin says whose phone or e-mail it is already, and lets the member write it all the same.
func (r *round) askTwin(ctx context.Context, t *talk.Turn, twin *crm.DuplicateError, value string) error {
	id := string(r.Cards[r.At])
	open := func(label string, other crm.ClientID) chat.Button {
		return talk.Under(talk.Data{Verb: talk.VerbClean, ID: id, Arg: doHere}, talk.Button(label, talk.VerbCard, string(other), ""))
	}
	s := card.Twins(ctx, t, twin.Found, open, talk.Button(t.T.Label("button.back"), talk.VerbClean, "", doHere),
		talk.Button(t.T.Label("button.all_the_same"), talk.VerbClean, id, doTwin))
	message, err := t.Show(ctx, s)
	if err != nil {
		return err
	}
	if err := r.save(ctx, t, message); err != nil {
		return err
	}
	_, err = t.Open(ctx, crm.Dialog{Form: formRound, Screen: message,
		Answers: map[string]string{"client": id, "need": string(r.Need), "value": value}})
	return err
}

package clean

import (
	"context"
	"errors"
	"slices"
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
	switch {
	case err != nil:
		return err
	case !ok:
		return t.Stale(ctx)
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
		return r.goOn(ctx, t, didSkip, "")
	case doBack:
		return r.show(ctx, t, r.At-1, -1, "")
	case doStop:
		return r.over(ctx, t, "")
	case doValid:
		c, err := t.Desk.ConfirmClient(ctx, t.By, id)
		if err != nil {
			return err
		}
		return r.goOn(ctx, t, didValid, t.T.HTML("clean.said_valid", "name", c.Name))
	case doArchive:
		c, err := t.Desk.ArchiveClient(ctx, t.By, id, "")
		if err != nil {
			return err
		}
		return r.goOn(ctx, t, didArchive, t.T.HTML("clean.said_archived", "name", c.Name))
	case doTwin:
		q, ok, err := t.Dialog(ctx)
		if err != nil {
			return err
		}
		if g, gap := r.Need.Gap(); ok && gap && q.Form == formRound && q.Answers["client"] == string(id) && q.Answers["value"] != "" {
			return r.fill(ctx, t, crm.FillIn{Gap: g, Value: q.Answers["value"], Despite: true})
		}
	case doSet:
		need, value, _ := strings.Cut(rest, ".")
		if crm.QualityPart(need) == r.Need { // else it was pressed twice, and the card needs something else by now
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
		return r.again(ctx, t, strings.TrimSpace(t.Refusal(err)))
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
	return r.goOn(ctx, t, didSet, said)
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

// answer takes what was typed, or a contact that was shared, for what the present card lacks.
func answer(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	r, ok, err := roundOn(ctx, t, d.Screen)
	if err != nil || !ok || !r.is(crm.ClientID(d.Answers["client"])) {
		return false, err
	}
	if t.Repeated(d) { // this very message was the answer to the question before
		return true, r.again(ctx, t, "")
	}
	g, ok := crm.QualityPart(d.Answers["need"]).Gap()
	value := t.In.Text
	if phone := g == crm.GapPhone || g == crm.GapWrong; t.In.Contact != nil && phone {
		value = t.In.Contact.Phone
	} else if !talk.Typed(t.In) {
		return false, nil
	}
	if !ok || value == "" {
		return false, nil
	}
	if looks, err := looksFor(ctx, t, r, g, value); err != nil || looks {
		return false, errors.Join(err, t.End(ctx))
	}
	t.Retire(ctx, d.Screen)
	shown := crm.CleanCard{Client: crm.Client{ID: r.Cards[r.At]}, Needs: r.Need}
	if pressed, ok := talk.TypedButton(r.ways(t, shown), value); ok && pressed.Verb == talk.VerbClean {
		return true, r.move(ctx, t, pressed.Arg, "")
	}
	return true, r.fill(ctx, t, crm.FillIn{Gap: g, Value: value})
}

// looksFor reports whether what was typed is how one looks for a client: a card that was just saved is asked about unbidden, and the
// text it would take anything for is somebody's name.
func looksFor(ctx context.Context, t *talk.Turn, r *round, g crm.Gap, value string) (bool, error) {
	if !r.Saved || g != crm.GapSource && g != crm.GapCity && g != crm.GapCompany || slices.Contains(r.Choices, value) {
		return false, nil
	}
	found, err := t.Desk.FindPage(ctx, t.By, value, 0, 1)
	if err != nil || found.Total == 0 || !found.Exact() {
		return false, err
	}
	return found.Hits[0].Why.Field == crm.WhyName, nil
}

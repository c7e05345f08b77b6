package clean

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
)

// answer takes what was typed, or a contact that was shared, for what the present card lacks. What is no answer may be anything else, such as
// a search; only what nobody else could read either is asked about again.
func answer(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	r, ok, err := roundOn(ctx, t, d.Screen)
	if err != nil || !ok || !r.is(crm.ClientID(d.Answers["client"])) {
		return false, err
	}
	if t.Repeated(d) { // this very message was the answer to the question before
		return true, r.again(ctx, t, "")
	}
	g, ok := crm.QualityPart(d.Answers["need"]).Gap()
	if !ok {
		return false, nil
	}
	if t.In.Contact != nil && g.Field() == crm.FieldPhones {
		return true, r.fill(ctx, t, crm.FillIn{Gap: g, Value: t.In.Contact.Phone})
	}
	if !talk.Typed(t.In) || t.In.Text == "" {
		return false, nil
	}
	shown := crm.CleanCard{Client: crm.Client{ID: r.Cards[r.At]}, Needs: r.Need}
	if pressed, ok := talk.TypedButton(r.ways(t, shown), t.In.Text); ok && pressed.Verb == talk.VerbClean {
		return true, pressRoundOn(ctx, t, r, pressed)
	}
	switch what, err := t.Desk.MeaningOf(ctx, t.By, crm.Typed{Gap: g, Text: t.In.Text, Choices: r.Choices}); {
	case err != nil:
		return false, err
	case what == crm.MeantElse && r.Saved: // it was asked unbidden, and waits no longer
		return false, t.End(ctx)
	case what == crm.MeantElse:
		return false, nil
	case what == crm.MeantNothing:
		return true, r.refuse(ctx, t, t.T.HTML("clean.no_answer", "skip", t.T.Label(r.passing())))
	}
	return true, r.fill(ctx, t, crm.FillIn{Gap: g, Value: t.In.Text})
}

// passing is the key of the button that leaves a question for later.
func (r *round) passing() string {
	if r.Saved {
		return "clean.later"
	}
	return "button.skip"
}

// refuse says what was wrong with an answer, on the card in the place of the one above: two of them would be the same twice.
func (r *round) refuse(ctx context.Context, t *talk.Turn, said string) error {
	if t.In.Press == nil {
		t.Remove(ctx, r.message)
	}
	return r.again(ctx, t, said)
}

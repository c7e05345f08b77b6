package clean

import (
	"context"
	"slices"
	"strings"

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
	if t.In.Contact != nil && asksPhone(g) {
		return true, r.fill(ctx, t, crm.FillIn{Gap: g, Value: t.In.Contact.Phone})
	}
	if !talk.Typed(t.In) || t.In.Text == "" {
		return false, nil
	}
	shown := crm.CleanCard{Client: crm.Client{ID: r.Cards[r.At]}, Needs: r.Need}
	if pressed, ok := talk.TypedButton(r.ways(t, shown), t.In.Text); ok && pressed.Verb == talk.VerbClean {
		return true, pressRoundOn(ctx, t, r, pressed)
	}
	switch what, err := r.meant(ctx, t, g, t.In.Text); {
	case err != nil:
		return false, err
	case what == meantElse && r.Saved: // it was asked unbidden, and waits no longer
		return false, t.End(ctx)
	case what == meantElse:
		return false, nil
	case what == meantNothing:
		return true, r.refuse(ctx, t, t.T.HTML("clean.no_answer", "skip", t.T.Label(r.passing())))
	}
	return true, r.fill(ctx, t, crm.FillIn{Gap: g, Value: t.In.Text})
}

func asksPhone(g crm.Gap) bool { return g == crm.GapPhone || g == crm.GapWrong }

// What a text that was typed in a round is meant for.
const (
	meantAnswer  = iota
	meantElse    // what it is without the round: a search, somebody's phone
	meantNothing // neither
)

// meant tells an answer from what one types to find a client: a question that takes any text would take a name for it.
func (r *round) meant(ctx context.Context, t *talk.Turn, g crm.Gap, text string) (int, error) {
	address, number := strings.Contains(text, "@"), strings.ContainsAny(text, "0123456789")
	contact := address || len(crm.FindPhones(text, "")) > 0
	own := g.Field().Custom() != "" // it may hold anything, a number like a phone's too
	free := own || g == crm.GapSource || g == crm.GapCity || g == crm.GapCompany
	switch {
	case slices.Contains(r.Choices, text), asksPhone(g) && number, g == crm.GapEmail && address:
		return meantAnswer, nil
	case contact && !own:
		return meantElse, nil
	case g == crm.GapBirthday && number:
		return meantAnswer, nil
	}
	found, err := t.Desk.FindPage(ctx, t.By, text, 0, 1)
	if err != nil {
		return meantElse, err
	}
	known := found.Total > 0 && found.Exact()
	switch {
	case free && known && (contact || calls(found.Hits[0], g)), !free && known:
		return meantElse, nil
	case free:
		return meantAnswer, nil
	}
	return meantNothing, nil
}

// calls reports whether a hit was called by its name; a company's is a good answer to who somebody works for.
func calls(h crm.Hit, g crm.Gap) bool {
	return h.Why.Field == crm.WhyName && (g != crm.GapCompany || h.Client.Kind != crm.KindCorporate)
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

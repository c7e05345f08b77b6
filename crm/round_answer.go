package crm

import (
	"context"
	"slices"
	"strings"
)

// Meaning is what a text that was typed while a card lacks something is meant for.
type Meaning string

const (
	MeantAnswer  Meaning = "answer"
	MeantElse    Meaning = "else"    // what it is without the question: a search, somebody's phone
	MeantNothing Meaning = "nothing" // neither
)

// Typed is what was typed where a card lacks something.
type Typed struct {
	Gap     Gap
	Text    string
	Choices []string // that are offered beside
}

// MeaningOf tells an answer from what one types to find a client: a question that takes any text would take a name for it.
func (d *Desk) MeaningOf(ctx context.Context, by Actor, in Typed) (Meaning, error) {
	team, err := d.Team(ctx, by)
	if err != nil {
		return MeantElse, err
	}
	address, number := strings.Contains(in.Text, "@"), strings.ContainsAny(in.Text, "0123456789")
	contact := address || len(FindPhones(in.Text, team.Region)) > 0
	own := in.Gap.Field().Custom() != "" // it may hold anything, a number like a phone's too
	free := own || in.Gap == GapSource || in.Gap == GapCity || in.Gap == GapCompany
	switch {
	case slices.Contains(in.Choices, in.Text), in.Gap.asksPhone() && number, in.Gap == GapEmail && address:
		return MeantAnswer, nil
	case contact && !own:
		return MeantElse, nil
	case in.Gap == GapBirthday && number:
		return MeantAnswer, nil
	}
	found, err := d.FindPage(ctx, by, in.Text, 0, 1)
	if err != nil {
		return MeantElse, err
	}
	known := found.Total > 0 && found.Exact()
	switch {
	case free && known && (contact || in.Gap.calls(found.Hits[0])), !free && known:
		return MeantElse, nil
	case free:
		return MeantAnswer, nil
	}
	return MeantNothing, nil
}

// asksPhone reports whether a phone closes a gap.
func (g Gap) asksPhone() bool { return g.Field() == FieldPhones }

// calls reports whether a hit was called by its name; a company's is a good answer to who somebody works for.
func (g Gap) calls(h Hit) bool {
	return h.Why.Field == WhyName && (g != GapCompany || h.Client.Kind != KindCorporate)
}

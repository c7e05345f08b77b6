package crm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kartoteka/crm/spell"
)

// CleanAtOnce is how many cards one round goes through: a quarter of an hour of work.
const CleanAtOnce = 10

// CleanInput says what a round is to mend.
type CleanInput struct {
	Part  QualityPart
	Of    MemberID    // whose cards; "": all that by may edit
	After *ClientMark // go on behind this card
}

// CleanRound is the cards that a round goes through, the newest first.
type CleanRound struct {
	Clients []ClientID
	Next    *ClientMark // where the next round goes on; nil: there are no more
}

// CleanRound begins a round over cards of a figure that by may edit.
func (d *Desk) CleanRound(ctx context.Context, by Actor, in CleanInput) (CleanRound, error) {
	team, _, err := d.gate(ctx, by, ActionEditClient)
	if err != nil {
		return CleanRound{}, err
	}
	q, err := d.partQuery(ctx, team, in.Part)
	if err != nil {
		return CleanRound{}, err
	}
	if len(q.Lacks) == 0 && (in.Part == PartRequired || in.Part == PartAny) {
		return CleanRound{}, nil // nothing is required
	}
	q.Owner = in.Of
	if _, q, err = d.within(ctx, by, ActionEditClient, q); err != nil {
		return CleanRound{}, err
	}
	q.Sort, q.After, q.Limit = SortByNewest, in.After, CleanAtOnce+1
	cards, err := d.store.Clients(ctx, q)
	if err != nil {
		return CleanRound{}, fmt.Errorf("list clients to mend: %w", err)
	}
	var r CleanRound
	for i, c := range cards {
		if i == CleanAtOnce {
			mark := cards[i-1].Mark(q.Sort)
			r.Next = &mark
			break
		}
		r.Clients = append(r.Clients, c.ID)
	}
	return r, nil
}

// CleanCard is one card of a round as it now is.
type CleanCard struct {
	Client  Client
	Needs   QualityPart // what is to be mended first; "": nothing any more
	Own     CustomField // in which that is to be put, if it is one of the team's own
	Choices []string    // what others have there: it can be put with one tap
}

// CleanCard looks at a card that is to be mended. ErrDenied if by may not edit it, ErrInvalid on "deleted" if it is in the bin.
func (d *Desk) CleanCard(ctx context.Context, by Actor, id ClientID, p QualityPart) (CleanCard, error) {
	team, reach, err := d.gate(ctx, by, ActionEditClient)
	if err != nil {
		return CleanCard{}, err
	}
	c, err := d.visible(ctx, team, by, id)
	if err != nil {
		return CleanCard{}, err
	}
	switch {
	case !reach.allows(c):
		return CleanCard{}, &Error{Kind: ErrDenied, Field: string(ActionEditClient)}
	case !c.Deleted.IsZero():
		return CleanCard{}, invalid("deleted")
	}
	if err := d.looked(ctx, by, team, id); err != nil {
		return CleanCard{}, err
	}
	out := CleanCard{Client: c.seenBy(by.Role, team)}
	if out.Needs, err = d.needs(ctx, team, c, p); err != nil {
		return out, err
	}
	if g, ok := out.Needs.Gap(); ok {
		out.Own, _ = team.Field(g.Field().Custom())
		switch {
		case out.Own.Kind == FieldChoice:
			out.Choices = out.Own.Choices
		case g == GapSource, g == GapCity:
			out.Choices, err = d.known(ctx, by, g.Field(), 1)
		case out.Own.Kind == FieldText: // the number of a contract is nobody else's
			out.Choices, err = d.known(ctx, by, g.Field(), 2)
		}
	}
	return out, err
}

// needs is what is to be mended first of a card that is looked at for a figure; "" if it is none of that figure.
func (d *Desk) needs(ctx context.Context, team Team, c Client, p QualityPart) (QualityPart, error) {
	if c.away() {
		return "", nil
	}
	gaps, missing := team.lacks(c), team.missing(c)
	switch g, isGap := p.Gap(); {
	case p == PartRequired, p == PartAny && len(missing) > 0:
		return firstNeed(missing, missing), nil
	case p == PartAny:
		return firstNeed(Gaps, gaps), nil
	case isGap:
		return firstNeed([]Gap{g}, gaps), nil
	}
	q, err := d.partQuery(ctx, team, p)
	if q.Team = team.ID; err != nil || !q.Match(c) {
		return "", err
	}
	if asked := p == PartSilent || p == PartEarly; asked && c.Confirmed.After(c.Created) && c.Freshness(d.now()) == Fresh {
		return "", nil // somebody has said of late that it is right as it is
	}
	return p, nil
}

// firstNeed is the first gap of a list that a card has; "" if it has none.
func firstNeed(list, has []Gap) QualityPart {
	for _, g := range list {
		if slices.Contains(has, g) {
			return PartOf(g)
		}
	}
	return ""
}

// What is offered to be put with one tap, of the cards that were added last.
const (
	knownSample = 100
	knownOffer  = 4  // two rows
	knownRunes  = 18 // two stand side by side on a phone
)

// known lists the values of a field that at least so many of the newest cards have which by may see, the most frequent first.
func (d *Desk) known(ctx context.Context, by Actor, f Field, least int) ([]string, error) {
	cards, err := d.List(ctx, by, ClientQuery{Sort: SortByNewest, Limit: knownSample})
	if err != nil {
		return nil, err
	}
	count, written := map[string]int{}, map[string]string{}
	for _, c := range cards {
		v := c.Value(f)
		if key := spell.Fold(v); key != "" && len([]rune(v)) <= knownRunes {
			count[key]++
			written[key] = cmp.Or(written[key], v)
		}
	}
	var out []string
	for key, n := range count {
		if n >= least {
			out = append(out, written[key])
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(count[spell.Fold(b)]-count[spell.Fold(a)], strings.Compare(a, b)) })
	return out[:min(len(out), knownOffer)], nil
}

// FillIn closes a gap of a card.
type FillIn struct {
	Gap     Gap
	Value   string // as typed; of GapWrong "" takes the wrong numbers away
	Despite bool   // take what another card has, too
}

// FillGap writes the one value that a card lacks, or a right number in the place of the wrong ones. ErrConflict on "gap" if somebody
// has closed it meanwhile, a DuplicateError if another card has the value, ErrInvalid on the field.
func (d *Desk) FillGap(ctx context.Context, by Actor, id ClientID, in FillIn) (Client, error) {
	f := in.Gap.Field()
	if f == "" {
		return Client{}, invalid("quality")
	}
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		if !slices.Contains(ch.team.lacks(*ch.client), in.Gap) {
			return &Error{Kind: ErrConflict, Field: "gap"}
		}
		if in.Gap != GapWrong && strings.TrimSpace(in.Value) == "" {
			return invalid(string(f))
		}
		before := *ch.client
		if err := ch.client.set(entry{team: ch.team, now: d.clock.Now().In(by.Location()), vault: d.vault}, f, in.Value); err != nil {
			return err
		}
		if in.Gap == GapWrong {
			ch.client.Phones = beside(before.Phones, ch.client.Phones)
		}
		if slices.Contains(ch.team.lacks(*ch.client), in.Gap) {
			return invalid(string(f))
		}
		if in.Despite {
			return nil
		}
		return d.unheld(ctx, ch, by, before)
	})
}

// beside are the numbers that can be called, and others with them.
func beside(phones, others []Phone) []Phone {
	right := slices.DeleteFunc(slices.Clone(phones), func(p Phone) bool { return !p.callable() })
	for _, p := range others {
		right = addPhone(right, p)
	}
	return right
}

package pair

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const (
	// lineText is how much of a value is shown, in UTF-16 units: two of them stand in one line of a phone.
	lineText = 40
	// mostChoices is how many fields are shown together, and can be chosen among: they are buttons.
	mostChoices = 8
)

// put shows two cards side by side.
func put(ctx context.Context, t *talk.Turn, s crm.SeenPair, c choice) error {
	text, rows, err := screen(ctx, t, s, c)
	if err == nil {
		_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	}
	return err
}

// screen is two cards side by side. What is chosen field by field has a button for each.
func screen(ctx context.Context, t *talk.Turn, s crm.SeenPair, c choice) (string, [][]chat.Button, error) {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return "", nil, err
	}
	kept, gone := s.Cards[c.keep], s.Cards[1-c.keep]
	fields := crm.Differing(team, kept, gone)
	names := t.MemberNames(ctx)
	lines := []string{title(t, s), ""}
	for i, one := range s.Cards {
		lines = append(lines, strings.TrimRight(t.T.HTML("pair.card", "no", i+1, "name", fit.Line(one.Name, lineText), "what", about(t, one), "owner", owner(t, names, one)), "\n"))
	}
	var why []string
	for _, l := range s.Why {
		why = append(why, t.T.Label("likeness."+string(l)))
	}
	lines = append(lines, "", t.T.HTML("pair.why", "why", strings.Join(why, ", ")))
	if len(fields) > 0 {
		lines = append(lines, t.T.HTML("pair.stays"))
	}
	span := talk.SpanOf(c.page, mostChoices, len(fields))
	for i := span.From; i < span.To; i++ {
		stays, other := kept, gone
		if c.take>>i&1 == 1 {
			stays, other = gone, kept
		}
		f := fields[i]
		lines = append(lines, t.T.HTML("pair.field", "field", card.Label(t.T, team, f), "stays", short(t, team, stays, f), "other", short(t, team, other, f)))
	}
	if span.To-span.From < len(fields) {
		lines = append(lines, t.T.HTML("pair.leaf", "from", span.From+1, "to", span.To, "all", len(fields)))
	}
	rows := buttons(t, s, c)
	if c.what == pick {
		rows = choices(t, s, c, team, fields)
	}
	return strings.Join(lines, "\n"), rows, nil
}

// title says how sure it is that both are one client: a family shares a telephone.
func title(t *talk.Turn, s crm.SeenPair) string {
	switch {
	case s.Sure:
		return t.T.HTML("pair.title_certain")
	case s.Score >= crm.Certain:
		return t.T.HTML("pair.title_shared")
	}
	return t.T.HTML("pair.title", "score", s.Score)
}

// about is what tells a card from another of the same name.
func about(t *talk.Turn, c crm.Client) string {
	var parts []string
	for _, p := range c.Phones {
		parts = append(parts, p.Display())
	}
	parts = append(parts, c.Emails...)
	if len(parts) > 2 {
		parts = parts[:2]
	}
	for _, word := range []string{c.Company, c.City} {
		if word != "" {
			parts = append(parts, word)
		}
	}
	if c.Touches > 0 {
		parts = append(parts, t.T.Label("pair.touches", "n", c.Touches))
	}
	return fit.Line(strings.Join(parts, " · "), 3*lineText)
}

func owner(t *talk.Turn, names map[crm.MemberID]string, c crm.Client) string {
	if n := names[c.Owner]; n != "" {
		return crm.GivenName(n)
	}
	return t.T.Label("member.gone")
}

func short(t *talk.Turn, team crm.Team, c crm.Client, f crm.Field) string {
	return fit.Line(card.Value(t, team, c, f), lineText)
}

func button(t *talk.Turn, key string, p crm.PairID, c choice) chat.Button {
	return talk.Button(t.T.Label(key), talk.VerbPair, string(p), c.arg())
}

func buttons(t *talk.Turn, s crm.SeenPair, c choice) [][]chat.Button {
	doing := func(what string) choice { c.what = what; return c }
	return [][]chat.Button{
		{button(t, "pair.merge", s.ID, doing(merge)), button(t, "pair.pick", s.ID, doing(pick))},
		{button(t, "pair.apart", s.ID, doing(apart)), button(t, "pair.later", s.ID, doing(next))},
		{open(t, s, 0), open(t, s, 1)},
	}
}

// open shows one of the cards, with a way back to the pair.
func open(t *talk.Turn, s crm.SeenPair, n int) chat.Button {
	return talk.Under(talk.Data{Verb: talk.VerbPair, ID: string(s.ID)}, talk.Button(t.T.Label("pair.open", "no", n+1), talk.VerbCard, string(s.Cards[n].ID), ""))
}

// choices are the fields that differ, each a button that takes the other value, and which card is to stay.
func choices(t *talk.Turn, s crm.SeenPair, c choice, team crm.Team, fields []crm.Field) [][]chat.Button {
	kept, gone := s.Cards[c.keep], s.Cards[1-c.keep]
	var rows [][]chat.Button
	span := talk.SpanOf(c.page, mostChoices, len(fields))
	for i := span.From; i < span.To; i++ {
		f, other := fields[i], c
		other.take ^= 1 << i
		would := gone
		if c.take>>i&1 == 1 {
			would = kept
		}
		label := t.T.Label("pair.take", "field", card.Label(t.T, team, f), "value", card.Value(t, team, would, f))
		rows = append(rows, []chat.Button{talk.Button(fit.Line(label, card.MaxLabel), talk.VerbPair, string(s.ID), other.arg())})
	}
	rows = append(rows, span.Turns(t, func(label string, page int) chat.Button {
		there := c
		there.page = page
		return talk.Button(label, talk.VerbPair, string(s.ID), there.arg())
	})...)
	turned := c
	turned.keep, turned.take = 1-c.keep, 0
	stay := talk.Button(t.T.Label("pair.keep_other", "no", turned.keep+1), talk.VerbPair, string(s.ID), turned.arg())
	done := c
	done.what = merge
	return append(rows, []chat.Button{stay}, []chat.Button{button(t, "button.back", s.ID, choice{}), button(t, "pair.merge", s.ID, done)})
}

// showMerged shows what has become of two cards, with the way back and the way on.
func showMerged(ctx context.Context, t *talk.Turn, c crm.Client, p crm.Pair) error {
	s, err := card.Screen(ctx, t, c)
	if err != nil {
		return err
	}
	s.Text = t.T.HTML("pair.merged") + "\n" + s.Text
	s.Buttons = [][]chat.Button{
		{button(t, "pair.next", p.ID, choice{what: next}), talk.Button(t.T.Label("button.card"), talk.VerbCard, string(c.ID), "")},
		{button(t, "pair.undo", p.ID, choice{what: undo})},
	}
	_, err = t.Show(ctx, s)
	return err
}

// showParted says that there are two cards again, and what could not be put back.
func showParted(ctx context.Context, t *talk.Turn, out crm.Parting) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	kept, gone := differing(t, out.Kept, out.Gone)
	text := t.T.HTML("pair.parted", "one", known(out.Kept.Name, kept), "other", known(out.Gone.Name, gone))
	var stuck []string
	for _, f := range out.Stuck {
		stuck = append(stuck, strings.ToLower(card.Label(t.T, team, f)))
	}
	if len(stuck) > 0 {
		text += "\n" + t.T.HTML("pair.stuck", "fields", strings.Join(stuck, ", "))
	}
	one := func(c crm.Client, words string) chat.Button {
		return talk.Button(card.NameTag(c.Name, words), talk.VerbCard, string(c.ID), "")
	}
	rows := [][]chat.Button{{one(out.Kept, kept)}}
	if out.Gone.Name != "" { // it may be a colleague's again
		rows = append(rows, []chat.Button{one(out.Gone, gone)})
	}
	rows = append(rows, []chat.Button{button(t, "pair.again", out.Pair.ID, choice{}), button(t, "pair.apart", out.Pair.ID, choice{what: apart})})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

// differing are the words by which two cards are known from each other, that may have one name: the first that are not the same on both.
func differing(t *talk.Turn, one, other crm.Client) (words, others string) {
	for _, of := range []func(crm.Client) string{card.Company, city, lastPhone(t), firstEmail} {
		if words, others = of(one), of(other); words != others {
			return words, others
		}
	}
	return "", ""
}

func city(c crm.Client) string { return c.City }

func lastPhone(t *talk.Turn) func(crm.Client) string {
	return func(c crm.Client) string {
		if len(c.Phones) == 0 {
			return ""
		}
		number := c.Phones[0].E164
		end := number[max(0, len(number)-4):]
		return t.T.Label("find.why.phone", "tail", end[:len(end)/2]+"-"+end[len(end)/2:])
	}
}

func firstEmail(c crm.Client) string {
	if len(c.Emails) == 0 {
		return ""
	}
	return c.Emails[0]
}

// known is a name with the words by which it is known.
func known(name, words string) string {
	if words == "" {
		return name
	}
	return name + " · " + words
}

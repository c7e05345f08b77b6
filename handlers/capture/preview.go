package capture

import (
	"cmp"
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// What a preview shows at the most, so that it stays a preview whatever a vCard holds.
const (
	mostOfKind = 5   // phones, addresses, accounts
	mostValue  = 120 // characters of one value
	mostQuote  = 160 // characters of a quoted note
	mostFound  = 3   // cards that the client may already have
)

// preview is all that a draft's screen shows.
type preview struct {
	t      *talk.Turn
	d      crm.Dialog
	draft  crm.Draft
	team   crm.Team
	found  []crm.Duplicate // cards with the same phone, address or account
	binned []crm.Duplicate // … in the bin
	named  []crm.Client    // cards with the same name
	names  map[crm.MemberID]string
}

// screen is what a draft shows: what is asked for, the list, or the preview.
func screen(ctx context.Context, t *talk.Turn, d crm.Dialog) (chat.Screen, error) {
	switch {
	case d.Step == stepDropped:
		return droppedScreen(t, d), nil
	case d.Form == formCards:
		return cardsScreen(ctx, t, d)
	}
	team, err := t.Desk.BeginDraft(ctx, t.By)
	if err != nil {
		return chat.Screen{}, err
	}
	if d.Step != "" {
		return question(t, team, d, nil), nil
	}
	p := preview{t: t, d: d, draft: *d.Draft, team: team}
	if p.found, err = t.Desk.Duplicates(ctx, t.By, p.draft.Profile); err != nil {
		return chat.Screen{}, err
	}
	if len(p.found) > 0 {
		p.names = t.MemberNames(ctx)
		return p.known(), nil
	}
	if p.binned, err = t.Desk.Binned(ctx, t.By, p.draft.Profile); err != nil {
		return chat.Screen{}, err
	}
	if len(p.binned) > 0 {
		p.names = t.MemberNames(ctx)
	}
	if p.named, err = t.Desk.Namesakes(ctx, t.By, p.draft); err != nil {
		return chat.Screen{}, err
	}
	return p.fresh(ctx), nil
}

func (p preview) button(label string, v talk.Verb, arg string) chat.Button {
	return talk.Button(label, v, key(p.d), arg)
}

// fresh is the preview of a client whom nobody has.
func (p preview) fresh(ctx context.Context) chat.Screen {
	t := p.t.T
	lines := []string{t.HTML("draft.title")}
	switch {
	case p.draft.Profile.Name != "":
		lines = append(lines, t.HTML("draft.name", "name", fit.Line(p.draft.Profile.Name, mostValue)))
	case p.draft.Title() != "":
		lines = append(lines, t.HTML("draft.nameless"))
	default:
		lines = append(lines, t.HTML("draft.nobody"))
	}
	lines = append(lines, p.facts()...)
	lines = append(lines, p.said()...)
	lines = append(append(lines, p.unclear()...), warning(p.t, p.d)...)
	inBin, back := p.inBin(ctx)
	lines = append(lines, inBin...)
	first := []chat.Button{p.button(t.Label("button.save"), talk.VerbKeep, ""), p.button(t.Label("button.edit"), talk.VerbChange, "")}
	first[0].Style = chat.StyleSuccess
	if p.draft.Title() == "" {
		first = first[1:]
	}
	rows := append([][]chat.Button{first}, back...)
	for _, c := range p.named {
		label := t.Label("button.is_known", "name", fit.Line(withCompany(c), 40))
		rows = append(rows, []chat.Button{p.button(label, talk.VerbComplete, string(c.ID))})
	}
	rows = append(rows, []chat.Button{p.button(t.Label("button.forget"), talk.VerbForget, "")})
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows}
}

// inBin are the lines and the buttons of cards in the bin that the client may have had: who may not see one reads whose it is, and who
// may not restore it is not asked to.
func (p preview) inBin(ctx context.Context) (lines []string, back [][]chat.Button) {
	t := p.t.T
	for _, f := range p.binned[:min(len(p.binned), mostFound)] {
		owner := cmp.Or(p.names[f.Client.Owner], t.Label("member.gone"))
		if !f.Visible {
			lines = append(lines, t.HTML("draft.binned_elsewhere", "owner", owner))
			continue
		}
		lines = append(lines, t.HTML("draft.binned", "name", fit.Line(f.Client.Name, mostValue), "owner", owner))
		if p.t.Desk.May(ctx, p.t.By, crm.ActionRestoreClient, f.Client) {
			label := t.Label("button.restore")
			if len(p.binned) > 1 {
				label = t.Label("button.restore_name", "name", fit.Line(f.Client.Name, 24))
			}
			back = append(back, []chat.Button{p.button(label, talk.VerbChange, argRestore+string(f.Client.ID))})
		}
	}
	return lines, back
}

func withCompany(c crm.Client) string {
	if c.Company == "" || c.Company == c.Name {
		return c.Name
	}
	return c.Name + ", " + c.Company
}

// facts are the lines of what is known of the client.
func (p preview) facts() []string {
	t, c := p.t.T, p.draft.Profile
	var lines []string
	add := func(key, param, value string) {
		if value != "" {
			lines = append(lines, t.HTML(key, param, fit.Line(value, mostValue)))
		}
	}
	add("card.company", "company", card.Work(c))
	for _, ph := range c.Phones[:min(len(c.Phones), mostOfKind)] {
		lines = append(lines, card.Phone(t, ph))
	}
	for _, mail := range c.Emails[:min(len(c.Emails), mostOfKind)] {
		add("card.email", "email", mail)
	}
	for _, m := range c.Messengers[:min(len(c.Messengers), mostOfKind)] {
		if m.Kind == "telegram" {
			add("card.telegram", "handle", m.Handle)
		} else {
			lines = append(lines, t.HTML("card.messenger", "kind", m.Kind, "handle", fit.Line(m.Handle, mostValue)))
		}
	}
	if more := extra(c.Phones) + extra(c.Emails) + extra(c.Messengers); more > 0 {
		lines = append(lines, t.HTML("draft.more", "more", more))
	}
	add("card.birthday", "birthday", t.Date(c.Birthday))
	add("card.tags", "tags", strings.Join(c.Tags, ", "))
	return append(lines, p.details()...)
}

func extra[T any](list []T) int { return max(0, len(list)-mostOfKind) }

// details are the fields that have no icon.
func (p preview) details() []string {
	t, c := p.t.T, crm.Client{Profile: p.draft.Profile}
	fields := []crm.Field{crm.FieldDates, crm.FieldCity, crm.FieldAddress, crm.FieldInterests, crm.FieldSource}
	for _, f := range p.team.Fields {
		fields = append(fields, crm.CustomKey(f.ID))
	}
	var lines []string
	for _, f := range fields {
		if value := card.Value(p.t, p.team, c, f); value != "" {
			lines = append(lines, t.HTML("card.detail", "label", card.Label(t, p.team, f), "value", fit.Line(value, mostValue)))
		}
	}
	return lines
}

// said quotes the first thing that was written and counts the rest.
func (p preview) said() []string {
	t := p.t.T
	quote, texts, files := "", 0, 0
	for _, n := range p.draft.Notes {
		if n.File != nil {
			files++
		}
		text := n.Text
		for _, l := range n.Left {
			text = card.Left(t, p.team, l)
		}
		if text != "" {
			if texts++; quote == "" {
				quote = fit.Line(text, mostQuote)
			}
		}
	}
	var lines []string
	switch {
	case texts == 1:
		lines = append(lines, t.HTML("draft.said", "text", quote))
	case texts > 1:
		lines = append(lines, t.HTML("draft.said_more", "text", quote, "n", texts-1))
	}
	if files > 0 {
		lines = append(lines, t.HTML("history.files", "n", files))
	}
	return lines
}

// unclear names what was meant for a field, was not understood and stands in the note.
func (p preview) unclear() []string {
	var labels []string
	for _, f := range strings.Fields(p.d.Answers[keyUnclear]) {
		labels = append(labels, card.Label(p.t.T, p.team, crm.Field(f)))
	}
	if len(labels) == 0 {
		return nil
	}
	return []string{p.t.T.HTML("draft.unclear", "fields", strings.ToLower(strings.Join(labels, ", ")))}
}

// warning is what has to be said of the file that a draft came in.
func warning(t *talk.Turn, d crm.Dialog) []string {
	switch d.Answers[keyWarn] {
	case warnCut:
		return []string{t.T.HTML(warnCut)}
	}
	return nil
}

// foundBy heads the preview of a client who is there, by the field that tells.
var foundBy = map[crm.Field]string{
	crm.FieldPhones: "draft.known_phone", crm.FieldEmails: "draft.known_email", crm.FieldMessengers: "draft.known_account",
	"": "draft.known",
}

// known is the preview of a client who seems to be in the base: whose card it is, and what would be new on it.
func (p preview) known() chat.Screen {
	t := p.t.T
	lines := []string{t.HTML(foundBy[crm.SharedField(p.draft.Profile, p.found[0].Client)])}
	var rows [][]chat.Button
	for _, f := range p.found[:min(len(p.found), mostFound)] {
		owner := cmp.Or(p.names[f.Client.Owner], t.Label("member.gone"))
		if !f.Visible {
			lines = append(lines, t.HTML("draft.elsewhere", "owner", owner))
			continue
		}
		lines = append(lines, t.HTML("draft.owned", "name", fit.Line(f.Client.Name, mostValue), "owner", owner))
		news := p.news(f.Client)
		lines = append(lines, news...)
		rows = append(rows, p.choices(f.Client, len(news) > 0))
		if len(news) == 0 {
			lines = append(lines, t.HTML("draft.no_news"))
		}
	}
	lines = append(lines, p.said()...)
	lines = append(append(lines, p.unclear()...), warning(p.t, p.d)...)
	rows = append(rows, []chat.Button{p.button(t.Label("button.despite"), talk.VerbDespite, ""),
		p.button(t.Label("button.cancel"), talk.VerbForget, "")})
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows}
}

// choices are the buttons of a card that was found; of several each says which.
func (p preview) choices(c crm.Client, news bool) []chat.Button {
	t := p.t.T
	add, open := t.Label("button.complete"), t.Label("button.open")
	if len(p.found) > 1 {
		add = t.Label("button.complete_name", "name", fit.Line(c.Name, 24))
	}
	row := []chat.Button{p.button(add, talk.VerbComplete, string(c.ID)), p.button(open, talk.VerbChange, argOpen+string(c.ID))}
	if !news {
		row = row[1:]
	}
	return row
}

// news are the lines of what the draft would add to a card.
func (p preview) news(c crm.Client) []string {
	t := p.t.T
	news := p.draft.News(c)
	if len(news.Fields) == 0 && !news.Notes {
		return nil
	}
	var parts []string
	for _, f := range news.Fields {
		label := strings.ToLower(card.Label(t, p.team, f))
		if value := card.Value(p.t, p.team, crm.Client{Profile: news.Fresh}, f); value != "" {
			label += " " + fit.Line(value, 40)
		}
		parts = append(parts, label)
	}
	if news.Notes {
		parts = append(parts, t.Label("draft.new_notes"))
	}
	return []string{t.HTML("draft.news", "what", strings.Join(parts, ", "))}
}

// droppedScreen says that a draft is not wanted, and lets the member think again.
func droppedScreen(t *talk.Turn, d crm.Dialog) chat.Screen {
	title := t.T.Label("draft.of_nobody")
	switch {
	case d.Form == formCards:
		title = t.T.Label("cards.title")
	case d.Draft != nil && d.Draft.Title() != "":
		title = fit.Line(d.Draft.Title(), mostValue)
	}
	return chat.Screen{Text: t.T.HTML("draft.dropped", "title", title),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.take_back"), talk.VerbChange, key(d), argBack)}}}
}

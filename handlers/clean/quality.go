// Package clean keeps the base in order: how far it can be worked with, in figures, and the round that goes from card to card and
// asks for what each lacks. A round lives in the view of its message, as a walk through the day does; what it asks for is a question,
// so that the value can simply be typed.
package clean

import (
	"context"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Register adds the subject to the conversation.
func Register(r *talk.Router) {
	r.Command("quality", func(ctx context.Context, t *talk.Turn) error { return Figures(ctx, t) })
	r.Press(talk.VerbQuality, press)
	registerRound(r)
	registerGoal(r)
}

// What a button of talk.VerbQuality shows; none: the first figures.
const (
	more  = "more"
	byWho = "team" // with a dot and the page
	goal  = "goal" // perhaps with a dot and inSettings; with = and what it is to be
)

// Figures tells how far the base can be worked with; each figure opens the list behind it.
func Figures(ctx context.Context, t *talk.Turn) error { return figures(ctx, t, "", "") }

func press(ctx context.Context, t *talk.Turn, d talk.Data) error {
	what, value, chosen := strings.Cut(d.Arg, "=")
	what, page, _ := strings.Cut(what, ".")
	switch what {
	case "", more:
		return figures(ctx, t, crm.MemberID(d.ID), what)
	case byWho:
		n, _ := strconv.Atoi(page) // what is none is the first
		return members(ctx, t, n)
	case goal:
		return pressGoal(ctx, t, page == inSettings, value, chosen)
	}
	return t.Stale(ctx)
}

// parts are the figures in the order in which they are shown: what keeps one from working with a client first.
var parts = []crm.QualityPart{crm.PartRequired, crm.PartOf(crm.GapPhone), crm.PartOf(crm.GapWrong), crm.PartEarly, crm.PartOf(crm.GapSource), crm.PartUnmanaged,
	crm.PartOf(crm.GapEmail), crm.PartOf(crm.GapCity), crm.PartOf(crm.GapBirthday), crm.PartStaleData, crm.PartSilent}

// figure is how many clients are behind a part.
func figure(q crm.Quality, p crm.QualityPart) int {
	switch p {
	case crm.PartRequired:
		return q.Required
	case crm.PartEarly:
		return q.Early
	case crm.PartUnmanaged:
		return q.Unmanaged
	case crm.PartStaleData:
		return q.Fresh[crm.Doubted]
	case crm.PartSilent:
		return q.Silent
	}
	g, _ := p.Gap()
	return q.Lacking[g]
}

// atOnce is how many figures stand on one screen: with what is done about them below, it fills a phone.
const atOnce = 6

func figures(ctx context.Context, t *talk.Turn, of crm.MemberID, page string) error {
	q, err := t.Desk.Quality(ctx, t.By, of)
	if err != nil {
		return err
	}
	if q.Total == 0 {
		_, err := t.ShowOpened(ctx, chat.Screen{Text: t.T.HTML("quality.none")})
		return err
	}
	s := chat.Screen{Text: head(ctx, t, q, of)}
	open := Open(t.T, q, of)
	if !t.May(ctx, crm.ActionFindClients) || !crm.SeesAll(t.By.Role) { // who sees figures only
		for _, b := range open {
			s.Text += "\n" + t.T.HTML("quality.line", "what", b.Text)
		}
		open = nil
	}
	s.Buttons = talk.Rows(2, open...)
	if len(open) > atOnce && page == more {
		s.Buttons = append(talk.Rows(2, open[atOnce:]...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbQuality, string(of), "")})
		_, err := t.ShowOpened(ctx, s)
		return err
	}
	s.Buttons = append(talk.Rows(2, open[:min(len(open), atOnce)]...), ways(ctx, t, q, of, len(open) > atOnce)...)
	_, err = t.ShowOpened(ctx, s)
	return err
}

// head says whose figures these are and how complete the cards are.
func head(ctx context.Context, t *talk.Turn, q crm.Quality, of crm.MemberID) string {
	title := t.T.HTML("quality.title", "what", talk.Amount(t.T, q.Total, 0))
	if name := t.MemberNames(ctx)[of]; of != "" && of != t.By.ID && name != "" {
		title = t.T.HTML("quality.title_of", "name", name, "what", talk.Amount(t.T, q.Total, 0))
	}
	return title + "\n" + State(t.T, q)
}

// State says how complete and how fresh the cards are.
func State(t *locales.Texts, q crm.Quality) string {
	key := "quality.below"
	if q.Complete >= q.Goal {
		key = "quality.reached"
	}
	return t.HTML(key, "percent", q.Complete, "goal", q.Goal, "bar", talk.Bar(q.Complete, 100)) + "\n" +
		t.HTML("quality.fresh", "green", q.Fresh[crm.Fresh], "yellow", q.Fresh[crm.Fading], "red", q.Fresh[crm.Doubted])
}

// Open are the buttons of the figures that are not nought, each with the list behind it.
func Open(t *locales.Texts, q crm.Quality, of crm.MemberID) []chat.Button {
	var open []chat.Button
	for _, p := range parts {
		if n := figure(q, p); n > 0 {
			open = append(open, find.LackButton(t.Label("quality_part."+string(p), "total", n), p, of))
		}
	}
	return open
}

// Begin goes through what there is to put in order of a member's cards; of all that one may edit if none is named.
func Begin(t *locales.Texts, of crm.MemberID) chat.Button {
	return talk.Button(t.Label("clean.begin"), talk.VerbClean, string(of), doGo+"."+string(crm.PartAny))
}

// ToFigures opens the figures of a member; of all that one sees if none is named.
func ToFigures(t *locales.Texts, of crm.MemberID) chat.Button {
	return talk.Button(t.Label("clean.figures"), talk.VerbQuality, string(of), "")
}

// ways are what is done about the figures.
func ways(ctx context.Context, t *talk.Turn, q crm.Quality, of crm.MemberID, hidden bool) [][]chat.Button {
	b := func(key, arg string) chat.Button {
		return talk.Button(t.T.Label(key), talk.VerbQuality, string(of), arg)
	}
	var first, last []chat.Button
	if t.May(ctx, crm.ActionEditClient) {
		first = append(first, Begin(t.T, of))
	}
	if hidden {
		first = append(first, b("quality.more", more))
	}
	switch {
	case of != "" && of != t.By.ID:
		last = append(last, talk.Button(t.T.Label("button.back"), talk.VerbQuality, "", byWho))
	case q.Everybody:
		last = append(last, talk.Button(t.T.Label("quality.by_member"), talk.VerbQuality, "", byWho))
		if t.Desk.MayEditTeam(ctx, t.By) {
			last = append(last, talk.Button(t.T.Label("quality.set_goal", "goal", q.Goal), talk.VerbQuality, "", goal))
		}
	}
	return compact(first, last)
}

// compact leaves out rows without buttons.
func compact(rows ...[]chat.Button) [][]chat.Button {
	var out [][]chat.Button
	for _, row := range rows {
		if len(row) > 0 {
			out = append(out, row)
		}
	}
	return out
}

// membersPage is how many members stand on one screen.
const membersPage = 6

// members tells how complete each one's cards are; each opens their figures.
func members(ctx context.Context, t *talk.Turn, page int) error {
	all, err := t.Desk.QualityByMember(ctx, t.By)
	if err != nil {
		return err
	}
	span := talk.SpanOf(page, membersPage, len(all))
	lines := []string{t.T.HTML("quality.members")}
	var open []chat.Button
	for _, m := range all[span.From:span.To] {
		lines = append(lines, MemberLine(t.T, m))
		label := t.T.Label("quality.member_button", "name", fit.Line(m.Name, maxName), "percent", m.Complete)
		open = append(open, talk.Button(label, talk.VerbQuality, string(m.ID), ""))
	}
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbQuality, "", "")}
	for _, turns := range span.Turns(t, func(label string, page int) chat.Button {
		return talk.Button(label, talk.VerbQuality, "", byWho+"."+strconv.Itoa(page))
	}) {
		last = append(last, turns...)
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(talk.Rows(2, open...), last)})
	return err
}

// maxName is how much of a member's name stands beside a figure.
const maxName = 16

// MemberLine says how complete one member's cards are, and what most of them lack.
func MemberLine(t *locales.Texts, m crm.MemberQuality) string {
	key := "quality.member"
	if m.Worst == "" {
		key = "quality.member_full"
	}
	return t.HTML(key, "name", m.Name, "percent", m.Complete, "what", talk.Amount(t, m.Total, 0),
		"worst", t.Small("quality_part."+string(crm.PartOf(m.Worst)), "total", m.Lacking))
}

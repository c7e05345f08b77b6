package team

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

func registerPeople(r *talk.Router) {
	r.Command("team", func(ctx context.Context, t *talk.Turn) error { return showTeam(ctx, t, talk.Data{}) })
	r.Press(talk.VerbTeam, showTeam)
	r.Press(talk.VerbMember, member)
	r.StartLink(talk.MemberPrefix, func(ctx context.Context, t *talk.Turn) error {
		return member(ctx, t, talk.Data{ID: t.In.Args[len(talk.MemberPrefix):]})
	})
	r.Press(talk.VerbAway, away)
}

// showTeam lists the members with their roles; to those who run the team with when they were here and how many clients they
// have. Arg: the page.
func showTeam(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if t.Desk.MayEditPeople(ctx, t.By) {
		return showColleagues(ctx, t, d)
	}
	members, err := t.Desk.Members(ctx, t.By)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	names := map[crm.MemberID]string{}
	for _, m := range members {
		names[m.ID] = m.Name
	}
	members = slices.DeleteFunc(members, func(m crm.Member) bool { return !m.Removed.IsZero() })
	span := pageOf(d, len(members), namesPage)
	lines := []string{t.T.HTML("team.title", "n", len(members))}
	for _, m := range members[span.From:span.To] {
		lines = append(lines, t.T.HTML("team.member", "name", m.Name, "role", t.T.Label("role."+string(m.Role))))
		lines = append(lines, awayMark(t, team, m.ID, names)...)
	}
	s := chat.Screen{Text: strings.Join(lines, "\n"), Buttons: span.Turns(t, turnTo)}
	if t.Desk.MaySetAbsence(ctx, t.By, t.By.ID) {
		s.Buttons = append(s.Buttons, []chat.Button{awayButton(t, "button.my_away", t.By.ID, "")})
	}
	_, err = t.Show(ctx, s)
	return err
}

// How many members a page shows: those with a button each, and two rows below them; those that are named alone, with the longest
// names and an absence each within a message.
const (
	teamPage  = 8
	namesPage = 20
)

// pageOf is what of so many members the page shows that is pressed for; what is no number is the first.
func pageOf(d talk.Data, all, size int) talk.Span {
	page, _ := strconv.Atoi(d.Arg)
	return talk.SpanOf(page, size, all)
}

// turnTo is a button to another page of the members.
func turnTo(label string, page int) chat.Button {
	return talk.Button(label, talk.VerbTeam, "", strconv.Itoa(page))
}

func showColleagues(ctx context.Context, t *talk.Turn, d talk.Data) error {
	all, err := t.Desk.Colleagues(ctx, t.By)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	names := map[crm.MemberID]string{}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	span := pageOf(d, len(all), teamPage)
	lines := []string{t.T.HTML("team.title", "n", len(all)), t.T.HTML("team.counted")}
	var rows [][]chat.Button
	for _, c := range all[span.From:span.To] {
		lines = append(lines, t.T.HTML("team.colleague", "name", c.Name, "role", t.T.Label("role."+string(c.Role)), "seen", seen(t, c)))
		lines = append(lines, awayMark(t, team, c.ID, names)...)
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("team.open", "name", fit.Line(c.Name, maxMemberName),
			"clients", t.T.Label("amount.clients", "n", c.Clients)), talk.VerbMember, string(c.ID), "")})
	}
	rows = append(rows, span.Turns(t, turnTo)...)
	var last []chat.Button
	if t.Desk.MayEditTeam(ctx, t.By) {
		last = append(last, talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam))
	}
	if t.Desk.MayInvite(ctx, t.By) {
		last = append(last, talk.Button(t.T.Label("button.invite"), talk.VerbInvite, "", ""))
		open, err := t.Desk.OpenInvites(ctx, t.By)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			last = append(last, talk.Button(t.T.Label("button.invites", "total", len(open)), talk.VerbInvite, "", "open"))
		}
	}
	if len(last) > 0 {
		rows = append(rows, last)
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// maxMemberName leaves room for the number of clients behind it.
const maxMemberName = 22

// seen is when a member was last here.
func seen(t *talk.Turn, c crm.Colleague) string {
	switch {
	case c.ID == t.By.ID:
		return t.T.Label("team.now")
	case c.Seen.IsZero():
		return t.T.Label("team.never")
	}
	return t.T.When(c.Seen.In(t.Now.Location()), t.Now)
}

// showMember is one colleague, with what can be done.
func showMember(ctx context.Context, t *talk.Turn, c crm.Colleague) error {
	id := c.ID
	lines := []string{t.T.HTML("person.title", "name", c.Name, "role", t.T.Label("role."+string(c.Role)))}
	if !c.Removed.IsZero() {
		lines[0] = t.T.HTML("person.gone", "name", c.Name)
	} else {
		lines = append(lines, t.T.HTML("person.seen", "seen", seen(t, c)), t.T.HTML("person.has", "what", talk.Amount(t.T, c.Clients, c.Tasks)))
		if c.Archived > 0 {
			lines = append(lines, t.T.HTML("person.in_archive", "total", c.Archived))
		}
		if c.Listed != c.Tasks {
			lines = append(lines, t.T.HTML("person.listed", "all", c.Listed, "tasks", c.Tasks))
		}
	}
	lines = append(lines, handed(ctx, t, c.Handing)...)
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	if a, ok := team.Absence(id, t.Now); ok && c.Removed.IsZero() {
		lines = append(lines, awayLine(t, team, a, t.MemberNames(ctx)))
	}
	alone, rows := undeputised(ctx, t, team, id)
	lines, rows = append(lines, alone...), append(rows, returning(t, c)...)
	back := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbTeam, "", "")}
	handing := c.Handing.UnderWay()
	if handing {
		rows = append(rows, []chat.Button{deed{}.button(t.T.Label("button.refresh"), id)})
	}
	if c.Removed.IsZero() && (c.Role != crm.RoleOwner || t.By.Role == crm.RoleOwner) {
		first := []chat.Button{deed{what: doRole}.button(t.T.Label("button.role"), id)}
		if c.Clients+c.Archived > 0 && !handing {
			first = append(first, deed{what: doHand}.button(t.T.Label("button.hand_clients"), id))
		}
		second := []chat.Button{awayButton(t, "button.away", id, "")}
		if c.Returnable(team, t.Now) {
			second = append(second, deed{what: doBack}.button(t.T.Label("button.return_clients"), id))
		}
		rows = append(rows, first, second)
		if c.Code.On() && c.ID != t.By.ID && t.Desk.MayGuardTeam(ctx, t.By) {
			rows = append(rows, []chat.Button{deed{what: doCode}.button(t.T.Label("button.end_code"), id)})
		}
		out := deed{what: doRemove}.button(t.T.Label("button.remove_member"), id)
		out.Style = chat.StyleDanger
		back = append(back, out)
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, back)})
	return err
}

// returning is the button that takes back another role or a removal, if that can be.
func returning(t *talk.Turn, c crm.Colleague) [][]chat.Button {
	if !c.CanReturn(t.By.Member, t.Now) {
		return nil
	}
	label := t.T.Label("button.return_role", "role", t.T.Label("role."+string(c.Before.Role)))
	if c.Before.Out {
		label = t.T.Label("button.return_member")
	}
	return [][]chat.Button{{deed{what: doReturn, to: string(c.Before.Cause)}.button(label, c.ID)}}
}

// handed says how far what was a member's is handed over, and to whom.
func handed(ctx context.Context, t *talk.Turn, h crm.Handing) []string {
	if h.UnderWay() {
		return []string{t.T.HTML("person.handing", "given", h.Sum(), "total", h.Total)}
	}
	if h.Done.IsZero() {
		return nil
	}
	if h.Back != "" {
		return []string{t.T.HTML("person.returned", "what", talk.Amount(t.T, h.Sum(), h.TaskSum()))}
	}
	var lines []string
	names := t.MemberNames(ctx)
	for _, id := range h.Takers() {
		lines = append(lines, t.T.HTML("person.handed", "who", names[id], "what", talk.Amount(t.T, h.Clients[id], h.Tasks[id])))
	}
	return lines
}

package team

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

func registerInvite(r *talk.Router) {
	r.Command("invite", func(ctx context.Context, t *talk.Turn) error { return invite(ctx, t, talk.Data{}) })
	r.Press(talk.VerbInvite, invite)
	r.Command("team", func(ctx context.Context, t *talk.Turn) error { return showTeam(ctx, t, talk.Data{}) })
	r.Press(talk.VerbTeam, showTeam)
}

// invite asks for the role and for how long the link holds, and makes the link. Arg: "", role, or role=days.
func invite(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MayInvite(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionInvite)}
	}
	name, days, chosen := strings.Cut(d.Arg, "=")
	role := crm.Role(name)
	if !slices.Contains(crm.Invitable, role) {
		return askRole(ctx, t)
	}
	if !chosen {
		return askDays(ctx, t, role)
	}
	n, err := strconv.Atoi(days)
	if err != nil {
		return t.Stale(ctx)
	}
	code, inv, err := t.Desk.InviteMember(ctx, t.By, role, n)
	if err != nil {
		return err
	}
	link := startLink(t.Bot, invitePrefix+code)
	_, err = t.Show(ctx, chat.Screen{
		Text: t.T.HTML("invite.made", "role", t.T.Label("role."+name), "link", link,
			"until", t.T.When(inv.Expires.In(t.Now.Location()), t.Now)),
		Buttons: [][]chat.Button{{{Text: t.T.Label("button.copy_link"), Copy: link}, talk.Button(t.T.Label("button.team"), talk.VerbTeam, "", "")}},
	})
	return err
}

func askRole(ctx context.Context, t *talk.Turn) error {
	var roles []chat.Button
	for _, r := range crm.Invitable {
		roles = append(roles, talk.Button(t.T.Title("role."+string(r)), talk.VerbInvite, "", string(r)))
	}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("invite.ask_role"), Buttons: append(talk.Rows(2, roles...),
		[]chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbTeam, "", "")})})
	return err
}

func askDays(ctx context.Context, t *talk.Turn, role crm.Role) error {
	var days []chat.Button
	for _, n := range crm.InviteDays {
		days = append(days, talk.Button(t.T.Label("invite.days", "n", n), talk.VerbInvite, "", string(role)+"="+strconv.Itoa(n)))
	}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("invite.ask_days", "role", t.T.Label("role."+string(role))),
		Buttons: [][]chat.Button{days, {talk.Button(t.T.Label("button.back"), talk.VerbInvite, "", "")}}})
	return err
}

// showTeam lists the members with their roles.
func showTeam(ctx context.Context, t *talk.Turn, _ talk.Data) error {
	members, err := t.Desk.Members(ctx, t.By)
	if err != nil {
		return err
	}
	var lines []string
	for _, m := range members {
		if m.Removed.IsZero() {
			lines = append(lines, t.T.HTML("team.member", "name", m.Name, "role", t.T.Label("role."+string(m.Role))))
		}
	}
	s := chat.Screen{Text: t.T.HTML("team.title", "n", len(lines)) + "\n" + strings.Join(lines, "\n")}
	if t.Desk.MayInvite(ctx, t.By) {
		s.Buttons = [][]chat.Button{{talk.Button(t.T.Label("button.invite"), talk.VerbInvite, "", "")}}
	}
	_, err = t.Show(ctx, s)
	return err
}

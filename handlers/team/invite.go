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
}

// invite asks for the role, then for how many people and for how long the link holds, and makes it. Arg: "", role, role.uses,
// or role.uses=days-screen, by which the screen is told from others; "open": those that hold; "off": ID, how an invitation's id begins, holds no more.
func invite(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MayInvite(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionInvite)}
	}
	switch {
	case d.ID != "" && d.Arg == "off":
		if err := t.Desk.RevokeInvite(ctx, t.By, d.ID); err != nil {
			return err
		}
		return openInvites(ctx, t)
	case d.Arg == "open":
		return openInvites(ctx, t)
	}
	what, days, chosen := strings.Cut(d.Arg, "=")
	name, number, several := strings.Cut(what, ".")
	in := crm.Invitation{Role: crm.Role(name), Uses: 1}
	if !slices.Contains(crm.Roles, in.Role) {
		return askRole(ctx, t)
	}
	var err error
	if several {
		if in.Uses, err = strconv.Atoi(number); err != nil {
			return t.Stale(ctx)
		}
	}
	if !chosen {
		return askDays(ctx, t, in)
	}
	days, asked, _ := strings.Cut(days, "-")
	if in.Days, err = strconv.Atoi(days); err != nil {
		return t.Stale(ctx)
	}
	by := t.By
	if asked != "" { // pressed twice on one screen it is one invitation
		by.Cause = crm.Cause("invite." + string(by.ID) + "." + asked)
	}
	code, inv, err := t.Desk.InviteMember(ctx, by, in)
	if err != nil {
		return err
	}
	return showLink(ctx, t, startLink(t.Bot, invitePrefix+code), inv)
}

func showLink(ctx context.Context, t *talk.Turn, link string, inv crm.Invite) error {
	uses := t.T.HTML("invite.once")
	if inv.Uses > 1 {
		uses = t.T.HTML("invite.several", "n", inv.Uses)
	}
	_, err := t.Show(ctx, chat.Screen{
		Text: t.T.HTML("invite.made", "role", t.T.Label("role."+string(inv.Role)), "link", link,
			"until", t.T.When(inv.Expires.In(t.Now.Location()), t.Now)) + " " + uses,
		Buttons: [][]chat.Button{{{Text: t.T.Label("button.copy_link"), Copy: link}, talk.Button(t.T.Label("button.team"), talk.VerbTeam, "", "")}},
	})
	return err
}

func askRole(ctx context.Context, t *talk.Turn) error {
	text := t.T.HTML("invite.ask_role")
	var roles []chat.Button
	for _, r := range crm.Grantable(t.By.Role) {
		text += "\n" + t.T.HTML("invite.role", "role", t.T.Title("role."+string(r)), "may", t.T.Label("role_may."+string(r)))
		roles = append(roles, talk.Button(t.T.Title("role."+string(r)), talk.VerbInvite, "", string(r)))
	}
	_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: append(talk.Rows(2, roles...),
		[]chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbTeam, "", "")})})
	return err
}

func askDays(ctx context.Context, t *talk.Turn, in crm.Invitation) error {
	what, asked := string(in.Role)+"."+strconv.Itoa(in.Uses), "-"+strconv.FormatInt(t.In.Update, 36)
	var days, uses []chat.Button
	for _, n := range crm.InviteDays {
		days = append(days, talk.Button(t.T.Label("invite.days", "n", n), talk.VerbInvite, "", what+"="+strconv.Itoa(n)+asked))
	}
	for _, n := range crm.InviteUses {
		label := t.T.Label("invite.uses", "n", n)
		if n == in.Uses {
			label = "✓ " + label
		}
		uses = append(uses, talk.Button(label, talk.VerbInvite, "", string(in.Role)+"."+strconv.Itoa(n)))
	}
	rows := [][]chat.Button{days, uses}
	if in.Role == crm.RoleOwner {
		rows = rows[:1] // owners are invited one by one
	}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("invite.ask_days", "role", t.T.Label("role."+string(in.Role))),
		Buttons: append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbInvite, "", "")})})
	return err
}

// mostInvites is how many open invitations are listed: a button each, and a row below.
const mostInvites = 4

// inviteKey is how much of an invitation's id a button carries: 64 bits of it.
const inviteKey = 16

// openInvites lists the invitations that still let somebody in, each with a button that takes it back.
func openInvites(ctx context.Context, t *talk.Turn) error {
	list, err := t.Desk.OpenInvites(ctx, t.By)
	if err != nil {
		return err
	}
	names := t.MemberNames(ctx)
	lines := []string{t.T.HTML("invite.open_title", "total", len(list))}
	var rows [][]chat.Button
	for i, inv := range list[:min(len(list), mostInvites)] {
		lines = append(lines, t.T.HTML("invite.open", "no", i+1, "role", t.T.Label("role."+string(inv.Role)), "who", names[inv.By],
			"until", t.T.When(inv.Expires.In(t.Now.Location()), t.Now), "left", t.T.Label("invite.uses", "n", inv.Left())))
		off := talk.Button(t.T.Label("invite.revoke", "no", i+1, "role", t.T.Label("role."+string(inv.Role))), talk.VerbInvite, inv.ID[:inviteKey], "off")
		off.Style = chat.StyleDanger
		rows = append(rows, []chat.Button{off})
	}
	if more := len(list) - mostInvites; more > 0 {
		lines = append(lines, t.T.HTML("invite.open_more", "total", more))
	}
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbTeam, "", "")})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

package team

import (
	"context"
	"fmt"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// menu are the commands that a member's program offers, the likeliest first, each with what one must be allowed to do for
// it to be of use.
var menu = []struct {
	name  string
	needs crm.Action
}{
	{"add", crm.ActionAddClient}, {"find", crm.ActionFindClients}, {"clients", crm.ActionFindClients}, {"today", crm.ActionReadTask},
	{"task", crm.ActionAddTask}, {"tasks", crm.ActionReadTask}, {"birthdays", crm.ActionTendClients}, {"stale", crm.ActionTendClients},
	{"week", crm.ActionSeeWeek}, {"settings", crm.ActionEditMember},
	{"help", crm.ActionEditMember}, {"cancel", crm.ActionEditMember}, {"team", crm.ActionSeeTeam}, {"invite", crm.ActionInvite},
	{"audit", crm.ActionSeeAudit},
	{"duplicates", crm.ActionMergeClients}, {"quality", crm.ActionCountClients}, {"funnel", crm.ActionCountClients},
	{"import", crm.ActionImport}, {"export", crm.ActionExport},
	{"fields", crm.ActionEditTeam}, {"bin", crm.ActionRestoreClient},
}

// menuOf is the menu of a role in a team.
func menuOf(team crm.Team, role crm.Role, t *locales.Texts) []chat.Command {
	var commands []chat.Command
	for _, c := range menu {
		if crm.MayDo(team, role, c.needs) != crm.ScopeNone {
			commands = append(commands, chat.Command{Name: c.name, Description: t.Label("command." + c.name)})
		}
	}
	return commands
}

// showMenu gives the member's chat the commands of their role in their language. It is a convenience: what fails is
// logged and no more.
func showMenu(ctx context.Context, t *talk.Turn) {
	team, err := t.Desk.Team(ctx, t.By)
	if err == nil {
		err = t.Out.Menu(ctx, t.In.Chat.ID, menuOf(team, t.By.Role, t.T))
	}
	if err != nil {
		t.Log.Warn("menu not shown", "update", t.In.Update, "error", err)
	}
}

// SetMenus gives each member whom a new version brings another menu that menu, at the program's start, until ctx ends. Whom it
// does not reach gets it with the first that they do (showMenu). Between two it rests, so that it is in nobody's way.
func SetMenus(ctx context.Context, o talk.Options, rest func(context.Context) error) {
	err := o.Desk.EachMember(ctx, func(team crm.Team, m crm.Member) error {
		commands := menuOf(team, m.Role, o.Catalog.For(m.Lang))
		first, err := o.Desk.FirstMenu(ctx, m, fmt.Sprint(commands))
		if err != nil || !first {
			return err
		}
		if err := o.Out.Menu(ctx, m.User, commands); err != nil {
			o.Log.Warn("menu not shown", "chat", m.User, "error", err)
		}
		return rest(ctx)
	})
	if err != nil && ctx.Err() == nil {
		o.Log.Warn("menus not shown", "error", err)
	}
}

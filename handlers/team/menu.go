package team

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
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
	{"export", crm.ActionExport},
	{"fields", crm.ActionEditTeam}, {"bin", crm.ActionRestoreClient},
}

// showMenu gives the member's chat the commands of their role in their language. It is a convenience: what fails is
// logged and no more.
func showMenu(ctx context.Context, t *talk.Turn) {
	team, err := t.Desk.Team(ctx, t.By)
	if err == nil {
		var commands []chat.Command
		for _, c := range menu {
			if crm.MayDo(team, t.By.Role, c.needs) != crm.ScopeNone {
				commands = append(commands, chat.Command{Name: c.name, Description: t.T.Label("command." + c.name)})
			}
		}
		err = t.Out.Menu(ctx, t.In.Chat.ID, commands)
	}
	if err != nil {
		t.Log.Warn("menu not shown", "update", t.In.Update, "error", err)
	}
}

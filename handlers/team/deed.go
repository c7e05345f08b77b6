package team

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What can be done with a member, as the argument of talk.VerbMember begins.
const (
	doShow   = ""
	doRole   = "role" // and .<role>
	doRemove = "out"  // take them out of the team
	doHand   = "hand" // hand their clients over
	doBack   = "back" // give back what was handed over
	doCode   = "code" // end their one-time codes
	doReturn = "undo" // take back the change of the role, or the removal, that the cause behind = made
	toEven   = "even" // spread evenly over the managers
	toKeep   = "keep" // they stay with the member
	sure     = "!"    // ends the argument once it was confirmed
)

// deed is what a button of talk.VerbMember asks for: role.support=<to>! is sure.
type deed struct {
	what string
	role crm.Role
	to   string // a member, toEven, toKeep; "", or a page of members, if that is still to be asked
	sure bool
}

func parseDeed(arg string) deed {
	var d deed
	arg, d.sure = strings.CutSuffix(arg, sure)
	arg, d.to, _ = strings.Cut(arg, "=")
	what, role, _ := strings.Cut(arg, ".")
	d.what, d.role = what, crm.Role(role)
	return d
}

func (d deed) button(label string, of crm.MemberID) chat.Button {
	arg := d.what
	if d.role != "" {
		arg += "." + string(d.role)
	}
	if d.to != "" {
		arg += "=" + d.to
	}
	if d.sure {
		arg += sure
	}
	return talk.Button(label, talk.VerbMember, string(of), arg)
}

// member shows a colleague and does what the button says.
func member(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.Colleague(ctx, t.By, crm.MemberID(d.ID))
	if err != nil {
		return err
	}
	do := parseDeed(d.Arg)
	switch {
	case do.what == doShow, !c.Removed.IsZero() && !do.sure && do.what != doReturn:
		return showMember(ctx, t, c)
	case do.what == doRole && do.role == "":
		return askNewRole(ctx, t, c)
	case !slices.Contains([]string{doRole, doRemove, doHand, doBack, doCode, doReturn}, do.what):
		return t.Stale(ctx)
	case do.what == doReturn:
		return returnOrAsk(ctx, t, c, do)
	case do.sure:
		return doDeed(ctx, t, c, do)
	}
	return askDeed(ctx, t, c, do)
}

// returnOrAsk gives a member back what they were, or asks to whom what does not go with it is to go, as for any role.
func returnOrAsk(ctx context.Context, t *talk.Turn, c crm.Colleague, do deed) error {
	err := doDeed(ctx, t, c, do)
	var refused *crm.Error
	if errors.As(err, &refused) && refused.Field == crm.FieldHeir && !c.Before.Out {
		return askDeed(ctx, t, c, deed{what: doRole, role: c.Before.Role})
	}
	return err
}

// askNewRole offers the roles that can be given.
func askNewRole(ctx context.Context, t *talk.Turn, c crm.Colleague) error {
	text := t.T.HTML("person.ask_role", "name", c.Name, "role", t.T.Label("role."+string(c.Role)))
	var roles []chat.Button
	for _, r := range crm.Grantable(t.By.Role) {
		if r != c.Role {
			text += "\n" + t.T.HTML("invite.role", "role", t.T.Title("role."+string(r)), "may", t.T.Label("role_may."+string(r)))
			roles = append(roles, deed{what: doRole, role: r}.button(t.T.Title("role."+string(r)), c.ID))
		}
	}
	_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: append(talk.Rows(2, roles...), []chat.Button{deed{}.button(t.T.Label("button.back"), c.ID)})})
	return err
}

// askDeed asks to whom what the member has is to go, if there is anything, and then whether it is to be done.
func askDeed(ctx context.Context, t *talk.Turn, c crm.Colleague, do deed) error {
	switch do.what {
	case doBack:
		return askBack(ctx, t, c, do)
	case doCode:
		return askCodeEnd(ctx, t, c, do)
	}
	leaves, err := t.Desk.Leaves(ctx, t.By, c, do.what == doRemove, do.role)
	if err != nil {
		return err
	}
	if do.what == doHand {
		leaves = crm.Leaving{Clients: c.All(), Binned: c.Binned}
	}
	text, label := do.words(t, c)
	if len(leaves.Deputises) > 0 {
		text += "\n" + t.T.HTML("person.stands_in", "whom", deputised(t, leaves.Deputises, t.MemberNames(ctx)))
	}
	back := deed{}.button(t.T.Label("button.back"), c.ID)
	if do.to != "" && !talk.Turned(do.to) || leaves.None() {
		yes := do
		yes.sure = true
		if do.to == toKeep {
			text += "\n" + t.T.HTML("person.keeps", "what", talk.Amount(t.T, leaves.Clients, leaves.Tasks))
		} else if !leaves.None() {
			text += "\n" + t.T.HTML("person.goes_to", "what", talk.Amount(t.T, leaves.Clients, leaves.Tasks), "to", toWhom(ctx, t, do.to))
		}
		b := yes.button(label, c.ID)
		b.Style = chat.StyleDanger
		_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: [][]chat.Button{{back, b}}})
		return err
	}
	whom := "person.whom"
	if leaves.Keepable {
		whom = "person.whom_or_keep"
	}
	text += "\n" + t.T.HTML(whom, "what", talk.Amount(t.T, leaves.Clients, leaves.Tasks))
	if c.Archived > 0 && leaves.Clients > 0 {
		text += "\n" + t.T.HTML("person.archived", "total", c.Archived)
	}
	if leaves.Binned > 0 {
		text += "\n" + t.T.HTML("person.binned", "total", leaves.Binned)
	}
	rows, err := takers(ctx, t, c.ID, do)
	if err != nil {
		return err
	}
	if leaves.Keepable {
		do.to = toKeep
		rows = append(rows, []chat.Button{do.button(t.T.Label("person.keep"), c.ID)})
	}
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: append(rows, []chat.Button{back})})
	return err
}

// askBack asks whether what was handed over is to come back.
func askBack(ctx context.Context, t *talk.Turn, c crm.Colleague, do deed) error {
	do.sure = true
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("person.sure_back", "name", c.Name, "what", talk.Amount(t.T, c.Handing.Sum(), c.Handing.TaskSum())),
		Buttons: [][]chat.Button{{deed{}.button(t.T.Label("button.back"), c.ID), do.button(t.T.Label("button.return_clients"), c.ID)}}})
	return err
}

// askCodeEnd asks whether a colleague's codes are to end.
func askCodeEnd(ctx context.Context, t *talk.Turn, c crm.Colleague, do deed) error {
	do.sure = true
	end := do.button(t.T.Label("button.end_code"), c.ID)
	end.Style = chat.StyleDanger
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("person.sure_code", "name", c.Name),
		Buttons: [][]chat.Button{{deed{}.button(t.T.Label("button.back"), c.ID), end}}})
	return err
}

// takers are the buttons of those to whom it can go.
func takers(ctx context.Context, t *talk.Turn, except crm.MemberID, do deed) ([][]chat.Button, error) {
	all, err := t.Desk.Takers(ctx, t.By, crm.ActionTendClients, except)
	if err != nil {
		return nil, err
	}
	even, err := t.Desk.EvenTakers(ctx, t.By, except)
	if err != nil {
		return nil, err
	}
	rows := t.Whom(all, do.to, func(label, choice string) chat.Button {
		one := do
		one.to = choice
		return one.button(label, except)
	})
	if len(even) > 1 {
		do.to = toEven
		rows = append(rows, []chat.Button{do.button(t.T.Label("person.even"), except)})
	}
	return rows, nil
}

// words are the question whether it is to be done, and the button that does it.
func (d deed) words(t *talk.Turn, c crm.Colleague) (question, button string) {
	switch d.what {
	case doRole:
		return t.T.HTML("person.sure_role", "name", c.Name, "role", t.T.Label("role."+string(d.role))), t.T.Label("button.role")
	case doHand:
		return t.T.HTML("person.sure_hand", "name", c.Name), t.T.Label("button.hand_clients")
	}
	return t.T.HTML("person.sure_out", "name", c.Name), t.T.Label("button.remove_member")
}

// toWhom names who takes over.
func toWhom(ctx context.Context, t *talk.Turn, to string) string {
	if to == toEven {
		return t.T.Label("person.to_even")
	}
	return t.MemberNames(ctx)[crm.MemberID(to)]
}

// doDeed does it, and shows the member as they are then.
func doDeed(ctx context.Context, t *talk.Turn, c crm.Colleague, do deed) error {
	var to []crm.MemberID
	switch do.to {
	case "", toKeep:
	case toEven:
		var err error
		if to, err = t.Desk.EvenTakers(ctx, t.By, c.ID); err != nil {
			return err
		}
	default:
		to = []crm.MemberID{crm.MemberID(do.to)}
	}
	var err error
	switch do.what {
	case doRole:
		_, err = t.Desk.SetRole(ctx, t.By, c.ID, do.role, to)
	case doRemove:
		_, err = t.Desk.RemoveMember(ctx, t.By, c.ID, to)
	case doBack:
		_, err = t.Desk.UndoHanding(ctx, t.By, c.ID)
	case doCode:
		_, err = t.Desk.EndCodeOf(ctx, t.By, c.ID)
	case doReturn:
		_, err = t.Desk.ReturnStanding(ctx, t.By, c.ID, crm.Cause(do.to))
	case doHand:
		_, err = t.Desk.HandOverAll(ctx, t.By, c.ID, to)
	}
	if err != nil {
		return err
	}
	if c.ID == t.By.ID {
		_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("person.self")})
		return err
	}
	if c, err = t.Desk.Colleague(ctx, t.By, c.ID); err != nil {
		return err
	}
	return showMember(ctx, t, c)
}

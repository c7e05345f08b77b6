package crm

import (
	"context"
	"slices"
)

// Scope says on whose clients a member may do something.
type Scope int

const (
	ScopeNone Scope = iota
	ScopeOwn        // clients that the member is responsible for
	ScopeAll        // every client of the team
)

// rights is the one table of who may do what; what is not in it is denied. For actions that are about the team
// and not about a client ScopeAll means allowed. Team.Shared raises ScopeOwn to ScopeAll for reading and
// logging, never for deleting. What of a card a role sees is the table beside it, sights.
//
// Support reads and writes down what was said; money is not for support, which sees no sums. An
// analyst gets figures and no client by name. An accountant finds a client by what stands on an invoice, and has tasks of
// their own, since whoever sells asks them for papers; clients are never handed over to them. A client tells the manager
// that they want to be erased, who notes it; to erase is for those who run the team. Who sees clients may take along what
// they see of them: the owners are told of it, and a code can be asked for.
var rights = map[Role]map[Action]Scope{
	RoleOwner: everything(),
	RoleAdmin: everythingBut(ActionSetStale, ActionSeeAudit, ActionTakeAudit, ActionGuardTeam),
	RoleManager: {
		ActionFindClients: ScopeOwn, ActionReadClient: ScopeOwn, ActionReadHistory: ScopeOwn, ActionCountClients: ScopeOwn,
		ActionTendClients: ScopeOwn, ActionAddClient: ScopeAll, ActionEditClient: ScopeOwn, ActionLogTouch: ScopeOwn,
		ActionArchiveClient: ScopeOwn, ActionRestoreClient: ScopeOwn, ActionDeleteClient: ScopeOwn, ActionHandOverClient: ScopeOwn,
		ActionUndoClient: ScopeOwn, ActionEditMember: ScopeOwn, ActionUseCode: ScopeOwn, ActionSetAbsence: ScopeOwn, ActionSeeTeam: ScopeAll, ActionAddTask: ScopeAll,
		ActionReadTask: ScopeOwn, ActionEditTask: ScopeOwn, ActionMergeClients: ScopeOwn, ActionSeeSecret: ScopeOwn,
		ActionImport: ScopeOwn, ActionUndoImport: ScopeOwn, ActionExport: ScopeOwn, ActionAskErasure: ScopeOwn,
	},
	RoleSupport: {
		ActionFindClients: ScopeAll, ActionReadClient: ScopeAll, ActionReadHistory: ScopeAll, ActionCountClients: ScopeAll,
		ActionTendClients: ScopeOwn, ActionLogTouch: ScopeAll, ActionEditMember: ScopeOwn, ActionUseCode: ScopeOwn, ActionSetAbsence: ScopeOwn, ActionSeeTeam: ScopeAll,
		ActionAddTask: ScopeAll, ActionReadTask: ScopeOwn, ActionEditTask: ScopeOwn, ActionSeeSecret: ScopeAll, ActionExport: ScopeAll,
	},
	RoleAnalyst: {
		ActionCountClients: ScopeAll, ActionSeeWeek: ScopeAll, ActionSeeTeam: ScopeAll, ActionEditMember: ScopeOwn, ActionUseCode: ScopeOwn,
	},
	RoleAccountant: {
		ActionFindClients: ScopeAll, ActionReadClient: ScopeAll, ActionCountClients: ScopeAll, ActionSeeTeam: ScopeAll,
		ActionEditMember: ScopeOwn, ActionUseCode: ScopeOwn, ActionAddTask: ScopeAll, ActionReadTask: ScopeOwn, ActionEditTask: ScopeOwn, ActionSeeSecret: ScopeAll,
		ActionExport: ScopeAll,
	},
}

// sharable lists what Team.Shared opens to those who otherwise do it with own clients only.
var sharable = map[Action]bool{
	ActionFindClients: true, ActionReadClient: true, ActionReadHistory: true, ActionCountClients: true, ActionEditClient: true,
	ActionLogTouch: true, ActionUndoClient: true, ActionSeeSecret: true, ActionExport: true,
}

func everything() map[Action]Scope {
	all := map[Action]Scope{}
	for _, a := range Actions {
		all[a] = ScopeAll
	}
	return all
}

func everythingBut(actions ...Action) map[Action]Scope {
	all := everything()
	for _, a := range actions {
		delete(all, a)
	}
	return all
}

// MayDo is the scope in which a role may do an action in a team.
func MayDo(team Team, role Role, a Action) Scope {
	s := rights[role][a]
	if s == ScopeOwn && team.Shared && sharable[a] {
		return ScopeAll
	}
	return s
}

// reach is with whose clients and tasks a member may do something.
type reach struct {
	all    bool
	owners []MemberID // unless all: the member, and those for whom they stand in just now
}

// reach is how far a's right goes for a member.
func (d *Desk) reach(team Team, m Member, a Action) reach {
	switch MayDo(team, m.Role, a) {
	case ScopeAll:
		return reach{all: true}
	case ScopeOwn:
		return reach{owners: team.charges(m.ID, d.now())}
	}
	return reach{}
}

// narrow are the members to whom a query is to be kept: one alone, which has its own index, or some; none: everybody.
func (r reach) narrow() (one MemberID, among []MemberID) {
	switch {
	case r.all:
		return "", nil
	case len(r.owners) == 1:
		return r.owners[0], nil
	}
	return "", r.owners
}

// of reports whether it goes as far as what a member is responsible for.
func (r reach) of(id MemberID) bool { return r.all || slices.Contains(r.owners, id) }

// allows reports whether it reaches this card.
func (r reach) allows(c Client) bool { return r.of(c.Owner) }

// gate answers whether by may do a at all, and with which clients. Every use case passes it first.
func (d *Desk) gate(ctx context.Context, by Actor, a Action) (Team, reach, error) {
	if by.ID == "" || !by.Removed.IsZero() {
		return Team{}, reach{}, &Error{Kind: ErrDenied, Field: string(a)}
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return Team{}, reach{}, err
	}
	r := d.reach(team, by.Member, a)
	if !r.all && len(r.owners) == 0 {
		return Team{}, reach{}, &Error{Kind: ErrDenied, Field: string(a)}
	}
	return team, r, nil
}

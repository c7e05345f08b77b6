package crm

// Action is something that a member does and the permission table knows. Each event names the action that
// it records.
type Action string

const (
	ActionFindClients     Action = "client.find" // search, lists, inline mode
	ActionReadClient      Action = "client.read"
	ActionReadHistory     Action = "client.history" // notes, touches, who changed what
	ActionCountClients    Action = "client.count"   // figures without a name
	ActionTendClients     Action = "client.tend"    // be responsible for clients, and so be told whom to call and to congratulate
	ActionAddClient       Action = "client.add"
	ActionEditClient      Action = "client.edit" // fields, tags, stage, status, confirmation
	ActionLogTouch        Action = "client.touch"
	ActionDecide          Action = "client.decide" // what was decided about a task of a client's is in the history
	ActionArchiveClient   Action = "client.archive"
	ActionRestoreClient   Action = "client.restore" // out of the archive or the bin
	ActionDeleteClient    Action = "client.delete"  // into the bin
	ActionPurgeClient     Action = "client.purge"   // out of the bin for good, by the clock
	ActionForget          Action = "client.forget"  // empty what another card's events say of a client who is removed for good
	ActionTakeClient      Action = "client.take"    // all that is known of a client, as files
	ActionSeeSecret       Action = "client.secret"  // look at the value of a restricted field
	ActionReseal          Action = "client.reseal"  // seal values anew with another key, by the clock
	ActionGiveConsent     Action = "consent.give"
	ActionWithdrawConsent Action = "consent.withdraw"
	ActionReturnConsent   Action = "consent.return" // it was not withdrawn after all
	ActionAskErasure      Action = "client.ask"     // note that a client wants to be erased, or no longer
	ActionKeepClient      Action = "client.keep"    // for another year, though there was no contact for long
	ActionEraseClient     Action = "client.erase"   // remove a client for good
	ActionPurgeTask       Action = "task.purge"     // with its client
	ActionMergeClients    Action = "client.merge"   // make one card of two, and take that back
	ActionMassChange      Action = "client.mass"    // change many cards, or end that; each of them has an event of its own
	ActionGoOn            Action = "team.go_on"     // a page of a handing over or a mass change is dealt with; its beginning and each card have events of their own
	ActionHandOverClient  Action = "client.hand_over"
	ActionHandOverMany    Action = "client.hand_over_many" // many of one member's go to others, or several of a list; each of them has an event of its own
	ActionUndoClient      Action = "client.undo"
	ActionAddTask         Action = "task.add"
	ActionReadTask        Action = "task.read"
	ActionEditTask        Action = "task.edit" // snooze, close, hand over
	ActionInvite          Action = "team.invite"
	ActionRevoke          Action = "team.revoke"  // take an invitation back
	ActionJoin            Action = "team.join"    // claim or invitation accepted: there is a member more
	ActionAdmit           Action = "team.admit"   // a claim or an invitation is used up by that; whoever comes in has an event of their own
	ActionEditTeam        Action = "team.edit"    // settings, custom fields
	ActionSetAbsence      Action = "team.absence" // say who stands in for somebody who is away
	ActionEditPeople      Action = "team.people"  // give roles, take people out of the team, hand over what was theirs
	ActionSetStale        Action = "team.stale"   // when clients ask for attention
	ActionSeeWeek         Action = "team.week"    // the figures of a week
	ActionLinkPlace       Action = "team.place"   // let reminders go to a group, or no longer
	ActionNoteQuarter     Action = "team.quarter" // how complete the base is at a quarter's beginning, by the clock
	ActionEditMember      Action = "member.edit"
	ActionUseCode         Action = "member.code"       // one's own one-time codes: have them, enter one, end them
	ActionBeginCode       Action = "member.code_new"   // new ones were begun
	ActionDropCode        Action = "member.code_off"   // they were ended, by the member
	ActionResetCode       Action = "member.code_reset" // they were ended by whoever runs the program
	ActionEndCode         Action = "member.code_end"   // they were ended by an owner
	ActionMissCode        Action = "member.code_wrong" // a wrong one was entered
	ActionGuardTeam       Action = "team.guard"        // what keeps the base from leaving: codes, limits
	ActionSeeAudit        Action = "audit.see"
	ActionTakeAudit       Action = "audit.take" // the audit as a file
	ActionSeeTeam         Action = "team.see"
	ActionImport          Action = "client.import" // make clients of a file
	ActionUndoImport      Action = "client.unimport"
	ActionExport          Action = "client.export" // take clients along as files
)

// Actions are those that a role can be allowed to do; the others happen by the clock or before there is a role.
var Actions = []Action{
	ActionFindClients, ActionReadClient, ActionReadHistory, ActionCountClients, ActionTendClients, ActionAddClient, ActionEditClient,
	ActionLogTouch, ActionArchiveClient, ActionRestoreClient, ActionDeleteClient, ActionHandOverClient, ActionUndoClient,
	ActionAddTask, ActionReadTask, ActionEditTask, ActionInvite, ActionSetAbsence, ActionEditPeople, ActionEditTeam, ActionSetStale, ActionSeeWeek, ActionLinkPlace,
	ActionEditMember, ActionSeeTeam, ActionSeeAudit, ActionTakeAudit,
	ActionTakeClient, ActionAskErasure, ActionKeepClient, ActionEraseClient, ActionSeeSecret, ActionUseCode, ActionGuardTeam,
	ActionMergeClients,
	ActionImport, ActionUndoImport,
	ActionExport,
}

package crm

import (
	"context"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// ReminderKind says what a reminder is about.
type ReminderKind string

const (
	RemindTask     ReminderKind = "task"     // a task is due
	RemindContact  ReminderKind = "contact"  // a client's next contact is due
	RemindBirthday ReminderKind = "birthday" // a client's birthday, some days before or on the day
	RemindOffer    ReminderKind = "offer"    // an offer has had no answer
	RemindStale    ReminderKind = "stale"    // clients that nobody has been in touch with
	RemindDigest   ReminderKind = "digest"   // the morning's list
	RemindHanded   ReminderKind = "handed"   // a colleague has handed something over; always wanted
	RemindBlocked  ReminderKind = "blocked"  // to the owners: a member has blocked us. It cannot be switched off
	RemindJoined   ReminderKind = "joined"   // to whoever invited: somebody has come in. It cannot be switched off
	RemindMerged   ReminderKind = "merged"   // to whoever had a card that was merged into another's. It cannot be switched off
	RemindDeputy   ReminderKind = "deputy"   // to whoever stands in for somebody. It cannot be switched off
	RemindWeek     ReminderKind = "week"     // the figures of the last week, for the owner
	RemindNudge    ReminderKind = "nudge"    // a quarter of an hour for one's cards, once a week
	RemindQuarter  ReminderKind = "quarter"  // how well the base is kept, for the owner

	RemindAnniversary ReminderKind = "anniversary" // of the first contact with a client, some days before
	RemindDate        ReminderKind = "date"        // one of a client's other dates, as many days before as it says
)

// RemindPlaceLost tells the owners that a group is gone where reminders went. It cannot be switched off.
const RemindPlaceLost ReminderKind = "place"

// RemindRole tells a member at once, also in quiet hours, that their role is another one. It cannot be switched off.
const RemindRole ReminderKind = "role"

// RemindAway tells a member that somebody else has set them away, or has ended that. It cannot be switched off.
const RemindAway ReminderKind = "away"

// RemindGone tells a member at once, also in quiet hours, that they are in the team no more, and nothing else. It cannot be switched off.
const RemindGone ReminderKind = "gone"

// RemindNews tells at once, also in quiet hours, of what others have done: see NewsKind. It cannot be switched off.
const RemindNews ReminderKind = "news"

// RemindHide is no message of its own: it takes a restricted value off the message that shows it; without a client, it takes the whole
// message away.
const RemindHide ReminderKind = "hide"

// atOnce reports whether a member is told of it in quiet hours, too: it is of use at once or not at all.
func (k ReminderKind) atOnce() bool {
	return k == RemindNews || k == RemindRole || k == RemindGone || k == RemindHide
}

// RemindMissed is no delivery of its own: it remembers what a list of what was missed is a list of.
const RemindMissed ReminderKind = "missed"

// ReminderKinds in the order in which people are offered them.
var ReminderKinds = []ReminderKind{RemindTask, RemindContact, RemindBirthday, RemindAnniversary, RemindDate, RemindOffer, RemindStale, RemindDigest, RemindWeek,
	RemindNudge, RemindQuarter}

// KindsFor are the kinds that a member of a role can get.
func KindsFor(role Role) []ReminderKind {
	return slices.DeleteFunc(slices.Clone(ReminderKinds), func(k ReminderKind) bool {
		switch k {
		case RemindWeek, RemindQuarter:
			return role != RoleOwner
		case RemindNudge:
			return !Member{Role: role}.mends(Team{})
		case RemindTask, RemindDigest:
			return MayDo(Team{}, role, ActionReadTask) == ScopeNone
		}
		return MayDo(Team{}, role, ActionTendClients) == ScopeNone
	})
}

// isList reports whether it is a list as of the moment when it is sent: it is never late, and goes into no other list.
func (k ReminderKind) isList() bool {
	switch k {
	case RemindDigest, RemindStale, RemindWeek, RemindNudge, RemindQuarter:
		return true
	}
	return false
}

// ReminderState is where a reminder's delivery stands.
type ReminderState string

const (
	ReminderPlanned ReminderState = "planned" // from Due on
	ReminderLeased  ReminderState = "leased"  // a process is about to send it, until Until
	ReminderSending ReminderState = "sending" // it has been handed to the messenger; whether it came is not known yet
	ReminderWaiting ReminderState = "waiting" // it was tried and is tried again from Until on
	ReminderHeld    ReminderState = "held"    // its member has blocked us; it is kept until they write, and looked at from Until on
	ReminderSent    ReminderState = "sent"
	ReminderUnknown ReminderState = "unknown" // sent several times without an answer
	ReminderFailed  ReminderState = "failed"
	ReminderDropped ReminderState = "dropped" // there is nothing to remind of any more
)

// ResumedStates are those in which Until is the time from which a reminder is taken again.
var ResumedStates = []ReminderState{ReminderLeased, ReminderSending, ReminderWaiting, ReminderHeld}

// DoneStates are those in which nothing more becomes of a reminder; Done is set.
var DoneStates = []ReminderState{ReminderSent, ReminderUnknown, ReminderFailed, ReminderDropped}

// Trouble says what keeps a reminder from its member.
type Trouble string

const (
	TroubleUnreachable Trouble = "unreachable" // the member has blocked us
	TroubleUnanswered  Trouble = "unanswered"  // no answer came: it may have come or not
	TroubleRefused     Trouble = "refused"     // the messenger does not take the message
	TroubleOutage      Trouble = "outage"      // the messenger was out of order or asked to wait
)

// Troubles are all of them.
var Troubles = []Trouble{TroubleUnreachable, TroubleUnanswered, TroubleRefused, TroubleOutage}

// Reminder is one delivery that is due. Its id says what it is for, so it is planned once however many processes
// plan.
type Reminder struct {
	ID        string        `json:"_id" bson:"_id"` // kind:record:time:member
	Team      TeamID        `json:"team" bson:"team"`
	Schema    int           `json:"schema" bson:"schema"`
	Kind      ReminderKind  `json:"kind" bson:"kind"`
	Member    MemberID      `json:"member" bson:"member"`
	Client    ClientID      `json:"client,omitempty" bson:"client,omitempty"`
	Task      TaskID        `json:"task,omitempty" bson:"task,omitempty"`
	From      MemberID      `json:"from,omitempty" bson:"from,omitempty"`             // who handed it over
	Clients   []ClientID    `json:"clients,omitempty" bson:"clients,omitempty"`       // whom a list named, once it was sent
	Parts     []string      `json:"parts,omitempty" bson:"parts,omitempty"`           // of RemindMissed: the ids of what the list names
	News      NewsKind      `json:"news,omitempty" bson:"news,omitempty"`             // of RemindNews
	Did       Action        `json:"did,omitempty" bson:"did,omitempty"`               // of NewsExport: what was taken
	As        ExportFormat  `json:"as,omitempty" bson:"as,omitempty"`                 // of NewsExport: as what, of clients in Count
	Role      Role          `json:"role,omitempty" bson:"role,omitempty"`             // of RemindRole: what the member was made
	Back      bool          `json:"back,omitempty" bson:"back,omitempty"`             // of RemindRole: they were out of the team before; of RemindDeputy: it is over; of RemindHanded: it is gone, to Who
	Passed    bool          `json:"passed,omitempty" bson:"passed,omitempty"`         // of RemindHanded: it was theirs, and is Who's now
	Who       MemberID      `json:"who,omitempty" bson:"who,omitempty"`               // the member it is about, of RemindBlocked; whose it was, of RemindHanded; there "": of several
	Count     int           `json:"count,omitempty" bson:"count,omitempty"`           // clients handed over together
	TaskCount int           `json:"task_count,omitempty" bson:"task_count,omitempty"` // tasks handed over together, or with the client
	Tasks     []TaskID      `json:"tasks,omitempty" bson:"tasks,omitempty"`           // of those that came with the client, the first ones
	For       time.Time     `json:"for" bson:"for"`                                   // the instant or day it is about
	Day       civil.Date    `json:"day,omitzero" bson:"day,omitempty"`                // the birthday, the digest's day
	Period    civil.Date    `json:"period,omitzero" bson:"period,omitempty"`          // the first day of what a list is for: its day, its week
	Date      string        `json:"date,omitempty" bson:"date,omitempty"`             // which of the client's other dates: its Key
	Lead      int           `json:"lead,omitempty" bson:"lead,omitempty"`             // days before Day on which it was planned to come
	Snoozed   bool          `json:"snoozed,omitempty" bson:"snoozed,omitempty"`       // of an occasion that was put off: For is until when
	ByLaw     bool          `json:"by_law,omitempty" bson:"by_law,omitempty"`         // it comes whatever kinds its member does without
	Due       time.Time     `json:"due" bson:"due"`                                   // when it may be sent: For, out of quiet hours
	State     ReminderState `json:"state" bson:"state"`
	Fence     int64         `json:"fence" bson:"fence"`                    // one more with each lease
	Until     time.Time     `json:"until,omitzero" bson:"until,omitempty"` // the end of the lease or of the wait
	Tries     int           `json:"tries" bson:"tries"`
	Doubted   bool          `json:"doubted,omitempty" bson:"doubted,omitempty"` // an earlier sending may have come
	Doubts    int           `json:"doubts,omitempty" bson:"doubts,omitempty"`   // times that no answer came
	Trouble   Trouble       `json:"trouble,omitempty" bson:"trouble,omitempty"` // of the last failure
	Message   int64         `json:"message,omitempty" bson:"message,omitempty"` // by which it was sent; of RemindHide: that shows Field
	Field     FieldID       `json:"field,omitempty" bson:"field,omitempty"`     // of RemindHide
	Place     PlaceID       `json:"place,omitempty" bson:"place,omitempty"`
	Done      time.Time     `json:"done,omitzero" bson:"done,omitempty"` // when it was sent or given up
	Created   time.Time     `json:"created" bson:"created"`
}

// Take leases the reminder: whoever held it before has a fence of the past. One that somebody was sending when their lease
// ended may have come.
func (r *Reminder) Take(until time.Time) {
	r.Doubted = r.Doubted || r.State == ReminderSending
	r.State, r.Until = ReminderLeased, until
	r.Fence++
}

// Lease asks for due reminders to be taken.
type Lease struct {
	Member MemberID  // "": any
	Now    time.Time // planned ones due by then, and those of ResumedStates until then
	Until  time.Time // the new lease's end
	Limit  int
}

// ReminderQuery asks for reminders, the earliest due first, then by id; Latest turns that round.
type ReminderQuery struct {
	Team      TeamID
	IDs       []string        // any of them; none: every
	Member    MemberID        // "": any
	States    []ReminderState // none: any
	DueBefore time.Time
	Latest    bool
	After     *ReminderMark // page on after this one; nil: from the start; not with Latest
	Limit     int
}

// ReminderMark is a place in a list of reminders.
type ReminderMark struct {
	Due time.Time
	ID  string
}

// TaskStore keeps the tasks.
type TaskStore interface {
	// Task returns one task; ErrNotFound.
	Task(ctx context.Context, team TeamID, id TaskID) (Task, error)
	// TasksByID reads tasks in no order that can be relied on; those that are not there are left out.
	TasksByID(ctx context.Context, team TeamID, ids []TaskID) ([]Task, error)
	// Tasks answers the query in full, by Due, then id.
	Tasks(ctx context.Context, q TaskQuery) ([]Task, error)
	// CountTasks counts what the query without paging would list, up to limit.
	CountTasks(ctx context.Context, q TaskQuery, limit int) (int, error)
	// SaveTask creates (Rev 1) or replaces with the same rules as SaveClient.
	SaveTask(ctx context.Context, t Task, e Event) error
}

// ReminderStore keeps the deliveries. Each step of one is a compare-and-swap on its fence and state, so that of two
// processes one wins and one that slept past its lease loses.
type ReminderStore interface {
	// PlanReminder keeps r unless there is one with its id, whatever its state; it reports whether it was new.
	PlanReminder(ctx context.Context, r Reminder) (bool, error)
	// PlanReminders keeps those of a batch whose id is new, then notes how far the planners got, never going back. Thousands
	// at a time are the cheaper ones; after a failure a part of them may be kept, but nothing is noted.
	PlanReminders(ctx context.Context, batch []Reminder, progress map[string]time.Time) error
	// LeaseReminders takes what is due, in the order of Due, each by Reminder.Take and a compare-and-swap of its own: what
	// another process takes first is passed over.
	LeaseReminders(ctx context.Context, l Lease) ([]Reminder, error)
	// MoveReminder replaces the stored reminder by r if it has r's fence and is in state from; ErrConflict if not.
	MoveReminder(ctx context.Context, r Reminder, from ReminderState) error
	// Reminders answers the query in full.
	Reminders(ctx context.Context, q ReminderQuery) ([]Reminder, error)
	// PurgeReminders removes those of DoneStates, of all teams, that were done before a time in whole seconds, at most limit,
	// and returns how many.
	PurgeReminders(ctx context.Context, before time.Time, limit int) (int, error)
}

// ProgressStore keeps how far planning got.
type ProgressStore interface {
	// Progress is how far a planner got, by its name; zero if it never ran.
	Progress(ctx context.Context, planner string) (time.Time, error)
	// SetProgress notes how far it got; it never goes back.
	SetProgress(ctx context.Context, planner string, at time.Time) error
}

package talk

// Verb says what a button does. This is the one list of them; they stay what they are, since buttons that were
// sent long ago carry them.
type Verb string

const (
	// The card.
	VerbCard    Verb = "card"    // show it
	VerbMore    Verb = "more"    // the less frequent actions; Arg "full": everything on the card
	VerbEdit    Verb = "edit"    // the fields to edit; Arg: page
	VerbField   Verb = "field"   // ask for one field's value; Arg: field
	VerbSet     Verb = "set"     // set a field to a choice; Arg: field=index
	VerbMine    Verb = "mine"    // after a conflict: keep my value
	VerbStage   Verb = "stage"   // choose the stage
	VerbTags    Verb = "tags"    // choose tags; Arg: index toggled
	VerbDates   Verb = "dates"   // the other dates; Arg: one's key and what to do with it
	VerbConfirm Verb = "confirm" // the data are right
	VerbUndo    Verb = "undo"    // take back the last change; Arg: the card's revision, base 36
	VerbArchive Verb = "arch"    // ask for the reason; Arg: index of a reason
	VerbRestore Verb = "restore"
	VerbDelete  Verb = "del" // ask; Arg "yes": do it
	VerbHand    Verb = "hand"
	VerbHandTo  Verb = "handto" // Arg: member id

	// History.
	VerbNote     Verb = "note"
	VerbTouch    Verb = "touch"  // Arg: steps chosen so far
	VerbHistory  Verb = "hist"   // Arg: page mark
	VerbFile     Verb = "file"   // send a stored file; ID: touch; Arg: number
	VerbChanges  Verb = "chgs"   // what was changed on the card; Arg: the revision before which it goes on, base 36, perhaps with a dot and the event of a consent
	VerbReverse  Verb = "rev"    // take one change back; Arg: the event, and ! if one is sure
	VerbLaw      Verb = "law"    // what a client may ask for by law; Arg: which
	VerbConsent  Verb = "cons"   // what a client has consented to; Arg: what to do, the purpose, the way
	VerbPair     Verb = "pair"   // two cards that may be one client's; Arg: what to do, see package pair
	VerbLawTeam  Verb = "lawset" // what the team has set about the law; Arg: what, or what=value
	VerbOutdated Verb = "old"    // clients without contact for years; ID and Arg: whom to keep
	VerbAudit    Verb = "audit"  // ID: member; Arg: days, kind of doing, page

	// Reminders and tasks.
	VerbRemind      Verb = "remind" // ask when to be reminded of the client; Arg: a snooze
	VerbTask        Verb = "task"   // show a task
	VerbTaskDone    Verb = "tdone"  // Arg: the occurrence that was shown, seconds, base 36
	VerbTaskDrop    Verb = "tdrop"
	VerbWho         Verb = "who"    // whom a task is about; Arg: a client, "-" for none, "": ask
	VerbTaskMiss    Verb = "tmiss"  // Arg: the due time that was shown, seconds, base 36
	VerbTaskSnooze  Verb = "tlater" // Arg: a snooze
	VerbContactMiss Verb = "cmiss"  // Arg: the time that was shown
	VerbContact     Verb = "clater" // Arg: a snooze
	VerbGreet       Verb = "greet"  // Arg: done, tomorrow, skip
	VerbDue         Verb = "due"    // show what a reminder is about as it now is; Arg of it and the next: which matter
	VerbFinish      Verb = "fin"    // Arg: and the outcome, or "parts"
	VerbMiss        Verb = "miss"   // the client was not reached
	VerbLater       Verb = "later"  // Arg: and a snooze, or "date"
	VerbHow         Verb = "how"    // Arg: and what of a task is set, or what=value
	VerbWrite       Verb = "write"  // what to write to the client; Arg: and "sent"
	VerbPass        Verb = "pass"   // hand over; Arg: and the member
	VerbRetract     Verb = "unfin"  // take the last change back; Arg: and the revision, base 36
	VerbOrder       Verb = "order"  // one thing of the day after another; Arg: "", "next", "back"
	VerbStale       Verb = "stale"  // one stale client, or the list; Arg: where the list stands
	VerbStaleDo     Verb = "stdo"   // Arg: what, the touch that was shown, where the list stands
	VerbWeek        Verb = "week"   // Arg: a day of the week
	VerbOccasion    Verb = "occ"    // Arg: done, tomorrow, skip, of another date with .<key>
	VerbReminding   Verb = "rset"   // Arg: which setting, or setting=value
	VerbFailures    Verb = "fails"  // what did not reach its member
	VerbAgenda      Verb = "agenda" // Arg: today, tasks, tasks.<mark>, birthdays, birthdays.<number>

	// Forms and dialogs.
	VerbForm   Verb = "form"   // a choice in the open form; Arg: step=value
	VerbBack   Verb = "back"   // one step back in the open form
	VerbSkip   Verb = "skip"   // leave this step empty
	VerbCancel Verb = "cancel" // end the open form
	VerbSave   Verb = "save"   // save what the form gathered
	VerbResume Verb = "resume" // take up the form that was put aside; ID: its Key
	VerbDrop   Verb = "drop"   // forget it
	VerbDay    Verb = "day"    // a day of a calendar; Arg: what it is for and the day or month
	VerbNop    Verb = "nop"    // a label that looks like a button

	// Capture.
	VerbNew      Verb = "new"      // begin the form
	VerbAdd      Verb = "add"      // write down what was searched for; Arg: the text, or "" if the message's view has it
	VerbKeep     Verb = "keep"     // save the draft with this ID
	VerbForget   Verb = "forget"   // do not save it
	VerbComplete Verb = "complete" // add the draft with this ID to a card; Arg: the card's id
	VerbDespite  Verb = "despite"  // save the draft with this ID though its client seems to be there
	VerbChange   Verb = "change"   // edit the draft with this ID; Arg: field, or what else to do with it
	VerbImport   Verb = "import"   // save the list of drafts with this ID
	VerbLoad     Verb = "load"     // ID: an import; Arg: what with it, = and which
	VerbTake     Verb = "take"     // ID: an export; Arg: what with it

	// Lists.
	VerbPage   Verb = "page" // Arg: where to, "next.2", and for a search what was typed, "next.2=text"
	VerbFilter Verb = "filt" // Arg: what to filter by and the value
	VerbList   Verb = "list" // open a list; Arg: "clients", "mine", "bin"

	// How well the base is kept.
	VerbQuality  Verb = "qual"  // its figures; ID: of whom; Arg: more, team, goal or goal=percent
	VerbClean    Verb = "clean" // one card after another; ID: the card that is shown, or of whom; Arg: what to do
	VerbRequired Verb = "reqd"  // what cards must have; Arg: kind, or kind.what=on

	// Team and settings.
	VerbInvite    Verb = "inv"  // Arg: role, then role=days
	VerbSettings  Verb = "sett" // Arg: ForTeam for what is set for all
	VerbLang      Verb = "lang" // Arg: language
	VerbZone      Verb = "zone" // Arg: zone, perhaps =city; "here": ask for the place
	VerbShared    Verb = "shared"
	VerbCustom    Verb = "custom"  // the team's own fields
	VerbCustomAdd Verb = "custadd" // begin the form
	VerbCustomDel Verb = "custdel" // ID: field; Arg "yes", or "back" to take it back
	VerbTeam      Verb = "team"    // Arg: page
	VerbMember    Verb = "member"  // ID: who; Arg: what with them, and to whom
	VerbAway      Verb = "away"    // ID: who; Arg: which day is picked, d-<from>-<to>=<deputy>, "end", AwayDeputy
	VerbTemplate  Verb = "templ"   // the parts of a note; Arg "default"
	VerbPlaces    Verb = "places"  // groups where reminders may come; ID: take this one away
	VerbForAll    Verb = "trset"   // as VerbReminding, for the team
	VerbRules     Verb = "rules"   // when clients ask for attention; Arg: which rule, or rule=days
	VerbHelp      Verb = "help"

	// What keeps the base from leaving.
	VerbSecret  Verb = "secret"  // show a restricted field of a client; Arg: the field
	VerbCode    Verb = "code"    // do not do what a one-time code is asked for
	VerbOwnCode Verb = "owncode" // the member's own codes; Arg: on, off
	VerbGuard   Verb = "guard"   // what the owner has set; Arg: setting=value

	VerbCurrency Verb = "currency" // of what is written without one; Arg: the code of another
)

// AwayDeputy is the argument of VerbAway that asks who stands in, on the days that are set.
const AwayDeputy = "deputy"

// ForTeam is the argument of VerbSettings for what is set for all.
const ForTeam = "team"

var verbs = map[Verb]bool{}

func init() {
	for _, v := range []Verb{
		VerbCard, VerbDates, VerbOccasion, VerbMore, VerbEdit, VerbField, VerbSet, VerbMine, VerbStage, VerbTags, VerbConfirm, VerbUndo, VerbArchive,
		VerbRestore, VerbDelete, VerbHand, VerbHandTo, VerbNote, VerbTouch, VerbHistory, VerbFile, VerbChanges, VerbReverse, VerbAudit, VerbLaw, VerbConsent, VerbLawTeam, VerbOutdated, VerbForm, VerbBack, VerbSkip,
		VerbCancel, VerbSave, VerbResume, VerbDrop, VerbDay, VerbNop, VerbNew, VerbAdd, VerbKeep, VerbForget, VerbComplete, VerbDespite, VerbChange, VerbImport, VerbLoad, VerbTake,
		VerbPage, VerbFilter, VerbList, VerbInvite, VerbSettings, VerbLang, VerbZone, VerbShared, VerbCustom, VerbCustomAdd,
		VerbCustomDel, VerbTeam, VerbMember, VerbAway, VerbHelp, VerbRemind, VerbTask, VerbWho, VerbTaskDone, VerbTaskDrop, VerbTaskMiss, VerbTaskSnooze,
		VerbContactMiss, VerbContact, VerbGreet, VerbFailures, VerbAgenda, VerbReminding,
		VerbDue, VerbFinish, VerbMiss, VerbLater, VerbHow, VerbTemplate, VerbWrite, VerbPass, VerbRetract, VerbOrder,
		VerbPlaces, VerbForAll, VerbRules,
		VerbStale, VerbStaleDo, VerbWeek,
		VerbSecret, VerbCode, VerbOwnCode, VerbGuard, VerbCurrency,
		VerbPair,
		VerbQuality, VerbClean, VerbRequired,
	} {
		verbs[v] = true
	}
}

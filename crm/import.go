package crm

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"
)

// Import is one file whose rows become clients. It is on record from the moment the file comes, so that it goes on wherever
// it was stopped: the rows are read again from the file, which the messenger keeps, and each row makes what it makes in its
// own name (rowEvent, rowClient), so that none is taken twice however often it is written.
//
//	mapping → checking → checked → running → reporting → done → undoing → undone
//
// Until it is done it may be cancelled, or fail; what was taken by then stays and can be undone likewise.
type Import struct {
	ID     ImportID    `json:"_id" bson:"_id"`
	Team   TeamID      `json:"team" bson:"team"`
	Rev    int64       `json:"rev" bson:"rev"`
	Schema int         `json:"schema" bson:"schema"`
	By     MemberID    `json:"by" bson:"by"`
	State  ImportState `json:"state" bson:"state"`
	File   ImportFile  `json:"file" bson:"file"`

	Shape   string         `json:"shape" bson:"shape"`                         // the same for files with the same headings
	Program string         `json:"program,omitempty" bson:"program,omitempty"` // whose export it looks like, see import_words.go
	Heading int            `json:"heading" bson:"heading"`                     // number of the row with the headings; 0: there is none
	Columns []ImportColumn `json:"columns,omitempty" bson:"columns,omitempty"`
	Own     []ImportColumn `json:"own,omitempty" bson:"own,omitempty"` // of a file of records: the own fields that it names
	// Labels are what fields are called where the file has no headings, in the importer's words.
	Labels map[ImportTarget]string `json:"labels,omitempty" bson:"labels,omitempty"`
	Policy ImportPolicy            `json:"policy,omitempty" bson:"policy,omitempty"`
	Likely ImportPolicy            `json:"likely,omitempty" bson:"likely,omitempty"` // what to do with rows that are only like a card, see LikelyAs

	Cursor  int            `json:"cursor" bson:"cursor"`                       // rows up to this number are dealt with
	Reach   int            `json:"reach" bson:"reach"`                         // rows up to this number may be written already
	Rows    int            `json:"rows" bson:"rows"`                           // with something in them
	More    bool           `json:"more,omitempty" bson:"more,omitempty"`       // there are more: only the first were counted yet
	Again   time.Time      `json:"again,omitzero" bson:"again,omitempty"`      // when the same file was imported before
	Before  []ImportID     `json:"before,omitempty" bson:"before,omitempty"`   // the imports of it: what a row made then it means now
	Sheets  []string       `json:"sheets,omitempty" bson:"sheets,omitempty"`   // of the file, that have rows and are not taken
	Counts  ImportCounts   `json:"counts" bson:"counts"`                       // of the check, then of the rows that were taken
	Refused map[string]Run `json:"refused,omitempty" bson:"refused,omitempty"` // why → which rows were not taken
	Asked   Run            `json:"asked,omitempty" bson:"asked,omitempty"`     // rows about which the member is to be asked
	Kept    []ClientID     `json:"kept,omitempty" bson:"kept,omitempty"`       // of an undone one: cards touched since, the first of them
	Made    Run            `json:"made,omitempty" bson:"made,omitempty"`       // blocks of rows (blockOf) of which any has made a card
	// Strangers are those responsible by the file whom the team does not know, the first of them: their clients are the importer's.
	Strangers []string `json:"strangers,omitempty" bson:"strangers,omitempty"`
	Doers     []string `json:"doers,omitempty" bson:"doers,omitempty"`     // likewise those whose tasks the file has: these are the importer's, too
	Problem   string   `json:"problem,omitempty" bson:"problem,omitempty"` // why it failed

	Chat    int64     `json:"chat" bson:"chat"`
	Screen  int64     `json:"screen,omitempty" bson:"screen,omitempty"` // the message that shows how far it is
	Fence   int64     `json:"fence,omitempty" bson:"fence,omitempty"`   // counts the processes that have worked at it
	Lease   time.Time `json:"lease,omitzero" bson:"lease,omitempty"`    // until then a process works at it
	Created time.Time `json:"created" bson:"created"`
	Begun   time.Time `json:"begun,omitzero" bson:"begun,omitempty"` // when rows began to be taken
	Ended   time.Time `json:"ended,omitzero" bson:"ended,omitempty"`
	Touched time.Time `json:"touched" bson:"touched"` // last written
}

// ImportID is the id of an import.
type ImportID string

// ImportState is where an import stands.
type ImportState string

const (
	ImportMapping   ImportState = "mapping"  // the member looks at the columns
	ImportChecking  ImportState = "checking" // a dry run
	ImportChecked   ImportState = "checked"  // the member says what to do with clients that are there
	ImportRunning   ImportState = "running"
	ImportReporting ImportState = "reporting" // all rows are taken; the member is to be told
	ImportDone      ImportState = "done"
	ImportCancelled ImportState = "cancelled" // what was taken before that stays, and can be undone
	ImportFailed    ImportState = "failed"    // likewise
	ImportUndoing   ImportState = "undoing"
	ImportUndone    ImportState = "undone"
)

// importWork are the states in which there is something to do in the background.
var importWork = []ImportState{ImportChecking, ImportRunning, ImportReporting, ImportUndoing}

// UnderWay reports whether the import is being worked at in the background.
func (i Import) UnderWay() bool { return slices.Contains(importWork, i.State) }

// ImportFile is where the rows come from.
type ImportFile struct {
	ID   string `json:"id" bson:"id"` // the messenger's, to fetch it again
	Name string `json:"name" bson:"name"`
	Size int64  `json:"size" bson:"size"`
	Hash string `json:"hash" bson:"hash"` // SHA-256 of the content, hex
}

// ImportColumn says what becomes of a column. To is a Field, one of the targets below, or a custom field's key.
type ImportColumn struct {
	Heading string       `json:"heading" bson:"heading"` // "": it has none
	To      ImportTarget `json:"to" bson:"to"`
	Kind    FieldKind    `json:"kind,omitempty" bson:"kind,omitempty"`       // of ImportNew, if the file says it
	Choices []string     `json:"choices,omitempty" bson:"choices,omitempty"` // likewise
	Order   DateOrder    `json:"order,omitempty" bson:"order,omitempty"`     // of its dates
}

// ImportTarget is what a column is taken for.
type ImportTarget string

// Targets beside the Fields.
const (
	ImportSkip   ImportTarget = "skip"   // not taken at all, since the member says so
	ImportNote   ImportTarget = "note"   // goes to the history with its heading
	ImportFirst  ImportTarget = "first"  // parts of a name
	ImportMiddle ImportTarget = "middle" //
	ImportLast   ImportTarget = "last"   //
	ImportOwner  ImportTarget = "owner"  // the member who is responsible, by name
	ImportNew    ImportTarget = "new"    // a custom field that is made when the import begins
	ImportUserID ImportTarget = "telegram_id"
	// ImportAddress is none that a column is taken for: what a form of address before a name is called.
	ImportAddress ImportTarget = "form_of_address"
)

// ImportPolicy says what to do with a row whose client is there already.
type ImportPolicy string

const (
	ImportFill      ImportPolicy = "fill"      // take what the card lacks
	ImportOverwrite ImportPolicy = "overwrite" // what the row says counts
	ImportPass      ImportPolicy = "pass"      // leave the card alone
	ImportAsk       ImportPolicy = "ask"       // ask about each
	ImportAdd       ImportPolicy = "add"       // of a row that is asked about or is only like a card: it is somebody new
	ImportSame      ImportPolicy = "same"      // of a row that is only like a card: it is that client
)

// ImportPolicies in the order in which they are offered.
var ImportPolicies = []ImportPolicy{ImportFill, ImportOverwrite, ImportPass, ImportAsk}

// ImportLikely is what can be done with rows that have a card's name and company, but other phones or addresses, in the order in which
// it is offered.
var ImportLikely = []ImportPolicy{ImportAdd, ImportSame, ImportAsk}

// LikelyAs is what is done with them. Unless somebody says otherwise they are new cards: those can be merged later, while what was
// written into a stranger's card nobody takes apart.
func (i Import) LikelyAs() ImportPolicy { return cmp.Or(i.Likely, ImportAdd) }

// Several is how many rows fit more than one card: they are taken only where one is asked about each.
func (i Import) Several() int {
	for _, r := range i.Reasons() {
		if r.What == "several" {
			return r.Rows
		}
	}
	return 0
}

// Choices are the policies between which a check leaves a choice, in the order in which they are offered; none: there is nothing to ask
// for. A client who is in the file twice and not in the base is no match: the later row completes what the first one has made. Rows that
// are only like a card are matches where they are to be the same client; about each of these ImportLikely can ask.
func (i Import) Choices() []ImportPolicy {
	same := i.Counts.Maybe > 0 && i.LikelyAs() == ImportSame
	switch several := i.Several() > 0; {
	case i.Counts.Changed > 0, same && several:
		return ImportPolicies
	case same:
		return []ImportPolicy{ImportFill, ImportOverwrite, ImportPass}
	case several:
		return []ImportPolicy{ImportAsk}
	}
	return nil
}

// Makes is how many cards come of the rows that match none, after a check.
func (i Import) Makes() int {
	if i.LikelyAs() == ImportAdd {
		return i.Counts.New + i.Counts.Maybe
	}
	return i.Counts.New
}

// ImportCounts is what became of the rows, or would.
type ImportCounts struct {
	New      int `json:"new" bson:"new"`
	Changed  int `json:"changed" bson:"changed"`                       // cards that were there; of a check: rows that match one
	Replaced int `json:"replaced,omitempty" bson:"replaced,omitempty"` // of the changed ones: by ImportOverwrite
	Same     int `json:"same" bson:"same"`                             // cards that had all of it already
	Passed   int `json:"passed" bson:"passed"`                         // by ImportPass
	Maybe    int `json:"maybe" bson:"maybe"`                           // rows that are only like a card: same name and company, nothing else to know them by
	Double   int `json:"double" bson:"double"`                         // of a check: rows whose client is in an earlier row
	InBin    int `json:"in_bin,omitempty" bson:"in_bin,omitempty"`     // of a check: of New and Maybe those who have a card in the bin
	Refused  int `json:"refused" bson:"refused"`
	Asked    int `json:"asked" bson:"asked"`                       // still to be judged
	Undone   int `json:"undone" bson:"undone"`                     // changes that were taken back
	Binned   int `json:"binned,omitempty" bson:"binned,omitempty"` // of those: cards that were put in the bin
	Kept     int `json:"kept" bson:"kept"`
}

// ImportRow is one row of a file. A file of cards has drafts in place of cells, one of our own records.
type ImportRow struct {
	N      int
	Cells  []string // good until the next row is read
	Draft  *Draft
	Record *ExportRecord
	Long   bool // something in it was too long to be read
	Cut    bool // the file breaks off within it
}

// ImportRows are the rows of a file; Next is io.EOF behind the last. What it fails with otherwise is an *Error of class
// ErrInvalid or ErrTooLarge where the file is to blame.
type ImportRows interface {
	Next() (ImportRow, error)
	io.Closer
}

// ImportOffice is what work in the background needs of the world outside.
type ImportOffice interface {
	// Open fetches the file again and reads it from its beginning.
	Open(ctx context.Context, i Import) (ImportRows, error)
	// Tell shows the member how far it is. It is no error of the import if nobody can be told.
	Tell(ctx context.Context, i Import)
	// Report sends the member the rows that were not taken, each with its reason.
	Report(ctx context.Context, i Import) error
}

// ImportStore keeps imports.
type ImportStore interface {
	// Import returns one; ErrNotFound.
	Import(ctx context.Context, team TeamID, id ImportID) (Import, error)
	// Imports lists the newest first: by Created, then id, descending.
	Imports(ctx context.Context, q ImportQuery) ([]Import, error)
	// SaveImport writes i as revision i.Rev, which must follow the stored one (1 if there is none); ErrConflict.
	SaveImport(ctx context.Context, i Import) error
	// ClientsHolding lists the cards, not in the bin, that hold any of the keys or any of the terms, in no order.
	ClientsHolding(ctx context.Context, q HoldingQuery) ([]Client, error)
}

// ImportQuery asks for imports. Zero fields do not narrow.
type ImportQuery struct {
	Team   TeamID
	By     MemberID
	Begun  bool // those alone that have begun to take rows
	Shape  string
	States []ImportState
	Limit  int
}

// HoldingQuery asks which cards a batch of rows may be about.
type HoldingQuery struct {
	Team  TeamID
	Keys  []string // as in Client.Keys
	Terms []string // as in Client.Terms
	Limit int
}

// NewImportID is the id of the import that a cause begins.
func NewImportID(team TeamID, c Cause) ImportID { return ImportID(newID(team, c, "import", 0)) }

// cause is in whose name the rows are taken.
func (i Import) cause() Cause { return Cause("i" + string(i.ID)) }

// rowEvent is the id of the event by which a row is taken.
func (i Import) rowEvent(n int) EventID { return i.cause().EventID(n) }

// begunEvent and undoneEvent are the ids of the events that tell of all that the rows did, and of its being taken back.
func (i Import) begunEvent() EventID  { return (i.cause() + "b").EventID(0) }
func (i Import) undoneEvent() EventID { return (i.cause() + "b").EventID(1) }

// rowClient is the id of the card that a row makes.
func (i Import) rowClient(n int) ClientID { return NewClientID(i.Team, i.cause(), n) }

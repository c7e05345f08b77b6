package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ExportFormat is what kind of file clients leave as.
type ExportFormat string

const (
	ExportXLSX  ExportFormat = "xlsx"
	ExportCSV   ExportFormat = "csv"
	ExportVCF   ExportFormat = "vcf" // for the phone's book
	ExportICS   ExportFormat = "ics" // birthdays, other dates and tasks for a calendar
	ExportJSON  ExportFormat = "json"
	ExportJSONL ExportFormat = "jsonl" // a client a line
)

// ExportFormats in the order in which people are offered them.
var ExportFormats = []ExportFormat{ExportXLSX, ExportCSV, ExportVCF, ExportICS, ExportJSON, ExportJSONL}

// ExportFormatsFor are those that a role has a use for: who sees a part of each card has nobody to dial, no dates to keep, and nothing
// that would come back whole.
func ExportFormatsFor(role Role) []ExportFormat {
	if SeesAll(role) {
		return ExportFormats
	}
	return []ExportFormat{ExportXLSX, ExportCSV}
}

// ExportState is where an export stands.
type ExportState string

const (
	ExportWaiting   ExportState = "waiting" // for the background to take it up
	ExportRunning   ExportState = "running"
	ExportDone      ExportState = "done"
	ExportCancelled ExportState = "cancelled"
	ExportFailed    ExportState = "failed"
)

// ExportID tells the exports of a team apart.
type ExportID string

// Export is one taking along of clients as files. A member has one at a time, kept as a dialog is (exportDialog): it ends and is
// cleaned up as one, and nobody's record changes with each step of it.
//
//	waiting → running → done, or cancelled, or failed
//
// What a restart has cut short begins anew once, unless a part of it has been sent already: then it says so.
type Export struct {
	ID     ExportID     `json:"id"`
	Team   TeamID       `json:"team"`
	By     MemberID     `json:"by"`
	Cause  Cause        `json:"cause"`
	Format ExportFormat `json:"format"`
	Query  ClientQuery  `json:"query"`
	Of     []ClientID   `json:"of,omitempty"`    // these alone; none: all that the query means
	About  string       `json:"about,omitempty"` // what they have in common, in the member's words
	Back   string       `json:"back,omitempty"`  // of the conversation: where it was asked for

	State   ExportState `json:"state"`
	Problem string      `json:"problem,omitempty"` // why it failed; texts are export_problem.<problem>
	Total   int         `json:"total"`             // clients there were when it began
	Read    int         `json:"read,omitempty"`    // clients looked at so far, in all walks through them
	Clients int         `json:"clients,omitempty"` // that are in the files
	Files   int         `json:"files,omitempty"`   // that were sent
	Tries   int         `json:"tries,omitempty"`

	Chat   int64     `json:"chat"`
	Screen int64     `json:"screen,omitempty"` // the message that shows how far it is
	Lease  time.Time `json:"lease,omitzero"`   // until then a process works at it
	Begun  time.Time `json:"begun"`
	Ended  time.Time `json:"ended,omitzero"`
}

// UnderWay reports whether something is still to be done.
func (e Export) UnderWay() bool { return e.State == ExportWaiting || e.State == ExportRunning }

// Share is which part of it is done, in percent.
func (e Export) Share() int {
	walks := 1
	if e.Format == ExportXLSX {
		walks = 3 // clients, their history, their dates: a sheet is written before the next begins
	}
	return min(100, e.Read*100/max(1, walks*e.Total))
}

// ExportInput says what is to leave and where it goes.
type ExportInput struct {
	Format ExportFormat
	Query  ClientQuery
	Of     []ClientID // these alone; none: all that the query means
	About  string
	Back   string
	Chat   int64
	Screen int64
}

const exportForm = "export"

// exportDialog is of the dialog that keeps a member's export.
func exportDialog(m MemberID) string { return exportForm + ":" + string(m) }

// exportKept is for how long it can be looked up how an export ended.
const exportKept = 7 * 24 * time.Hour

// exportOf reads a member's export; zero if there is none.
func (d *Desk) exportOf(ctx context.Context, m MemberID) (Export, Dialog, error) {
	dlg, err := d.store.Dialog(ctx, exportDialog(m))
	if errors.Is(err, ErrNotFound) {
		return Export{}, Dialog{}, nil
	}
	var e Export
	if err == nil {
		err = json.Unmarshal([]byte(dlg.Answers[exportForm]), &e)
	}
	if err != nil {
		return Export{}, dlg, fmt.Errorf("read export: %w", err)
	}
	return e, dlg, nil
}

// saveExport writes a member's export over what was read. ErrConflict.
func (d *Desk) saveExport(ctx context.Context, e Export, over Dialog) (Dialog, error) {
	raw, err := json.Marshal(e)
	if err != nil {
		return over, fmt.Errorf("save export: %w", err)
	}
	dlg := Dialog{ID: exportDialog(e.By), Team: e.Team, Member: e.By, Schema: schemaVersion, Form: exportForm, Rev: over.Rev + 1, Last: e.Cause,
		Answers: map[string]string{exportForm: string(raw)}, Updated: d.now(), Expires: d.now().Add(exportKept)}
	if len(e.Of) > 0 && !e.UnderWay() { // it says what was searched for
		dlg.Of = OfSought
	}
	if err := d.store.SaveDialog(ctx, dlg); err != nil {
		return over, fmt.Errorf("save export: %w", err)
	}
	return dlg, nil
}

// exported keeps what is asked for to what by may take along.
func (d *Desk) exported(ctx context.Context, by Actor, in ExportInput) (Team, ExportInput, error) {
	team, q, err := d.within(ctx, by, ActionExport, in.Query)
	if err != nil {
		return team, in, err
	}
	if !slices.Contains(ExportFormatsFor(by.Role), in.Format) || len(in.Of) > MostFound {
		return team, in, invalid("export")
	}
	// By when they were added, the newest first: neither a touch nor a new name moves a card past the reader.
	q.Bin, q.Sort, q.After, q.Limit = BinOutside, SortByNewest, nil, 0
	in.Query = q
	return team, in, nil
}

// CountExport is how many clients BeginExport would take along, to be said before.
func (d *Desk) CountExport(ctx context.Context, by Actor, in ExportInput) (int, error) {
	in.Format = ExportCSV
	_, in, err := d.exported(ctx, by, in)
	if err != nil || len(in.Of) > 0 {
		return len(in.Of), err
	}
	n, err := d.store.CountClients(ctx, in.Query, MostCounted)
	if err != nil {
		return 0, fmt.Errorf("count what is to be exported: %w", err)
	}
	return n, nil
}

// BeginExport has clients taken along in files: those of the query, or the ones named, as far as by sees them. That they are taken
// is in the record, and the owners are told, before anything is read; the files are made in the background (WorkExports). It needs a
// code where the team asks for them. ErrInvalid on "export", ErrConflict on "export", with the other one, while by has one under way. A
// repeated cause returns what the first began.
func (d *Desk) BeginExport(ctx context.Context, by Actor, in ExportInput) (Export, error) {
	team, in, err := d.exported(ctx, by, in)
	if err == nil {
		err = d.confirmed(ctx, by, team)
	}
	if err != nil {
		return Export{}, err
	}
	total, err := d.CountExport(ctx, by, in)
	if err != nil {
		return Export{}, err
	}
	for range maxRaces {
		was, over, err := d.exportOf(ctx, by.ID)
		switch {
		case err != nil:
			return Export{}, err
		case was.Cause == by.Cause:
			return was, d.askExports(ctx, by.Team)
		case was.UnderWay():
			return was, &Error{Kind: ErrConflict, Field: "export"}
		}
		if err := d.noteExport(ctx, by, in, total); err != nil {
			return Export{}, err
		}
		e := Export{ID: ExportID(newID(by.Team, by.Cause, "export", 0)), Team: by.Team, By: by.ID, Cause: by.Cause, Format: in.Format, Query: in.Query,
			Of: in.Of, About: in.About, Back: in.Back, State: ExportWaiting, Total: total, Chat: in.Chat, Screen: in.Screen, Begun: d.now()}
		_, err = d.saveExport(ctx, e, over)
		if err == nil {
			err = d.askExports(ctx, by.Team)
		}
		if !errors.Is(err, ErrConflict) {
			return e, err
		}
	}
	return Export{}, &Error{Kind: ErrConflict, Field: "export"}
}

// When an export of a team was asked for last, and the last of those of which none is under way any more: between the two the members'
// are looked at, and nobody's where the two are the same.
func exportsAsked(team TeamID) string { return "exports-asked:" + string(team) }
func exportsOver(team TeamID) string  { return "exports-over:" + string(team) }

// askExports has the members' exports looked at.
func (d *Desk) askExports(ctx context.Context, team TeamID) error {
	last, err := d.store.Progress(ctx, exportsAsked(team))
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	at := d.now()
	if !at.After(last) {
		at = last.Add(time.Millisecond) // what was asked for before is told by the time
	}
	return d.noteProgress(ctx, exportsAsked(team), at)
}

// What an event of ActionExport says beside who and when.
const (
	exportedAs = "format"
	exportedN  = "clients"
)

func (d *Desk) noteExport(ctx context.Context, by Actor, in ExportInput, total int) error {
	return d.noteTaken(ctx, by, Event{Action: ActionExport, Record: string(by.Team),
		Fields: map[string]Delta{exportedAs: {After: strconv.Quote(string(in.Format))}, exportedN: {After: strconv.Itoa(total)}}})
}

// Exported is what an event says was exported: as what, and how many clients; "" if the event is of something else.
func (e Event) Exported() (as ExportFormat, clients int) {
	if e.Action != ActionExport {
		return "", 0
	}
	format, err := strconv.Unquote(e.Fields[exportedAs].After)
	if err != nil {
		return "", 0
	}
	clients, _ = strconv.Atoi(e.Fields[exportedN].After)
	return ExportFormat(format), clients
}

// ExportOf is by's last export as it now stands; ErrNotFound on "export" if there is none.
func (d *Desk) ExportOf(ctx context.Context, by Actor) (Export, error) {
	if _, _, err := d.gate(ctx, by, ActionExport); err != nil {
		return Export{}, err
	}
	e, _, err := d.exportOf(ctx, by.ID)
	if err == nil && e.ID == "" {
		err = &Error{Kind: ErrNotFound, Field: "export"}
	}
	return e, err
}

// StopExport ends by's export wherever it is, and returns it; files that were sent by then stay. One that is over stays as it is.
func (d *Desk) StopExport(ctx context.Context, by Actor) (Export, error) {
	return d.editExport(ctx, by, func(e *Export) {
		if e.UnderWay() {
			e.State, e.Ended, e.Lease = ExportCancelled, d.now(), time.Time{}
		}
	})
}

// MoveExport notes which message shows how far by's export is.
func (d *Desk) MoveExport(ctx context.Context, by Actor, screen int64) (Export, error) {
	return d.editExport(ctx, by, func(e *Export) { e.Screen = screen })
}

func (d *Desk) editExport(ctx context.Context, by Actor, f func(*Export)) (Export, error) {
	if _, _, err := d.gate(ctx, by, ActionExport); err != nil {
		return Export{}, err
	}
	for range maxRaces {
		e, over, err := d.exportOf(ctx, by.ID)
		if err == nil && e.ID == "" {
			err = &Error{Kind: ErrNotFound, Field: "export"}
		}
		if err != nil {
			return e, err
		}
		f(&e)
		if _, err = d.saveExport(ctx, e, over); !errors.Is(err, ErrConflict) {
			return e, err
		}
	}
	return Export{}, &Error{Kind: ErrConflict, Field: "export"}
}

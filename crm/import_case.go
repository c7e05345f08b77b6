package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// ImportStart is a file that has come.
type ImportStart struct {
	File   ImportFile
	Sample []ImportRow // its first rows
	Rows   int         // how many were counted
	More   bool        // there are more than that
	Chat   int64
	Sheets []string                // that hold something and are not read
	Labels map[ImportTarget]string // see Import.Labels

	Program string // whose export it says it is, "" if it says nothing
}

// BeginImporting answers whether by may import, and into which team. ErrDenied.
func (d *Desk) BeginImporting(ctx context.Context, by Actor) (Team, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	return team, err
}

// mostSheets is how many of the sheets that are not taken are named.
const mostSheets = 50

// BeginImport takes a file up: its columns are recognised, or are as they were for the last file of that shape. A file of cards has none. A repeated cause returns what the first made.
func (d *Desk) BeginImport(ctx context.Context, by Actor, in ImportStart) (Import, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return Import{}, err
	}
	id := NewImportID(by.Team, by.Cause)
	if i, err := d.store.Import(ctx, by.Team, id); err == nil {
		return i, nil
	}
	now := d.now()
	l := recognise(in.Sample, team, civil.DateOf(now.In(by.Location())))
	if !slices.ContainsFunc(in.Sample, func(r ImportRow) bool { return r.N > l.heading }) {
		return Import{}, invalid("import.empty")
	}
	for _, row := range in.Sample {
		if row.N <= l.heading && !in.More { // of more than were counted there are as many clients at least
			in.Rows-- // it is no client
		}
	}
	i := Import{ID: id, Team: by.Team, Rev: 1, Schema: schemaVersion, By: by.ID, State: ImportMapping, File: in.File, Chat: in.Chat,
		Rows: in.Rows, More: in.More, Shape: l.shape(), Program: cmp.Or(l.program, in.Program), Heading: l.heading, Columns: l.columns, Own: l.own,
		Labels: in.Labels, Sheets: in.Sheets[:min(len(in.Sheets), mostSheets)], Created: now, Touched: now}
	if len(l.columns) == 0 {
		i.Shape = "cards"
	}
	if err := d.remember(ctx, team, &i); err != nil {
		return Import{}, err
	}
	if err := d.store.SaveImport(ctx, i); errors.Is(err, ErrConflict) {
		return d.store.Import(ctx, by.Team, id)
	} else if err != nil {
		return Import{}, fmt.Errorf("save import: %w", err)
	}
	return i, nil
}

// remember takes the columns as they were for the last file of that shape that was imported, and finds out whether one of
// them was this very file.
func (d *Desk) remember(ctx context.Context, team Team, i *Import) error {
	last, err := d.store.Imports(ctx, ImportQuery{Team: i.Team, Shape: i.Shape, States: importTaken, Begun: true, Limit: 20})
	if err != nil {
		return fmt.Errorf("imports of that shape: %w", err)
	}
	for _, before := range last { // the newest first
		if before.File.Hash == i.File.Hash && before.State != ImportUndone {
			if i.Before == nil {
				i.Again = before.Begun
			}
			i.Before = append(i.Before, before.ID)
		}
	}
	if len(last) == 0 || len(last[0].Columns) != len(i.Columns) {
		return nil
	}
	for n, c := range last[0].Columns {
		if id := Field(c.To).Custom(); id != "" {
			if _, there := team.Field(id); !there {
				continue
			}
		}
		i.Columns[n].To = c.To
	}
	return nil
}

// importTaken are the states of an import from which rows may have been taken.
var importTaken = []ImportState{ImportRunning, ImportReporting, ImportDone, ImportCancelled, ImportUndoing, ImportUndone}

// Import returns one of by's own.
func (d *Desk) Import(ctx context.Context, by Actor, id ImportID) (Import, error) {
	if _, _, err := d.gate(ctx, by, ActionImport); err != nil {
		return Import{}, err
	}
	return d.ownImport(ctx, by, id)
}

// ownImport reads an import that by has begun; any other is ErrNotFound on "import".
func (d *Desk) ownImport(ctx context.Context, by Actor, id ImportID) (Import, error) {
	i, err := d.store.Import(ctx, by.Team, id)
	if errors.Is(err, ErrNotFound) || err == nil && i.By != by.ID {
		return Import{}, &Error{Kind: ErrNotFound, Field: "import"}
	}
	if err != nil {
		return Import{}, fmt.Errorf("read import: %w", err)
	}
	return i, nil
}

// editImport changes an import in one of some states; in any other it fails with ErrConflict on "import" and returns it as it
// is.
func (d *Desk) editImport(ctx context.Context, by Actor, id ImportID, from []ImportState, f func(*Import) error) (Import, error) {
	for range maxRaces {
		i, err := d.ownImport(ctx, by, id)
		if err != nil {
			return i, err
		}
		if !slices.Contains(from, i.State) {
			return i, &Error{Kind: ErrConflict, Field: "import"}
		}
		next := i
		next.Columns = slices.Clone(i.Columns)
		if err := f(&next); err != nil {
			return i, err
		}
		next.Rev, next.Touched = i.Rev+1, d.now()
		err = d.store.SaveImport(ctx, next)
		if err == nil {
			return next, nil
		}
		if !errors.Is(err, ErrConflict) {
			return i, fmt.Errorf("save import: %w", err)
		}
	}
	return Import{}, &Error{Kind: ErrConflict, Field: "import"}
}

// MapColumn says what a column is to be taken for. ErrInvalid on "column" for one that is not there or a target that is none;
// of those that one column can be alone the other is a note then.
func (d *Desk) MapColumn(ctx context.Context, by Actor, id ImportID, column int, to ImportTarget) (Import, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return Import{}, err
	}
	return d.editImport(ctx, by, id, []ImportState{ImportMapping, ImportChecked}, func(i *Import) error {
		if column < 0 || column >= len(i.Columns) || !knownTarget(team, to) {
			return invalid("column")
		}
		if to == ImportNew && !d.MayEditTeam(ctx, by) {
			return &Error{Kind: ErrDenied, Field: string(ActionEditTeam)}
		}
		for n := range i.Columns {
			if i.Columns[n].To == to && slices.Contains(onlyOne, to) {
				i.Columns[n].To = ImportNote
			}
		}
		i.Columns[column].To = to
		i.State = ImportMapping
		return nil
	})
}

// ImportTargets are what a column can be taken for in a team, in the order in which people are offered them.
func ImportTargets(team Team) []ImportTarget {
	list := []ImportTarget{target(FieldName), target(FieldPhones), target(FieldEmails), target(FieldCompany), target(FieldPosition),
		target(FieldTags), target(FieldBirthday), ImportNote, target(FieldCity), target(FieldAddress), ImportOwner, target(FieldSource), ImportLast,
		ImportFirst, ImportMiddle, target(FieldStage), target(FieldStatus), target(FieldClientKind), accountTarget(messengerTelegram),
		accountTarget("whatsapp"), accountTarget("viber"), accountTarget(messengerVK), accountTarget("skype"), accountTarget(messengerSite),
		ImportUserID, target(FieldDates), target(FieldInterests), target(FieldChannel)}
	for _, f := range team.Fields {
		if !f.Removed && !f.Restricted { // what is hidden is entered on the card: a file would bring it in the open
			list = append(list, target(CustomKey(f.ID)))
		}
	}
	return list
}

func knownTarget(team Team, to ImportTarget) bool {
	return to == ImportSkip || to == ImportNew || slices.Contains(ImportTargets(team), to)
}

// CheckImport begins the dry run.
func (d *Desk) CheckImport(ctx context.Context, by Actor, id ImportID, screen int64) (Import, error) {
	if _, _, err := d.gate(ctx, by, ActionImport); err != nil {
		return Import{}, err
	}
	return d.editImport(ctx, by, id, []ImportState{ImportMapping, ImportChecked}, func(i *Import) error {
		i.State, i.Screen, i.Lease = ImportChecking, screen, time.Time{}
		return nil
	})
}

// TakeLikely says what is to be done with rows that are only like a card. ErrInvalid on "import.policy" for what is none of ImportLikely.
func (d *Desk) TakeLikely(ctx context.Context, by Actor, id ImportID, as ImportPolicy) (Import, error) {
	if _, _, err := d.gate(ctx, by, ActionImport); err != nil {
		return Import{}, err
	}
	if !slices.Contains(ImportLikely, as) {
		return Import{}, invalid("import.policy")
	}
	return d.editImport(ctx, by, id, []ImportState{ImportChecked}, func(i *Import) error {
		i.Likely = as
		return nil
	})
}

// RunImport begins to take the rows. Columns that are to be fields of their own become those, as far as there is room and by may
// make them; the others are notes. Rows that are to count over what the cards say are a change of many cards, before which a team can have
// a one-time code asked for.
func (d *Desk) RunImport(ctx context.Context, by Actor, id ImportID, p ImportPolicy) (Import, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return Import{}, err
	}
	if !slices.Contains(ImportPolicies, p) {
		return Import{}, invalid("import.policy")
	}
	i, err := d.ownImport(ctx, by, id)
	if err == nil && p == ImportOverwrite {
		err = d.confirmed(ctx, by, team)
	}
	if err != nil {
		return i, err
	}
	columns, own := slices.Clone(i.Columns), slices.Clone(i.Own)
	for _, list := range [][]ImportColumn{columns, own} {
		for n := range list {
			if list[n].To == ImportNew && i.State == ImportChecked {
				list[n].To = d.makeField(ctx, by, &team, list[n], n)
			}
		}
	}
	begin := Event{ID: i.begunEvent(), Team: by.Team, Schema: schemaVersion, Action: ActionImport, Record: string(id), By: by.ID, At: d.now()}
	return d.editImport(ctx, by, id, []ImportState{ImportChecked}, func(i *Import) error {
		i.State, i.Policy, i.Columns, i.Own, i.Begun, i.Lease = ImportRunning, p, columns, own, begin.At, time.Time{}
		i.Cursor, i.Reach, i.Counts, i.Refused, i.Asked, i.Made = 0, 0, ImportCounts{}, nil, "", ""
		if err := d.store.AddEvent(ctx, begin); err != nil && !errors.Is(err, ErrApplied) {
			return fmt.Errorf("note the import: %w", err)
		}
		return nil
	})
}

// makeField makes a field of the team's own for a column.
func (d *Desk) makeField(ctx context.Context, by Actor, team *Team, c ImportColumn, n int) ImportTarget {
	by.Cause = Cause(fmt.Sprintf("%sc%d", by.Cause, n))
	name := clip(c.Heading, maxLabel)
	if _, there := ownField(*team, name); !there {
		got, err := d.AddField(ctx, by, CustomField{Name: name, Kind: cmp.Or(c.Kind, FieldText), Choices: c.Choices})
		if err != nil {
			return ImportNote // no room, no right, no name: nothing is lost that way
		}
		*team = got
	}
	f, _ := ownField(*team, name)
	if f.Restricted {
		return ImportSkip
	}
	return target(CustomKey(f.ID))
}

// StopImport ends an import wherever it is. What was taken stays.
func (d *Desk) StopImport(ctx context.Context, by Actor, id ImportID) (Import, error) {
	if _, _, err := d.gate(ctx, by, ActionImport); err != nil {
		return Import{}, err
	}
	from := []ImportState{ImportMapping, ImportChecking, ImportChecked, ImportRunning}
	return d.editImport(ctx, by, id, from, func(i *Import) error {
		i.State, i.Ended = ImportCancelled, d.now() // whoever works at it keeps the lease until the batch is written
		return nil
	})
}

// Undoable reports whether the import can be taken back.
func (i Import) Undoable(now time.Time) bool {
	ended := i.State == ImportDone || i.State == ImportCancelled || i.State == ImportFailed
	return ended && !i.Begun.IsZero() && i.Counts.New+i.Counts.Changed > 0 && now.Before(i.Ended.Add(ImportUndoDays*24*time.Hour))
}

// UndoImport begins to take back all that an import did. Cards that somebody has touched since stay as they are and are named.
// ErrExpired on "import" when that is too long ago.
func (d *Desk) UndoImport(ctx context.Context, by Actor, id ImportID) (Import, error) {
	if _, _, err := d.guarded(ctx, by, ActionUndoImport); err != nil {
		return Import{}, err
	}
	begin := Event{ID: Import{ID: id}.undoneEvent(), Team: by.Team, Schema: schemaVersion, Action: ActionUndoImport, Record: string(id),
		By: by.ID, At: d.now()}
	return d.editImport(ctx, by, id, []ImportState{ImportDone, ImportCancelled, ImportFailed}, func(i *Import) error {
		if !i.Undoable(d.now()) {
			return &Error{Kind: ErrExpired, Field: "import"}
		}
		i.State, i.Asked, i.Counts.Asked = ImportUndoing, "", 0
		i.Counts.Undone, i.Counts.Binned, i.Counts.Kept, i.Kept = 0, 0, 0, nil
		i.Cursor = max(i.Cursor, i.Reach)
		if err := d.store.AddEvent(ctx, begin); err != nil && !errors.Is(err, ErrApplied) {
			return fmt.Errorf("note the undoing: %w", err)
		}
		return nil
	})
}

// MoveImport notes which message shows how far the import is.
func (d *Desk) MoveImport(ctx context.Context, by Actor, id ImportID, screen int64) (Import, error) {
	if _, _, err := d.gate(ctx, by, ActionImport); err != nil {
		return Import{}, err
	}
	all := append([]ImportState{ImportMapping, ImportChecking, ImportChecked, ImportFailed}, importTaken...)
	return d.editImport(ctx, by, id, all, func(i *Import) error {
		i.Screen = screen
		return nil
	})
}

package crm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"kartoteka/crm/civil"
)

const (
	// importBatch is how many rows are read, matched and written together. The engines are fastest with a thousand; half of
	// that keeps the writer free for whoever works meanwhile.
	importBatch = 500
	// importLease is how long a process may be silent before another goes on in its place: a batch takes a part of a second. One
	// that was only slow loses its turn and nothing else.
	importLease = 10 * time.Second
	// importTell is how often the member is shown how far it is: Telegram counts edits like messages.
	importTell = 3 * time.Second
)

// errImportTaken: another process works at the import, or the member has stopped it.
var errImportTaken = errors.New("import taken over")

// importWorker is one process at work on one import.
type importWorker struct {
	desk    *Desk
	office  ImportOffice
	i       Import
	by      Actor
	team    Team
	edits   reach // whose cards may be changed
	gives   bool  // may hand cards over to others
	reader  rowReader
	told    time.Time
	seen    map[string]bool   // keys and prints of the rows so far, of a check
	names   map[string]string // … by name and company without patronymics: the names, a line each
	checked int               // rows of a check so far
	// emptyBin: nobody's card is in the bin.
	emptyBin bool
	fresh    bool // nothing of what it writes can have been written before
}

// WorkImports does what is to be done in the background, of every team: it is run by the clock. Each import goes on where it
// was left, by this process or another; what fails for reasons of its own is tried again the next time.
func (d *Desk) WorkImports(ctx context.Context, office ImportOffice) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	var errs []error
	for _, t := range teams {
		list, err := d.store.Imports(ctx, ImportQuery{Team: t.ID, States: importWork, Limit: 100})
		if err != nil {
			return fmt.Errorf("list imports: %w", err)
		}
		for _, i := range list {
			if i.Lease.After(d.now()) {
				continue
			}
			if err := d.workImport(ctx, office, t, i); err != nil && !errors.Is(err, errImportTaken) {
				errs = append(errs, fmt.Errorf("import %s: %w", i.ID, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (d *Desk) workImport(ctx context.Context, office ImportOffice, team Team, i Import) error {
	w := &importWorker{desk: d, office: office, i: i, team: team, seen: map[string]bool{}, names: map[string]string{}, told: d.now()} // who pressed sees that it has begun
	if err := w.claim(ctx); err != nil {
		return err
	}
	err := w.work(ctx)
	var e *Error
	switch {
	case errors.Is(err, errImportTaken):
		if w.i.UnderWay() {
			return err
		}
		office.Tell(ctx, w.i) // the member has stopped it: what came of it until then is known only now
		if err = nil; !w.i.Begun.IsZero() && w.i.Counts.Refused > 0 {
			err = office.Report(ctx, w.i)
		}
		return errors.Join(err, w.tellGroups(ctx))
	case ctx.Err() == nil && errors.As(err, &e) && (e.Kind == ErrInvalid || e.Kind == ErrTooLarge || e.Kind == ErrDenied || e.Kind == ErrNotFound):
		return w.fail(ctx, e.Field) // the file, or the member who may no longer do this
	case err != nil: // the engine, the network: the next tick goes on
		return errors.Join(err, w.letGo(context.WithoutCancel(ctx)))
	}
	return nil
}

// letGo ends the lease on what was saved last: what a batch that broke off has counted is counted again by whoever goes on with it.
func (w *importWorker) letGo(ctx context.Context) error {
	saved, err := w.desk.store.Import(ctx, w.i.Team, w.i.ID)
	if err != nil {
		return fmt.Errorf("read import: %w", err)
	}
	if saved.Fence != w.i.Fence {
		return nil
	}
	w.i = saved
	w.i.Lease = time.Time{}
	return w.save(ctx)
}

// claim takes the work for this process.
func (w *importWorker) claim(ctx context.Context) error {
	w.i.Lease = w.desk.now().Add(importLease)
	w.i.Fence++
	if w.i.State == ImportChecking {
		w.i.Cursor, w.i.Counts, w.i.Refused, w.i.Strangers, w.i.Doers, w.checked = 0, ImportCounts{}, nil, nil, nil, 0 // a check begins anew
	}
	return w.save(ctx)
}

// save writes how far it is. What the member did meanwhile stays: another message shows it now, or it is to stop, which ends
// the work when what was done until then is noted. Where another process has taken over nothing is written.
func (w *importWorker) save(ctx context.Context) error {
	state := w.i.State
	for range maxRaces {
		next := w.i
		next.Rev++
		next.Touched = w.desk.now()
		err := w.desk.store.SaveImport(ctx, next)
		if err == nil {
			w.i = next
			if w.i.State != state {
				return errImportTaken
			}
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("save import: %w", err)
		}
		there, err := w.desk.store.Import(ctx, w.i.Team, w.i.ID)
		if err != nil {
			return fmt.Errorf("read import: %w", err)
		}
		if there.Fence != w.i.Fence {
			return errImportTaken
		}
		w.i.Rev, w.i.Screen = there.Rev, there.Screen
		undo := there.State == ImportUndoing && state != ImportUndoing && state != ImportUndone // stopped, and to be taken back
		if undo || !there.UnderWay() {
			w.i.State, w.i.Ended, w.i.Lease = there.State, there.Ended, time.Time{}
		}
		if undo {
			w.i.Cursor, w.i.Asked, w.i.Counts.Asked = max(w.i.Reach, there.Cursor), "", 0
		}
	}
	return errImportTaken
}

// work does all that is left of the import's present state.
func (w *importWorker) work(ctx context.Context) error {
	if err := w.admit(ctx); err != nil {
		return err
	}
	switch w.i.State {
	case ImportUndoing:
		return w.undo(ctx)
	case ImportReporting:
		return w.report(ctx)
	}
	rows, err := w.office.Open(ctx, w.i)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if w.i.State == ImportChecking {
		if err := w.lookIntoBin(ctx); err != nil {
			return err
		}
	}
	w.tell(ctx)
	if err := w.eachBatch(ctx, rows); err != nil {
		return err
	}
	if w.i.State == ImportRunning {
		w.i.State = ImportReporting
		if err := w.save(ctx); err != nil {
			return err
		}
		return w.report(ctx)
	}
	w.i.State, w.i.Rows, w.i.More = ImportChecked, w.checked, false
	return w.end(ctx)
}

// report sends what was not taken, and says what became of the rest. Where that is cut short it is done again.
func (w *importWorker) report(ctx context.Context) error {
	if w.i.Counts.Refused > 0 {
		if err := w.office.Report(ctx, w.i); err != nil {
			return err
		}
	}
	if err := w.tellGroups(ctx); err != nil {
		return err
	}
	w.i.State, w.i.Ended = ImportDone, w.desk.now()
	return w.end(context.WithoutCancel(ctx)) // or they would come again
}

// end notes that nothing is to be done any more for now, and says so.
func (w *importWorker) end(ctx context.Context) error {
	w.i.Lease = time.Time{}
	if err := w.save(ctx); err != nil {
		return err
	}
	w.office.Tell(ctx, w.i)
	return nil
}

// admit reads the team as it is, who it is that imports, and what they may still do.
func (w *importWorker) admit(ctx context.Context) error {
	team, err := w.desk.store.Team(ctx, w.i.Team)
	if err != nil {
		return fmt.Errorf("read team: %w", err)
	}
	w.team = team
	m, err := w.desk.store.Member(ctx, w.i.Team, w.i.By)
	if err != nil {
		return fmt.Errorf("read member: %w", err)
	}
	w.by = Actor{Member: m, Cause: w.i.cause()}
	action := ActionImport
	if w.i.State == ImportUndoing {
		action = ActionUndoImport
	}
	if _, _, err := w.desk.gate(ctx, w.by, action); err != nil {
		return err
	}
	w.edits = w.desk.reach(w.team, m, ActionEditClient)
	w.gives = w.desk.reach(w.team, m, ActionHandOverClient).all
	staff, err := w.desk.importStaff(ctx, w.team, w.gives)
	at := w.i.Begun
	if at.IsZero() {
		at = w.desk.now()
	}
	w.reader = rowReader{columns: w.i.Columns, labels: w.i.Labels, own: w.i.Own, literal: w.i.Program == OwnProgram, team: w.team, today: civil.DateOf(at.In(m.Location())), at: at, staff: staff}
	for _, id := range w.i.Before {
		w.reader.before = append(w.reader.before, Import{ID: id, Team: w.i.Team})
	}
	return err
}

// eachBatch reads the rows behind the cursor, batch by batch, in a goroutine of its own: while one batch is written the next
// is understood.
func (w *importWorker) eachBatch(ctx context.Context, rows ImportRows) error {
	ctx, cancel := context.WithCancel(ctx)
	type read struct {
		lines []importLine
		err   error
	}
	batches := make(chan read, 1)
	from := max(w.i.Cursor, w.i.Heading)
	reader := w.reader
	go func() {
		defer close(batches)
		defer func() { // it reads what anybody has made, outside of whatever else catches a panic: the program would end, and again at each start
			if recover() != nil {
				select {
				case batches <- read{err: invalid("import.broken")}:
				case <-ctx.Done():
				}
			}
		}()
		for {
			lines, err := reader.batch(rows, from)
			select {
			case batches <- read{lines, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	defer func() { // the rows are in use until the reader has ended
		cancel()
		for range batches {
		}
	}()
	for b := range batches {
		if len(b.lines) > 0 {
			if err := w.batch(ctx, b.lines); err != nil {
				return err
			}
		}
		if b.err != nil && b.err != io.EOF {
			return b.err
		}
	}
	return ctx.Err()
}

// batch reads so many lines behind a row; io.EOF with the last.
func (r rowReader) batch(rows ImportRows, from int) ([]importLine, error) {
	var lines []importLine
	for len(lines) < importBatch {
		row, err := rows.Next()
		if err != nil {
			return lines, err
		}
		if row.N > from {
			lines = append(lines, r.read(row))
		}
	}
	return lines, nil
}

// batch checks or takes the lines, and notes how far it is.
func (w *importWorker) batch(ctx context.Context, lines []importLine) error {
	last := lines[len(lines)-1].n
	w.meet(lines)
	if w.i.State == ImportChecking {
		if err := w.check(ctx, lines); err != nil {
			return err
		}
		if w.desk.now().Add(importLease / 2).Before(w.i.Lease) {
			w.tell(ctx)
			return nil
		}
	} else {
		if err := w.admit(ctx); err != nil { // who was let go meanwhile imports nothing more
			return err
		}
		w.i.Reach = last // before anything is written: an undo must know where to begin
		if err := w.save(ctx); err != nil {
			return err
		}
		if err := w.take(ctx, lines); err != nil {
			return err
		}
		w.i.Cursor, w.fresh = last, true
	}
	w.i.Lease = w.desk.now().Add(importLease)
	if err := w.save(ctx); err != nil {
		return err
	}
	w.tell(ctx)
	return nil
}

// tell shows the member how far it is, now and then.
func (w *importWorker) tell(ctx context.Context) {
	if now := w.desk.now(); now.Sub(w.told) >= importTell {
		w.told = now
		w.office.Tell(ctx, w.i)
	}
}

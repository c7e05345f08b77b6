package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// exportPage is how many cards are in memory at a time.
	exportPage = 500
	// exportLease is how long a process may be silent before another takes its export for left behind: it says something every
	// importTell, but while it sends a file, which takes minutes where the line is bad (the sender gives it five).
	exportLease     = 30 * time.Second
	exportSendLease = 6 * time.Minute
	// exportTries is how often an export is begun: what stops the program twice is not tried again.
	exportTries = 2
)

// errExportTaken: the member has stopped it, or another process works at it.
var errExportTaken = errors.New("export taken over")

// ExportOffice is what exports in the background need of the world outside.
type ExportOffice interface {
	// Write makes the files of what is taken and hands them over, each with Taking.Send.
	Write(ctx context.Context, t *Taking) error
	// Tell shows the member how far it is. It is no error of the export if nobody can be told.
	Tell(ctx context.Context, e Export)
}

// WorkExports makes the files that members wait for, of every team: it is run by the clock.
func (d *Desk) WorkExports(ctx context.Context, office ExportOffice) error {
	return d.eachTeam(ctx, func(t Team) error { return d.teamExports(ctx, office, t) })
}

func (d *Desk) teamExports(ctx context.Context, office ExportOffice, t Team) error {
	asked, err := d.store.Progress(ctx, exportsAsked(t.ID))
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	over, err := d.store.Progress(ctx, exportsOver(t.ID))
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	if !asked.After(over) {
		return nil // nobody waits: most looks end here
	}
	members, err := d.store.Members(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("list members: %w", err)
	}
	var errs []error
	open := false
	for _, m := range members {
		still, err := d.memberExport(ctx, office, t, m)
		open = open || still || err != nil
		errs = append(errs, err)
	}
	if !open {
		errs = append(errs, d.noteProgress(ctx, exportsOver(t.ID), asked))
	}
	return errors.Join(errs...)
}

// memberExport makes a member's files; open tells whether that is still to be done, by another process perhaps.
func (d *Desk) memberExport(ctx context.Context, office ExportOffice, team Team, m Member) (open bool, err error) {
	e, over, err := d.exportOf(ctx, m.ID)
	if err != nil || !e.UnderWay() {
		return false, err
	}
	if e.Lease.After(d.now()) {
		return true, nil
	}
	t := &Taking{desk: d, e: e, over: over}
	if err := d.workExport(ctx, office, team, m, t); err != nil && !errors.Is(err, errExportTaken) {
		return true, fmt.Errorf("export %s: %w", e.ID, err)
	}
	return t.e.UnderWay(), nil
}

func (d *Desk) workExport(ctx context.Context, office ExportOffice, team Team, m Member, t *Taking) error {
	t.team, t.by, t.tell = team, Actor{Member: m, Cause: t.e.Cause}, office.Tell
	switch {
	case t.e.Files > 0: // nobody knows what has come
		return t.end(ctx, ExportFailed, "interrupted")
	case t.e.Tries >= exportTries:
		return t.end(ctx, ExportFailed, "broken")
	}
	t.e.State, t.e.Tries, t.e.Read, t.e.Clients, t.e.Files = ExportRunning, t.e.Tries+1, 0, 0, 0
	err := t.admit(ctx)
	if err == nil {
		err = t.save(ctx)
	}
	if t.began, t.told = d.now(), d.now(); err == nil { // who pressed sees that it has begun
		err = office.Write(ctx, t)
	}
	var e *Error
	switch {
	case err == nil:
		return t.end(ctx, ExportDone, "")
	case errors.Is(err, errExportTaken):
		if t.e.State == ExportCancelled {
			office.Tell(ctx, t.e)
		}
		return err
	case errors.Is(err, errErased) && t.e.Files > 0:
		return t.end(ctx, ExportFailed, "erased")
	case errors.Is(err, errErased): // the next tick begins anew
		t.e.State, t.e.Lease = ExportWaiting, time.Time{}
		return t.save(ctx)
	case errors.As(err, &e) && e.Kind == ErrDenied:
		return t.end(ctx, ExportFailed, "denied")
	case errors.As(err, &e) && e.Field == "export.unsent":
		return t.end(ctx, ExportFailed, "unsent")
	}
	t.e.State, t.e.Lease = ExportWaiting, time.Time{} // the engine, the disk, the end of the program: the next tick begins anew
	return errors.Join(err, t.save(context.WithoutCancel(ctx)))
}

// admit looks at what the member may still do, and keeps what is taken to what they may still see.
func (t *Taking) admit(ctx context.Context) error {
	team, in, err := t.desk.exported(ctx, t.by, ExportInput{Format: t.e.Format, Query: t.e.Query, Of: t.e.Of})
	if err != nil {
		return err
	}
	t.query = in.Query
	if t.query.CreatedBefore.IsZero() || t.query.CreatedBefore.After(t.e.Begun) { // not what comes meanwhile
		t.query.CreatedBefore = t.e.Begun.Add(time.Millisecond)
	}
	t.sees = t.desk.reach(team, t.by.Member, ActionExport)
	t.remembers = t.desk.reach(team, t.by.Member, ActionReadHistory)
	t.tasks = t.desk.reach(team, t.by.Member, ActionReadTask)
	return nil
}

// save writes how far it is. What the member did meanwhile stays: another message shows it now, or it is to stop.
func (t *Taking) save(ctx context.Context) error {
	if t.e.State == ExportRunning {
		t.e.Lease = t.desk.now().Add(exportLease)
		if t.sending {
			t.e.Lease = t.desk.now().Add(exportSendLease)
		}
	}
	for range maxRaces {
		over, err := t.desk.saveExport(ctx, t.e, t.over)
		if err == nil {
			t.over = over
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
		there, over, err := t.desk.exportOf(ctx, t.e.By)
		if err != nil {
			return err
		}
		if there.ID != t.e.ID || there.Tries > t.e.Tries {
			return errExportTaken
		}
		if t.over, t.e.Screen = over, there.Screen; !there.UnderWay() {
			there.Clients, there.Read, there.Files = t.e.Clients, t.e.Read, t.e.Files
			t.e = there
			return errExportTaken
		}
	}
	return errExportTaken
}

// end notes how it ended, and says so.
func (t *Taking) end(ctx context.Context, s ExportState, problem string) error {
	t.e.State, t.e.Problem, t.e.Ended, t.e.Lease = s, problem, t.desk.now(), time.Time{}
	err := t.save(context.WithoutCancel(ctx)) // it has ended, also when the program stops
	if err == nil || errors.Is(err, errExportTaken) {
		t.tell(ctx, t.e)
	}
	return err
}

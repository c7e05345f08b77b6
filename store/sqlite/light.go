package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"sync"

	"kartoteka/crm"
)

// light holds back the dialogs that say they are (crm.Dialog.Light) until something else is written, or the next Sweep: each opened card
// changes one, and with every write those who read lose the pages that they have in memory. What is held back when the program
// is killed is lost: a minute of counting. No dialog is light one time and not another, so that what is held back is newer than what is stored.
type light struct {
	mu     sync.Mutex
	held   map[string]heldDialog // id → the newest revision
	writes int                   // how often what was held back has been written
}

type heldDialog struct {
	crm.Dialog
	doc []byte // all of it as it was when it was saved: the answers are still whose it was
}

func newLight() *light { return &light{held: map[string]heldDialog{}} }

// find returns a dialog that is held back.
func (l *light) find(id string) (d crm.Dialog, ok bool, err error) {
	l.mu.Lock()
	h, ok := l.held[id]
	l.mu.Unlock()
	if ok {
		err = decode(h.doc, &d)
	}
	return d, ok, err
}

// all are those that are held back.
func (l *light) all() map[string]heldDialog {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.held)
}

// written lets go of what has been written, but for what has changed meanwhile.
func (l *light) written(batch map[string]heldDialog) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.held, func(id string, h heldDialog) bool { return h.Rev == batch[id].Rev })
	l.writes++
}

// newest is the revision that is held back, 0 for none, and how often there was written until then.
func (l *light) newest(id string) (rev int64, writes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held[id].Rev, l.writes
}

// hold holds h back unless something has been written since.
func (l *light) hold(h heldDialog, writes int) (held bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := l.held[h.ID].Rev
	switch {
	case l.writes != writes:
		return false, nil
	case last != 0 && h.Rev != last+1:
		return false, crm.ErrConflict
	}
	l.held[h.ID] = h
	return true, nil
}

// holdBack is SaveDialog for a light one. Nobody else waits while it reads which revision is stored; that is read again if what was
// held back has been written meanwhile.
func (s *Store) holdBack(ctx context.Context, d crm.Dialog, doc []byte) error {
	for held := false; !held; {
		last, writes := s.light.newest(d.ID)
		if last == 0 {
			stored, err := s.reader.number(ctx, `SELECT rev FROM dialogs WHERE id = ?`, d.ID)
			if err != nil {
				return err
			}
			last = int64(stored)
		}
		if d.Rev != last+1 {
			return crm.ErrConflict
		}
		var err error
		if held, err = s.light.hold(heldDialog{d, doc}, writes); err != nil {
			return err
		}
	}
	return nil
}

const putDialog = `INSERT OR REPLACE INTO dialogs (id, team, rev, expires, doc) VALUES (?, ?, ?, ?, ?)`

func (h heldDialog) row() []any {
	return []any{h.ID, h.Team, h.Rev, h.Expires.UnixMilli(), string(h.doc)}
}

// putHeld writes what is held back.
func (t *tx) putHeld(batch map[string]heldDialog) error {
	for _, h := range batch {
		if _, err := t.exec(putDialog, h.row()...); err != nil {
			return err
		}
	}
	return nil
}

// flush writes what is held back when all else is over. It waits for another process no longer than any write (busyWait).
func (l *light) flush(db *sql.DB) error {
	held := l.all()
	if len(held) == 0 {
		return nil
	}
	begun, err := db.Begin()
	if err != nil {
		return err
	}
	for _, h := range held {
		if _, err := begun.Exec(putDialog, h.row()...); err != nil {
			return errors.Join(err, begun.Rollback())
		}
	}
	return begun.Commit()
}

// writeHeld writes what is held back, if anything is.
func (s *Store) writeHeld(ctx context.Context) error {
	if len(s.light.all()) == 0 {
		return nil
	}
	return s.write(ctx, func(*tx) error { return nil })
}

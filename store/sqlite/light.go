package sqlite

import (
	"context"
	"maps"
	"sync"

	"kartoteka/crm"
)

// light holds back the dialogs that say they are (crm.Dialog.Light) until something else is written, or the next Sweep: each opened card
// changes one, and with every write those who read lose the pages that they have in memory. What is held back when the program
// ends is lost: a minute of counting. No dialog is light one time and not another, so that what is held back is newer than what is stored.
type light struct {
	mu   sync.Mutex
	held map[string]heldDialog // id → the newest revision
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
}

// holdBack is SaveDialog for a light one.
func (s *Store) holdBack(ctx context.Context, d crm.Dialog, doc []byte) error {
	s.light.mu.Lock()
	defer s.light.mu.Unlock()
	last := s.light.held[d.ID].Rev
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
	s.light.held[d.ID] = heldDialog{d, doc}
	return nil
}

// putHeld writes what is held back.
func (t *tx) putHeld(batch map[string]heldDialog) error {
	for _, h := range batch {
		_, err := t.exec(`INSERT OR REPLACE INTO dialogs (id, team, rev, expires, doc) VALUES (?, ?, ?, ?, ?)`,
			h.ID, h.Team, h.Rev, h.Expires.UnixMilli(), string(h.doc))
		if err != nil {
			return err
		}
	}
	return nil
}

// writeHeld writes what is held back, if anything is.
func (s *Store) writeHeld(ctx context.Context) error {
	if len(s.light.all()) == 0 {
		return nil
	}
	return s.write(ctx, func(*tx) error { return nil })
}

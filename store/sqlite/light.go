package sqlite

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"kartoteka/crm"
)

// heldFor is how long a light dialog is held back.
const heldFor = time.Second

// light holds back the dialogs that say they are (crm.Dialog.Light) and writes them together: each opened card changes one, and
// with every write those who read lose the pages that they have in memory. No dialog is light one time and not another, so that
// what is held back is newer than what is stored.
type light struct {
	mu      sync.Mutex
	held    map[string]heldDialog // id → the newest revision
	waits   bool                  // somebody waits to write them
	writing sync.WaitGroup
	closing chan struct{}
	close   func()
}

type heldDialog struct {
	crm.Dialog
	doc []byte // all of it as it was when it was saved: the answers are still whose it was
}

func newLight() *light {
	l := &light{held: map[string]heldDialog{}, closing: make(chan struct{})}
	l.close = sync.OnceFunc(func() { close(l.closing) })
	return l
}

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
	if !s.light.waits {
		s.light.waits = true
		s.light.writing.Go(s.writeSoon)
	}
	return nil
}

// writeSoon writes what is held back, in a while, until nothing is.
func (s *Store) writeSoon() {
	for left := true; left; {
		select {
		case <-time.After(heldFor):
			left, _ = s.writeHeld(context.Background()) // what fails is tried again
		case <-s.light.closing:
			return
		}
	}
}

// writeHeld writes what is held back; left reports whether something still is, since it failed or has come meanwhile.
func (s *Store) writeHeld(ctx context.Context) (left bool, err error) {
	s.light.mu.Lock()
	batch := maps.Clone(s.light.held)
	s.light.mu.Unlock()
	if len(batch) > 0 {
		err = s.writeLightly(ctx, func(t *tx) error {
			for _, h := range batch {
				_, err := t.exec(`INSERT OR REPLACE INTO dialogs (id, team, rev, expires, doc) VALUES (?, ?, ?, ?, ?)`,
					h.ID, h.Team, h.Rev, h.Expires.UnixMilli(), string(h.doc))
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	s.light.mu.Lock()
	defer s.light.mu.Unlock()
	if err == nil {
		maps.DeleteFunc(s.light.held, func(id string, h heldDialog) bool { return h.Rev == batch[id].Rev })
	}
	s.light.waits = len(s.light.held) > 0
	return s.light.waits, err
}

// stopHolding writes the last of it.
func (s *Store) stopHolding() error {
	s.light.close()
	s.light.writing.Wait()
	_, err := s.writeHeld(context.Background())
	if err != nil {
		return fmt.Errorf("sqlite: light dialogs: %w", err)
	}
	return nil
}

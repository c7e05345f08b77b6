package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"kartoteka/crm"
	"kartoteka/store"
	"kartoteka/store/backup"
)

// Who was erased must not come back with an older base. So there is a list of them beside the backups, for either engine: the
// bot brings it up to date each minute from the record of changes, which is written together with an erasure, and every
// start goes through it before anything else, whatever way an older base came there: a restore, a copied file, a
// snapshot of a disk, mongorestore.

// erasedEvery is how often the list is brought up to date. Whoever is erased in the last minute of a base that is lost with its
// disk is not on it.
const erasedEvery = time.Minute

// erasedOverlap is how far back it looks each time: several processes have several clocks.
const erasedOverlap = time.Hour

// erased is the list, as the folder is set.
func (c *Config) erased() *backup.Erased {
	return &backup.Erased{Path: filepath.Join(c.backups().Path, backup.ErasedName)}
}

// noteErased brings the list up to date; at the start, all of it. The consents of those who are new on it end first: they are
// gone through once only.
func (a *app) noteErased(ctx context.Context, now time.Time) error {
	a.erasing.Lock()
	defer a.erasing.Unlock()
	err := a.desk.Erased(ctx, a.erasedUntil, func(list []crm.Erased) error {
		list, err := a.erased.New(list)
		if err == nil {
			err = a.desk.EndConsents(ctx, list)
		}
		if err == nil && len(list) > 0 {
			err = owe(ctx, a.store, now)
		}
		if err == nil {
			err = a.erased.Add(list)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("note who was erased: %w", err)
	}
	a.erasedUntil = now.Add(-erasedOverlap)
	return nil
}

// eraseAgain goes through the list at the start.
func (a *app) eraseAgain(ctx context.Context) error {
	list, damaged, err := a.erased.Read()
	if err != nil {
		return fmt.Errorf("read the list of erasures: %w", err)
	}
	if damaged > 0 {
		a.lg.Warn("lines of the list of erasures cannot be read", "failures", damaged)
	}
	n, told, err := eraseIn(ctx, a.desk, a.store, list, a.clock.Now())
	if len(told) > 0 {
		a.lg.Warn("cards may tell of somebody erased, who was merged into them", "clients", len(told))
	}
	if n > 0 {
		a.lg.Warn("erased again: the base is older than their erasure", "clients", n)
	}
	return err
}

// What remembers, in the base, that its files may hold copies of those who were erased, and since when they do not.
const (
	compactOwed = "compact-owed"
	compactDone = "compact-done"
)

// eraseIn erases who is on the list, and notes that the files of the base are to be written anew: pages that were split while they
// were there keep copies of what is gone.
func eraseIn(ctx context.Context, desk *crm.Desk, st crm.Store, list []crm.Erased, now time.Time) (int, []crm.ClientID, error) {
	n, told, err := desk.EraseAgain(ctx, list)
	if n > 0 {
		err = errors.Join(err, owe(ctx, st, now))
	}
	return n, told, err
}

// owe notes that the files of the base hold copies of somebody who is erased.
func owe(ctx context.Context, st crm.Store, now time.Time) error {
	if _, ok := st.(store.Compacter); !ok {
		return nil
	}
	return st.SetProgress(ctx, compactOwed, now)
}

// compactEvery keeps writers from waiting each hour while the bin of a large base is emptied card by card.
const compactEvery = 20 * time.Hour

// compact writes the files of a base anew if that is owed and was not done for so long. It is tried until it succeeds.
func compact(ctx context.Context, st crm.Store, now time.Time, every time.Duration) error {
	c, ok := st.(store.Compacter)
	if !ok {
		return nil
	}
	owed, err := st.Progress(ctx, compactOwed)
	if err != nil {
		return fmt.Errorf("read what is owed: %w", err)
	}
	done, err := st.Progress(ctx, compactDone)
	if err != nil || !owed.After(done) || now.Before(done.Add(every)) {
		return err
	}
	if err := c.Compact(ctx); err != nil {
		return err
	}
	return st.SetProgress(ctx, compactDone, now)
}

// erasures gathers the lists for a restore: that beside the backup, that of the folder as it is set, and one that is named.
func (c *Config) erasures(say func(format string, args ...any)) ([]crm.Erased, error) {
	own := c.erased()
	var all []crm.Erased
	for _, path := range []string{filepath.Join(filepath.Dir(c.Restore.File), backup.ErasedName), own.Path, c.Restore.Erased} {
		if path == "" {
			continue
		}
		list, damaged, err := (&backup.Erased{Path: path}).Read()
		if err != nil {
			return nil, err
		}
		if damaged > 0 {
			say("WARNING: %d lines of %s cannot be read.", damaged, path)
		}
		all = append(all, list...)
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, own.Add(all) // before there is a base: should this end in between, the first start does the rest
}

// eraseRestored takes out of the restored base who was erased after the backup was made.
func eraseRestored(ctx context.Context, cfg *Config, w world, list []crm.Erased) (n int, told []crm.ClientID, err error) {
	if len(list) == 0 {
		return 0, nil, nil
	}
	st, err := store.Open(ctx, cfg.storeURL())
	if err != nil {
		return 0, nil, cfg.storeError(err)
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	n, told, err = eraseIn(ctx, crm.NewDesk(st, w.clock).WithVault(cfg.vault), st, list, w.clock.Now())
	if err != nil {
		return n, told, err
	}
	return n, told, compact(ctx, st, w.clock.Now(), 0) // nobody works on it yet
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"kartoteka/crm"
	"kartoteka/store"
)

// checkMigrate judges the kinds of the addresses only: what is behind them is looked at when it is opened.
func (c *Config) checkMigrate() error {
	for flag, address := range map[string]string{"--from": c.Migrate.From, "--to": c.Migrate.To} {
		if scheme, rest, _ := strings.Cut(address, ":"); rest == "" || scheme != "sqlite" && scheme != "mongodb" && scheme != "mongodb+srv" {
			return settingError{flag, "must be sqlite:FILE or mongodb://HOST/BASE"}
		}
	}
	return nil
}

// lockBases keeps bots out of the folders of both bases until unlock: what is written to the one that is copied would not be in the
// other. Of bases in MongoDB nobody can say who works with them.
func (c *Config) lockBases() (unlock func(), err error) {
	var locked []func()
	unlock = func() {
		for _, free := range locked {
			free()
		}
	}
	dirs := map[string]bool{}
	for _, base := range []struct{ flag, address string }{{"--from", c.Migrate.From}, {"--to", c.Migrate.To}} {
		file, err := store.FileOf(base.address)
		if dir := filepath.Dir(file); err == nil && file != "" && !dirs[dir] {
			dirs[dir] = true
			var free func()
			if free, err = lockFolder(dir, base.flag); err == nil {
				locked = append(locked, free)
			}
		}
		if used := (inUseError{}); errors.As(err, &used) {
			err = settingError{base.flag, "is in use by a bot; stop it first, or what it writes meanwhile is not copied"}
		}
		if err != nil {
			unlock()
			return nil, err
		}
	}
	return unlock, nil
}

// migrate is the command: it copies a base into an empty one, all of it or nothing.
func migrate(ctx context.Context, cfg *Config, w world) (err error) {
	from, err := store.OpenSource(ctx, cfg.Migrate.From)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return settingError{"--from", "there is no base"}
	case errors.Is(err, store.ErrAddress):
		return settingError{"--from", "is not an address of MongoDB"}
	case errors.Is(err, crm.ErrUnfinished):
		return settingError{"--from", "is a base that was filled by half"}
	case err != nil:
		return fmt.Errorf("open the base: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	unlock, err := cfg.lockBases()
	if err != nil {
		return err
	}
	defer unlock()
	counts, err := from.Counts(ctx)
	if err != nil {
		return fmt.Errorf("count the base: %w", err)
	}
	err = fillBase(ctx, cfg.Migrate.To, counts, from.Dump, newBar(w.out, counts.Total()))
	switch {
	case errors.Is(err, crm.ErrNotEmpty):
		return settingError{"--to", "has a base already; a base is copied into an empty one only"}
	case errors.Is(err, store.ErrAddress):
		return settingError{"--to", "is not an address of MongoDB"}
	case err != nil:
		return fmt.Errorf("nothing was copied: %w", err)
	}
	_, _ = fmt.Fprintf(w.out, "Copied all of it, and counted: %s.\n", whatIsIn(counts))
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"kartoteka/crm"
	"kartoteka/store"
	"kartoteka/store/backup"
)

// restore is the command: the whole file is checked first, then brought into the empty base, all of it or nothing.
func restore(ctx context.Context, cfg *Config, w world) error {
	var keys []backup.SecretKey
	if cfg.Restore.Identity != "" {
		var err error
		if keys, err = backup.ReadSecretKeys(cfg.Restore.Identity); err != nil {
			return settingError{"--identity", err.Error()}
		}
	}
	file := cfg.Restore.File
	sum, err := backup.ReadFile(ctx, file, keys, nil)
	if err != nil {
		return restoreError(file, err)
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w.out, format+"\n", args...) }
	say("%s is whole: made %s, %s", file, sum.Made.In(cfg.location).Format("2006-01-02 15:04"), whatIsIn(sum.Counts))
	erased, err := cfg.erasures(say)
	if err != nil {
		return restoreError(file, err)
	}
	err = fillBase(ctx, cfg.storeURL(), sum.Counts, func(ctx context.Context, each func(crm.RecordKind, []byte) error) error {
		_, err := backup.ReadFile(ctx, file, keys, each)
		return err
	}, newBar(w.out, sum.Counts.Total()))
	if errors.Is(err, crm.ErrNotEmpty) {
		return settingError{cfg.storeSetting(), "has a base already; a backup is restored into an empty one only"}
	}
	if err != nil {
		return restoreError(file, err)
	}
	if len(erased) == 0 {
		say("There is no list of erasures: whoever was erased after the backup was made is back. --erased names one that is elsewhere.")
	}
	n, told, err := eraseRestored(ctx, cfg, w, erased)
	if err != nil {
		return fmt.Errorf("restored, but who was erased since is erased again only when the bot starts: %w", err)
	}
	if n > 0 {
		say("Erased again, as since the backup was made: %s.", counted(n, "card"))
	}
	for _, id := range told {
		say("WARNING: the card %s may still hold what somebody erased brought to it in a merge: look through it.", id)
	}
	say("Restored into %s, all of it.", engine(cfg.storeURL()))
	return nil
}

// fillBase makes a base of what walk hands over, if that is as much as was announced.
func fillBase(ctx context.Context, address string, want crm.Counts, walk backup.Walk, b *bar) error {
	defer b.end()
	return store.Fill(ctx, address, func(to crm.Sink) error {
		got, err := backup.Copy(ctx, walk, to, b.step)
		if err == nil && !equalCounts(got, want) {
			err = fmt.Errorf("%s were announced, but there were %s", whatIsIn(want), whatIsIn(got))
		}
		return err
	})
}

func equalCounts(a, b crm.Counts) bool {
	none := func(_ crm.RecordKind, n int) bool { return n == 0 }
	a, b = maps.Clone(a), maps.Clone(b)
	maps.DeleteFunc(a, none)
	maps.DeleteFunc(b, none)
	return maps.Equal(a, b)
}

// restoreError says what is to be done, where that is known.
func restoreError(file string, err error) error {
	if errors.Is(err, backup.ErrNoKey) {
		err = fmt.Errorf("%w, in a file that --identity names", err)
	}
	return fmt.Errorf("%s: nothing was restored: %w", file, err)
}

// storeSetting is the variable that says where the store is.
func (c *Config) storeSetting() string {
	if c.MongoDBURI != "" {
		return "MONGODB_URI"
	}
	return "DATA_DIR"
}

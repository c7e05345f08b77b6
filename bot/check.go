package main

import (
	"context"
	"fmt"
	"time"

	"kartoteka/store"
)

// checkTime bounds each question of --check.
const checkTime = 15 * time.Second

// check tests what a start needs and prints what it finds. The settings were judged before.
func check(ctx context.Context, cfg *Config, w world) error {
	say := func(what, format string, args ...any) {
		_, _ = fmt.Fprintf(w.out, "%-9s ok%s\n", what, fmt.Sprintf(format, args...))
	}
	say("settings", "")
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	st, err := store.Open(ctx, cfg.storeURL())
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer func() { _ = st.Close() }() // nothing was written
	if err := st.Ping(ctx); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	say("store", ", %s", engine(cfg.storeURL()))
	bot, err := newTelegram(cfg, w, st, nil)
	if err != nil {
		return err
	}
	me, err := bot.Connect(ctx)
	if err != nil {
		return fmt.Errorf("token: %w", tokenError(err))
	}
	say("token", ", @%s", me.Username)
	return nil
}

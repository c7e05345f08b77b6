package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"kartoteka/crm"
	"kartoteka/store"
)

// verify goes through the chain of events of every team and says whether it is whole. Anything wrong is an error.
func verify(ctx context.Context, cfg *Config, w world) (err error) {
	st, err := openExisting(ctx, cfg)
	if err != nil {
		return cfg.storeError(err)
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	teams, err := st.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	if len(teams) == 0 {
		return errors.New("there is nothing to verify: the base is empty")
	}
	desk := crm.NewDesk(st, w.clock).WithVault(cfg.vault)
	wrong, broken, known := 0, 0, false
	for _, t := range teams {
		v, err := desk.VerifyEvents(ctx, t.ID, cfg.Verify.Head)
		if err != nil {
			return fmt.Errorf("verify team %s: %w", t.ID, err)
		}
		report(w.out, v)
		kept, err := desk.CountSecrets(ctx, t.ID)
		var lost crm.Unreadable
		if err != nil && !errors.As(err, &lost) {
			return fmt.Errorf("count the secrets of team %s: %w", t.ID, err)
		}
		reportSecrets(w.out, kept, lost.IDs)
		wrong, broken = wrong+len(v.Breaches), broken+len(lost.IDs)
		known = known || v.Known
	}
	if !known {
		return errors.New("the head that was asked for is in no chain: the end of a chain was cut off, or it is another base's")
	}
	if wrong > 0 {
		return fmt.Errorf("the record of changes is not whole: %s", counted(wrong, "place"))
	}
	if broken > 0 {
		return fmt.Errorf("not all can be read: %s", counted(broken, "record"))
	}
	return nil
}

// openExisting opens the base for a command that needs one: none is made.
func openExisting(ctx context.Context, cfg *Config) (crm.Store, error) {
	file, err := store.FileOf(cfg.storeURL())
	if err != nil {
		return nil, err
	}
	if file != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no base here: %s is not there; is DATA_DIR the folder of the bot?", file)
		}
	}
	return store.Open(ctx, cfg.storeURL())
}

// report says what a team's chain was found to be. It names numbers and ids, never what an event says.
func report(out io.Writer, v crm.Verified) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	say("team %s: %d events in %d seals, %d not sealed yet", v.Team, v.Events, v.Seals, v.Open)
	if v.Head != "" {
		say("head %s", v.Head)
	}
	for _, b := range v.Breaches {
		line := string(b.Kind)
		if b.Seal != 0 {
			line += fmt.Sprintf(", seal %d", b.Seal)
		}
		if b.Event != "" {
			line += ", event " + string(b.Event)
		}
		say("BREACH %s", line)
	}
	if len(v.Breaches) == 0 {
		say("whole")
	}
}

// reportSecrets says what is sealed, and whether an older key is still needed for it; broken are records that may hold more.
func reportSecrets(out io.Writer, k crm.KeptSecrets, broken []string) {
	for _, id := range broken {
		_, _ = fmt.Fprintf(out, "BREACH record unreadable, %s\n", id)
	}
	if k.All == 0 {
		return
	}
	_, _ = fmt.Fprintf(out, "secrets: %d, of which %d need an older key and %d no key opens\n", k.All, k.Older, k.Lost)
}

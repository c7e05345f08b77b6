package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kartoteka/bot/sandbox"
)

// sandboxData is the folder of the sandbox: the bot's base, and with --keep what the local server knows. Its files:
//
//	kartoteka.db   the base
//	chats.json     people, messages and updates of the local server, written at the end
//	clock          how far its clock is ahead, e.g. "24h0m0s"
//	open           there while the sandbox runs, and after it was killed
//	kartoteka.lock locked while the sandbox runs
type sandboxData struct {
	dir    string
	keep   bool
	unlock func()        // lets others use the folder
	ahead  time.Duration // of the clock
	lost   bool          // the last run was killed: the base is there, its chats are not
}

// openSandboxData makes the folder that is kept, "": one that is not.
func openSandboxData(kept string) (d *sandboxData, err error) {
	d = &sandboxData{keep: kept != ""}
	if !d.keep {
		d.dir, err = os.MkdirTemp("", "kartoteka-sandbox-")
		return d, err
	}
	if d.dir, err = filepath.Abs(kept); err != nil {
		return nil, err
	}
	if d.unlock, err = lockFolder(d.dir, "--keep=DIR"); err != nil {
		return nil, err
	}
	if err := d.open(); err != nil {
		d.unlock()
		return nil, err
	}
	return d, nil
}

// open reads how the last run ended, and notes that there is one now.
func (d *sandboxData) open() error {
	_, err := os.Stat(d.path("open"))
	d.lost = err == nil
	if text, err := os.ReadFile(d.path("clock")); err == nil {
		if d.ahead, err = time.ParseDuration(strings.TrimSpace(string(text))); err != nil {
			return fmt.Errorf("read the sandbox's clock: %w", err)
		}
	}
	return os.WriteFile(d.path("open"), nil, 0o600)
}

func (d *sandboxData) path(name string) string { return filepath.Join(d.dir, name) }

// load gives the server the chats of the last run. After a kill they are older than the base, and updates numbered
// anew from there would look as if they had been handled: then the chats begin anew.
func (d *sandboxData) load(srv *sandbox.Server) error {
	if !d.keep || d.lost {
		return nil
	}
	f, err := os.Open(d.path("chats.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the sandbox's chats: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	return srv.Load(f)
}

// close writes down what is kept, or removes the folder.
func (d *sandboxData) close(srv *sandbox.Server, ahead time.Duration) error {
	if !d.keep {
		return os.RemoveAll(d.dir)
	}
	defer d.unlock()
	f, err := os.Create(d.path("chats.json"))
	if err != nil {
		return fmt.Errorf("keep the sandbox's chats: %w", err)
	}
	if err := errors.Join(srv.Save(f), f.Close()); err != nil {
		return fmt.Errorf("keep the sandbox's chats: %w", err)
	}
	return errors.Join(os.WriteFile(d.path("clock"), []byte(ahead.String()+"\n"), 0o600), os.Remove(d.path("open")))
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/store"
	"kartoteka/store/backup"
)

// checkBackup also reads the key.
func (c *Config) checkBackup() error {
	var err error
	if c.BackupKey != "" {
		if c.seal, err = backup.ParseKey(c.BackupKey); err != nil {
			return settingError{"BACKUP_KEY", err.Error()}
		}
	}
	if at, err := time.Parse("15:04", c.BackupAt); err == nil {
		c.backupAt = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	} else if c.BackupAt != backupsOff {
		return settingError{"BACKUP_AT", "must be a time of day, for example 03:00, or off"}
	}
	if c.BackupSend && c.seal == nil {
		return settingError{"BACKUP_KEY", "is missing while BACKUP_SEND is set: what leaves must be encrypted"}
	}
	for name, n := range map[string]int{"BACKUP_KEEP_DAILY": c.BackupDaily, "BACKUP_KEEP_WEEKLY": c.BackupWeekly, "BACKUP_KEEP_DAYS": c.BackupDays} {
		if n < 0 || n == 0 && name != "BACKUP_KEEP_WEEKLY" {
			return settingError{name, "must be a positive number"}
		}
	}
	return nil
}

// backups is the folder of the backups, as it is set.
func (c *Config) backups() backup.Dir {
	path := c.BackupDir
	if path == "" {
		path = filepath.Join(c.DataDir, "backups")
	}
	return backup.Dir{Path: path, Key: c.seal, Zone: c.location,
		Keep: backup.Keep{Daily: c.BackupDaily, Weekly: c.BackupWeekly, Days: c.BackupDays}}
}

// makeBackup is the command: it says what it has made.
func makeBackup(ctx context.Context, cfg *Config, w world) error {
	from, err := store.OpenSource(ctx, cfg.storeURL())
	if errors.Is(err, fs.ErrNotExist) {
		return settingError{"DATA_DIR", "has no base to back up: " + cfg.DataDir}
	}
	if err != nil {
		return cfg.storeError(err)
	}
	f, sum, err := cfg.backups().Make(ctx, from, w.clock.Now())
	if err = errors.Join(err, from.Close()); err != nil {
		return backupError(err)
	}
	_, _ = fmt.Fprintf(w.out, "%s\n%s, %.1f MB, read back and found whole\n", f.Path, whatIsIn(sum.Counts), float64(f.Bytes)/1e6)
	for _, warning := range []struct {
		on   bool
		text string
	}{
		{!f.Sealed, "WARNING: it is not encrypted. Whoever has the file has the whole base: set BACKUP_KEY."},
		{!sum.Frozen, "WARNING: this MongoDB is no replica set, so what was written meanwhile may be in it by half."},
	} {
		if warning.on {
			_, _ = fmt.Fprintln(w.out, warning.text)
		}
	}
	return nil
}

// backupError makes what it is, a wrong setting, of a folder that cannot be used.
func backupError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return settingError{"BACKUP_DIR", "cannot be used: " + path.Error()}
	}
	return fmt.Errorf("make backup: %w", err)
}

// whatIsIn has the counts that tell people which base it is.
func whatIsIn(n crm.Counts) string {
	return fmt.Sprintf("%s, %s, %s, %s in all", counted(n[crm.RecordClient], "client card"), counted(n[crm.RecordTouch], "touch", "es"),
		counted(n[crm.RecordEvent], "event"), counted(n.Total(), "record"))
}

// counted is a number of things: of more than one, and of none, with the ending, which is "s" unless it is given.
func counted(n int, what string, ending ...string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %s%s", n, what, cmp.Or(strings.Join(ending, ""), "s"))
}

// makeKey prints a pair of keys as age-keygen does, or the one that was asked for.
func makeKey(cfg *Config, out io.Writer) error {
	if cfg.Key.Secret {
		_, err := fmt.Fprintln(out, crm.NewVaultKey())
		return err
	}
	public, secret, err := backup.NewKey()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "# BACKUP_KEY=%s\n%s\n", public, secret)
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/team"
	"kartoteka/handlers/web"
	"kartoteka/store"
	"kartoteka/store/backup"
)

// backupsOff is BACKUP_AT where no backups are made by the clock.
const backupsOff = "off"

// backupEvery is how often it is looked whether the day's backup is due; one that failed is tried again then.
const backupEvery = 10 * time.Minute

// backUp makes the day's backup when its time has come, also if the bot was not running then.
func (a *app) backUp(ctx context.Context, now time.Time) error {
	due, err := a.backupDue(ctx, now)
	if err != nil || !due {
		return err
	}
	from, err := store.OpenSource(ctx, a.cfg.storeURL())
	if err != nil {
		return fmt.Errorf("open the base: %w", err)
	}
	f, sum, err := a.cfg.backups().Make(ctx, from, now)
	if err = errors.Join(err, from.Close()); err != nil {
		return fmt.Errorf("make backup: %w", err)
	}
	a.lg.Info("backup made", "clients", sum.Counts[crm.RecordClient], "bytes", f.Bytes)
	if !f.Sealed {
		a.lg.Warn("backup is not encrypted: whoever has the file has the whole base; set BACKUP_KEY")
	}
	if !sum.Frozen {
		a.lg.Warn("backup is of no single moment: this MongoDB is no replica set")
	}
	if !a.cfg.BackupSend {
		return nil
	}
	return a.sendBackup(ctx, f, sum)
}

// backupDue reports whether the last time for a backup is later than the last backup. A base that is younger than that time
// can wait for the next.
func (a *app) backupDue(ctx context.Context, now time.Time) (bool, error) {
	last := lastAt(a.cfg.backupAt, now.In(a.cfg.location))
	since, err := a.desk.BaseSince(ctx)
	if err != nil || since.IsZero() || since.After(last) {
		return false, err
	}
	newest, err := a.lastBackup()
	return newest.Made.Before(last), err
}

// lastAt is when it was that time of day for the last time.
func lastAt(sinceMidnight time.Duration, now time.Time) time.Time {
	at := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()-days, 0, int(sinceMidnight.Minutes()), 0, 0, now.Location())
	}
	if today := at(0); !today.After(now) {
		return today
	}
	return at(1)
}

// lastBackup is the newest good one; zero if there is none.
func (a *app) lastBackup() (backup.File, error) {
	files, err := a.cfg.backups().List()
	if err != nil || len(files) == 0 {
		return backup.File{}, err
	}
	return files[0], nil
}

// sendBackup sends the file to the owners. What cannot be sent is in the folder all the same.
func (a *app) sendBackup(ctx context.Context, f backup.File, sum backup.Summary) error {
	owners, err := a.desk.BaseOwners(ctx)
	if err != nil {
		return err
	}
	content, err := os.Open(f.Path)
	if err != nil {
		return fmt.Errorf("send backup: %w", err)
	}
	defer func() { _ = content.Close() }() // was only read
	var errs []error
	for _, owner := range owners {
		_, err := content.Seek(0, 0)
		if err == nil {
			err = team.SendBackup(ctx, a.bot.Notifier(), a.texts.For(owner.Lang), owner,
				team.Backup{Name: filepath.Base(f.Path), Bytes: f.Bytes, Content: content, Clients: sum.Counts[crm.RecordClient]})
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// backupAge is what /healthz tells of the last good backup. An old one is no illness that a new start would cure.
func (a *app) backupAge() string {
	newest, err := a.lastBackup()
	if err != nil || newest.Made.IsZero() {
		return "none"
	}
	return a.clock.Now().Sub(newest.Made).Round(time.Second).String() + " ago"
}

// backupFigures tell of the last good backup; there are none before the first.
func (a *app) backupFigures() []web.Figure {
	newest, err := a.lastBackup()
	if err != nil || newest.Made.IsZero() {
		return nil
	}
	return []web.Figure{
		{Name: "backup_age_seconds", Help: "Time since the last good backup.", Value: a.clock.Now().Sub(newest.Made).Seconds()},
		{Name: "backup_bytes", Help: "Size of the last good backup.", Value: float64(newest.Bytes)},
	}
}

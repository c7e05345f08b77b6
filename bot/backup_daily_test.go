package main

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/web"
	"kartoteka/store/backup"
)

func TestLastAt(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-22 03:00": "2026-11-22 03:00",
		"2026-11-22 02:59": "2026-11-21 03:00",
		"2026-11-22 23:00": "2026-11-22 03:00",
		"2026-03-01 01:00": "2026-02-28 03:00",
		"2026-10-25 12:00": "2026-10-25 03:00", // the night was an hour longer
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastAt(3*time.Hour, at).Format("2006-01-02 15:04"); got != want {
			t.Errorf("before %s it was last %s, want %s", now, got, want)
		}
	}
}

// nightly is a program whose only job is done by hand, at a time of its own.
func nightly(t *testing.T, env map[string]string) (*rig, *app) {
	t.Helper()
	ready := make(chan *app, 1)
	r := startWith(t, env, func(w *world) {
		w.idle = []string{"backup"}
		w.prepare = func(_ context.Context, a *app) error { ready <- a; return nil }
	})
	r.handled(r.anna.Say("/start"))
	return r, <-ready
}

// The day's backup is made once, at its time or as soon as the bot runs again, and what is not to be kept goes.
func TestDailyBackup(t *testing.T) {
	r, a := nightly(t, map[string]string{"BACKUP_AT": "03:00", "TZ_DEFAULT": "Europe/Moscow"})
	midnight := time.Now().UTC().Truncate(24 * time.Hour) // 03:00 in Moscow
	made := func(at time.Time) int {
		t.Helper()
		if err := a.backUp(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		files, err := a.cfg.backups().List()
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	if n := made(midnight.Add(24*time.Hour - time.Second)); n != 0 {
		t.Errorf("%d were made of a base that is younger than its first night", n)
	}
	for _, step := range []struct {
		after time.Duration // midnight
		want  int
	}{{24 * time.Hour, 1}, {24*time.Hour + 10*time.Minute, 1}, {47 * time.Hour, 1}, {50 * time.Hour, 2}, {71 * time.Hour, 2}, {72 * time.Hour, 3},
		{10 * 24 * time.Hour, 4}, {50 * 24 * time.Hour, 1}} {
		if n := made(midnight.Add(step.after)); n != step.want {
			t.Errorf("after %v there are %d, want %d", step.after, n, step.want)
		}
	}
	if log := r.log.String(); !strings.Contains(log, "level=WARN") || !strings.Contains(log, "backup is not encrypted") {
		t.Errorf("the log does not warn:\n%s", log)
	}
	r.end()
	r.stopped()
}

// The owner gets the file and can open it; /healthz and /metrics tell of it.
func TestBackupIsSentAndTold(t *testing.T) {
	public, secret := keyFile(t)
	addr := freeAddr(t)
	r, a := nightly(t, map[string]string{"BACKUP_KEY": public, "BACKUP_SEND": "true", "HTTP_ADDR": addr})
	health := func() web.Health {
		t.Helper()
		res, err := http.Get("http://" + addr + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		var h web.Health
		if err := json.NewDecoder(res.Body).Decode(&h); err != nil {
			t.Fatal(err)
		}
		return h
	}
	if h := health(); h.Backup != "none" || !h.OK || len(a.backupFigures()) > 0 {
		t.Errorf("before the first: %+v, %v", h, a.backupFigures())
	}
	if err := a.backUp(t.Context(), time.Now().Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	last := r.anna.Last()
	if last.Document == nil || !strings.Contains(last.Caption, "Клиентов в ней: 0") {
		t.Fatalf("the owner got %+v", last)
	}
	keys, err := backup.ReadSecretKeys(secret)
	if err != nil {
		t.Fatal(err)
	}
	newest, err := a.lastBackup()
	if err != nil || filepath.Base(newest.Path) != last.Document.FileName {
		t.Errorf("the newest is %+v, %v, sent was %s", newest, err, last.Document.FileName)
	}
	if sum, err := backup.ReadFile(t.Context(), newest.Path, keys, nil); err != nil || sum.Counts[crm.RecordTeam] != 1 {
		t.Errorf("got %+v, %v", sum.Counts, err)
	}
	if h := health(); !strings.HasSuffix(h.Backup, "s ago") || !h.OK {
		t.Errorf("after it: %+v", h)
	}
	if figures := a.backupFigures(); len(figures) != 2 || figures[1].Value != float64(newest.Bytes) {
		t.Errorf("got %+v", figures)
	}
	r.end()
	r.stopped()
}

func TestBackupSettings(t *testing.T) {
	for name, try := range map[string]struct{ setting, value, more string }{
		"no time":             {"BACKUP_AT", "3 am", ""},
		"later than a day":    {"BACKUP_AT", "25:00", ""},
		"sent but not sealed": {"BACKUP_KEY", "", "BACKUP_SEND"},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{"TELEGRAM_TOKEN": goodToken, try.setting: try.value}
			if try.more != "" {
				env[try.more] = "true"
			}
			if _, err := parse(t, env); err == nil || !strings.HasPrefix(err.Error(), try.setting+": ") {
				t.Errorf("got %v", err)
			}
		})
	}
	if cfg, err := parse(t, map[string]string{"TELEGRAM_TOKEN": goodToken, "BACKUP_AT": "off"}); err != nil || cfg.BackupAt != backupsOff {
		t.Errorf("off: %v", err)
	}
}

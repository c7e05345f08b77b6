package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox/demo"
	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/store"
	"kartoteka/store/backup"
)

// What a client's history is in BenchmarkBackup: a little more than in the demo base.
const (
	benchTouches = 3
	benchEdits   = 2
)

// BenchmarkBackup makes a backup of a base with history and restores it, by the program as it is delivered:
//
//	BENCH_CLIENTS=100000 go test ./bot -run '^$' -bench Backup -benchtime 1x
func BenchmarkBackup(b *testing.B) {
	n := benchSize(b, benchClients, 2000)
	dir := b.TempDir()
	fillForBackup(b, filepath.Join(dir, "data"), n)
	public, secret, err := backup.NewKey()
	if err != nil {
		b.Fatal(err)
	}
	key := filepath.Join(dir, "key.txt")
	if err := os.WriteFile(key, []byte(secret), 0o600); err != nil {
		b.Fatal(err)
	}
	path := build(b)
	command := func(name string, data string, args ...string) string {
		cmd := exec.Command(path, append([]string{name}, args...)...)
		cmd.Env = []string{"DATA_DIR=" + filepath.Join(dir, data), "BACKUP_DIR=" + dir, "BACKUP_KEY=" + public}
		cmd.Stderr = os.Stderr
		var out bytes.Buffer
		cmd.Stdout = &out
		began := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		most := mostMemory(cmd.Process.Pid)
		if err := cmd.Wait(); err != nil {
			b.Fatalf("%s: %v\n%s", name, err, &out)
		}
		b.ReportMetric(time.Since(began).Seconds(), name+"-s")
		b.ReportMetric((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), name+"-cpu-s")
		b.ReportMetric(<-most, name+"-MB")
		return out.String()
	}
	for b.Loop() {
		file, said, _ := strings.Cut(command("backup", "data"), "\n")
		b.Log(said)
		if info, err := os.Stat(file); err == nil {
			b.ReportMetric(float64(info.Size())/1e6, "file-MB")
		}
		command("restore", "restored", file, "--identity", key)
		if err := os.RemoveAll(filepath.Join(dir, "restored")); err != nil {
			b.Fatal(err)
		}
	}
}

// mostMemory tells, when the process has ended, how much it held at the most (Linux: VmHWM; what wait tells begins with what
// this process had at the fork).
func mostMemory(pid int) <-chan float64 {
	most := make(chan float64, 1)
	go func() {
		last := 0.0
		for {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, line, there := strings.Cut(string(status), "VmHWM:")
			if err != nil || !there {
				most <- last
				return
			}
			kib, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			if n, err := strconv.Atoi(kib); err == nil {
				last = float64(n) * 1024 / 1e6
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return most
}

// fillForBackup makes a base of demo clients, each with its history.
func fillForBackup(b testing.TB, dir string, n int) {
	b.Helper()
	ctx := context.Background()
	address := "sqlite:" + filepath.Join(dir, "kartoteka.db")
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	err := store.Fill(ctx, address, func(to crm.Sink) error {
		batch := []crm.Record{crm.Team{ID: "main", Rev: 1, Schema: crm.SchemaVersion, Region: "RU", Zone: "Europe/Moscow"}}
		number := 0
		for card := range demo.All(civil.DateOf(now), n) {
			number++
			if batch = append(batch, lived(card, number, now)...); len(batch) > 10000 {
				if err := to.Load(ctx, batch); err != nil {
					return err
				}
				batch = batch[:0]
			}
		}
		return to.Load(ctx, batch)
	})
	if err != nil {
		b.Fatal(err)
	}
}

// lived is a client with its touches and events, and a task.
func lived(card demo.Card, number int, now time.Time) []crm.Record {
	cause := crm.Cause(fmt.Sprintf("bench.%d.%s", number, card.Profile.Name))
	id := crm.NewClientID("main", cause, 0)
	c := crm.Client{ID: id, Team: "main", Rev: 1 + benchTouches + benchEdits, Schema: crm.SchemaVersion, Profile: card.Profile, Stage: card.Stage,
		Status: card.Status, Owner: crm.MemberID(crm.NewClientID("main", "owner", number%20)), LastTouch: now, NextContact: now, Confirmed: now,
		Touches: benchTouches, Created: now, Updated: now, LastNote: "обсудили условия, просили перезвонить"}
	records := []crm.Record{c}
	for i := range benchTouches + benchEdits + 1 {
		at := now.AddDate(0, 0, -i*30)
		e := crm.Event{ID: cause.EventID(i), Team: "main", Schema: crm.SchemaVersion, Action: crm.ActionEditClient, Record: string(id), Rev: int64(i + 1),
			By: c.Owner, At: at, Fields: map[string]crm.Delta{"city": {Before: `"Тула"`, After: `"Казань"`}, "touches": {Before: "3", After: "4"}}}
		records = append(records, e)
		if i < benchTouches {
			records = append(records, crm.Touch{ID: crm.NewTouchID("main", cause, i), Team: "main", Schema: crm.SchemaVersion, Client: id, Kind: crm.TouchCall,
				Direction: crm.DirectionOut, Outcome: crm.OutcomeAgreed, Text: fmt.Sprintf("Позвонили, договорились о поставке № %d-%d на следующей неделе", number, i),
				By: c.Owner, At: at, Created: at})
		}
	}
	return append(records, crm.Task{ID: crm.NewTaskID("main", cause, 0), Team: "main", Rev: 1, Schema: crm.SchemaVersion, Client: id,
		Text: "перезвонить", Assignee: c.Owner, By: c.Owner, State: crm.TaskOpen, Due: now, Zone: "Europe/Moscow", Created: now})
}

package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/store"
)

// The command says whether the record of changes is whole, and finds what was altered in the file itself.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("DATA_DIR", dir)
	verify := func(args ...string) (code int, said string) {
		var out strings.Builder
		code = program(append([]string{"verify"}, args...), &out, &out)
		return code, out.String()
	}
	if code, said := verify(); code != exitFailed || !strings.Contains(said, "there is no base here") {
		t.Errorf("got %d, %q of an empty folder", code, said)
	}
	if code, _, said := called(t, map[string]string{"DATA_DIR": dir}, "code", "reset", "42"); code != exitFailed || !strings.Contains(said, "there is no base here") {
		t.Errorf("got %d, %q of a reset in an empty folder", code, said)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("a command that needs a base has left %v, %v", left, err)
	}
	sealSomething(t, dir)
	code, said := verify()
	if code != exitFine || !strings.Contains(said, "1 events in 1 seals, 0 not sealed yet") || !strings.Contains(said, "whole") {
		t.Errorf("got %d, %q", code, said)
	}
	_, head, _ := strings.Cut(said, "head ")
	head, _, _ = strings.Cut(head, "\n")
	if code, said := verify("--head=" + head); code != exitFine {
		t.Errorf("got %d, %q with the head", code, said)
	}
	if code, said := verify("--head=" + strings.Repeat("0", 64)); code != exitFailed || !strings.Contains(said, "cut off") {
		t.Errorf("got %d, %q with another head", code, said)
	}
	if code, _ := verify("--heads=1"); code != exitConfig {
		t.Errorf("got %d with a wrong flag", code)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	_, err = db.Exec(`INSERT INTO events SELECT 0, 'by.hand', team, record, rev, at, by, action, part, json_set(doc, '$._id', 'by.hand') FROM events`)
	if err != nil {
		t.Fatal(err)
	}
	if code, said := verify(); code != exitFailed || !strings.Contains(said, "BREACH event smuggled in, event by.hand") {
		t.Errorf("got %d, %q of an event that was put in", code, said)
	}
	if _, err := db.Exec(`UPDATE events SET doc = json_set(doc, '$.by', 'somebody')`); err != nil {
		t.Fatal(err)
	}
	if code, said := verify(); code != exitFailed || !strings.Contains(said, "BREACH seal altered, seal 1, event ") {
		t.Errorf("got %d, %q of a file that was worked over", code, said)
	}
}

// What cannot be read is named with its place, and the command goes on to the end.
func TestVerifyNamesWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("DATA_DIR", dir)
	sealSomething(t, dir)
	db, err := sql.Open("sqlite", filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, one := range []struct{ spoil, want string }{
		{`UPDATE events SET doc = substr(doc, 1, 40)`, "BREACH event unreadable, seal 1, event "},
		{`UPDATE seals SET doc = '{"entries":"Иванов"'`, "BREACH seal unreadable, seal 1\n"},
		{`INSERT INTO members SELECT 'm1', id, 1, 0, '{"rev":"Иванов"}' FROM teams`, "BREACH record unreadable, m1\n"},
	} {
		if _, err := db.Exec(one.spoil); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if code := program([]string{"verify"}, &out, &out); code != exitFailed || !strings.Contains(out.String(), one.want) || strings.Contains(out.String(), "Иванов") {
			t.Errorf("%s: got %d, %q, want %q", one.spoil, code, out.String(), one.want)
		}
	}
}

// sealSomething makes a base with one team.
func sealSomething(t *testing.T, dir string) {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	desk := crm.NewDesk(st, clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)))
	if _, err := desk.Open(t.Context(), crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"}); err != nil {
		t.Fatal(err)
	}
	if err := desk.SealEvents(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

package sqlite

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"kartoteka/crm"
)

// A light dialog is there at once and its revisions follow each other, wherever it is; the file gets only the last of them.
func TestLight(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kartoteka.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	looks := crm.Dialog{ID: "looks:m1", Form: "looks", Answers: map[string]string{}}
	if !looks.Light() {
		t.Fatal("what was opened is no light dialog")
	}
	save := func() {
		t.Helper()
		looks.Rev++
		looks.Answers["last"] = string(rune('a' + looks.Rev))
		if err := s.SaveDialog(t.Context(), looks); err != nil {
			t.Fatal(err)
		}
	}
	check := func(inFile int) {
		t.Helper()
		got, err := s.Dialog(t.Context(), looks.ID)
		if err != nil || got.Rev != looks.Rev || got.Answers["last"] != looks.Answers["last"] {
			t.Errorf("read %+v, %v; want revision %d", got, err, looks.Rev)
		}
		if rev, err := s.reader.number(t.Context(), `SELECT rev FROM dialogs WHERE id = 'looks:m1'`); err != nil || rev != inFile {
			t.Errorf("revision %d is in the file, %v; want %d", rev, err, inFile)
		}
		if err := s.SaveDialog(t.Context(), looks); !errors.Is(err, crm.ErrConflict) {
			t.Errorf("the same revision twice: %v", err)
		}
	}
	save()
	save()
	check(0)
	if err := s.SaveDialog(t.Context(), crm.Dialog{ID: "m1", Form: "add", Rev: 1}); err != nil { // takes it along
		t.Fatal(err)
	}
	check(2)
	save()
	check(2)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	check(3)
	save()
	if err := s.Close(); err != nil { // leaves nothing behind
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	check(4)
}

// While one waits to read which revision is stored, nobody else does.
func TestLightWaitsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openTemp(t)
		done := make(chan error, 1)
		err := s.busy(t.Context(), func() {
			go func() { done <- s.SaveDialog(t.Context(), crm.Dialog{ID: "looks:m1", Form: "looks", Rev: 1}) }()
			synctest.Wait()
			if !s.light.mu.TryLock() {
				t.Fatal("whoever reads a dialog waits for a connection that another reads with")
			}
			s.light.mu.Unlock()
		})
		if err := errors.Join(err, <-done); err != nil {
			t.Error(err)
		}
	})
}

// Of a dialog that has been written meanwhile the stored revision is read anew: no revision is saved twice.
func TestLightIsWrittenMeanwhile(t *testing.T) {
	s := openTemp(t)
	looks := crm.Dialog{ID: "looks:m1", Form: "looks", Rev: 1}
	stale := looks.Rev
	_, writes := s.light.newest(looks.ID)
	if err := errors.Join(s.SaveDialog(t.Context(), looks), s.Sweep(t.Context())); err != nil {
		t.Fatal(err)
	}
	if held, err := s.light.hold(heldDialog{Dialog: crm.Dialog{ID: looks.ID, Rev: stale}}, writes); held || err != nil {
		t.Errorf("revision %d is held back once more: %v, %v", stale, held, err)
	}
	if err := s.SaveDialog(t.Context(), looks); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("the same revision twice: %v", err)
	}
}

// What is held back ends like what is stored: no later write brings back what was ended or cleaned up.
func TestLightEnds(t *testing.T) {
	s := openTemp(t)
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for name, end := range map[string]func(id string) error{
		"ended": func(id string) error { return s.EndDialog(t.Context(), id) },
		"purged": func(string) error {
			_, err := s.PurgeDialogs(t.Context(), at.Add(time.Minute), 10)
			return err
		},
	} {
		id := "looks:" + name
		if err := s.SaveDialog(t.Context(), crm.Dialog{ID: id, Form: "looks", Rev: 1, Expires: at}); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(end(id), s.SaveDialog(t.Context(), crm.Dialog{ID: name, Form: "add", Rev: 1}), s.Sweep(t.Context())); err != nil {
			t.Fatal(err)
		}
		if d, err := s.Dialog(t.Context(), id); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

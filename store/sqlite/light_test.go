package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

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
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	check(3)
}

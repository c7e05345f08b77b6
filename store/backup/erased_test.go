package backup

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"kartoteka/crm"
)

// The list grows by those who are not on it, and bears a crash in the middle of a line.
func TestErasedList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "backups", ErasedName)
	who := func(id crm.ClientID) crm.Erased {
		return crm.Erased{Team: "t", Client: id, At: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)}
	}
	reads := func(want ...crm.ClientID) {
		t.Helper()
		list, damaged, err := (&Erased{Path: path}).Read()
		if err != nil || damaged != 0 || len(list) != len(want) {
			t.Fatalf("got %v, %d damaged, %v, want %v", list, damaged, err, want)
		}
		for i, e := range list {
			if e != who(want[i]) {
				t.Errorf("got %v, want %s", e, want[i])
			}
		}
	}
	add := func(l *Erased, list ...crm.Erased) {
		t.Helper()
		if err := l.Add(list); err != nil {
			t.Fatal(err)
		}
	}
	reads()
	l := &Erased{Path: path}
	add(l)
	reads()
	add(l, who("a"), who("b"))
	later := who("b")
	later.At = later.At.Add(time.Hour)
	add(l, later, who("c"))
	reads("a", "b", "c")
	add(&Erased{Path: path}, who("a"), who("c"))
	reads("a", "b", "c")

	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(`{"team":"t","client":"d","a`)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if _, damaged, _ := (&Erased{Path: path}).Read(); damaged != 1 {
		t.Errorf("%d lines are damaged, want 1", damaged)
	}
	add(&Erased{Path: path}, who("d"))
	reads("a", "b", "c", "d")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

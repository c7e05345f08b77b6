package sqlite

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// What was written takes no memory any more after a sweep.
func TestSweepGivesMemoryBack(t *testing.T) {
	s := openTemp(t)
	err := s.write(t.Context(), func(x *tx) error {
		if _, err := x.exec(`CREATE TABLE many (doc TEXT)`); err != nil {
			return err
		}
		_, err := x.exec(`WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 8000) INSERT INTO many SELECT hex(zeroblob(3500)) FROM r`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	full := resident(t)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := resident(t); left > full-32 {
		t.Errorf("%d MB before, %d MB after", full, left)
	}
}

// resident is the memory of the process in MB.
func resident(t *testing.T) (mb int) {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skipf("the memory of a process is read from /proc: %v", err)
	}
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	if _, err := fmt.Sscan(rest, &mb); err != nil {
		t.Fatal(err)
	}
	return mb / 1024
}

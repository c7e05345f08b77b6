package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kartoteka/crm"
)

// crashEnv makes the test binary a process that writes cards into the file until it is killed.
const crashEnv = "SQLITE_TEST_CRASH_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		writeForEver(path)
	}
	os.Exit(m.Run())
}

// writeForEver saves cards one by one, each again and again, and says which revision is confirmed.
func writeForEver(path string) {
	ctx := context.Background()
	s, err := Open(ctx, path)
	for i := 0; err == nil; i++ {
		c := crm.Client{ID: crm.ClientID(fmt.Sprintf("c%d", i%7)), Team: "acme", Rev: int64(i/7 + 1), Owner: "anna",
			Terms: []string{"иван", fmt.Sprintf("rev%d", i/7+1)}}
		err = s.SaveClient(ctx, crm.ClientChange{
			Client:  c,
			Event:   crm.Event{ID: crm.EventID(fmt.Sprintf("u%d", i)), Team: "acme", Record: string(c.ID), Rev: c.Rev},
			Touches: []crm.Touch{{ID: crm.TouchID(fmt.Sprintf("t%d", i)), Team: "acme", Client: c.ID}},
		})
		fmt.Println(c.ID, c.Rev, err)
	}
	os.Exit(1)
}

// TestKilled kills a process in the middle of writing, several times: what was confirmed is there, whole, with
// its event and its touch, and nothing is there by half.
func TestKilled(t *testing.T) {
	for _, writes := range []int{3, 40, 150} {
		path := filepath.Join(t.TempDir(), "base.db")
		confirmed := killAfter(t, path, writes)
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for id, rev := range confirmed {
			checkKilled(t, s, id, rev)
		}
		var state string
		if err := s.reader.db.QueryRow(`PRAGMA integrity_check`).Scan(&state); err != nil || state != "ok" {
			t.Errorf("the file: %s, %v", state, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// killAfter returns the last confirmed revision of each card.
func killAfter(t *testing.T, path string, writes int) map[crm.ClientID]int64 {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	confirmed := map[crm.ClientID]int64{}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if n == writes {
			_ = cmd.Process.Kill() // what it has said by now is still read
		}
		var id crm.ClientID
		var rev int64
		var problem string
		_, _ = fmt.Sscan(lines.Text(), &id, &rev, &problem)
		if !strings.HasPrefix(problem, "<nil>") {
			t.Fatalf("the writing process says %q", lines.Text())
		}
		confirmed[id] = rev
	}
	_ = cmd.Wait()
	if len(confirmed) == 0 {
		t.Fatal("nothing was written")
	}
	return confirmed
}

// checkKilled allows for one more revision than was confirmed: the kill may have come between commit and word.
func checkKilled(t *testing.T, s *Store, id crm.ClientID, rev int64) {
	t.Helper()
	c, err := s.Client(t.Context(), "acme", id)
	if err != nil || c.Rev < rev || c.Rev > rev+1 {
		t.Fatalf("%s: got revision %d, %v, want %d", id, c.Rev, err, rev)
	}
	events, err := s.Events(t.Context(), crm.EventQuery{Team: "acme", Record: string(id), Limit: 1000})
	if err != nil || int64(len(events)) != c.Rev {
		t.Errorf("%s: got %d events, %v, want %d", id, len(events), err, c.Rev)
	}
	touches, err := s.Touches(t.Context(), crm.TouchQuery{Team: "acme", Client: id, Limit: 1000})
	if err != nil || int64(len(touches)) != c.Rev {
		t.Errorf("%s: got %d touches, %v, want %d", id, len(touches), err, c.Rev)
	}
	for n, want := range map[int64]int{c.Rev: 1, c.Rev - 1: 0} {
		q := crm.TermQuery{Team: "acme", Limit: 200, Groups: []crm.TermGroup{{Exact: []string{fmt.Sprintf("rev%d", n)}}}}
		found, err := s.SearchClients(t.Context(), q)
		got := 0
		for _, f := range found {
			if f.ID == id {
				got++
			}
		}
		if err != nil || got != want {
			t.Errorf("%s: revision %d is found %d times, %v, want %d", id, n, got, err, want)
		}
	}
}

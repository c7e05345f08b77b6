package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/store"
)

// importKills is how often the program is killed while it imports: after each nobody works until the lease is over.
const importKills = 3

// TestCrashImport kills the program at random moments of an import, with kill -9, and compares what comes of it with an import that
// nobody disturbed: the same cards with the same history, and the same report: its figures, and which rows were not taken and why.
func TestCrashImport(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program, and waits for its leases")
	}
	file := crashFile(6_000)
	want, wantImport := importWhole(t, file, nil)
	dice := rand.New(rand.NewPCG(killsSeed, 5))
	got, gotImport := importWhole(t, file, func(v *victim, far func() int) {
		for k := range importKills {
			next := far() + 1 + dice.IntN(1000) // it works, and does not only wait for a lease
			for begun := time.Now(); far() < next && time.Since(begun) < time.Minute; {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(time.Duration(dice.IntN(60)) * time.Millisecond) // the moment of the crash is what is tried out
			v.kill()
			t.Logf("kill %d with %d cards", k+1, far())
			v.start()
		}
	})
	if gotImport.Counts != wantImport.Counts || !maps.Equal(gotImport.Refused, wantImport.Refused) || len(wantImport.Refused) == 0 {
		t.Errorf("got  %+v %v\nwant %+v %v", gotImport.Counts, gotImport.Refused, wantImport.Counts, wantImport.Refused)
	}
	if !slices.Equal(got, want) {
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Errorf("line %d:\ngot  %s\nwant %s", i, got[i], want[i])
				break
			}
		}
		t.Errorf("%d cards, undisturbed %d", len(got), len(want))
	}
}

// crashFile has people who are there twice, rows that are refused, and notes.
func crashFile(rows int) []byte {
	var b strings.Builder
	b.WriteString("ФИО;Телефон;Город;Комментарий\r\n")
	for n := range rows {
		who := n
		if n%17 == 0 {
			who = n / 2 // an earlier row's
		}
		phone := fmt.Sprintf("+7900%07d", 1_000_000+who)
		if n%101 == 5 {
			phone = "нет номера 12"
		}
		fmt.Fprintf(&b, "Клиентов Номер%s;%s;Город%d;заметка %d\r\n", letters(who), phone, n%7, n%5)
	}
	return []byte(b.String())
}

// importWhole imports a file into an empty base by a process of its own, while disturb does to it what it likes, and returns what
// is in the base then.
func importWhole(t *testing.T, file []byte, disturb func(v *victim, far func() int)) ([]string, crm.Import) {
	t.Helper()
	srv := sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Journal: true})
	api := httptest.NewServer(srv)
	t.Cleanup(func() { srv.Close(); api.Close() })
	dir := t.TempDir()
	c := &crasher{victim: newVictim(t, api.URL, dir), srv: srv, anna: srv.AddPerson(sandbox.PersonSpec{ID: annaID, First: "Анна", Lang: "ru"})}
	c.start()
	c.does("/start")
	c.confirmed(c.anna.SendFile(sandbox.FileSpec{Kind: "document", Name: "все.csv", Mime: "text/csv", Data: file}))
	c.presses("Всё верно")
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }() // only read
	teams, err := st.Teams(t.Context())
	if err != nil || len(teams) != 1 {
		t.Fatalf("teams %v, %v", teams, err)
	}
	team := teams[0].ID
	c.until(st, team, crm.ImportChecked)
	c.presses("Загрузить 5\u00a0767")
	if disturb != nil {
		disturb(c.victim, func() int {
			n, err := st.CountClients(t.Context(), crm.ClientQuery{Team: team}, 1_000_000)
			if err != nil {
				t.Fatal(err)
			}
			return n
		})
	}
	i := c.until(st, team, crm.ImportDone)
	c.end()
	for line := range strings.Lines(c.log.String()) {
		if strings.Contains(line, "level=ERROR") && !strings.Contains(line, "context canceled") { // other work that the end cut off
			t.Errorf("the log says %s", line)
		}
	}
	return everything(t, st, team), i
}

// until waits for the import to be in a state.
func (c *crasher) until(st crm.Store, team crm.TeamID, state crm.ImportState) crm.Import {
	c.Helper()
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) { // another process is at work
		list, err := st.Imports(context.Background(), crm.ImportQuery{Team: team, Limit: 1})
		if err != nil {
			c.Fatal(err)
		}
		if len(list) == 1 && list[0].State == state {
			return list[0]
		}
		if time.Since(begun) > 4*time.Minute {
			c.Fatalf("the import is %+v\n%s", list, &c.log)
		}
	}
}

// everything is each card with its history, in order.
func everything(t *testing.T, st crm.Store, team crm.TeamID) []string {
	t.Helper()
	var all []string
	q := crm.ClientQuery{Team: team, Sort: crm.SortByName, Limit: 1000}
	for {
		page, err := st.Clients(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, cl := range page {
			touches, err := st.Touches(t.Context(), crm.TouchQuery{Team: team, Client: cl.ID, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			var notes []string
			for _, h := range touches {
				notes = append(notes, h.Text)
			}
			slices.Sort(notes)
			all = append(all, fmt.Sprint(cl.Name, cl.Phones, cl.City, cl.Rev, notes))
		}
		if len(page) < q.Limit {
			slices.Sort(all)
			return all
		}
		mark := page[len(page)-1].Mark(q.Sort)
		q.After = &mark
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/store"
	"kartoteka/store/backup"
)

// erasing is a base of two clients of which one is erased after the backup was made.
type erasing struct {
	dir    string // of the base
	backup string
	list   string // of erasures
}

func eraseOne(t *testing.T) erasing {
	t.Helper()
	var a *app
	r := startWith(t, nil, func(w *world) { w.prepare = func(_ context.Context, b *app) error { a = b; return nil } })
	r.handled(r.anna.Say("/start"))
	for _, who := range []string{"Горлодранова Анна, +79161234567", "Волков Борис, +79167654321"} {
		r.handled(r.anna.Say("/add " + who))
		r.handled(r.press("Сохранить"))
	}
	e := erasing{dir: r.dir, list: filepath.Join(r.dir, "backups", backup.ErasedName)}
	e.backup = backedUp(t, map[string]string{"DATA_DIR": r.dir})
	by, err := a.desk.Actor(t.Context(), annaID, "erase")
	if err != nil {
		t.Fatal(err)
	}
	found, err := a.desk.FindPage(t.Context(), by, "Горлодранова", 0, 5)
	if err != nil || len(found.Hits) != 1 {
		t.Fatalf("got %v, %v", found, err)
	}
	if err := a.desk.EraseClient(t.Context(), by, found.Hits[0].Client.ID); err != nil {
		t.Fatal(err)
	}
	if err := a.noteErased(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.stopped()
	return e
}

// hasOnly looks which of the two clients a bot on that base finds.
func (r *rig) hasOnly(want string) {
	r.Helper()
	for name, digits := range map[string]string{"Горлодранова Анна": "1234567", "Волков Борис": "7654321"} {
		r.handled(r.anna.Say(digits))
		if there := strings.Contains(r.anna.Last().Text, name); there != (name == want) {
			r.Errorf("%s is there: %v\n%s", name, there, r.anna.Last().Text)
		}
	}
}

// A client who was erased after the backup was made does not come back with it, into whichever engine, also if the restore
// ends before they are erased again.
func TestErasedStayErased(t *testing.T) {
	e := eraseOne(t)
	raw, err := os.ReadFile(e.list)
	if err != nil || strings.Count(string(raw), "\n") != 1 || strings.Contains(string(raw), "Горлодранова") {
		t.Fatalf("the list is %q, %v", raw, err)
	}
	works := func(t *testing.T, env map[string]string) {
		t.Helper()
		again := start(t, env)
		again.hasOnly("Волков Борис")
		again.end()
		again.stopped()
		if code, out, errs := called(t, env, "verify"); code != exitFine {
			t.Errorf("the record of changes: %s%s", out, errs)
		}
	}
	restored := func(t *testing.T, env map[string]string, args ...string) {
		t.Helper()
		code, out, errs := called(t, env, append([]string{"restore"}, args...)...)
		if code != exitFine || !strings.Contains(out, "Erased again, as since the backup was made: 1 card.") {
			t.Fatalf("exit code %d, said %q and %q", code, out, errs)
		}
		works(t, env)
	}
	t.Run("sqlite", func(t *testing.T) {
		restored(t, map[string]string{"DATA_DIR": filepath.Join(t.TempDir(), "new")}, e.backup)
	})
	t.Run("mongodb", func(t *testing.T) {
		restored(t, map[string]string{"DATA_DIR": t.TempDir(), "MONGODB_URI": mongoEngine(t).address()}, e.backup)
	})
	alone := filepath.Join(t.TempDir(), filepath.Base(e.backup))
	copied(t, e.backup, alone)
	t.Run("a list that is elsewhere", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "new")
		restored(t, map[string]string{"DATA_DIR": dir}, alone, "--erased", e.list)
		if own, err := os.ReadFile(filepath.Join(dir, "backups", backup.ErasedName)); err != nil || string(own) != string(raw) {
			t.Errorf("the list beside the new base is %q, %v", own, err)
		}
	})
	t.Run("ended in between", func(t *testing.T) {
		env := map[string]string{"DATA_DIR": filepath.Join(t.TempDir(), "new")}
		if code, out, errs := called(t, env, "restore", alone); code != exitFine || !strings.Contains(out, "There is no list of erasures") {
			t.Fatalf("exit code %d, said %q and %q", code, out, errs)
		}
		if code, out, errs := called(t, env, "restore", alone); code == exitFine || strings.Contains(out, "erasures") {
			t.Errorf("a base that is not empty: exit code %d, said %q and %q", code, out, errs)
		}
		own := filepath.Join(env["DATA_DIR"], "backups", backup.ErasedName)
		if err := os.MkdirAll(filepath.Dir(own), 0o700); err != nil {
			t.Fatal(err)
		}
		copied(t, e.list, own) // it was noted before the base was filled
		works(t, env)
	})
}

// Nothing of who was erased is left in the file of a restored base, not even where nothing points to it: the pages of an index were
// split while it was there.
func TestErasedLeaveNoTrace(t *testing.T) {
	dir, now := t.TempDir(), clockwork.NewRealClock()
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	desk := crm.NewDesk(st, now)
	by := (&benchBase{}).hire(t, desk)
	erased := peopled(t, desk, by)
	if err := errors.Join(st.SetProgress(t.Context(), compactDone, now.Now()), st.Close()); err != nil { // it was written anew today
		t.Fatal(err)
	}
	env := map[string]string{"DATA_DIR": dir}
	made := backedUp(t, env)
	list := &backup.Erased{Path: filepath.Join(filepath.Dir(made), backup.ErasedName)}
	var all []crm.Erased
	for _, id := range erased {
		all = append(all, crm.Erased{Team: by.Team, Client: id, At: now.Now()})
	}
	if err := list.Add(all); err != nil {
		t.Fatal(err)
	}
	anew := filepath.Join(t.TempDir(), "new")
	if code, out, errs := called(t, map[string]string{"DATA_DIR": anew}, "restore", made); code != exitFine || !strings.Contains(out, "Erased again, as since the backup was made: 30 cards") {
		t.Fatalf("exit code %d, said %q and %q", code, out, errs)
	}
	noTrace(t, anew)
}

// peopled adds clients, some of whom are to be erased.
func peopled(t *testing.T, desk *crm.Desk, by crm.Actor) (erased []crm.ClientID) {
	t.Helper()
	for i := range 600 {
		by.Cause = crm.Cause(fmt.Sprintf("add.%d", i))
		name := fmt.Sprintf("Тестов %d", i)
		if i%20 == 0 {
			name = fmt.Sprintf("Горлодранов %d", i)
		}
		mail := fmt.Sprintf("%08x@mail.example", uint32(i)*2654435761)
		if i%20 == 0 {
			mail = "gorlodranov" + mail
		}
		c, err := desk.AddClient(t.Context(), by, crm.Draft{Profile: crm.Profile{Name: name, Emails: []string{mail}}}, true)
		if err != nil {
			t.Fatal(err)
		}
		if i%20 == 0 {
			erased = append(erased, c.ID)
		}
	}
	return erased
}

// noTrace looks whether the files of a base name any of those who were erased.
func noTrace(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "kartoteka.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is %v, %v", files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(strings.ToLower(string(raw)), "gorlodranov"); n > 0 {
			t.Errorf("%s names them %d times", filepath.Base(file), n)
		}
	}
}

// A base in which somebody was erased while the bot worked keeps no trace of them either.
func TestErasedLeaveNoTraceWhereTheyWere(t *testing.T) {
	dir, clock := t.TempDir(), clockwork.NewFakeClockAt(storyBegins)
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	desk := crm.NewDesk(st, clock)
	by := (&benchBase{}).hire(t, desk)
	a := &app{desk: desk, store: st, erased: &backup.Erased{Path: filepath.Join(dir, backup.ErasedName)}}
	for n, id := range peopled(t, desk, by) {
		by.Cause = crm.Cause(fmt.Sprintf("erase.%d", n))
		if err := desk.EraseClient(t.Context(), by, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.noteErased(t.Context(), clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := compact(t.Context(), st, clock.Now(), compactEvery); err != nil {
		t.Fatal(err)
	}
	noTrace(t, dir) // while the base is open
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	noTrace(t, dir)
}

func copied(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

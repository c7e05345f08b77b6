package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/store"
)

// How often the program is killed, and the seed of the moments.
const (
	kills     = 15
	killsSeed = 20261120
)

// build makes the program as it is delivered.
func build(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kartoteka")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// victim is the program as a process of its own, on a store and a server that outlive it.
type victim struct {
	testing.TB
	path string
	env  []string
	log  lines
	cmd  *exec.Cmd
}

// newVictim prepares a process; start starts it.
func newVictim(t testing.TB, api, dir string) *victim {
	return &victim{TB: t, path: build(t), env: []string{"TELEGRAM_TOKEN=" + goodToken, "TELEGRAM_API_URL=" + api, "DATA_DIR=" + dir,
		fmt.Sprintf("OWNER_TELEGRAM_ID=%d", annaID), "SENDER_UNLIMITED=true", "LANGUAGE=ru", "PATH=" + os.Getenv("PATH"), "HOME=" + dir}}
}

func (v *victim) start() {
	v.Helper()
	v.cmd = exec.Command(v.path)
	v.cmd.Env, v.cmd.Stderr = v.env, &v.log
	if err := v.cmd.Start(); err != nil {
		v.Fatal(err)
	}
}

// kill ends the process without a word, as a power cut does.
func (v *victim) kill() {
	_ = v.cmd.Process.Kill() // it may have ended by itself, which the log will tell
	_ = v.cmd.Wait()         // "signal: killed" is what is wanted
}

// end asks it to leave.
func (v *victim) end() {
	v.Helper()
	_ = v.cmd.Process.Signal(syscall.SIGTERM) // if it is not there, Wait tells
	if err := v.cmd.Wait(); err != nil {
		v.Errorf("the program ended with %v\n%s", err, &v.log)
	}
}

// crasher is the manager who works on while the program is killed, and what was confirmed to them.
type crasher struct {
	*victim
	srv  *sandbox.Server
	anna *sandbox.Person

	cards, cities, notes []string // what the bot has confirmed
}

// TestCrash kills the program at random moments while a manager adds, edits and notes.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program many times")
	}
	srv := sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Journal: true})
	api := httptest.NewServer(srv)
	t.Cleanup(func() { srv.Close(); api.Close() })
	dir := t.TempDir()
	c := &crasher{victim: newVictim(t, api.URL, dir), srv: srv,
		anna: srv.AddPerson(sandbox.PersonSpec{ID: annaID, First: "Анна", Lang: "ru"})}
	c.start()
	c.does("/start")

	over, stop := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(stop); <-over })
	go func() {
		defer close(over)
		dice := rand.New(rand.NewPCG(killsSeed, killsSeed))
		for k := 0; k < kills && !closed(stop); k++ {
			time.Sleep(time.Duration(20+dice.IntN(400)) * time.Millisecond) // the moment of the crash is what is tried out
			c.kill()
			c.start()
		}
	}()
	for i := 0; !closed(over); i++ {
		c.work(i)
	}
	c.formGoesOn()
	c.end()
	if strings.Contains(c.log.String(), "level=ERROR") {
		t.Errorf("the log has errors:\n%s", &c.log)
	}
	c.check("sqlite:" + filepath.Join(dir, "kartoteka.db"))
	for _, call := range srv.Refused() {
		if !strings.Contains(call.Description, "message is not modified") && !strings.Contains(call.Description, "query is too old") &&
			!strings.Contains(call.Description, "terminated by other getUpdates") {
			t.Errorf("refused: %+v", call)
		}
	}
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// confirmed waits until the bot has confirmed an update, however often it is killed meanwhile.
func (c *crasher) confirmed(u sandbox.Update) {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.srv.WaitHandled(ctx, u.ID); err != nil {
		c.Fatalf("update %d is not handled: %v\n%s", u.ID, err, &c.log)
	}
}

func (c *crasher) does(text string) { c.Helper(); c.confirmed(c.anna.Say(text)) }

// presses the newest button with that label; what the program does by itself may take a moment to show it.
func (c *crasher) presses(label string) {
	c.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) {
		list := c.anna.Messages()
		for i := len(list) - 1; i >= 0; i-- {
			if b, ok := list[i].Button(label); ok {
				u, err := c.anna.Press(list[i].ID, b.Data)
				if err != nil {
					c.Fatal(err)
				}
				c.confirmed(u)
				return
			}
		}
	}
	calls := c.srv.Calls()
	for _, call := range calls[max(0, len(calls)-40):] {
		c.Logf("%s %s %d %v", call.At.Format("05.000"), call.Method, call.Status, call.Params)
	}
	c.Fatalf("no button %q; the last message is\n%s", label, screenText(c.anna.Last()))
}

// work is one round of what a manager does: a card by one line or by the form, its city, a note.
func (c *crasher) work(i int) {
	c.Helper()
	name, phone := fmt.Sprintf("Проверкин Номер%s", letters(i)), fmt.Sprintf("+7900%07d", i)
	if i%2 == 0 {
		c.does("/add " + name + ", " + phone)
	} else {
		c.does("/add")
		c.does(name)
		c.does(phone)
		for range 5 {
			c.presses("Пропустить")
		}
	}
	c.presses("Сохранить")
	c.cards = append(c.cards, name)
	c.presses("Изменить")
	c.presses("Город")
	c.does("Город" + letters(i))
	c.cities = append(c.cities, "Город"+letters(i))
	c.confirmed(c.anna.Reply(c.anna.Last().ID, "заметка "+letters(i)))
	c.notes = append(c.notes, "заметка "+letters(i))
}

// letters is a number in letters: the names of people have no digits.
func letters(i int) string {
	var b strings.Builder
	for _, r := range fmt.Sprint(i) {
		b.WriteRune('а' + r - '0')
	}
	return b.String()
}

// formGoesOn kills the program between two answers.
func (c *crasher) formGoesOn() {
	c.Helper()
	c.does("/add")
	c.does("Последний Клиент")
	c.kill()
	c.start()
	c.does("+7 901 000-00-00")
	if text := c.anna.Last().Text; !strings.HasPrefix(text, "Компания и должность") {
		c.Errorf("the form does not go on, it shows\n%s", text)
	}
	c.presses("Отмена")
}

// check compares what is stored with what was confirmed.
func (c *crasher) check(address string) {
	c.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, address)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = st.Close() }() // only read
	desk := crm.NewDesk(st, clockwork.NewRealClock())
	by, err := desk.Actor(ctx, annaID, "look")
	if err != nil {
		c.Fatal(err)
	}
	all, err := st.Clients(ctx, crm.ClientQuery{Team: by.Team, Owner: by.ID, Sort: crm.SortByName, Limit: 10_000})
	if err != nil {
		c.Fatal(err)
	}
	var stored bytes.Buffer // each thing on a line of its own
	for _, cl := range all {
		fmt.Fprintf(&stored, "%s|\n%s|\n", cl.Name, cl.City)
		touches, err := desk.History(ctx, by, crm.TouchQuery{Client: cl.ID, Limit: 100})
		if err != nil {
			c.Fatal(err)
		}
		for _, h := range touches {
			fmt.Fprintf(&stored, "%s|\n", h.Text)
		}
	}
	for _, list := range [][]string{c.cards, c.cities, c.notes} {
		for _, what := range list {
			if n := strings.Count("\n"+stored.String(), "\n"+what+"|\n"); n != 1 {
				c.Errorf("%s was confirmed and is there %d times", what, n)
			}
		}
	}
	if len(all) != len(c.cards) {
		c.Errorf("%d cards are there, %d were confirmed", len(all), len(c.cards))
	}
	if !c.Failed() {
		c.Logf("%d kills; %d cards, %d edits, %d notes confirmed, each there once", kills+1, len(c.cards), len(c.cities), len(c.notes))
	}
}

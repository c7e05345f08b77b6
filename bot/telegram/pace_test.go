package telegram

import (
	"log/slog"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/handlers/chat"
)

// A server that enforces Telegram's rates refuses nothing of what the sender lets go, whatever piles up.
func TestSenderKeepsToTelegramsRates(t *testing.T) {
	clock := clockwork.NewFakeClock()
	srv := sandbox.New(sandbox.Options{Token: testToken, Clock: clock, Flood: true, Journal: true})
	web := httptest.NewServer(srv)
	defer func() { srv.Close(); web.Close() }()
	bot, err := New(Options{Token: testToken, APIURL: web.URL, Store: &strayBox{}, Clock: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	var people []*sandbox.Person
	for range 60 {
		p := srv.AddPerson(sandbox.PersonSpec{First: "P"})
		p.Say("/start")
		people = append(people, p)
	}
	group := srv.AddGroup(sandbox.GroupSpec{Title: "G", Supergroup: true, Members: people[:1]})
	var begun, ended atomic.Int64
	send := func(m chat.Messenger, to int64, n int) {
		for range n {
			begun.Add(1)
			go func() {
				defer ended.Add(1)
				if _, err := m.Send(t.Context(), to, chat.Screen{Text: "x"}); err != nil {
					t.Errorf("send: %v", err)
				}
			}()
		}
	}
	send(bot.Messenger(), people[0].ID(), 15)
	send(bot.Notifier(), group.ID(), 45)
	for _, p := range people {
		send(bot.Notifier(), p.ID(), 3)
	}
	for ended.Load() < begun.Load() {
		if ended.Load()+int64(bot.Stats().Queue) < begun.Load() {
			runtime.Gosched() // something is on its way: the clock stands still
			continue
		}
		clock.Advance(20 * time.Millisecond)
	}
	for _, c := range srv.Refused() {
		t.Errorf("refused: %d %s, chat %d", c.Status, c.Description, c.Chat)
	}
	if n := bot.Stats().Sent; n != 15+45+180 {
		t.Errorf("%d sent", n)
	}
}

package telegram

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	tele "gopkg.in/telebot.v3"

	"kartoteka/bot/sandbox"
	"kartoteka/handlers/chat"
)

const benchPeople = 100

// crowd returns a local server with n messages waiting from many people.
func crowd(b *testing.B, n int) (url string) {
	b.Helper()
	srv := sandbox.New(sandbox.Options{Token: testToken, Keep: 5})
	web := httptest.NewServer(srv)
	b.Cleanup(func() { srv.Close(); web.Close() })
	var people []*sandbox.Person
	for range benchPeople {
		people = append(people, srv.AddPerson(sandbox.PersonSpec{First: "P"}))
	}
	for i := range n {
		people[i%benchPeople].Say(strconv.Itoa(i))
	}
	return web.URL
}

// counter ends when n answers were sent.
type counter struct {
	left atomic.Int64
	done chan struct{}
}

func newCounter(n int) *counter {
	c := &counter{done: make(chan struct{})}
	c.left.Store(int64(n))
	return c
}

func (c *counter) one() {
	if c.left.Add(-1) == 0 {
		close(c.done)
	}
}

// ours answers n messages with our intake and sender and returns how long it took.
func ours(b *testing.B, n int) time.Duration {
	url := crowd(b, n)
	bot, err := New(Options{Token: testToken, APIURL: url, Store: &strayBox{}, Limits: Limits{Unlimited: true}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	c := newCounter(n)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	start := time.Now()
	go func() {
		m := bot.Messenger()
		ended <- bot.Run(ctx, func(ctx context.Context, in chat.Incoming) error {
			defer c.one()
			_, err := m.Send(ctx, in.Chat.ID, chat.Screen{Text: in.Text})
			return err
		})
	}()
	<-c.done
	took := time.Since(start)
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	return took
}

// bare answers n messages with telebot alone: unordered, unbounded, confirmed before they are handled.
func bareTelebot(b *testing.B, n int) time.Duration {
	url := crowd(b, n)
	bot, err := tele.NewBot(tele.Settings{Token: testToken, URL: url, Poller: &tele.LongPoller{Timeout: 10 * time.Second, Limit: 100}})
	if err != nil {
		b.Fatal(err)
	}
	c := newCounter(n)
	bot.Handle(tele.OnText, func(m tele.Context) error {
		defer c.one()
		return m.Send(m.Text())
	})
	start := time.Now()
	go bot.Start()
	<-c.done
	took := time.Since(start)
	bot.Stop()
	return took
}

// BenchmarkEcho answers each message with its text. ratio is our throughput over bare telebot's; 0.25 would do.
func BenchmarkEcho(b *testing.B) {
	var mine, theirs time.Duration
	for _, who := range []struct {
		name string
		run  func(*testing.B, int) time.Duration
		took *time.Duration
	}{{"telebot", bareTelebot, &theirs}, {"ours", ours, &mine}} {
		b.Run(who.name, func(b *testing.B) {
			took := who.run(b, b.N)
			*who.took = took / time.Duration(b.N)
			b.ReportMetric(float64(b.N)/took.Seconds(), "updates/s")
			if mine > 0 {
				b.ReportMetric(float64(theirs)/float64(mine), "ratio")
			}
		})
	}
}

func BenchmarkSender(b *testing.B) {
	s := newSender(Limits{Unlimited: true}, clockwork.NewRealClock(), slog.New(slog.DiscardHandler), nil)
	op := func(int64) error { return nil }
	var chats atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		chat := chats.Add(1)
		for pb.Next() {
			_ = s.send(context.Background(), chat, rankAnswer, op)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	raw := []byte(said(`"text":"/add Иванов Пётр\n+7 916 123-45-67","entities":[{"type":"bot_command","offset":0,"length":4}]`))
	d := testDecoder()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}

package telegram

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jonboulle/clockwork"
	tele "gopkg.in/telebot.v3"

	"kartoteka/handlers/chat"
)

// ErrToken: Telegram does not know the token.
var ErrToken = errors.New("telegram does not accept the bot token: check it with @BotFather")

// Options of a Bot. Token and Store are needed, the rest has defaults.
type Options struct {
	Token  string          // "<id>:<secret>", from @BotFather
	APIURL string          // default https://api.telegram.org
	Client *http.Client    // its Transport carries the calls; default: one that keeps 64 idle connections
	Store  Strays          // takes what cannot be handled
	Logger *slog.Logger    // default slog.Default()
	Clock  clockwork.Clock // of rates and dates; what concerns the connection runs in real time
	Limits Limits

	Handlers     int           // that may run at a time; default 32
	HandlerLimit time.Duration // for one update; default 20 s
	PollTimeout  time.Duration // default 50 s, Telegram's most
	Drain        time.Duration // for running handlers after the stop; default 15 s

	WebhookURL    string // where Telegram brings updates, for SetWebhook
	WebhookSecret string // 1–256 of A-Z a-z 0-9 _ -

	// OnGivenUp is called when the handler panicked, ran out of time or failed again and again: the place for
	// a polite answer.
	OnGivenUp func(ctx context.Context, in chat.Incoming)
	// OnMoved is called when a group has got another chat id. It may be called more than once for one move.
	OnMoved func(from, to int64)
}

func (o Options) withDefaults() Options {
	o.APIURL = strings.TrimRight(cmp.Or(o.APIURL, tele.DefaultApiURL), "/")
	o.Handlers = cmp.Or(o.Handlers, 32)
	o.HandlerLimit = cmp.Or(o.HandlerLimit, 20*time.Second)
	o.PollTimeout = cmp.Or(o.PollTimeout, 50*time.Second)
	o.Drain = cmp.Or(o.Drain, 15*time.Second)
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Clock == nil {
		o.Clock = clockwork.NewRealClock()
	}
	return o
}

// Bot is the bot as Telegram knows it.
type Bot struct {
	opts   Options
	log    *slog.Logger
	clock  clockwork.Clock
	api    *api
	tele   *tele.Bot
	sender *sender
	seen   *seen
	me     atomic.Pointer[Me]
	counts intakeCounts
}

// New makes a Bot. It does not call Telegram yet: Connect does.
func New(o Options) (*Bot, error) {
	o = o.withDefaults()
	switch {
	case o.Token == "":
		return nil, errors.New("telegram: no token")
	case o.Store == nil:
		return nil, errors.New("telegram: no store")
	case strings.ContainsAny(o.Token, "/?# "):
		return nil, ErrToken
	}
	t := newTransport(o.Client, o.Token)
	// telebot gets a placeholder for the token: the transport puts in the real one.
	tb, err := tele.NewBot(tele.Settings{
		URL: o.APIURL, Token: placeholder, Client: t.client(callLimit), Offline: true, Synchronous: true,
	})
	if err != nil {
		return nil, err
	}
	b := &Bot{opts: o, log: o.Logger, clock: o.Clock, api: newAPI(o.APIURL, t), tele: tb, seen: newSeen()}
	b.me.Store(&Me{})
	b.sender = newSender(o.Limits, o.Clock, o.Logger, o.OnMoved)
	return b, nil
}

// Me returns who the bot is; zero before Connect.
func (b *Bot) Me() Me { return *b.me.Load() }

// Messenger sends answers to people: before everything else.
func (b *Bot) Messenger() chat.Messenger { return b.view(rankAnswer) }

// Notifier sends what people wait for without having asked just now: reminders, digests.
func (b *Bot) Notifier() chat.Messenger { return b.view(rankNotice) }

func (b *Bot) view(r rank) chat.Messenger { return &messenger{api: b.api, sender: b.sender, rank: r} }

// Run takes updates by long polling until ctx ends; then it lets running handlers end, confirms what was handled
// and returns nil. It fails with ErrToken at once.
func (b *Bot) Run(ctx context.Context, h Handler) error {
	if err := b.ensureMe(ctx); err != nil {
		return err
	}
	b.try(ctx, "deleteWebhook", map[string]any{})
	p := newPoller(b.api, b.intake(h), b.opts.PollTimeout, b.opts.Drain)
	done := make(chan struct{})
	b.tele.Poller = pollFunc(func(<-chan struct{}) {
		defer close(done)
		p.run(ctx)
	})
	started := make(chan struct{})
	go func() {
		defer close(started)
		b.tele.Start()
	}()
	<-done
	b.tele.Stop() // its poller has returned: nothing can block it
	<-started
	return nil
}

func (b *Bot) ensureMe(ctx context.Context) error {
	if b.Me().ID != 0 {
		return nil
	}
	_, err := b.Connect(ctx)
	return err
}

// Webhook returns the handler of the address that was given to SetWebhook. To stop, shut its HTTP
// server down: that waits for running handlers.
func (b *Bot) Webhook(h Handler) http.Handler {
	return &webhook{in: b.intake(h), secret: b.opts.WebhookSecret, limit: webhookLimit}
}

// SetWebhook asks Telegram to bring updates to Options.WebhookURL.
func (b *Bot) SetWebhook(ctx context.Context) error {
	if b.opts.WebhookSecret == "" {
		return errors.New("telegram: a webhook needs a secret")
	}
	if err := b.ensureMe(ctx); err != nil {
		return err
	}
	p := struct {
		URL     string   `json:"url"`
		Secret  string   `json:"secret_token"`
		Allowed []string `json:"allowed_updates"`
		Conns   int      `json:"max_connections"`
	}{b.opts.WebhookURL, b.opts.WebhookSecret, allowedUpdates, webhookConns}
	return b.sender.direct(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, callLimit)
		defer cancel()
		return b.api.call(ctx, "setWebhook", p, nil)
	})
}

func (b *Bot) intake(h Handler) *intake {
	return &intake{
		handler: h, strays: b.opts.Store, clock: b.clock, log: b.log, limit: b.opts.HandlerLimit,
		me: b.Me, givenUp: b.opts.OnGivenUp, moved: b.sender.move,
		slots: make(chan struct{}, b.opts.Handlers), seen: b.seen, count: &b.counts,
	}
}

// Stats are figures since the start, and two of the moment.
type Stats struct {
	Handled     int64 // updates done with, those set aside included
	Failed      int64 // calls of the handler that returned an error
	Panics      int64
	SetAside    int64
	Repeated    int64 // updates that came again
	PollErrors  int64 // failed getUpdates
	Sent        int64 // messages and edits
	Floods      int64 // times that Telegram asked to wait
	Unknown     int64 // calls without an answer
	Retried     int64
	Unreachable int64 // calls refused since the person blocked the bot
	Queue       int   // messages that wait for their turn
	Chats       int   // chats whose rates are kept
}

// Stats returns the figures.
func (b *Bot) Stats() Stats {
	s, c := b.sender, &b.counts
	waiting, lanes := s.queue()
	return Stats{
		Handled: c.handled.Load(), Failed: c.failed.Load(), Panics: c.panics.Load(), SetAside: c.setAside.Load(),
		Repeated: c.repeated.Load(), PollErrors: c.pollErrors.Load(),
		Sent: s.sent.Load(), Floods: s.flooded.Load(), Unknown: s.unknown.Load(), Retried: s.retried.Load(),
		Unreachable: s.unreachable.Load(), Queue: waiting, Chats: lanes,
	}
}

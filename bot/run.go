package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/telegram"
	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/team"
	"kartoteka/handlers/web"
	"kartoteka/locales"
	"kartoteka/scheduler"
	"kartoteka/store"
	"kartoteka/store/backup"
)

// stopGrace is for each part to finish what it does when the program ends; then it is cut.
const stopGrace = 20 * time.Second

// How long telling Telegram the menu and texts may take, and how much of that when the program ends meanwhile.
const (
	setupTime  = 5 * time.Minute
	setupHurry = 2 * time.Second
)

// world is what the program stands in. Tests and the sandbox pass their own.
type world struct {
	lg    *slog.Logger
	out   io.Writer
	clock clockwork.Clock
	// prepare is called when everything is ready and no update was taken yet; may be nil.
	prepare func(ctx context.Context, a *app) error
	locked  bool     // nobody else is let into the data folder already
	idle    []string // timed work that is left out, by its jobs' names: a test does it at a moment of its own
}

// app is the running program.
type app struct {
	world
	cfg    *Config
	store  crm.Store
	desk   *crm.Desk
	texts  *locales.Catalog
	bot    *telegram.Bot
	talk   *talk.Router
	jobs   *scheduler.Scheduler
	http   net.Listener // at HTTP_ADDR; nil: off
	taking atomic.Bool  // updates are taken in

	delivered tally

	erased      *backup.Erased
	erasing     sync.Mutex
	erasedUntil time.Time // the list has who was erased before; guarded by erasing
}

// gcPercent lets garbage be twice what lives before it is collected, where Go's default is once: little lives long, some 6 MB, so this
// costs 8 MB, and a search takes a twelfth less of the processor.
const gcPercent = 200

// run starts the bot, takes updates until ctx ends, and stops it: intake, what was taken in, scheduler, sender,
// store, in this order, so that nothing is asked to work on what has gone already.
func run(ctx context.Context, cfg *Config, w world) error {
	if os.Getenv("GOGC") == "" { // who sets that knows better
		defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	}
	a := &app{world: w, cfg: cfg}
	if err := a.listen(ctx); err != nil {
		return err
	}
	defer a.unlisten()
	unlock, err := a.lockFolder()
	if err != nil {
		return cfg.storeError(err)
	}
	defer unlock()
	if a.store, err = store.Open(ctx, cfg.storeURL()); err != nil {
		return cfg.storeError(err)
	}
	defer a.stop(ctx, "store", func(context.Context) error { return a.store.Close() })
	if err := a.connect(ctx); err != nil {
		return unlessEnded(ctx, err)
	}
	defer a.stop(ctx, "sender", a.sent)
	if err := a.wire(ctx); err != nil {
		return unlessEnded(ctx, err)
	}
	defer a.tellTelegram(ctx)()
	a.jobs.Start(ctx)
	defer a.stop(ctx, "scheduler", func(ctx context.Context) error { a.jobs.Stop(ctx); return nil })
	return unlessEnded(ctx, a.takeUpdates(ctx))
}

// tellTelegram sets the bot's menu and texts while people are answered already; what it returns waits for the end of
// that, for a moment.
func (a *app) tellTelegram(ctx context.Context) (end func()) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), setupTime)
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.bot.SetUp(ctx, profiles(a.texts))
		team.SetMenus(ctx, a.talking(), a.bot.Rest)
	}()
	return func() {
		hurry := time.AfterFunc(setupHurry, cancel)
		<-done
		hurry.Stop()
		cancel()
	}
}

// unlessEnded drops the errors of a start that was interrupted: leaving when asked to is no failure.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// stop ends one part within its time, which ctx's end does not shorten.
func (a *app) stop(ctx context.Context, part string, f func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	if err := f(ctx); err != nil {
		a.lg.Error("part did not stop well", "part", part, "error", err)
		return
	}
	a.lg.Info("part stopped", "part", part)
}

// connect makes the Telegram side and asks who the bot is.
func (a *app) connect(ctx context.Context) error {
	var err error
	// The conversation is there before the first update, so before anything can be given up.
	sorry := func(ctx context.Context, in chat.Incoming) { a.talk.Apologize(ctx, in) }
	if a.bot, err = newTelegram(a.cfg, a.world, a.store, hooks{sorry, func(from, to int64) { a.moveGroup(ctx, from, to) }}); err != nil {
		return err
	}
	me, err := a.bot.Connect(ctx)
	if err != nil {
		return tokenError(err)
	}
	a.lg.Info("connected", "bot", me.Username)
	return nil
}

// hooks are what the Telegram side calls by itself.
type hooks struct {
	sorry func(context.Context, chat.Incoming) // an update was given up
	moved func(from, to int64)                 // a group has another id
}

// moveGroup notes a group's new id. What is not noted now is when something is sent to the old one again.
func (a *app) moveGroup(ctx context.Context, from, to int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	if err := a.desk.MoveGroup(ctx, from, to); err != nil {
		a.lg.Error("group's move not noted", "error", err)
	}
}

func newTelegram(cfg *Config, w world, strays telegram.Strays, h hooks) (*telegram.Bot, error) {
	bot, err := telegram.New(telegram.Options{
		Token: cfg.TelegramToken, APIURL: cfg.TelegramAPIURL, Store: strays, Logger: w.lg, Clock: w.clock,
		Limits:     telegram.Limits{Unlimited: cfg.SenderUnlimited},
		WebhookURL: cfg.WebhookURL, WebhookSecret: cfg.WebhookSecret, OnGivenUp: h.sorry, OnMoved: h.moved,
	})
	return bot, tokenError(err)
}

// tokenError makes a refused token what it is: a wrong setting.
func tokenError(err error) error {
	if errors.Is(err, telegram.ErrToken) {
		return settingError{"TELEGRAM_TOKEN", "Telegram does not accept it; @BotFather shows the right one"}
	}
	return err
}

// wire puts the conversation and the jobs together over the store and the Telegram side.
func (a *app) wire(ctx context.Context) error {
	var err error
	if a.texts, err = locales.Load(); err != nil {
		return fmt.Errorf("load texts: %w", err)
	}
	a.texts.Default = a.cfg.lang
	a.texts.Report = func(problem string) { a.lg.Error("text is wrong", "problem", problem) }
	a.desk, a.erased = crm.NewDesk(a.store, a.clock).WithVault(a.cfg.vault).WithNames(card.Names{Catalog: a.texts}), a.cfg.erased()
	if err := a.eraseAgain(ctx); err != nil {
		return err
	}
	if err := a.openTeam(ctx); err != nil {
		return err
	}
	if a.jobs, err = scheduler.New(a.lg, a.clock, a.timedWork()); err != nil {
		return err
	}
	a.talk = a.conversation()
	if a.prepare == nil {
		return nil
	}
	return a.prepare(ctx, a)
}

// openTeam makes the team at the first start and prints the link by which its owner gets in.
func (a *app) openTeam(ctx context.Context) error {
	claim, err := a.desk.Open(ctx, crm.Setup{Region: a.cfg.Region, Zone: a.cfg.Zone, Lang: a.cfg.lang})
	if err != nil {
		return fmt.Errorf("open team: %w", err)
	}
	if claim != "" && a.cfg.ownerID == 0 {
		_, _ = fmt.Fprintf(a.out, "Open this link to become the owner, it works once: %s\n", team.ClaimLink(a.bot.Me().Username, claim))
	}
	return nil
}

// takeUpdates answers people until ctx ends, and returns when everything that was taken in is done with.
func (a *app) takeUpdates(ctx context.Context) error {
	hook := a.cfg.WebhookURL != ""
	if a.http != nil {
		o := web.Options{Checks: a.checks(), Backup: a.backupAge, Figures: a.figures, Log: a.lg}
		if hook {
			o.Webhook, o.Path = a.bot.Webhook(a.talk.Handle), hookPath(a.cfg.WebhookURL)
		}
		srv := web.Serve(a.http, o)
		part := "http"
		if hook {
			part = "intake" // its requests are the updates
		}
		defer a.stop(ctx, part, func(ctx context.Context) error { srv.Stop(ctx); return nil })
	}
	a.taking.Store(true)
	defer a.taking.Store(false)
	a.lg.Info("ready", "store", engine(a.cfg.storeURL()), "webhook", hook)
	if !hook {
		err := tokenError(a.bot.Run(ctx, a.talk.Handle))
		a.stop(ctx, "intake", func(context.Context) error { return nil })
		return err
	}
	if err := a.bot.SetWebhook(ctx); err != nil {
		return fmt.Errorf("set webhook: %w", tokenError(err))
	}
	<-ctx.Done()
	return nil
}

// listen takes HTTP_ADDR before anything else is begun or announced; what comes there meanwhile waits.
func (a *app) listen(ctx context.Context) (err error) {
	if a.cfg.HTTPAddr != "" {
		a.http, err = listen(ctx, "HTTP_ADDR", a.cfg.HTTPAddr)
	}
	return err
}

// unlisten gives the address back where the server has not done so.
func (a *app) unlisten() {
	if a.http != nil {
		_ = a.http.Close() // closed already, after a good start
	}
}

// listen takes an address that a setting names.
func listen(ctx context.Context, setting, addr string) (net.Listener, error) {
	var l net.ListenConfig
	on, err := l.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, settingError{setting, "cannot be listened on: " + err.Error()}
	}
	return on, nil
}

// hookPath is where the webhook is on this machine; "{$}" keeps the root from taking every other path.
func hookPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Path == "" || u.Path == "/" {
		return "/{$}"
	}
	return u.Path
}

// sent is the end of the sender: whoever waits for it has been waited for.
func (a *app) sent(context.Context) error {
	if n := a.bot.Stats().Queue; n > 0 {
		return fmt.Errorf("%d messages were not sent", n)
	}
	return nil
}

// engine names the store without its address, which may hold a password.
func engine(address string) string {
	scheme, _, _ := strings.Cut(address, ":")
	return scheme
}

// storeError makes what it is, a wrong setting, of an address that is none and of a data folder that cannot be used.
func (c *Config) storeError(err error) error {
	var path *fs.PathError
	var used inUseError
	switch {
	case errors.As(err, &used):
		return used
	case errors.Is(err, crm.ErrUnfinished):
		return errors.New("the base holds a part of a backup only, since a restore was cut short; run it again: kartoteka restore FILE")
	case errors.Is(err, store.ErrAddress):
		return settingError{"MONGODB_URI", "is not an address of MongoDB"}
	case errors.Is(err, store.ErrLogin):
		return settingError{"MONGODB_URI", "MongoDB does not let in with it: the user or the password is wrong, or the user may not use the base"}
	case c.MongoDBURI == "" && errors.As(err, &path):
		return settingError{"DATA_DIR", "cannot be used: " + path.Error()}
	}
	return fmt.Errorf("open store: %w", err)
}

// storeURL is where the store is, for store.Open.
func (c *Config) storeURL() string {
	if c.MongoDBURI != "" {
		return c.MongoDBURI
	}
	file := url.URL{Path: filepath.ToSlash(filepath.Join(c.DataDir, "kartoteka.db"))}
	return "sqlite://" + file.EscapedPath()
}

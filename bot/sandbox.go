package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/bot/sandbox/demo"
	"kartoteka/bot/sandbox/webchat"
	"kartoteka/crm"
)

// The sandbox's own bot and base.
const (
	sandboxToken = "1000:sandbox"
	sandboxBot   = "kartoteka_bot"
	sandboxKept  = "sandbox-data"                                 // folder of a bare --keep
	sandboxKey   = "c2FuZGJveCBzYW5kYm94IHNhbmRib3ggc2FuZGJveCE=" // what is made up needs no secret
	demoClients  = 240
)

// sandboxPeople are those that one can be.
var sandboxPeople = []struct {
	who  sandbox.PersonSpec
	role webchat.Role
}{
	{demo.Owner, webchat.RoleOwner},
	{demo.Manager, webchat.RoleManager},
	{demo.Client, webchat.RoleClient},
	{sandbox.PersonSpec{ID: 104, First: "Sam", Last: "Walker", Lang: "en"}, webchat.RoleStranger},
}

// runSandbox runs the bot against a local Bot API server, with made-up clients and a web chat in which one is
// whoever one likes and moves the clock.
func runSandbox(ctx context.Context, cfg *Config, w world) (err error) {
	on, err := listen(ctx, "SANDBOX_ADDR", cfg.SandboxAddr)
	if err != nil {
		return err
	}
	defer func() { _ = on.Close() }() // closed already, where it was served
	data, err := openSandboxData(string(cfg.Sandbox.Keep))
	var used inUseError
	if errors.As(err, &used) {
		return used
	}
	if err != nil {
		return settingError{"--keep", "the folder cannot be used: " + err.Error()}
	}
	clock := webchat.NewClock(data.ahead)
	w.clock, w.locked = clock, true
	srv := sandboxServer(cfg, clock)
	defer srv.Close()
	defer func() { err = errors.Join(err, data.close(srv, clock.Offset())) }()
	if err := data.load(srv); err != nil {
		return err
	}
	roles := map[int64]webchat.Role{}
	for _, c := range sandboxPeople {
		roles[srv.AddPerson(c.who).ID()] = c.role
	}
	page := webchat.New(webchat.Options{Server: srv, Clock: clock, Zone: cfg.location, Lang: cfg.lang, Roles: roles})
	addr := reachable(on.Addr().String())
	defer serve(on, page)()
	w.prepare = func(ctx context.Context, a *app) error { return openSandbox(ctx, a, srv, data, addr) }
	return run(ctx, cfg.inSandbox(data.dir, addr), w)
}

// sandboxServer is the local Telegram. What somebody has said waits for the bot in real time: they may move the clock by more than
// the day that Telegram keeps it for, before the bot has asked.
func sandboxServer(cfg *Config, clock *webchat.Clock) *sandbox.Server {
	return sandbox.New(sandbox.Options{Token: sandboxToken, BotUsername: sandboxBot, BotName: "Kartoteka",
		Clock: clock, Ages: clockwork.NewRealClock(), Flood: !cfg.SenderUnlimited,
		FirstUpdate: time.Now().Unix()}) // later than any update of an earlier run
}

// inSandbox are the settings of the bot inside: it talks to the local server, over the embedded store.
func (c *Config) inSandbox(dir, addr string) *Config {
	inside := *c
	inside.TelegramToken, inside.TelegramAPIURL = sandboxToken, "http://"+addr
	inside.MongoDBURI, inside.DataDir, inside.ownerID = "", dir, demo.Owner.ID
	inside.BackupAt = backupsOff
	if inside.vault.None() {
		inside.vault, _ = crm.ParseVault(sandboxKey) // a key by its shape
	}
	return &inside
}

// openSandbox fills the base at the first start, opens the chats of its members and says where the web chat is.
func openSandbox(ctx context.Context, a *app, srv *sandbox.Server, data *sandboxData, addr string) error {
	if err := a.seed(ctx, demoClients); err != nil {
		return err
	}
	openChats(srv)
	openGroup(srv)
	if data.lost {
		_, _ = fmt.Fprintln(a.out, "The last run did not end by itself: its chats are gone, the clients are there.")
	}
	_, err := fmt.Fprintf(a.out, "Open http://%s in a browser. Ctrl-C ends the sandbox.\n", addr)
	return err
}

// openChats has those who work in the demo base begin their chats with the bot, as people who use it have: nothing may
// be sent to anybody else, and no reminder of theirs would come.
func openChats(srv *sandbox.Server) {
	for _, who := range []sandbox.PersonSpec{demo.Owner, demo.Manager} {
		if p := srv.Person(who.ID); len(p.Messages()) == 0 {
			p.Say("/start")
		}
	}
}

// openGroup is a group of theirs with the bot in it, to try what comes into a group and its topics.
func openGroup(srv *sandbox.Server) {
	if len(srv.Groups()) > 0 {
		return
	}
	g := srv.AddGroup(sandbox.GroupSpec{Title: demo.Group, Supergroup: true, Privacy: true,
		Members: []*sandbox.Person{srv.Person(demo.Owner.ID), srv.Person(demo.Manager.ID)}})
	for _, topic := range demo.Topics {
		g.AddTopic(topic)
	}
}

// serve answers the bot and the browser until stop.
func serve(on net.Listener, page http.Handler) (stop func()) {
	web := &http.Server{Handler: page, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = web.Serve(on) // ends when stop closes it
	}()
	return func() { _ = web.Close(); <-done }
}

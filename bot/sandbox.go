package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/bot/sandbox/demo"
)

// The sandbox's own bot and base.
const (
	sandboxToken = "1000:sandbox"
	sandboxBot   = "kartoteka_bot"
	sandboxKept  = "sandbox-data" // folder of --keep
	demoClients  = 240
)

// runSandbox runs the bot against a local Bot API server, with made-up clients and a web chat in which one is
// whoever one likes.
func runSandbox(ctx context.Context, cfg *Config, w world) error {
	dir, leave, err := sandboxFolder(cfg.Sandbox.Keep)
	if err != nil {
		return fmt.Errorf("make folder for the sandbox: %w", err)
	}
	defer leave()
	srv := sandbox.New(sandbox.Options{Token: sandboxToken, BotUsername: sandboxBot, BotName: "Kartoteka", Clock: w.clock})
	defer srv.Close()
	state := filepath.Join(dir, "chats.json")
	if err := loadChats(srv, state); err != nil {
		return err
	}
	for _, p := range []sandbox.PersonSpec{demo.Owner, demo.Manager, demo.Client} {
		srv.AddPerson(p)
	}
	addr, stop, err := serveSandbox(ctx, cfg.SandboxAddr, srv)
	if err != nil {
		return err
	}
	defer stop()

	inside := *cfg
	inside.TelegramToken, inside.TelegramAPIURL = sandboxToken, "http://"+addr
	inside.MongoDBURI, inside.DataDir, inside.ownerID = "", dir, demo.Owner.ID
	inside.SenderUnlimited = true
	w.prepare = func(ctx context.Context, a *app) error {
		if err := a.seed(ctx, demoClients); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(w.out, "Open http://%s in a browser. Ctrl-C ends the sandbox.\n", addr)
		return nil
	}
	err = run(ctx, &inside, w)
	if cfg.Sandbox.Keep {
		err = errors.Join(err, saveChats(srv, state))
	}
	return err
}

// sandboxFolder is where the data are, and what to do with them in the end.
func sandboxFolder(keep bool) (dir string, leave func(), err error) {
	if keep {
		if dir, err = filepath.Abs(sandboxKept); err == nil {
			err = os.MkdirAll(dir, 0o700)
		}
		return dir, func() {}, err
	}
	dir, err = os.MkdirTemp("", "kartoteka-sandbox-")
	return dir, func() { _ = os.RemoveAll(dir) }, err // a leftover in the temporary folder harms nobody
}

func loadChats(srv *sandbox.Server, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the sandbox's chats: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	return srv.Load(f)
}

func saveChats(srv *sandbox.Server, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("keep the sandbox's chats: %w", err)
	}
	return errors.Join(srv.Save(f), f.Close())
}

// serveSandbox answers the bot and the browser at addr until stop.
func serveSandbox(ctx context.Context, addr string, srv *sandbox.Server) (at string, stop func(), err error) {
	var listen net.ListenConfig
	on, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, settingError{"SANDBOX_ADDR", "cannot be listened on: " + err.Error()}
	}
	web := &http.Server{Handler: srv, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = web.Serve(on) // ends when stop closes it
	}()
	return on.Addr().String(), func() { _ = web.Close(); <-done }, nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"kartoteka/bot/telegram"
	"kartoteka/handlers/web"
	"kartoteka/store"
)

// checkTime bounds each question of --check.
const checkTime = 15 * time.Second

// findings are several things that are wrong.
type findings []error

func (f findings) Error() string {
	var all []string
	for _, err := range f {
		all = append(all, err.Error())
	}
	return strings.Join(all, "; ")
}

// Unwrap gives each of them.
func (f findings) Unwrap() []error { return f }

// check tests what a start needs, and says of each whether it is well. The settings were judged before. Nothing is
// written, neither to the store nor to Telegram.
func check(ctx context.Context, cfg *Config, w world) error {
	say := func(what, detail string) { _, _ = fmt.Fprintf(w.out, "%-9s ok%s\n", what, detail) }
	say("settings", "")
	var found findings
	if err := checkStore(ctx, cfg); err != nil {
		found = append(found, err)
	} else {
		say("store", ", "+engine(cfg.storeURL()))
	}
	if name, err := checkTelegram(ctx, cfg, w); err != nil {
		found = append(found, err)
	} else {
		say("telegram", ", @"+name)
	}
	if cfg.HTTPAddr != "" {
		if detail, err := checkHTTP(ctx, cfg); err != nil {
			found = append(found, err)
		} else {
			say("http", ", "+detail)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

func checkStore(ctx context.Context, cfg *Config) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if err := store.Probe(ctx, cfg.storeURL()); err != nil {
		return cfg.storeError(err)
	}
	return nil
}

// checkHTTP takes HTTP_ADDR and gives it back. One that a running bot has, beside which this is asked, is well.
func checkHTTP(ctx context.Context, cfg *Config) (detail string, err error) {
	on, err := listen(ctx, "HTTP_ADDR", cfg.HTTPAddr)
	if err == nil {
		return cfg.HTTPAddr, on.Close()
	}
	var answer bytes.Buffer
	_ = healthcheck(ctx, cfg, &answer) // well or not, it is a bot that answers
	var h web.Health
	if json.Unmarshal(answer.Bytes(), &h) == nil && len(h.Checks) > 0 {
		return cfg.HTTPAddr + ", where a bot runs", nil
	}
	return "", err
}

// checkTelegram asks once, and tells a token that is refused from a Telegram that is out of reach.
func checkTelegram(ctx context.Context, cfg *Config, w world) (name string, err error) {
	w.lg = slog.New(slog.DiscardHandler) // what is found is said once
	var none struct{ telegram.Strays }   // no update is taken
	bot, err := newTelegram(cfg, w, none, hooks{})
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	me, err := bot.Identify(ctx)
	if errors.Is(err, telegram.ErrToken) {
		return "", tokenError(err)
	}
	if err != nil {
		return "", fmt.Errorf("telegram cannot be reached at %s, so the token was not tested: %w", cfg.TelegramAPIURL, err)
	}
	return me.Username, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/jonboulle/clockwork"
)

// Exit codes.
const (
	exitFine   = 0
	exitFailed = 1
	exitConfig = 2 // a setting is missing or wrong: starting again does not help
)

// program is main with its surroundings passed in: what it returns is the exit code. The log and the line that
// says why it ended go to errs, what was asked for to out.
func program(args []string, out, errs io.Writer) int {
	cfg, help, err := parseConfig(args, out)
	if help {
		return exitFine
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		context.AfterFunc(ctx, stop) // a second signal ends the program at once
		err = command(ctx, cfg, world{
			lg:  slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: cfg.level})),
			out: out, clock: clockwork.NewRealClock(),
		})
	}
	return exitCode(err, errs)
}

// command does what was asked for.
func command(ctx context.Context, cfg *Config, w world) error {
	switch {
	case cfg.command == commandHealthcheck:
		return healthcheck(ctx, cfg, w.out)
	case cfg.command == commandSandbox:
		return runSandbox(ctx, cfg, w)
	case cfg.command == commandVerify:
		return verify(ctx, cfg, w)
	case cfg.command == commandBackup:
		return makeBackup(ctx, cfg, w)
	case cfg.command == commandRestore:
		return restore(ctx, cfg, w)
	case cfg.command == commandMigrate:
		return migrate(ctx, cfg, w)
	case cfg.command == commandKey:
		return makeKey(cfg, w.out)
	case cfg.command == commandCode:
		return resetCode(ctx, cfg, w)
	case cfg.Check:
		return check(ctx, cfg, w)
	default:
		return run(ctx, cfg, w)
	}
}

// exitCode says what went wrong, if anything did, in one line each.
func exitCode(err error, errs io.Writer) int {
	if err == nil {
		return exitFine
	}
	var all findings
	if !errors.As(err, &all) {
		all = findings{err}
	}
	for _, one := range all {
		_, _ = fmt.Fprintln(errs, "kartoteka:", strings.Join(strings.Fields(one.Error()), " "))
	}
	var wrong settingError
	var unparsed *kong.ParseError
	if errors.As(err, &wrong) || errors.As(err, &unparsed) {
		return exitConfig
	}
	return exitFailed
}

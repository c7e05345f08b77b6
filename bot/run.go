package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
)

func run(context.Context, *Config, *slog.Logger) error { return errors.New("not wired yet") }

func runSandbox(context.Context, *Config, io.Writer, *slog.Logger) error {
	return errors.New("not wired yet")
}

func check(context.Context, *Config, io.Writer, *slog.Logger) error {
	return errors.New("not wired yet")
}

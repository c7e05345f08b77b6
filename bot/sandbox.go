package main

import (
	"context"
	"errors"
)

func runSandbox(context.Context, *Config, world) error { return errors.New("not wired yet") }

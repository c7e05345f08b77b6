package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// bar shows how far a long command got: on a terminal it grows in its line, elsewhere a line each tenth says so.
type bar struct {
	out      io.Writer
	terminal bool
	total    int
	shown    int // percent
}

const barWidth = 40

func newBar(out io.Writer, total int) *bar {
	b := &bar{out: out, total: total, shown: -1}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		b.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

// step tells the number done so far.
func (b *bar) step(done int) {
	percent := 100
	if b.total > 0 {
		percent = min(100, done*100/b.total)
	}
	if !b.terminal {
		percent -= percent % 10
	}
	if percent == b.shown {
		return
	}
	b.shown = percent
	if !b.terminal {
		_, _ = fmt.Fprintf(b.out, "%3d%%  %d of %d records\n", percent, done, b.total)
		return
	}
	full := percent * barWidth / 100
	_, _ = fmt.Fprintf(b.out, "\r[%s%s] %3d%%  %d of %d records", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), percent, done, b.total)
}

// end leaves the line.
func (b *bar) end() {
	if b.terminal && b.shown >= 0 {
		_, _ = fmt.Fprintln(b.out)
	}
}

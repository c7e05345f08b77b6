package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"kartoteka/crm"
)

// parts are the files of an export, one after the other: each is begun with its head, filled, ended with its tail, sent and removed.
type parts struct {
	format  crm.ExportFormat
	o       Options
	t       *crm.Taking
	head    func() []byte // may be nil
	tail    []byte
	between []byte // two pieces

	file  *os.File // nil: none is open
	buf   *bufio.Writer
	size  int64
	no    int
	empty bool // nothing but the head is in the open one
}

// open begins a file if none is open. It has no name from the start, so that nothing of it is left whatever becomes of the program.
func (p *parts) open() error {
	if p.file != nil {
		return nil
	}
	f, err := os.CreateTemp(p.o.Dir, "kartoteka-export-*")
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	_ = os.Remove(f.Name()) // where a file that is open cannot be removed drop does it
	p.file, p.buf, p.size, p.empty = f, bufio.NewWriterSize(f, 256<<10), 0, true
	p.no++
	if p.head != nil {
		return p.write(p.head())
	}
	return nil
}

func (p *parts) write(b []byte) error {
	p.size += int64(len(b))
	if _, err := p.buf.Write(b); err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	return nil
}

// Write lets a format that packs write for itself.
func (p *parts) Write(b []byte) (int, error) { return len(b), p.write(b) }

// add puts a whole piece into the open file, or into the next one where it would become too large.
func (p *parts) add(ctx context.Context, piece []byte) error {
	if p.file != nil && !p.empty && p.size+int64(len(p.between)+len(piece)+len(p.tail)) > p.o.Most {
		if err := p.send(ctx, false); err != nil {
			return err
		}
	}
	if err := p.open(); err != nil {
		return err
	}
	if !p.empty {
		if err := p.write(p.between); err != nil {
			return err
		}
	}
	p.empty = false
	return p.write(piece)
}

// end sends what there is: of nothing a file with a head, if the format has one.
func (p *parts) end(ctx context.Context) error {
	if p.file == nil && p.no == 0 && p.head != nil {
		if err := p.open(); err != nil {
			return err
		}
	}
	if p.file == nil {
		return nil
	}
	return p.send(ctx, true)
}

// send ends the open file and hands it over.
func (p *parts) send(ctx context.Context, last bool) error {
	err := p.write(p.tail)
	if err == nil {
		err = p.buf.Flush()
	}
	if err == nil {
		_, err = p.file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	err = p.t.Send(ctx, func(ctx context.Context) error {
		return p.o.Send(ctx, File{Format: p.format, No: p.no, Last: last, Size: p.size, ReadSeeker: p.file})
	})
	p.drop()
	return err
}

// drop lets the open file go.
func (p *parts) drop() {
	if p.file == nil {
		return
	}
	_ = p.file.Close()
	if err := os.Remove(p.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return // nobody else can do more
	}
	p.file = nil
}

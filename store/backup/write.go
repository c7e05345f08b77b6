package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"kartoteka/crm"
)

// window is how far back the compressor looks for what it has seen: more costs memory and gains little on lines of a
// few hundred bytes.
const window = 1 << 20

// write writes a base to a file, encrypted to the recipients if there are any.
func write(ctx context.Context, to io.Writer, from crm.Source, made time.Time, recipients []PublicKey) (Summary, error) {
	closers := []io.Closer{}
	if len(recipients) > 0 {
		sealed, err := age.Encrypt(to, recipients...)
		if err != nil {
			return Summary{}, fmt.Errorf("encrypt: %w", err)
		}
		closers, to = append(closers, sealed), sealed
	}
	packed, err := zstd.NewWriter(to, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return Summary{}, fmt.Errorf("compress: %w", err)
	}
	closers = append(closers, packed)
	l := &lineWriter{to: bufio.NewWriterSize(packed, 64<<10), hash: sha256.New()}
	sum := Summary{Head: Head{format, crm.SchemaVersion, made.UTC(), from.Frozen(), crm.RecordFields()}, Counts: crm.Counts{}}
	if err := l.writeAll(ctx, from, &sum); err != nil {
		return sum, err
	}
	for i := len(closers) - 1; i >= 0; i-- {
		if err := closers[i].Close(); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// lineWriter writes lines and sums them up.
type lineWriter struct {
	to   *bufio.Writer
	hash hash.Hash
	line []byte // of the last one, to be used again
}

func (l *lineWriter) writeAll(ctx context.Context, from crm.Source, sum *Summary) error {
	if err := l.writeValue(lineHead, sum.Head); err != nil {
		return err
	}
	err := from.Dump(ctx, func(kind crm.RecordKind, doc []byte) error {
		sum.Counts[kind]++
		return l.write(string(kind), doc)
	})
	if err != nil {
		return err
	}
	sum.sum = hex.EncodeToString(l.hash.Sum(nil))
	if err := l.writeValue(lineEnd, end{sum.Counts, sum.sum}); err != nil {
		return err
	}
	return l.to.Flush()
}

func (l *lineWriter) writeValue(kind string, value any) error {
	doc, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return l.write(kind, doc)
}

func (l *lineWriter) write(kind string, doc []byte) error {
	if bytes.IndexByte(doc, '\n') >= 0 { // the engines write none, but others may have put the document there
		var compact bytes.Buffer
		if err := json.Compact(&compact, doc); err != nil {
			return err
		}
		doc = compact.Bytes()
	}
	l.line = appendLine(l.line[:0], kind, doc)
	_, _ = l.hash.Write(l.line) // never fails, says package hash
	_, err := l.to.Write(l.line)
	return err
}

// errors that reading a backup may end with; they are what a person reads.
var (
	ErrNoBackup = errors.New("this is no backup of Kartoteka")
	ErrDamaged  = errors.New("the backup is damaged: it was cut or altered after it was made")
	ErrNewer    = errors.New("the backup was made by a newer version of the program; restore it with that version or a later one")
	ErrNoKey    = errors.New("the backup is encrypted: its secret key is needed")
	ErrWrongKey = errors.New("this secret key does not open the backup")
)

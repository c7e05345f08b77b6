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
	"maps"
	"slices"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"kartoteka/crm"
)

// What files begin with.
var (
	ageMagic  = []byte("age-encryption.org/")
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// mostLine bounds a line: no record is larger than MongoDB's 16 MiB, and its JSON hardly twice that.
const mostLine = 64 << 20

// Read hands over the records of a backup, and checks all of it: what it handed over is good only if it returns without an
// error. keys are needed for an encrypted one. each may be nil.
func Read(ctx context.Context, from io.Reader, keys []SecretKey, each func(crm.RecordKind, []byte) error) (Summary, error) {
	plain, err := open(from, keys)
	if err != nil {
		return Summary{}, err
	}
	unpacked, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return Summary{}, ErrDamaged
	}
	defer unpacked.Close()
	l := &lineReader{from: bufio.NewReaderSize(unpacked, 64<<10), hash: sha256.New()}
	return l.readAll(ctx, each)
}

// open decrypts a file if need be.
func open(from io.Reader, keys []SecretKey) (io.Reader, error) {
	b := bufio.NewReader(from)
	begins, err := b.Peek(len(ageMagic))
	switch {
	case bytes.HasPrefix(begins, zstdMagic):
		return b, nil
	case !bytes.Equal(begins, ageMagic):
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, ErrNoBackup
	case len(keys) == 0:
		return nil, ErrNoKey
	}
	plain, err := age.Decrypt(b, keys...)
	if none := (*age.NoIdentityMatchError)(nil); errors.As(err, &none) {
		return nil, ErrWrongKey
	}
	if err != nil {
		return nil, ErrDamaged
	}
	b = bufio.NewReader(plain)
	if begins, _ = b.Peek(len(zstdMagic)); !bytes.Equal(begins, zstdMagic) {
		return nil, ErrDamaged
	}
	return b, nil
}

// lineReader reads lines and sums them up.
type lineReader struct {
	from *bufio.Reader
	hash hash.Hash
	line []byte // the last one
}

func (l *lineReader) readAll(ctx context.Context, each func(crm.RecordKind, []byte) error) (Summary, error) {
	sum := Summary{Counts: crm.Counts{}}
	kind, doc, err := l.next()
	if err != nil || kind != lineHead || json.Unmarshal(doc, &sum.Head) != nil {
		return sum, ErrDamaged
	}
	if !sum.understood() {
		if _, err := io.Copy(io.Discard, l.from); err != nil { // nothing is said of a damaged file but that it is
			return sum, ErrDamaged
		}
		return sum, ErrNewer
	}
	for {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		_, _ = l.hash.Write(l.line) // never fails; the last line is not summed up
		kind, doc, err := l.next()
		if err != nil {
			return sum, ErrDamaged
		}
		if kind == lineEnd {
			sum.sum = hex.EncodeToString(l.hash.Sum(nil))
			return sum, l.atEnd(doc, sum)
		}
		sum.Counts[crm.RecordKind(kind)]++
		if each == nil {
			continue
		}
		if err := each(crm.RecordKind(kind), doc); err != nil {
			return sum, err
		}
	}
}

// next reads a line.
func (l *lineReader) next() (kind string, doc []byte, err error) {
	l.line = l.line[:0]
	for more := true; more; {
		part, err := l.from.ReadSlice('\n')
		if more = errors.Is(err, bufio.ErrBufferFull); err != nil && !more || len(l.line) > mostLine {
			return "", nil, fmt.Errorf("read line: %w", err)
		}
		l.line = append(l.line, part...)
	}
	kind, doc, ok := parseLine(l.line)
	if !ok {
		err = errors.New("a line is none")
	}
	return kind, doc, err
}

// atEnd compares what was read to what was written.
func (l *lineReader) atEnd(doc []byte, sum Summary) error {
	var e end
	if json.Unmarshal(doc, &e) != nil || e.SHA256 != sum.sum || !maps.Equal(e.Counts, sum.Counts) {
		return ErrDamaged
	}
	if _, err := l.from.ReadByte(); !errors.Is(err, io.EOF) { // the end of all checksums below is checked with it
		return ErrDamaged
	}
	return nil
}

// understood reports whether this version knows all that is in the file.
func (h Head) understood() bool {
	known := slices.Concat(crm.RecordFields(), retired)
	return h.Format <= format && h.Schema <= crm.SchemaVersion &&
		!slices.ContainsFunc(h.Fields, func(f string) bool { return !slices.Contains(known, f) })
}

// retired are fields that records once had, as crm.RecordFields named them: what was taken out on purpose may be lost.
var retired = []string{"dialogs.draft.known", "dialogs.drafts.known"}

package vcard

import (
	"bufio"
	"bytes"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxLine is how much of one value is kept, in bytes; what is longer is a photo or hostile.
const maxLine = 64 << 10

// source gives the physical lines of a file, whatever ends them.
type source struct {
	r     *bufio.Reader
	limit *limited
	buf   []byte
}

// limited ends a file after so many bytes.
type limited struct {
	r    io.Reader
	left int64
	over bool // there was more
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		var one [1]byte
		n, err := l.r.Read(one[:])
		l.over = l.over || n > 0
		if n > 0 || err == nil {
			return 0, io.EOF
		}
		return 0, err
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	return n, err
}

func newSource(r io.Reader, maxBytes int64) *source {
	l := &limited{r: r, left: maxBytes}
	raw := bufio.NewReaderSize(l, 32<<10)
	head, _ := raw.Peek(4) // shorter files have no BOM that matters
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, _ = raw.Discard(3)
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("B\x00E\x00")):
		return &source{r: wide(raw, unicode.LittleEndian), limit: l}
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), bytes.HasPrefix(head, []byte("\x00B\x00E")):
		return &source{r: wide(raw, unicode.BigEndian), limit: l}
	}
	return &source{r: raw, limit: l}
}

func wide(r io.Reader, order unicode.Endianness) *bufio.Reader {
	return bufio.NewReaderSize(transform.NewReader(r, unicode.UTF16(order, unicode.UseBOM).NewDecoder()), 32<<10)
}

// line reads up to LF, CR LF or CR. Of a long line maxLine bytes are returned, and cut is true. The line is good
// until the next call.
func (s *source) line() (line []byte, cut bool, err error) {
	line = s.buf[:0]
	defer func() { s.buf = line }()
	for {
		b, err := s.r.ReadByte()
		if err != nil {
			if err == io.EOF && (len(line) > 0 || cut) {
				return line, cut, nil
			}
			return line, cut, err
		}
		switch {
		case b == '\n':
			return line, cut, nil
		case b == '\r':
			if next, _ := s.r.Peek(1); len(next) == 1 && next[0] == '\n' {
				_, _ = s.r.ReadByte()
			}
			return line, cut, nil
		case len(line) < maxLine:
			line = append(line, b)
		default:
			cut = true
		}
	}
}

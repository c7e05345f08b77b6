package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// markup takes XML apart as the writers of spreadsheets make it. encoding/xml reads the same at a quarter of the speed (it
// checks names and namespaces, and allocates each token), and a sheet of 100,000 rows has millions of tokens.
type markup struct {
	r    *bufio.Reader
	name []byte // of the element, without its prefix
	atts []byte // what stands behind the name
	long []byte // of what did not fit the buffer
	kind mark
	text []byte // before the tag; raw
}

type mark int

const (
	opening mark = iota
	closing
	alone // opens and closes
)

// mostTag is how long a tag, and a text between two, may be: a cell of Excel holds 32,767 characters, which escaped and in
// UTF-8 are this many bytes at the most.
const mostTag = 1 << 20

func newMarkup(r io.Reader) *markup { return &markup{r: bufio.NewReaderSize(r, 64<<10)} }

// next goes to the next tag; what stands before it is in text, good until the next call. io.EOF behind the last.
func (m *markup) next(keep bool) error {
	m.text = m.text[:0]
	for {
		text, err := m.until('<')
		if err != nil {
			return err
		}
		if keep {
			m.text = append(m.text, text...)
		}
		head, err := m.r.Peek(1)
		if err != nil {
			return brokenOff(err)
		}
		if head[0] == '!' || head[0] == '?' {
			if err := m.aside(keep); err != nil {
				return err
			}
			continue
		}
		return m.tag()
	}
}

// until reads up to a character, which is left out.
func (m *markup) until(c byte) ([]byte, error) {
	part, err := m.r.ReadSlice(c)
	if err == nil {
		return part[:len(part)-1], nil
	}
	m.long = m.long[:0]
	for errors.Is(err, bufio.ErrBufferFull) {
		if m.long = append(m.long, part...); len(m.long) > mostTag {
			return nil, problem(TooLarge, nil)
		}
		part, err = m.r.ReadSlice(c)
	}
	if err == nil {
		m.long = append(m.long, part...)
		return m.long[:len(m.long)-1], nil
	}
	if err == io.EOF && c == '<' && len(bytes.TrimSpace(part)) == 0 && len(m.long) == 0 {
		return nil, io.EOF
	}
	return nil, brokenOff(err)
}

// brokenOff is what an end is where there must be more.
func brokenOff(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return problem(Broken, err)
}

// tag reads a tag behind its <.
func (m *markup) tag() error {
	b, err := m.until('>')
	if err != nil {
		return brokenOff(err)
	}
	if openQuote(b) { // a > within an attribute
		whole := bytes.Clone(b)
		for openQuote(whole) {
			more, err := m.until('>')
			if err != nil {
				return brokenOff(err)
			}
			if whole = append(append(whole, '>'), more...); len(whole) > mostTag {
				return problem(TooLarge, nil)
			}
		}
		b = whole
	}
	m.kind = opening
	switch {
	case len(b) > 0 && b[0] == '/':
		m.kind, b = closing, b[1:]
	case len(b) > 0 && b[len(b)-1] == '/':
		m.kind, b = alone, b[:len(b)-1]
	}
	end := bytes.IndexAny(b, " \t\r\n")
	if end < 0 {
		end = len(b)
	}
	m.name, m.atts = b[:end], b[end:]
	if i := bytes.IndexByte(m.name, ':'); i >= 0 {
		m.name = m.name[i+1:]
	}
	return nil
}

func openQuote(b []byte) bool {
	var quote byte
	for _, c := range b {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote != 0
}

// aside passes over a declaration or a comment; of <![CDATA[…]]> the content is text.
func (m *markup) aside(keep bool) error {
	var b []byte
	data := false
	for {
		part, err := m.until('>')
		if err != nil {
			return brokenOff(err)
		}
		if b = append(append(b, part...), '>'); len(b) > mostTag {
			return problem(TooLarge, nil)
		}
		data = bytes.HasPrefix(b, []byte("![CDATA["))
		if data && bytes.HasSuffix(b, []byte("]]>")) || bytes.HasPrefix(b, []byte("!--")) && bytes.HasSuffix(b, []byte("-->")) ||
			!data && !bytes.HasPrefix(b, []byte("!--")) {
			break
		}
	}
	if data && keep {
		inner := b[len("![CDATA[") : len(b)-len("]]>")]
		m.text = append(m.text, bytes.ReplaceAll(inner, []byte("&"), []byte("&amp;"))...)
	}
	return nil
}

// is reports whether the tag opens the element.
func (m *markup) is(name string) bool { return m.kind != closing && string(m.name) == name }

// ends reports whether the tag closes the element.
func (m *markup) ends(name string) bool { return m.kind != opening && string(m.name) == name }

// att is the value of an attribute, "" if it is not there. The prefix of the name does not count.
func (m *markup) att(name string) string {
	b := m.atts
	for len(b) > 0 {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return ""
		}
		key := bytes.TrimSpace(b[:eq])
		if i := bytes.IndexByte(key, ':'); i >= 0 {
			key = key[i+1:]
		}
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return ""
		}
		if string(key) == name {
			return unescape(b[1 : 1+end])
		}
		b = b[end+2:]
	}
	return ""
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape makes text of what stands in XML: entities by name and by number, and Excel's own _x000D_.
func unescape(b []byte) string {
	if bytes.IndexByte(b, '&') >= 0 {
		b = unescapeEntities(b)
	}
	s := string(b)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			break
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			out.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		out.WriteString(s[:i])
		out.WriteRune(rune(n))
		s = s[i+7:]
	}
	return out.String() + s
}

func unescapeEntities(b []byte) []byte {
	var out []byte
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		b = b[i:]
		end := bytes.IndexByte(b[:min(len(b), 12)], ';')
		if end < 0 {
			out, b = append(out, '&'), b[1:]
			continue
		}
		name := string(b[1:end])
		if text, ok := entities[name]; ok {
			out = append(out, text...)
		} else if r, ok := byNumber(name); ok {
			out = utf8.AppendRune(out, r)
		} else {
			out = append(out, b[:end+1]...)
		}
		b = b[end+1:]
	}
}

// byNumber is the character of #1103 or #x44F.
func byNumber(name string) (rune, bool) {
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(strings.ToLower(digits), "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return rune(n), err == nil
}

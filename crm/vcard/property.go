package vcard

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// property is one logical line of a card.
type property struct {
	group  string // item1, lower case
	name   string // upper case
	params map[string][]string
	raw    []byte // the value before its encoding is undone
	cut    bool   // the value was longer than maxLine
}

func (p property) has(param, value string) bool {
	return slices.ContainsFunc(p.params[param], func(s string) bool { return strings.EqualFold(s, value) })
}

func (p property) param(name string) string {
	if len(p.params[name]) == 0 {
		return ""
	}
	return p.params[name][0]
}

func (p property) quoted() bool { return p.has("ENCODING", "QUOTED-PRINTABLE") }

// binary is true of photos and the like, which are skipped.
func (p property) binary() bool {
	switch p.name {
	case "PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE":
		return true
	}
	return p.has("ENCODING", "BASE64") || p.has("ENCODING", "B")
}

// reader puts physical lines together to properties.
type reader struct {
	src    *source
	next   []byte // a line that was read ahead
	cut    bool
	peeked bool
	err    error // ended the file
}

func (r *reader) peek() ([]byte, bool) {
	if !r.peeked && r.err == nil {
		r.next, r.cut, r.err = r.src.line()
		r.peeked = r.err == nil
	}
	return r.next, r.peeked
}

func (r *reader) take() ([]byte, bool, bool) {
	line, ok := r.peek()
	r.peeked = false
	return line, r.cut, ok
}

// property reads the next property; lines that are none are passed over.
func (r *reader) property() (property, error) {
	for {
		line, cut, ok := r.take()
		if !ok {
			return property{}, r.end()
		}
		p, good := parseProperty(line)
		if !good {
			continue
		}
		if p.cut = cut; p.binary() {
			r.skipBinary()
			p.raw = nil
			return p, nil
		}
		r.unfold(&p)
		return p, nil
	}
}

func (r *reader) end() error {
	if r.err == nil {
		return io.EOF
	}
	return r.err
}

// unfold joins the lines on which a value goes on: those that begin with white space and, in
// quoted-printable, those after a line that ends with "=".
func (r *reader) unfold(p *property) {
	for {
		next, ok := r.peek()
		switch {
		case !ok:
			return
		case p.quoted() && bytes.HasSuffix(p.raw, []byte("=")) && !isEnd(next):
			p.raw = p.raw[:len(p.raw)-1]
		case len(next) > 0 && (next[0] == ' ' || next[0] == '\t'):
			next = next[1:]
		default:
			return
		}
		p.cut = p.cut || r.cut
		if room := maxLine - len(p.raw); len(next) > room {
			next, p.cut = next[:max(room, 0)], true
		}
		p.raw = append(p.raw, next...)
		r.peeked = false
	}
}

func isEnd(line []byte) bool {
	return bytes.EqualFold(bytes.TrimSpace(line), []byte("END:VCARD"))
}

// skipBinary passes over the lines of a photo: folded ones, and those without a colon that some phones write
// with no white space before them.
func (r *reader) skipBinary() {
	for {
		next, ok := r.peek()
		folded := len(next) > 0 && (next[0] == ' ' || next[0] == '\t')
		if !ok || !folded && (len(bytes.TrimSpace(next)) == 0 || bytes.IndexByte(next, ':') >= 0) {
			return
		}
		r.peeked = false
	}
}

// parseProperty takes a line such as item1.TEL;CELL;PREF:8 900… apart.
func parseProperty(line []byte) (property, bool) {
	head, value, ok := cutHead(line)
	if !ok {
		return property{}, false
	}
	parts := splitOutside(head, ';')
	name := strings.ToUpper(strings.TrimSpace(parts[0]))
	p := property{name: name, params: map[string][]string{}, raw: slices.Clone(value)}
	if group, rest, ok := strings.Cut(name, "."); ok {
		p.group, p.name = strings.ToLower(group), rest
	}
	if p.name == "" || len(p.name) > 60 || strings.ContainsAny(p.name, " \t") {
		return property{}, false
	}
	for _, part := range parts[1:] {
		p.addParam(strings.TrimSpace(part))
	}
	return p, true
}

// addParam adds a parameter; in vCard 2.1 they stand without a name.
func (p *property) addParam(part string) {
	key, value, named := strings.Cut(part, "=")
	if !named {
		key, value = "TYPE", part
		switch strings.ToUpper(part) {
		case "QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT":
			key = "ENCODING"
		case "UTF-8", "WINDOWS-1251", "KOI8-R":
			key = "CHARSET"
		}
	}
	if key = strings.ToUpper(strings.TrimSpace(key)); value == "" || len(p.params) > 30 {
		return
	}
	for _, v := range splitOutside(value, ',') {
		p.params[key] = append(p.params[key], strings.Trim(strings.TrimSpace(v), `"`))
	}
}

// cutHead cuts a line at the first colon outside quotes; if the quotes are never closed, at the first colon.
func cutHead(line []byte) (head string, value []byte, ok bool) {
	quoted := false
	for i, b := range line {
		switch {
		case b == '"':
			quoted = !quoted
		case b == ':' && !quoted:
			return string(line[:i]), line[i+1:], true
		}
	}
	i := bytes.IndexByte(line, ':')
	if i < 0 {
		return "", nil, false
	}
	return string(line[:i]), line[i+1:], true
}

// splitOutside splits at sep outside quotes.
func splitOutside(s string, sep byte) []string {
	var out []string
	quoted, start := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

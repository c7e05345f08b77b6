package sandbox

import (
	"strings"
	"unicode/utf8"
)

// The parser follows TDLib's parse_html (MessageEntity.cpp:3240-3570): the same tags, the same words for
// each error, byte offsets counted in the text as it came.

// htmlTags are the tags that exist, with the entity each makes.
var htmlTags = map[string]string{
	"a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "u": "underline", "ins": "underline",
	"tg-spoiler": "spoiler", "span": "spoiler", "tg-emoji": "custom_emoji", "tg-time": "date_time",
	"pre": "pre", "code": "code", "blockquote": "blockquote",
}

// ParseHTML turns Telegram's HTML into plain text and entities. The error is worded as Telegram words it, to
// stand after "Bad Request: can't parse entities: ".
func ParseHTML(text string) (string, []Entity, error) {
	p := &htmlParser{in: text}
	p.out.Grow(len(text))
	if err := p.run(); err != nil {
		return "", nil, err
	}
	return p.out.String(), tidy(p.entities), nil
}

type htmlParser struct {
	in       string
	pos      int
	out      strings.Builder
	units    int // UTF-16 length of out
	open     []openTag
	entities []Entity
}

type openTag struct {
	name, arg, format string
	units, bytes      int // where its content begins in out
	order             int // its place in entities
}

// at is the byte at i, or 0 past the end, as in a C string.
func (p *htmlParser) at(i int) byte {
	if i < len(p.in) {
		return p.in[i]
	}
	return 0
}

// isSpace counts the end of the text as space, as TDLib does.
func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

func (p *htmlParser) run() error {
	for p.pos < len(p.in) {
		switch c := p.in[p.pos]; {
		case c == '&':
			if r := p.reference(); r != 0 {
				if !utf8.ValidRune(r) {
					return wrong("Text contains invalid Unicode characters after decoding HTML entities, " +
						"check for unmatched surrogate code units")
				}
				p.put(r)
				continue
			}
			p.put('&')
			p.pos++
		case c == '<':
			if err := p.tag(); err != nil {
				return err
			}
		default:
			r, n := utf8.DecodeRuneInString(p.in[p.pos:])
			p.put(r)
			p.pos += n
		}
	}
	if n := len(p.open); n > 0 {
		return wrong("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	return nil
}

func (p *htmlParser) put(r rune) {
	p.out.WriteRune(r)
	p.units++
	if r > 0xffff {
		p.units++
	}
}

// reference decodes a character reference at pos and moves past it; 0 and no move if it is none. Only lt, gt,
// amp and quot have names; a semicolon may be missing.
func (p *htmlParser) reference() rune {
	end := p.pos + 1
	var r rune
	if p.at(end) == '#' {
		end++
		base := rune(10)
		if p.at(end) == 'x' {
			base = 16
			end++
		}
		for {
			d := digit(p.at(end), base)
			if d < 0 || r > 0x10ffff {
				break
			}
			r = r*base + d
			end++
		}
		if r == 0 || r >= 0x10ffff || end-p.pos >= 10 {
			return 0
		}
	} else {
		for isAlpha(p.at(end)) {
			end++
		}
		switch p.in[p.pos+1 : end] {
		case "lt":
			r = '<'
		case "gt":
			r = '>'
		case "amp":
			r = '&'
		case "quot":
			r = '"'
		default:
			return 0
		}
	}
	if p.at(end) == ';' {
		end++
	}
	p.pos = end
	return r
}

func digit(c byte, base rune) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case base == 16 && c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case base == 16 && c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isAlnum(c byte) bool { return isAlpha(c) || c >= '0' && c <= '9' }

// tag reads a start or end tag at pos.
func (p *htmlParser) tag() error {
	if p.at(p.pos+1) == '/' {
		return p.endTag()
	}
	begin := p.pos
	i := begin + 1
	for !isSpace(p.at(i)) && p.at(i) != '>' {
		i++
	}
	if i >= len(p.in) {
		return wrong("Unclosed start tag at byte offset %d", begin)
	}
	t := openTag{name: strings.ToLower(p.in[begin+1 : i]), units: p.units, bytes: p.out.Len(), order: len(p.entities)}
	if _, ok := htmlTags[t.name]; !ok {
		return wrong("Unsupported start tag \"%s\" at byte offset %d", t.name, begin)
	}
	p.pos = i
	if err := p.attributes(&t, begin); err != nil {
		return err
	}
	if t.name == "span" && t.arg != "spoiler" {
		return wrong("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, t)
	p.entities = append(p.entities, Entity{}) // its place: outer entities come first
	return nil
}

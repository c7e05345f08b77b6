package sandbox

import (
	"strconv"
	"strings"
)

// attributes reads up to and past the closing bracket.
func (p *htmlParser) attributes(t *openTag, begin int) error {
	for {
		p.skipSpace()
		if p.at(p.pos) == '>' {
			p.pos++
			return nil
		}
		from := p.pos
		for !isSpace(p.at(p.pos)) && p.at(p.pos) != '=' && p.at(p.pos) != '>' {
			p.pos++
		}
		name := p.in[from:p.pos]
		if p.pos >= len(p.in) {
			return wrong("Unclosed start tag \"%s\" at byte offset %d", t.name, begin)
		}
		if name == "" {
			return wrong("Empty attribute name in the tag \"%s\" at byte offset %d", t.name, begin)
		}
		p.skipSpace()
		if p.at(p.pos) != '=' {
			if p.pos >= len(p.in) {
				return wrong("Unclosed start tag \"%s\" at byte offset %d", t.name, begin)
			}
			t.set(name, "")
			continue
		}
		p.pos++
		p.skipSpace()
		if p.pos >= len(p.in) {
			return wrong("Unclosed start tag \"%s\" at byte offset %d", t.name, begin)
		}
		value, err := p.value()
		if err != nil {
			return err
		}
		if p.pos >= len(p.in) {
			return wrong("Unclosed start tag at byte offset %d", begin)
		}
		t.set(name, value)
	}
}

func (p *htmlParser) skipSpace() {
	for p.pos < len(p.in) && isSpace(p.in[p.pos]) {
		p.pos++
	}
}

// value reads an attribute's value: a name token or a quoted string.
func (p *htmlParser) value() (string, error) {
	quote := p.at(p.pos)
	from := p.pos
	if quote != '"' && quote != '\'' {
		for isAlnum(p.at(p.pos)) || p.at(p.pos) == '.' || p.at(p.pos) == '-' {
			p.pos++
		}
		if !isSpace(p.at(p.pos)) && p.at(p.pos) != '>' {
			return "", wrong("Unexpected end of name token at byte offset %d", from)
		}
		return strings.ToLower(p.in[from:p.pos]), nil
	}
	p.pos++
	var b strings.Builder
	for p.pos < len(p.in) && p.in[p.pos] != quote {
		if p.in[p.pos] == '&' {
			if r := p.reference(); r != 0 {
				b.WriteRune(r)
				continue
			}
		}
		b.WriteByte(p.in[p.pos])
		p.pos++
	}
	if p.at(p.pos) == quote {
		p.pos++
	}
	return b.String(), nil
}

// set keeps the attribute if the tag has a use for it.
func (t *openTag) set(name, value string) {
	switch {
	case t.name == "a" && name == "href",
		t.name == "tg-emoji" && name == "emoji-id",
		t.name == "tg-time" && name == "unix":
		t.arg = value
	case t.name == "tg-time" && name == "format":
		t.format = value
	case t.name == "code" && name == "class":
		if lang, ok := strings.CutPrefix(value, "language-"); ok {
			t.arg = lang
		}
	case t.name == "span" && name == "class":
		if class, ok := strings.CutPrefix(value, "tg-"); ok {
			t.arg = class
		}
	case t.name == "blockquote" && name == "expandable":
		t.arg = "1"
	}
}

// endTag reads an end tag and makes the entity; "</>" closes whatever is open.
func (p *htmlParser) endTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return wrong("Unexpected end tag at byte offset %d", begin)
	}
	i := begin + 2
	for !isSpace(p.at(i)) && p.at(i) != '>' {
		i++
	}
	name := p.in[begin+2 : i]
	for i < len(p.in) && isSpace(p.in[i]) {
		i++
	}
	if p.at(i) != '>' {
		return wrong("Unclosed end tag at byte offset %d", begin)
	}
	t := p.open[len(p.open)-1]
	if name != "" && name != t.name {
		return wrong("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, t.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.pos = i + 1
	if p.units == t.units {
		return nil
	}
	return p.emit(t)
}

// emit fills the entity's place; a link with a bad address is silently none.
func (p *htmlParser) emit(t openTag) error {
	e := Entity{Type: htmlTags[t.name], Offset: t.units, Length: p.units - t.units}
	switch t.name {
	case "a":
		if t.arg == "" {
			t.arg = p.out.String()[t.bytes:]
		}
		if id := linkedUser(t.arg); id != 0 {
			e.Type, e.User = "text_mention", &User{ID: id}
			break
		}
		link, err := checkLink(t.arg)
		if err != nil {
			return nil
		}
		e.URL = link
	case "code":
		e.Language = t.arg
	case "blockquote":
		if t.arg != "" {
			e.Type = "expandable_blockquote"
		}
	case "tg-emoji":
		if n, err := strconv.ParseInt(t.arg, 10, 64); err != nil || n == 0 {
			return wrong("Invalid custom emoji identifier specified")
		}
		e.CustomEmojiID = t.arg
	case "tg-time":
		n, err := strconv.ParseInt(t.arg, 10, 64)
		if err != nil || !validTimeFormat(t.format) {
			return wrong("Invalid date format used")
		}
		e.UnixTime, e.DateTimeFormat = n, t.format
	}
	p.entities[t.order] = e
	return nil
}

// validTimeFormat: "r" alone, or any of w d D t T (telegram.md 3, date_time entity).
func validTimeFormat(f string) bool {
	return f == "r" || strings.Trim(f, "wWdDtT") == ""
}

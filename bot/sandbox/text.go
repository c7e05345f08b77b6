package sandbox

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

const (
	maxText    = 4096  // UTF-16 units after parsing: the stricter reading of "characters" (telegram.md 2.2)
	maxCaption = 1024  // the same for captions
	maxRawText = 32768 // bytes before parsing (TD OptionManager.cpp:218)
)

// styled is a text with its entities.
type styled struct {
	text     string
	entities []Entity
}

// styledText reads a text of the bot: parameter name with its parse mode or its entities.
func (c *call) styledText(name, entities string) (styled, *apiError) {
	raw := c.params[name]
	if len(raw) > maxRawText {
		return styled{}, bad("text is too long") // Client.cpp:11310
	}
	var given []Entity
	if _, err := c.json(entities, &given); err != nil {
		return styled{}, err
	}
	return style(raw, c.params["parse_mode"], given)
}

// style parses a text and trims it, as TDLib's fix_formatted_text does.
func style(raw, mode string, given []Entity) (styled, *apiError) {
	raw = cleanText(raw)
	t := styled{text: raw, entities: given}
	switch strings.ToLower(mode) {
	case "html":
		text, entities, err := ParseHTML(raw)
		if err != nil {
			return styled{}, &apiError{code: 400, description: "Bad Request: can't parse entities: " + err.Error()}
		}
		t = styled{text, entities}
	case "", "none":
		size := utf16Len(raw)
		for _, e := range given {
			if e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > size {
				return styled{}, bad("entity beginning at UTF-16 offset %d ends after the end of the text", e.Offset)
			}
		}
		t.entities = tidy(slices.Clone(given))
	default: // the project writes HTML only; Telegram also knows Markdown and MarkdownV2
		return styled{}, bad("unsupported parse_mode")
	}
	t = t.trimmed()
	t.entities = addFound(t.text, t.entities)
	return t, nil
}

// messageText is a text that stands for itself: 1–4096 units after parsing.
func (c *call) messageText() (styled, *apiError) {
	if c.params["text"] == "" {
		return styled{}, bad("message text is empty") // Client.cpp:11401
	}
	t, err := c.styledText("text", "entities")
	if err != nil {
		return styled{}, err
	}
	return t, checkText(t.text)
}

func checkText(text string) *apiError {
	switch {
	case text == "":
		return bad("text must be non-empty") // MessageEntity.cpp:4519
	case len(text) > maxText && utf16Len(text) > maxText:
		return bad("message is too long") // MessageContent.cpp:4757
	}
	return nil
}

// caption is the text under a file: 0–1024 units after parsing.
func (c *call) caption() (styled, *apiError) {
	t, err := c.styledText("caption", "caption_entities")
	if err == nil && utf16Len(t.text) > maxCaption {
		err = bad("message caption is too long") // MessageContent.cpp:5241
	}
	return t, err
}

// cleanText is TDLib's clean_input_string: control characters become spaces; carriage returns, line
// separators, direction marks and vertical combining lines go away.
func cleanText(s string) string {
	if !needsCleaning(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r', r >= 0x2028 && r <= 0x202e, r == 0x333, r == 0x33f, r == 0x30a:
			return -1
		case r < ' ':
			return ' '
		}
		return r
	}, s)
}

func needsCleaning(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' || c == 0xcc || c == 0xe2 || c == 0xcd {
			return true
		}
	}
	return false
}

// trimmed cuts spaces and line ends off both ends and moves the entities along.
func (t styled) trimmed() styled {
	text := strings.TrimRight(t.text, " \n")
	left := len(text) - len(strings.TrimLeft(text, " \n"))
	if left == 0 && len(text) == len(t.text) {
		return t
	}
	text = text[left:]
	size := utf16Len(text)
	kept := t.entities[:0]
	for _, e := range t.entities {
		from, to := max(e.Offset-left, 0), min(e.Offset+e.Length-left, size) // what is cut is one unit a byte
		if to > from {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	return styled{text, kept}
}

// tidy puts entities in order and drops what Telegram does not allow: empty ones, anything in or around the
// very same code or pre, quotes in quotes (Bot API: "Formatting options"). A pre around a code with a
// language is one pre with that language.
func tidy(all []Entity) []Entity {
	kept := all[:0]
	for _, e := range all {
		if e.Type != "" && e.Length > 0 {
			kept = append(kept, e)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	slices.SortStableFunc(kept, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
	joinCode(kept)
	out := make([]Entity, 0, len(kept))
	for i, e := range kept {
		if e.Type != "" && !excluded(kept, i) {
			out = append(out, e)
		}
	}
	return out
}

// joinCode makes one entity of a pre and a code that cover the same text.
func joinCode(all []Entity) {
	for i := range all {
		for j := i + 1; j < len(all) && all[j].Offset == all[i].Offset; j++ {
			a, b := &all[i], &all[j]
			if a.Length != b.Length || !isPreAndCode(a.Type, b.Type) || a.Language+b.Language == "" {
				continue
			}
			*a, *b = Entity{Type: "pre", Offset: a.Offset, Length: a.Length, Language: a.Language + b.Language}, Entity{}
		}
	}
	for i := range all {
		if all[i].Type == "code" {
			all[i].Language = ""
		}
	}
}

func isPreAndCode(a, b string) bool { return a == "pre" && b == "code" || a == "code" && b == "pre" }

// excluded says whether another entity shuts all[i] out.
func excluded(all []Entity, i int) bool {
	e := all[i]
	for j, o := range all {
		if j == i || o.Type == "" || o.Offset > e.Offset || o.Offset+o.Length < e.Offset+e.Length {
			continue
		}
		same := o.Offset == e.Offset && o.Length == e.Length
		oMono, eMono := isMono(o.Type), isMono(e.Type)
		switch {
		case oMono && !eMono, oMono && eMono && (!same || j < i):
			return true
		case isQuote(o.Type) && isQuote(e.Type) && (!same || j < i):
			return true
		}
	}
	return false
}

func isMono(t string) bool { return t == "code" || t == "pre" }

func isQuote(t string) bool { return t == "blockquote" || t == "expandable_blockquote" }

// rawOf is a value as JSON; the types here always encode.
func rawOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	return b
}

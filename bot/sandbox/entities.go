package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addFound adds what Telegram finds by itself in any text (commands, mentions, tags, addresses, phones), where it
// overlaps nothing that is there. Best effort: TDLib's rules are longer (MessageEntity.cpp find_entities).
func addFound(text string, given []Entity) []Entity {
	if !strings.ContainsAny(text, "/@#.+:78") {
		return given
	}
	all := given
	for _, e := range findEntities(text) {
		if !overlaps(given, e) {
			all = append(all, e)
		}
	}
	if len(all) > len(given) {
		slices.SortStableFunc(all, func(a, b Entity) int {
			return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
		})
	}
	return all
}

// overlaps says whether e meets an entity that may not hold it: code, a link, or one that it only half covers.
func overlaps(given []Entity, e Entity) bool {
	for _, g := range given {
		if g.Offset >= e.Offset+e.Length || e.Offset >= g.Offset+g.Length {
			continue
		}
		inside := g.Offset <= e.Offset && g.Offset+g.Length >= e.Offset+e.Length
		if !inside || isMono(g.Type) || g.Type == "text_link" || g.Type == "text_mention" {
			return true
		}
	}
	return false
}

// findEntities looks at each word, then for phones across words.
func findEntities(text string) []Entity {
	var found []Entity
	units, i := 0, 0
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += n
			units++
			continue
		}
		end := i
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if unicode.IsSpace(r) {
				break
			}
			end += n
		}
		if e, ok := wordEntity(text[i:end]); ok {
			e.Offset += units
			found = append(found, e)
		}
		units += utf16Len(text[i:end])
		i = end
	}
	return append(found, findPhones(text, found)...)
}

// wordEntity says what a word is, once quotes, brackets and punctuation around it are off.
func wordEntity(word string) (Entity, bool) {
	core := strings.TrimLeftFunc(word, isOpening)
	before := utf16Len(word[:len(word)-len(core)])
	core = strings.TrimRightFunc(core, isClosing)
	if core == "" {
		return Entity{}, false
	}
	kind, size := classify(core)
	if kind == "" {
		return Entity{}, false
	}
	return Entity{Type: kind, Offset: before, Length: utf16Len(core[:size])}, true
}

func isOpening(r rune) bool { return strings.ContainsRune(`("'«[{<—–-,.;:!?*`, r) }

func isClosing(r rune) bool { return strings.ContainsRune(`)"'»]}>,.;:!?…*`, r) }

// classify returns the kind of the word and how many bytes of it count.
func classify(w string) (string, int) {
	switch w[0] {
	case '/':
		return commandAt(w)
	case '@':
		if n := nameLen(w[1:]); n >= 3 && n <= 32 {
			return "mention", n + 1
		}
		return "", 0
	case '#':
		n := strings.IndexFunc(w[1:], func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
		})
		if n < 0 {
			n = len(w) - 1
		}
		if n > 0 {
			return "hashtag", n + 1
		}
		return "", 0
	}
	lower := strings.ToLower(w)
	if strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "tg://") {
		return "url", len(w)
	}
	if local, domain, ok := strings.Cut(w, "@"); ok {
		if local != "" && isDomain(domain) && strings.IndexFunc(local, notMailbox) < 0 {
			return "email", len(w)
		}
		return "", 0
	}
	host, _, _ := strings.Cut(w, "/")
	host, _, _ = strings.Cut(host, ":")
	if isDomain(host) {
		return "url", len(w)
	}
	return "", 0
}

// commandAt matches /name or /name@bot at the start of w.
func commandAt(w string) (string, int) {
	n := nameLen(w[1:])
	if n == 0 || n > 64 {
		return "", 0
	}
	end := n + 1
	if end < len(w) && w[end] == '@' {
		if m := nameLen(w[end+1:]); m >= 3 {
			end += m + 1
		}
	}
	if end < len(w) && w[end] == '/' {
		return "", 0 // a path
	}
	return "bot_command", end
}

// nameLen counts the bytes of w that may stand in a user name.
func nameLen(w string) int {
	n := 0
	for n < len(w) && (isAlnum(w[n]) || w[n] == '_') {
		n++
	}
	return n
}

func notMailbox(r rune) bool {
	return r > 0x7f || !isAlnum(byte(r)) && !strings.ContainsRune("._+-", r)
}

// zones are the top-level domains that make a bare word a link.
var zones = map[string]bool{
	"ru": true, "рф": true, "su": true, "by": true, "kz": true, "ua": true, "uz": true, "com": true, "net": true,
	"org": true, "info": true, "biz": true, "me": true, "io": true, "dev": true, "app": true, "pro": true,
	"online": true, "shop": true, "store": true, "site": true, "de": true, "uk": true, "eu": true, "example": true,
}

func isDomain(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || !zones[strings.ToLower(host[dot+1:])] {
		return false
	}
	return strings.IndexFunc(host, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '-'
	}) < 0
}

// findPhones marks "+7 900 123-45-67" and "8 (900) 123-45-67": 10 to 15 digits that begin with +, or 11 that
// begin with 7 or 8, with single separators between.
func findPhones(text string, taken []Entity) []Entity {
	var found []Entity
	units := 0
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if starts := r == '+' || r == '7' || r == '8'; starts && (i == 0 || !isAlnum(text[i-1]) && text[i-1] != '+') {
			if size := phoneLen(text[i:]); size > 0 {
				e := Entity{Type: "phone_number", Offset: units, Length: size}
				if !overlaps(taken, e) && !within(taken, e) {
					found = append(found, e)
				}
				i += size
				units += size
				continue
			}
		}
		i += n
		units++
		if r > 0xffff {
			units++
		}
	}
	return found
}

func within(all []Entity, e Entity) bool {
	return slices.ContainsFunc(all, func(a Entity) bool {
		return a.Offset <= e.Offset && a.Offset+a.Length >= e.Offset+e.Length
	})
}

// phoneLen is how many bytes at the start of s are a phone, 0 if none.
func phoneLen(s string) int {
	digits, end, gap := 0, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits, end, gap = digits+1, i+1, 0
		case c == '+' && i == 0:
		case strings.IndexByte(" -()", c) >= 0 && gap < 2:
			gap++
		default:
			if isAlpha(c) && end == i {
				return 0
			}
			return phoneOK(s, digits, end)
		}
	}
	return phoneOK(s, digits, end)
}

func phoneOK(s string, digits, end int) int {
	if s[0] == '+' && digits >= 10 && digits <= 15 || s[0] != '+' && digits == 11 {
		return end
	}
	return 0
}

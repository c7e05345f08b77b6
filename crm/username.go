package crm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Messenger kinds.
const (
	messengerTelegram = "telegram"
	messengerVK       = "vk"
	messengerSite     = "site"
)

// maxHandle is the longest handle of a messenger that is kept; links are the longest.
const maxHandle = 500

// How many letters the name in a link of Skype has. Bounds in the pattern would copy its class of all letters a hundred times: two
// megabytes.
const (
	minSkype = 3
	maxSkype = 100
)

// username is Telegram's rule: 5 to 32 of A–Z a–z 0–9 _, a letter first
// (https://core.telegram.org/method/account.checkUsername).
var (
	username     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{4,31}$`)
	telegramLink = regexp.MustCompile(`(?i)^(?:https?://)?(?:www\.)?(?:t\.me|telegram\.(?:me|dog))/@?([A-Za-z][A-Za-z0-9_]{4,31})/?(?:\?(?:direct|profile))?$`)
	telegramURI  = regexp.MustCompile(`(?i)^tg://resolve/?\?domain=([A-Za-z][A-Za-z0-9_]{4,31})$`)
	vkLink       = regexp.MustCompile(`(?i)^(?:https?://)?(?:www\.|m\.)?vk\.(?:com|ru)/([A-Za-z0-9_.]{2,64})/?$`)
	maxLink      = regexp.MustCompile(`(?i)^(?:https?://)?(?:www\.|web\.)?max\.ru/(?:u/)?([A-Za-z0-9_.-]{2,200})/?$`)
	skypeLink    = regexp.MustCompile(`(?i)^skype:([\pL\pN_.,:@-]+)(?:\?\w+)?$`)
	siteLink     = regexp.MustCompile(`(?i)^(?:(?:https?|tg|viber|ftp)://[^\s,;]+|(?:www\.)?[\pL\pN-]+(?:\.[\pL\pN-]+)*\.` + siteEndings + `(?:[/?#][^\s,;]*)?)$`)
	kindPrefix   = regexp.MustCompile(`^([\pL][\pL ]*?)\s*:\s*(.+)$`)

	// linkShape finds what may be a link or a username; ParseMessenger decides.
	linkShape = regexp.MustCompile(`(?i)(?:(?:https?|tg|viber|ftp)://|www\.|skype:)[^\s,;<>«»"]+|` +
		`[\pL\pN-]+(?:\.[\pL\pN-]+)*\.` + siteEndings + `(?:[/?#][^\s,;<>«»"]*)?|@[A-Za-z0-9_]+`)
)

// siteEndings are the top domains by which a site is known without http://.
const siteEndings = `(?:com|ru|рф|net|org|io|kz|by|ua|uz|su|info|biz|pro|me|shop|store|online|site|москва|tech|app|dev|agency)`

// notUsers are words that stand in t.me/… where a username would.
var notUsers = []string{"joinchat", "share", "addstickers", "addemoji", "addlist", "proxy", "socks", "login", "boost", "contact",
	"invoice", "giftcode", "addtheme", "setlanguage", "confirmphone"}

// messengerKinds are the words by which people name a messenger before a colon.
var messengerKinds = map[string]string{
	"telegram": messengerTelegram, "tg": messengerTelegram, "телеграм": messengerTelegram, "телеграмм": messengerTelegram, "тг": messengerTelegram,
	"whatsapp": "whatsapp", "wa": "whatsapp", "вотсап": "whatsapp", "ватсап": "whatsapp", "вацап": "whatsapp",
	"viber": "viber", "вайбер": "viber", "vk": messengerVK, "вк": messengerVK, "vkontakte": messengerVK, "вконтакте": messengerVK,
	"max": "max", "макс": "max", "skype": "skype", "скайп": "skype",
	"site": messengerSite, "сайт": messengerSite, "web": messengerSite, "url": messengerSite,
}

// ParseUsername reads a Telegram username, with or without @, also as a t.me link; lower case, without @. It
// fails with ErrInvalid on "username".
func ParseUsername(s string) (string, error) {
	s = strings.TrimSpace(stripFormat(s))
	for _, link := range []*regexp.Regexp{telegramLink, telegramURI} {
		if m := link.FindStringSubmatch(s); m != nil && !slices.Contains(notUsers, strings.ToLower(m[1])) {
			return strings.ToLower(m[1]), nil
		}
	}
	s = strings.TrimPrefix(s, "@")
	if !username.MatchString(s) {
		return "", invalid("username")
	}
	return strings.ToLower(s), nil
}

// ParseMessenger reads an account: @name, a link (t.me/…, vk.com/…, max.ru/…, any site) or "viber: …" as
// Client.Value writes it. A name alone is one of Telegram. It fails with ErrInvalid on "username" where a Telegram
// name was meant, else on "messenger".
func ParseMessenger(s string) (Messenger, error) {
	s = strings.TrimSpace(stripFormat(s))
	if len(s) > maxHandle || !utf8.ValidString(s) || strings.IndexFunc(s, unicode.IsControl) >= 0 {
		return Messenger{}, invalid("messenger")
	}
	if m, ok := parseLink(s); ok {
		return m, nil
	}
	if m := kindPrefix.FindStringSubmatch(s); m != nil {
		if kind, ok := messengerKinds[strings.ToLower(m[1])]; ok {
			return messengerOf(kind, m[2])
		}
	}
	if s == "" || strings.ContainsAny(s, " :/") {
		return Messenger{}, invalid("messenger")
	}
	return telegramName(s)
}

func telegramName(s string) (Messenger, error) {
	name, err := ParseUsername(s)
	if err != nil {
		return Messenger{}, err
	}
	return Messenger{messengerTelegram, name}, nil
}

// messengerOf reads a handle whose messenger is known.
func messengerOf(kind, handle string) (Messenger, error) {
	if m, ok := parseLink(handle); ok && (m.Kind == kind || kind == messengerSite) {
		return m, nil
	}
	switch kind {
	case messengerTelegram:
		return telegramName(handle)
	case "whatsapp", "viber":
		if p, err := ParsePhone(handle, ""); err == nil && p.Ext == "" && p.Raw == "" {
			return Messenger{kind, p.E164}, nil
		}
	case messengerVK:
		handle = strings.ToLower(handle)
	}
	handle = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(handle), "@"))
	if strings.IndexFunc(handle, unicode.IsLetter) < 0 && strings.IndexFunc(handle, unicode.IsDigit) < 0 {
		return Messenger{}, invalid("messenger")
	}
	return Messenger{kind, handle}, nil
}

func parseLink(s string) (Messenger, bool) {
	switch {
	case telegramLink.MatchString(s) || telegramURI.MatchString(s):
		name, err := ParseUsername(s)
		if err != nil {
			return Messenger{messengerSite, s}, true
		}
		return Messenger{messengerTelegram, name}, true
	case vkLink.MatchString(s):
		return Messenger{messengerVK, strings.ToLower(vkLink.FindStringSubmatch(s)[1])}, true
	case maxLink.MatchString(s):
		return Messenger{"max", maxLink.FindStringSubmatch(s)[1]}, true
	case siteLink.MatchString(s):
		return Messenger{messengerSite, s}, true
	}
	if m := skypeLink.FindStringSubmatch(s); m != nil {
		n := utf8.RuneCountInString(m[1])
		return Messenger{"skype", m[1]}, minSkype <= n && n <= maxSkype
	}
	return Messenger{}, false
}

// FindMessengers finds @usernames and links in a text, with byte offsets. Links that hold a phone (wa.me/…)
// are left to FindPhones, addresses with @ to FindEmails.
func FindMessengers(text string) []Span[Messenger] {
	var found []Span[Messenger]
	for _, m := range linkShape.FindAllStringIndex(text, -1) {
		start, end := m[0], m[0]+len(strings.TrimRight(text[m[0]:m[1]], ".,!?:)'*_"))
		part := text[start:end]
		if !linkBounded(text, start, end) || phoneLink.MatchString(part) {
			continue
		}
		if part[0] == '@' {
			end = m[1]
			part = text[start:end]
		}
		if got, err := ParseMessenger(part); err == nil && len(got.Handle) <= maxHandle {
			found = append(found, Span[Messenger]{start, end, got})
		}
	}
	return found
}

// linkBounded keeps parts of words and of e-mail addresses out.
func linkBounded(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	if start > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("@_./-+", before)) {
		return false
	}
	if end == len(text) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(text[end+utf8.RuneLen(after):])
	return !unicode.IsLetter(after) && !unicode.IsDigit(after) && after != '@' && after != '_' &&
		(after != '.' && after != '-' || !unicode.IsLetter(next) && !unicode.IsDigit(next))
}

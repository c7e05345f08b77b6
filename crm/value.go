package crm

import (
	"slices"
	"strings"

	"kartoteka/crm/spell"
)

// What a card may hold at the most; a phone book rarely has more than five of a kind.
const (
	maxPhones = 20
	maxEmails = 20
	maxTags   = 50
	maxTag    = 60
)

// parsePhones reads several phones in one text; each must be good.
func parsePhones(text, region string) ([]Phone, error) {
	var out []Phone
	for _, part := range splitPhones(text) {
		p, err := ParsePhone(part, region)
		if err != nil {
			return nil, err
		}
		out = addPhone(out, p)
	}
	if len(out) > maxPhones {
		return nil, invalid("phones.count")
	}
	return out, nil
}

// splitPhones cuts a list of phones at , ; and line ends. A comma before a short number is its extension.
func splitPhones(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if digits := countDigits(part); len(out) > 0 && digits > 0 && digits <= 5 && digits == len(part) {
			out[len(out)-1] += " #" + part
			continue
		}
		out = append(out, part)
	}
	return out
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

func addPhone(list []Phone, p Phone) []Phone {
	for i, have := range list {
		if have.E164 == p.E164 {
			if have.Ext == "" {
				list[i].Ext = p.Ext
			}
			return list
		}
	}
	return append(list, p)
}

func parseEmails(line string) ([]string, error) {
	var out []string
	for _, part := range splitList(line) {
		mail, err := ParseEmail(part)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, mail) {
			out = append(out, mail)
		}
	}
	if len(out) > maxEmails {
		return nil, invalid("emails.count")
	}
	return out, nil
}

// parseMessengers reads "@name, viber: +7900…, vk: id1".
func parseMessengers(line string) ([]Messenger, error) {
	var out []Messenger
	for _, part := range splitList(line) {
		m, err := ParseMessenger(part)
		if err != nil {
			return nil, err
		}
		out = addMessenger(out, m)
	}
	return out, nil
}

func addMessenger(list []Messenger, m Messenger) []Messenger {
	for _, have := range list {
		if have.Kind == m.Kind && strings.EqualFold(have.Handle, m.Handle) {
			return list
		}
	}
	return append(list, m)
}

// cleanList reads tags or interests: separated by commas, without #, each once however it is written.
func cleanList(line string, f Field) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, part := range splitList(line) {
		part = strings.TrimSpace(strings.TrimLeft(part, "#"))
		key := spell.Fold(part)
		if key == "" || seen[key] {
			continue
		}
		if len([]rune(part)) > maxTag {
			return nil, invalid(string(f) + ".long")
		}
		seen[key] = true
		out = append(out, part)
	}
	if len(out) > maxTags {
		return nil, invalid(string(f) + ".count")
	}
	return out, nil
}

func splitList(line string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

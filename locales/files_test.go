package locales

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// formsOf are the plural forms that a message needs in each language.
var formsOf = map[string][]string{"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}

func messagesOf(t *testing.T) map[string]map[string]*i18n.Message {
	t.Helper()
	all := map[string]map[string]*i18n.Message{} // language → key → message
	for i, file := range []string{ruTOML, enTOML} {
		messages, err := parseMessages(file)
		if err != nil {
			t.Fatalf("%s.toml: %v", Languages[i], err)
		}
		all[Languages[i]] = map[string]*i18n.Message{}
		for _, m := range messages {
			all[Languages[i]][m.ID] = m
		}
	}
	return all
}

func forms(m *i18n.Message) map[string]string {
	return map[string]string{"one": m.One, "few": m.Few, "many": m.Many, "other": m.Other}
}

// parameters of a message, sorted; all its forms together.
func parameters(t *testing.T, m *i18n.Message) []string {
	t.Helper()
	var names []string
	for _, form := range forms(m) {
		for rest := text(form); rest != ""; {
			_, name, after, err := rest.next()
			if err != nil {
				t.Fatalf("%s: %v", m.ID, err)
			}
			if rest = after; name != "" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestSameKeysEverywhere(t *testing.T) {
	all := messagesOf(t)
	for lang, other := range map[string]string{"ru": "en", "en": "ru"} {
		for key, m := range all[lang] {
			twin := all[other][key]
			if twin == nil {
				t.Errorf("%s is in %s.toml, not in %s.toml", key, lang, other)
				continue
			}
			if a, b := parameters(t, m), parameters(t, twin); lang == "ru" && !slices.Equal(a, b) {
				t.Errorf("%s has parameters %v in ru.toml, %v in en.toml", key, a, b)
			}
			if (m.One == "") != (twin.One == "") {
				t.Errorf("%s has plural forms in only one language", key)
			}
		}
	}
}

func TestPluralFormsAreWhole(t *testing.T) {
	for lang, messages := range messagesOf(t) {
		for key, m := range messages {
			if m.Other == "" {
				t.Errorf("%s: %s is empty", lang, key)
			}
			if m.One == "" {
				continue
			}
			for name, text := range forms(m) {
				if want := slices.Contains(formsOf[lang], name); want != (text != "") {
					t.Errorf("%s: %s: form %q there: %v, wanted: %v", lang, key, name, text != "", want)
				}
			}
			counts := parameters(t, m)
			if !slices.Contains(counts, "n") && !slices.Contains(counts, "count") {
				t.Errorf("%s: %s has plural forms but neither {{.n}} nor {{.count}}", lang, key)
			}
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	for name, file := range map[string]string{
		"an action":        `a.b = "{{if .x}}y{{end}}"`,
		"an open brace":    `a.b = "{{.x"`,
		"a function":       `a.b = "{{ x }}"`,
		"a capital":        `a.b = "{{.Name}}"`,
		"a number":         `a.b = 1`,
		"a form of a form": "[a.b]\none = \"{{.n}}\"\nother = \"{{\"",
		"no other":         "[a.b]\none = \"{{.n}}\"\nfew = \"{{.n}}\"",
		"a stranger":       "[a.b]\none = \"{{.n}}\"\nother = \"{{.n}}\"\nmore = \"{{.n}}\"",
		"a key twice":      "[a]\nb = \"1\"\nb = \"2\"",
	} {
		if _, err := parseMessages(file); err == nil {
			t.Errorf("%s: %q was accepted", name, file)
		}
	}
}

// Telegram: setMyDescription takes 512 characters, setMyShortDescription 120, a command's description 256.
func TestSetupTextsFit(t *testing.T) {
	for lang, messages := range messagesOf(t) {
		for key, m := range messages {
			limit := map[string]int{"bot.description": 512, "bot.short_description": 120}[key]
			if len(key) > 8 && key[:8] == "command." {
				limit = 256
			}
			if n := utf8.RuneCountInString(m.Other); limit > 0 && n > limit {
				t.Errorf("%s: %s has %d characters, %d are allowed", lang, key, n, limit)
			}
		}
	}
}

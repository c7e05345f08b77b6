package locales

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

var (
	//go:embed ru.toml
	ruTOML string
	//go:embed en.toml
	enTOML string
)

// Languages that the bot speaks.
var Languages = []string{"ru", "en"}

// readRussian are languages of client programs whose users get Russian rather than English.
var readRussian = []string{"ru", "be", "kk", "uk"}

// Catalog is every text in every language. Set its fields before it is used from several goroutines.
type Catalog struct {
	Default string               // for people whose language is not known; "ru" after Load
	Report  func(problem string) // told of missing keys and parameters, which are mistakes of ours; may be nil

	texts map[string]*Texts // language → its texts
	keys  map[string]bool   // every key there is
}

// Load reads the embedded files.
func Load() (*Catalog, error) {
	bundle := i18n.NewBundle(language.Russian)
	c := &Catalog{Default: "ru", texts: map[string]*Texts{}, keys: map[string]bool{}}
	for i, file := range []string{ruTOML, enTOML} {
		lang := Languages[i]
		messages, err := parseMessages(file)
		if err != nil {
			return nil, fmt.Errorf("read %s.toml: %w", lang, err)
		}
		t := &Texts{lang: lang, catalog: c, plain: map[string]text{}, localizer: i18n.NewLocalizer(bundle, lang)}
		for _, m := range messages {
			c.keys[m.ID] = true
			if m.One == "" {
				t.plain[m.ID] = text(m.Other)
			} else if err := bundle.AddMessages(language.Make(lang), m); err != nil {
				return nil, fmt.Errorf("read %s.toml: %w", lang, err)
			}
		}
		c.texts[lang] = t
	}
	return c, nil
}

// For returns the texts for an IETF language tag such as "ru", "en-GB"; "" means Default.
func (c *Catalog) For(tag string) *Texts {
	if tag == "" {
		tag = c.Default
	}
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	if slices.Contains(readRussian, base) {
		return c.texts["ru"]
	}
	return c.texts["en"]
}

func (c *Catalog) report(problem string) {
	if c.Report != nil {
		c.Report(problem)
	}
}

// pluralForms are the names that make a table a message instead of a section.
var pluralForms = []string{"one", "few", "many", "other"}

// parseMessages flattens a file: [client] saved = "…" is the message client.saved. go-i18n's own reader is
// not used since it reserves words such as "description" and "id" that our keys need.
func parseMessages(file string) ([]*i18n.Message, error) {
	var tree map[string]any
	if _, err := toml.Decode(file, &tree); err != nil {
		return nil, err
	}
	var messages []*i18n.Message
	var errs []error
	var walk func(key string, node any)
	walk = func(key string, node any) {
		switch v := node.(type) {
		case string:
			if form := key[strings.LastIndexByte(key, '.')+1:]; form != "other" && slices.Contains(pluralForms, form) {
				errs = append(errs, fmt.Errorf("%s: the table needs one and other, and nothing but plural forms", key))
			}
			messages = append(messages, &i18n.Message{ID: key, Other: v})
		case map[string]any:
			if isPlural(v) {
				messages = append(messages, &i18n.Message{ID: key,
					One: v["one"].(string), Few: form(v, "few"), Many: form(v, "many"), Other: v["other"].(string)})
				return
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(strings.TrimPrefix(key+"."+name, "."), v[name])
			}
		default:
			errs = append(errs, fmt.Errorf("%s: %T is no text", key, node))
		}
	}
	walk("", tree)
	for _, m := range messages {
		for _, form := range []string{m.One, m.Few, m.Many, m.Other} {
			if err := text(form).check(); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", m.ID, err))
			}
		}
	}
	return messages, errors.Join(errs...)
}

// isPlural reports whether a table is one message in its plural forms: "one", "other", and nothing but forms.
func isPlural(table map[string]any) bool {
	for name, v := range table {
		if _, text := v.(string); !text || !slices.Contains(pluralForms, name) {
			return false
		}
	}
	return table["one"] != nil && table["other"] != nil
}

func form(table map[string]any, name string) string {
	s, _ := table[name].(string)
	return s
}

package locales

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Texts are the texts of one language.
type Texts struct {
	lang      string
	catalog   *Catalog
	plain     map[string]text // by key
	localizer *i18n.Localizer // … of texts with plural forms
}

// Lang is "ru" or "en".
func (t *Texts) Lang() string { return t.lang }

// Comma is what stands between the cells of a text that Excel is to open by itself in this language.
func (t *Texts) Comma() rune {
	if t.lang == "ru" {
		return ';'
	}
	return ','
}

// Has reports whether there is a text with this key.
func (t *Texts) Has(key string) bool { return t.catalog.keys[key] }

// Raw is HTML that this package made. As a parameter it goes into a message as it is.
type Raw string

// HTML is the text of a message. The arguments are names and values in turn: "name", c.Name, "n", 5. Every
// value is escaped unless it is Raw. A missing key comes back in brackets and is reported.
func (t *Texts) HTML(key string, args ...any) string {
	return t.render(key, &values{texts: t, key: key, args: args, html: true})
}

// Raw is HTML that can be a parameter of another message.
func (t *Texts) Raw(key string, args ...any) Raw { return Raw(t.HTML(key, args...)) }

// Title is Label with a capital first letter: for a button whose word stands small in the middle of a text elsewhere.
func (t *Texts) Title(key string, args ...any) string {
	return firstLetter(t.Label(key, args...), unicode.ToUpper)
}

// Small is Label with a small first letter: for a button's word in the middle of a text.
func (t *Texts) Small(key string, args ...any) string {
	return firstLetter(t.Label(key, args...), unicode.ToLower)
}

func firstLetter(s string, f func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(f(r)) + s[n:]
}

// Label is a plain text: of a button, a toast, a file or the clipboard.
func (t *Texts) Label(key string, args ...any) string {
	return t.render(key, &values{texts: t, key: key, args: args})
}

func (t *Texts) render(key string, v *values) string {
	said, err := t.fill(key, v)
	if err != nil {
		t.catalog.report(fmt.Sprintf("text %s in %s: %v", key, t.lang, err))
	}
	if said == "" {
		return "[" + key + "]"
	}
	return said
}

func (t *Texts) fill(key string, v *values) (string, error) {
	if plain, ok := t.plain[key]; ok {
		return plain.fill(v)
	}
	return t.localizer.Localize(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: v, PluralCount: v.count(), TemplateParser: parser{},
	})
}

// escaper replaces what Telegram's HTML gives a meaning to; it knows these four entities and numeric ones.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// Escape makes any string harmless inside of HTML. Bytes that are no UTF-8 are replaced, since the messenger
// refuses a message that holds them.
func Escape(s string) Raw {
	return Raw(escaper.Replace(strings.ToValidUTF8(s, "\uFFFD")))
}

// values are the parameters of one text: names and values in turn.
type values struct {
	texts *Texts
	key   string
	args  []any
	html  bool
}

// count is the value that chooses the plural form; nil if none does.
func (v *values) count() any {
	for i := 0; i+1 < len(v.args); i += 2 {
		if v.args[i] == "n" || v.args[i] == "count" {
			if n, ok := integer(v.args[i+1]); ok {
				return n
			}
		}
	}
	return nil
}

// text is the named parameter as it stands in the text.
func (v *values) text(name string) string {
	for i := 0; i+1 < len(v.args); i += 2 {
		if v.args[i] == name {
			return v.show(name, v.args[i+1])
		}
	}
	v.texts.catalog.report(fmt.Sprintf("text %s in %s: no parameter %s", v.key, v.texts.lang, name))
	return "[" + name + "]"
}

func (v *values) show(name string, value any) string {
	if raw, ok := value.(Raw); ok {
		if !v.html {
			v.texts.catalog.report(fmt.Sprintf("text %s in %s: HTML in parameter %s of a plain text", v.key, v.texts.lang, name))
		}
		return string(raw)
	}
	if n, ok := integer(value); ok {
		if name == "year" {
			return strconv.FormatInt(n, 10)
		}
		return v.texts.Number(n)
	}
	s, ok := value.(string)
	if !ok {
		s = fmt.Sprint(value)
	}
	if v.html {
		return string(Escape(s))
	}
	return s
}

// integer is the value of any integer type that is no Stringer.
func integer(value any) (int64, bool) {
	switch n := value.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case string, fmt.Stringer:
		return 0, false
	}
	if rv := reflect.ValueOf(value); rv.CanInt() {
		return rv.Int(), true
	}
	return 0, false
}

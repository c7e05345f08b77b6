package main

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// phrases are the texts of one language, each as the pattern of all that it can become: where a parameter stands,
// anything may.
type phrases map[string]phrase

type phrase struct {
	within *regexp.Regexp // a text that holds it
	whole  *regexp.Regexp // a label that is it
	begins *regexp.Regexp // a label that begins with it
}

// readPhrases reads locales/<lang>.toml.
func readPhrases(t *testing.T, lang string) phrases {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "locales", lang+".toml"))
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	all := phrases{}
	all.add("", tree)
	return all
}

func (p phrases) add(key string, node any) {
	switch v := node.(type) {
	case string:
		p[key] = phraseOf(pattern(v))
	case map[string]any:
		var forms []string
		for name, child := range v {
			p.add(strings.TrimPrefix(key+"."+name, "."), child)
			if text, ok := child.(string); ok && (name == "one" || name == "few" || name == "many" || name == "other") {
				forms = append(forms, pattern(text))
			}
		}
		if len(forms) > 1 {
			p[key] = phraseOf(strings.Join(forms, "|"))
		}
	}
}

// phraseOf does not tell capital letters from small ones: labels begin with one wherever they stand.
func phraseOf(pattern string) phrase {
	return phrase{regexp.MustCompile(`(?i)` + pattern), regexp.MustCompile(`(?i)^(✓ )?(` + pattern + `)$`),
		regexp.MustCompile(`(?i)^(✓ )?(` + pattern + `)`)}
}

var (
	tag       = regexp.MustCompile(`<[^>]*>`)
	parameter = regexp.MustCompile(`\{\{[^}]*\}\}`)
)

// pattern is what a text of the locales looks like on the screen.
func pattern(text string) string {
	text = html.UnescapeString(tag.ReplaceAllString(strings.TrimSpace(text), ""))
	var b strings.Builder
	at := 0
	for _, m := range parameter.FindAllStringIndex(text, -1) {
		b.WriteString(regexp.QuoteMeta(text[at:m[0]]) + `(?s:.*?)`)
		at = m[1]
	}
	return b.String() + regexp.QuoteMeta(text[at:])
}

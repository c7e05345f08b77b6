package locales

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// parser executes texts for go-i18n. A text is literal pieces and {{.name}} in turn; no other action of
// text/template exists here.
type parser struct{}

// Cacheable lets go-i18n keep what Parse returns.
func (parser) Cacheable() bool { return true }

// Parse makes a text ready to be executed with *values.
func (parser) Parse(src, _, _ string) (template.ParsedTemplate, error) { return parseTemplate(src) }

// parsed is a text cut at its parameters: literals[0] names[0] literals[1] names[1] … literals[n].
type parsed struct {
	literals []string
	names    []string
}

func parseTemplate(src string) (*parsed, error) {
	p := &parsed{}
	for {
		literal, rest, found := strings.Cut(src, "{{")
		p.literals = append(p.literals, literal)
		if !found {
			return p, nil
		}
		action, after, closed := strings.Cut(rest, "}}")
		name, named := strings.CutPrefix(strings.TrimSpace(action), ".")
		if !closed || !named || !isName(name) {
			return nil, fmt.Errorf("want {{.name}}, got {{%s", rest)
		}
		p.names = append(p.names, name)
		src = after
	}
}

func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_0123456789") == ""
}

// Execute fills in the parameters; data is *values.
func (p *parsed) Execute(data any) (string, error) {
	v, ok := data.(*values)
	if !ok {
		return "", errors.New("not our values")
	}
	if len(p.names) == 0 {
		return p.literals[0], nil
	}
	var b strings.Builder
	b.WriteString(p.literals[0])
	for i, name := range p.names {
		b.WriteString(v.text(name))
		b.WriteString(p.literals[i+1])
	}
	return b.String(), nil
}

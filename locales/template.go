package locales

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// text is literal pieces and {{.name}} in turn; no other action of text/template exists here.
type text string

// next cuts off what stands before the first parameter, and the parameter; name is "" where there is none.
func (src text) next() (literal, name string, rest text, err error) {
	literal, after, found := strings.Cut(string(src), "{{")
	if !found {
		return literal, "", "", nil
	}
	action, after, closed := strings.Cut(after, "}}")
	name, named := strings.CutPrefix(strings.TrimSpace(action), ".")
	if !closed || !named || !isName(name) {
		return "", "", "", fmt.Errorf("want {{.name}}, got {{%s", action)
	}
	return literal, name, text(after), nil
}

func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_0123456789") == ""
}

// check reports the first action that is no parameter.
func (src text) check() error {
	for src != "" {
		_, _, rest, err := src.next()
		if err != nil {
			return err
		}
		src = rest
	}
	return nil
}

// fill puts the parameters in.
func (src text) fill(v *values) (string, error) {
	var b strings.Builder
	for {
		literal, name, rest, err := src.next()
		if err != nil {
			return "", err
		}
		if name == "" && b.Len() == 0 {
			return literal, nil
		}
		b.WriteString(literal)
		if name == "" {
			return b.String(), nil
		}
		b.WriteString(v.text(name))
		src = rest
	}
}

// parser executes texts for go-i18n.
type parser struct{}

// Cacheable lets go-i18n keep what Parse returns.
func (parser) Cacheable() bool { return true }

// Parse makes a text ready to be executed with *values.
func (parser) Parse(src, _, _ string) (template.ParsedTemplate, error) { return text(src), nil }

// Execute is fill for go-i18n; data is *values.
func (src text) Execute(data any) (string, error) {
	v, ok := data.(*values)
	if !ok {
		return "", errors.New("not our values")
	}
	return src.fill(v)
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A story is a text file in testdata/stories that a manager could read. A line is one step; an indented line belongs to
// the step above it. What follows # at the beginning of a line is a remark.
//
//	# Adding a client by the form
//	anna: /add                          Anna writes; \n is a line end, {ab*3} is ababab
//	bot: ask.name [button.cancel]       what the bot shows then: a text by its key, a button by its label's key
//	anna: Иванов Пётр
//	anna: [button.skip]                 Anna presses, here on the last message that has such a button
//	bot: card.title "Иванов" !"Пётр"    what it shows has the one and not the other
//	toast: press.stale                  the short line over the chat
//
// Keys stand for the words of the language in which the story runs: every story runs in Russian and in English. A word
// that only one of them has is written ru"завтра" en"tomorrow". The other words are in storyWords.
type story struct {
	name  string
	title string
	steps []step
}

// step is one line with those that belong to it.
type step struct {
	line  int
	text  string
	below []step
}

// readStories reads every file of the folder.
func readStories(t *testing.T) []story {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "stories", "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	slices.Sort(paths)
	var all []story
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s := story{name: strings.TrimSuffix(filepath.Base(path), ".txt")}
		s.read(t, string(raw))
		all = append(all, s)
	}
	return all
}

func (s *story) read(t *testing.T, text string) {
	t.Helper()
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n\t ")
		remark, isRemark := strings.CutPrefix(strings.TrimSpace(line), "#")
		switch {
		case isRemark && s.title == "":
			s.title = strings.TrimSpace(remark)
		case isRemark || line == "":
		case line[0] != ' ':
			s.steps = append(s.steps, step{line: n, text: line})
		case len(s.steps) == 0:
			t.Fatalf("%s.txt:%d: an indented line belongs to one above it", s.name, n)
		default:
			last := &s.steps[len(s.steps)-1]
			last.below = append(last.below, step{line: n, text: strings.TrimSpace(line)})
		}
	}
}

// wordShape is a word of a step: word, "text", [button], name="value", each perhaps with ! or a language before it.
var wordShape = regexp.MustCompile(`[^\s"\[]*\["[^"]*"\]|[^\s"\[]*\[[^\]]*\]|[^\s"\[]*"[^"]*"|\S+`)

// tokens cuts a step into words.
func tokens(s string) []string { return wordShape.FindAllString(s, -1) }

// options are the name=value words of a step.
func options(words []string) map[string]string {
	all := map[string]string{}
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok {
			all[name] = strings.Trim(value, `"`)
		}
	}
	return all
}

// spoken is a step's head and what is said behind its colon: `anna sends voice: срочно`. A colon in quotation marks is
// none.
func spokenWords(s string) (head, said string) {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ':' && !quoted && (i+1 == len(s) || s[i+1] == ' '):
			return s[:i], strings.TrimSpace(s[i+1:])
		}
	}
	return s, ""
}

var repeated = regexp.MustCompile(`\{([^{}*]+)\*(\d+)\}`)

// written is a text as it is typed: \n is a line end, {ab*3} is ababab, {u+202e} a character that cannot be seen.
func written(s string) string {
	s = repeated.ReplaceAllStringFunc(s, func(m string) string {
		parts, n := repeated.FindStringSubmatch(m), 0
		_, _ = fmt.Sscan(parts[2], &n) // digits, by the pattern
		return strings.Repeat(parts[1], n)
	})
	s = unseen.ReplaceAllStringFunc(s, func(m string) string {
		var r rune
		_, _ = fmt.Sscanf(m, "{u+%x}", &r) // hexadecimal, by the pattern
		return string(r)
	})
	return strings.ReplaceAll(s, `\n`, "\n")
}

var unseen = regexp.MustCompile(`\{u\+[0-9a-f]{1,6}\}`)

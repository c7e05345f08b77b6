package main

import (
	"fmt"
	"strconv"
	"strings"

	"kartoteka/bot/sandbox"
)

// expect judges what the bot shows: every word of the step must hold for one of the screens.
func (s *stage) expect(who string, screens []string, messages []sandbox.Message, words []string) {
	s.Helper()
	if len(screens) == 0 {
		s.fail("%s is shown nothing", who)
	}
	var why []string
	for i, text := range screens {
		wrong := ""
		for _, w := range words {
			if wrong = s.judge(text, messages[i], w); wrong != "" {
				break
			}
		}
		if wrong == "" {
			return
		}
		why = append(why, fmt.Sprintf("%s\nin what %s is shown:\n%s", wrong, who, text))
	}
	s.fail("%s", strings.Join(why, "\n\n"))
}

// judge says what is wrong with a screen; "" if the word holds: key, "text", [button], each perhaps with ! for "not",
// perhaps with ru or en where it holds in that language only.
func (s *stage) judge(text string, m sandbox.Message, word string) string {
	s.Helper()
	word, meant := s.meant(word)
	if !meant {
		return ""
	}
	not := strings.HasPrefix(word, "!")
	word = strings.TrimPrefix(word, "!")
	var has bool
	switch {
	case strings.HasPrefix(word, "["):
		_, has = s.button(m, word)
	case strings.HasPrefix(word, `"`):
		has = strings.Contains(text, written(strings.Trim(word, `"`)))
	default:
		has = s.phrase(word).within.MatchString(text)
	}
	switch {
	case has && not:
		return "there is " + word
	case !has && !not:
		return "no " + word
	}
	return ""
}

// meant takes the language off a word; false if the word is for the other one.
func (s *stage) meant(word string) (string, bool) {
	for _, lang := range []string{"ru", "en"} {
		if rest, ok := strings.CutPrefix(word, lang); ok && strings.IndexAny(rest, `"[!`) == 0 {
			return rest, lang == s.lang
		}
	}
	return word, true
}

// shown is what the bot brought to the person with the last step.
func shown(list []sandbox.Message) []string {
	var texts []string
	for _, m := range list {
		texts = append(texts, screenText(m))
	}
	return texts
}

// expectToast judges the short line over the chat, with which the last press was answered.
func (s *stage) expectToast(words []string) {
	s.Helper()
	a, ok := s.srv.Answered(s.last.press.CallbackID)
	if !ok {
		s.fail("the last press is not answered")
	}
	s.expect(s.last.name+" over the chat", []string{a.Text}, make([]sandbox.Message, 1), words)
}

// expectNothing fails on anything that the bot has shown anybody since the last step.
func (s *stage) expectNothing() {
	s.Helper()
	for _, p := range s.people {
		for _, m := range p.changed() {
			s.fail("%s is shown\n%s", p.name, screenText(m))
		}
	}
}

// expectNew counts the messages that the last step brought the person who did it; edited ones do not count.
func (s *stage) expectNew(want string) {
	s.Helper()
	n := 0
	for _, m := range s.last.changed() {
		if _, old := s.last.before[m.ID]; !old {
			n++
		}
	}
	if strconv.Itoa(n) != want {
		s.fail("the bot sent %d new messages, want %s:\n%s", n, want, strings.Join(shown(s.last.changed()), "\n\n"))
	}
}

// expectOffers judges the results of the last inline query: their number, or what one of them shows.
func (s *stage) expectOffers(words []string) {
	s.Helper()
	results := s.last.inline.Results
	if n, err := strconv.Atoi(words[0]); err == nil {
		if len(results) != n {
			s.fail("%d results are offered, want %d: %+v", len(results), n, results)
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	var texts []string
	var messages []sandbox.Message
	for _, r := range results {
		texts = append(texts, r.Title+"\n"+r.Description+"\n"+screenText(r.Message))
		messages = append(messages, r.Message)
	}
	s.expect(s.last.name+" by inline mode", texts, messages, words)
}

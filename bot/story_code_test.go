package main

import (
	"regexp"
	"strings"

	"kartoteka/crm"
)

// storyKey is what the base of a story is sealed with.
const storyKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// otpSecret is a secret of one-time codes, another one in each run.
var otpSecret = regexp.MustCompile(`\b[A-Z2-7]{32}\b`)

// oneTimeCode is what a person types who is asked for one.
func (s *stage) oneTimeCode(p *actor, which string) string {
	s.Helper()
	for _, m := range p.Messages() {
		if secret := otpSecret.FindString(m.Body()); secret != "" {
			p.secret = secret
		}
	}
	if which == "the same code" {
		return p.entered
	}
	code, err := crm.CodeAt(p.secret, s.clock.Now())
	if err != nil || p.secret == "" {
		s.fail("%s has no one-time codes: %v", p.name, err)
	}
	if which == "wrong code" { // each digit is another one, so it is none of the codes beside it but by chance
		return strings.Map(func(r rune) rune { return '0' + (r-'0'+5)%10 }, code)
	}
	p.entered = code
	if which == "code in two groups" {
		return code[:3] + " " + code[3:]
	}
	return code
}

// expectGone fails on a message that holds a text, whoever wrote it.
func (s *stage) expectGone(text string) {
	s.Helper()
	for _, p := range s.people {
		for _, m := range p.Messages() {
			if strings.Contains(m.Body(), text) {
				s.fail("%s still has\n%s", p.name, screenText(m))
			}
		}
	}
}

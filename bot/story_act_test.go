package main

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"kartoteka/bot/sandbox"
)

// act does what a person of the story does, and returns what the bot is told by it.
//
//	anna: /find ромашка                       writes
//	anna: [button.touch]                      presses; ["Иванов"] presses the first button that holds this
//	anna: [button.touch] on old               presses it as it was when `anna marks old` remembered the message
//	anna: [button.touch] x5                   five times in a row, without waiting
//	anna replies to "Иванов": звонок          answers the last message of the bot that holds this; `replies: …` the last
//	anna edits: …                             changes her last message
//	anna shares contact first="Ян" phone="…"  also last, user, vcard=<file>
//	anna forwards from="Борис" user=10: …     also last, username, hidden=1, channel=77, ago=26h, kind, file
//	anna sends voice: caption                 also photo, document, video, audio, sticker; name, mime, file, size, to="…"
//	anna forges "card|abc|"                   a press that no button of ours makes
//	anna is at 55.79,49.12                    shares her place
//	anna enters code                          the one-time code that her phone shows now; `wrong code`, `code in two groups`, `the same code` again
//	anna opens link                           the last link of the bot's that anybody got to see, or the program printed
//	anna follows "Иванов"             the first link in the text of the bot's last screen whose words hold this
//	anna inline "ромаш"                       types @bot ромаш; `anna picks 1` takes the first result
//	anna blocks / anna unblocks
func (s *stage) act(p *actor, does, said string) []sandbox.Update {
	s.Helper()
	verb, rest, _ := strings.Cut(does, " ")
	opts := options(tokens(rest))
	switch verb {
	case "":
		if strings.HasPrefix(said, "[") && !strings.HasPrefix(said, "[[") {
			return s.pressButton(p, tokens(said))
		}
		return one(p.Say(written(said)))
	case "replies":
		return one(p.Reply(s.messageWith(p, rest).ID, written(said)))
	case "edits":
		return one(p.Edit(s.own(p), written(said)))
	case "shares":
		return one(p.ShareContact(sandbox.ContactSpec{First: opts["first"], Last: opts["last"], Phone: opts["phone"], UserID: s.number(opts["user"]),
			VCard: string(s.files[opts["vcard"]])}))
	case "forwards":
		return one(p.Forward(s.forwarded(opts, said)))
	case "sends":
		f := s.fileSpec(strings.Fields(rest)[0], opts, said)
		if opts["to"] != "" {
			f.ReplyTo = s.messageWith(p, "to "+strconv.Quote(opts["to"])).ID
		}
		return one(p.SendFile(f))
	case "forges":
		p.press = p.Forge(p.Last().ID, strings.Trim(rest, `"`))
		return one(p.press)
	case "is":
		lat, lon, _ := strings.Cut(strings.TrimPrefix(rest, "at "), ",")
		return one(p.Send(sandbox.Message{Location: &sandbox.Location{Latitude: s.degrees(lat), Longitude: s.degrees(lon)}}))
	case "enters":
		return one(p.Say(s.oneTimeCode(p, rest)))
	case "opens":
		return one(p.Say("/start " + s.link()))
	case "follows":
		return one(p.Say("/start " + s.linkIn(s.screenOf(p), strings.Trim(rest, `"`))))
	case "blocks":
		return one(p.Block())
	case "unblocks":
		return one(p.Unblock())
	case "picks":
		u, err := p.PickInline(p.inline, p.inline.Results[s.number(rest)-1].ID)
		if err != nil {
			s.fail("%v", err)
		}
		return one(u)
	}
	s.fail("nobody knows how a person %q", verb)
	return nil
}

// linkIn is where a link in the text of a message leads to, in the bot.
func (s *stage) linkIn(m sandbox.Message, words string) string {
	s.Helper()
	text := utf16.Encode([]rune(m.Text))
	for _, e := range m.Entities {
		_, start, ours := strings.Cut(e.URL, "?start=")
		if ours && strings.Contains(string(utf16.Decode(text[e.Offset:e.Offset+e.Length])), words) {
			return start
		}
	}
	s.fail("no link holds %q", words)
	return ""
}

func one(u sandbox.Update) []sandbox.Update { return []sandbox.Update{u} }

func (s *stage) number(text string) int64 {
	s.Helper()
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		s.fail("%q is no number", text)
	}
	return n
}

func (s *stage) degrees(text string) float64 {
	s.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		s.fail("%q are no degrees", text)
	}
	return n
}

// pressButton presses [label], perhaps `on mark`, perhaps `x5`.
func (s *stage) pressButton(p *actor, words []string) []sandbox.Update {
	s.Helper()
	label, times, mark := words[0], 1, ""
	for i, w := range words[1:] {
		if n, err := strconv.Atoi(strings.TrimPrefix(w, "x")); err == nil {
			times = n
		}
		if w == "on" && i+2 < len(words) {
			mark = words[i+2]
		}
	}
	m, b, ok := s.findButton(p, label, mark)
	if !ok {
		s.fail("%s sees no button %s", p.name, label)
	}
	if b.Data == "" {
		s.fail("the button %s is a link or for the clipboard", label)
	}
	var all []sandbox.Update
	for range times {
		p.press, p.pressed = p.Forge(m.ID, b.Data), m.ID // what is on the screen is what was found, so a press it is
		all = append(all, p.press)
	}
	return all
}

// findButton looks on the message with that mark as it was then, else on all, the newest first.
func (s *stage) findButton(p *actor, label, mark string) (sandbox.Message, sandbox.Button, bool) {
	list := p.Messages()
	if mark != "" {
		m, ok := p.marks[mark]
		if !ok {
			s.fail("%s has not marked %s", p.name, mark)
		}
		list = []sandbox.Message{m}
	}
	for _, m := range slices.Backward(list) {
		if b, ok := s.button(m, label); ok {
			return m, b, true
		}
	}
	return sandbox.Message{}, sandbox.Button{}, false
}

// button is the message's button with that label: [key], [key*] for what begins so, or ["text"].
func (s *stage) button(m sandbox.Message, label string) (sandbox.Button, bool) {
	label = strings.TrimSuffix(strings.TrimPrefix(label, "["), "]")
	for _, b := range m.Buttons() {
		if text, ok := strings.CutPrefix(label, `"`); ok && strings.Contains(b.Text, strings.TrimSuffix(text, `"`)) {
			return b, true
		}
		key, begins := strings.CutSuffix(label, "*")
		if strings.HasPrefix(label, `"`) {
			continue
		}
		words := s.phrase(key)
		if begins && words.begins.MatchString(b.Text) || !begins && words.whole.MatchString(b.Text) {
			return b, true
		}
	}
	return sandbox.Button{}, false
}

func (s *stage) phrase(key string) phrase {
	s.Helper()
	p, ok := s.words[key]
	if !ok {
		s.fail("locales have no %q", key)
	}
	return p
}

// messageWith is the last message of the bot that holds the quoted text behind `to`; without one the last.
func (s *stage) messageWith(p *actor, to string) sandbox.Message {
	s.Helper()
	text := strings.Trim(strings.TrimSpace(strings.TrimPrefix(to, "to")), `"`)
	for _, m := range slices.Backward(p.Messages()) {
		if m.FromBot() && strings.Contains(m.Body(), text) {
			return m
		}
	}
	s.fail("the bot wrote nothing with %q to %s", text, p.name)
	return sandbox.Message{}
}

// own is the last message that the person wrote.
func (s *stage) own(p *actor) int64 {
	for _, m := range slices.Backward(p.Messages()) {
		if !m.FromBot() {
			return m.ID
		}
	}
	return 0
}

func (s *stage) forwarded(opts map[string]string, said string) sandbox.ForwardSpec {
	s.Helper()
	f := sandbox.ForwardSpec{FromID: s.number(opts["user"]), FromName: opts["from"], FromLast: opts["last"], FromUsername: opts["username"],
		Hidden: opts["hidden"] != "", ChannelID: s.number(opts["channel"]), Text: written(said), At: s.clock.Now()}
	if opts["ago"] != "" {
		f.At = f.At.Add(-s.span(opts["ago"]))
	}
	if opts["kind"] != "" {
		file := s.fileSpec(opts["kind"], opts, said)
		f.File = &file
	}
	return f
}

func (s *stage) fileSpec(kind string, opts map[string]string, said string) sandbox.FileSpec {
	s.Helper()
	data, ok := s.files[opts["file"]]
	if !ok {
		data = []byte("made up " + kind)
	}
	return sandbox.FileSpec{Kind: sandbox.FileKind(kind), Name: opts["name"], Mime: opts["mime"], Data: data, Caption: written(said),
		Size: s.number(opts["size"])}
}

// span is a time like 90m, 26h or 31d.
func (s *stage) span(text string) time.Duration {
	s.Helper()
	if days, ok := strings.CutSuffix(text, "d"); ok {
		return time.Duration(s.number(days)) * 24 * time.Hour
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		s.fail("%q is no time", text)
	}
	return d
}

var startLink = regexp.MustCompile(`\?start=([A-Za-z0-9_-]+)`)

// link is the parameter of the last link that was shown to anybody, or printed.
func (s *stage) link() string {
	s.Helper()
	found, when := "", int64(-1)
	note := func(text string, at int64) {
		if m := startLink.FindAllStringSubmatch(text, -1); m != nil && at >= when {
			found, when = m[len(m)-1][1], at
		}
	}
	note(s.out.String(), 0)
	for _, p := range s.people {
		for _, m := range p.Messages() {
			text := m.Text
			for _, b := range m.Buttons() {
				text += " " + b.URL
			}
			note(text, max(m.Date, m.EditDate))
		}
	}
	if found == "" {
		s.fail("nobody was shown a link")
	}
	return found
}

// typeInline types @bot and a query, and waits for the answer.
func (s *stage) typeInline(p *actor, query string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a, err := p.Inline(ctx, strings.Trim(query, `"`), "")
	if err != nil {
		s.fail("%v", err)
	}
	p.inline = a
	s.allWell()
}

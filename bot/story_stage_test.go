package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
)

// storyBegins is when every story begins, a Friday: 12:00 in Moscow.
var storyBegins = time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)

// patience is how long the bot may take with one update; it is reached only when something is broken.
const patience = 30 * time.Second

// stage is where a story is played: the whole program, the local Bot API server, a clock that only the story moves.
type stage struct {
	*testing.T
	lang  string
	words phrases
	srv   *sandbox.Server
	clock *clockwork.FakeClock
	log   *lines
	out   *lines
	flags map[string]string // settings

	app  *app
	end  context.CancelFunc
	done chan error

	people map[string]*actor
	groups map[string]*sandbox.Group
	topics map[string]int64 // group/name → id
	files  map[string][]byte

	forgiven []string // what Telegram may refuse calls for
	last     *actor   // who did the last thing
	at       string   // file:line of the step
	tale     []string
	shots    []string
	idle     []string // timed work that is left out
}

// actor is a person of the story and what they see.
type actor struct {
	*sandbox.Person
	name    string
	before  map[int64]string // message → as it was before the last step
	press   sandbox.Update   // the last press
	pressed int64            // the message that it was on
	marks   map[string]sandbox.Message
	inline  sandbox.InlineAnswer
	secret  string // of the one-time codes, as the person was shown it last
	entered string // the last code
}

// cast are the people of every story. Anna owns the base, Ivan is let in by `team ivan`, the others are outside.
var cast = []struct {
	name string
	spec sandbox.PersonSpec
}{
	{"anna", sandbox.PersonSpec{ID: annaID, First: "Анна", Last: "Петрова", Username: "annapetrova"}},
	{"ivan", sandbox.PersonSpec{ID: 8, First: "Иван", Last: "Ли", Username: "ivanlee"}},
	{"petr", sandbox.PersonSpec{ID: 9, First: "Пётр"}},
	{"boris", sandbox.PersonSpec{ID: 10, First: "Борис", Last: "Волков", Username: "bvolkov"}},
}

// newStage opens the curtain; the program starts with the first step that needs it.
func newStage(t *testing.T, lang, mongo string) *stage {
	s := &stage{T: t, lang: lang, words: readPhrases(t, lang), clock: clockwork.NewFakeClockAt(storyBegins), log: &lines{}, out: &lines{},
		people: map[string]*actor{}, files: map[string][]byte{}, groups: map[string]*sandbox.Group{}, topics: map[string]int64{},
		forgiven: []string{"message is not modified"}, // it shows already what it is to show
		idle:     []string{"plan", "reminders", "backup", "duplicates", "imports", "exports"}}
	s.srv = sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Journal: true, Clock: s.clock})
	api := httptest.NewServer(s.srv)
	t.Cleanup(func() { s.srv.Close(); api.Close() })
	for _, who := range cast {
		who.spec.Lang = lang
		s.people[who.name] = &actor{Person: s.srv.AddPerson(who.spec), name: who.name, marks: map[string]sandbox.Message{}}
	}
	s.last = s.people["anna"]
	s.flags = map[string]string{"telegram-token": goodToken, "telegram-api-url": api.URL, "data-dir": t.TempDir(),
		"owner-telegram-id": fmt.Sprint(annaID), "language": lang, "secret-keys": storyKey}
	if mongo != "" {
		s.flags["mongodb-uri"] = mongo
	}
	if mongo != "" && standsIn() { // what these tidy up after a crash meets the first writes of a story
		s.idle = append(s.idle, "sweep", "decisions")
	}
	t.Cleanup(s.stop)
	return s
}

// start runs the program and waits until it is ready.
func (s *stage) start() {
	s.Helper()
	if s.done != nil {
		return
	}
	args := []string{"--sender-unlimited"}
	for name, value := range s.flags {
		args = append(args, "--"+name+"="+value)
	}
	cfg, _, err := parseConfig(args, s.out)
	if err != nil {
		s.fail("settings: %v", err)
	}
	ctx, end := context.WithCancel(context.Background())
	ready, done := make(chan struct{}), make(chan error, 1)
	w := world{lg: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})), out: s.out, clock: s.clock,
		idle: s.idle, prepare: func(ctx context.Context, a *app) error {
			s.app = a
			defer close(ready)
			return s.adopt(ctx)
		}}
	s.end, s.done = end, done
	go func() { done <- run(ctx, cfg, w) }()
	select {
	case <-ready:
	case err := <-done:
		s.done = nil
		s.fail("the program ended with %v", err)
	}
}

// adopt makes Anna the owner, unless the story is about how one gets in.
func (s *stage) adopt(ctx context.Context) error {
	if s.flags["owner-telegram-id"] == "" {
		return nil
	}
	_, err := s.app.desk.Actor(ctx, annaID, "story.look")
	if err == nil {
		return nil
	}
	_, err = s.app.desk.Adopt(ctx, s.newcomer("anna"), "story.owner")
	return err
}

func (s *stage) newcomer(name string) crm.Newcomer {
	u := s.people[name].User()
	return crm.Newcomer{User: u.ID, Name: strings.TrimSpace(u.FirstName + " " + u.LastName), Username: u.Username, Lang: s.lang}
}

// member is a person of the team as use cases know them.
func (s *stage) member(name, cause string) crm.Actor {
	s.Helper()
	by, err := s.app.desk.Actor(s.Context(), s.people[name].ID(), crm.Cause(cause))
	if err != nil {
		s.fail("%s is no member: %v", name, err)
	}
	return by
}

// stop ends the program as a deployment does.
func (s *stage) stop() {
	if s.done == nil {
		return
	}
	s.end()
	select {
	case err := <-s.done:
		if err != nil {
			s.Errorf("%s: the program ended with %v", s.at, err)
		}
	case <-time.After(patience):
		s.Errorf("%s: the program does not end\n%s", s.at, s.log)
	}
	s.done = nil
}

// handled waits for the bot to be done with what was sent, and looks whether all went well.
func (s *stage) handled(updates ...sandbox.Update) {
	s.Helper()
	if s.done == nil {
		return // it is not running: the story goes on and looks later
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, u := range updates {
		if err := s.srv.WaitHandled(ctx, u.ID); err != nil {
			s.fail("the bot is not done with it: %v", err)
		}
	}
	s.allWell()
}

var (
	errorLine = regexp.MustCompile(`(?m)^.*level=ERROR.*$`)
	noise     = regexp.MustCompile(`(?m)^.*level=INFO.*\n`) // what is no warning and no error
)

// allWell fails on a refused call, a button that spins, an error in the log.
func (s *stage) allWell() {
	s.Helper()
	for _, c := range s.srv.Refused() {
		if !slices.ContainsFunc(s.forgiven, func(why string) bool { return strings.Contains(c.Description, why) }) {
			s.fail("Telegram refuses %s: %s\n%v", c.Method, c.Description, c.Params)
		}
	}
	if spin := s.srv.Unanswered(); len(spin) > 0 {
		s.fail("unanswered presses: %v", spin)
	}
	if line := errorLine.FindString(s.log.String()); line != "" {
		s.fail("the log says\n%s", noise.ReplaceAllString(s.log.String(), ""))
	}
}

// fail ends the story, saying where it was and what happened last.
func (s *stage) fail(format string, args ...any) {
	s.Helper()
	tail := s.tale[max(0, len(s.tale)-12):]
	s.Fatalf("%s: %s\n\n%s", s.at, fmt.Sprintf(format, args...), strings.Join(tail, "\n"))
}

// look remembers what everybody sees, so that what a step changes can be told.
func (s *stage) look() {
	for _, p := range s.people {
		p.before = map[int64]string{}
		for _, m := range p.Messages() {
			p.before[m.ID] = screenText(m)
		}
	}
}

// changed are the bot's messages that the last step brought or edited, oldest first.
func (p *actor) changed() []sandbox.Message {
	var list []sandbox.Message
	for _, m := range p.Messages() {
		if m.FromBot() && p.before[m.ID] != screenText(m) {
			list = append(list, m)
		}
	}
	return list
}

// screenText is a message as a reader of a test sees it: the text, then the buttons, a row a line.
func screenText(m sandbox.Message) string {
	var b strings.Builder
	b.WriteString(m.Body())
	if f := m.File(); f != nil {
		fmt.Fprintf(&b, " <%s>", f.FileID)
	}
	if m.Protected {
		b.WriteString(" <protected>")
	}
	if m.ReplyMarkup == nil {
		return b.String()
	}
	for _, row := range m.ReplyMarkup.Rows {
		b.WriteByte('\n')
		for i, button := range row {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString("[" + button.Text + "]")
		}
	}
	return b.String()
}

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/crm/sheet"
)

var update = flag.Bool("update", false, "renew the golden files")

// TestStories plays every story in every language on every engine.
func TestStories(t *testing.T) {
	clean(t)
	t.Run("sqlite", func(t *testing.T) { playAll(t, sqliteEngine()) })
	t.Run("mongodb", func(t *testing.T) { playAll(t, mongoEngine(t)) })
}

func playAll(t *testing.T, e storyEngine) {
	for i, st := range readStories(t) {
		langs := e.langs
		if testing.Short() { // both are spoken, by turns
			langs = langs[i%len(langs):][:1]
			if !st.meets() {
				continue
			}
		}
		for _, lang := range langs {
			t.Run(st.name+"/"+lang, func(t *testing.T) {
				t.Parallel()
				if e.lossy && st.races() {
					t.Skip("FerretDB 1.24 loses writes that meet")
				}
				st.play(t, lang, e.address())
			})
		}
	}
}

// meets reports whether something meets what a person does: other presses, what works by itself, a stop.
func (st story) meets() bool {
	return slices.ContainsFunc(st.steps, func(s step) bool { return slices.Contains([]string{"at once", "twice", "work", "restart"}, s.text) })
}

// races reports whether people of the story write at the same moment.
func (st story) races() bool {
	for _, step := range st.steps {
		who := map[string]bool{}
		for _, below := range step.below {
			name, _, _ := strings.Cut(strings.ReplaceAll(below.text, ":", " "), " ")
			who[name] = true
		}
		if step.text == "at once" && len(who) > 1 {
			return true
		}
	}
	return false
}

func (st story) play(t *testing.T, lang, mongo string) {
	s := newStage(t, lang, mongo)
	for _, step := range st.steps {
		s.at = fmt.Sprintf("testdata/stories/%s.txt:%d", st.name, step.line)
		s.step(step)
	}
	s.stop()
	s.at = "the end of " + st.name + ".txt"
	s.allWell()
	for _, c := range s.srv.Calls() {
		if len(c.Unknown) > 0 {
			s.fail("%s has no parameters %v", c.Method, c.Unknown)
		}
	}
	harvested.reap(t, st.name, s)
	s.discreet()
	if len(s.shots) > 0 {
		golden(t, filepath.Join("testdata", "golden", st.name+"."+lang+".txt"), strings.Join(s.shots, "\n"))
	}
}

// golden compares with a file, or renews it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update makes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update renews it); got:\n%s", path, got)
	}
}

// storyWords are the steps that begin with a word of their own.
//
//	set owner-telegram-id=             a setting, before anything else
//	given client Иванов, +7 900 …      a card that is there already, Anna's; read as /add reads it
//	given ivan's client …              … of somebody else
//	given 25 clients                   «Клиент 01» and so on
//	team ivan                          Ivan is a manager
//	team ivan analyst                  … or has another role
//	file cards:                        a file made of the indented lines, for file=cards; {ab*3} works here too; people.xlsx is a book
//	restart                            the program is stopped as by a deployment and started again
//	stop, start                        what happens in between it finds when it comes back
//	clock +24h                         the time goes on
//	due                                what is due now is reminded of
//	work                               what is done in the background is done to its end
//	until log "bin purged"             waits for work that is done by the clock
//	twice                              the indented step happens once and is delivered again
//	at once                            the indented steps happen before the bot gets to the first
//	anna marks old                     remembers the last screen, for [button] on old
//	bot: …                             what the bot showed last
//	bot says nothing, bot sends 1      nothing at all, or one new message
//	ivan sees: …                       the last screen of somebody
//	toast: …                           what stood over the chat
//	offers: 2 "Иванов"                 what inline mode offered
//	gone "4510"                        no message holds that any more, whoever wrote it
//	shot card                          puts the last screen into testdata/golden; shot card of ivan that of somebody
func (s *stage) storyWords() map[string]func(rest, said string, below []step) {
	return map[string]func(rest, said string, below []step){
		"set": func(rest, _ string, _ []step) {
			name, value, _ := strings.Cut(rest, "=")
			s.flags[name] = value
		},
		"given":   func(rest, said string, _ []step) { s.given(rest + colon(said)) },
		"team":    func(rest, _ string, _ []step) { s.hire(rest) },
		"file":    func(rest, _ string, below []step) { s.files[rest] = s.content(rest, below) },
		"content": func(rest, said string, _ []step) { s.expectContent(rest, tokens(said)) },
		"restart": func(string, string, []step) { s.stop(); s.start() },
		"stop":    func(string, string, []step) { s.stop() },
		"start":   func(string, string, []step) { s.start() },
		"clock": func(rest, _ string, _ []step) {
			s.clock.Advance(s.span(strings.TrimPrefix(rest, "+")))
		},
		"due":    func(string, string, []step) { s.due() },
		"work":   func(string, string, []step) { s.work() },
		"until":  func(rest, _ string, _ []step) { s.until(strings.Trim(strings.TrimPrefix(rest, "log "), `"`)) },
		"twice":  func(_, _ string, below []step) { s.twice(below) },
		"at":     func(_, _ string, below []step) { s.atOnce(below) },
		"toast":  func(_, said string, _ []step) { s.expectToast(tokens(said)) },
		"gone":   func(rest, _ string, _ []step) { s.expectGone(strings.Trim(rest, `"`)) },
		"offers": func(_, said string, _ []step) { s.expectOffers(tokens(said)) },
		"shot": func(rest, _ string, _ []step) {
			rest, who, of := strings.Cut(rest, " of ")
			list := s.last.changed()
			if of {
				list = []sandbox.Message{s.people[who].Last()}
			}
			text := otpSecret.ReplaceAllString(strings.Join(shown(list), "\n---\n"), "SECRET")
			s.shots = append(s.shots, fmt.Sprintf("=== %s\n%s\n", rest, text))
		},
		"bot": func(rest, said string, _ []step) {
			switch {
			case rest == "says nothing":
				s.expectNothing()
			case strings.HasPrefix(rest, "sends "):
				s.expectNew(strings.TrimPrefix(rest, "sends "))
			default:
				list := s.last.changed()
				s.expect(s.last.name, shown(list), list, tokens(said))
			}
		},
	}
}

func colon(said string) string {
	if said == "" {
		return ""
	}
	return ": " + said
}

// step plays one line.
func (s *stage) step(st step) {
	s.Helper()
	s.tale = append(s.tale, "    "+st.text)
	head, said := spokenWords(st.text)
	first, rest, _ := strings.Cut(head, " ")
	if first != "set" && first != "file" && first != "stop" && first != "until" && s.app == nil {
		s.start()
	}
	if f := s.storyWords()[first]; f != nil {
		f(rest, said, st.below)
		return
	}
	if f := s.groupWords()[first]; f != nil {
		f(rest)
		return
	}
	p := s.people[first]
	switch {
	case p == nil:
		s.fail("who is %q?", first)
	case rest == "sees":
		last := p.Last()
		s.expect(p.name, []string{screenText(last)}, []sandbox.Message{last}, tokens(said))
	case strings.HasPrefix(rest, "keeps "):
		s.keep(p, strings.TrimPrefix(rest, "keeps "), tokens(said))
	case strings.HasPrefix(rest, "marks "):
		p.marks[strings.TrimPrefix(rest, "marks ")] = s.screenOf(p)
	case strings.HasPrefix(rest, "inline "):
		s.last = p
		s.look()
		s.typeInline(p, strings.TrimPrefix(rest, "inline "))
	default:
		s.last = p
		s.look()
		s.handled(s.act(p, rest, said)...)
		s.tell()
	}
}

// screenOf is the message that the person's last step changed, else the bot's last.
func (s *stage) screenOf(p *actor) sandbox.Message {
	if list := p.changed(); len(list) > 0 {
		return list[len(list)-1]
	}
	return p.Last()
}

// tell writes down what was shown, for the report of a failure.
func (s *stage) tell() {
	s.tale = append(s.tale, shown(s.last.changed())...)
}

// content is what the lines say, as a book where the file is called one: cells are between semicolons then.
func (s *stage) content(name string, below []step) []byte {
	var b bytes.Buffer
	if strings.HasSuffix(name, ".xlsx") {
		w, err := sheet.NewBook(&b), error(nil)
		for _, line := range below {
			if err == nil {
				err = w.Row(strings.Split(written(line.text), ";"))
			}
		}
		if err = cmp.Or(err, w.End()); err != nil {
			s.fail("make a book: %v", err)
		}
		return b.Bytes()
	}
	for _, line := range below {
		b.WriteString(written(line.text) + "\r\n")
	}
	return b.Bytes()
}

// twice delivers the updates of a step again, as Telegram does when a confirmation was lost.
func (s *stage) twice(below []step) {
	s.Helper()
	for _, st := range below {
		head, said := spokenWords(st.text)
		first, rest, _ := strings.Cut(head, " ")
		s.last = s.people[first]
		s.look()
		updates := s.act(s.last, rest, said)
		s.handled(updates...)
		for _, u := range updates {
			if err := s.srv.Redeliver(u.ID); err != nil {
				s.fail("%v", err)
			}
		}
		s.handled(updates...)
		s.tell()
	}
}

// atOnce lets several steps happen before the bot gets to the first of them.
func (s *stage) atOnce(below []step) {
	s.Helper()
	s.look()
	var all []sandbox.Update
	for _, st := range below {
		head, said := spokenWords(st.text)
		first, rest, _ := strings.Cut(head, " ")
		s.last = s.people[first]
		all = append(all, s.act(s.last, rest, said)...)
	}
	s.handled(all...)
	s.tell()
}

// until waits for a line in the log.
func (s *stage) until(text string) {
	s.Helper()
	began, again := time.Now(), patience/10
	for !strings.Contains(s.log.String(), text) {
		switch waited := time.Since(began); {
		case waited > patience:
			s.fail("the log never says %q\n%s", text, s.log)
		case waited > again: // the clock went on just as a job was between two ticks, so that it missed it
			s.clock.Advance(time.Hour)
			again += patience / 10
		}
		time.Sleep(time.Millisecond) // the log is the only sign that timed work gives
	}
}

// given puts cards into the base by the use case that Save uses.
func (s *stage) given(what string) {
	s.Helper()
	who, line, ok := strings.Cut(what, "'s client ")
	if !ok {
		who = "anna"
		line = strings.TrimPrefix(what, "client ")
	}
	ctx, by := context.Background(), s.member(who, "story.look")
	team, err := s.app.desk.Team(ctx, by)
	if err != nil {
		s.fail("%v", err)
	}
	draft, _ := crm.DraftFromLine(written(line), team, s.clock.Now(), by.Cause)
	drafts := []crm.Draft{draft}
	if n, many := strings.CutSuffix(what, " clients"); many {
		drafts = nil
		for i := range s.number(n) {
			drafts = append(drafts, crm.Draft{Profile: crm.Profile{Name: fmt.Sprintf("Клиент %02d", i+1)}})
		}
	}
	for i, draft := range drafts {
		by.Cause = crm.Cause(fmt.Sprintf("story.%d.%d", len(s.tale), i))
		if _, err := s.app.desk.AddClient(ctx, by, draft, true); err != nil {
			s.fail("given %s: %v", what, err)
		}
	}
}

// hire makes somebody a manager, or what the second word says.
func (s *stage) hire(who string) {
	s.Helper()
	name, role, _ := strings.Cut(who, " ")
	in := crm.Invitation{Role: cmp.Or(crm.Role(role), crm.RoleManager), Days: 1, Uses: 1}
	code, _, err := s.app.desk.InviteMember(context.Background(), s.member("anna", "story.invite."+name), in)
	if err == nil {
		_, err = s.app.desk.AcceptInvite(context.Background(), s.newcomer(name), code, crm.Cause("story.accept."+name))
	}
	if err == nil {
		err = s.hush()
	}
	if err != nil {
		s.fail("%v", err)
	}
}

// hush keeps Anna from being told who was hired behind the scenes.
func (s *stage) hush() error {
	anna := s.member("anna", "story.hush")
	told, err := s.app.store.Reminders(context.Background(), crm.ReminderQuery{Team: anna.Team, Member: anna.ID,
		States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 100})
	for _, r := range told {
		if r.Kind == crm.RemindJoined {
			r.State = crm.ReminderDropped
			err = errors.Join(err, s.app.store.MoveReminder(context.Background(), r, crm.ReminderPlanned))
		}
	}
	return err
}

// work does what the ticks of imports and exports do, at this very moment of the story.
func (s *stage) work() {
	s.Helper()
	s.look()
	if err := s.app.workImports(s.Context(), s.clock.Now()); err != nil {
		s.fail("work in the background: %v", err)
	}
	if err := s.app.workExports(s.Context(), s.clock.Now()); err != nil {
		s.fail("work in the background: %v", err)
	}
	s.allWell()
	s.tell()
}

// due does what the reminders' tick does, at this very moment of the story.
func (s *stage) due() {
	s.Helper()
	if err := s.app.desk.PlanReminders(s.Context()); err != nil {
		s.fail("reminders are not planned: %v", err)
	}
	if err := s.app.remind(s.Context()); err != nil {
		s.Fatal(err)
	}
}

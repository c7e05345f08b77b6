package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/store"
)

// What nobody may read in the log, in the metrics and in the answer to a health check.
var (
	uttered = regexp.MustCompile(`\p{Cyrillic}`)                                // whatever people write or read; the log is in English
	address = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[a-z]{2,}`)                  // of e-mail
	phoning = regexp.MustCompile(`\+7\d{3}|\b[78]9\d{9}\b|\b\d{3}-\d\d-\d\d\b`) // a phone
)

// discreet looks through the log of a story that is over for anything personal: of all that its base holds, and of whoever took part.
func (s *stage) discreet() {
	s.Helper()
	s.at = "the log of the whole story"
	s.reveals("the log", s.log.String(), s.personal())
}

// reveals fails at the first thing that is found.
func (s *stage) reveals(where, text string, personal map[string]string) {
	s.Helper()
	for _, shape := range []*regexp.Regexp{uttered, address, phoning} {
		if at := shape.FindStringIndex(text); at != nil {
			s.fail("%s holds %q, in\n%s", where, text[at[0]:at[1]], text[max(0, at[0]-200):min(len(text), at[1]+200)])
		}
	}
	for value, field := range personal {
		if at := strings.Index(text, value); at >= 0 {
			s.fail("%s holds %q, a %s, in\n%s", where, value, field, text[max(0, at-200):min(len(text), at+200)])
		}
	}
}

// personalFields are the fields of records that tell of people. Their values in Latin letters are looked for one by one.
var personalFields = map[string]bool{"name": true, "company": true, "position": true, "emails": true, "handle": true, "username": true, "address": true,
	"text": true, "last_note": true, "evidence": true, "interests": true, "city": true}

// personal are the values of such fields in the story's base, and the names of its people.
func (s *stage) personal() map[string]string {
	s.Helper()
	found := map[string]string{}
	for _, p := range s.people {
		found[p.User().Username], found[p.User().FirstName] = "username", "first name"
	}
	if s.app == nil {
		return found
	}
	from, err := store.OpenSource(s.Context(), s.app.cfg.storeURL())
	if err != nil {
		s.fail("%v", err)
	}
	defer func() { _ = from.Close() }() // was only read
	err = from.Dump(s.Context(), func(_ crm.RecordKind, doc []byte) error {
		var fields any
		err := json.Unmarshal(doc, &fields)
		gather(found, "", fields)
		return err
	})
	if err != nil {
		s.fail("%v", err)
	}
	for value := range found {
		if len(value) < 5 { // it is a part of many a word
			delete(found, value)
		}
	}
	return found
}

// gather adds the texts of personal fields, however deep they are.
func gather(found map[string]string, field string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, child := range v {
			gather(found, name, child)
		}
	case []any:
		for _, child := range v {
			gather(found, field, child)
		}
	case string:
		if personalFields[field] {
			found[v] = field
		}
	}
}

// TestNothingPersonalLeaks works with planted clients while all goes well, while Telegram is out of order, and when the base breaks, at the
// most talkative level, and looks through the log, the metrics, the health check, and what people are told of a failure.
func TestNothingPersonalLeaks(t *testing.T) {
	s := newStage(t, "ru", "")
	s.flags["http-addr"] = "127.0.0.1:0"
	s.start()
	s.hire("ivan")
	anna := s.people["anna"]
	does := func(list ...string) {
		t.Helper()
		for _, text := range list {
			s.settle(anna.Say(text))
		}
	}
	work := []string{"/add Горлодранова Анна, +7 916 123-45-67, gorlodranova@example.com, @gorlodranova, ООО «Секрет», просила прайс", "Горлодранова", "4567",
		"gorlodranova@example.com", "/task завтра в 10 позвонить Горлодрановой", "/history Горлодранова", "/find Horlodranov", "звонок: Горлодранова думает"}
	does(work...)
	for _, b := range anna.Last().Buttons() {
		if b.Data != "" {
			s.settle(anna.Forge(anna.Last().ID, b.Data))
		}
	}
	s.settle(anna.Forward(sandbox.ForwardSpec{FromID: 77, FromName: "Горлодранова", FromUsername: "gorlodranova", Text: "Здравствуйте"}))
	s.srv.Faults(1, sandbox.Fault{Kind: sandbox.ResetAfter, Method: "sendMessage", Count: 1}, sandbox.Fault{Kind: sandbox.ResetBefore, Method: "editMessageText", Count: 1})
	does(work...)
	personal := s.personal()
	personal["orlodranov"] = "name"
	s.breakBase()
	does(work...)
	s.settle(anna.Forge(anna.Last().ID, "card|nobody|"), s.people["ivan"].Say("Горлодранова"))
	if log := s.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "handler failed") {
		t.Errorf("nothing failed, so nothing is proved:\n%s", log)
	}
	s.reveals("the log", s.log.String(), personal)
	for _, path := range []string{"/metrics", "/healthz"} {
		s.reveals(path, s.page(path), personal)
	}
	for _, m := range anna.Messages() {
		if m.FromBot() && strings.Contains(m.Body(), "sqlite") {
			t.Errorf("somebody is told what the store says:\n%s", m.Body())
		}
	}
	s.end()
	<-s.done
	s.done = nil
}

// settle waits for the bot to be done, also with what it gives up.
func (s *stage) settle(updates ...sandbox.Update) {
	s.Helper()
	for _, u := range updates {
		ctx, cancel := context.WithTimeout(s.Context(), patience)
		err := s.srv.WaitHandled(ctx, u.ID)
		if cancel(); err != nil {
			s.fail("the bot is not done with it: %v", err)
		}
	}
}

// breakBase renames a table under the program, so that every search and every change fails in the engine.
func (s *stage) breakBase() {
	s.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.flags["data-dir"], "kartoteka.db"))
	if err == nil {
		_, err = db.ExecContext(s.Context(), `ALTER TABLE clients RENAME TO lost`)
	}
	if err != nil {
		s.fail("%v", err)
	}
	_ = db.Close()
}

// page is what the program answers over HTTP.
func (s *stage) page(path string) string {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, "http://"+s.app.http.Addr().String()+path, nil)
	if err != nil {
		s.fail("%v", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.fail("%v", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil || len(body) == 0 {
		s.fail("%s: %d bytes, %v", path, len(body), err)
	}
	return string(body)
}

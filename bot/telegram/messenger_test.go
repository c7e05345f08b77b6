package telegram

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/handlers/chat"
)

// awake returns a rig in which Anna has begun to talk, so that the bot may write to her.
func awake(t *testing.T) *rig {
	r := newRig(t)
	r.anna.Say("/start")
	r.srv.ForgetCalls()
	return r
}

func (r *rig) noRefusals() {
	r.Helper()
	for _, c := range r.srv.Refused() {
		r.Errorf("%s was refused: %d %s", c.Method, c.Status, c.Description)
	}
	for _, c := range r.srv.Calls() {
		if len(c.Unknown) > 0 {
			r.Errorf("%s has parameters that Telegram does not know: %v", c.Method, c.Unknown)
		}
	}
}

func TestSendAndEdit(t *testing.T) {
	r := awake(t)
	m := r.bot.Messenger()
	empty := ""
	s := chat.Screen{
		Text: "<b>Иванов</b> &amp; сын", Silent: true, Reply: 1,
		Buttons: [][]chat.Button{{{Text: "Done", Data: "d|1", Style: chat.StyleSuccess}, {Text: "Copy", Copy: "+7916"}}, {{Text: "Site", URL: "https://example.org"}, {Text: "Find", Inline: &empty}}},
	}
	id, err := m.Send(t.Context(), 7, s)
	if err != nil {
		t.Fatal(err)
	}
	got := r.anna.Last()
	if got.ID != id || got.Text != "Иванов & сын" || !got.Screen.Silent || got.ReplyTo == nil || len(got.ReplyMarkup.Rows) != 2 {
		t.Errorf("on the screen: %+v", got)
	}
	s.Text, s.Buttons = "new", nil
	for range 2 { // the second shows the same: no error
		if err := m.Edit(t.Context(), 7, id, s); err != nil {
			t.Errorf("edit: %v", err)
		}
	}
	if got := r.anna.Last(); got.Text != "new" || got.ReplyMarkup != nil {
		t.Errorf("after the edit: %+v", got)
	}
	if err := m.Edit(t.Context(), 7, 999, s); !errors.Is(err, chat.ErrGone) {
		t.Errorf("edit of nothing: %v, want ErrGone", err)
	}
	for range 2 {
		if err := m.Delete(t.Context(), 7, id); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := m.Send(t.Context(), 7, chat.Screen{Text: "x", Reply: 998}); err != nil {
		t.Errorf("reply to nothing: %v", err)
	}
}

func TestStrip(t *testing.T) {
	r := awake(t)
	m := r.bot.Messenger()
	id, err := m.Send(t.Context(), 7, chat.Screen{Text: "<b>Name?</b>", Buttons: [][]chat.Button{{{Text: "Skip", Data: "skip||"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to take off: no error
		if err := m.Strip(t.Context(), 7, id); err != nil {
			t.Errorf("strip: %v", err)
		}
	}
	if got := r.anna.Last(); got.Text != "Name?" || len(got.Entities) != 1 || got.ReplyMarkup != nil {
		t.Errorf("on the screen: %+v", got)
	}
	if err := m.Strip(t.Context(), 7, 999); err != nil {
		t.Errorf("of a message that is gone: %v", err)
	}
}

func TestSendKeyboards(t *testing.T) {
	r := awake(t)
	m := r.bot.Messenger()
	ask := &chat.Ask{Rows: [][]chat.AskButton{{{Text: "My phone", Contact: true}}, {{Text: "Skip"}}}, Placeholder: strings.Repeat("я", 100)}
	if _, err := m.Send(t.Context(), 7, chat.Screen{Text: "Phone?", Ask: ask}); err != nil {
		t.Fatal(err)
	}
	if k := r.anna.Keyboard(); k == nil || len(k.Rows) != 2 {
		t.Errorf("keyboard %+v", k)
	}
	if _, err := m.Send(t.Context(), 7, chat.Screen{Text: "ok", Ask: &chat.Ask{Remove: true}}); err != nil {
		t.Fatal(err)
	}
	if k := r.anna.Keyboard(); k != nil {
		t.Errorf("keyboard is still there: %+v", k)
	}
	r.noRefusals()
}

func TestSendTooLong(t *testing.T) {
	r := awake(t)
	text := "<b>" + strings.Repeat("длинная строка 😀\n", 1000) + "</b>"
	if _, err := r.bot.Messenger().Send(t.Context(), 7, chat.Screen{Text: text}); err != nil {
		t.Fatal(err)
	}
	if got := r.anna.Last().Text; !strings.HasSuffix(got, "😀…") {
		t.Errorf("ends with %q", got[len(got)-20:])
	}
	r.noRefusals()
}

func TestSendOutcomes(t *testing.T) {
	tests := []struct {
		name  string
		fault sandbox.FaultKind
		count int
		shown int // messages on the screen
		want  error
	}{
		{"flood is waited for", sandbox.TooMany, 1, 1, nil},
		{"500 is tried again", sandbox.ServerError, 2, 1, nil},
		{"a proxy's page is no success", sandbox.BadGateway, 1, 1, nil},
		{"a lost answer is unknown, and not repeated", sandbox.ResetAfter, 1, 1, chat.ErrUnknown},
		{"a lost request is unknown too", sandbox.ResetBefore, 1, 0, chat.ErrUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := awake(t)
			r.srv.Faults(1, sandbox.Fault{Kind: tt.fault, Method: "sendMessage", Count: tt.count})
			_, err := r.bot.Messenger().Send(t.Context(), 7, chat.Screen{Text: "x"})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			shown := 0
			for _, m := range r.anna.Messages() {
				if m.FromBot() {
					shown++
				}
			}
			if n := r.bot.Stats().Unknown; (n == 1) != (tt.want == chat.ErrUnknown) {
				t.Errorf("%d counted as unknown", n)
			}
			if shown != tt.shown {
				t.Errorf("%d messages on the screen, want %d", shown, tt.shown)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}

// A stop, or the end of the caller's time, does not cut off what has begun: its outcome would be unknown.
func TestSendIsNotCutOff(t *testing.T) {
	r := awake(t)
	r.srv.Faults(1, sandbox.Fault{Kind: sandbox.Slow, Method: "sendMessage", Delay: 100 * time.Millisecond})
	stopped, stop := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, stop)
	if _, err := r.bot.Messenger().Send(stopped, 7, chat.Screen{Text: "x"}); err != nil || stopped.Err() == nil {
		t.Errorf("stopped within: %v (%v), want sent", err, stopped.Err())
	}
	late, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := r.bot.Messenger().Send(late, 7, chat.Screen{Text: "x"}); err != nil || late.Err() == nil {
		t.Errorf("deadline within: %v (%v), want sent", err, late.Err())
	}
	if _, err := r.bot.Messenger().Send(stopped, 7, chat.Screen{Text: "x"}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the stop: %v, want not sent", err)
	}
}

func TestEditSurvivesLostAnswer(t *testing.T) {
	r := awake(t)
	id, err := r.bot.Messenger().Send(t.Context(), 7, chat.Screen{Text: "old"})
	if err != nil {
		t.Fatal(err)
	}
	r.srv.Faults(1, sandbox.Fault{Kind: sandbox.ResetAfter, Method: "editMessageText", Count: 1})
	if err := r.bot.Messenger().Edit(t.Context(), 7, id, chat.Screen{Text: "new"}); err != nil {
		t.Errorf("got %v: the second try sees that it is done", err)
	}
}

func TestSendUnreachable(t *testing.T) {
	r := awake(t)
	r.anna.Block()
	if _, err := r.bot.Messenger().Send(t.Context(), 7, chat.Screen{Text: "x"}); !errors.Is(err, chat.ErrUnreachable) {
		t.Errorf("blocked: %v, want ErrUnreachable", err)
	}
	if _, err := r.bot.Messenger().Send(t.Context(), 12345, chat.Screen{Text: "x"}); !errors.Is(err, chat.ErrUnreachable) {
		t.Errorf("no such chat: %v, want ErrUnreachable", err)
	}
	if n := r.bot.Stats().Unreachable; n != 2 {
		t.Errorf("counted %d", n)
	}
}

func TestSendFollowsUpgradedGroup(t *testing.T) {
	var from, to int64
	r := newRig(t, func(o *Options) { o.OnMoved = func(f, t int64) { from, to = f, t } })
	g := r.srv.AddGroup(sandbox.GroupSpec{Title: "G", Members: []*sandbox.Person{r.anna}})
	old := g.ID()
	id := g.Upgrade().ID()
	for range 2 {
		if _, err := r.bot.Messenger().Send(t.Context(), old, chat.Screen{Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if from != old || to != id {
		t.Errorf("told of %d → %d, want %d → %d", from, to, old, id)
	}
}

func TestAnswers(t *testing.T) {
	r := awake(t)
	m := r.bot.Messenger()
	id, err := m.Send(t.Context(), 7, chat.Screen{Text: "x", Buttons: [][]chat.Button{{{Text: "b", Data: "d"}}}})
	if err != nil {
		t.Fatal(err)
	}
	press, err := r.anna.Press(id, "d")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Answer(t.Context(), press.CallbackID, strings.Repeat("я", 300), true); err != nil {
		t.Error(err)
	}
	if a, ok := r.srv.Answered(press.CallbackID); !ok || !a.Alert || len([]rune(a.Text)) != 200 {
		t.Errorf("answered %v %+v", ok, a)
	}
	if err := m.Answer(t.Context(), press.CallbackID, "", false); !errors.Is(err, chat.ErrTooLate) {
		t.Errorf("second answer: %v, want ErrTooLate", err)
	}
	if err := m.AnswerInline(t.Context(), "no such query", nil, ""); !errors.Is(err, chat.ErrTooLate) {
		t.Errorf("answer to an old query: %v, want ErrTooLate", err)
	}
}

func TestInline(t *testing.T) {
	r := awake(t)
	r.run(inlineHandler(r))
	a, err := r.anna.Inline(t.Context(), "ив", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Results) != 50 || a.NextOffset != "50" || a.Results[0].Title != "Иванов" {
		t.Fatalf("%d results, next %q", len(a.Results), a.NextOffset)
	}
	for i, check := range []func(m sandbox.Message) bool{
		func(m sandbox.Message) bool { return m.Text == "Иванов" && m.ReplyMarkup != nil },
		func(m sandbox.Message) bool { return m.Contact != nil && m.Contact.VCard == "BEGIN:VCARD" },
	} {
		if m := a.Results[i].Message; !check(m) {
			t.Errorf("result %d inserts %+v", i, m)
		}
	}
}

func TestFiles(t *testing.T) {
	r := awake(t)
	m := r.bot.Messenger()
	data := bytes.Repeat([]byte("имя;телефон\n"), 5000)
	for name, content := range map[string]io.Reader{
		"seekable": bytes.NewReader(data), "stream": struct{ io.Reader }{bytes.NewReader(data)},
	} {
		r.srv.Faults(1, sandbox.Fault{Kind: sandbox.ServerError, Method: "sendDocument", Count: 1})
		if _, err := m.Upload(t.Context(), 7, "Клиенты \"все\".csv", content, "<b>все</b>"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := r.anna.Last()
		if got.Document == nil || got.Caption != "все" || got.Document.FileSize != int64(len(data)) {
			t.Fatalf("%s: on the screen %+v", name, got)
		}
	}
	id := r.anna.Last().Document.FileID
	r.srv.Faults(1, sandbox.Fault{Kind: sandbox.ResetBefore, Method: "getFile", Count: 1})
	back, err := m.Fetch(t.Context(), id, 1<<20)
	if err != nil || !bytes.Equal(back, data) {
		t.Errorf("fetched %d bytes, %v", len(back), err)
	}
	if _, err := m.Fetch(t.Context(), id, 100); !errors.Is(err, chat.ErrTooLarge) {
		t.Errorf("over the limit: %v, want ErrTooLarge", err)
	}
	if _, err := m.SendFile(t.Context(), 7, chat.File{ID: id, Kind: "document"}, "again"); err != nil {
		t.Error(err)
	}
	if got := r.anna.Last(); got.Caption != "again" || got.Document == nil {
		t.Errorf("on the screen %+v", got)
	}
}

// inlineHandler answers each query with more results than Telegram takes.
func inlineHandler(r *rig) Handler {
	return func(ctx context.Context, in chat.Incoming) error {
		if in.Inline == nil {
			return nil
		}
		results := []chat.Result{
			{ID: "a", Title: "Иванов", Description: "d", Text: "<b>Иванов</b>", Buttons: [][]chat.Button{{{Text: "Open", Data: "o|1"}}}},
			{ID: "b", Title: "Петров", Contact: &chat.Contact{Phone: "+79160000000", First: "Пётр", VCard: "BEGIN:VCARD"}},
		}
		for i := range 60 {
			results = append(results, chat.Result{ID: "n" + strconv.Itoa(i), Title: "t", Text: "x"})
		}
		return r.bot.Messenger().AnswerInline(ctx, in.Inline.ID, results, "50")
	}
}

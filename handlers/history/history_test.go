package history_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/history"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
	"kartoteka/handlers/team"
)

func start(t *testing.T, lang string) (*talktest.Kit, *talktest.Person, crm.Client) {
	t.Helper()
	k := talktest.New(t, card.Register, history.Register)
	anna := k.Member("Анна", crm.RoleOwner, lang)
	c := anna.Add(crm.Profile{Name: "Иванов Иван", Phones: []crm.Phone{{E164: "+79001234567"}}})
	anna.Say("/start c_" + string(c.ID))
	return k, anna, c
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

func reading(t *testing.T, k *talktest.Kit, p *talktest.Person, id crm.ClientID) []crm.Touch {
	t.Helper()
	touches, err := k.Desk.History(t.Context(), p.By(), crm.TouchQuery{Client: id, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return touches
}

func TestTouchInThreeTaps(t *testing.T) {
	k, anna, c := start(t, "ru")
	at := anna.Message()
	anna.Press("Касание")
	anna.Say("просил прайс")
	anna.PressData(at, talk.Data{Verb: talk.VerbTouch, ID: string(c.ID), Arg: "call"}.Pack())
	anna.PressData(at, talk.Data{Verb: talk.VerbTouch, ID: string(c.ID), Arg: "call.thinking"}.Pack())
	got := reading(t, k, anna, c.ID)
	if len(got) != 1 || got[0].Kind != crm.TouchCall || got[0].Outcome != crm.OutcomeThinking || got[0].Text != "просил прайс" ||
		got[0].Direction != crm.DirectionOut {
		t.Fatalf("got %+v", got)
	}
	anna.PressData(at, talk.Data{Verb: talk.VerbDay, ID: string(c.ID), Arg: "next_contact:2026-11-23"}.Pack())
	shown, _ := k.Out.Shown(anna.User, at)
	wantIn(t, shown.Text, "Было: звонок только что — «просил прайс»", "Дальше: ⏰ пн, 23 нояб. в 10:00")
}

// What was typed to a touch is its comment, though one has looked at another card before its outcome.
func TestACommentThatWasPutAsideIsOfTheTouch(t *testing.T) {
	k, anna, c := start(t, "ru")
	other := anna.Add(crm.Profile{Name: "Петров Пётр", Phones: []crm.Phone{{E164: "+79001234568"}}})
	for _, again := range []bool{false, true} { // the outcome, or the touch begun anew
		anna.Say("/start c_" + string(c.ID))
		anna.Press("Касание")
		anna.Press("Звонок")
		anna.Say("просил прайс")
		at, outcome := anna.Message(), anna.Button("Думает").Data
		anna.Say("/start c_" + string(other.ID))
		if again {
			anna.Say("/start c_" + string(c.ID))
			anna.Press("Касание")
			wantIn(t, anna.Screen().Text, "просил прайс")
			anna.Press("Звонок")
			at, outcome = anna.Message(), anna.Button("Думает").Data
		}
		anna.PressData(at, outcome)
	}
	got := reading(t, k, anna, c.ID)
	if len(got) != 2 || got[0].Text != "просил прайс" || got[1].Text != "просил прайс" {
		t.Errorf("got %+v", got)
	}
}

// What a comment has no room for becomes a note of its own at once.
func TestALongCommentIsTwoEntries(t *testing.T) {
	k, anna, c := start(t, "ru")
	anna.Press("Касание")
	anna.Press("Звонок")
	for range 2 {
		anna.Say(strings.Repeat("слово ", 680))
	}
	anna.Press("Думает")
	got := reading(t, k, anna, c.ID)
	if len(got) != 2 || strings.Count(got[0].Text+got[1].Text, "слово") != 1360 {
		t.Errorf("got %d entries", len(got))
	}
}

func TestStormOfPressesLogsOneTouch(t *testing.T) {
	k, anna, c := start(t, "ru")
	anna.Press("Касание")
	anna.Press("Звонок")
	at := anna.Message()
	for range 5 {
		anna.PressData(at, talk.Data{Verb: talk.VerbTouch, ID: string(c.ID), Arg: "call.agreed"}.Pack())
	}
	if got := reading(t, k, anna, c.ID); len(got) != 1 {
		t.Errorf("got %d touches, want 1", len(got))
	}
}

func TestNotesByReply(t *testing.T) {
	k, anna, c := start(t, "en")
	at := anna.Message()
	reply := func(in chat.Incoming) {
		in.Reply = &chat.Reply{Message: at, Ours: true, Data: []string{talk.Data{Verb: talk.VerbTouch, ID: string(c.ID)}.Pack()}}
		anna.Send(in)
	}
	reply(chat.Incoming{Text: "likes tea"})
	wantIn(t, anna.Screen().Text, "Saved (note): Иванов Иван")
	reply(chat.Incoming{Text: "called, no answer"})
	reply(chat.Incoming{File: &chat.File{ID: "v1", Unique: "u1", Kind: "voice", Size: 100}})
	got := reading(t, k, anna, c.ID)
	if len(got) != 3 {
		t.Fatalf("got %d entries, want 3", len(got))
	}
	kinds := map[crm.TouchKind]int{}
	for _, h := range got {
		kinds[h.Kind]++
	}
	if kinds[crm.TouchNote] != 2 || kinds[crm.TouchCall] != 1 {
		t.Errorf("got %v", kinds)
	}
	anna.Say("/start c_" + string(c.ID))
	wantIn(t, anna.Screen().Text, "Last: call just now — “called, no answer”", "“likes tea” — Анна")
}

func TestHistoryIsPagedAndFilesComeBack(t *testing.T) {
	k, anna, c := start(t, "ru")
	for i := range 12 {
		in := crm.TouchInput{Kind: crm.TouchNote, Text: fmt.Sprintf("заметка %d", i)}
		if i == 3 {
			in.Files = []crm.File{{ID: "f3", Unique: "f3", Kind: "photo"}}
		}
		if _, err := k.Desk.LogTouch(t.Context(), anna.By(), c.ID, in); err != nil {
			t.Fatal(err)
		}
		k.Clock.Advance(time.Hour)
	}
	anna.Press("История")
	wantIn(t, anna.Screen().Text, "заметка 11", "заметка 7")
	anna.Press("Раньше ›")
	wantIn(t, anna.Screen().Text, "заметка 6", "заметка 2", "📎 1 вложение")
	anna.Press("Фото 20.11")
	wantIn(t, anna.Screen().Text, "заметка")
	anna.PressData(1, talk.Data{Verb: talk.VerbFile, ID: string(c.ID), Arg: "zzz.nope.0"}.Pack())
	wantIn(t, anna.Toast(), "старого сообщения")
}

func TestEverySixthTouchAsks(t *testing.T) {
	k, anna, c := start(t, "ru")
	for i := range 6 {
		k.Clock.Advance(24 * time.Hour)
		anna.Say("/start c_" + string(c.ID))
		anna.Press("Касание")
		anna.Press("Звонок")
		anna.Press("Договорились")
		asked := strings.Contains(anna.Screen().Text, "ещё верны?")
		if want := i == 5; asked != want {
			t.Errorf("touch %d: asked %v, want %v", i+1, asked, want)
		}
		if i < 5 {
			anna.Press("Не нужно")
		}
	}
	anna.Press("Да, данные верны")
	wantIn(t, anna.Toast(), "данные верны")
}

// While the next contact is asked for a text is the touch's, unless it is how one looks for clients. Once that is answered, or a quarter of
// an hour later, it is a search whatever it says.
func TestTextAfterATouch(t *testing.T) {
	k, anna, c := start(t, "ru")
	anna.Add(crm.Profile{Name: "Петрова Ольга"})
	for _, try := range []struct {
		typed, answer string
		wait          time.Duration
		want          string
	}{
		{typed: "выслал прайс", want: "выслал прайс"}, {typed: "петрова"}, {typed: "петрава", want: "петрава"}, {typed: "Смирнов 8 916 123-45-67"},
		{typed: "выслал прайс", answer: "Завтра"}, {typed: "выслал прайс", answer: "Не нужно"}, {typed: "выслал прайс", wait: 16 * time.Minute},
		{typed: "прислать петровой прайс", want: "прислать петровой прайс"}, {typed: "звонок каждый понедельник", want: "звонок каждый понедельник"},
	} {
		k.Clock.Advance(time.Hour)
		anna.Say("/start c_" + string(c.ID))
		for _, label := range []string{"Касание", "Звонок", "Договорились", try.answer} {
			if label != "" {
				anna.Press(label)
			}
		}
		before := len(reading(t, k, anna, c.ID))
		k.Clock.Advance(try.wait)
		anna.Say(try.typed)
		if got := reading(t, k, anna, c.ID); len(got) != before || got[0].Text != try.want {
			t.Errorf("%s, %s, %s: got %d entries, «%s»", try.typed, try.answer, try.wait, len(got)-before, got[0].Text)
		}
	}
}

func TestACommentSurvivesAnotherTouch(t *testing.T) {
	k, anna, c := start(t, "ru")
	other := anna.Add(crm.Profile{Name: "Петрова"})
	anna.Press("Касание")
	anna.Say("просил прайс")
	anna.Say("/start c_" + string(other.ID))
	parked := k.Out.Sent(anna.User)[2]
	wantIn(t, parked.Text, "Отложено", "Касание")
	anna.PressData(3, parked.Buttons[0][0].Data)
	anna.PressData(3, talk.Data{Verb: talk.VerbTouch, ID: string(c.ID), Arg: "call.agreed"}.Pack())
	if got := reading(t, k, anna, c.ID); len(got) != 1 || got[0].Text != "просил прайс" {
		t.Errorf("got %+v, want the comment", got)
	}
}

func TestEditedReplyIsNotLoggedAgain(t *testing.T) {
	k, anna, c := start(t, "ru")
	reply := &chat.Reply{Message: anna.Message(), Ours: true, Data: []string{talk.Data{Verb: talk.VerbTouch, ID: string(c.ID)}.Pack()}}
	anna.Send(chat.Incoming{Text: "звонок: догаварились", Reply: reply})
	anna.Send(chat.Incoming{Text: "звонок: договорились", Reply: reply, Edited: true})
	if got := reading(t, k, anna, c.ID); len(got) != 1 {
		t.Errorf("got %d entries, want 1", len(got))
	}
	wantIn(t, anna.Screen().Text, "второй раз не выполняется")
}

func TestAPageOfLongEntriesFits(t *testing.T) {
	k, anna, c := start(t, "ru")
	for range 6 {
		if _, err := k.Desk.LogTouch(t.Context(), anna.By(), c.ID, crm.TouchInput{Kind: crm.TouchNote, Text: strings.Repeat("🔥", 2000)}); err != nil {
			t.Fatal(err)
		}
	}
	anna.Press("История")
	if n := len(utf16.Encode([]rune(anna.Screen().Text))); n > 4096 {
		t.Errorf("the page has %d units, Telegram takes 4096", n)
	}
}

// What is said meanwhile comes back in the question, asked anew below it; the question above has no buttons any more.
func TestACommentIsFollowedByTheQuestion(t *testing.T) {
	k, anna, c := start(t, "ru")
	anna.Press("Касание")
	above := anna.Message()
	anna.Say("просил прайс")
	wantIn(t, anna.Screen().Text, "Что было?", "«просил прайс»")
	if s, _ := k.Out.Shown(anna.User, above); len(s.Buttons) != 0 || !strings.Contains(s.Text, "Что было?") {
		t.Errorf("the question above shows %+v", s)
	}
	anna.Press("Начал клиент")
	anna.Press("Звонок")
	anna.Send(chat.Incoming{File: &chat.File{ID: "v1", Unique: "u1", Kind: "voice", Size: 100}})
	wantIn(t, anna.Screen().Text, "Касание: звонок", "Чем закончилось?", "«просил прайс»", "1 вложение")
	anna.Press("Думает")
	got := reading(t, k, anna, c.ID)
	if len(got) != 1 || got[0].Text != "просил прайс" || len(got[0].Files) != 1 || got[0].Direction != crm.DirectionIn || got[0].Outcome != crm.OutcomeThinking {
		t.Errorf("got %+v", got)
	}
}

// A note is written: the question for it has no buttons any more.
func TestAnAnsweredQuestionLosesItsButtons(t *testing.T) {
	k, anna, _ := start(t, "ru")
	team.Register(k.Router, 0) // for /cancel
	anna.Press("Заметка")
	asked := anna.Message()
	anna.Say("любит чай")
	if s, _ := k.Out.Shown(anna.User, asked); len(s.Buttons) != 0 {
		t.Errorf("the question still offers %+v", s.Buttons)
	}
	anna.Press("Заметка")
	asked = anna.Message()
	anna.Say("/cancel")
	if s, _ := k.Out.Shown(anna.User, asked); len(s.Buttons) != 0 || asked == anna.Message() {
		t.Errorf("the cancelled question still offers %+v", s.Buttons)
	}
}

// Only who is called may not be reached.
func TestOutcomesFitTheTouch(t *testing.T) {
	_, anna, c := start(t, "ru")
	for arg, want := range map[string]bool{"call": true, "<call": false, "meeting": false, "visit": false, "message": false, "email": false} {
		anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbTouch, ID: string(c.ID), Arg: arg}.Pack())
		if got := strings.Contains(fmt.Sprint(anna.Labels()), "Не дозвонился"); got != want {
			t.Errorf("%s: offers %q", arg, anna.Labels())
		}
	}
	anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbTouch, ID: string(c.ID), Arg: "meeting.not_reached"}.Pack())
	wantIn(t, anna.Toast(), "старого сообщения")
}

// Clients who came in one file have ids that begin alike: what is typed to one of them does not put out what was typed to another.
func TestCommentsOfOneFile(t *testing.T) {
	k, anna, _ := start(t, "ru")
	names := []string{"Первый Пётр", "Второй Олег"}
	if n, _, err := k.Desk.AddMany(t.Context(), anna.By(), []crm.Draft{{Profile: crm.Profile{Name: names[0]}}, {Profile: crm.Profile{Name: names[1]}}}); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	type asked struct {
		of      crm.ClientID
		at      int64
		outcome string
	}
	var all []asked
	for _, name := range names {
		found, err := k.Desk.List(t.Context(), anna.By(), crm.ClientQuery{Sort: crm.SortByName, Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		c := found[slices.IndexFunc(found, func(c crm.Client) bool { return c.Name == name })]
		anna.Say("/start c_" + string(c.ID))
		anna.Press("Касание")
		anna.Press("Звонок")
		anna.Say("просил прайс " + name)
		all = append(all, asked{c.ID, anna.Message(), anna.Button("Думает").Data})
	}
	for i, a := range all {
		anna.PressData(a.at, a.outcome)
		if list := reading(t, k, anna, a.of); len(list) != 1 || list[0].Text != "просил прайс "+names[i] {
			t.Errorf("%s: got %+v", names[i], list)
		}
	}
}

// A question about a card that is in the bin by now is over: it takes no more of what is typed.
func TestAQuestionEndsWithItsCard(t *testing.T) {
	k, anna, c := start(t, "ru")
	anna.Press("Заметка")
	if _, err := k.Desk.DeleteClient(t.Context(), anna.By(), c.ID); err != nil {
		t.Fatal(err)
	}
	anna.Say("просил прайс")
	wantIn(t, anna.Screen().Text, "Карточка в корзине")
	if anna.Say("сидоров"); strings.Contains(anna.Screen().Text, "в корзине") {
		t.Errorf("a search is answered %q", anna.Screen().Text)
	}
}

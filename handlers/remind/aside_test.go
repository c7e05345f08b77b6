package remind_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/history"
	"kartoteka/handlers/remind"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
)

// called is Anna with a call to Ivanov that is due, who says how it went and then looks at another card.
func called(t *testing.T, said string) (o *office, anna *talktest.Person, c crm.Client, at int64, outcome string) {
	o = newOffice(t)
	anna = o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c = anna.Add(crm.Profile{Name: "Иванов"})
	other := anna.Add(crm.Profile{Name: "Петров"})
	anna.Say("/start c_" + string(c.ID))
	anna.Press("Напомнить")
	anna.Press("Через час")
	o.tick(time.Hour)
	anna.Press("Сделано")
	anna.Say(said)
	at, outcome = anna.Message(), anna.Button("Думает").Data
	anna.Say("/start c_" + string(other.ID))
	return o, anna, c, at, outcome
}

func (o *office) read(p *talktest.Person, id crm.ClientID) []crm.Touch {
	o.t.Helper()
	list, err := o.Desk.History(o.t.Context(), p.By(), crm.TouchQuery{Client: id, Limit: 9})
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

// resumeButton is what takes up what was put aside.
func resumeButton(t *testing.T, o *office, p *talktest.Person) string {
	t.Helper()
	for _, s := range o.Out.Sent(p.User) {
		for _, row := range s.Buttons {
			for _, b := range row {
				if d, err := talk.Parse(b.Data); err == nil && d.Verb == talk.VerbResume {
					return b.Data
				}
			}
		}
	}
	t.Fatal("nothing was put aside")
	return ""
}

func TestANoteThatWasPutAsideIsOfTheOutcome(t *testing.T) {
	o, anna, c, at, outcome := called(t, "ждут скидку, опт от 100 штук")
	anna.PressData(at, outcome)
	if got := o.read(anna, c.ID); len(got) != 1 || got[0].Outcome != crm.OutcomeThinking || !strings.Contains(got[0].Text, "опт от 100 штук") {
		t.Fatalf("got %+v", got)
	}
	anna.PressData(anna.Message(), resumeButton(t, o, anna))
	wantIn(t, anna.Toast(), "от старого сообщения")
	if got := o.read(anna, c.ID); len(got) != 1 {
		t.Errorf("it was written twice: %+v", got)
	}
}

// The matter was finished elsewhere: what was said of it becomes a note.
func TestANoteTakenUpTooLateIsKept(t *testing.T) {
	o, anna, c, _, _ := called(t, "ждут скидку")
	tasks, err := o.Desk.Tasks(t.Context(), anna.By(), crm.TaskQuery{Limit: 9})
	if err != nil || len(tasks) != 1 {
		t.Fatal(tasks, err)
	}
	if _, err := o.Desk.CloseTask(t.Context(), anna.By(), tasks[0].ID, crm.TaskDone, time.Time{}); err != nil {
		t.Fatal(err)
	}
	resume := resumeButton(t, o, anna)
	for range 2 {
		anna.PressData(anna.Message(), resume)
	}
	if got := o.read(anna, c.ID); len(got) != 1 || got[0].Kind != crm.TouchNote || !strings.Contains(got[0].Text, "ждут скидку") {
		t.Errorf("got %+v", got)
	}
	sent := o.Out.Sent(anna.User)
	wantIn(t, sent[len(sent)-1].Text, "Записано (заметка): Иванов")
}

// What was said of a client who is erased meanwhile comes back from nowhere.
func TestANoteOfWhoIsErasedIsForgotten(t *testing.T) {
	o, anna, c, _, _ := called(t, "болеет")
	if err := o.Desk.EraseClient(t.Context(), anna.By(), c.ID); err != nil {
		t.Fatal(err)
	}
	anna.PressData(anna.Message(), resumeButton(t, o, anna))
	wantIn(t, anna.Toast(), "от старого сообщения")
}

// What a touch has no room for becomes a note of its own at once.
func TestALongOutcomeIsTwoEntries(t *testing.T) {
	o, anna, c, at, outcome := called(t, strings.Repeat("слово ", 680))
	anna.PressData(at, outcome[:strings.LastIndex(outcome, ".")]) // asks again
	anna.Say(strings.Repeat("ещё ", 1020))
	anna.Press("Думает")
	var sum int
	list := o.read(anna, c.ID)
	for _, h := range list {
		sum += strings.Count(h.Text, "слово") + strings.Count(h.Text, "ещё")
	}
	if len(list) != 2 || sum != 1700 {
		t.Errorf("%d entries hold %d words of 1700", len(list), sum)
	}
}

// busyStore refuses as many writes as it is told to.
type busyStore struct {
	crm.Store
	refuse int
}

func (b *busyStore) or(write func() error) error {
	if b.refuse == 0 {
		return write()
	}
	b.refuse--
	return errors.New("the disk is full")
}

func (b *busyStore) SaveClient(ctx context.Context, c crm.ClientChange) error {
	return b.or(func() error { return b.Store.SaveClient(ctx, c) })
}

func (b *busyStore) SaveTask(ctx context.Context, t crm.Task, e crm.Event) error {
	return b.or(func() error { return b.Store.SaveTask(ctx, t, e) })
}

// An answer whose write fails is brought again, and is carried out then.
func TestAnAnswerThatCouldNotBeWrittenIsNotLost(t *testing.T) {
	o := newOffice(t)
	store := &busyStore{Store: o.Store}
	o.Desk = crm.NewDesk(store, o.Clock)
	o.Options.Desk = o.Desk
	o.Router = talk.New(o.Options)
	for _, register := range []func(*talk.Router){card.Register, history.Register, remind.Register} {
		register(o.Router)
	}
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Иванов"})
	update := int64(900)
	twice := func(in chat.Incoming) {
		t.Helper()
		store.refuse = 1
		update++
		in.Update, in.At, in.Chat.ID, in.From = update, o.Clock.Now(), anna.User, chat.Person{ID: anna.User, First: anna.Name, Lang: "ru"}
		if err := o.Router.Handle(t.Context(), in); err == nil {
			t.Fatal("the write was to fail")
		}
		if err := o.Router.Handle(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	due := func() time.Time {
		t.Helper()
		list, err := o.Desk.Tasks(t.Context(), anna.By(), crm.TaskQuery{Limit: 9})
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0].Due.In(anna.By().Location())
	}
	anna.Say("/task позвонить в банк завтра в 10")
	anna.Press("Дата…")
	twice(chat.Incoming{Message: 5000, Text: "послезавтра в 11"})
	if got := due(); got.Day() != 22 || got.Hour() != 11 {
		t.Errorf("put off to %v", got)
	}
	anna.Say("/start c_" + string(c.ID))
	card := anna.Message()
	var data []string
	for _, row := range anna.Screen().Buttons {
		for _, b := range row {
			data = append(data, b.Data)
		}
	}
	anna.Send(chat.Incoming{Text: "перезвонит завтра", Reply: &chat.Reply{Message: card, Ours: true, Data: data}})
	for _, row := range anna.Screen().Buttons {
		for _, b := range row {
			if d, err := talk.Parse(b.Data); err == nil && d.Arg == "log" {
				twice(chat.Incoming{Message: anna.Message(), Press: &chat.Press{ID: "p", Data: b.Data}})
			}
		}
	}
	if got := o.read(anna, c.ID); len(got) != 1 || got[0].Text != "перезвонит завтра" {
		t.Errorf("got %+v", got)
	}
}

// "Back" on a way through a day on which there was nothing is a press like others.
func TestBackWhereThereIsNothing(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/today")
	at := anna.Message()
	for _, arg := range []string{"", "back"} {
		anna.PressData(at, talk.Data{Verb: talk.VerbOrder, Arg: arg}.Pack())
	}
	wantIn(t, anna.Screen().Text, "На сегодня дел нет")
}

// What is being said of a contact that somebody else has ended, of a card that lies in the bin or is a colleague's by now, is said back,
// and what is typed next is a search again.
func TestFinishOfACardThatIsGone(t *testing.T) {
	for why, gone := range map[string]func(o *office, owner *talktest.Person, c crm.Client) error{
		"корзине": func(o *office, owner *talktest.Person, c crm.Client) error {
			_, err := o.Desk.DeleteClient(t.Context(), owner.By(), c.ID)
			return err
		},
		"не ваша": func(o *office, owner *talktest.Person, c crm.Client) error {
			_, err := o.Desk.HandOverClient(t.Context(), owner.By(), c.ID, owner.By().ID)
			return err
		},
	} {
		o := newOffice(t)
		owner, anna := o.Member("Борис", crm.RoleOwner, "ru"), o.Member("Анна", crm.RoleManager, "ru")
		o.SaveTeam(func(team *crm.Team) { team.Shared = false })
		o.tick(0)
		c := anna.Add(crm.Profile{Name: "Иванов"})
		anna.Say("/start c_" + string(c.ID))
		anna.Press("Напомнить")
		anna.Press("Через час")
		o.tick(time.Hour)
		anna.Press("Сделано")
		anna.Say("ждут скидку")
		tasks, err := o.Store.Tasks(t.Context(), crm.TaskQuery{Team: c.Team, Client: c.ID, Limit: 9})
		if err != nil || len(tasks) != 1 {
			t.Fatal(len(tasks), err)
		}
		_, err = o.Desk.FinishTask(t.Context(), owner.By(), tasks[0].ID, crm.Ending{Outcome: crm.OutcomeAgreed})
		if err = errors.Join(err, gone(o, owner, c)); err != nil {
			t.Fatal(err)
		}
		before := anna.Message()
		anna.Say("петров")
		var said []string
		for id := before + 1; id <= anna.Message(); id++ {
			screen, _ := o.Out.Shown(anna.User, id)
			said = append(said, screen.Text)
		}
		wantIn(t, strings.Join(said, "\n"), why, "ждут скидку", "кого найти") // there is no search in this kit
		anna.Say("петров")
		wantNotIn(t, anna.Screen().Text, why)
	}
}

package mass_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
	"kartoteka/handlers/mass"
	"kartoteka/handlers/talk/talktest"
)

// slow is a store in which each page of a mass change takes two seconds.
type slow struct {
	crm.Store
	clock *clockwork.FakeClock
}

func (s slow) SaveMember(ctx context.Context, m crm.Member, e crm.Event) error {
	s.clock.Advance(2 * time.Second)
	return s.Store.SaveMember(ctx, m, e)
}

// edits keeps what messages were changed to.
type edits struct {
	chat.Messenger
	texts []string
}

func (e *edits) Edit(ctx context.Context, to, message int64, s chat.Screen) error {
	e.texts = append(e.texts, strings.ReplaceAll(s.Text, "\u00a0", " "))
	return e.Messenger.Edit(ctx, to, message, s)
}

// begun is a base of so many clients whose owner has begun to archive them all, and waits.
func begun(t *testing.T, n int) (*talktest.Kit, *talktest.Person) {
	t.Helper()
	k := talktest.New(t, card.Register, find.Register)
	olga := k.Member("Ольга", crm.RoleOwner, "ru")
	var batch []crm.ClientChange
	for i := range n {
		id, name := crm.NewClientID(k.Team.ID, "many", i), fmt.Sprintf("клиент %05d", i)
		batch = append(batch, crm.ClientChange{
			Client: crm.Client{ID: id, Team: k.Team.ID, Rev: 1, Schema: 1, Profile: crm.Profile{Name: name}, SortName: name,
				Stage: crm.StageLead, Status: crm.StatusLead, Owner: olga.Actor.ID, Created: k.Clock.Now(), Updated: k.Clock.Now()},
			Event: crm.Event{ID: crm.Cause("many").EventID(i), Team: k.Team.ID, Schema: 1, Action: crm.ActionAddClient, Record: string(id), Rev: 1,
				By: olga.Actor.ID, At: k.Clock.Now()}})
	}
	if err := k.Store.SaveClients(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	olga.Say("/clients")
	olga.Press("Выбрать")
	for _, row := range olga.Labels() {
		for _, label := range row {
			if strings.HasPrefix(label, "Изменить всех") {
				olga.Press(label)
			}
		}
	}
	olga.Press("В архив")
	olga.Press("Да, изменить")
	if got := olga.Screen().Text; !strings.Contains(got, "Меняю") {
		t.Fatalf("shows %q", got)
	}
	return k, olga
}

// on goes on in the background, as a process does that was started anew, and returns what was shown meanwhile.
func on(t *testing.T, k *talktest.Kit) []string {
	t.Helper()
	out := &edits{Messenger: k.Out}
	office := mass.Office{Out: out, Catalog: k.Options.Catalog, Store: k.Store, Desk: k.Desk, Clock: k.Clock,
		Failed: func(err error) { t.Errorf("not shown: %v", err) }}
	if err := crm.NewDesk(slow{k.Store, k.Clock}, k.Clock).MassOn(t.Context(), office); err != nil {
		t.Fatal(err)
	}
	return out.texts
}

// The message on which it was begun shows, every few seconds, how far it is, and at last what came of it, to be taken back.
func TestAMassChangeIsShownWhileItGoesOn(t *testing.T) {
	k, olga := begun(t, 1120)
	texts := on(t, k)
	if len(texts) != 3 || !strings.Contains(texts[0], "800 из 1 120") || !strings.Contains(texts[1], "1 000 из 1 120") {
		t.Errorf("shown are %q", texts)
	}
	if got := texts[len(texts)-1]; !strings.Contains(got, "1 120 клиентов") {
		t.Errorf("at last it says %q", got)
	}
	if got := on(t, k); len(got) > 0 {
		t.Errorf("nothing is left to be done, and %q is shown", got)
	}
	olga.Press("Отменить всё")
	if on(t, k); !strings.Contains(olga.Screen().Text, "Вернули как было") {
		t.Errorf("taken back: %q", olga.Screen().Text)
	}
	olga.Press("‹ К списку")
	if got := strings.ReplaceAll(olga.Screen().Text, "\u00a0", " "); !strings.Contains(got, "Мои клиенты") || !strings.Contains(got, "1 120") {
		t.Errorf("the list says %q", got)
	}
}

// That the message was deleted is no failure.
func TestAMassChangeWhoseMessageIsGone(t *testing.T) {
	k, olga := begun(t, 820)
	if err := k.Out.Delete(t.Context(), olga.User, olga.Message()); err != nil {
		t.Fatal(err)
	}
	on(t, k)
	if m, err := k.Store.Member(t.Context(), k.Team.ID, olga.Actor.ID); err != nil || m.Mass.UnderWay() || m.Mass.Changed != 820 {
		t.Errorf("changed %+v, %v", m.Mass, err)
	}
}

// Who has left the team is shown nothing more.
func TestAMassChangeOfWhoHasLeft(t *testing.T) {
	k, olga := begun(t, 1120)
	m, err := k.Store.Member(t.Context(), k.Team.ID, olga.Actor.ID)
	if err != nil {
		t.Fatal(err)
	}
	m.Removed, m.Rev = k.Clock.Now(), m.Rev+1
	e := crm.Event{ID: "left", Team: k.Team.ID, Schema: 1, Action: crm.ActionEditMember, Record: string(m.ID), Rev: m.Rev, By: m.ID, At: k.Clock.Now()}
	if err := k.Store.SaveMember(t.Context(), m, e); err != nil {
		t.Fatal(err)
	}
	if got := on(t, k); len(got) > 0 {
		t.Errorf("shown are %q", got)
	}
}

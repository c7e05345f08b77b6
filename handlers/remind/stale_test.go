package remind_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
)

// forgotten adds clients whom nobody gets in touch with for seventy days.
func (o *office) forgotten(p interface {
	Add(crm.Profile) crm.Client
}, n int) {
	for i := range n {
		p.Add(crm.Profile{Name: fmt.Sprintf("Клиент %02d %s", i, strings.Repeat("🎂", 60))})
		o.Clock.Advance(time.Second)
	}
	o.Clock.Advance(70 * 24 * time.Hour)
}

func TestStaleIsLeafedThrough(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.forgotten(anna, 20)
	anna.Say("/stale")
	wantIn(t, anna.Screen().Text, "Давно не общались: 20 клиентов", "ни одного касания, в базе 70 дней")
	seen := map[string]bool{}
	for page := 1; ; page++ {
		wantFits(t, anna.Screen().Text)
		next := false
		for _, row := range anna.Labels() {
			for _, label := range row {
				next = next || label == "Дальше ›"
				if _, name, ok := strings.Cut(label, ". Клиент "); ok {
					seen[name[:2]] = true
				}
			}
		}
		if !next {
			if page != 4 {
				t.Errorf("got %d pages", page)
			}
			break
		}
		anna.Press("Дальше ›")
	}
	if len(seen) != 20 {
		t.Errorf("got %d clients", len(seen))
	}
}

// pressNamed presses the button whose label begins so.
func pressNamed(t *testing.T, p interface {
	Labels() [][]string
	Press(string)
}, begins string) {
	t.Helper()
	for _, row := range p.Labels() {
		for _, label := range row {
			if strings.HasPrefix(label, begins) {
				p.Press(label)
				return
			}
		}
	}
	t.Fatalf("no button %q", begins)
}

func TestWhatSettlesAStaleClientKeepsThePage(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.forgotten(anna, 20)
	anna.Say("/stale")
	anna.Press("Дальше ›")
	wantIn(t, anna.Screen().Text, "7. Клиент 06", "12. Клиент 11")
	pressNamed(t, anna, "7. Клиент 06")
	wantIn(t, anna.Screen().Text, "Почему здесь: ни одного касания, в базе 70 дней")
	anna.Press("Написали")
	wantIn(t, anna.Screen().Text, "Давно не общались: 19 клиентов", "7. Клиент 07")
	anna.Press("‹ Раньше")
	wantIn(t, anna.Screen().Text, "1. Клиент 00")
	for _, forged := range []string{"x.0.p", "c", "c.p", "a.zz"} {
		anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbStaleDo, ID: "nobody", Arg: forged}.Pack())
	}
	for _, forged := range []string{"w2026-13-45", "w2020-01-06", "wx"} {
		anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbStale, Arg: forged}.Pack())
		wantIn(t, anna.Screen().Text, "1. Клиент 00")
	}
}

// An older message with the same list says why it shows another client in the place of the one that was pressed.
func TestAnOldStaleListSaysWhatIsSettled(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Add(crm.Profile{Name: "Ким"})
	o.Clock.Advance(70 * 24 * time.Hour)
	anna.Say("/stale")
	old, data := anna.Message(), anna.Button("1. Ким").Data
	anna.Say("/stale")
	anna.Press("1. Ким")
	anna.Press("Написали")
	anna.PressData(old, data)
	wantIn(t, anna.Toast(), "Это уже решено")
}

func TestAnotherManagersListIsNotShown(t *testing.T) {
	o := newOffice(t)
	anna, ivan := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Иван", crm.RoleManager, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Ким"})
	o.Clock.Advance(70 * 24 * time.Hour)
	ivan.Say("/stale")
	wantIn(t, ivan.Screen().Text, "Давно забытых клиентов нет")
	ivan.PressData(ivan.Message(), talk.Data{Verb: talk.VerbStaleDo, ID: string(c.ID), Arg: "a.-sjlyq5c.p"}.Pack())
	wantIn(t, ivan.Toast(), "Этой карточки нет или она не ваша")
	if got, err := o.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Stage == crm.StageArchive {
		t.Errorf("got %s, %v", got.Stage, err)
	}
}

// Who reads and notes is not asked why a client goes to the archive, to be refused afterwards.
func TestWhoMayNotEditIsNotOfferedTo(t *testing.T) {
	o := newOffice(t)
	anna, lena := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Лена", crm.RoleSupport, "ru")
	c := anna.Add(crm.Profile{Name: "Ким"})
	if _, err := o.Desk.HandOverClient(t.Context(), anna.By(), c.ID, lena.Actor.ID); err != nil {
		t.Fatal(err)
	}
	o.Clock.Advance(70 * 24 * time.Hour)
	lena.Say("/stale")
	lena.Press("1. Ким")
	wantIn(t, fmt.Sprint(lena.Labels()), "Позвонили", "Написали", "Карточка")
	for _, row := range lena.Labels() {
		for _, label := range row {
			if slices.Contains([]string{"Изменить", "В архив", "Через 2 недели", "Да, данные верны"}, label) {
				t.Errorf("offered %q", label)
			}
		}
	}
	lena.PressData(lena.Message(), talk.Data{Verb: talk.VerbArchive, ID: string(c.ID)}.Pack())
	wantIn(t, lena.Toast()+lena.Screen().Text, "нет прав")
	if strings.Contains(lena.Screen().Text, "Почему в архив") {
		t.Errorf("asks %q", lena.Screen().Text)
	}
}

func TestWeekIsTheOwnersOnly(t *testing.T) {
	o := newOffice(t)
	anna, ivan := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Иван", crm.RoleManager, "ru")
	ivan.Say("/week")
	wantIn(t, ivan.Screen().Text, "На это нет прав")
	anna.Say("/week")
	wantIn(t, anna.Screen().Text, "Неделя: 16 ноября — 22 ноября")
	for _, forged := range []string{"2026-12-24", "0000-11-20", "x"} {
		anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbWeek, Arg: forged}.Pack())
		wantIn(t, anna.Screen().Text, "Неделя: 16 ноября")
	}
}

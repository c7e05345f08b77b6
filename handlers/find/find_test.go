package find_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
)

func newKit(t *testing.T) *talktest.Kit {
	t.Helper()
	return talktest.New(t, card.Register, find.Register)
}

// rows are the labels of the buttons that open clients.
func rows(p *talktest.Person) []string {
	var out []string
	for _, row := range p.Screen().Buttons {
		for _, b := range row {
			if d, err := talk.Parse(b.Data); err == nil && d.Verb == talk.VerbPage && strings.HasPrefix(d.Arg, "open.") {
				out = append(out, b.Text)
			}
		}
	}
	return out
}

func has(p *talktest.Person, label string) bool {
	return slices.ContainsFunc(p.Labels(), func(row []string) bool { return slices.Contains(row, label) })
}

// offers reports whether a button of the screen does this.
func offers(p *talktest.Person, v talk.Verb) bool {
	return slices.ContainsFunc(p.Screen().Buttons, func(row []chat.Button) bool {
		return slices.ContainsFunc(row, func(b chat.Button) bool {
			d, err := talk.Parse(b.Data)
			return err == nil && d.Verb == v
		})
	})
}

// first is the first line of the screen.
func first(p *talktest.Person) string {
	l, _, _ := strings.Cut(p.Screen().Text, "\n")
	return l
}

// base is Anna with four clients.
func base(t *testing.T) (*talktest.Kit, *talktest.Person) {
	t.Helper()
	k := newKit(t)
	anna := k.Member("Анна", crm.RoleManager, "ru")
	anna.Add(crm.Profile{Name: "Иванов Иван", Company: "ООО «Ромашка»"})
	anna.Add(crm.Profile{Name: "Петрова Ольга", Company: "Ромашка-Сервис", Phones: []crm.Phone{{E164: "+79001234567"}}})
	anna.Add(crm.Profile{Name: "Сидоров Павел", Tags: []string{"ромашка-опт"}, Emails: []string{"sidorov@acme.ru"}})
	anna.Add(crm.Profile{Name: "Ким Алексей", City: "Самара", Phones: []crm.Phone{{E164: "+79161114567"}}})
	return k, anna
}

func TestSearchLists(t *testing.T) {
	_, anna := base(t)
	t.Run("several are listed with why they matched", func(t *testing.T) {
		anna.Say("ромаш")
		if got, want := first(anna), "<b>«ромаш»</b> · 3 клиента"; got != want {
			t.Errorf("first line %q, want %q", got, want)
		}
		got := rows(anna)
		slices.Sort(got)
		want := []string{"Иванов Иван · ООО «Ромашка»", "Петрова Ольга · Ромашка-Сервис", "Сидоров Павел · метка «ромашка-опт»"}
		if !slices.Equal(got, want) {
			t.Errorf("rows %q, want %q", got, want)
		}
		if !has(anna, "Добавить «ромаш» как нового") || has(anna, "Дальше ›") || has(anna, "‹ Раньше") {
			t.Errorf("buttons %q", anna.Labels())
		}
	})
	t.Run("the end of a phone", func(t *testing.T) {
		anna.Say("/find 4567")
		got := rows(anna)
		slices.Sort(got)
		if want := []string{"Ким Алексей · тел. …45-67", "Петрова Ольга · тел. …45-67"}; !slices.Equal(got, want) {
			t.Errorf("rows %q, want %q", got, want)
		}
	})
	t.Run("the wrong layout", func(t *testing.T) {
		anna.Say("hjvfirf")
		if got := anna.Screen().Text; len(rows(anna)) != 3 || !strings.Contains(got, "Показано по запросу «ромашка»") {
			t.Errorf("shows %s\n%q", got, rows(anna))
		}
	})
}

func TestSearchOfOneOrNone(t *testing.T) {
	k, anna := base(t)
	t.Run("one opens at once", func(t *testing.T) {
		before := len(k.Out.Sent(anna.User))
		anna.Say("сидоров")
		if got := first(anna); !strings.Contains(got, "Сидоров Павел") || len(k.Out.Sent(anna.User)) != before+1 {
			t.Errorf("shows %q", got)
		}
	})
	t.Run("one that is not quite it is listed", func(t *testing.T) {
		for typed, why := range map[string]string{
			"сидорав": "Ничего точного — вот похожее: «сидоров»", "cbljhjd": "Показано по запросу «сидоров»", "sidorow": "«сидоров»",
		} {
			anna.Say(typed)
			if text := anna.Screen().Text; !strings.Contains(text, "1 клиент") || !strings.Contains(text, why) || !slices.Equal(rows(anna), []string{"Сидоров Павел"}) {
				t.Errorf("%s: shows %s\n%q", typed, text, anna.Labels())
			}
		}
		anna.Press("Сидоров Павел")
		if got := first(anna); !strings.Contains(got, "Сидоров Павел") {
			t.Errorf("shows %q", got)
		}
	})
	t.Run("nothing", func(t *testing.T) {
		anna.Say("жжжжщщщ")
		if got := first(anna); got != "<b>«жжжжщщщ»</b> · никого нет" {
			t.Errorf("first line %q", got)
		}
		if b := anna.Button("Добавить «жжжжщщщ»"); b.Data != "add||жжжжщщщ" {
			t.Errorf("data %q", b.Data)
		}
	})
	t.Run("nothing, in the wrong layout", func(t *testing.T) {
		for typed, meant := range map[string]string{"dfdbkjd": "вавилов", "Schwarz": "Schwarz"} {
			anna.Say(typed)
			if b := anna.Button("Добавить «" + meant + "»"); b.Data != "add||"+meant {
				t.Errorf("%s: data %q", typed, b.Data)
			}
		}
	})
	t.Run("no text", func(t *testing.T) {
		anna.Say("/find")
		if b := anna.Button("Искать по буквам"); b.Inline == nil || *b.Inline != "" {
			t.Errorf("button %+v", b)
		}
		anna.Press("Показать всех")
		if got := first(anna); got != "<b>Мои клиенты</b> · 4" {
			t.Errorf("first line %q", got)
		}
	})
}

// What of a long name matched is told when the label cuts it off.
func TestSearchTellsWhichPartOfTheNameMatched(t *testing.T) {
	_, anna := base(t)
	anna.Add(crm.Profile{Name: "Константинопольская-Рождественская Аделаида Иоанновна", Company: "Ромашка"})
	anna.Add(crm.Profile{Name: "Иоаннова Аделаида", Company: "Лютик"})
	anna.Say("иоанн")
	if got, want := rows(anna), []string{"Иоаннова Аделаида · Лютик", "Константинопольская-Рож… · Иоанновна"}; !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
}

func TestSearchInEnglish(t *testing.T) {
	k := newKit(t)
	john := k.Member("John", crm.RoleManager, "en")
	john.Add(crm.Profile{Name: "Smith Ann", Company: "Acme", Phones: []crm.Phone{{E164: "+12025550143"}}})
	john.Add(crm.Profile{Name: "Smith Bob", Tags: []string{"vip"}})
	john.Say("smith")
	if got := first(john); got != "<b>“smith”</b> · 2 clients" {
		t.Errorf("first line %q", got)
	}
	if got := rows(john); !slices.Contains(got, "Smith Ann · Acme") || !slices.Contains(got, "Smith Bob") {
		t.Errorf("rows %q", got)
	}
	john.Say("qqqqqqq")
	if got := first(john); got != "<b>“qqqqqqq”</b> · nobody found" || !has(john, "Add “qqqqqqq”") {
		t.Errorf("first line %q, buttons %q", got, john.Labels())
	}
	john.Say("/clients")
	if got := john.Screen().Text; got != "<b>My clients</b> · 2\nBy name" {
		t.Errorf("shows %q", got)
	}
}

func TestSearchPages(t *testing.T) {
	k := newKit(t)
	anna := k.Member("Анна", crm.RoleManager, "ru")
	for i := range 19 {
		anna.Add(crm.Profile{Name: fmt.Sprintf("Ромашкин Клиент%c", 'а'+i)})
	}
	anna.Say("ромашкин")
	if got := first(anna); got != "<b>«ромашкин»</b> · 19 клиентов" {
		t.Errorf("first line %q", got)
	}
	seen := map[string]bool{}
	var pages [][]string
	for {
		pages = append(pages, rows(anna))
		for _, r := range rows(anna) {
			seen[r] = true
		}
		if !has(anna, "Дальше ›") {
			break
		}
		anna.Press("Дальше ›")
	}
	if len(seen) != 19 || len(pages) != 3 || len(pages[0]) != 8 {
		t.Errorf("%d clients on %d pages, the first of %d", len(seen), len(pages), len(pages[0]))
	}
	anna.Press("‹ Раньше")
	if got := rows(anna); !slices.Equal(got, pages[1]) {
		t.Errorf("back shows %q, want %q", got, pages[1])
	}
	anna.Press(pages[1][2])
	if got := first(anna); !strings.Contains(got, pages[1][2]) {
		t.Errorf("the row opens %q", got)
	}
	anna.Press("‹ К списку")
	if got := rows(anna); !slices.Equal(got, pages[1]) {
		t.Errorf("back in the list are %q, want %q", got, pages[1])
	}
}

// A query too long for the buttons is kept in the message's view.
func TestLongSearchPages(t *testing.T) {
	k := newKit(t)
	anna := k.Member("Анна", crm.RoleManager, "ru")
	for i := range 9 {
		anna.Add(crm.Profile{Name: "Ромашкина Екатерина Вениаминовна", City: fmt.Sprintf("Город %d", i)})
	}
	anna.Say("Ромашкина Екатерина\nВениаминовна")
	if got := first(anna); got != "<b>«Ромашкина Екатерина Вениаминовна»</b> · 9 клиентов" {
		t.Errorf("first line %q", got)
	}
	old := anna.Message()
	before := rows(anna)
	anna.Press("Дальше ›")
	anna.Press(rows(anna)[0])
	anna.Press("‹ К списку")
	if got := rows(anna); len(got) != 1 {
		t.Errorf("the second page is %q", got)
	}
	anna.Press("‹ Раньше")
	if got := rows(anna); !slices.Equal(got, before) {
		t.Errorf("the first page is %q, was %q", got, before)
	}
	k.Clock.Advance(8 * 24 * time.Hour)
	anna.Press("Дальше ›")
	if got := rows(anna); !slices.Equal(got, before) || anna.Toast() != "Этот поиск уже забыт. Напишите ещё раз, кого найти." || anna.Message() != old {
		t.Errorf("a forgotten search shows %q, toast %q", got, anna.Toast())
	}
}

func TestSearchSeesOnlyWhatTheMemberMay(t *testing.T) {
	k := newKit(t)
	anna, ivan := k.Member("Анна", crm.RoleManager, "ru"), k.Member("Иван", crm.RoleManager, "ru")
	c := ivan.Add(crm.Profile{Name: "Тайный Клиент"})
	anna.Say("тайный")
	if got := first(anna); got != "<b>«тайный»</b> · никого нет" {
		t.Errorf("search shows %q", got)
	}
	list := anna.Message()
	anna.PressData(list, talk.Data{Verb: talk.VerbPage, ID: string(c.ID), Arg: "open.0"}.Pack())
	if strings.Contains(anna.Screen().Text, "Тайный Клиент") || anna.Toast() == "" {
		t.Errorf("a forged row shows %q, toast %q", anna.Screen().Text, anna.Toast())
	}
	anna.Say("/clients")
	anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbFilter, Arg: "scope=all"}.Pack())
	if got := rows(anna); len(got) != 0 {
		t.Errorf("a forged scope shows %q", got)
	}
	if has(anna, "Показать всех") {
		t.Error("all is offered to one who may not see more")
	}
	if got := anna.Inline("тайный", ""); len(got.Results) != 0 {
		t.Errorf("inline offers %+v", got.Results)
	}
}

func TestLongAndHostileQueries(t *testing.T) {
	k := newKit(t)
	anna := k.Member("Анна", crm.RoleManager, "ru")
	for _, text := range []string{
		strings.Repeat("очень длинный запрос ", 190), "<b>&\"</b>", "a|b|c", "строка\nдругая", "!!!", "\u202eabc\u200b", "👨‍👩‍👧 семья",
	} {
		anna.Say(text)
		s := anna.Screen()
		if n := utf8.RuneCountInString(s.Text); n > 400 || strings.Contains(s.Text, "<b>&\"") {
			t.Errorf("%.30q: %d characters: %s", text, n, s.Text)
		}
		var data string
		for _, row := range s.Buttons {
			for _, b := range row {
				if utf8.RuneCountInString(b.Text) > 42 || strings.ContainsAny(b.Text, "\n\u202e") {
					t.Errorf("%.30q: label %q", text, b.Text)
				}
				data = b.Data
			}
		}
		d, err := talk.Parse(data)
		if err != nil || d.Verb != talk.VerbAdd {
			t.Fatalf("%.30q: the last button is %q", text, data)
		}
		if d.Arg == "" {
			v, err := k.Desk.Dialog(context.Background(), anna.By(), fmt.Sprintf("%d:%d", anna.User, anna.Message()))
			if err != nil || v.Answers["q"] != strings.TrimSpace(text) {
				t.Errorf("%.30q: the view keeps %.30q, %v", text, v.Answers["q"], err)
			}
		} else if d.Arg != text {
			t.Errorf("%q: the button adds %q", text, d.Arg)
		}
	}
}

// Half a phone and a lone @ are told what they lack, unless they find somebody.
func TestUnfinishedQueries(t *testing.T) {
	_, anna := base(t)
	for typed, want := range map[string]string{
		"@":          "Не похоже на имя в Telegram: от 5 латинских букв и цифр, например @ivanov.",
		"+7 911 222": "Не хватает цифр: в номере на +7 их 11, а здесь 7. Пришлите номер целиком.",
	} {
		anna.Say(typed)
		if s := anna.Screen(); s.Text != want || len(s.Buttons) != 0 {
			t.Errorf("%s: shows %+v", typed, s)
		}
	}
	anna.Say("+7 900 123")
	if got := first(anna); !strings.Contains(got, "Петрова Ольга") {
		t.Errorf("the beginning of a phone shows %q", got)
	}
}

func TestNotASearch(t *testing.T) {
	k := newKit(t)
	anna := k.Member("Анна", crm.RoleManager, "ru")
	k.Router.Message(func(ctx context.Context, t *talk.Turn) (bool, error) {
		_, err := t.Send(ctx, chat.Screen{Text: "somebody else's"})
		return true, err
	})
	for _, in := range []chat.Incoming{{Text: " \n"}, {File: &chat.File{Kind: "voice"}}, {Text: "x", Forward: &chat.Forward{Name: "Пётр"}}} {
		anna.Send(in)
		if got := anna.Screen().Text; got != "somebody else's" {
			t.Errorf("%+v is answered %q", in, got)
		}
	}
}

func TestForgottenAndForgedPages(t *testing.T) {
	k := newKit(t)
	anna := k.Member("Анна", crm.RoleManager, "ru")
	for i := range 10 {
		anna.Add(crm.Profile{Name: fmt.Sprintf("Ромашкин Клиент%c", 'а'+i)})
	}
	id, err := k.Out.Send(context.Background(), anna.User, chat.Screen{Text: "old"})
	if err != nil {
		t.Fatal(err)
	}
	anna.PressData(id, "page|found|next.1")
	if anna.Screen().Text != "old" || anna.Toast() != "Этот поиск уже забыт. Напишите ещё раз, кого найти." {
		t.Errorf("shows %q, toast %q", anna.Screen().Text, anna.Toast())
	}
	anna.PressData(id, "page|clients|next.5")
	if got := first(anna); got != "<b>Мои клиенты</b> · 1–8 из 10" || anna.Message() != id {
		t.Errorf("shows %q", got)
	}
	for _, data := range []string{"page|x|next.0", "page|found|next.-1", "page|bin|here", "page||", "page||next.1", "page|found|x.1=a", "list||", "list||x", "page|nobody|open.0",
		"filt||", "filt||x", "filt||stage=x", "filt||status=x", "filt||sort=", "filt||tag=9", "filt||tag=-1", "filt||scope=x", "filt||=", "page|found|next.99999999999999999999"} {
		anna.PressData(id, data)
		if got := first(anna); got != "<b>Мои клиенты</b> · 1–8 из 10" || anna.Toast() == "" {
			t.Errorf("%s: shows %q, toast %q", data, got, anna.Toast())
		}
	}
	anna.PressData(id, "page|clients|next.400")
	if got := first(anna); got != "<b>Мои клиенты</b> · 9–10 из 10" {
		t.Errorf("a page too far shows %q", got)
	}
	anna.Say("ромашкин")
	anna.PressData(anna.Message(), "page|found|next.77777=ромашкин")
	if got := rows(anna); len(got) != 2 {
		t.Errorf("a page too far shows %q", got)
	}
}

package find_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/talk/talktest"
)

func TestInline(t *testing.T) {
	k := newKit(t)
	anna := k.Member("Анна", crm.RoleManager, "ru")
	c := anna.Add(crm.Profile{Name: `Иванов <b>&"Иван"`, Company: "ООО «Ромашка»", Position: "закупщик",
		Phones: []crm.Phone{{E164: "+79001234567", Ext: "12"}}, Emails: []string{"ivan@romashka.ru"}})
	anna.Add(crm.Profile{Name: "Ромашкина Анна"})
	got := anna.Inline(" ромашка ", "")
	var plain, full bool
	for _, r := range got.Results {
		switch r.ID {
		case string(c.ID):
			plain = true
			if r.Title != `Иванов <b>&"Иван"` || r.Description != "ООО «Ромашка» · закупщик · Лид" {
				t.Errorf("title %q, description %q", r.Title, r.Description)
			}
			if want := "<b>Иванов &lt;b&gt;&amp;&quot;Иван&quot;</b>"; r.Text != want {
				t.Errorf("inserts %q, want %q", r.Text, want)
			}
			if b := r.Buttons[0][0]; b.Text != "Открыть карточку" || b.URL != "https://t.me/"+talktest.Bot+"?start=c_"+string(c.ID) {
				t.Errorf("button %+v", b)
			}
		case string(c.ID) + ".full":
			full = true
			if r.Title != `📞 Иванов <b>&"Иван" — с телефоном` || r.Description != "+7 900 123-45-67 · ivan@romashka.ru" {
				t.Errorf("title %q, description %q", r.Title, r.Description)
			}
			want := "<b>Иванов &lt;b&gt;&amp;&quot;Иван&quot;</b>\n🏢 ООО «Ромашка»\n📞 +7 900 123-45-67 доб. 12\n✉️ ivan@romashka.ru"
			if r.Text != want {
				t.Errorf("inserts %q, want %q", r.Text, want)
			}
		default:
			if strings.HasSuffix(r.ID, ".full") {
				t.Errorf("a client without a phone has a second result: %+v", r)
			}
		}
		if len(r.ID) > 64 {
			t.Errorf("id %q is too long", r.ID)
		}
	}
	if !plain || !full {
		t.Errorf("offers %+v", got.Results)
	}
}

func TestInlineIsForMembers(t *testing.T) {
	k := newKit(t)
	anna, analyst := k.Member("Анна", crm.RoleManager, "ru"), k.Member("Пётр", crm.RoleAnalyst, "ru")
	anna.Add(crm.Profile{Name: "Громов"})
	if got := anna.Inline("громов", ""); len(got.Results) != 1 {
		t.Errorf("a member is offered %+v", got)
	}
	stranger := k.Stranger("Чужой", "ru")
	for _, query := range []string{"громов", ""} {
		anna.Inline("громов", "")
		if got := stranger.Inline(query, ""); len(got.Results) != 0 || got.Next != "" {
			t.Errorf("a stranger is offered %+v", got)
		}
		got := analyst.Inline(query, "")
		if len(got.Results) != 1 || got.Next != "" || !strings.Contains(got.Results[0].Description, "только цифры") {
			t.Errorf("an analyst is offered %+v", got)
		}
	}
}

func TestInlinePages(t *testing.T) {
	k := newKit(t)
	anna, ivan := k.Member("Anna", crm.RoleOwner, "en"), k.Member("Иван", crm.RoleManager, "ru")
	ivan.Add(crm.Profile{Name: "Клиент Иванов"})
	for i := range 60 {
		c := anna.Add(crm.Profile{Name: fmt.Sprintf("Клиент %02d", i), Emails: []string{fmt.Sprintf("c%d@acme.com", i)}})
		if i < 30 {
			k.Clock.Advance(time.Minute)
			if _, err := k.Desk.LogTouch(t.Context(), anna.By(), c.ID, crm.TouchInput{Kind: crm.TouchCall}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for query, want := range map[string]int{"": 2 * 60, "клиент": 2 * crm.MostFound} {
		seen := map[string]bool{}
		offset := ""
		for range 10 {
			got := anna.Inline(query, offset)
			if len(got.Results) > 50 || len(got.Next) > 64 {
				t.Fatalf("%q from %q: %d results, next %q", query, offset, len(got.Results), got.Next)
			}
			for _, r := range got.Results {
				if seen[r.ID] {
					t.Errorf("%q: %s twice", query, r.ID)
				}
				seen[r.ID] = true
			}
			if query == "" && offset == "" && got.Results[0].Title != "Клиент 29" {
				t.Errorf("the first of the recently touched is %q", got.Results[0].Title)
			}
			if offset = got.Next; offset == "" {
				break
			}
		}
		if len(seen) != want {
			t.Errorf("%q: %d results in all, want %d", query, len(seen), want)
		}
	}
	if got := anna.Inline("", "").Results[1].Title; got != "✉️ Клиент 29 with the e-mail" {
		t.Errorf("title %q", got)
	}
	for _, offset := range []string{"x", "-1", ".", "zzzz", "!.id", "99999999999999999999"} {
		for _, query := range []string{"", "клиент"} {
			anna.Inline(query, offset) // answered, with whatever there is
		}
	}
}

// A phone that is read or passed on by inline mode is as good as a card that was opened.
func TestInlinePhonesAreCounted(t *testing.T) {
	k := newKit(t)
	boss, ivan := k.Member("Анна", crm.RoleOwner, "ru"), k.Member("Иван", crm.RoleManager, "ru")
	var all []crm.Client
	for i := range 40 {
		all = append(all, ivan.Add(crm.Profile{Name: fmt.Sprintf("Клиент Номер%02d", i), Phones: []crm.Phone{{E164: fmt.Sprintf("+790012345%02d", i)}}}))
	}
	if _, err := k.Desk.SetLookLimit(t.Context(), boss.By(), 30); err != nil {
		t.Fatal(err)
	}
	told := func() (n int) {
		list, err := k.Store.Reminders(t.Context(), crm.ReminderQuery{Team: k.Team.ID, Member: boss.By().ID, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.News == crm.NewsLooks {
				n++
			}
		}
		return n
	}
	for _, r := range ivan.Inline("клиент", "").Results { // many are a list, as by search in the chat
		if strings.Contains(r.Description, "900 123") {
			t.Fatalf("a list of many shows the phone: %q", r.Description)
		}
	}
	for i := range 15 {
		got := ivan.Inline(fmt.Sprintf("номер%02d", i), "")
		if len(got.Results) != 2 || !strings.Contains(got.Results[1].Description, "900 123") {
			t.Fatalf("one alone: %+v", got.Results)
		}
		if ivan.Pick(string(all[20+i].ID)); i == 0 {
			ivan.Pick(got.Results[1].ID) // once is once
		}
	}
	for i := range 15 {
		ivan.Pick(string(all[20+i].ID) + ".full")
	}
	if n := told(); n != 0 {
		t.Fatalf("30 phones within an hour are told %d times", n)
	}
	ivan.Pick(string(all[39].ID) + ".full")
	if n := told(); n != 1 {
		t.Errorf("the 31st is told %d times", n)
	}
}

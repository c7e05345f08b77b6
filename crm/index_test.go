package crm

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestIndex(t *testing.T) {
	c := Client{Profile: Profile{
		Name: "Иванов Пётр Сергеевич", Company: "ООО «Ромашка»", Position: "Директор", City: "Санкт-Петербург",
		Phones: []Phone{{E164: "+79001234567"}}, Emails: []string{"p.ivanov@romashka.ru"},
		Messengers: []Messenger{{Kind: "telegram", Handle: "PIvanov"}}, TelegramID: 42,
		Tags: []string{"VIP", "Постоянный клиент", "vip"}, Custom: map[FieldID]string{"f1": "ДГ-2024", "f2": "2024-01-02", "f3": "77"},
	}}
	c.index([]CustomField{{ID: "f1", Kind: FieldText}, {ID: "f2", Kind: FieldDate}, {ID: "f3", Kind: FieldNumber}})

	same(t, "SortName", []string{c.SortName}, []string{"иванов петр сергеевич"})
	same(t, "Terms", c.Terms, []string{"иванов", "петр", "сергеевич",
		"=иванов петр сергеевич", "=петр сергеевич иванов", "=петр иванов",
		"+9001234567", "~76543210097", "p.ivanov@romashka.ru", "ivanov", "@romashka.ru", "@pivanov", "ромашка",
		"#vip", "#постоянный клиент", "#постоянный", "#клиент", "санкт", "петербург", "директор", "дг", "2024", "2024-01-02", "77"})
	same(t, "Words", c.Words, []string{"иванов", "петр", "сергеевич", "ромашка", "vip", "постоянный", "клиент", "санкт", "петербург", "директор"})
	same(t, "Keys", c.Keys[:4], []string{"p+79001234567", "ep.ivanov@romashka.ru", "t42", "@pivanov"})
	same(t, "TagKeys", c.TagKeys, []string{"vip", "постоянный клиент"})
}

func TestIndex_company(t *testing.T) {
	c := Client{Profile: Profile{Kind: KindCorporate, Name: "ООО Торговый дом «Восток»"}}
	c.index(nil)
	same(t, "Terms", c.Terms, []string{"торговый", "дом", "восток", "=торговый дом восток"})

	c = Client{Profile: Profile{Name: "Хан", Company: "ООО «Студия Ромашка»"}}
	c.index(nil)
	same(t, "Terms", c.Terms, []string{"хан", "студия", "ромашка", "=студия ромашка", "=ромашка студия"})
}

func TestIndex_bounded(t *testing.T) {
	text := rapid.StringN(0, 300, -1)
	rapid.Check(t, func(t *rapid.T) {
		c := Client{Profile: Profile{Name: text.Draw(t, "name"), Company: text.Draw(t, "company"), City: text.Draw(t, "city"),
			Emails: rapid.SliceOfN(text, 0, 30).Draw(t, "emails"), Tags: rapid.SliceOfN(text, 0, 30).Draw(t, "tags")}}
		c.index(nil)
		if len(c.Terms) > maxTerms {
			t.Errorf("%d terms", len(c.Terms))
		}
		for _, term := range c.Terms {
			if utf8.RuneCountInString(term) > maxTermRunes || term == "" {
				t.Errorf("term %q", term)
			}
		}
		for _, w := range c.Words {
			if !slices.ContainsFunc(c.Terms, func(s string) bool { return strings.TrimPrefix(s, markTag) == w }) {
				t.Errorf("word %q is no term of %q", w, c.Terms)
			}
		}
	})
}

func TestCountryCode(t *testing.T) {
	for number, want := range map[string]string{
		"79001234567": "9001234567", "375291234567": "291234567", "4915112345678": "15112345678", "12025550123": "2025550123",
		"380501234567": "501234567", "7": "", "37": "", "": "",
	} {
		if got := national(number); got != want {
			t.Errorf("national(%q) = %q, want %q", number, got, want)
		}
	}
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

func BenchmarkIndex(b *testing.B) {
	c := Client{Profile: Profile{Name: "Иванов Пётр Сергеевич", Company: "ООО «Ромашка»", City: "Санкт-Петербург",
		Phones: []Phone{{E164: "+79001234567"}}, Emails: []string{"p.ivanov@romashka.ru"}, Tags: []string{"VIP"}}}
	b.ReportAllocs()
	for b.Loop() {
		c.index(nil)
	}
}

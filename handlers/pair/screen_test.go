package pair

import (
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

func TestDiffering(t *testing.T) {
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	turn := &talk.Turn{T: catalog.For("ru")}
	card := func(company, city, phone, email string) crm.Client {
		c := crm.Client{Profile: crm.Profile{Name: "Гусев Тимур", Company: company, City: city}}
		if phone != "" {
			c.Phones = []crm.Phone{{E164: phone}}
		}
		if email != "" {
			c.Emails = []string{email}
		}
		return c
	}
	for _, one := range []struct {
		name       string
		kept, gone crm.Client
		want       [2]string
	}{
		{"company", card("Акме", "Тула", "", ""), card("", "Тула", "", ""), [2]string{"Акме", "Тула"}},
		{"city of one company", card("Акме", "Тула", "", ""), card("Акме", "Омск", "", ""), [2]string{"Тула", "Омск"}},
		{"phone", card("", "Тула", "+79001234567", "a@b.ru"), card("", "Тула", "+79001234599", "a@b.ru"), [2]string{"тел. …45-67", "тел. …45-99"}},
		{"mail of one alone", card("", "", "+79001234567", ""), card("", "", "+79001234567", "a@b.ru"), [2]string{"", "a@b.ru"}},
		{"nothing", card("", "Тула", "", ""), card("", "Тула", "", ""), [2]string{}},
	} {
		if words, others := differing(turn, one.kept, one.gone); words != one.want[0] || others != one.want[1] {
			t.Errorf("%s: got %q and %q, want %q", one.name, words, others, one.want)
		}
	}
}

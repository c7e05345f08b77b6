package crm_test

import (
	"testing"

	"kartoteka/crm"
)

// What is typed while a card lacks something is its answer, a search for somebody, or neither.
func TestMeaningOf(t *testing.T) {
	o := newOffice(t)
	o.add(o.owner, crm.Profile{Name: "Омск Иван", City: "Тверь", Phones: []crm.Phone{{E164: "+79001234567"}}})
	o.add(o.owner, crm.Profile{Name: "Ромашка", Kind: crm.KindCorporate})
	own := crm.OwnGap("size")
	for _, one := range []struct {
		gap  crm.Gap
		text string
		want crm.Meaning
	}{
		{crm.GapPhone, "8 900 111-22-33", crm.MeantAnswer}, {crm.GapPhone, "12", crm.MeantAnswer}, {crm.GapPhone, "Омск Иван", crm.MeantElse},
		{crm.GapPhone, "как-нибудь", crm.MeantNothing}, {crm.GapWrong, "8 900 111-22-33", crm.MeantAnswer},
		{crm.GapEmail, "a@b.ru", crm.MeantAnswer}, {crm.GapEmail, "+7 900 111-22-33", crm.MeantElse}, {crm.GapEmail, "нет её", crm.MeantNothing},
		{crm.GapCity, "Казань", crm.MeantAnswer}, {crm.GapCity, "Тверь", crm.MeantAnswer}, {crm.GapCity, "Омск Иван", crm.MeantElse},
		{crm.GapCity, "+7 900 123-45-67", crm.MeantElse}, {crm.GapSource, "a@b.ru", crm.MeantElse}, {crm.GapSource, "Сайт", crm.MeantAnswer},
		{crm.GapCompany, "Ромашка", crm.MeantAnswer}, {crm.GapCompany, "Омск Иван", crm.MeantElse},
		{crm.GapBirthday, "12.05.1985", crm.MeantAnswer}, {crm.GapBirthday, "Омск Иван", crm.MeantElse},
		{crm.GapCity, "89001112233", crm.MeantElse}, {crm.GapEmail, "8 (900) 111-22-33", crm.MeantElse}, {own, "89001112233", crm.MeantAnswer},
		{own, "+7 900 111-22-33", crm.MeantAnswer}, {own, "+7 900 123-45-67", crm.MeantElse}, {own, "42", crm.MeantAnswer},
	} {
		got, err := o.MeaningOf(t.Context(), o.as(o.owner), crm.Typed{Gap: one.gap, Text: one.text})
		if err != nil || got != one.want {
			t.Errorf("%s, %q: got %s, %v, want %s", one.gap, one.text, got, err, one.want)
		}
	}
	if got, err := o.MeaningOf(t.Context(), o.as(o.owner), crm.Typed{Gap: crm.GapCity, Text: "Омск Иван", Choices: []string{"Омск Иван"}}); err != nil || got != crm.MeantAnswer {
		t.Errorf("what is offered: got %s, %v", got, err)
	}
}

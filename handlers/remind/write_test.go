package remind_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"kartoteka/crm"
)

func TestLettersFitTheirButtons(t *testing.T) {
	for _, lang := range []string{"ru", "en"} {
		o := newOffice(t)
		anna := o.Member("Анна", crm.RoleOwner, lang)
		o.tick(0)
		name := strings.Repeat("Ы", 199)
		for _, last := range []crm.TouchInput{
			{}, {Kind: crm.TouchCall}, {Kind: crm.TouchCall, Outcome: crm.OutcomeNotReached}, {Kind: crm.TouchCall, Outcome: crm.OutcomeOffer},
			{Kind: crm.TouchMeeting}, {Kind: crm.TouchCall, At: o.Clock.Now().AddDate(-1, 0, 0)},
		} {
			c := anna.Add(crm.Profile{Name: name, Phones: []crm.Phone{{E164: "+79001234567"}}})
			if last.Kind != "" {
				if _, err := o.Desk.LogTouch(t.Context(), anna.By(), c.ID, last); err != nil {
					t.Fatal(err)
				}
			}
			in := crm.TaskInput{Client: c.ID, Text: "x", Due: o.Clock.Now().Add(time.Hour)}
			if _, err := o.Desk.AddTask(t.Context(), anna.By(), in); err != nil {
				t.Fatal(err)
			}
			o.tick(time.Hour)
			anna.Press(map[string]string{"ru": "Написать", "en": "Write"}[lang])
			wantFits(t, anna.Screen().Text)
			for _, b := range anna.Screen().Buttons[0] {
				if n := len(utf16.Encode([]rune(b.Copy))); n == 0 || n > 256 {
					t.Errorf("%s after %+v: a button copies %d units", lang, last, n)
				}
			}
		}
	}
}

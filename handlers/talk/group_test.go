package talk

import (
	"strings"
	"testing"

	"kartoteka/handlers/chat"
)

func TestForGroup(t *testing.T) {
	s := ForGroup(chat.Screen{
		Text: "⏰ <b>позвонить +7 900 123-45-67</b>\n👤 Иванов\n📞 +7 900 123-45-67\nзавтра в 10:00, КП на ivan.petrov@mail.ru",
		Ask:  &chat.Ask{Remove: true},
		Buttons: [][]chat.Button{
			{Button("Сделано", VerbTaskDone, "abc", "x"), Button("Изменить", VerbEdit, "abc", "")},
			{Link("WhatsApp", "https://wa.me/79001234567"), {Text: "Скопировать", Copy: "+79001234567"}},
			{Button("Карточка", VerbCard, "abc", "")},
		},
	}, "kartoteka_bot", "RU")
	if want := "⏰ <b>позвонить •••</b>\n👤 Иванов\nзавтра в 10:00, КП на •••"; s.Text != want {
		t.Errorf("text is\n%s\nwant\n%s", s.Text, want)
	}
	var got []string
	for _, row := range s.Buttons {
		for _, b := range row {
			got = append(got, b.Text+" "+b.Data+b.URL+b.Copy)
		}
	}
	if want := "Сделано tdone|abc|x, Карточка https://t.me/kartoteka_bot?start=c_abc"; strings.Join(got, ", ") != want {
		t.Errorf("buttons are %v, want %s", got, want)
	}
	if s.Ask != nil {
		t.Error("a group is given a keyboard")
	}
}

// People write phones into tasks as they dial them.
func TestWithoutPhones(t *testing.T) {
	for in, want := range map[string]string{
		"перезвонить 8 916 123-45-67 до 18:00": "перезвонить ••• до 18:00",
		"<b>89161234567</b>":                                  "<b>•••</b>",
		"Иванов, 8 (916) 123-45-67":                           "Иванов, •••",
		"в офис (495) 123-45-67":                              "в офис •••",
		"домашний 123-45-67, вечером":                         "домашний •••, вечером",
		"9161234567 или 2345678":                              "••• или •••",
		"по договору 8 916 123-45-67":                         "по договору •••",
		"позвать 8 916 123-45-6":                              "позвать •••",
		"скинуть на wa.me/79161234567":                        "скинуть на •••",
		"📞 8 916 123-45-67, (495) 123-45-67":                  "",
		"счёт на 1 500 000 ₽, 1500000 руб":                    "счёт на 1 500 000 ₽, 1500000 руб",
		"бюджет 1 000 000–1 500 000":                          "бюджет 1 000 000–1 500 000",
		"12.05.2026 в 14:30, 2026-11-23":                      "12.05.2026 в 14:30, 2026-11-23",
		"21.11–25.11.2026, сезон 2026–2027":                   "21.11–25.11.2026, сезон 2026–2027",
		"заказ № 89001234567, ИНН 7701234567, №12345678":      "заказ № 89001234567, ИНН 7701234567, №12345678",
		`<a href="tg://user?id=1234567890">Анна</a>`:          `<a href="tg://user?id=1234567890">Анна</a>`,
		"р/с 40702810900123456789, карта 4276 1234 5678 9012": "р/с 40702810900123456789, карта 4276 1234 5678 9012",
	} {
		if got := withoutPhones(in, "RU"); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

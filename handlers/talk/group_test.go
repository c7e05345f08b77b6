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
	}, "kartoteka_bot")
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

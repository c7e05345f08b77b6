package crm

import (
	"testing"
	"time"
)

func TestReadFollowUp(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"через 3 дня отправить КП":           "отправить КП",
		"завтра в 10 перезвонить":            "перезвонить",
		"tomorrow at 10 send the price list": "send the price list",
		"любит чай, завтра уезжает":          "",
		"звонок: думает до пятницы":          "",
		"завтра":       "",
		"просил прайс": "",
		"завтра !!!":   "",
		"!!!":          "",
	} {
		m, ok := ReadFollowUp(text, now)
		if ok != (want != "") || ok && m.Rest != want {
			t.Errorf("ReadFollowUp(%q) = %q, %v; want %q", text, m.Rest, ok, want)
		}
	}
}

package crm

import (
	"testing"
	"time"
)

func TestIsFollowUp(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]bool{
		"через 3 дня отправить КП":           true,
		"завтра в 10 перезвонить":            true,
		"tomorrow at 10 send the price list": true,
		"32 мая отправить КП":                true,
		"12 мая отправить КП":                true,
		"зфвтра перезвонить":                 true,
		"любит чай, завтра уезжает":          false,
		"звонок: думает до пятницы":          false,
		"вчера звонил, думает":               false,
		"в мае приедет":                      false,
		"завтра":                             false,
		"просил прайс":                       false,
		"завтра !!!":                         false,
		"!!!":                                false,
	} {
		if got := IsFollowUp(text, now); got != want {
			t.Errorf("IsFollowUp(%q) = %v", text, got)
		}
	}
}

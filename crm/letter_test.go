package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func TestToneFor(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, msk)
	ago := func(days int, k crm.TouchKind, o crm.Outcome) crm.Touch {
		return crm.Touch{ID: "t", Kind: k, Outcome: o, At: now.AddDate(0, 0, -days)}
	}
	born := func(month time.Month, day, greeted int) crm.Client {
		return crm.Client{Profile: crm.Profile{Birthday: civil.Date{Month: month, Day: day}}, Greeted: greeted}
	}
	for _, c := range []struct {
		c    crm.Client
		last crm.Touch
		want crm.Tone
	}{
		{crm.Client{}, crm.Touch{}, crm.TonePlain},
		{crm.Client{}, ago(3, crm.TouchCall, ""), crm.ToneCall},
		{crm.Client{}, ago(3, crm.TouchCall, crm.OutcomeNotReached), crm.ToneMissed},
		{crm.Client{}, ago(3, crm.TouchMeeting, crm.OutcomeThinking), crm.ToneMeeting},
		{crm.Client{}, ago(3, crm.TouchCall, crm.OutcomeOffer), crm.ToneOffer},
		{crm.Client{}, ago(60, crm.TouchCall, crm.OutcomeOffer), crm.ToneSilence},
		{crm.Client{}, ago(3, crm.TouchMessage, ""), crm.TonePlain},
		{born(11, 20, 0), ago(3, crm.TouchCall, ""), crm.ToneBirthday},
		{born(11, 17, 0), ago(3, crm.TouchCall, ""), crm.ToneBirthday}, // late, but one still can
		{born(11, 16, 0), ago(3, crm.TouchCall, ""), crm.ToneCall},
		{born(11, 21, 0), ago(3, crm.TouchCall, ""), crm.ToneCall}, // not before the day
		{born(11, 20, 2026), ago(3, crm.TouchCall, ""), crm.ToneCall},
	} {
		if got := crm.ToneFor(c.c, c.last, now); got != c.want {
			t.Errorf("%v, %s %s %v: got %s, want %s", c.c.Birthday, c.last.Kind, c.last.Outcome, c.last.At, got, c.want)
		}
	}
}

func TestAddressed(t *testing.T) {
	for name, want := range map[string]string{"Соколова Мария Ивановна": "Мария", "ООО Ромашка": "", "Acme Ltd.": "", "Ким": "Ким", "ИП Соколова Мария": "Мария"} {
		if got := (crm.Client{Profile: crm.Profile{Name: name}}).Addressed(); got != want {
			t.Errorf("%q is addressed %q, want %q", name, got, want)
		}
	}
}

package record

import (
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// What was set is told from what to what; what takes more than a line is only named.
func TestSettings(t *testing.T) {
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	size := crm.CustomField{ID: "size", Name: "Размер", Choices: []string{"S", "M"}}
	pass := crm.CustomField{ID: "pass", Name: "Паспорт", Restricted: true, Roles: []crm.Role{crm.RoleAccountant}}
	e := crm.Audited{
		TeamWas: crm.Team{Region: "RU", Fields: []crm.CustomField{size}, NeedConsent: []crm.Purpose{crm.PurposeGreeting}},
		TeamIs: crm.Team{Region: "RU", Fields: []crm.CustomField{size, pass}, NeedCode: true, Protected: true, Shared: true, Looks: 30, KeepYears: 3, Goal: 92,
			Currency: "EUR", NoteParts: []string{"Итог", "Шаг"}, Required: crm.RequiredGaps{crm.KindPerson: {crm.GapPhone, crm.OwnGap("size")}},
			ConsentTexts: []crm.ConsentText{{No: 2, Text: "…", Since: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}}},
		SelfWas: crm.Member{Zone: "Europe/Moscow", Lang: "ru"},
		SelfIs:  crm.Member{Zone: "Asia/Omsk", Lang: "en"},
	}
	turn := &talk.Turn{T: catalog.For("ru"), Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	for field, want := range map[string][2]string{
		"need_code": {"нет", "да"}, "protected": {"нет", "да"}, "shared": {"каждый видит своих", "менеджеры видят всех"}, "looks": {"60", "30"},
		"goal": {"85 %", "92 %"}, "need_consent": {"Поздравления", ""}, "note_parts": {"", "Итог, Шаг"}, "fields": {"", "Паспорт, скрытое: владелец, бухгалтер"},
		"consent_texts": {"", "версия 2, сегодня"}, "required": {"", "частное лицо: телефон, Размер"}, "zone": {"Europe/Moscow", "Asia/Omsk"}, "lang": {"Русский", "English"},
		"reminding": {"", ""}, "keep_years": {turn.T.Years(5), turn.T.Years(3)}, "currency": {turn.T.Label("currency.RUB"), turn.T.Label("currency.EUR")},
	} {
		e.Settings = []string{field}
		got := settings(turn, e.TeamIs, e)
		if len(got) != 1 || got[0].was != want[0] || got[0].is != want[1] {
			t.Errorf("%s: got %+v, want %q", field, got, want)
		}
		if lines := settingLines(turn, got); strings.Contains(lines[0], "→") != (want[0] != want[1]) {
			t.Errorf("%s is shown as %q", field, lines)
		}
	}
	e.Settings = []string{"rev"}
	if got := settings(turn, e.TeamIs, e); len(got) > 0 {
		t.Errorf("what nobody has set is told: %+v", got)
	}
}

package remind_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/talk"
)

// A typed setting is the whole line: a number somewhere in a sentence is none.
func TestTypedSettings(t *testing.T) {
	for _, c := range []struct{ lang, what, typed, want string }{
		{"ru", "digest", "8", "в 08:00"},
		{"ru", "digest", "8.30", "в 08:30"},
		{"ru", "digest", "08:30", "в 08:30"},
		{"ru", "digest", "В 8:30", "в 08:30"},
		{"ru", "digest", "за 3 дня и в тот же день", "Напишите только его: 8, 8:30"},
		{"ru", "digest", "22-7", "Напишите только его: 8, 8:30"},
		{"ru", "digest", "25", "Напишите только его: 8, 8:30"},
		{"ru", "quiet", "22-7", "Тихие часы: 22:00–07:00"},
		{"ru", "quiet", "с 22 до 7:30", "Тихие часы: 22:00–07:30"},
		{"ru", "quiet", "22:30 – 7.00", "Тихие часы: 22:30–07:00"},
		{"ru", "quiet", "22", "«с 22 до 7:30»"},
		{"ru", "quiet", "за 22 дня до 7", "«с 22 до 7:30»"},
		{"ru", "birthdays", "10, 3 и 0", "за 10 дней, за 3 дня, в сам день"},
		{"ru", "birthdays", "за 3 дня", "Дни рождения: за 3 дня"},
		{"ru", "birthdays", "в 8:30", "До пяти чисел от 0 до 30"},
		{"ru", "anniversaries", "14 0", "Годовщины: за 14 дней, в сам день"},
		{"ru", "anniversaries", "7 и 2 раза", "До пяти чисел от 0 до 30"},
		{"ru", "days", "вт, чт и сб", "(вт, чт, сб)"},
		{"ru", "days", "каждый день", "(пн, вт, ср, чт, пт, сб, вс)"},
		{"en", "days", "Mon-Sat", "(Mon, Tue, Wed, Thu, Fri, Sat)"},
		{"ru", "digest", "полдевятого", "в 08:30"},
		{"ru", "quiet", "с 10 вечера до 8 утра", "Тихие часы: 22:00–08:00"},
		{"ru", "quiet", "нет", "Тихие часы: нет"},
		{"ru", "birthdays", "5,0,0", "Дни рождения: за 5 дней, в сам день\n"},
		{"ru", "birthdays", "за неделю и в сам день", "Дни рождения: за 7 дней, в сам день"},
		{"ru", "anniversaries", "за 7 дней, в сам день", "Годовщины: за 7 дней, в сам день"},
		{"ru", "digest", "6:30", "в 06:30 (пн, вт, ср, чт, пт)\nПридёт в 08:00: раньше — тихие часы."},
		{"ru", "digest", "Нет", "Утренний список: нет\nТихие"},
		{"ru", "birthdays", "нет", "Дни рождения: нет\n"},
		{"ru", "anniversaries", "не напоминать", "Годовщины: нет\n"},
		{"ru", "quiet", "без тихих часов", "Тихие часы: нет\n"},
		{"en", "digest", "never", "Morning list: none\nQuiet"},
		{"en", "birthdays", "no", "Birthdays: none\n"},
		{"en", "anniversaries", "none", "Anniversaries: none\n"},
		{"en", "quiet", "no", "Quiet hours: none\n"},
		{"en", "digest", "8:30am", "at 08:30"},
		{"en", "quiet", "10pm-7am", "22:00–07:00"},
		{"en", "birthdays", "a week before", "Birthdays: 7 days before"},
		{"en", "digest", "at 8:30", "at 08:30"},
		{"en", "digest", "3 days before", "Type nothing else: 8, 8:30"},
		{"en", "quiet", "from 22 to 7:30", "22:00–07:30"},
		{"en", "birthdays", "3 days before and 0", "3 days before, on the day"},
	} {
		o := newOffice(t)
		anna := o.Member("Анна", crm.RoleOwner, c.lang)
		anna.Say("/settings")
		anna.PressData(anna.Message(), "rset||"+c.what+"=?")
		anna.Say(c.typed)
		t.Run(c.lang+" "+c.what+" "+c.typed, func(t *testing.T) { wantIn(t, anna.Screen().Text, c.want) })
	}
}

func TestDueThisMinuteIsNotOverdue(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task позвонить в банк через час")
	o.Clock.Advance(time.Hour + 59*time.Second)
	anna.Say("/tasks")
	wantIn(t, anna.Screen().Text, "позвонить в банк")
	wantNotIn(t, anna.Screen().Text, "Просрочено")
	o.Clock.Advance(time.Second)
	anna.Say("/tasks")
	wantIn(t, anna.Screen().Text, "Просрочено")
	anna.Say("/today") // there it is of this day all the same
	wantNotIn(t, anna.Screen().Text, "Просрочено")
}

func TestMissedOccasionsAreNamed(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	anna.Add(crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 24}})
	for _, at := range []string{"11", "12", "13", "14"} {
		anna.Say("/task позвонить в банк завтра в " + at)
	}
	o.tick(0)
	o.tick(4*24*time.Hour + 3*time.Hour)
	var missed string
	for _, s := range o.Out.Sent(anna.User) {
		missed += s.Text + "\n"
	}
	wantIn(t, missed, "Пока бот был недоступен", "<b>1</b>  🎂 День рождения: Ким")
}

// What is typed while the choices of a setting are shown is its value if it can be one, and a search if it cannot be meant so.
func TestASettingIsTypedWhereItIsChosen(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	set := func() crm.Reminding {
		t.Helper()
		m, err := o.Desk.Actor(t.Context(), anna.User, "look")
		if err != nil {
			t.Fatal(err)
		}
		return m.Reminding
	}
	anna.PressData(anna.Message(), pack(talk.VerbReminding, "", "digest"))
	anna.Say("в 8:30")
	if got := set().Digest; got != "08:30" {
		t.Errorf("the digest is at %s", got)
	}
	anna.Say("25")
	wantIn(t, anna.Screen().Text, "Не похоже на время")
	for _, other := range []string{"Иванов", "+7 900 123-45-67"} {
		anna.Say(other)
		wantNotIn(t, anna.Screen().Text, "Не похоже на время", "Утренний список")
	}
	anna.PressData(anna.Message(), pack(talk.VerbReminding, "", "birthdays"))
	anna.Say("за 10, 3 и 0 дней")
	if got := set(); !slices.Equal(got.Birthdays, []int{10, 3, 0}) || got.Digest != "08:30" {
		t.Errorf("birthdays %v before, the digest at %s", got.Birthdays, got.Digest)
	}
	anna.Say("нет")
	if got := set(); got.Wants(crm.RemindBirthday) || len(got.Birthdays) != 3 {
		t.Errorf("not wanted, birthdays are reminded of: %v, %v", got.Off, got.Birthdays)
	}
	anna.Press("Как у всех")
	if got := set(); !got.Wants(crm.RemindBirthday) || !slices.Equal(got.Birthdays, []int{5, 0}) {
		t.Errorf("as all have it: off %v, %v", got.Off, got.Birthdays)
	}
	anna.Say("нет")
	anna.Say("4")
	if got := set(); !got.Wants(crm.RemindBirthday) || !slices.Equal(got.Birthdays, []int{4}) {
		t.Errorf("wanted 4 days before: off %v, %v", got.Off, got.Birthdays)
	}
	anna.Press("Назад")
	anna.Say("7")
	if got := set().Birthdays; len(got) != 1 || got[0] != 4 {
		t.Errorf("typed elsewhere, it set %v", got)
	}
}

package remind_test

import (
	"testing"

	"kartoteka/crm"
)

func TestDoneOfARepeatingTaskSaysNothingOfOthers(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task планёрка каждый понедельник в 10")
	anna.Press("Сделано")
	wantIn(t, anna.Screen().Text, "Следующий раз")
	anna.Say("/task купить бумагу завтра в 10")
	anna.Press("Сделано")
	wantIn(t, anna.Screen().Text, "купить бумагу", "✓ Сделано")
	wantNotIn(t, anna.Screen().Text, "Следующий раз")
}

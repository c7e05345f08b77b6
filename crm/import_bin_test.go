package crm_test

import (
	"fmt"
	"testing"

	"kartoteka/crm"
)

// Whose card is in the bin becomes a new client, which the check says, however many they are.
func TestImport_tells_of_the_bin(t *testing.T) {
	o := newOffice(t)
	lines := []string{"Имя;Телефон;Почта"}
	for i := range 45 {
		phone := fmt.Sprintf("+7900%07d", i)
		c := o.add(o.owner, crm.Profile{Name: "Клиент " + spelled(i), Phones: []crm.Phone{{E164: phone}}, Emails: []string{fmt.Sprintf("k%d@x.ru", i)}})
		_, err := o.DeleteClient(t.Context(), o.as(o.owner), c.ID)
		mustAll(t, err)
		lines = append(lines, fmt.Sprintf("Клиент %s;%s;k%d@x.ru", spelled(i), phone, i))
	}
	lines = append(lines, "Новый;+79110000001;", "Повтор;+79110000001;")
	rows := sheetOf(lines...)
	i := o.begin(o.as(o.owner), rows)
	came(t, i, crm.ImportCounts{New: 46, InBin: 45, Double: 1})
	i, err := o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportFill)
	mustAll(t, err)
	if i = o.work(i, rows); i.Counts.New != 46 || i.Counts.InBin != 0 {
		t.Errorf("done: %+v", i.Counts)
	}
}

package find_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kartoteka/crm"
)

// Whoever has searched for a client, and in whatever way: no message remembers the name once the client is erased.
func TestNoMessageRemembersWhoIsErased(t *testing.T) {
	k := newKit(t)
	olga := k.Member("Ольга", crm.RoleOwner, "ru")
	name := "Горлодранова Екатерина Вениаминовна"
	c := olga.Add(crm.Profile{Name: name, City: "Город 0"})
	for i := range 8 {
		olga.Add(crm.Profile{Name: name, City: fmt.Sprintf("Город %d", i+1)})
	}
	remembers := func(id string) bool {
		t.Helper()
		d, err := k.Store.Dialog(t.Context(), id)
		if err != nil {
			return false
		}
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(raw), "орлодран") || strings.Contains(string(raw), string(c.ID))
	}
	for what, ways := range map[string]func(){
		"a list kept with its message": func() { olga.Say("Горлодранова Екатерина\nВениаминовна") },
		"a card opened from the hits":  func() { olga.Say("горлодранова"); olga.Press(rows(olga)[0]) },
		"a list beyond its first page": func() { olga.Say("/clients"); olga.Press("Дальше ›") },
		"hits that are marked":         func() { olga.Say("горлодранова"); olga.Press("Изменить всех") },
		"a question about the client":  func() { olga.Say("/start c_" + string(c.ID)); olga.Press("Изменить"); olga.Press("✓ Имя") },
	} {
		ways()
		id := fmt.Sprintf("%d:%d", olga.User, olga.Message())
		if open := fmt.Sprint(olga.User); remembers(open) {
			id = open
		}
		if !remembers(id) {
			t.Errorf("%s: nothing remembers the name before: %v", what, olga.Labels())
		}
		if err := k.Desk.EraseClient(t.Context(), olga.By(), c.ID); err != nil {
			t.Fatal(err)
		}
		if remembers(id) {
			t.Errorf("%s remembers who was erased", what)
		}
		c = olga.Add(crm.Profile{Name: name, City: "Город 0"})
	}
}

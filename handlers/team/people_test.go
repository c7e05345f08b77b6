package team_test

import (
	"fmt"
	"strings"
	"testing"

	"kartoteka/crm"
)

// A manager of a large team turns pages: what does not fit a message would be cut off, and nobody would know.
func TestManagersTurnPagesOfTheTeam(t *testing.T) {
	k := kit(t)
	k.Member("Анна", crm.RoleOwner, "ru")
	ivan := k.Member("Иван", crm.RoleManager, "ru")
	long := strings.Repeat("Ы", 60)
	for i := range 58 {
		k.Member(fmt.Sprintf("%02d%s", i, long), crm.RoleManager, "ru")
	}
	ivan.Say("/team")
	text := ivan.Screen().Text
	for range 2 {
		ivan.Press("Дальше ›")
		text += ivan.Screen().Text
	}
	for i := range 58 {
		if name := fmt.Sprintf("%02dЫЫ", i); strings.Count(text, name) != 1 {
			t.Errorf("%s is named %d times", name, strings.Count(text, name))
		}
	}
}

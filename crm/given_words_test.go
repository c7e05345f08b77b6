package crm

import (
	"testing"

	"kartoteka/crm/spell"
)

func TestGivenName(t *testing.T) {
	for name, want := range map[string]string{
		"Иванов Иван Петрович": "Иван", "Иван Петрович": "Иван", "Иванов Иван": "Иван", "Иван Иванов": "Иван", "Ким Алексей": "Алексей",
		"Алексей Ким": "Алексей", "Соловьёв Фёдор": "Фёдор", "John Smith": "John", "Smith John": "John", "Мария": "Мария", "": "",
	} {
		if got := GivenName(name); got != want {
			t.Errorf("GivenName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestBelowSurname(t *testing.T) {
	for name, want := range map[string][2]string{
		"Иванов Иван Петрович": {"иван", "петрович"}, "Иван Петрович Иванов": {"иван", "петрович"}, "Ким Алексей": {"алексей", ""},
		"John Smith": {"john", ""}, "Мария де ла Крус": {"мария", ""}, "Торговый дом Восток": {}, "Иван Петрович": {}, "Вера": {}, "": {},
	} {
		if given, patronymic := belowSurname(spell.Words(spell.Fold(name))); given != want[0] || patronymic != want[1] {
			t.Errorf("belowSurname(%q) = %q, %q, want %q", name, given, patronymic, want)
		}
	}
}

// A phone's book keeps the parts of a name, whichever order it stands in.
func TestPartsOfName(t *testing.T) {
	for name, want := range map[string][3]string{
		"Иванов Иван Петрович": {"Иванов", "Иван", "Петрович"}, "Иван Петрович Иванов": {"Иванов", "Иван", "Петрович"}, "Иван Иванов": {"Иванов", "Иван", ""},
		"Ким Анна": {"Ким", "Анна", ""}, "Ким Чен Ын": {"Ким", "Чен", "Ын"}, "Анна Ивановна": {"", "Анна", "Ивановна"}, "Ольга": {"", "Ольга", ""},
		"Grace Watson": {"Watson", "Grace", ""}, "Mary Ann Smith": {"Smith", "Mary", "Ann"}, "Ludwig van Beethoven": {"van Beethoven", "Ludwig", ""},
		"Ivanov Ivan Petrovich": {"Ivanov", "Ivan", "Petrovich"}, "Petrov Ivan": {"Petrov", "Ivan", ""}, "John Smith": {"Smith", "John", ""},
	} {
		family, given, middle := PartsOfName(name)
		if got := [3]string{family, given, middle}; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

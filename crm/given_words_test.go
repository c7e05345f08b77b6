package crm

import "testing"

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
		if given, patronymic := belowSurname(Words(Fold(name))); given != want[0] || patronymic != want[1] {
			t.Errorf("belowSurname(%q) = %q, %q, want %q", name, given, patronymic, want)
		}
	}
}

package crm

import "testing"

func TestRetyped(t *testing.T) {
	for typed, meant := range map[string]string{
		// plainly the wrong layout
		"dfdbkjd": "вавилов", "bdfyjd": "иванов", "Gtnhjd Cthutq": "Петров Сергей", "fktrctq": "алексей", "vfhbyf": "марина",
		"[fhbnjyjd": "харитонов", "cblzrby gfdtk": "сидякин павел", "yfnfif": "наташа", "k.,jdm": "любовь",
		"фттф": "anna", "ьфкшф": "maria", "ощрт": "john", "ЫЬШЕР": "SMITH", "ызщкеы": "sports",
		// names and words as they are
		"Smith": "", "Jonathan Smith": "", "Schwarz": "", "Vladimir": "", "Dmitry Zhukov": "", "Mstislav": "", "Nguyen": "", "Wright": "",
		"Acme GmbH": "", "Kraft": "", "Hirsch": "", "Sven Björk": "", "Björn": "", "Fjodor": "", "Xavier": "", "Tariq": "", "O'Brien": "",
		"Вавилов": "", "Мстислав": "", "Йорк": "", "Щукин": "", "Львов": "", "Иоанн": "", "Хачатурян": "", "Римский-Корсаков": "", "Эйнштейн": "",
		"Взоров": "", "Подъячев": "", "Ржевский": "", "Бильярд": "", "Ульянов": "", "Марьин": "", "Айвазовский": "", "Фёдоров": "",
		// nothing that could be said either way, or too little to tell
		"жжжжщщщ": "", "qqqqqqq": "", "BMW": "", "HTC": "", "jbl": "", "12-34": "", "": "", "???": "", "ivan иванов": "", "ivan@acme.ru": "",
	} {
		if meant == "" {
			meant = typed
		}
		if got := Retyped(typed); got != meant {
			t.Errorf("Retyped(%q) = %q, want %q", typed, got, meant)
		}
		if got := Retyped(meant); got != meant {
			t.Errorf("Retyped(%q) = %q, it was right already", meant, got)
		}
	}
}

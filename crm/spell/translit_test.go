package spell

import (
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Each line is one name as it is met in Russian and Latin spellings.
var sameNames = [][]string{
	{"Шевчук", "Shevchuk", "Sevcuk", "Ševčuk", "Schewtschuk"},
	{"Юлия", "Yulia", "Julia", "Iuliia", "Yuliya", "Ulia"},
	{"Щербаков", "Shcherbakov", "Scherbakov", "Ščerbakov", "Scerbakov"},
	{"Цой", "Tsoi", "Tsoy", "Coj"},
	{"Жуков", "Zhukov", "Jukov", "Žukov"},
	{"Пётр", "Petr", "Pyotr", "Piotr"},
	{"Дмитрий", "Dmitry", "Dmitriy", "Dmitrii", "Dmitrij"},
	{"Достоевский", "Dostoevsky", "Dostoyevskiy", "Dostojewski", "Dostoevskii"},
	{"Хрущёв", "Khrushchev", "Hrushchev", "Khruschyov"},
	{"Наталья", "Наталия", "Natalia", "Nataliya", "Natalya"},
	{"Сергей", "Sergey", "Sergei", "Sergej"},
	{"Алексей", "Alexey", "Aleksei", "Alexei"},
	{"Михаил", "Mikhail", "Mihail", "Michail"},
	{"Ольга", "Olga", "Olha"},
	{"Евгений", "Evgeny", "Yevgeniy", "Evgenii", "Jewgenij"},
	{"Соловьёв", "Soloviev", "Solovyov", "Solovyev"},
	{"Смирнов", "Smirnov", "Smirnoff", "Smirnow"},
	{"Чайковский", "Chaikovsky", "Tchaikovsky", "Chaykovskiy"},
	{"Ксения", "Ksenia", "Xenia", "Kseniya"},
	{"Яна", "Yana", "Jana", "Iana"},
	{"Кац", "Kats", "Katz", "Kac"},
	{"Филипп", "Филип", "Philipp", "Filip"},
	{"Татьяна", "Tatiana", "Tatyana"},
	{"Игорь", "Igor", "Ihor"},
}

func TestSoundKeys_same(t *testing.T) {
	for _, names := range sameNames {
		want := Sounds(Fold(names[0]))
		for _, n := range names[1:] {
			got := Sounds(Fold(n))
			if !slices.ContainsFunc(got, func(k string) bool { return slices.Contains(want, k) }) {
				t.Errorf("%s has the keys %q, %s has %q: none in common", names[0], want, n, got)
			}
		}
	}
}

func TestSoundKeys_different(t *testing.T) {
	for _, pair := range [][2]string{
		{"иван", "ивана"}, {"петр", "петя"}, {"марина", "мария"}, {"орлов", "урлов"}, {"ivan", "evan"}, {"козлов", "козин"},
	} {
		a, b := Sounds(pair[0]), Sounds(pair[1])
		if slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) }) {
			t.Errorf("%s and %s share a key: %q, %q", pair[0], pair[1], a, b)
		}
	}
}

func TestReadings(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"shevchuk", "шевчук"}, {"shev", "шев"}, {"sergey", "сергей"}, {"sergei", "сергей"}, {"yulia", "юлия"}, {"julia", "юлия"},
		{"iuliia", "юлия"}, {"dmitry", "дмитри"}, {"natalya", "наталья"}, {"khan", "хан"}, {"romashka", "ромашка"},
		{"шевчук", "shevchuk"}, {"сергей", "sergei"}, {"юлия", "yuliya"}, {"дмитрий", "dmitry"}, {"жуков", "jukov"}, {"алекс", "alex"},
	} {
		got := Readings(c.in)
		if !slices.Contains(got, c.want) || len(got) > maxReadings {
			t.Errorf("readings(%q) = %q, want %q among at most %d", c.in, got, c.want, maxReadings)
		}
	}
}

func TestOtherLayout(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"bdfyjd", "иванов"}, {"Gtnhjd", "Петров"}, {"руддщ", "hello"}, {"k.,f", "люба"}, {"[kt,", "хлеб"}, {"'lbr", "эдик"},
		{";trf", "жека"}, {"`krf", "ёлка"}, {"j,]tpl", "объезд"}, {"шмфтюзуекщм\"ьфшдюкг", "ivan.petrov@mail.ru"},
		{"", ""}, {"123", ""}, {"ivanов", ""},
	} {
		if got := OtherLayout(c.in); got != c.want {
			t.Errorf("OtherLayout(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSoundKeys_bounded(t *testing.T) {
	word := rapid.StringOf(rapid.SampledFrom([]rune("chjxioyабвйьяkq")))
	rapid.Check(t, func(t *rapid.T) {
		w := word.Draw(t, "word")
		for _, k := range Sounds(w) {
			if utf8.RuneCountInString(k) > 3*MaxVariant {
				t.Errorf("soundKeys(%q) has the long key %q", w, k)
			}
		}
		if n := len(Sounds(w)); n > maxKeys {
			t.Errorf("soundKeys(%q) has %d keys", w, n)
		}
	})
}

package sheet

import (
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"kartoteka/crm/sheet/sheettest"
)

func TestText(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"semicolons":               {"Имя;Тел\r\nИван;1\r\n", []string{"Имя|Тел", "Иван|1"}},
		"tabs":                     {"Имя\tТел\nИван, ООО\t1\n", []string{"Имя|Тел", "Иван, ООО|1"}},
		"commas":                   {"Name,Phone\nIvan,1\n", []string{"Name|Phone", "Ivan|1"}},
		"bars":                     {"Name|Phone\nIvan|1\n", []string{"Name|Phone", "Ivan|1"}},
		"sep":                      {"sep=;\r\na,b;c\r\n", []string{"a,b|c"}},
		"one column":               {"Иван\nПётр\n", []string{"Иван", "Пётр"}},
		"quoted line ends":         {"a;b\n\"раз\nдва\";\"с \"\"кавычками\"\"\"\n", []string{"a|b", "раз\nдва|с \"кавычками\""}},
		"quotes that are none":     {"a;b\n\"Ромашка\" ООО;1\nООО \"Лютик\";2\n", []string{"a|b", "\"Ромашка\" ООО|1", "ООО \"Лютик\"|2"}},
		"a quote left open":        {"a;b\n\"Ромашка;1\nЛютик;2\n", []string{"a|b", "\"Ромашка|1", "Лютик|2"}},
		"ragged":                   {"a;b;c\n1\n1;2;3;4\n", []string{"a|b|c", "1", "1|2|3|4"}},
		"empty rows":               {"\n;;\na;b\n\n\n1;2\n;\n", []string{"a|b", "1|2"}},
		"no line end":              {"a;b\n1;2", []string{"a|b", "1|2"}},
		"lone returns":             {"a;b\r1;2\r", []string{"a|b", "1|2"}},
		"spaces":                   {" a ; \"b\" \n", []string{"a|b"}},
		"the end of a file of DOS": {"Имя;Тел\r\nИван;1\r\n\x1a", []string{"Имя|Тел", "Иван|1"}},
		"a stray character":        {"Имя;Тел\nИв\x02ан;1\n", []string{"Имя|Тел", "Иван|1"}},
		"decimal commas":           {"Имя;Сумма\nИван;1,5\nПётр;2,5\nАнна;3,5\n", []string{"Имя|Сумма", "Иван|1,5", "Пётр|2,5", "Анна|3,5"}},
	} {
		t.Run(name, func(t *testing.T) { reads(t, []byte(c.in), c.want...) })
	}
}

// A file that breaks off says so in its last row: in the middle of a letter, or of a cell between quotes.
func TestText_breaks_off(t *testing.T) {
	for name, c := range map[string]struct {
		in, last string
		cut      bool
	}{
		"whole":                      {"Имя;Тел\nИван;1\n", "Иван|1", false},
		"no line end":                {"Имя;Тел\nИван;1", "Иван|1", false},
		"in a letter":                {"Имя;Тел\nПётр;1\nИва\xD0", "Ива", true},
		"in a letter, with a mark":   {"\uFEFFИмя;Тел\nПётр;1\nИва\xD0", "Ива", true},
		"in a letter of UTF-16":      {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "Имя;Тел\nИван;1") + "\x31", "Иван|1\uFFFD", true},
		"between quotes":             {"Имя;Тел\nИван;\"начало; зам", "Иван|начало; зам", true},
		"between quotes, lines on":   {"Имя;Тел\nИван;\"начало\nи дальше", "Иван|начало\nи дальше", true},
		"a quote, and a whole line":  {"Имя;Тел\nИван;\"1\n", "Иван|\"1", false},
		"a quote, and whole rows":    {"Имя;Тел\n\"Ромашка;1\nИван;2", "Иван|2", false},
		"windows-1251 as any letter": {encoded(t, charmap.Windows1251, "Имя;Тел\nИван;1\nПётр"), "Пётр", false},
	} {
		r, err := Open([]byte(c.in), Limits{})
		var row Row
		for err == nil {
			var next Row
			if next, err = r.Next(); err == nil {
				row = next
			}
		}
		if got := strings.Join(row.Cells, "|"); err != io.EOF || got != c.last || row.Cut != c.cut {
			t.Errorf("%s: got %q, cut %v, %v", name, got, row.Cut, err)
		}
	}
}

func TestText_encodings(t *testing.T) {
	const text = "Имя;Телефон\r\nЩукин Ёжик;+7 900\r\nОльга;№ 5\r\n"
	want := []string{"Имя|Телефон", "Щукин Ёжик|+7 900", "Ольга|№ 5"}
	loud := strings.ToUpper(text)
	for name, in := range map[string]string{
		"UTF-8": text, "UTF-8 with its mark": "\uFEFF" + text,
		"windows-1251":  encoded(t, charmap.Windows1251, text),
		"UTF-16":        encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), text),
		"UTF-16, big":   encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), text),
		"UTF-16, plain": encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), text),
	} {
		t.Run(name, func(t *testing.T) { reads(t, []byte(in), want...) })
	}
	plain := strings.Replace(text, "№", "N", 1)
	reads(t, []byte(encoded(t, charmap.KOI8R, plain)), "Имя|Телефон", "Щукин Ёжик|+7 900", "Ольга|N 5")
	reads(t, []byte(encoded(t, charmap.Windows1251, loud)), "ИМЯ|ТЕЛЕФОН", "ЩУКИН ЁЖИК|+7 900", "ОЛЬГА|№ 5")
}

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestText_limits(t *testing.T) {
	refuses(t, []byte(strings.Repeat("a;b\n", 11)), Limits{Rows: 10}, TooLong)
	refuses(t, []byte(strings.Repeat("a;", 11)+"b"), Limits{Columns: 10}, TooWide)
	refuses(t, []byte(strings.Repeat("a;b\n", 100)), Limits{Bytes: 100}, TooLarge)
	refuses(t, []byte(";;;\n;\n"), Limits{}, Empty)
	refuses(t, []byte("\n"), Limits{}, Unknown)
	refuses(t, nil, Limits{}, Unknown)
	refuses(t, []byte("\x00\x01\x02мусор\x00"), Limits{}, Unknown)
	refuses(t, append([]byte("\xEF\xBB\xBF"), sheettest.Zip(t, "a.csv", "a;b")...), Limits{}, Unknown)
	r, err := Open([]byte("имя;"+strings.Repeat("ж", 100)+"\n"), Limits{Cell: 51})
	if err != nil {
		t.Fatal(err)
	}
	if row, err := r.Next(); err != nil || !row.Long || row.Cells[1] != strings.Repeat("ж", 25) {
		t.Errorf("got %+v, %v", row, err)
	}
	reads(t, []byte(strings.Repeat(";", 5000)+"\na;b\n"), "a|b") // empty cells are no columns
}

func TestZip(t *testing.T) {
	reads(t, sheettest.Zip(t, "__MACOSX/._a.csv", "x", "a.csv", "a;b\n1;2\n", ".DS_Store", "x"), "a|b", "1|2")
	reads(t, sheettest.Zip(t, "book.xlsx", string(sheettest.Book(t, sheettest.Parts{Rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>`}))), "x")
	refuses(t, sheettest.Zip(t, "a.csv", "a", "b.csv", "b"), Limits{}, Several)
	refuses(t, sheettest.Zip(t), Limits{}, Nothing)
	refuses(t, sheettest.Zip(t, "in.zip", string(sheettest.Zip(t, "a.csv", "a"))), Limits{}, Nothing)
	whole := sheettest.Zip(t, "a.csv", "a;b\n")
	refuses(t, whole[:len(whole)-10], Limits{}, Broken)
	bomb := sheettest.Zip(t, "a.csv", strings.Repeat("a;b\n", 1<<20))
	if len(bomb) > 100_000 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	refuses(t, bomb, Limits{Bytes: 1 << 20}, TooLarge)
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{"a;b\n\"1\n2\";3\n", "sep=\t\na\tb", "\xFF\xFEa\x00;\x00", "\"", "\"a\"\"", "PK\x03\x04", "{\"a\":1}", "BEGIN:VCARD"} {
		f.Add([]byte(s))
	}
	if raw, err := os.ReadFile("testdata/book.xlsx"); err == nil {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open(data, Limits{Rows: 1000, Columns: 50, Cell: 1000, Bytes: 1 << 20, Words: 1 << 16})
		for rows, last := 0, 0; err == nil; rows++ {
			var row Row
			row, err = r.Next()
			if err != nil {
				break
			}
			if rows > 1000 || len(row.Cells) == 0 || len(row.Cells) > 50 || row.N <= last {
				t.Fatalf("row %d of %d cells behind %d", row.N, len(row.Cells), last)
			}
			last = row.N
		}
	})
}

package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/crm/sheet/sheettest"
)

// badInput is what may come in place of a tidy table. Each ends with a sentence, or with cards; every row is counted; and the same file
// sent again brings nobody twice. An upload that was cut off and an import over restarts are in the story import_bad.txt, kill -9 is in
// TestCrashImport, both beside the program; formulas in what is written are in sheet.TestBook_round_trip.
var badInput = map[string]struct {
	file    func(t *testing.T) kept
	problem string           // that it ends with; else
	counts  crm.ImportCounts // what comes of its rows
	cards   []string         // name|phones|birthday; nil where they are too many to be named
}{
	"a zip bomb": {problem: "import.large", file: func(t *testing.T) kept {
		return smallerThan(t, 200<<10, sheettest.Zip(t, "a.csv", "Имя;Телефон\n"+strings.Repeat(";;;;;;;;\n", 15<<19)))
	}},
	"a bomb in a book": {problem: "import.large", file: func(t *testing.T) kept {
		return smallerThan(t, 2<<20, bookOf(t, sheettest.Row("A1", "Имя")+sheettest.Row("A2", "Ким")+`<row><c t="inlineStr"><is><t>`+strings.Repeat("а", 4<<20)+`</t></is></c></row>`, ""))
	}},
	"a book with a million empty rows": {counts: crm.ImportCounts{New: 2}, cards: []string{"Ким Анна|+79001234567", "Ли Олег"}, file: func(t *testing.T) kept {
		return bookOf(t, sheettest.Row("A1", "Имя", "B1", "Телефон")+sheettest.Row("A2", "Ким Анна", "B2", "8 900 123-45-67")+strings.Repeat(`<row r="3"/>`, 1<<20)+
			sheettest.Row("A1048576", "Ли Олег"), "")
	}},
	"merged headings": {counts: crm.ImportCounts{New: 2}, cards: []string{"Ким Анна|+79001234567,+79007654321", "Ли Олег|+79001112233"}, file: func(t *testing.T) kept {
		return bookOf(t, sheettest.Row("A1", "Клиенты на 1 ноября")+sheettest.Row("A2", "Имя", "B2", "Телефоны")+sheettest.Row("A3", "Ким Анна", "B3", "8 900 123-45-67", "C3", "8 900 765-43-21")+
			sheettest.Row("A4", "Ли Олег", "C4", "8 900 111-22-33"), `<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B2:C2"/></mergeCells>`)
	}},
	"formulas": {counts: crm.ImportCounts{New: 1}, cards: []string{"Ким Анна|+79001234567|1985-05-12"}, file: func(t *testing.T) kept {
		return bookOf(t, sheettest.Row("A1", "Имя", "B1", "Телефон", "C1", "День рождения")+`<row><c r="A2" t="str"><f>D2&amp;" "&amp;E2</f><v>Ким Анна</v></c>`+
			`<c r="B2"><f>VLOOKUP(A2,X:Y,2,0)</f><v>79001234567</v></c><c r="C2" s="1"><f>DATE(1985,5,12)</f><v>31179</v></c></row>`, "")
	}},
	"two columns of one name": {counts: crm.ImportCounts{New: 1}, cards: []string{"Ким|+79001234567,+79001234568"}, file: func(*testing.T) kept {
		return lines("Имя;Телефон;Телефон;Имя", "Ким;+79001234567;+79001234568;Анна")
	}},
	"no heading": {counts: crm.ImportCounts{New: 2}, cards: []string{"Иванов Иван|+79001234567", "Петрова Анна|+79001234568"}, file: func(*testing.T) kept {
		return lines("Иванов Иван;+7 900 123-45-67;ООО «Ромашка»", "Петрова Анна;+7 900 123-45-68;ИП Петрова")
	}},
	"one column": {counts: crm.ImportCounts{New: 2}, cards: []string{"Иванов Иван", "Петрова Анна"}, file: func(*testing.T) kept {
		return lines("Имя", "Иванов Иван", "Петрова Анна")
	}},
	"phones that Excel has cut": {counts: crm.ImportCounts{New: 2, Refused: 1}, cards: []string{"Ким|+79001234567", "Пак|+79001234569"}, file: func(*testing.T) kept {
		return lines("Имя;Телефон", "Ким;7,9001234567E+10", "Ли;7,90012E+10", "Пак;79001234569.0")
	}},
	"dates in three formats, and Excel's days": {counts: crm.ImportCounts{New: 4, Refused: 1},
		cards: []string{"Ан||1985-05-12", "Бо||1985-05-12", "Ве||1985-05-12", "Го||1985-05-12"}, file: func(*testing.T) kept {
			return lines("Имя;Дата рождения", "Ан;12.05.1985", "Бо;1985-05-12", "Ве;12 мая 1985 г.", "Го;31179", "До;31.02.1985")
		}},
	"a table that breaks off in a letter": {counts: crm.ImportCounts{New: 1, Refused: 1}, cards: []string{"Ким Анна|+79001234567"}, file: func(*testing.T) kept {
		return lines("Имя;Телефон", "Ким Анна;8 900 123-45-67", "Оборв\xD0")[:len("Имя;Телефон\nКим Анна;8 900 123-45-67\nОборв\xD0")]
	}},
	"a card with a photo of 5 MB": {counts: crm.ImportCounts{New: 1}, cards: []string{"Ким Анна|+79001234567"}, file: func(*testing.T) kept {
		return kept(withPhoto("Ким Анна", "+79001234567"))
	}},
	"many cards with photos of 5 MB": {counts: crm.ImportCounts{New: 12}, file: func(t *testing.T) kept {
		var b strings.Builder
		for n := range 12 { // 20 MB as they come, 62 MB unpacked
			b.WriteString(withPhoto("Ким "+string(rune('А'+n)), fmt.Sprintf("+790012345%02d", n)))
		}
		return smallerThan(t, 20<<20, sheettest.Zip(t, "contacts.vcf", b.String()))
	}},
	"more cards with photos than are unpacked": {problem: "import.large", file: func(t *testing.T) kept {
		return sheettest.Zip(t, "contacts.vcf", strings.Repeat(withPhoto("Ким", "+79001234567"), 14))
	}},
	"200,000 rows": {counts: crm.ImportCounts{New: 2000, Refused: 198_000}, file: func(*testing.T) kept {
		return manyLines(200_000)
	}},
	"more rows than are read": {problem: "import.rows", file: func(*testing.T) kept {
		return manyLines(300_001)
	}},
	"a book that breaks off": {problem: "import.broken", file: func(t *testing.T) kept {
		whole := bookOf(t, sheettest.Row("A1", "Имя")+sheettest.Row("A2", "Ким"), "")
		return whole[:len(whole)*2/3]
	}},
	"an archive that breaks off": {problem: "import.broken", file: func(t *testing.T) kept {
		whole := sheettest.Zip(t, "a.csv", "Имя;Телефон\nКим;+79001234567\n")
		return whole[:len(whole)-10]
	}},
	"cards that break off behind many": {problem: "import.broken", file: func(*testing.T) kept {
		var b strings.Builder
		for n := range 2500 {
			fmt.Fprintf(&b, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Клиент %d\r\nTEL:+7900%07d\r\nEND:VCARD\r\n", n, n)
		}
		return kept(b.String() + "BEGIN:VCARD\r\nFN:Обры")
	}},
	"a text that breaks off between quotes": {counts: crm.ImportCounts{New: 1, Refused: 1}, cards: []string{"Ким|+79001234567"}, file: func(*testing.T) kept {
		return kept("Имя;Телефон;Заметка\r\nКим;+79001234567;\"любит\r\nчай\"\r\nЛи;+79001112233;\"любит ко")
	}},
	"nothing":             {problem: "import.unknown", file: func(*testing.T) kept { return kept("\r\n \r\n") }},
	"headings alone":      {problem: "import.empty", file: func(*testing.T) kept { return lines("Имя;Телефон") }},
	"a picture":           {problem: "import.unknown", file: func(*testing.T) kept { return kept("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") }},
	"a book of Excel 97":  {problem: "import.old", file: func(*testing.T) kept { return kept("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\x00o\x00r\x00k\x00") }},
	"an archive of three": {problem: "import.several", file: func(t *testing.T) kept { return sheettest.Zip(t, "a.csv", "a", "b.csv", "b", "c.csv", "c") }},
}

func TestBadInput(t *testing.T) {
	for name, c := range badInput {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && c.counts.Refused > 10_000 {
				t.Skip("takes long")
			}
			o, file := newOffice(t), c.file(t)
			i, problem := o.take(file)
			o.spoken(i, problem)
			if problem != c.problem || i.Counts != c.counts {
				t.Fatalf("got %q, %+v\nwant %q, %+v", problem, i.Counts, c.problem, c.counts)
			}
			cards := o.cards()
			if c.cards != nil && fmt.Sprint(cards) != fmt.Sprint(c.cards) || len(cards) != c.counts.New {
				t.Errorf("got %q\nwant %q", cards, c.cards)
			}
			if problem != "" {
				if i.Undoable(i.Touched) {
					t.Error("nothing was taken, and it can be taken back")
				}
				return
			}
			if i.State != crm.ImportDone || i.Done() != i.Rows {
				t.Errorf("%s, %d of %d rows are accounted for", i.State, i.Done(), i.Rows)
			}
			if c.counts.Refused < 10_000 { // or it takes long
				o.again(file, i, cards)
			}
		})
	}
}

// again sends the same file a second time.
func (o *office) again(file kept, first crm.Import, cards []string) {
	o.Helper()
	i, problem := o.take(file)
	want := crm.ImportCounts{Same: first.Counts.New, Refused: first.Counts.Refused}
	if problem != "" || i.Counts != want || fmt.Sprint(o.cards()) != fmt.Sprint(cards) {
		o.Errorf("the second time: %q, %+v, %d cards", problem, i.Counts, len(o.cards()))
	}
	if len(cards) > 0 && i.Again.IsZero() {
		o.Error("nobody says that the file was there before")
	}
}

// manyLines are rows of which each hundredth is somebody.
func manyLines(n int) kept {
	var b strings.Builder
	b.WriteString("Имя;Телефон\r\n")
	for n := range n {
		if n%100 == 0 {
			fmt.Fprintf(&b, "Клиент %d;+7900%07d\r\n", n, n)
		} else {
			fmt.Fprintf(&b, "Клиент %d;12\r\n", n)
		}
	}
	return kept(b.String())
}

// withPhoto is a card as phones write it, each photo another.
func withPhoto(name, phone string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:" + name + "\r\nPHOTO;ENCODING=b;TYPE=JPEG:")
	line := strings.Repeat("QUJD", 18)
	for b.Len() < 5<<20 {
		b.WriteString(line + "\r\n ")
	}
	b.WriteString("\r\nTEL:" + phone + "\r\nEND:VCARD\r\n")
	return b.String()
}

func smallerThan(t *testing.T, most int, file kept) kept {
	t.Helper()
	if len(file) > most {
		t.Fatalf("it has %d bytes, and is to be less than %d", len(file), most)
	}
	return file
}

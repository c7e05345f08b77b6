package sheet

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"kartoteka/crm/sheet/sheettest"
)

func TestBook(t *testing.T) {
	styles := `<numFmts count="2"><numFmt numFmtId="164" formatCode="[$-419]d\ mmm\ yyyy;@"/><numFmt numFmtId="165" formatCode="#,##0\ &quot;days&quot;"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>`
	shared := `<si><t>Имя</t></si><si><r><t>Ива</t></r><r><rPr><b/></rPr><t xml:space="preserve">нов </t></r><rPh><t>yomi</t></rPh></si><si><t>a&amp;b &#1103; _x0041_</t></si><si/>`
	sheet := `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>в строке</t></is></c></row>` +
		`<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3"><v>7.9001234567E10</v></c><c r="C3" s="1"><v>31179</v></c><c r="D3" s="2"><v>31179.5</v></c><c r="E3" s="3"><v>31179</v></c></row>` +
		`<row><c t="str"><f>A1&amp;"x"</f><v>итог</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>99</v></c></row>` +
		`<row r="5" spans="1:3"/><row r="6"><c r="A6"/><c r="B6" s="1"/></row>`
	reads(t, sheettest.Book(t, sheettest.Parts{Rows: sheet, Shared: shared, Styles: styles}), "Имя||в строке", "Иванов|79001234567|1985-05-12|1985-05-12 12:00:00|31179", "итог||1|a&b я A")
	reads(t, sheettest.Book(t, sheettest.Parts{Rows: `<row><c s="1"><v>29717</v></c><c s="1"><v>0.5</v></c></row>`, Styles: styles, Book: `<workbookPr date1904="1"/>`}), "1985-05-12|12:00:00")
	refuses(t, sheettest.Book(t, sheettest.Parts{}), Limits{}, Empty)
}

func TestBook_row_numbers(t *testing.T) {
	r, err := Open(sheettest.Book(t, sheettest.Parts{Rows: `<row r="2"><c r="A2"><v>1</v></c></row><row r="3"/><row><c><v>2</v></c></row><row r="900"><c><v>3</v></c></row>`}), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 4, 900} {
		if row, err := r.Next(); err != nil || row.N != want {
			t.Errorf("got row %d, %v, want %d", row.N, err, want)
		}
	}
}

// Whoever prints the sheets of a book puts what counts on the first that holds anything.
func TestBook_first_sheet_with_something(t *testing.T) {
	book := sheettest.Zip(t, "xl/workbook.xml", `<workbook><sheets><sheet state="hidden" r:id="c"/><sheet r:id="a"/><sheet r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<x><Relationship Id="a" Type="/worksheet" Target="a.xml"/><Relationship Id="b" Type="/worksheet" Target="/xl/b.xml"/><Relationship Id="c" Type="/worksheet" Target="c.xml"/></x>`,
		"xl/a.xml", `<worksheet><sheetData><row/></sheetData></worksheet>`, "xl/b.xml", `<worksheet><sheetData><row><c><v>5</v></c></row></sheetData></worksheet>`,
		"xl/c.xml", `<worksheet><sheetData><row><c><v>6</v></c></row></sheetData></worksheet>`)
	reads(t, book, "5")
}

// Whatever else a book holds is named: hidden sheets, too, and those that nobody can look through.
func TestBook_others(t *testing.T) {
	tabs, rels := "", `<Relationship Id="words" Type="/sharedStrings" Target="words.xml"/>`
	files := []string{"xl/words.xml", `<sst><si><t>Звонок</t></si></sst>`}
	for n, sheet := range []struct{ tab, rows string }{{"Пусто", "<row/>"}, {"Клиенты", `<row><c><v>5</v></c></row>`}, {"История &amp; дела", `<row/><row><c t="s"><v>0</v></c></row>`},
		{"Лист3", `<row><c t="inlineStr"><is><t> </t></is></c></row>`}, {"Обрыв", `<row><c>`}, {"Без конца", strings.Repeat("<row/>", 2<<20)}, {"Лист7", ""}} {
		id := fmt.Sprintf("s%d", n)
		tabs += `<sheet name="` + sheet.tab + `" r:id="` + id + `"/>`
		rels += `<Relationship Id="` + id + `" Type="/worksheet" Target="` + id + `.xml"/>`
		files = append(files, "xl/"+id+".xml", `<worksheet><sheetData>`+sheet.rows+`</sheetData></worksheet>`)
	}
	files = append(files, "xl/workbook.xml", `<workbook><sheets>`+tabs+`</sheets></workbook>`, "xl/_rels/workbook.xml.rels", `<x>`+rels+`</x>`)
	rows, err := Open(sheettest.Zip(t, files...), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rows.Next(); err != nil {
		t.Fatal(err)
	}
	if got, want := Others(rows), []string{"История & дела", "Обрыв", "Без конца"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := rows.Next(); err != io.EOF {
		t.Errorf("the rows end with %v", err)
	}
}

func TestBook_bad(t *testing.T) {
	row := `<row><c t="inlineStr"><is><t>x</t></is></c></row>`
	empty := strings.Repeat(`<row r="1"/>`, 1<<20)
	reads(t, sheettest.Book(t, sheettest.Parts{Rows: empty + row}), "x")
	refuses(t, sheettest.Book(t, sheettest.Parts{Rows: empty}), Limits{}, Empty)
	refuses(t, sheettest.Book(t, sheettest.Parts{Rows: strings.Repeat(row, 200_000)}), Limits{Bytes: 1 << 20}, TooLarge)
	refuses(t, sheettest.Book(t, sheettest.Parts{Rows: row, Shared: strings.Repeat(`<si><t>`+strings.Repeat("a", 1000)+`</t></si>`, 2000)}), Limits{Words: 1 << 20}, TooLarge)
	refuses(t, sheettest.Book(t, sheettest.Parts{Rows: strings.Repeat(row, 11)}), Limits{Rows: 10}, TooLong)
	refuses(t, sheettest.Book(t, sheettest.Parts{Rows: `<row><c r="XFD1"><v>1</v></c></row>`}), Limits{}, TooWide)
	refuses(t, sheettest.Book(t, sheettest.Parts{Rows: `<row><c><v>1</v></c></row><row><c>`}), Limits{}, Broken)
	refuses(t, sheettest.Book(t, sheettest.Parts{Rows: `<row><c t="inlineStr"><is><t>` + strings.Repeat("a", 3<<20) + `</t></is></c></row>`}), Limits{}, TooLarge)
	whole := sheettest.Book(t, sheettest.Parts{Rows: row})
	refuses(t, whole[:len(whole)/2], Limits{}, Broken)
	refuses(t, append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), utf16le("Workbook")...), Limits{}, Old)
	refuses(t, append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), utf16le("EncryptedPackage")...), Limits{}, Locked)
	reads(t, sheettest.Book(t, sheettest.Parts{Rows: `<row a="1>2"><!-- <c> > --><c t='inlineStr' ><is><t><![CDATA[a<b&c]]></t></is></c></row>`}), "a<b&c")
}

// What is written is read back as it was.
func TestBook_round_trip(t *testing.T) {
	rows := [][]string{{"Имя", "Телефон", "<&>\"'"}, {"", "=1+1", "+79001234567"}, {"а\nб", " ", "\x01я"}}
	var b bytes.Buffer
	w := NewBook(&b)
	wide := make([]string, 30)
	wide[29] = "AD"
	for _, row := range append(rows, wide) {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	reads(t, b.Bytes(), "Имя|Телефон|<&>\"'", "|=1+1|+79001234567", "а\nб||я", strings.Repeat("|", 29)+"AD")
	b.Reset()
	w, err := NewText(&b, ';')
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[:2] {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(); err != nil || !strings.Contains(b.String(), "'=1+1;'+79001234567") {
		t.Errorf("got %q, %v", b.String(), err)
	}
	reads(t, b.Bytes(), "Имя|Телефон|<&>\"'", "|'=1+1|'+79001234567")
}

func TestShowsDate(t *testing.T) {
	for code, want := range map[string]bool{"dd.mm.yyyy": true, "[h]:mm:ss": true, "General": false, "0.00": false, `0 "days"`: false, "[Red]0": false,
		`[$-409]mmmm\-yy`: true, "@": false, `#,##0.00\ "₽"`: false, "mm:ss.0": true, "0.00E+00": false, `"d`: false} {
		if got := showsDate(code); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
}

func TestSerial(t *testing.T) {
	for n, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 44927: "2023-01-01", 0.25: "06:00:00", 44927.75: "2023-01-01 18:00:00"} {
		if got, ok := serial(n, days1900); !ok || got != want {
			t.Errorf("%v: %s", n, got)
		}
	}
	if _, ok := serial(-1, days1900); ok {
		t.Error("a day before the first")
	}
	for _, c := range []string{"A1", "Z9", "AA10", "XFD1048576"} {
		fmt.Sscanf(c, "%s", &c)
		if name := columnName(column(c)); !strings.HasPrefix(c, name) {
			t.Errorf("%s is %s", c, name)
		}
	}
}

// No cell of a text is run as a formula.
func TestText_no_formulas(t *testing.T) {
	for cell, want := range map[string]string{"Иванов": "Иванов", "=1+1": "'=1+1", "+7 900": "'+7 900", "-5": "'-5", "@SUM(A1)": "'@SUM(A1)",
		"a=b": "a=b", "\t=1": "'\t=1"} {
		var b bytes.Buffer
		w, err := NewText(&b, ';')
		if err == nil {
			err = w.Row([]string{cell, ""})
		}
		if err == nil {
			err = w.End()
		}
		if got := b.String(); err != nil || got != "\uFEFF"+want+";\r\n" {
			t.Errorf("%q is written %q, %v", cell, got, err)
		}
	}
}

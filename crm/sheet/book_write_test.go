package sheet

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestBookIsReadAgain(t *testing.T) {
	var out bytes.Buffer
	b := WriteBook(&out)
	at := time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC)
	for _, err := range []error{b.Sheet("Клиенты", []string{"Имя", "Число", "Сумма", "День", "Время", "Пусто"}, []int{30}),
		b.Row([]Cell{{Text: "=1 <&> \x01\"кавычки\""}, {Kind: CellNumber, Number: 5_000_000_001}, {Kind: CellAmount, Number: 18400.5}, {Kind: CellDay, Time: at}, {Kind: CellTime, Time: at}, {}}),
		b.Sheet("Дела", []string{"Дело"}, nil), b.Row([]Cell{{Text: "второй лист"}}), b.End()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := Open(out.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for {
		row, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, strings.Join(row.Cells, "|"))
	}
	want := []string{"Имя|Число|Сумма|День|Время|Пусто", `=1 <&> "кавычки"|5000000001|18400.5|2026-11-22|2026-11-22 13:05:00`}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
}

// Excel refuses a book two sheets of which have one name, or one that it does not take.
func TestNamesOfSheets(t *testing.T) {
	b := WriteBook(io.Discard)
	for _, name := range []string{"Клиенты", "клиенты", "a/b:c[1]?", strings.Repeat("я", 40), strings.Repeat("я", 40)} {
		if err := b.Sheet(name, []string{"x"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"Клиенты", "клиенты 2", "a b c 1", strings.Repeat("я", 31), strings.Repeat("я", 29) + " 2"}
	if !slices.Equal(b.names, want) {
		t.Errorf("got %q, want %q", b.names, want)
	}
}

func TestAFullSheet(t *testing.T) {
	b := WriteBook(io.Discard)
	if err := b.Sheet("x", []string{"x"}, nil); err != nil || b.Full() {
		t.Fatal(fmt.Sprint(err, b.Full()))
	}
	b.row = MostRows
	if !b.Full() {
		t.Error("a sheet has room for more rows than Excel holds")
	}
}

package intake

import (
	"errors"
	"io"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/sheet"
)

func readRecords(data []byte) (rows []crm.ImportRow, err error) {
	r, err := Open(data, Options{Region: "RU", Today: civil.Date{Year: 2026, Month: 11, Day: 20}})
	if err != nil {
		return nil, err
	}
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

const ownHead = `{"kartoteka":"clients","version":1,"made":"2026-11-20T09:00:00Z","fields":[{"id":"f1","name":"Размер","kind":"text"}]`

func TestOwnFiles(t *testing.T) {
	for name, data := range map[string]string{
		"json":  "\uFEFF" + ownHead + `,"clients":[{"name":"Иванов"},` + "\n" + `{"name":"Петров","custom":{"f1":"42"}}]}`,
		"jsonl": ownHead + "}\n" + `{"name":"Иванов"}` + "\r\n\r\n" + `{"name":"Петров","custom":{"f1":"42"}}` + "\n",
	} {
		rows, err := readRecords([]byte(data))
		if err != nil || len(rows) != 2 || rows[1].N != 2 || rows[0].Record.Name != "Иванов" || rows[1].Record.Custom["f1"] != "42" {
			t.Errorf("%s: %+v, %v", name, rows, err)
		}
	}
}

// A file that is not ours, or not all of one, is refused in a word; a record that cannot be read is a row that is not taken.
func TestBadOwnFiles(t *testing.T) {
	many := strings.Repeat(`{"id":"f","name":"x","kind":"text"},`, 10_000)
	for name, one := range map[string]struct {
		data, want string
		rows       int
	}{
		"another program's":      {`{"contacts":[{"name":"Иванов"}]}`, "import.unknown", 0},
		"another list":           {`[{"name":"Иванов"}]`, "import.unknown", 0},
		"a number for a head":    {`{"kartoteka":7,"clients":[]}`, "import.unknown", 0},
		"no list":                {`{"kartoteka":"clients","version":1,"clients":{"name":"x"}}`, "import.unknown", 0},
		"of a later version":     {`{"kartoteka":"clients","version":2,"clients":[{"name":"x"}]}`, "import.newer", 0},
		"nobody":                 {ownHead + `,"clients":[]}`, "import.empty", 0},
		"nobody in lines":        {ownHead + "}\n", "import.empty", 0},
		"breaks off":             {ownHead + `,"clients":[{"name":"Иванов"},{"name":"Пет`, "import.broken", 1},
		"breaks off between":     {ownHead + `,"clients":[{"name":"Иванов"}`, "import.broken", 1},
		"breaks off in the head": {`{"kartoteka":"clients","version":1,"fields":[`, "import.broken", 0},
		"lines break off":        {ownHead + "}\n" + `{"name":"Иванов"}` + "\n" + `{"name":`, "import.broken", 1},
		"too deep":               {ownHead + `,"clients":[` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `]}`, "import.broken", 0},
		"fields by the thousand": {`{"kartoteka":"clients","version":1,"fields":[` + strings.TrimSuffix(many, ",") + `],"clients":[{"name":"x"}]}`, "", 1},
		"records of other kinds": {ownHead + `,"clients":[7,null,"x",{"name":"Иванов"},{"name":{}},{"birthday":"32.13"}]}`, "", 6},
		"a huge record":          {ownHead + `,"clients":[{"name":"` + strings.Repeat("a", 9<<20) + `"},{"name":"Петров"}]}`, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := readRecords([]byte(one.data))
			var e *crm.Error
			got := ""
			if errors.As(err, &e) {
				got = e.Field
			} else if err != nil {
				got = err.Error()
			}
			if got != one.want || len(rows) != one.rows {
				t.Errorf("got %q and %d rows, want %q and %d", got, len(rows), one.want, one.rows)
			}
		})
	}
}

func FuzzOwnFiles(f *testing.F) {
	f.Add([]byte(ownHead + `,"clients":[{"name":"Иванов","phones":[{"e164":"+7900"}],"history":[{"kind":"call","at":"2026-01-01T00:00:00Z"}]}]}`))
	f.Add([]byte(ownHead + "}\n{}\n[]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if sheet.KindOf(data) != sheet.KindJSON {
			return
		}
		rows, err := readRecords(data)
		var e *crm.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%v is no word to the member", err)
		}
		for i, row := range rows {
			if row.Record == nil || row.N != i+1 {
				t.Errorf("row %d is %+v", i, row)
			}
		}
	})
}

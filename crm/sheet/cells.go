package sheet

import (
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Day 0 of serial dates, as days since 1970: of Excel, which counts a 29 February 1900 that there never was, and of its
// first version for the Mac.
const (
	days1900 = -25_569
	days1904 = -24_107
)

// bookRows are the rows of the first sheet that has any.
type bookRows struct {
	book   *book
	m      *markup // nil: no sheet is open
	end    func()
	at     int // the sheet that is open
	any    bool
	row    int
	column int // of the next cell
	cells  []string
	long   bool
}

func (r *bookRows) Next() (Row, error) {
	for {
		if r.m == nil {
			if err := r.openSheet(); err != nil {
				return Row{}, err
			}
		}
		row, err := r.next()
		if err == nil {
			r.any = r.any || !blank(row.Cells)
			return row, nil
		}
		r.end()
		if err != io.EOF || r.any {
			return Row{}, err
		}
		r.m = nil
		r.at++
	}
}

func blank(cells []string) bool { return strings.Join(cells, "") == "" }

func (r *bookRows) openSheet() error {
	for ; r.at < len(r.book.sheets); r.at++ {
		if f := r.book.find(r.book.sheets[r.at]); f != nil {
			var err error
			r.m, r.end, err = r.book.open(f)
			r.row = 0
			return err
		}
	}
	return io.EOF
}

// mostLooked is how far a sheet is looked through for a row, in bytes.
const mostLooked = 8 << 20

// others are the sheets behind the one that is read that hold something, or may: what cannot be looked through is named as well.
func (r *bookRows) others() []string {
	var names []string
	for _, part := range r.book.sheets[min(r.at+1, len(r.book.sheets)):] {
		b := *r.book
		b.sheets, b.left = []string{part}, mostLooked
		one := &bookRows{book: &b}
		row, err := one.Next()
		for err == nil && blank(row.Cells) {
			row, err = one.Next()
		}
		if one.m != nil {
			one.end()
		}
		if err != io.EOF {
			names = append(names, b.tabs[part])
		}
	}
	return names
}

// next reads up to the end of a row; io.EOF at the end of the sheet.
func (r *bookRows) next() (Row, error) {
	r.cells, r.long, r.column = r.cells[:0], false, 0
	for {
		if err := r.m.next(false); err == io.EOF {
			return Row{}, problem(Broken, io.ErrUnexpectedEOF) // the end of the sheet comes before that of the file
		} else if err != nil {
			return Row{}, err
		}
		switch {
		case r.m.is("row"):
			r.row++
			if n, err := strconv.Atoi(r.m.att("r")); err == nil && n > r.row && n <= MostRows {
				r.row = n
			}
			if r.m.kind == alone {
				return Row{N: r.row}, nil
			}
		case r.m.ends("row"):
			return Row{N: r.row, Cells: r.cells, Long: r.long}, nil
		case r.m.is("c"):
			if err := r.cell(); err != nil {
				return Row{}, err
			}
		case r.m.ends("sheetData"):
			return Row{}, io.EOF
		}
	}
}

// cell reads one cell and puts it where it belongs: empty ones before it may be left out.
func (r *bookRows) cell() error {
	at := r.column
	if ref := r.m.att("r"); ref != "" {
		at = max(column(ref), len(r.cells))
	}
	r.column = at + 1
	kind, style := r.m.att("t"), r.m.att("s")
	if r.m.kind == alone {
		return nil
	}
	text, err := r.value(kind)
	if err != nil {
		return err
	}
	if text = r.book.show(kind, style, text); text == "" {
		return nil
	}
	if len(text) > r.book.limits.Cell {
		text, r.long = strings.ToValidUTF8(text[:r.book.limits.Cell], ""), true
	}
	if at > r.book.limits.Columns {
		return problem(TooWide, nil)
	}
	for len(r.cells) < at {
		r.cells = append(r.cells, "")
	}
	r.cells = append(r.cells, text)
	return nil
}

// value reads what a cell holds up to its end: of a formula the value that it had last.
func (r *bookRows) value(kind string) (string, error) {
	var text strings.Builder
	sound := false
	for {
		if err := r.m.next(true); err != nil {
			return "", brokenOff(err)
		}
		if r.m.ends("c") {
			return text.String(), nil
		}
		switch name := string(r.m.name); {
		case name == "rPh":
			sound = r.m.kind == opening
		case r.m.kind == closing && (name == "v" && kind != "inlineStr" || name == "t" && kind == "inlineStr" && !sound):
			text.WriteString(unescape(r.m.text))
			if text.Len() > mostTag {
				return "", problem(TooLarge, nil)
			}
		}
	}
}

// show is a value as text: a number with all its digits, a date as 2006-01-02, nothing for an error.
func (b *book) show(kind, style, value string) string {
	value = strings.TrimSpace(value)
	switch kind {
	case "s":
		i, err := strconv.Atoi(value)
		if err != nil {
			return ""
		}
		text, _ := b.words.at(i)
		return strings.TrimSpace(text)
	case "e":
		return ""
	case "", "n":
		if value == "" {
			return ""
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return value
		}
		if s, err := strconv.Atoi(style); err == nil && s >= 0 && s < len(b.isDate) && b.isDate[s] {
			if date, ok := serial(n, b.from); ok {
				return date
			}
		}
		return digits(n, value)
	}
	return value
}

// digits writes a number without an exponent: phones are stored as numbers, 7.9001234567E10.
func digits(n float64, written string) string {
	if !strings.ContainsAny(written, "eE.") || math.Abs(n) >= 1e15 {
		return written
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

const (
	secondsADay = 24 * 60 * 60
	lastSerial  = 2_958_466 // 1 January 10000
)

// serial is the date of a number by which spreadsheets count days from a day on; false if it stands for none.
func serial(n float64, from int64) (string, bool) {
	if math.IsNaN(n) || n < 0 || n >= lastSerial {
		return "", false
	}
	day, part := math.Modf(n)
	seconds := int64(math.Round(part * secondsADay))
	if from == days1900 && day < 60 {
		day++ // before the day that never was
	}
	at := time.Unix((int64(day)+from)*secondsADay+seconds, 0).UTC()
	switch {
	case n < 1:
		return at.Format("15:04:05"), true // a time of day
	case seconds%secondsADay == 0:
		return at.Format("2006-01-02"), true
	}
	return at.Format("2006-01-02 15:04:05"), true
}

// column is the number of a cell's column: 0 for A1, 27 for AB7.
func column(ref string) int {
	n := 0
	for i := range len(ref) {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' || n > 1<<20 {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return max(n-1, 0)
}

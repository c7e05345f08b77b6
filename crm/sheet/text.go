package sheet

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const (
	// sniffed is how much of a file tells what it is and how it is written.
	sniffed = 64 << 10
	// mostQuoted is how far a quote may be from the one that closes it: behind that it is a character like others.
	mostQuoted = 64 << 10
)

// decode makes UTF-8 of a text: by its mark, UTF-16 also without one, UTF-8 if it is that, else the Russian code page whose
// letters make more sense. A text that cannot be one is KindNone's. Of a letter of UTF-8 at the end that has not come whole there is nothing.
func decode(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return bytes.ToValidUTF8(whole(data[3:]), []byte("\uFFFD")), nil
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	}
	if order, ok := wide(data); ok {
		return unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, problem(Unknown, nil)
	}
	if utf8.Valid(whole(data)) {
		return whole(data), nil
	}
	return codePage(data).NewDecoder().Bytes(data)
}

// breaksOff reports a text, and what was read as it, whose last letter has not come whole.
func breaksOff(data, text []byte) bool {
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return len(data)%2 == 1
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return len(whole(data)) < len(data)
	}
	return len(text) < len(data) && bytes.HasPrefix(data, text)
}

// whole leaves out a character that the end of a sample, or of a file that breaks off, has cut.
func whole(data []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(data); i++ {
		if tail := data[len(data)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return data[:len(data)-i]
			}
			break
		}
	}
	return data
}

// wide tells UTF-16 without a mark by its zero bytes: separators, digits and line ends have one each.
func wide(data []byte) (unicode.Endianness, bool) {
	head := data[:min(len(data), sniffed)&^1]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i&1]++
		}
	}
	switch least := len(head) / 20; {
	case zeros[1] > least && zeros[0] == 0:
		return unicode.LittleEndian, true
	case zeros[0] > least && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// often is how often each letter of the Russian alphabet is written among 1,000.
var often = [32]int{80, 16, 45, 17, 30, 85, 9, 16, 74, 12, 35, 44, 32, 67, 110, 28, 47, 55, 63, 26, 3, 10, 5, 14, 7, 4, 0, 19, 17, 3, 6, 20}

// codePage tells windows-1251 from KOI8-R: read with the right one a text is made of frequent letters, most of them small.
func codePage(data []byte) encoding.Encoding {
	sense := func(page *charmap.Charmap) (sum int) {
		for _, b := range data[:min(len(data), sniffed)] {
			switch r := page.DecodeByte(b); {
			case r >= 0x430 && r < 0x450: // the small letters
				sum += 13 * often[r-0x430]
			case r >= 0x410 && r < 0x430:
				sum += 10 * often[r-0x410]
			}
		}
		return sum
	}
	if sense(charmap.KOI8R) > sense(charmap.Windows1251) {
		return charmap.KOI8R
	}
	return charmap.Windows1251
}

// textRows reads cells between separators.
type textRows struct {
	rest  []byte
	comma byte
	line  int // of the rest
	cell  int // Limits.Cell
	cells []string
	long  bool
	ends  bool // the text ends within a letter
	open  bool // the row's last cell has a quote that nothing closes
}

func openText(data []byte, l Limits) (Rows, error) {
	text, err := decode(data)
	if err != nil {
		return nil, problem(Unknown, err)
	}
	if int64(len(text)) > l.Bytes {
		return nil, problem(TooLarge, nil)
	}
	ends := breaksOff(data, text)
	text = plainText(text)
	r := &textRows{rest: text, line: 1, cell: l.Cell, ends: ends}
	if head, rest, ok := bytes.Cut(text, []byte("\n")); ok {
		// Excel's own way to say what separates: "sep=;" alone in the first line.
		if sep := strings.ToLower(string(bytes.TrimSpace(head))); len(sep) == 5 && strings.HasPrefix(sep, "sep=") {
			r.comma, r.rest, r.line = sep[4], rest, 2
			return r, nil
		}
	}
	r.comma = separator(text[:min(len(text), sniffed)])
	return r, nil
}

// separators in the order in which they are believed where as many rows speak for each.
const separators = ";\t,|"

// separator is the one that cuts the first rows into the same number of cells, the more the better.
func separator(head []byte) byte {
	best, bestScore := byte(','), 0
	for i := range len(separators) {
		r := &textRows{rest: head, comma: separators[i], cell: sniffed}
		count := map[int]int{} // cells → rows
		for range 20 {
			row, err := r.Next()
			if err != nil {
				break
			}
			if len(row.Cells) > 1 {
				count[len(row.Cells)]++
			}
		}
		score := 0
		for cells, rows := range count {
			score = max(score, rows*100+min(cells, 99))
		}
		if score > bestScore {
			best, bestScore = separators[i], score
		}
	}
	return best
}

func (r *textRows) Next() (Row, error) {
	if len(r.rest) == 0 {
		return Row{}, io.EOF
	}
	row := Row{N: r.line}
	r.cells, r.long, r.open = r.cells[:0], false, false
	for more := true; more; {
		more = r.next()
	}
	row.Cells, row.Long, row.Cut = r.cells, r.long, len(r.rest) == 0 && (r.open || r.ends)
	return row, nil
}

// next takes a cell and what ends it, and reports whether the row goes on.
func (r *textRows) next() bool {
	i := 0
	for i < len(r.rest) && r.rest[i] == ' ' {
		i++
	}
	if i < len(r.rest) && r.rest[i] == '"' {
		if text, n, ok := r.quoted(r.rest[i+1:]); ok {
			r.add(text)
			return r.end(i + 1 + n)
		}
		if r.unclosed(r.rest[i+1:]) {
			r.open = true
			r.add(r.rest[i+1:])
			return r.end(len(r.rest))
		}
	}
	n := bytes.IndexAny(r.rest, string([]byte{r.comma, '\n', '\r'}))
	if n < 0 {
		n = len(r.rest)
	}
	r.add(r.rest[:n])
	return r.end(n)
}

// quoted reads up to the closing quote, behind which nothing but a separator or a line end stands; a doubled one is a
// character. False: there is none, and the opening one was no quote but a character too («"Ромашка" ООО»).
func (r *textRows) quoted(b []byte) (text []byte, n int, ok bool) {
	doubled := false
	for n < min(len(b), mostQuoted) {
		i := bytes.IndexByte(b[n:], '"')
		if i < 0 {
			return nil, 0, false
		}
		n += i + 1
		if n < len(b) && b[n] == '"' {
			n, doubled = n+1, true
			continue
		}
		text = b[:n-1]
		for n < len(b) && b[n] == ' ' {
			n++
		}
		if n < len(b) && b[n] != r.comma && b[n] != '\n' && b[n] != '\r' {
			return nil, 0, false
		}
		if doubled {
			text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
		}
		return text, n, true
	}
	return nil, 0, false
}

// unclosed reports that what stands behind a quote is the beginning of a cell that the file's end has cut: whole lines of it hold nothing
// that separates, and a file that ends as it should ends with its last line.
func (r *textRows) unclosed(b []byte) bool {
	if len(b) > mostQuoted || bytes.IndexByte(b, '"') >= 0 || bytes.HasSuffix(b, []byte("\n")) || bytes.HasSuffix(b, []byte("\r")) {
		return false
	}
	_, lines, _ := bytes.Cut(b, []byte("\n"))
	return bytes.IndexByte(lines, r.comma) < 0
}

func (r *textRows) add(cell []byte) {
	if len(cell) > r.cell {
		cell, r.long = bytes.ToValidUTF8(cell[:r.cell], nil), true
	}
	r.cells = append(r.cells, strings.TrimSpace(string(cell)))
}

// end takes what was read and the separator or line end behind it.
func (r *textRows) end(n int) (more bool) {
	r.line += bytes.Count(r.rest[:n], []byte("\n"))
	r.rest = r.rest[n:]
	if len(r.rest) == 0 {
		return false
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	if c == r.comma {
		return true
	}
	if c == '\r' && len(r.rest) > 0 && r.rest[0] == '\n' {
		r.rest = r.rest[1:]
	}
	r.line++
	return false
}

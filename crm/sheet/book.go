package sheet

import (
	"archive/zip"
	"io"
	"path"
	"strconv"
	"strings"
)

// book is an .xlsx: what its sheets share.
type book struct {
	archive
	left    int64 // bytes that its parts may still have, unpacked
	limits  Limits
	sheets  []string          // names of the parts, in the order of the tabs; hidden ones behind
	tabs    map[string]string // part → what its tab says
	from    int64             // day 0 of serial dates, as days since 1970
	isDate  []bool            // by style
	words   words             // what cells share
	shared  string            // the part with those
	styling string            // the part with the styles
}

// openBook finds the first sheet with something in it.
func openBook(data []byte, l Limits) (Rows, error) {
	a, err := openZip(data)
	if err != nil {
		return nil, err
	}
	b := &book{archive: a, left: l.Bytes, limits: l, from: days1900}
	if err := b.readBook(); err != nil {
		return nil, err
	}
	if err := b.readStyles(); err != nil {
		return nil, err
	}
	if err := b.readWords(); err != nil {
		return nil, err
	}
	return &bookRows{book: b}, nil
}

// part reads one of the book's parts, each tag in turn; a part that is not there has none.
func (b *book) part(name string, keep bool, each func(m *markup) error) error {
	f := b.find(name)
	if f == nil {
		return nil
	}
	m, end, err := b.open(f)
	if err != nil {
		return err
	}
	defer end()
	for {
		switch err := m.next(keep); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := each(m); err != nil {
			return err
		}
	}
}

func (b *book) open(f *zip.File) (*markup, func(), error) {
	r, err := f.Open()
	if err != nil {
		return nil, nil, problem(Broken, err)
	}
	return newMarkup(limited{r, &b.left}), func() { _ = r.Close() }, nil
}

// readBook reads which sheets there are, and where.
func (b *book) readBook() error {
	const office, folder = "/relationships/", "xl/"
	parts := map[string]string{} // id → name
	err := b.part("xl/_rels/workbook.xml.rels", false, func(m *markup) error {
		if !m.is("Relationship") {
			return nil
		}
		target := m.att("Target")
		name := path.Join(folder, target)
		if strings.HasPrefix(target, "/") {
			name = target[1:]
		}
		switch kind := m.att("Type"); kind[strings.LastIndexByte(kind, '/')+1:] {
		case "worksheet":
			parts[m.att("Id")] = name
		case "sharedStrings":
			b.shared = name
		case "styles":
			b.styling = name
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.tabs = map[string]string{}
	var hidden []string
	err = b.part("xl/workbook.xml", false, func(m *markup) error {
		switch {
		case m.is("workbookPr"):
			if on := m.att("date1904"); on == "1" || on == "true" {
				b.from = days1904
			}
		case m.is("sheet"):
			name := parts[m.att("id")]
			b.tabs[name] = m.att("name")
			if state := m.att("state"); name != "" && state != "" && state != "visible" {
				hidden = append(hidden, name)
			} else if name != "" {
				b.sheets = append(b.sheets, name)
			}
		}
		return nil
	})
	if b.sheets = append(b.sheets, hidden...); err == nil && len(b.sheets) == 0 {
		err = problem(Broken, nil)
	}
	return err
}

// mostWords is how many texts the cells of a book may share: Excel has no more rows and columns than that to put them in.
const mostWords = 16 << 20

// words are many texts in one piece of memory: a string each would take as much again.
type words struct {
	text []byte
	ends []uint32
}

func (w *words) at(i int) (string, bool) {
	if i < 0 || i >= len(w.ends) {
		return "", false
	}
	start := uint32(0)
	if i > 0 {
		start = w.ends[i-1]
	}
	return string(w.text[start:w.ends[i]]), true
}

// readWords reads the texts that cells share. A rich one is several runs; how it is to be pronounced does not count.
func (b *book) readWords() error {
	sound := false
	return b.part(b.shared, true, func(m *markup) error {
		switch {
		case string(m.name) == "rPh":
			sound = m.kind == opening
		case m.kind == closing && string(m.name) == "t" && !sound:
			b.words.text = append(b.words.text, unescape(m.text)...)
		case m.ends("si"):
			b.words.ends = append(b.words.ends, uint32(len(b.words.text)))
		}
		if int64(len(b.words.text)) > b.limits.Words || len(b.words.ends) > mostWords {
			return problem(TooLarge, nil)
		}
		return nil
	})
}

// mostStyles is Excel's own limit.
const mostStyles = 65_536

// readStyles finds out which styles show a number as a date.
func (b *book) readStyles() error {
	own, cells := map[int]bool{}, false
	return b.part(b.styling, false, func(m *markup) error {
		switch {
		case m.is("numFmt") && len(own) < mostStyles:
			id, _ := strconv.Atoi(m.att("numFmtId"))
			own[id] = showsDate(m.att("formatCode"))
		case string(m.name) == "cellXfs":
			cells = m.kind == opening
		case cells && m.is("xf") && len(b.isDate) < mostStyles:
			id, _ := strconv.Atoi(m.att("numFmtId"))
			date, known := own[id]
			b.isDate = append(b.isDate, date || !known && builtinDate(id))
		}
		return nil
	})
}

// builtinDate tells the formats that need no code (ECMA-376 part 1, 18.8.30), those of East Asia among them.
func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// showsDate reports whether a format has a day, a month with a day or year, or an hour outside of what it says literally.
func showsDate(code string) bool {
	if first, _, ok := strings.Cut(code, ";"); ok {
		code = first
	}
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return false
			}
			i += end + 1
		case code[i] == '\\', code[i] == '_', code[i] == '*':
			i++
		case code[i] == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return false
			}
			if inner := strings.ToLower(code[i+1 : i+end]); inner != "" && strings.Trim(inner, "hms") == "" {
				return true // time that has passed
			}
			i += end
		case c == 'y', c == 'd', c == 'h', c == 's':
			return true
		}
	}
	return false
}

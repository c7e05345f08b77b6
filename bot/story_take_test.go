package main

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"

	"kartoteka/bot/sandbox"
)

// What the bot hands over as files:
//
//	anna keeps base.csv                keeps the last file that Anna was sent, to look into it or to send it back
//	anna keeps base.csv: "Иванов"      … and what it is called
//	content base.csv: "Иванов" !"Ким"  what a file holds; of a book all its sheets

// keep keeps the last file that somebody was sent under a name with the same ending.
func (s *stage) keep(p *actor, name string, called []string) {
	s.Helper()
	list := p.Messages()
	for i := len(list) - 1; i >= 0; i-- {
		f := list[i].File()
		if f == nil || !list[i].FromBot() || !strings.HasSuffix(f.FileName, name[strings.LastIndexByte(name, '.'):]) {
			continue
		}
		for _, w := range called {
			if wrong := s.judge(f.FileName, sandbox.Message{}, w); wrong != "" {
				s.fail("%s in the name %q", wrong, f.FileName)
			}
		}
		data, _, err := s.srv.FileData(f.FileID)
		if err != nil {
			s.fail("%v", err)
		}
		s.files[name] = data
		return
	}
	s.fail("%s was sent no file like %s", p.name, name)
}

var xmlTag = regexp.MustCompile(`<[^>]*>`)

// expectContent judges what a file holds.
func (s *stage) expectContent(name string, words []string) {
	s.Helper()
	text := string(s.files[name])
	if strings.HasSuffix(name, ".xlsx") {
		text = s.sheets(s.files[name])
	}
	for _, w := range words {
		if wrong := s.judge(text, sandbox.Message{}, w); wrong != "" {
			s.fail("%s\nin %s:\n%s", wrong, name, text)
		}
	}
}

// sheets are the cells of all sheets of a book, and the names of these.
func (s *stage) sheets(data []byte) string {
	s.Helper()
	var b strings.Builder
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		s.fail("%v", err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			s.fail("%v", err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			s.fail("%v", err)
		}
		if strings.HasSuffix(f.Name, "workbook.xml") {
			b.Write(raw)
		} else {
			b.WriteString(xmlTag.ReplaceAllString(strings.ReplaceAll(string(raw), "</row>", "\n"), " "))
		}
	}
	return b.String()
}

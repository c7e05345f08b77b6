package backup

import (
	"bytes"
	"time"

	"kartoteka/crm"
)

// format is how the file is written. It grows when an older program could not read what a newer one writes.
const format = 1

// The lines that are no records.
const (
	lineHead = "backup"
	lineEnd  = "end"
)

// Head is the first line.
type Head struct {
	Format int       `json:"format"`
	Schema int       `json:"schema"`
	Made   time.Time `json:"made"`
	Frozen bool      `json:"frozen"` // the base as it was at one moment, see crm.Source
	Fields []string  `json:"fields"` // crm.RecordFields of the program that made it
}

// end is the last line.
type end struct {
	Counts crm.Counts `json:"counts"`
	SHA256 string     `json:"sha256"` // of all lines before it, hex
}

// Summary is what is in a backup.
type Summary struct {
	Head
	Counts crm.Counts
	sum    string
}

// appendLine writes {"kind":doc} and a line end.
func appendLine(to []byte, kind string, doc []byte) []byte {
	to = append(to, `{"`...)
	to = append(to, kind...)
	to = append(to, `":`...)
	to = append(to, doc...)
	return append(to, "}\n"...)
}

// parseLine is the way back.
func parseLine(line []byte) (kind string, doc []byte, ok bool) {
	line, begins := bytes.CutPrefix(line, []byte(`{"`))
	line, ends := bytes.CutSuffix(line, []byte("}\n"))
	name, doc, found := bytes.Cut(line, []byte(`":`))
	return string(name), doc, begins && ends && found
}

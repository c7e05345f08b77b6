package intake

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"kartoteka/crm/sheet"
)

// knownName tells by the ending of a file's name.
func knownName(name string) bool {
	return slices.Contains([]string{".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".tab", ".vcf", ".zip", ".json", ".jsonl"},
		strings.ToLower(path.Ext(name)))
}

// knownMIME tells by what the sender says of the content.
func knownMIME(mime string) bool {
	mime, _, _ = strings.Cut(strings.ToLower(mime), ";")
	return slices.Contains([]string{"text/csv", "text/tab-separated-values", "text/vcard", "text/x-vcard", "text/directory", "application/vnd.ms-excel",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip", "application/x-zip-compressed", "application/json"},
		mime)
}

// Cards tells a file that calls itself a file of cards.
func Cards(name, mime string) bool {
	mime, _, _ = strings.Cut(strings.ToLower(mime), ";")
	return strings.EqualFold(path.Ext(name), ".vcf") || slices.Contains([]string{"text/vcard", "text/x-vcard", "text/directory"}, mime)
}

// Program is whose export a file of cards is, by what it says of itself; "" if that is not known.
func Program(data []byte) string {
	head := data[:min(len(data), programWithin)]
	if sheet.KindOf(head) == sheet.KindCard && bytes.Contains(head, []byte("PRODID:-//Apple Inc.//iCloud")) {
		return "icloud"
	}
	return ""
}

// programWithin is where that stands: behind the first card's photo.
const programWithin = 1 << 20

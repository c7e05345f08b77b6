package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"kartoteka/crm"
	"kartoteka/crm/sheet"
)

// Newer: a file of ours that a later version has made.
const newer sheet.Problem = "newer"

// records are the clients of a file of our own, .json or .jsonl, one after the other: of the file itself no more than a record is
// decoded at a time.
type records struct {
	d     *json.Decoder
	head  *crm.ExportHead
	array bool // they are in the head's "clients"; else behind it
	n     int
}

// openRecords reads the head. What is JSON, but none of ours, is no table.
func openRecords(data []byte) (crm.ImportRows, error) {
	r := &records{d: json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))), head: &crm.ExportHead{}}
	if err := r.readHead(); err != nil {
		return nil, err
	}
	switch {
	case r.head.Content != crm.ExportContent:
		return nil, refused(sheet.Unknown)
	case r.head.Version > crm.ExportVersion:
		return nil, refused(newer)
	}
	return r, nil
}

// readHead reads the first object up to its end, or to the first of the clients in it.
func (r *records) readHead() error {
	if t, err := r.d.Token(); err != nil || t != json.Delim('{') {
		return refused(sheet.Unknown)
	}
	parts := map[string]json.RawMessage{}
	for r.d.More() {
		key, err := r.d.Token()
		if err != nil {
			return broken(err)
		}
		if key == crm.ExportContent {
			if t, err := r.d.Token(); err != nil || t != json.Delim('[') {
				return refused(sheet.Unknown)
			}
			r.array = true
			break
		}
		var raw json.RawMessage
		if err := r.d.Decode(&raw); err != nil {
			return broken(err)
		}
		if name, ok := key.(string); ok {
			parts[name] = raw
		}
	}
	if !r.array {
		if _, err := r.d.Token(); err != nil {
			return broken(err)
		}
	}
	whole, err := json.Marshal(parts)
	if err == nil {
		err = json.Unmarshal(whole, r.head)
	}
	if err != nil {
		return refused(sheet.Unknown)
	}
	r.head.Fields = r.head.Fields[:min(len(r.head.Fields), mostFields)]
	return nil
}

// mostFields is how many own fields a head may name: no team has so many.
const mostFields = 100

func (r *records) Next() (crm.ImportRow, error) {
	if r.array && !r.d.More() {
		return crm.ImportRow{}, r.end()
	}
	var raw json.RawMessage
	err := r.d.Decode(&raw)
	switch {
	case err == io.EOF && !r.array && r.n > 0:
		return crm.ImportRow{}, io.EOF
	case err == io.EOF && !r.array:
		return crm.ImportRow{}, refused(sheet.Empty)
	case err != nil:
		return crm.ImportRow{}, broken(err)
	case r.n >= mostCards:
		return crm.ImportRow{}, refused(sheet.TooLong)
	}
	r.n++
	return crm.ImportRow{N: r.n, Record: crm.DecodeRecord(raw, r.head)}, nil
}

// end makes sure that the clients end where their list does: a file that breaks off is not all of it.
func (r *records) end() error {
	if t, err := r.d.Token(); err != nil || t != json.Delim(']') {
		return broken(err)
	}
	if r.n == 0 {
		return refused(sheet.Empty)
	}
	return io.EOF
}

// Close has nothing to let go: the file is in memory.
func (r *records) Close() error { return nil }

// broken is what a file is that ends, or goes on, as no JSON does.
func broken(err error) error {
	var e *crm.Error
	if errors.As(err, &e) {
		return err
	}
	return refused(sheet.Broken)
}

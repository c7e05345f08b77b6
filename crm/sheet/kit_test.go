package sheet

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// all reads every row as cells between |, with the row's number before it.
func all(t *testing.T, data []byte, l Limits) (rows []string, err error) {
	t.Helper()
	r, err := Open(data, l)
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
		rows = append(rows, strings.Join(row.Cells, "|"))
	}
}

func reads(t *testing.T, data []byte, want ...string) {
	t.Helper()
	got, err := all(t, data, Limits{})
	if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
}

func refuses(t *testing.T, data []byte, l Limits, want Problem) {
	t.Helper()
	_, err := all(t, data, l)
	var e *Error
	if !errors.As(err, &e) || e.Problem != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

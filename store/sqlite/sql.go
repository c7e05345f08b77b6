package sqlite

import "strings"

// marks is "?, ?, ?" for n values.
func marks(n int) string {
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// where gathers conditions with their values.
type where struct {
	text []string
	args []any
}

func (w *where) and(text string, args ...any) {
	w.text = append(w.text, text)
	w.args = append(w.args, args...)
}

func (w *where) String() string { return strings.Join(w.text, " AND ") }

// anyOf is a condition that the column holds one of the values.
func anyOf[T any](w *where, column string, values []T) {
	if len(values) > 0 {
		w.and(column+" IN ("+marks(len(values))+")", anys(values)...)
	}
}

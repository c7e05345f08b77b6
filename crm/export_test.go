package crm

import (
	"cmp"
	"context"
	"reflect"
	"strings"
	"time"
)

// What the tests on a real engine, in package crm_test, need of the inside.
var SearchPage = search

// Search is the first page of a search.
func Search(ctx context.Context, st searchStore, team TeamID, owner, me MemberID, text string, limit int) (SearchResult, error) {
	q := SearchQuery{Team: team, Me: me, Text: text, Limit: limit}
	if owner != "" {
		q.Among = []MemberID{owner}
	}
	return search(ctx, st, q)
}

// Index fills what a card is found by, as each write does.
func (c *Client) Index(fields []CustomField) { c.index(fields) }

// Unguarded is a cell of a table of ours as it was before Guard.
func Unguarded(cell string) string { return unguarded(cell) }

// Moving is what becomes of each field that names a client when its card is merged.
func Moving() map[string]string { return moving }

// FieldsOfType lists the fields of records that are, or hold, a type.
func FieldsOfType(t reflect.Type) []string {
	var all []string
	for _, kind := range RecordKinds {
		all = fieldsOfType(all, string(kind), recordTypes[kind], t)
	}
	return all
}

func fieldsOfType(all []string, path string, in, t reflect.Type) []string {
	for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice || in.Kind() == reflect.Map {
		in = in.Elem()
	}
	switch {
	case in == t:
		return append(all, path)
	case in.Kind() != reflect.Struct || in.PkgPath() != t.PkgPath():
		return all
	}
	for f := range in.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous || name != "" {
			name = "." + cmp.Or(name, f.Name)
		}
		all = fieldsOfType(all, path+name, f.Type, t)
	}
	return all
}

// SearchBase searches the whole base of a team for pairs.
func (d *Desk) SearchBase(ctx context.Context, team TeamID, at time.Time) error {
	return d.searchBase(ctx, team, at)
}

// ImportHolds is how long an import that gets no further keeps the search for pairs waiting.
const ImportHolds = importHolds

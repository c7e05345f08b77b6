package sqlite

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"kartoteka/crm"
)

// batch gathers what a transaction adds, table by table, to write the rows of each together: one statement writes many
// of them, and the pages of one table are touched at a time.
type batch struct {
	*tx
	events, cards, ranked, touches [][]any
	last                           int64 // the number of the newest card
	found                          bulk  // what cards are found by
}

func (b *batch) addEvent(e crm.Event) error {
	row, err := eventRow(e)
	b.events = append(b.events, row)
	return err
}

func (b *batch) addTouch(touch crm.Touch) error {
	row, err := touchRow(touch)
	b.touches = append(b.touches, row)
	return err
}

// addClient adds a card that is new. The rows that it is found by name the number that it will have: SQLite counts on from
// the greatest.
func (b *batch) addClient(c crm.Client) (err error) {
	if len(b.cards) == 0 {
		if b.last, err = b.lastClient(); err != nil {
			return err
		}
	}
	b.last++
	row, err := clientRow(c)
	b.cards = append(b.cards, row)
	if c.Deleted.IsZero() {
		b.ranked = append(b.ranked, rankedRow(b.last, c))
	}
	b.found.add(b.last, crm.Client{}, c)
	return err
}

func (b *batch) lastClient() (n int64, err error) {
	err = b.row(`SELECT ifnull(max(n), 0) FROM clients`, nil, &n)
	return n, err
}

const (
	insertClient = `INSERT OR IGNORE INTO clients (id, team, rev, owner, stage, status, sort_name, newest, idle, next,
		worth, silent, confirmed, deleted, doc)`
	insertRanked = `INSERT OR IGNORE INTO searchable (n, owner, card, keys)`
)

func clientRow(c crm.Client) ([]any, error) {
	doc, err := clientDoc(c)
	return []any{string(c.ID), string(c.Team), c.Rev, string(c.Owner), string(c.Stage), string(c.Status), c.SortName,
		descending(c.Created), descending(c.LastTouch), c.NextContact.UnixMilli(), c.Worth(), c.SilentSince().UnixMilli(),
		c.Confirmed.UnixMilli(), deletedAt(c), doc}, err
}

// putEvents is crm.ErrApplied if one of them is there already.
func (b *batch) putEvents() error {
	events := b.events
	b.events = nil
	return b.insertRows(crm.ErrApplied, insertEvent, events)
}

// putCards is crm.ErrConflict if there is a card of one of the ids.
func (b *batch) putCards() error {
	if len(b.cards) == 0 {
		return nil
	}
	if err := b.insertRows(crm.ErrConflict, insertClient, b.cards); err != nil {
		return err
	}
	n, err := b.lastClient()
	if err == nil && n != b.last {
		err = fmt.Errorf("the last card has the number %d, not %d", n, b.last)
	}
	return err
}

// finish writes what was gathered; crm.ErrConflict if there is a card of one of the ids already.
func (b *batch) finish() error {
	if err := b.putEvents(); err != nil {
		return err
	}
	if err := b.putCards(); err != nil {
		return err
	}
	if err := b.insertRows(nil, insertRanked, b.ranked); err != nil {
		return err
	}
	if err := b.insertRows(nil, insertTouch, b.touches); err != nil {
		return err
	}
	return b.flush(b.found)
}

// rowsAtOnce is how many rows of a batch one statement writes: a call costs more than a row.
const rowsAtOnce = 32

// insertRows writes rows, those that are not there yet; some is the error if one was there. The statements say OR IGNORE and
// not ON CONFLICT DO NOTHING, and let SQLite number the rows where they can: else a row could fail, for a NULL or a number that
// is none, after others were written, and SQLite keeps a copy of each page that such a statement changes, a tenth of an
// import's time.
func (t *tx) insertRows(some error, insert string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	one := `(` + marks(len(rows[0])) + `)`
	for page := range pages(rows, 1) {
		n, err := t.exec(insertMany(insert, one, len(page)), slices.Concat(page...)...)
		if err != nil {
			return err
		}
		if n < int64(len(page)) && some != nil {
			return some
		}
	}
	return nil
}

// insertPairs writes rows of a team with two values each, those that are not there yet. The team, the same in all, is
// handed over once a statement.
func (t *tx) insertPairs(insert string, team crm.TeamID, values []any) error {
	for page := range pages(values, 2) {
		if _, err := t.exec(insertMany(insert, `(?1, ?, ?)`, len(page)/2), append([]any{string(team)}, page...)...); err != nil {
			return err
		}
	}
	return nil
}

// pages cuts values, so many a row, into what one statement writes: rowsAtOnce rows or, of the rest, one, since each
// length is a statement that is kept compiled.
func pages[T any](values []T, width int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for len(values) > 0 {
			n := rowsAtOnce * width
			if len(values) < n {
				n = width
			}
			if !yield(values[:n]) {
				return
			}
			values = values[n:]
		}
	}
}

func insertMany(insert, row string, n int) string {
	return insert + ` VALUES ` + row + strings.Repeat(`, `+row, n-1)
}

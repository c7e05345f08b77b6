package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"kartoteka/crm"
)

// upgradePage is how many cards one transaction of Sweep rewrites.
const upgradePage = 500

// fileVersion is the shape of a file, kept in it as user_version. It grows with each change of the tables and with
// crm.SchemaVersion; Sweep then writes all cards anew.
const fileVersion = 9

// The first version had the columns of searchable apart.
var fromFirst = []string{
	`INSERT INTO searchable (n, owner, card, keys)
		SELECT n, owner, id || char(31) || owner || char(31) || stage || char(31) || idle || char(31) || sort_name || char(31) || ` +
		firstLines("terms") + `, ` + firstLines("keys") + ` FROM clients WHERE deleted IS NULL`,
}

// Until the fourth version the events had no number of their own, which says in what order they were written.
var (
	asideEvents = []string{`ALTER TABLE events RENAME TO old_events`, `DROP INDEX events_record`}
	fromEvents  = []string{
		`INSERT INTO events (id, team, record, rev, at, by, action, doc)
			SELECT id, team, record, rev, ifnull(CAST(round(unixepoch(doc ->> '$.at', 'subsec') * 1000) AS INTEGER), 0) AS at,
				ifnull(doc ->> '$.by', ''), ifnull(doc ->> '$.action', ''), doc
			FROM old_events ORDER BY at`,
		`DROP TABLE old_events`,
	}
)

// laterColumns are those that tables were given later. Sweep fills them.
var laterColumns = []struct{ table, column string }{
	{"clients", "next"}, {"clients", "worth"}, {"clients", "silent"}, {"clients", "confirmed"}, {"dialogs", "expires"},
}

// upgradeTables brings the tables of an older file to the shape of this version, in one transaction with all else.
func upgradeTables(ctx context.Context, begun *sql.Tx) error {
	var ddls, fill []string
	first, err := hasColumn(ctx, begun, "searchable", "terms")
	if err != nil {
		return err
	}
	if first {
		ddls, fill = append(ddls, `DROP TABLE searchable`), append(fill, fromFirst...)
	}
	numbered, err := hasColumn(ctx, begun, "events", "n")
	if err != nil {
		return err
	}
	if !numbered {
		ddls, fill = append(ddls, asideEvents...), append(fill, fromEvents...)
	}
	parted, err := hasColumn(ctx, begun, "events", "part")
	if err != nil {
		return err
	}
	if numbered && !parted {
		ddls = append(ddls, `ALTER TABLE events ADD COLUMN part TEXT NOT NULL DEFAULT ''`, `DROP INDEX IF EXISTS events_at`)
	}
	for _, c := range laterColumns {
		there, err := hasColumn(ctx, begun, c.table, c.column)
		if err != nil {
			return err
		}
		if !there {
			ddls = append(ddls, `ALTER TABLE `+c.table+` ADD COLUMN `+c.column+` INTEGER NOT NULL DEFAULT 0`)
		}
	}
	// These counted what was taken back, and what was only decided.
	ddls = append(ddls, `DROP INDEX IF EXISTS touches_by`, `DROP INDEX IF EXISTS touches_counted`)
	return run(ctx, begun, slices.Concat(ddls, tables, fill))
}

func hasColumn(ctx context.Context, begun *sql.Tx, table, column string) (there bool, err error) {
	err = begun.QueryRowContext(ctx, `SELECT count(*) FROM pragma_table_info(?) WHERE name = ?`, table, column).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for columns: %w", err)
	}
	return there, nil
}

// firstLines is joinLines of an array of the first version's documents.
func firstLines(field string) string {
	return `ifnull((SELECT char(10) || group_concat(value, char(10)) || char(10) FROM json_each(doc, '$.` + field + `')), '')`
}

// Sweep writes what is held back and the cards of an older file anew. The file remembers (user_version) that this is done.
func (s *Store) Sweep(ctx context.Context) error {
	if err := s.writeHeld(ctx); err != nil {
		return wrapUpgrade(err)
	}
	if err := s.freeCache(ctx); err != nil {
		return wrapUpgrade(err)
	}
	version, err := s.reader.number(ctx, `PRAGMA user_version`)
	if err != nil || version >= fileVersion {
		return wrapUpgrade(err)
	}
	last := int64(0)
	for {
		page, n, err := s.oldClients(ctx, last)
		if err != nil {
			return wrapUpgrade(err)
		}
		if err := s.rewrite(ctx, page); err != nil {
			return wrapUpgrade(err)
		}
		if n == last {
			break
		}
		last = n
	}
	return wrapUpgrade(s.write(ctx, func(t *tx) error {
		_, err := t.exec(fmt.Sprintf(`PRAGMA user_version = %d`, fileVersion))
		return err
	}))
}

func wrapUpgrade(err error) error {
	if err != nil {
		return fmt.Errorf("sqlite: upgrade: %w", err)
	}
	return nil
}

// oldClients reads one page of cards after a row, brought to the shape of this version, and returns the last row read.
func (s *Store) oldClients(ctx context.Context, after int64) (page []crm.Client, last int64, err error) {
	last = after
	err = s.reader.rows(ctx, `SELECT n, doc FROM clients WHERE n > ? ORDER BY n LIMIT ?`, []any{after, upgradePage},
		func(r *sql.Rows) (bool, error) {
			var raw sql.RawBytes
			if err := r.Scan(&last, &raw); err != nil {
				return true, err
			}
			var c crm.Client
			err := decode(raw, &c)
			page = append(page, c)
			return false, err
		})
	return page, last, err
}

// rewrite stores the cards, but for those that somebody has changed, and thereby upgraded, meanwhile.
func (s *Store) rewrite(ctx context.Context, page []crm.Client) error {
	if len(page) == 0 {
		return nil
	}
	return s.write(ctx, func(t *tx) error {
		b := bulk{}
		for _, c := range page {
			if err := t.rewriteClient(c, b); err != nil {
				return fmt.Errorf("client %s: %w", c.ID, err)
			}
		}
		return t.flush(b)
	})
}

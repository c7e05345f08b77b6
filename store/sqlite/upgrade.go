package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"kartoteka/crm"
)

// upgradePage is how many cards one transaction of Sweep rewrites.
const upgradePage = 500

// Sweep rewrites the cards that an older version wrote. The file remembers (user_version) that this is done.
func (s *Store) Sweep(ctx context.Context) error {
	version, err := s.reader.number(ctx, `PRAGMA user_version`)
	if err != nil || version >= crm.SchemaVersion {
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
		_, err := t.exec(fmt.Sprintf(`PRAGMA user_version = %d`, crm.SchemaVersion))
		return err
	}))
}

func wrapUpgrade(err error) error {
	if err != nil {
		return fmt.Errorf("sqlite: upgrade: %w", err)
	}
	return nil
}

// oldClients reads one page of cards after a row and keeps those that are of an older shape, brought to this
// one; it returns the last row read.
func (s *Store) oldClients(ctx context.Context, after int64) (page []crm.Client, last int64, err error) {
	last = after
	err = s.reader.rows(ctx, `SELECT n, doc FROM clients WHERE n > ? ORDER BY n LIMIT ?`, []any{after, upgradePage},
		func(r *sql.Rows) (bool, error) {
			var raw sql.RawBytes
			if err := r.Scan(&last, &raw); err != nil {
				return true, err
			}
			var c crm.Client
			if err := decodeRaw(raw, &c); err != nil {
				return true, err
			}
			if c.Upgrade() {
				page = append(page, c)
			}
			return false, nil
		})
	return page, last, err
}

// rewrite stores the cards, but for those that somebody has changed, and thereby upgraded, meanwhile.
func (s *Store) rewrite(ctx context.Context, page []crm.Client) error {
	if len(page) == 0 {
		return nil
	}
	return s.write(ctx, func(t *tx) error {
		var b bulk
		for _, c := range page {
			if err := t.rewriteClient(c, &b); err != nil {
				return fmt.Errorf("client %s: %w", c.ID, err)
			}
		}
		return t.flush(&b)
	})
}

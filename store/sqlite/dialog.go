package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kartoteka/crm"
)

// Dialog returns the open conversation with this id; crm.ErrNotFound.
func (s *Store) Dialog(ctx context.Context, id string) (crm.Dialog, error) {
	if d, held, err := s.light.find(id); held {
		return d, err
	}
	return get[crm.Dialog](ctx, s.reader, "dialog", `SELECT doc FROM dialogs WHERE id = ?`, id)
}

// SaveDialog writes d as revision d.Rev. A dialog belongs to its chat, so that the team is no condition.
func (s *Store) SaveDialog(ctx context.Context, d crm.Dialog) error {
	doc, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("sqlite: save dialog: %w", err)
	}
	if d.Light() {
		err = s.holdBack(ctx, d, doc)
	} else {
		err = s.write(ctx, func(t *tx) error { return t.replaceDialog(d, doc) })
	}
	if err != nil {
		return fmt.Errorf("sqlite: save dialog: %w", err)
	}
	return nil
}

func (t *tx) replaceDialog(d crm.Dialog, doc []byte) error {
	if d.Rev == 1 {
		return t.insertDialog(d, doc)
	}
	return t.change(crm.ErrConflict, `UPDATE dialogs SET team = ?, rev = ?, expires = ?, doc = ? WHERE id = ? AND rev = ?`,
		d.Team, d.Rev, d.Expires.UnixMilli(), string(doc), d.ID, d.Rev-1)
}

func (t *tx) insertDialog(d crm.Dialog, doc []byte) error {
	return t.change(crm.ErrConflict,
		`INSERT INTO dialogs (id, team, rev, expires, doc) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		d.ID, d.Team, d.Rev, d.Expires.UnixMilli(), string(doc))
}

// EndDialog removes the conversation whatever its revision; no error if there is none.
func (s *Store) EndDialog(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM dialogs WHERE id = ?`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: end dialog: %w", err)
	}
	return nil
}

// dialogOf finds the dialogs that may hold somebody's data in the text of their documents, where a quotation mark within a value is always
// escaped, so that the others cost next to nothing.
const dialogOf = `instr(doc, '"of":"') > 0`

// EndDialogsOf removes a team's dialogs that are of any of these.
func (s *Store) EndDialogsOf(ctx context.Context, team crm.TeamID, of ...string) error {
	err := s.write(ctx, func(t *tx) error {
		for _, one := range of {
			if _, err := t.exec(`DELETE FROM dialogs WHERE team = ? AND json_extract(doc, '$.of') = ? AND `+dialogOf, team, one); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sqlite: end dialogs of: %w", err)
	}
	return nil
}

// DialogsOf lists a team's dialogs that are of this by their ids, behind one of them, at most limit.
func (s *Store) DialogsOf(ctx context.Context, team crm.TeamID, of, after string, limit int) ([]crm.Dialog, error) {
	return list[crm.Dialog](ctx, s.reader, "dialogs of", `SELECT doc FROM dialogs WHERE team = ? AND json_extract(doc, '$.of') = ? AND `+dialogOf+
		` AND id > ? ORDER BY id LIMIT ?`, team, of, after, limit)
}

// PurgeDialogs removes those that expired before the time, at most limit.
func (s *Store) PurgeDialogs(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := s.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(`DELETE FROM dialogs WHERE id IN (SELECT id FROM dialogs WHERE expires < ? LIMIT ?)`, before.UnixMilli(), limit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlite: purge dialogs: %w", err)
	}
	return int(n), nil
}

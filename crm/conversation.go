package crm

import (
	"context"
	"fmt"
	"time"
)

// Dialog returns an open dialog of by's; ErrNotFound if there is none, it has expired, or it is somebody else's.
func (d *Desk) Dialog(ctx context.Context, by Actor, id string) (Dialog, error) {
	dlg, err := d.store.Dialog(ctx, id)
	if err != nil {
		return Dialog{}, fmt.Errorf("read dialog: %w", err)
	}
	if dlg.Member != by.ID || dlg.Team != by.Team || !d.now().Before(dlg.Expires) {
		return Dialog{Rev: dlg.Rev}, &Error{Kind: ErrNotFound, Field: "dialog"}
	}
	if dlg.Answers == nil {
		dlg.Answers = map[string]string{} // engines keep an empty map as none
	}
	return dlg, nil
}

// SaveDialog writes a dialog over the revision that was read (0: a new one) and returns it as stored. ErrConflict
// if another message advanced it meanwhile.
func (d *Desk) SaveDialog(ctx context.Context, by Actor, dlg Dialog) (Dialog, error) {
	dlg.Team, dlg.Member, dlg.Schema = by.Team, by.ID, schemaVersion
	if dlg.Of == "" && (dlg.Draft != nil || len(dlg.Drafts) > 0) {
		dlg.Of = OfDrafts
	}
	dlg.Rev, dlg.Updated, dlg.Expires = dlg.Rev+1, d.now(), stamp(dlg.Expires)
	if err := d.store.SaveDialog(ctx, dlg); err != nil {
		return dlg, fmt.Errorf("save dialog: %w", err)
	}
	return dlg, nil
}

// EndDialog closes a dialog; no error if there is none.
func (d *Desk) EndDialog(ctx context.Context, by Actor, id string) error {
	if by.ID == "" {
		return &Error{Kind: ErrDenied, Field: "dialog"}
	}
	if err := d.store.EndDialog(ctx, id); err != nil {
		return fmt.Errorf("end dialog: %w", err)
	}
	return nil
}

// keepStrays is how long an update that could not be handled waits for a person to look at it. It may hold a client's words and
// phone, which no erasure finds in it: it is gone before the days are over in which who asks is to be erased.
const keepStrays = 14 * 24 * time.Hour

// PurgeStrays removes the updates that were set aside long enough ago; it is run by the clock.
func (d *Desk) PurgeStrays(ctx context.Context) error {
	for {
		n, err := d.store.PurgeStrays(ctx, d.now().Add(-keepStrays), purgeBatch)
		if err != nil {
			return fmt.Errorf("purge strays: %w", err)
		}
		if n < purgeBatch {
			return nil
		}
	}
}

// PurgeDialogs removes conversations and remembered lists that have expired; it is run by the clock.
func (d *Desk) PurgeDialogs(ctx context.Context) error {
	for {
		n, err := d.store.PurgeDialogs(ctx, d.now(), purgeBatch)
		if err != nil {
			return fmt.Errorf("purge dialogs: %w", err)
		}
		if n < purgeBatch {
			return nil
		}
	}
}

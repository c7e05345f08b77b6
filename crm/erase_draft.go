package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// draftPage is how many dialogs with drafts are read together.
const draftPage = 100

// endDraftsOf takes a client who is erased out of what was not saved yet, whosever it is: a draft with a phone, an address or an account
// of the card. Of a list the others stay.
func (d *Desk) endDraftsOf(ctx context.Context, c Client) error {
	after := ""
	for {
		page, err := d.store.DialogsOf(ctx, c.Team, OfDrafts, after, draftPage)
		if err != nil {
			return fmt.Errorf("dialogs with drafts: %w", err)
		}
		for _, dlg := range page {
			after = dlg.ID
			if err := d.endDraftOf(ctx, dlg, c); err != nil {
				return fmt.Errorf("end draft: %w", err)
			}
		}
		if len(page) < draftPage {
			return nil
		}
	}
}

func (d *Desk) endDraftOf(ctx context.Context, dlg Dialog, c Client) error {
	for range maxRaces {
		if dlg.Draft != nil && sharesKey(dlg.Draft.Profile, c.Profile) {
			return d.store.EndDialog(ctx, dlg.ID)
		}
		found := false
		dlg.Drafts = slices.Clone(dlg.Drafts)
		for i, one := range dlg.Drafts {
			if sharesKey(one.Profile, c.Profile) { // its place stays: buttons lead to the others by theirs
				dlg.Drafts[i], found = Draft{Named: one.Named}, true
			}
		}
		if !found {
			return nil
		}
		dlg.Rev++
		err := d.store.SaveDialog(ctx, dlg)
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if dlg, err = d.store.Dialog(ctx, dlg.ID); errors.Is(err, ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return ErrConflict
}

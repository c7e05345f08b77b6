package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// force edits a field whatever it holds.
func (o *office) force(m crm.Member, id crm.ClientID, f crm.Field, value string) (crm.Client, error) {
	return o.EditClient(o.t.Context(), o.as(m), id, crm.Edit{Field: f, Value: value, Force: true})
}

func TestStageArchiveNeedsTheRightToArchive(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	if _, err := o.SetShared(ctx, o.as(o.owner), true); err != nil {
		t.Fatal(err)
	}
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	if _, err := o.force(ivan, c.ID, crm.FieldStage, "archive"); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a foreign card into the archive: %v", err)
	}
	if got, err := o.force(ivan, c.ID, crm.FieldStage, "client"); err != nil || got.Stage != crm.StageClient {
		t.Errorf("another stage: %v, %v", got.Stage, err)
	}
	kept, err := o.force(o.owner, c.ID, crm.FieldStage, "archive")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.force(ivan, c.ID, crm.FieldStage, "lead"); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a foreign card out of the archive: %v", err)
	}
	if _, err := o.UndoClient(ctx, o.as(ivan), c.ID, kept.Rev); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("and by undoing: %v", err)
	}
}

func TestACardInTheBinStaysAsItIs(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	gone, err := o.DeleteClient(ctx, o.as(o.owner), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, u := range useCases {
		switch u.needs {
		case crm.ActionReadClient, crm.ActionReadHistory, crm.ActionTendClients, crm.ActionTakeClient, crm.ActionRestoreClient, crm.ActionUndoClient,
			crm.ActionDeleteClient, crm.ActionEraseClient, crm.ActionAskErasure, crm.ActionSeeSecret, crm.ActionMergeClients: // a pair with a card that is gone has a word of its own
			continue
		}
		if u.on != onClient || slices.Contains([]string{"UndoContact", "UndoOffer", "DecidedDay"}, name) { // what was undone is another change then
			continue
		}
		s := &scene{Desk: o.Desk, ctx: ctx, by: o.as(o.owner), client: c, heir: o.owner.ID, now: o.clock.Now()}
		if _, err := u.do(s); !errors.Is(err, crm.ErrInvalid) || fieldOf(err) != "deleted" {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	if back, err := o.UndoClient(ctx, o.as(o.owner), c.ID, gone.Rev); err != nil || !back.Deleted.IsZero() {
		t.Errorf("undo: %v", err)
	}
}

func TestUndoLeavesWhatTouchesTell(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	draft := crm.Draft{Profile: crm.Profile{City: "Казань"}, Notes: []crm.DraftNote{{Kind: crm.TouchCall, Text: "звонил"}, {Kind: crm.TouchNote, Text: "просил прайс"}}}
	full, err := o.CompleteClient(ctx, o.as(o.owner), c.ID, draft)
	if err != nil || full.City != "Казань" || full.Touches != 1 {
		t.Fatalf("got %+v, %v", full, err)
	}
	got, err := o.UndoClient(ctx, o.as(o.owner), c.ID, full.Rev)
	if err != nil || got.City != "" {
		t.Errorf("got %q, %v", got.City, err)
	}
	if got.Touches != 1 || got.LastNote != "просил прайс" || !got.LastTouch.Equal(full.LastTouch) || got.FirstContact.IsZero() {
		t.Errorf("the history is still there but the card says %+v", got)
	}
	noted, err := o.CompleteClient(ctx, o.as(o.owner), c.ID, crm.Draft{Notes: []crm.DraftNote{{Kind: crm.TouchNote, Text: "ещё"}}})
	if err != nil {
		t.Fatal(err)
	}
	if ev, err := o.LastChange(ctx, o.as(o.owner), c.ID); err != nil || ev.Undoable() {
		t.Errorf("undo is offered where there is nothing to take back: %v", err)
	}
	if _, err := o.UndoClient(ctx, o.as(o.owner), c.ID, noted.Rev); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("undo of a mere note: %v", err)
	}
}

func TestNextContactToday(t *testing.T) {
	for _, c := range []struct{ hour, want int }{{8, 10}, {10, 11}, {12, 13}, {22, 23}, {23, 0}} {
		o := newOffice(t)
		now := time.Date(2026, 11, 21, c.hour, 20, 0, 0, msk)
		o.clock.Advance(now.Sub(o.clock.Now()))
		card := o.add(o.owner, crm.Profile{Name: "Клиент"})
		got, err := o.force(o.owner, card.ID, crm.FieldNextContact, "2026-11-21")
		if c.want == 0 {
			if !errors.Is(err, crm.ErrInvalid) || fieldOf(err) != "next" {
				t.Errorf("at %d: got %v, want no time left today", c.hour, err)
			}
			continue
		}
		if want := time.Date(2026, 11, 21, c.want, 0, 0, 0, msk); err != nil || !got.NextContact.Equal(want) {
			t.Errorf("at %d: got %v, %v; want %v", c.hour, got.NextContact, err, want)
		}
	}
}

func TestEditsAndRestoringMakeNoSilentDuplicates(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.add(o.owner, crm.Profile{Name: "Оля", Phones: []crm.Phone{{E164: "+79001234567"}}})
	c := o.add(ivan, crm.Profile{Name: "Ольга", Phones: []crm.Phone{{E164: "+79007654321"}}})
	both := crm.Edit{Field: crm.FieldPhones, Value: "+79007654321, +79001234567", Force: true}
	_, err := o.EditClient(ctx, o.as(ivan), c.ID, both)
	var dup *crm.DuplicateError
	if !errors.As(err, &dup) || !errors.Is(err, crm.ErrConflict) || len(dup.Found) != 1 || dup.Found[0].Visible || dup.Found[0].Client.Name != "" {
		t.Fatalf("a foreign card's phone: got %v", err)
	}
	both.Despite = true
	if got, err := o.EditClient(ctx, o.as(ivan), c.ID, both); err != nil || len(got.Phones) != 2 {
		t.Fatalf("on purpose: %v, %v", got.Phones, err)
	}
	if _, err := o.force(ivan, c.ID, crm.FieldPhones, "+79001234567"); err != nil {
		t.Errorf("what the card had is not new to it: %v", err)
	}
	if _, err := o.DeleteClient(ctx, o.as(ivan), c.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.RestoreClient(ctx, o.as(ivan), c.ID); !errors.As(err, &dup) || len(dup.Found) != 1 {
		t.Errorf("out of the bin: got %v", err)
	}
	if got, err := o.RestoreDespite(ctx, o.as(ivan), c.ID); err != nil || !got.Deleted.IsZero() {
		t.Errorf("out of the bin on purpose: %v", err)
	}
}

func TestUndoMakesNoSilentDuplicates(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	phone := []crm.Phone{{E164: "+79001234567"}}
	deleted := o.add(o.owner, crm.Profile{Name: "Удалённая", Phones: phone})
	edited := o.add(o.owner, crm.Profile{Name: "Изменённая", Phones: []crm.Phone{{E164: "+79007654321"}}})
	deleted, err := o.DeleteClient(ctx, o.as(o.owner), deleted.ID)
	if err != nil {
		t.Fatal(err)
	}
	if edited, err = o.force(o.owner, edited.ID, crm.FieldPhones, "+79161112233"); err != nil {
		t.Fatal(err)
	}
	o.add(o.owner, crm.Profile{Name: "Новая", Phones: append(phone, crm.Phone{E164: "+79007654321"})})
	for name, c := range map[string]crm.Client{"a deletion": deleted, "an edit": edited} {
		var dup *crm.DuplicateError
		if _, err := o.UndoClient(ctx, o.as(o.owner), c.ID, c.Rev); !errors.As(err, &dup) || len(dup.Found) != 1 || dup.Found[0].Client.Name != "Новая" {
			t.Errorf("undo of %s: got %v", name, err)
		}
		got, err := o.UndoDespite(ctx, o.as(o.owner), c.ID, c.Rev)
		if err != nil || !got.Deleted.IsZero() || len(got.Phones) != 1 || got.Phones[0].E164 == "+79161112233" {
			t.Errorf("undo of %s on purpose: %+v, %v", name, got.Profile, err)
		}
	}
}

func TestCompletingMakesNoSilentDuplicates(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Оля", Phones: []crm.Phone{{E164: "+79001234567"}}})
	third := o.add(o.owner, crm.Profile{Name: "Ольга", Emails: []string{"olga@acme.example"}})
	draft := crm.Draft{Profile: crm.Profile{Phones: c.Phones, Emails: third.Emails}}
	var dup *crm.DuplicateError
	if _, err := o.CompleteClient(ctx, o.as(o.owner), c.ID, draft); !errors.As(err, &dup) || len(dup.Found) != 1 || dup.Found[0].Client.ID != third.ID {
		t.Errorf("got %v, want the third card", err)
	}
	if got, err := o.CompleteDespite(ctx, o.as(o.owner), c.ID, draft); err != nil || len(got.Emails) != 1 {
		t.Errorf("on purpose: %+v, %v", got.Profile, err)
	}
}

func TestAContactThatPassedWhileAwayIsSaidOnReturn(t *testing.T) {
	away := map[string]func(o *office, id crm.ClientID) (crm.Client, error){
		"bin": func(o *office, id crm.ClientID) (crm.Client, error) {
			return o.DeleteClient(o.t.Context(), o.as(o.owner), id)
		},
		"archive": func(o *office, id crm.ClientID) (crm.Client, error) {
			return o.ArchiveClient(o.t.Context(), o.as(o.owner), id, "")
		},
	}
	back := map[string]func(o *office, c crm.Client) (crm.Client, error){
		"restore": func(o *office, c crm.Client) (crm.Client, error) {
			return o.RestoreClient(o.t.Context(), o.as(o.owner), c.ID)
		},
		"undo": func(o *office, c crm.Client) (crm.Client, error) {
			return o.UndoClient(o.t.Context(), o.as(o.owner), c.ID, c.Rev)
		},
	}
	for where, leave := range away {
		for how, comeBack := range back {
			o, b := newOffice(t), &inbox{}
			o.tick(b)
			c := o.add(o.owner, crm.Profile{Name: "Клиент"})
			if _, err := o.SnoozeContact(t.Context(), o.as(o.owner), c.ID, crm.PutOff{Until: o.clock.Now().Add(time.Hour)}); err != nil {
				t.Fatal(err)
			}
			gone, err := leave(o, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := o.wait(b, 3*time.Hour, time.Minute); len(got) != 0 {
				t.Errorf("%s, %s: while away: %v", where, how, kinds(got))
			}
			if _, err := comeBack(o, gone); err != nil {
				t.Fatal(err)
			}
			got := o.wait(b, time.Hour, time.Minute)
			if len(got) != 1 || got[0].Kind != crm.RemindContact || got[0].Client.ID != c.ID {
				t.Errorf("%s, %s: on return: %v, want the next contact once", where, how, kinds(got))
			}
		}
	}
}

package crm_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
)

// Who is erased is in nothing any more that somebody has not saved yet, and nobody loses what is of others.
func TestEraseClient_drafts(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(5, "Иван", crm.RoleManager)
	profile := crm.Profile{Name: "Петров Сергей", Phones: []crm.Phone{{E164: "+79035556677"}}, TelegramID: 77}
	c := o.addDespite(profile)
	about := func(p crm.Profile) crm.Draft {
		return crm.Draft{Profile: p, Named: crm.NamedByContact, Notes: []crm.DraftNote{{Text: "диабет"}}}
	}
	phone, account := about(crm.Profile{Phones: profile.Phones}), about(crm.Profile{Name: "Серёга", TelegramID: 77})
	other, namesake := about(crm.Profile{Name: "Ким Анна", Phones: []crm.Phone{{E164: "+79031112233"}}}), about(crm.Profile{Name: "Петров Сергей"})
	save := func(by crm.Member, d crm.Dialog) string {
		t.Helper()
		d.Expires = o.clock.Now().Add(7 * 24 * time.Hour)
		_, err := o.SaveDialog(ctx, o.as(by), d)
		mustAll(t, err)
		return d.ID
	}
	gone := []string{save(o.owner, crm.Dialog{ID: "1", Draft: &phone}), save(ivan, crm.Dialog{ID: "2", Draft: &account})}
	stay := []string{save(ivan, crm.Dialog{ID: "3", Draft: &other}), save(ivan, crm.Dialog{ID: "4", Draft: &namesake}), save(ivan, crm.Dialog{ID: "5", Step: "text"})}
	list := save(ivan, crm.Dialog{ID: "6", Drafts: []crm.Draft{other, account, namesake}})
	for i := range 150 { // more than are read together
		stay = append(stay, save(ivan, crm.Dialog{ID: fmt.Sprint("20", i), Draft: &other}))
	}
	gone = append(gone, save(ivan, crm.Dialog{ID: "9", Draft: &phone}))

	mustAll(t, o.EraseClient(ctx, o.as(o.owner), c.ID))
	for _, id := range gone {
		if _, err := o.store.Dialog(ctx, id); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("the draft %s outlives the erasure: %v", id, err)
		}
	}
	for _, id := range stay {
		if _, err := o.store.Dialog(ctx, id); err != nil {
			t.Errorf("the draft %s: %v", id, err)
		}
	}
	d, err := o.store.Dialog(ctx, list)
	if err != nil || len(d.Drafts) != 3 || len(d.Drafts[0].Notes) != 1 || len(d.Drafts[1].Notes) != 0 || !d.Drafts[1].Empty() || len(d.Drafts[2].Notes) != 1 {
		t.Errorf("of the list is left %+v, %v", d.Drafts, err)
	}
}

package crm_test

import (
	"context"
	"fmt"
	"testing"

	"kartoteka/crm"
)

// looked counts how many cards are looked up by their ids; those that are gone it does not find.
type looked struct {
	crm.Store
	times, ids int
	gone       bool
}

func (s *looked) ClientsByID(ctx context.Context, team crm.TeamID, ids []crm.ClientID) ([]crm.Client, error) {
	if s.times, s.ids = s.times+1, s.ids+len(ids); s.gone {
		return nil, nil
	}
	return s.Store.ClientsByID(ctx, team, ids)
}

// What a long file has made is found where it was made: not all its rows are looked up.
func TestImportedClients_few_of_many(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	known := []string{"Имя;Телефон"}
	for i := range 1600 {
		known = append(known, fmt.Sprintf("Клиент %s;+7900%07d", spelled(i), i))
	}
	o.take(sheetOf(known...), crm.ImportFill)
	some := append([]string{}, known...)
	some[1], some[1500] = "Первый;+79110000001", "Второй;+79110000002"
	i := o.take(sheetOf(some...), crm.ImportFill)
	if i.Counts.New != 2 {
		t.Fatalf("got %+v", i.Counts)
	}
	store := &looked{Store: o.store}
	desk := crm.NewDesk(store, o.clock)
	page, err := desk.ImportedClients(t.Context(), by, i.ID, crm.ImportedQuery{Row: 1, Limit: 8})
	mustAll(t, err)
	if len(page.Clients) != 2 || page.On != 0 || page.Clients[1].Row != 1501 || store.ids > 1000 {
		t.Errorf("got %d cards, on %d, of %d ids", len(page.Clients), page.On, store.ids)
	}
	page, err = desk.ImportedClients(t.Context(), by, i.ID, crm.ImportedQuery{Row: 1, Limit: 1})
	if mustAll(t, err); len(page.Clients) != 1 || page.On != 1501 {
		t.Errorf("the first page is %+v", page)
	}
	page, err = desk.ImportedClients(t.Context(), by, i.ID, crm.ImportedQuery{Row: 1501, Before: true, Limit: 1})
	if mustAll(t, err); len(page.Clients) != 1 || page.Clients[0].Row != 2 || page.On != 0 {
		t.Errorf("the page before is %+v", page)
	}
}

// Cards that are gone are not looked for without end: whoever asks is told where to go on.
func TestImportedClients_that_are_gone(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	for name, made := range map[string]crm.Run{"noted": "1-50", "of an older release": ""} {
		i := crm.Import{ID: crm.ImportID(name), Team: by.Team, Rev: 1, By: by.ID, State: crm.ImportDone, Made: made, Reach: 25_000, Cursor: 25_000,
			Counts: crm.ImportCounts{New: 25_000}, Begun: o.clock.Now()}
		mustAll(t, o.store.SaveImport(t.Context(), i))
		store := &looked{Store: o.store, gone: true}
		desk := crm.NewDesk(store, o.clock)
		row, asked := 1, 0
		for row > 0 {
			page, err := desk.ImportedClients(t.Context(), by, i.ID, crm.ImportedQuery{Row: row, Limit: 8})
			mustAll(t, err)
			if store.times > 20 || len(page.Clients) > 0 {
				t.Fatalf("%s: %d questions, %+v", name, store.times, page)
			}
			row, asked, store.times = page.On, asked+1, 0
		}
		if asked != 3 || store.ids != 25_000 {
			t.Errorf("%s: %d presses, %d rows", name, asked, store.ids)
		}
		page, err := desk.ImportedClients(t.Context(), by, i.ID, crm.ImportedQuery{Row: 25_001, Before: true, Limit: 8})
		if mustAll(t, err); page.On != 15_001 {
			t.Errorf("%s: back to %d", name, page.On)
		}
	}
}

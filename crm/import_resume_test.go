package crm_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// dyingImport is a store under a process that dies when it has written some rows so many times, or is stopped then and can still say so.
type dyingImport struct {
	crm.Store
	left  int
	stops bool
}

func (d *dyingImport) SaveClients(ctx context.Context, batch []crm.ClientChange) error {
	if d.left < 0 {
		return errDied
	}
	err := d.Store.SaveClients(ctx, batch)
	if d.left--; d.left < 0 {
		return errDied // what is written is written
	}
	return err
}

func (d *dyingImport) SaveImport(ctx context.Context, i crm.Import) error {
	if d.left < 0 && !d.stops {
		return errDied
	}
	return d.Store.SaveImport(ctx, i)
}

// imported is what comes of a file that has everything in it, in a base that has some of it; the process dies, or is stopped, after
// that many writes.
func imported(t *testing.T, policy, likely crm.ImportPolicy, dies int, stops bool) (i crm.Import, cards []string, died bool) {
	t.Helper()
	o := newOffice(t)
	o.add(o.owner, crm.Profile{Name: "Ким Вера", City: "Омск", Phones: []crm.Phone{{E164: "+79001110001"}}})
	o.add(o.owner, crm.Profile{Name: "Орлов Пётр", Company: "Вега", Phones: []crm.Phone{{E164: "+79001110002"}}})
	for range 2 {
		_, err := o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: crm.Profile{Name: "Семья", Phones: []crm.Phone{{E164: "+79001110003"}}}}, true)
		mustAll(t, err)
	}
	rows := sheetOf("Имя;Телефон;Компания;Город",
		"Ким Вера;+79001110001;;Омск",   // says nothing new
		"Орлов Пётр;+79001110009;Вега;", // like a card
		"Цой Яна;+79001110004;;",        // new
		"Общий;+79001110003;;",          // fits two
		"Ли Анна;12;;",                  // no phone
		"Ким Вера;+79001110001;;Уфа",    // says something else than the first row
		"Цой Яна;+79001110004;;Тула",    // the new one again
		"Орлов Пётр;;ООО «Вега»;Самара", // like a card, or two
		"Ким Вера;+79001110001;;Казань", // and once more
		"Новый Олег;+79001110005;Акме;Уфа")
	by := o.as(o.owner)
	i = o.begin(by, rows)
	_, err := o.TakeLikely(t.Context(), by, i.ID, likely)
	mustAll(t, err)
	_, err = o.RunImport(t.Context(), by, i.ID, policy)
	mustAll(t, err)
	err = crm.NewDesk(&dyingImport{o.store, dies, stops}, o.clock).WorkImports(t.Context(), rows)
	if died = errors.Is(err, errDied); !died {
		mustAll(t, err)
	}
	o.clock.Advance(time.Minute) // nobody works at it until the lease is over
	i = o.work(i, rows)
	list, err := o.store.Clients(t.Context(), crm.ClientQuery{Team: o.owner.Team, Limit: 100})
	mustAll(t, err)
	for _, c := range list {
		cards = append(cards, fmt.Sprintln(c.Name, c.Company, c.City, c.Phones, c.Touches))
	}
	slices.Sort(cards)
	return i, cards, died
}

// TestImport_resumes: whatever moment the process dies at, what it says of the import is what it would have said, and so are the cards.
func TestImport_resumes(t *testing.T) {
	for _, policy := range crm.ImportPolicies {
		for _, likely := range crm.ImportLikely {
			want, wantCards, _ := imported(t, policy, likely, 1000, false)
			for n := 0; ; n++ {
				dies, stops := n/2, n%2 == 1
				got, cards, died := imported(t, policy, likely, dies, stops)
				if got.State != crm.ImportDone || got.Counts != want.Counts || !reflect.DeepEqual(got.Refused, want.Refused) || got.Asked != want.Asked {
					t.Errorf("%s, %s, ended after %d, in peace %v: got\n%+v %v asked %q, want\n%+v %v asked %q", policy, likely, dies, stops, got.Counts,
						got.Refused, got.Asked, want.Counts, want.Refused, want.Asked)
				}
				if !slices.Equal(cards, wantCards) {
					t.Errorf("%s, %s, ended after %d, in peace %v: cards\n%+v, want\n%+v", policy, likely, dies, stops, cards, wantCards)
				}
				if !died {
					break
				}
			}
		}
	}
}

package crm_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

const aDay = 24 * time.Hour

// toMonday moves the office from its Friday to the Monday that is so many weeks later, to just before the digest.
func (o *office) toMonday(b *inbox, weeks int) {
	o.t.Helper()
	o.clock.Advance(2*aDay + time.Duration(weeks)*7*aDay + 20*time.Hour + 40*time.Minute)
	o.tick(b)
}

// staleOf are the names on the lists of stale clients among notices.
func staleOf(all []crm.Notice) [][]string {
	var lists [][]string
	for _, n := range all {
		if n.Kind != crm.RemindStale {
			continue
		}
		var names []string
		for _, s := range n.Stale {
			names = append(names, s.Client.Name)
		}
		lists = append(lists, names)
	}
	return lists
}

func (o *office) wantLists(got []crm.Notice, want ...[]string) {
	o.t.Helper()
	if lists := staleOf(got); fmt.Sprint(lists) != fmt.Sprint(want) {
		o.t.Errorf("got lists %v, want %v", lists, want)
	}
}

func (o *office) touch(m crm.Member, id crm.ClientID, in crm.TouchInput) {
	o.t.Helper()
	if in.Kind == "" {
		in.Kind = crm.TouchCall
	}
	if _, err := o.LogTouch(o.t.Context(), o.as(m), id, in); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) set(m crm.Member, id crm.ClientID, f crm.Field, value string) {
	o.t.Helper()
	if _, err := o.EditClient(o.t.Context(), o.as(m), id, crm.Edit{Field: f, Value: value, Force: true}); err != nil {
		o.t.Fatal(err)
	}
}

func TestStaleListComesOnceAWeekMostValuableFirst(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	var cards []crm.Client
	for i := range 12 {
		cards = append(cards, o.add(o.owner, crm.Profile{Name: fmt.Sprintf("Клиент %02d", i)}))
		o.clock.Advance(time.Second)
	}
	for i, stage := range []crm.Stage{crm.StageClient, crm.StageNegotiation, crm.StageContact} {
		o.set(o.owner, cards[i].ID, crm.FieldStage, string(stage))
	}
	o.set(o.owner, cards[7].ID, crm.FieldStatus, string(crm.StatusVIP))
	o.touch(o.owner, cards[9].ID, crm.TouchInput{})
	o.toMonday(b, 8) // 59 days: nobody but the VIP
	o.wantLists(o.wait(b, aDay, time.Hour), []string{"Клиент 07"})
	o.clock.Advance(5*aDay + 22*time.Hour)
	o.tick(b) // the next Monday
	o.wantLists(o.wait(b, aDay, 30*time.Minute), []string{"Клиент 00", "Клиент 01", "Клиент 02", "Клиент 09", "Клиент 03"})
	o.wantLists(o.wait(b, 5*aDay, time.Hour)) // once a week
	o.wantLists(o.wait(b, 2*aDay, time.Hour), []string{"Клиент 07", "Клиент 04", "Клиент 05", "Клиент 06", "Клиент 08"})
}

// Who works on Sundays, or comes into the team on one, has a week between two lists, too.
func TestAWeekIsBetweenTwoLists(t *testing.T) {
	if testing.Short() {
		t.Skip("lets many weeks go by, one thing after the other")
	}
	for name, off := range map[string][]time.Weekday{"never off": {}, "off on Mondays": {time.Monday}, "off at the weekend": {time.Saturday, time.Sunday}} {
		t.Run(name, func(t *testing.T) {
			o, b := newOffice(t), &inbox{}
			for range 40 {
				o.add(o.owner, crm.Profile{Name: "Ким"})
			}
			o.clock.Advance(63 * aDay) // a Friday
			if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.DaysOff = []time.Weekday{time.Friday, time.Saturday} }); err != nil {
				t.Fatal(err)
			}
			var days []civil.Date
			wait := func(n int) {
				for range n * 24 {
					o.clock.Advance(time.Hour)
					if len(staleOf(o.tick(b))) > 0 {
						days = append(days, civil.DateOf(o.clock.Now().In(msk)))
					}
				}
			}
			wait(2) // the first list comes on a Sunday
			if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.DaysOff = off }); err != nil {
				t.Fatal(err)
			}
			wait(40)
			if len(days) < 5 {
				t.Fatalf("lists came on %v", days)
			}
			for i := range days[1:] {
				if n := days[i].DaysUntil(days[i+1]); n < 7 || n > 9 {
					t.Errorf("%d days from one list to the next: %v", n, days)
				}
			}
		})
	}
}

func TestStaleDaily(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for i := range 12 {
		o.add(o.owner, crm.Profile{Name: fmt.Sprintf("Клиент %02d", i)})
	}
	if _, err := o.SetStaleRules(t.Context(), o.as(o.owner), func(r *crm.StaleRules) { r.Daily, r.Days = true, 10 }); err != nil {
		t.Fatal(err)
	}
	o.toMonday(b, 1)
	got := o.wait(b, 5*aDay, time.Hour)
	if lists := staleOf(got); len(lists) != 3 || len(lists[0]) != 5 || len(lists[1]) != 5 || len(lists[2]) != 2 {
		t.Errorf("got %v, want 5, 5 and 2 clients on three days", lists)
	}
	seen := map[string]time.Time{}
	for range 40 {
		for _, n := range o.wait(b, aDay, time.Hour) {
			if len(n.Stale) > 5 {
				t.Errorf("%d clients at once", len(n.Stale))
			}
			for _, s := range n.Stale {
				if before, ok := seen[s.Client.Name]; ok && o.clock.Now().Sub(before) < 14*aDay-2*time.Hour {
					t.Errorf("%s again after %s", s.Client.Name, o.clock.Now().Sub(before))
				}
				seen[s.Client.Name] = o.clock.Now()
			}
		}
	}
	if len(seen) != 12 {
		t.Errorf("got %d clients again, want all 12", len(seen))
	}
}

func TestATouchTakesOffTheList(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	add := func(name string) crm.Client { return o.add(ivan, crm.Profile{Name: name}) }
	touched, later, archived, blocked, deleted, given, kept := add("Касание"), add("Позже"), add("Архив"), add("Чёрный"), add("Корзина"), add("Передан"), add("Остался")
	o.toMonday(b, 8)
	o.clock.Advance(7 * aDay) // 66 days
	ctx := t.Context()
	until, _ := crm.SnoozeFortnight.Until(o.clock.Now().In(msk))
	for _, err := range []error{
		drop(o.SnoozeContact(ctx, o.as(ivan), later.ID, crm.PutOff{Until: until})),
		drop(o.ArchiveClient(ctx, o.as(ivan), archived.ID, "")),
		drop(o.EditClient(ctx, o.as(ivan), blocked.ID, crm.Edit{Field: crm.FieldStatus, Value: "blacklisted: x", Force: true})),
		drop(o.DeleteClient(ctx, o.as(ivan), deleted.ID)),
		drop(o.HandOverClient(ctx, o.as(ivan), given.ID, o.owner.ID)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	o.touch(ivan, touched.ID, crm.TouchInput{})
	got := o.wait(b, 2*time.Hour, 10*time.Minute)
	for _, n := range got {
		if n.Kind != crm.RemindStale {
			continue
		}
		want := "Остался"
		if n.To.ID == o.owner.ID {
			want = "Передан"
		}
		if len(n.Stale) != 1 || n.Stale[0].Client.Name != want {
			t.Errorf("%s got %+v, want %s", n.To.Name, n.Stale, want)
		}
	}
	if n := len(staleOf(got)); n != 2 {
		t.Errorf("got %d lists: %v", n, staleOf(got))
	}
	list, err := o.StaleListed(ctx, o.as(ivan), civil.Date{Year: 2027, Month: 1, Day: 25})
	if err != nil || len(list) != 1 || list[0].Client.ID != kept.ID || len(list[0].Why) == 0 {
		t.Errorf("got %+v, %v", list, err)
	}
}

func drop(_ crm.Client, err error) error { return err }

func TestUnconfirmedAreOnTheList(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	for range 7 {
		o.clock.Advance(29 * aDay)
		o.touch(o.owner, c.ID, crm.TouchInput{})
	}
	p, err := o.StaleClients(t.Context(), o.as(o.owner), 0)
	if err != nil || len(p.Clients) != 1 || len(p.Clients[0].Why) != 1 || p.Clients[0].Why[0].Kind != crm.StaleUnconfirmed {
		t.Fatalf("got %+v, %v", p, err)
	}
	if c, err = o.ConfirmClient(t.Context(), o.as(o.owner), c.ID); err != nil {
		t.Fatal(err)
	}
	if p, err := o.StaleClients(t.Context(), o.as(o.owner), 0); err != nil || len(p.Clients) != 0 {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestClientsOfALeftMemberAreTheOwners(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	o.add(ivan, crm.Profile{Name: "Ивана"})
	o.add(o.owner, crm.Profile{Name: "Анны"})
	ivan.Removed, ivan.Rev = o.clock.Now(), ivan.Rev+1
	if err := o.store.SaveMember(t.Context(), ivan, crm.Event{ID: "left", Team: ivan.Team, Rev: ivan.Rev}); err != nil {
		t.Fatal(err)
	}
	o.toMonday(b, 9)
	got := o.wait(b, time.Hour, 10*time.Minute)
	lists := staleOf(got)
	if len(lists) != 1 || !slices.Contains(lists[0], "Ивана") || !slices.Contains(lists[0], "Анны") {
		t.Errorf("got %v", lists)
	}
	if p, err := o.StaleClients(t.Context(), o.as(o.owner), 0); err != nil || p.Total != 2 || len(p.Clients) != 2 {
		t.Errorf("got %d of %d, %v", len(p.Clients), p.Total, err)
	}
}

// Why a card is on the list and whether the query lists it is the same rule.
func TestStaleReasonsAgreeWithTheQuery(t *testing.T) {
	o := newOffice(t)
	if _, err := o.SetStaleRules(t.Context(), o.as(o.owner), func(r *crm.StaleRules) {
		r.Stages[crm.StageNegotiation], r.Stages[crm.StageClient] = 7, crm.StaleNever
		r.Statuses[crm.StatusPaused] = 200
	}); err != nil {
		t.Fatal(err)
	}
	now := o.clock.Now()
	n := 0
	for _, stage := range crm.Stages {
		for _, status := range crm.Statuses {
			for _, days := range []int{6, 7, 29, 30, 59, 60, 199, 200} {
				n++
				c := crm.Client{ID: crm.ClientID(fmt.Sprint("c", n)), Team: o.owner.Team, Rev: 1, Owner: o.owner.ID, Stage: stage, Status: status,
					Created: now.AddDate(0, 0, -days), Confirmed: now, Profile: crm.Profile{Name: fmt.Sprint(stage, status, days)}}
				if days%2 == 0 {
					c.LastTouch, c.Created = c.Created, c.Created.AddDate(-1, 0, 0)
				}
				if n%5 == 0 {
					c.Confirmed = now.AddDate(0, -6, 0)
				}
				ev := crm.Event{ID: crm.EventID("e" + c.ID), Team: c.Team, Rev: 1}
				if err := o.store.SaveClient(t.Context(), crm.ClientChange{Client: c, Event: ev}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	listed := map[crm.ClientID]bool{}
	for page := 0; ; page++ {
		p, err := o.StaleClients(t.Context(), o.as(o.owner), page)
		if err != nil || p.Page != page || p.Before() != len(listed) {
			t.Fatalf("page %d: %d behind %d of %d, %v", page, p.Page, p.Before(), len(listed), err)
		}
		for _, s := range p.Clients {
			if listed[s.Client.ID] = true; len(s.Why) == 0 {
				t.Errorf("%s is listed without a reason", s.Client.Name)
			}
		}
		if !p.More {
			break
		}
	}
	for i := range n {
		s, err := o.StaleClient(t.Context(), o.as(o.owner), crm.ClientID(fmt.Sprint("c", i+1)))
		if err != nil || listed[s.Client.ID] != (len(s.Why) > 0) {
			t.Errorf("%s: listed %v, reasons %v, %v", s.Client.Name, listed[s.Client.ID], s.Why, err)
		}
	}
	if len(listed) < 40 {
		t.Errorf("only %d are listed", len(listed))
	}
}

func TestAListIsNoLongerForWhatWasDealtWith(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for i := range 15 {
		o.add(o.owner, crm.Profile{Name: fmt.Sprintf("Клиент %02d", i)})
	}
	if _, err := o.SetStaleRules(t.Context(), o.as(o.owner), func(r *crm.StaleRules) { r.Daily, r.Days = true, 10 }); err != nil {
		t.Fatal(err)
	}
	o.toMonday(b, 1)
	for _, n := range o.wait(b, time.Hour, 10*time.Minute) {
		for _, s := range n.Stale {
			o.touch(o.owner, s.Client.ID, crm.TouchInput{})
		}
	}
	if lists := staleOf(o.wait(b, aDay, time.Hour)); len(lists) != 1 || len(lists[0]) != 5 {
		t.Errorf("got %v, want 5 of the 10 that are left", lists)
	}
}

func TestWorth(t *testing.T) {
	o := newOffice(t)
	now := o.clock.Now()
	card := func(stage crm.Stage, status crm.Status, touches int, silent time.Duration) crm.Client {
		return crm.Client{Stage: stage, Status: status, Touches: touches, LastTouch: now.Add(-silent)}
	}
	order := []crm.Client{
		card(crm.StageLead, crm.StatusVIP, 0, aDay), card(crm.StageClient, crm.StatusActive, 3, aDay), card(crm.StageClient, crm.StatusFormer, 2, 9*aDay),
		card(crm.StageClient, crm.StatusActive, 2, aDay), card(crm.StageNegotiation, crm.StatusActive, 99, 99*aDay),
		card(crm.StageContact, crm.StatusActive, 1<<30, 99*aDay), card(crm.StageLead, crm.StatusLead, 1<<30, 99*aDay),
		{Stage: crm.StageArchive, Touches: 1 << 30},
	}
	for i := range order[1:] {
		if a, b := order[i].Worth(), order[i+1].Worth(); a >= b || a < 0 {
			t.Errorf("%d: %d does not come before %d", i, a, b)
		}
	}
}

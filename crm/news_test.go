package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// hall is an office with a group that is told of all there is.
type hall struct {
	*office
	place crm.PlaceID
	b     inbox
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{office: newOffice(t)}
	team, err := h.LinkPlace(t.Context(), h.as(h.owner), -100, 7, "Отдел")
	if err != nil {
		t.Fatal(err)
	}
	h.place = team.Places[0].ID
	for _, k := range crm.GroupNews {
		h.set(k, true)
	}
	return h
}

func (h *hall) set(k crm.NewsKind, on bool) {
	h.t.Helper()
	if _, err := h.SetPlaceNews(h.t.Context(), h.as(h.owner), h.place, k, on); err != nil {
		h.t.Fatal(err)
	}
}

// told is what the group is told now.
func (h *hall) told() []crm.Notice {
	h.t.Helper()
	before := len(h.b.got)
	h.deliver(&h.b)
	return slices.DeleteFunc(slices.Clone(h.b.got[before:]), func(n crm.Notice) bool { return n.At == "" })
}

func TestGroupsAreToldOfNewClients(t *testing.T) {
	h := newHall(t)
	h.clock.Advance(14 * time.Hour) // in the night: the team's quiet hours are the group's
	by := h.as(h.owner)
	draft := crm.Draft{Profile: crm.Profile{Name: "Иванов", Phones: []crm.Phone{{E164: "+79001234567"}}}}
	for range 2 { // the update comes twice
		if _, err := h.AddClient(t.Context(), by, draft, false); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.told(); len(got) != 0 {
		t.Fatalf("told in the night: %+v", got)
	}
	h.clock.Advance(6 * time.Hour)
	got := h.told()
	if len(got) != 1 || got[0].Late > time.Minute || h.clock.Now().Sub(got[0].Since) != 6*time.Hour {
		t.Fatalf("told in the morning: %+v", got)
	}
	if got[0].News != crm.NewsClient || got[0].Client.Name != "Иванов" || got[0].Place.Chat != -100 || got[0].Place.Topic != 7 || len(got[0].Client.Phones) > 0 {
		t.Fatalf("told %+v", got)
	}
	if _, err := h.SetPlacePhones(t.Context(), h.as(h.owner), h.place, true); err != nil {
		t.Fatal(err)
	}
	h.add(h.owner, crm.Profile{Name: "Петров", Phones: []crm.Phone{{E164: "+79001234568"}}, Emails: []string{"p@x.ru"}})
	if got := h.told(); len(got) != 1 || len(got[0].Client.Phones) != 1 || len(got[0].Client.Emails) > 0 {
		t.Errorf("with phones: %+v", got)
	}
	if n, _, err := h.AddMany(t.Context(), h.as(h.owner), []crm.Draft{{Profile: crm.Profile{Name: "А"}}, {Profile: crm.Profile{Name: "Б"}}}); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if got := h.told(); len(got) != 1 || got[0].Clients != 2 {
		t.Errorf("two together: %+v", got)
	}
	gone := h.add(h.owner, crm.Profile{Name: "Волков"})
	if _, err := h.DeleteClient(t.Context(), h.as(h.owner), gone.ID); err != nil {
		t.Fatal(err)
	}
	if got := h.told(); len(got) != 0 {
		t.Errorf("of one that is in the bin by now: %+v", got)
	}
	h.add(h.owner, crm.Profile{Name: "Сидоров"})
	h.set(crm.NewsClient, false) // before it was sent
	h.add(h.owner, crm.Profile{Name: "Орлов"})
	if got := h.told(); len(got) != 0 {
		t.Errorf("told though it is off: %+v", got)
	}
}

func TestAGroupCanBeToldAtAnyHour(t *testing.T) {
	h := newHall(t)
	h.clock.Advance(14 * time.Hour)
	h.add(h.owner, crm.Profile{Name: "Ким"})
	if got := h.told(); len(got) != 0 {
		t.Errorf("told in the night: %+v", got)
	}
	if _, err := h.SetPlaceLoud(h.t.Context(), h.as(h.owner), h.place, true); err != nil {
		t.Fatal(err)
	}
	h.add(h.owner, crm.Profile{Name: "Пак"})
	if got := h.told(); len(got) != 1 || got[0].Client.Name != "Пак" {
		t.Errorf("told at any hour: %+v", got)
	}
	// Without quiet hours of the team there are none of the group.
	if _, err := h.SetPlaceLoud(h.t.Context(), h.as(h.owner), h.place, false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SetTeamReminding(h.t.Context(), h.as(h.owner), func(r *crm.Reminding) { r.QuietFrom, r.QuietTo = "00:00", "00:00" }); err != nil {
		t.Fatal(err)
	}
	h.add(h.owner, crm.Profile{Name: "Ли"})
	if got := h.told(); len(got) != 1 || got[0].Client.Name != "Ли" {
		t.Errorf("told without quiet hours: %+v", got)
	}
}

func TestGroupsAreToldOfAnImportOnce(t *testing.T) {
	h := newHall(t)
	rows := sheetOf("Имя;Почта", "А;a@x.ru", "Б;b@x.ru", "В;что-то")
	i := h.begin(h.as(h.owner), rows)
	if got := h.told(); len(got) != 0 {
		t.Errorf("of a check: %+v", got)
	}
	i, err := h.RunImport(t.Context(), h.as(h.owner), i.ID, crm.ImportFill)
	mustAll(t, err)
	h.work(i, rows)
	if got := h.told(); len(got) != 1 || got[0].News != crm.NewsClient || got[0].Clients != 2 || got[0].Who.ID != h.owner.ID {
		t.Errorf("told %+v", got)
	}
	i, err = h.UndoImport(t.Context(), h.as(h.owner), i.ID)
	mustAll(t, err)
	h.work(i, rows)
	h.take(sheetOf("Имя;Почта", "В;что-то"), crm.ImportFill)
	if got := h.told(); len(got) != 0 {
		t.Errorf("of what brought nobody: %+v", got)
	}
}

func TestGroupsAreToldOfHandingOver(t *testing.T) {
	h := newHall(t)
	h.set(crm.NewsClient, false)
	ivan, petr := h.hire(30, "Иван", crm.RoleManager), h.hire(31, "Пётр", crm.RoleManager)
	var ids []crm.ClientID
	for _, name := range []string{"А", "Б", "В"} {
		ids = append(ids, h.add(ivan, crm.Profile{Name: name}).ID)
	}
	by := h.as(ivan)
	for range 2 {
		if _, err := h.HandOverClient(t.Context(), by, ids[0], petr.ID); err != nil && !errors.Is(err, crm.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if got := h.told(); len(got) != 1 || got[0].Client.Name != "А" || got[0].From.ID != ivan.ID || got[0].Who.ID != petr.ID {
		t.Fatalf("one: %+v", got)
	}
	if _, err := h.HandOverClient(t.Context(), h.as(h.owner), ids[0], petr.ID); err != nil {
		t.Fatal(err)
	}
	if got := h.told(); len(got) != 0 {
		t.Errorf("of what was theirs already: %+v", got)
	}
	if _, err := h.HandOverMany(t.Context(), h.as(h.owner), ids[:2], petr.ID); err != nil {
		t.Fatal(err)
	}
	if got := h.told(); len(got) != 1 || got[0].Clients != 1 || got[0].Who.ID != petr.ID {
		t.Errorf("a selection, of which one was theirs: %+v", got)
	}
	if _, err := h.RemoveMember(t.Context(), h.as(h.owner), petr.ID, []crm.MemberID{ivan.ID, h.owner.ID}); err != nil {
		t.Fatal(err)
	}
	got := h.told()
	if len(got) != 2 || got[0].Clients+got[1].Clients != 2 || got[0].From.ID != petr.ID || got[0].Who.ID == got[1].Who.ID {
		t.Errorf("all of one who leaves, to two: %+v", got)
	}
}

func TestGroupsAreToldOfExportsAndVIPs(t *testing.T) {
	h := newHall(t)
	h.set(crm.NewsClient, false)
	vip := h.add(h.owner, crm.Profile{Name: "Важная"})
	if _, err := h.EditClient(t.Context(), h.as(h.owner), vip.ID, crm.Edit{Field: crm.FieldStatus, Value: string(crm.StatusVIP), Force: true}); err != nil {
		t.Fatal(err)
	}
	h.add(h.owner, crm.Profile{Name: "Обычный"})
	if _, err := h.Dossier(t.Context(), h.as(h.owner), vip.ID); err != nil {
		t.Fatal(err)
	}
	if got := h.told(); len(got) != 1 || got[0].News != crm.NewsExport || got[0].Who.ID != h.owner.ID || got[0].Did != crm.ActionTakeClient {
		t.Fatalf("an export: %+v", got)
	}
	var lists []crm.Notice
	for range 80 {
		h.clock.Advance(24 * time.Hour)
		before := len(h.b.got)
		h.tick(&h.b)
		for _, n := range h.b.got[before:] {
			if n.At != "" {
				lists = append(lists, n)
			}
		}
	}
	if len(lists) < 2 || len(lists) > 12 {
		t.Fatalf("%d lists in 80 days", len(lists))
	}
	for _, n := range lists {
		if n.News != crm.NewsStale || len(n.Stale) != 1 || n.Stale[0].Client.ID != vip.ID {
			t.Errorf("a list is %+v", n)
		}
	}
}

// A group that is gone is told of nothing, keeps nobody waiting, and nobody gets in private what was for it.
func TestNewsOfALostGroup(t *testing.T) {
	h := newHall(t)
	h.add(h.owner, crm.Profile{Name: "Иванов"})
	h.b.fail = []error{crm.ErrUnreachable}
	if got := h.told(); len(got) != 0 {
		t.Errorf("the group is gone: %+v", got)
	}
	h.clock.Advance(time.Minute)
	h.deliver(&h.b)
	for _, n := range h.b.got {
		if n.Kind == crm.RemindNews {
			t.Errorf("told all the same: %+v", n)
		}
	}
	if len(h.b.got) != 1 || h.b.got[0].Kind != crm.RemindPlaceLost {
		t.Errorf("the owner is told %+v", h.b.got)
	}
	if n, err := h.WaitingReminders(t.Context()); err != nil || n != 0 {
		t.Errorf("%d wait, %v", n, err)
	}
}

func TestWhoSetsWhatAGroupIsTold(t *testing.T) {
	h := newHall(t)
	ivan := h.hire(30, "Иван", crm.RoleManager)
	if _, err := h.SetPlaceNews(t.Context(), h.as(ivan), h.place, crm.NewsClient, false); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager: %v", err)
	}
	if _, err := h.SetPlacePhones(t.Context(), h.as(ivan), h.place, true); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager, phones: %v", err)
	}
	for _, k := range []crm.NewsKind{crm.NewsCodes, crm.NewsLooks, "weather"} {
		if _, err := h.SetPlaceNews(t.Context(), h.as(h.owner), h.place, k, true); fieldOf(err) != "news" {
			t.Errorf("%s: %v", k, err)
		}
	}
	if _, err := h.SetPlaceNews(t.Context(), h.as(h.owner), "none", crm.NewsClient, true); fieldOf(err) != "place" {
		t.Errorf("of no place: %v", err)
	}
	team, err := h.LinkPlace(t.Context(), h.as(h.owner), -100, 7, "Отдел продаж")
	if err != nil || len(team.Places[0].News) != len(crm.GroupNews) {
		t.Errorf("linked again it forgets what it is told: %+v, %v", team.Places, err)
	}
}

package crm_test

import (
	"strconv"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func TestQuality(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	full := crm.Profile{Name: "Полный Клиент", Phones: []crm.Phone{{E164: "+79001234567"}}, Emails: []string{"a@b.ru"}, Source: "сайт", City: "Тула",
		Birthday: civil.Date{Month: 5, Day: 12}}
	o.add(o.owner, full)
	o.clock.Advance(200 * 24 * time.Hour)
	bare := o.add(ivan, crm.Profile{Name: "Пустой Клиент"})
	o.add(ivan, crm.Profile{Name: "Ромашка", Company: "Ромашка", Phones: []crm.Phone{{E164: "+7900123"}}, Emails: []string{"c@d.ru"}, Source: "сайт", City: "Тула"})
	q, err := o.Quality(t.Context(), o.as(o.owner), "")
	mustAll(t, err)
	// Of fifteen that are wanted five are lacking: a company has no birthday. Two thirds are not 67 percent.
	if q.Total != 3 || q.Complete != 66 || q.Goal != 85 || q.Lacking[crm.GapPhone] != 1 || q.Lacking[crm.GapWrong] != 1 || q.Lacking[crm.GapBirthday] != 1 ||
		q.Fresh[crm.Fresh] != 2 || q.Fresh[crm.Doubted] != 1 || q.Silent != 0 || q.Unmanaged != 0 {
		t.Errorf("got %+v", q)
	}
	if q, err := o.Quality(t.Context(), o.as(ivan), ""); err != nil || q.Total != 2 || q.Complete != 50 {
		t.Errorf("Ivan's are %+v, %v", q, err)
	}
	// Each figure is as long as its list.
	for part, want := range map[crm.QualityPart]int{crm.PartOf(crm.GapPhone): 1, crm.PartOf(crm.GapWrong): 1, crm.PartStaleData: 1, crm.PartSilent: 0} {
		query, err := o.QualityQuery(t.Context(), o.as(o.owner), part, "")
		mustAll(t, err)
		query.Limit = 9
		if list, err := o.List(t.Context(), o.as(o.owner), query); err != nil || len(list) != want {
			t.Errorf("%s: %d, %v; want %d", part, len(list), err, want)
		}
	}
	_, err = o.EditClient(t.Context(), o.as(o.owner), bare.ID, crm.Edit{Field: crm.FieldPhones, Value: "8 900 765-43-21", Force: true})
	mustAll(t, err)
	_, err = o.SetGoal(t.Context(), o.as(o.owner), 90)
	mustAll(t, err)
	if q, err := o.Quality(t.Context(), o.as(o.owner), ""); err != nil || q.Lacking[crm.GapPhone] != 0 || q.Goal != 90 {
		t.Errorf("mended it is %+v, %v", q, err)
	}
	_, err = o.RemoveMember(t.Context(), o.as(o.owner), ivan.ID, []crm.MemberID{o.owner.ID})
	mustAll(t, err)
	if q, err := o.Quality(t.Context(), o.as(o.owner), ""); err != nil || q.Unmanaged != 0 {
		t.Errorf("handed over they are %+v, %v", q, err)
	}
}

// A figure does not count what nobody mends, and knows whose the cards are.
func TestQualityOfTheArchiveAndOfOne(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	o.add(o.owner, crm.Profile{Name: "Первый"})
	o.add(ivan, crm.Profile{Name: "Второй"})
	gone := o.add(ivan, crm.Profile{Name: "Третий", City: "Тула"})
	_, err := o.ArchiveClient(t.Context(), o.as(ivan), gone.ID, "")
	mustAll(t, err)
	q, err := o.Quality(t.Context(), o.as(o.owner), "")
	mustAll(t, err)
	if q.Total != 2 || q.Lacking[crm.GapPhone] != 2 || !q.Everybody || q.Early != 0 {
		t.Errorf("got %+v", q)
	}
	o.clock.Advance(31 * aDay)
	if q, err := o.Quality(t.Context(), o.as(o.owner), ivan.ID); err != nil || q.Total != 1 || q.Early != 1 || q.Everybody || q.Unmanaged != 0 {
		t.Errorf("Ivan's are %+v, %v", q, err)
	}
	// A manager who sees only their own sees their own, whoever is asked for.
	if q, err := o.Quality(t.Context(), o.as(ivan), o.owner.ID); err != nil || q.Total != 1 || q.Everybody {
		t.Errorf("for Ivan the owner's are %+v, %v", q, err)
	}
	query, err := o.QualityQuery(t.Context(), o.as(o.owner), crm.PartOf(crm.GapPhone), ivan.ID)
	mustAll(t, err)
	query.Limit = 9
	if list, err := o.List(t.Context(), o.as(o.owner), query); err != nil || len(list) != 1 || list[0].Name != "Второй" {
		t.Errorf("Ivan's without a phone: %v, %v", list, err)
	}
}

func TestQualityByMember(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	o.hire(21, "Пётр", crm.RoleManager) // has no clients
	o.add(o.owner, crm.Profile{Name: "Первый", City: "Тула", Source: "сайт"})
	o.add(ivan, crm.Profile{Name: "Второй"})
	o.add(ivan, crm.Profile{Name: "Третий", City: "Тула"})
	all, err := o.QualityByMember(t.Context(), o.as(o.owner))
	if err != nil || len(all) != 2 || all[0].ID != ivan.ID || all[0].Total != 2 || all[0].Complete != 10 || all[0].Worst != crm.GapPhone ||
		all[0].Lacking != 2 || all[1].Complete != 40 {
		t.Errorf("got %+v, %v", all, err)
	}
	// Counted together they are what each one's own figures are.
	for n, kind := range crm.Kinds {
		o.add(ivan, crm.Profile{Name: "Клиент " + strconv.Itoa(n), Kind: kind, Source: "сайт"})
	}
	all, err = o.QualityByMember(t.Context(), o.as(o.owner))
	mustAll(t, err)
	for _, m := range all {
		if q, err := o.Quality(t.Context(), o.as(o.owner), m.ID); err != nil || q.Total != m.Total || q.Complete != m.Complete || q.Lacking[m.Worst] != m.Lacking {
			t.Errorf("%s is %+v, alone %+v, %v", m.Name, m, q, err)
		}
	}
	if all, err := o.QualityByMember(t.Context(), o.as(ivan)); err != nil || len(all) != 1 || all[0].ID != ivan.ID {
		t.Errorf("a manager of his own clients: %v, %v", all, err)
	}
	_, err = o.SetShared(t.Context(), o.as(o.owner), true)
	mustAll(t, err)
	if all, err := o.QualityByMember(t.Context(), o.as(ivan)); err != nil || len(all) != 2 {
		t.Errorf("a manager who sees all: %v, %v", all, err)
	}
}

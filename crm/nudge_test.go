package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// ofKind are the notices of a kind.
func ofKind(all []crm.Notice, k crm.ReminderKind) []crm.Notice {
	return slices.DeleteFunc(slices.Clone(all), func(n crm.Notice) bool { return n.Kind != k })
}

func TestNudgeComesOnceAWeekOnAWorkingDay(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.hire(3, "Лена", crm.RoleSupport)
	o.hire(4, "Олег", crm.RoleManager) // has no clients
	o.add(ivan, crm.Profile{Name: "Первый", City: "Тула"})
	o.add(ivan, crm.Profile{Name: "Второй"})
	// Whoever has come this week is left in peace.
	if got := ofKind(o.wait(b, 2*aDay, time.Hour), crm.RemindNudge); len(got) != 0 {
		t.Errorf("in the first week came %+v", got)
	}
	o.clock.Advance(20*time.Hour + 40*time.Minute)
	o.tick(b) // Monday, 9:00
	var came []time.Time
	for range 14 * 24 {
		for _, n := range ofKind(o.wait(b, time.Hour, time.Hour), crm.RemindNudge) {
			came = append(came, o.clock.Now().In(msk))
			if n.To.ID != ivan.ID || n.Nudge.Total != 2 || n.Nudge.Complete != 10 || n.Nudge.Worst != crm.PartOf(crm.GapPhone) || n.Nudge.Number != 2 {
				t.Errorf("got %+v for %s", n.Nudge, n.To.Name)
			}
		}
	}
	if len(came) != 2 || came[0].Format("Mon 15h") != "Wed 09h" || came[1].Sub(came[0]) != 7*aDay {
		t.Errorf("came at %v", came)
	}
}

func TestNudgeOnlyOfWhatIsToBeMended(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	c := o.add(o.owner, crm.Profile{Name: "Первый", City: "Тула", Source: "сайт", Phones: []crm.Phone{{E164: "+79001234567"}}, Emails: []string{"a@b.ru"}})
	o.toMonday(b, 0)
	if got := ofKind(o.wait(b, 7*aDay, time.Hour), crm.RemindNudge); len(got) != 1 {
		t.Errorf("80 of 85 percent: %d", len(got))
	}
	_, err := o.SetGoal(t.Context(), o.as(o.owner), 80)
	mustAll(t, err)
	if got := ofKind(o.wait(b, 7*aDay, time.Hour), crm.RemindNudge); len(got) != 0 {
		t.Errorf("80 of 80 percent: %d", len(got))
	}
	_, err = o.SetRequired(t.Context(), o.as(o.owner), crm.KindPerson, crm.GapBirthday, true)
	mustAll(t, err)
	if got := ofKind(o.wait(b, 7*aDay, time.Hour), crm.RemindNudge); len(got) != 1 || got[0].Nudge.Required != 1 {
		t.Errorf("something required is missing: %+v", got)
	}
	_, err = o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Off = append(r.Off, crm.RemindNudge) })
	mustAll(t, err)
	if got := ofKind(o.wait(b, 7*aDay, time.Hour), crm.RemindNudge); len(got) != 0 {
		t.Errorf("it is not wanted: %d", len(got))
	}
	_, err = o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Off = nil })
	mustAll(t, err)
	_, err = o.ArchiveClient(t.Context(), o.as(o.owner), c.ID, "")
	mustAll(t, err)
	if got := ofKind(o.wait(b, 7*aDay, time.Hour), crm.RemindNudge); len(got) != 0 {
		t.Errorf("there is nothing but the archive: %d", len(got))
	}
}

// What stood still on the day is made up for on the next working day, in the same week and out of the quiet hours.
func TestNudgeAfterAStop(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.add(o.owner, crm.Profile{Name: "Первый"})
	_, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Digest, r.QuietFrom, r.QuietTo = "07:00", "20:00", "10:30" })
	mustAll(t, err)
	o.toMonday(b, 0)
	o.clock.Advance(2*aDay + 13*time.Hour) // all Wednesday
	var came []time.Time
	for range 4 * 24 * 2 {
		for range ofKind(o.wait(b, 30*time.Minute, 30*time.Minute), crm.RemindNudge) {
			came = append(came, o.clock.Now().In(msk))
		}
	}
	if len(came) != 1 || came[0].Format("Mon 15h") != "Thu 10h" {
		t.Errorf("came at %v", came)
	}
}

func TestQuarterComesOnItsFirstWorkingDay(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.add(ivan, crm.Profile{Name: "Первый", City: "Тула"})
	to := func(year int, m time.Month, day int) []crm.Notice {
		o.clock.Advance(time.Date(year, m, day, 0, 0, 0, 0, msk).Sub(o.clock.Now()))
		return ofKind(o.wait(b, 5*aDay, time.Hour), crm.RemindQuarter)
	}
	if got := ofKind(o.wait(b, 3*aDay, time.Hour), crm.RemindQuarter); len(got) != 0 {
		t.Errorf("within a quarter came %+v", got)
	}
	got := to(2026, time.December, 30) // the first of January is a Friday
	if len(got) != 1 || got[0].To.ID != o.owner.ID || got[0].Quarter.From != (civil.Date{Year: 2027, Month: 1, Day: 1}) || got[0].Quarter.Complete != 20 ||
		!got[0].Quarter.Before.Quarter.IsZero() || len(got[0].Quarter.Members) != 1 {
		t.Fatalf("got %+v", got)
	}
	o.add(ivan, crm.Profile{Name: "Второй", City: "Тула", Source: "сайт", Birthday: civil.Date{Month: 5, Day: 12}})
	got = to(2027, time.March, 31)
	if len(got) != 1 || got[0].Quarter.Complete != 40 || got[0].Quarter.Before.Complete != 20 || got[0].Quarter.Before.Total != 1 || got[0].Quarter.Total != 2 {
		t.Errorf("got %+v", got)
	}
	// Who stood still for weeks is not told of a quarter that has long begun.
	o.clock.Advance(80 * aDay)
	if got := to(2027, time.July, 20); len(got) != 0 {
		t.Errorf("late: %+v", got)
	}
}

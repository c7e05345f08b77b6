package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// TestABirthdayThatWasChanged is kept on its new day, whatever was planned for the old one.
func TestABirthdayThatWasChanged(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	c := o.add(o.owner, crm.Profile{Name: "Мария", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	o.clock.Advance(15*time.Hour + 30*time.Minute) // Saturday, 03:30: the day is planned
	o.tick(b)
	if _, err := o.EditClient(t.Context(), o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldBirthday, Value: "22.11.1990", Force: true}); err != nil {
		t.Fatal(err)
	}
	var on []string
	for range 3 * 24 {
		o.clock.Advance(time.Hour)
		for _, n := range o.tick(b) {
			if n.Kind == crm.RemindBirthday {
				on = append(on, o.clock.Now().In(msk).Format("02.01"))
			}
		}
	}
	if !slices.Equal(on, []string{"22.11"}) {
		t.Errorf("it came on %v, want 22.11", on)
	}
}

// TestDigestWhereTheClockChanges: half past two is left out in spring and comes twice in autumn; the digest comes once each day.
func TestDigestWhereTheClockChanges(t *testing.T) {
	berlin := must(time.LoadLocation("Europe/Berlin"))
	for _, begin := range []time.Time{time.Date(2027, 3, 27, 12, 0, 0, 0, berlin), time.Date(2027, 10, 30, 12, 0, 0, 0, berlin)} {
		o, b := newOffice(t), &inbox{}
		m := o.owner
		m.Zone, m.Rev = "Europe/Berlin", m.Rev+1
		m.Reminding = crm.Reminding{Digest: "02:30", QuietFrom: "00:00", QuietTo: "00:00", Off: []crm.ReminderKind{crm.RemindTask}, Set: true}
		if err := o.store.SaveMember(t.Context(), m, crm.Event{ID: "move", Team: m.Team, Rev: m.Rev}); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(begin.Sub(o.clock.Now()))
		o.tick(b)
		o.task(m, crm.TaskInput{Text: "дело", Due: begin.Add(time.Hour)})
		days := map[string]int{}
		for range 3 * 24 * 4 {
			o.clock.Advance(15 * time.Minute)
			for _, n := range o.tick(b) {
				if n.Kind == crm.RemindDigest {
					days[o.clock.Now().In(berlin).Format("02.01")]++
				}
			}
		}
		if len(days) != 3 {
			t.Errorf("from %v on it came on %v, want on each of three days", begin, days)
		}
		for day, times := range days {
			if times != 1 {
				t.Errorf("on %s the digest came %d times", day, times)
			}
		}
	}
}

// TestABirthdayEnteredInTheNight comes in the morning: the one that was to be told of five days before, that evening, at the end
// of the quiet hours, the day's own at its hour.
func TestABirthdayEnteredInTheNight(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.wait(b, 11*time.Hour+30*time.Minute, 30*time.Minute) // Friday, 23:30
	o.add(o.owner, crm.Profile{Name: "Мария", Birthday: civil.Date{Year: 1990, Month: 11, Day: 25}})
	o.wait(b, 4*time.Hour, 30*time.Minute)
	o.add(o.owner, crm.Profile{Name: "Пётр", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	var got []string
	for range 17 {
		o.clock.Advance(30 * time.Minute)
		for _, n := range o.tick(b) {
			got = append(got, o.clock.Now().In(msk).Format("15:04 ")+n.Client.Name)
		}
	}
	if want := []string{"08:00 Мария", "09:00 Пётр"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

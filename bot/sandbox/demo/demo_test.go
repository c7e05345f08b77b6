package demo_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox/demo"
	"kartoteka/crm"
	"kartoteka/crm/civil"
)

var today = civil.Date{Year: 2025, Month: time.November, Day: 21}

func TestTheSameAtEveryStart(t *testing.T) {
	few, many := demo.People(today, 20), demo.People(today, 240)
	a, errA := json.Marshal(few)
	b, errB := json.Marshal(many[:20])
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("the first cards differ with the number of cards:\n%s\n%s", a, b)
	}
}

func TestEveryCardIsSound(t *testing.T) {
	now := time.Date(2025, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, c := range demo.People(today, 5000) {
		p := c.Profile
		if name, err := crm.CleanName(p.Name); err != nil || name != p.Name {
			t.Errorf("name %q: %q, %v", p.Name, name, err)
		}
		for _, phone := range p.Phones {
			if got, err := crm.ParsePhone(phone.E164, "RU"); err != nil || got.E164 != phone.E164 {
				t.Errorf("phone %s: %v", phone.E164, err)
			}
		}
		for _, mail := range p.Emails {
			if got, err := crm.ParseEmail(mail); err != nil || got != mail || !strings.HasSuffix(mail, ".example") {
				t.Errorf("mail %s: %s, %v", mail, got, err)
			}
		}
		for _, m := range p.Messengers {
			if got, err := crm.ParseMessenger("@" + m.Handle); err != nil || got != m || !strings.HasPrefix(m.Handle, "demo_") {
				t.Errorf("account %v: %v, %v", m, got, err)
			}
		}
		if !p.Birthday.IsZero() && (!p.Birthday.Valid() || p.Birthday.Year > 2005) {
			t.Errorf("birthday %s", p.Birthday)
		}
		if (c.Status == crm.StatusBlocked) && c.Reason == "" {
			t.Errorf("%s is blacklisted without a reason", p.Name)
		}
		last := c.Created
		for _, touch := range c.Touches {
			if touch.At.Before(last.AddDate(0, 0, -1)) || touch.At.After(now) {
				t.Errorf("%s: a touch at %s after one at %s", p.Name, touch.At, last)
			}
			last = touch.At
		}
	}
}

func TestSpread(t *testing.T) {
	phones, names, surnames, stages := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[crm.Stage]int{}
	cyrillic, soon := 0, 0
	const n = 100_000
	for c := range demo.All(today, n) {
		for _, p := range c.Profile.Phones {
			if phones[p.E164] {
				t.Fatalf("phone %s comes twice", p.E164)
			}
			phones[p.E164] = true
		}
		names[c.Profile.Name] = true
		words := strings.Fields(c.Profile.Name)
		if strings.ContainsAny(words[0], "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ") {
			cyrillic++
			surnames[words[0]] = true
		}
		stages[c.Stage]++
		if b := c.Profile.Birthday; !b.IsZero() && today.DaysUntil(b.Next(today)) <= 7 {
			soon++
		}
	}
	if len(names) < n/2 || len(surnames) < 3000 {
		t.Errorf("%d names and %d surnames, want more", len(names), len(surnames))
	}
	if cyrillic < n*7/10 || cyrillic > n*9/10 {
		t.Errorf("%d of %d are Russian", cyrillic, n)
	}
	if len(stages) != len(crm.Stages) || soon < n/75 {
		t.Errorf("stages %v, %d birthdays soon", stages, soon)
	}
}

func TestTheFirstCardsShowEverything(t *testing.T) {
	statuses, kinds, soon := map[crm.Status]bool{}, map[crm.Kind]bool{}, 0
	for _, c := range demo.People(today, 240) {
		statuses[c.Status], kinds[c.Profile.Kind] = true, true
		if b := c.Profile.Birthday; !b.IsZero() && today.DaysUntil(b.Next(today)) <= 7 {
			soon++
		}
	}
	if len(statuses) != len(crm.Statuses) || len(kinds) != len(crm.Kinds) || soon < 5 {
		t.Errorf("statuses %v, kinds %v, %d birthdays within a week", statuses, kinds, soon)
	}
}

// Each of those who work with the base has something that every kind of reminder tells of.
func TestTheFirstCardsAreOccasions(t *testing.T) {
	ago := func(at time.Time) int { return civil.DateOf(at).DaysUntil(today) }
	for share, who := range []string{"the manager", "the owner"} {
		found := map[string]int{}
		for i, c := range demo.People(today, 240) {
			if i%demo.Shares != share || c.Stage == crm.StageArchive {
				continue
			}
			if b := c.Profile.Birthday; !b.IsZero() {
				found[fmt.Sprintf("birthday in %d days", today.DaysUntil(b.Next(today)))]++
				if b.Month == time.February && b.Day == 29 {
					found["29 February"]++
				}
			}
			for _, task := range c.Tasks {
				found[fmt.Sprintf("task in %d days %s", -ago(task.Due), task.Repeat)]++
			}
			if !c.Next.IsZero() {
				found[fmt.Sprintf("next contact in %d days", -ago(c.Next))]++
			}
			if len(c.Touches) == 0 {
				continue
			}
			last := c.Touches[len(c.Touches)-1]
			switch silent := ago(last.At); {
			case silent > 40 && c.Status == crm.StatusVIP:
				found["VIP untouched"]++
			case silent > 120 && c.Status == crm.StatusActive:
				found["untouched"]++
			case silent == 4 && last.Outcome == crm.OutcomeOffer:
				found["offer"]++
			case ago(c.Confirmed) > 200 && silent <= 30:
				found["unconfirmed"]++
			}
		}
		for _, what := range []string{"birthday in 0 days", "birthday in 1 days", "birthday in 6 days", "29 February", "task in -1 days ",
			"task in 1 days ", "task in 1 days weekly", "next contact in 1 days", "VIP untouched", "untouched", "offer", "unconfirmed"} {
			if found[what] == 0 {
				t.Errorf("%s has no %q among %v", who, what, found)
			}
		}
	}
}

func BenchmarkPeople(b *testing.B) {
	for b.Loop() {
		demo.People(today, 1000)
	}
}

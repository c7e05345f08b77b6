// Package demo makes up clients: for the sandbox, so that there is something to look at, and for benchmarks,
// so that there is much of it. Nobody in it exists. Phones lie in ranges that belong to nobody (+7 945 is not
// given to any operator, 555-01XX is kept for films), addresses end in .example, accounts begin with "demo_".
//
// Card i is the same whatever the number of cards, and the same at every start of one day: its history and
// its birthday lie around today.
package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// Card is one made-up client.
type Card struct {
	Profile   crm.Profile
	Stage     crm.Stage
	Status    crm.Status
	Reason    string           // of the status, where it needs one, and of the archive
	Touches   []crm.TouchInput // oldest first
	Created   time.Time        // before the first touch
	Confirmed time.Time
	Next      time.Time // next contact, on the clock of those who work with the base; zero: none
	Tasks     []Task
	Extra     []string // values of Fields, in their order; "" for none
}

// Task is something to do about the client.
type Task struct {
	Text   string
	Due    time.Time // on the clock of those who work with the base
	Repeat moment.Repeat
}

// seed makes the demo base what it is; another one makes another base.
const seed = 20251121

// English is how many of a hundred clients are.
const english = 20

// phones: the numbers behind +7 945 are walked in steps prime to their count, so each comes once.
const (
	phoneCount = 10_000_000
	phoneStep  = 3_141_593
)

// People makes n cards.
func People(today civil.Date, n int) []Card {
	cards := make([]Card, 0, n)
	for c := range All(today, n) {
		cards = append(cards, c)
	}
	return cards
}

// All makes n cards one by one.
func All(today civil.Date, n int) iter.Seq[Card] {
	return func(yield func(Card) bool) {
		for i := range n {
			if !yield(person(today, i)) {
				return
			}
		}
	}
}

// maker makes one card.
type maker struct {
	*rand.Rand
	i     int
	today civil.Date
	words *words
	woman bool
	given string
	sur   string
}

func person(today civil.Date, i int) Card {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, uint64(i))), i: i, today: today, words: &russian}
	foreigner := m.IntN(100) < english
	if _, ok := m.round(); ok {
		foreigner = i%Shares == 0
	}
	if foreigner {
		m.words = &foreign
	}
	m.woman = m.IntN(2) == 0
	c := Card{Profile: m.profile()}
	m.standing(&c)
	m.history(&c)
	m.occasion(&c)
	m.extra(&c)
	return c
}

// one picks a word, those at the beginning of the list more often.
func (m *maker) one(list []string) string {
	return list[min(m.IntN(len(list)), m.IntN(len(list)))]
}

// chance is true in so many of a hundred cases.
func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func (m *maker) profile() crm.Profile {
	m.given, m.sur = m.one(m.words.men), m.words.surname(m)
	if m.woman {
		m.given = m.one(m.words.women)
	}
	p := crm.Profile{
		Name: m.words.full(m), Kind: crm.KindPerson, Phones: []crm.Phone{{E164: m.phone(0)}},
		City: m.one(m.words.cities), Source: m.one(m.words.sources),
	}
	if m.chance(10) {
		p.Phones = append(p.Phones, crm.Phone{E164: m.phone(1)})
	}
	m.business(&p)
	m.reach(&p)
	for len(p.Tags) < 2 && m.chance(60) {
		p.Tags = appendNew(p.Tags, m.one(m.words.tags))
	}
	for len(p.Interests) < 2 && m.chance(30) {
		p.Interests = appendNew(p.Interests, m.one(m.words.interests))
	}
	if m.chance(60) {
		p.Birthday = m.birthday()
	}
	if m.chance(30) {
		p.Address = fmt.Sprintf(m.words.address, m.one(m.words.streets), 1+m.IntN(120))
	}
	return p
}

// business gives half of the clients a company and a place in it.
func (m *maker) business(p *crm.Profile) {
	if !m.chance(55) {
		return
	}
	p.Kind = []crm.Kind{crm.KindCorporate, crm.KindCorporate, crm.KindBusiness, crm.KindPartner}[m.IntN(4)]
	p.Company = m.words.company(m)
	p.Position = m.one(m.words.positions)
	if p.Kind == crm.KindBusiness {
		p.Company = fmt.Sprintf(m.words.trader, m.sur)
		p.Position = ""
	}
}

// reach gives mail, accounts and the channel they like.
func (m *maker) reach(p *crm.Profile) {
	local := strings.ToLower(latin(m.given) + "." + latin(m.sur))
	if m.chance(65) {
		host := "mail"
		if p.Kind == crm.KindCorporate {
			host = domain(p.Company)
		}
		p.Emails = []string{fmt.Sprintf("%s%d@%s.example", local, m.i%97, host)}
	}
	if m.chance(50) {
		name := latin(m.sur)
		p.Messengers = append(p.Messengers, crm.Messenger{Kind: "telegram", Handle: fmt.Sprintf("demo_%s_%d", name[:min(len(name), 12)], m.i)})
	}
	if m.chance(70) {
		p.Channel = crm.Channels[m.IntN(len(crm.Channels))]
	}
}

// phone is the card's nth number, nobody else's.
func (m *maker) phone(n int) string {
	if area := m.i / 100; m.words == &foreign && n == 0 && area < len(areas) {
		return fmt.Sprintf("+1%s55501%02d", areas[area], m.i%100)
	}
	return fmt.Sprintf("+794%d%07d", 5+n, uint64(m.i)*phoneStep%phoneCount)
}

// birthday of somebody from 20 to 70; every tenth within the coming month, so that there are some to see. Some
// people do not tell the year.
func (m *maker) birthday() civil.Date {
	days := m.IntN(365)
	if m.i%10 == 0 {
		days = m.IntN(30)
	}
	d := m.before(-days)
	if d.Year = m.today.Year - 20 - m.IntN(50); m.chance(15) {
		d.Year = 0
	}
	if !d.Valid() {
		d.Day = 28
	}
	return d
}

// before is the date so many days before today.
func (m *maker) before(days int) civil.Date { return civil.DateOf(m.at(days, 0)) }

// at is a moment so many days before today, at this hour UTC.
func (m *maker) at(days, hour int) time.Time {
	return time.Date(m.today.Year, m.today.Month, m.today.Day-days, hour, 0, 0, 0, time.UTC)
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

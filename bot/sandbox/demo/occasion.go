package demo

import (
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// Shares: the cards are dealt out to those who work with the base, so that each third is the manager's.
const Shares = 3

// occasion makes a card one that is to be remembered for a reason.
type occasion func(*maker, *Card)

// occasions are what the first cards are there for: whoever opens the base has one of each, and sees every kind of
// reminder on the morning after the first start.
var occasions = [...]occasion{
	bornIn(1), bornIn(1 + daysBefore), bornIn(0), bornOnLeapDay,
	due, overdue, weekly, nextContact,
	untouched(crm.StatusVIP, 47), untouched(crm.StatusActive, 130), unconfirmed, offered,
}

// daysBefore a birthday a member is reminded of it, unless they have chosen otherwise.
const daysBefore = 5

// round is which of the occasions the card is there for, if any. In each round the manager has one card, an English one, and
// the owner has one, a Russian one.
func (m *maker) round() (n int, ok bool) {
	n = m.i / Shares
	return n, n < len(occasions) && m.i%Shares < 2
}

// occasion makes the card what it is there for.
func (m *maker) occasion(c *Card) {
	n, ok := m.round()
	if !ok {
		return
	}
	c.Stage, c.Status, c.Reason, c.Next = crm.StageClient, crm.StatusActive, "", time.Time{}
	occasions[n](m, c)
}

// bornIn is for a birthday so many days from today.
func bornIn(days int) occasion {
	return func(m *maker, c *Card) {
		c.Profile.Birthday = m.before(-days)
		c.Profile.Birthday.Year -= 40
	}
}

func bornOnLeapDay(_ *maker, c *Card) {
	c.Profile.Birthday = civil.Date{Year: 1992, Month: time.February, Day: 29}
}

// due is for what is to be done first thing tomorrow, and again later in the day.
func due(m *maker, c *Card) {
	c.Tasks = []Task{{Text: m.words.tasks.morning, Due: m.at(-1, 9)}, {Text: m.words.tasks.later, Due: m.at(-1, 15)}}
}

func overdue(m *maker, c *Card) {
	c.Tasks = []Task{{Text: m.words.tasks.overdue, Due: m.at(1, 16)}}
}

func weekly(m *maker, c *Card) {
	c.Tasks = []Task{{Text: m.words.tasks.weekly, Due: m.at(-1, 9), Repeat: moment.RepeatWeekly}}
}

// nextContact is for one that was set in the last talk for tomorrow morning.
func nextContact(m *maker, c *Card) {
	m.talks(c, m.said(6, crm.OutcomeThinking))
	c.Next = m.at(-1, 9)
}

// untouched is for a client whom nobody has talked to for so many days.
func untouched(status crm.Status, days int) occasion {
	return func(m *maker, c *Card) {
		c.Status = status
		m.talks(c, m.said(days+60, crm.OutcomeBought), m.said(days+30, crm.OutcomeAgreed), m.said(days, crm.OutcomeAgreed))
	}
}

// unconfirmed is for one who is talked to, but was not asked for over half a year whether the card is still right.
func unconfirmed(m *maker, c *Card) {
	m.talks(c, m.said(20, crm.OutcomeThinking))
	c.Created = m.at(300, 7)
	c.Confirmed = m.at(250, 7)
}

// offered is for one who was sent an offer and has not answered.
func offered(m *maker, c *Card) {
	m.talks(c, m.said(11, crm.OutcomeThinking), m.said(4, crm.OutcomeOffer))
	c.Stage = crm.StageNegotiation
}

// talks are all that there was with a client, oldest first.
func (m *maker) talks(c *Card, all ...crm.TouchInput) {
	c.Touches = all
	c.Created = all[0].At.AddDate(0, 0, -7)
	c.Confirmed = c.Created
	for _, t := range all {
		if t.Outcome == crm.OutcomeAgreed {
			c.Confirmed = t.At
		}
	}
}

// said is a call so many days ago.
func (m *maker) said(days int, outcome crm.Outcome) crm.TouchInput {
	return crm.TouchInput{Kind: crm.TouchCall, Direction: crm.DirectionOut, Outcome: outcome, Text: m.one(m.words.said[outcome]),
		At: m.at(days, 8)}
}

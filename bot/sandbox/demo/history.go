package demo

import (
	"time"

	"kartoteka/crm"
)

// standing is a way to stand in the funnel; share is out of a hundred.
type standing struct {
	share  int
	stage  crm.Stage
	status crm.Status
}

var standings = []standing{
	{22, crm.StageLead, crm.StatusLead},
	{16, crm.StageContact, crm.StatusLead},
	{18, crm.StageNegotiation, crm.StatusActive},
	{22, crm.StageClient, crm.StatusActive},
	{6, crm.StageClient, crm.StatusVIP},
	{5, crm.StageClient, crm.StatusPaused},
	{6, crm.StageClient, crm.StatusFormer},
	{1, crm.StageContact, crm.StatusBlocked},
	{4, crm.StageArchive, crm.StatusFormer},
}

func (m *maker) standing(c *Card) {
	n := m.IntN(100)
	for _, s := range standings {
		if n < s.share {
			c.Stage, c.Status = s.stage, s.status
			break
		}
		n -= s.share
	}
	if c.Status == crm.StatusBlocked || c.Stage == crm.StageArchive {
		c.Reason = m.one(m.words.reasons)
	}
}

// history gives up to five touches and notes: long ago for leads nobody cares for, up to yesterday for the rest.
func (m *maker) history(c *Card) {
	days := 30 + m.IntN(400) // since the card was made
	c.Created = m.at(days, 7)
	c.Confirmed = c.Created
	for range m.IntN(6) {
		days = m.IntN(days + 1)
		if days == 0 {
			break
		}
		t := m.touch(m.at(days, 6+m.IntN(10)).Add(time.Duration(m.IntN(60)) * time.Minute))
		c.Touches = append(c.Touches, t)
		if t.Outcome == crm.OutcomeAgreed {
			c.Confirmed = t.At
		}
	}
	if len(c.Touches) > 0 && c.Stage != crm.StageArchive && m.chance(35) {
		c.Next = m.at(-1-m.IntN(14), 10+m.IntN(8))
	}
}

func (m *maker) touch(at time.Time) crm.TouchInput {
	if m.chance(35) {
		return crm.TouchInput{Kind: crm.TouchNote, Text: m.one(m.words.notes), At: at}
	}
	t := crm.TouchInput{Kind: crm.TouchKinds[min(m.IntN(5), m.IntN(5))], Direction: crm.DirectionOut, At: at}
	if m.chance(30) {
		t.Direction = crm.DirectionIn
	}
	if m.chance(80) {
		t.Outcome = crm.Outcomes[m.IntN(len(crm.Outcomes))]
		t.Text = m.one(m.words.said[t.Outcome])
	}
	if t.Outcome == crm.OutcomeNotReached {
		t.Direction, t.Kind = crm.DirectionOut, crm.TouchCall
	}
	return t
}

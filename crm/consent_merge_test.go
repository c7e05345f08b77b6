package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// mailing gives, withdraws and asks for the consent to advertising.
type mailing struct {
	*office
	t *testing.T
}

func (m mailing) give(id crm.ClientID) {
	m.t.Helper()
	_, err := m.GiveConsent(m.t.Context(), m.as(m.owner), id, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper})
	mustAll(m.t, err)
	m.clock.Advance(time.Minute)
}

func (m mailing) withdraw(id crm.ClientID) crm.Consent {
	m.t.Helper()
	c, err := m.WithdrawConsent(m.t.Context(), m.as(m.owner), id, crm.PurposeMailing, civil.Date{})
	mustAll(m.t, err)
	m.clock.Advance(time.Minute)
	return c
}

func (m mailing) may(id crm.ClientID, want bool) {
	m.t.Helper()
	if may, err := m.MayWrite(m.t.Context(), m.as(m.owner), id, crm.PurposeMailing); err != nil || may != want {
		m.t.Errorf("%s may be written to: %v, %v, want %v", id, may, err, want)
	}
}

// Of a card that another with a consent was merged into, a withdrawal ends both; that it was a slip gives both again.
func TestWithdrawConsent_merged(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	m := mailing{o, t}
	a := o.add(o.owner, crm.Profile{Name: "Петров Сергей"})
	b := o.add(o.owner, crm.Profile{Name: "Сергей П."})
	m.give(a.ID)
	m.give(b.ID)
	_, p, err := o.MergeClients(ctx, o.as(o.owner), crm.MergeInput{Kept: a.ID, Gone: b.ID})
	mustAll(t, err)
	off := m.withdraw(a.ID)
	m.may(a.ID, false)
	mustAll(t, o.ReturnConsent(ctx, o.as(o.owner), a.ID, off.ID))
	list, err := o.Consents(ctx, o.as(o.owner), a.ID)
	if err != nil || len(list) != 2 || !list[0].Withdrawn.IsZero() || !list[1].Withdrawn.IsZero() {
		t.Errorf("got %+v, %v", list, err)
	}
	m.withdraw(a.ID)
	_, err = o.UndoMerge(ctx, o.as(o.owner), p.ID)
	mustAll(t, err)
	m.may(a.ID, false)
	m.may(b.ID, false)
}

// What a merge has ended, taking it back gives again: beside what was given since both end, and what was withdrawn since stays so.
func TestWithdrawConsent_partedAgain(t *testing.T) {
	for _, before := range []bool{false, true} {
		tw := newTwins(t)
		m := mailing{tw.office, t}
		_, p := tw.merge()
		m.give(tw.kept.ID)
		if before {
			m.withdraw(tw.kept.ID)
		}
		_, err := tw.UndoMerge(t.Context(), tw.as(tw.owner), p.ID)
		mustAll(t, err)
		m.may(tw.kept.ID, !before)
		m.withdraw(tw.kept.ID)
		m.may(tw.kept.ID, false)
	}
}

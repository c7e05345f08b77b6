package crm_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// Within the hour its author may say more of a touch, and nothing else of it or of the card becomes another.
func TestRewordTouch(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleAdmin)
	kim, other := o.add(o.owner, crm.Profile{Name: "Ким"}), o.add(o.owner, crm.Profile{Name: "Цой"})
	by := o.as(o.owner)
	_, err := o.LogTouch(ctx, by, kim.ID, crm.TouchInput{Kind: crm.TouchMessage, Outcome: crm.OutcomeOffer, Text: "КП"})
	mustAll(t, err)
	id := crm.NewTouchID(by.Team, by.Cause, 0)
	voice := []crm.File{{ID: "v1", Unique: "u1", Kind: "voice"}}
	was, now := o.look(kim.ID), o.as(o.owner)
	for range 2 { // it may come twice
		c, err := o.RewordTouch(ctx, now, kim.ID, id, crm.TouchInput{Text: " КП\nвыслал прайс ", Files: voice})
		mustAll(t, err)
		got := o.touches(kim.ID)
		if len(got) != 1 || got[0].Text != "КП\nвыслал прайс" || len(got[0].Files) != 1 || got[0].Kind != crm.TouchMessage || got[0].Outcome != crm.OutcomeOffer {
			t.Fatalf("got %+v", got)
		}
		if c.Touches != was.Touches || !c.LastTouch.Equal(was.LastTouch) || !c.Offered.Equal(was.Offered) || c.Rev != was.Rev+1 {
			t.Errorf("the card has %d touches, the last at %s, revision %d", c.Touches, c.LastTouch, c.Rev)
		}
	}
	refused := func(why error, field string, by crm.Actor, client crm.ClientID, text string) {
		t.Helper()
		if _, err := o.RewordTouch(ctx, by, client, id, crm.TouchInput{Text: text}); !errors.Is(err, why) || fieldOf(err) != field {
			t.Errorf("got %v, want %v on %q", err, why, field)
		}
	}
	refused(crm.ErrNotFound, "touch", o.as(ivan), kim.ID, "чужое")
	refused(crm.ErrNotFound, "touch", o.as(o.owner), other.ID, "не там")
	refused(crm.ErrInvalid, "note.long", o.as(o.owner), kim.ID, strings.Repeat("я", 8001))
	o.clock.Advance(time.Hour + time.Minute)
	refused(crm.ErrNotFound, "touch", o.as(o.owner), kim.ID, "поздно")
	if got := o.touches(kim.ID); got[0].Text != "КП\nвыслал прайс" {
		t.Errorf("it says «%s»", got[0].Text)
	}
}

// The sum of a purchase stays out of its text, however often that is worded anew: it stands beside it.
func TestRewordingAPurchaseKeepsItsSumOutOfTheText(t *testing.T) {
	for said, want := range map[string]string{
		"Кофемашина, 18 400 ₽\nдоставка завтра":            "Кофемашина\nдоставка завтра",
		"Кофемашина за 18400\nдоставка 500 руб":            "Кофемашина\nдоставка 500 руб",
		"доставка 500 руб\nКофемашина, 18,4 тыс. ₽":        "доставка 500 руб\nКофемашина",
		"$18,400 Кофемашина\nсверху $500":                  "$18,400 Кофемашина\nсверху $500",
		"Кофемашина 18 400 ₽, из них 18 400 руб. оплачены": "Кофемашина, из них, оплачены",
	} {
		o, ctx := newOffice(t), t.Context()
		kim, by := o.add(o.owner, crm.Profile{Name: "Ким"}), o.as(o.owner)
		_, err := o.LogTouch(ctx, by, kim.ID, crm.TouchInput{Kind: crm.TouchMeeting, Outcome: crm.OutcomeBought, Text: "Кофемашина, 18 400 ₽"})
		mustAll(t, err)
		was := o.touches(kim.ID)[0]
		_, err = o.RewordTouch(ctx, o.as(o.owner), kim.ID, was.ID, crm.TouchInput{Text: said})
		mustAll(t, err)
		if got := o.touches(kim.ID)[0]; got.Text != want || got.Purchase != was.Purchase || o.look(kim.ID).Bought != was.Purchase {
			t.Errorf("%q: got %q, bought %+v; want %q, bought %+v", said, got.Text, got.Purchase, want, was.Purchase)
		}
	}
}

// The record of the team tells what a touch said before, and those who see no sums read none in it.
func TestARewordingTellsWhatWasSaidBefore(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	lena := o.hire(2, "Лена", crm.RoleSupport)
	kim, by := o.add(o.owner, crm.Profile{Name: "Ким"}), o.as(o.owner)
	_, err := o.LogTouch(ctx, by, kim.ID, crm.TouchInput{Kind: crm.TouchCall, Text: "хочет скидку,\nсейчас платит 18 400 ₽"})
	mustAll(t, err)
	touch := crm.NewTouchID(by.Team, by.Cause, 0)
	_, err = o.RewordTouch(ctx, o.as(o.owner), kim.ID, touch, crm.TouchInput{Text: "платит за 17000"})
	mustAll(t, err)
	for _, as := range []struct {
		who  crm.Member
		want crm.Delta
	}{
		{o.owner, crm.Delta{Before: `"хочет скидку,\nсейчас платит 18 400 ₽"`, After: `"платит за 17000"`}},
		{lena, crm.Delta{Before: `"хочет скидку,\nсейчас платит •••"`, After: `"платит •••"`}},
	} {
		last, err := o.LastChange(ctx, o.as(as.who), kim.ID)
		mustAll(t, err)
		changes, err := o.Changes(ctx, o.as(as.who), kim.ID, crm.ChangeMark{}, 1)
		mustAll(t, err)
		if got := last.Fields["touch_text"]; got != as.want || changes[0].Fields["touch_text"] != as.want {
			t.Errorf("%s reads %+v and %+v, want %+v", as.who.Name, got, changes[0].Fields["touch_text"], as.want)
		}
	}
	_, err = o.RewordTouch(ctx, o.as(o.owner), kim.ID, touch, crm.TouchInput{Text: "платит за 17000", Files: []crm.File{{ID: "v1", Unique: "u1", Kind: "voice"}}})
	mustAll(t, err)
	if last, err := o.LastChange(ctx, o.as(o.owner), kim.ID); err != nil || len(last.Fields) != 0 {
		t.Errorf("a file more is no other text: %+v, %v", last.Fields, err)
	}
}

// The next contact is written as a day or as an hour of one.
func TestTheNextContactIsWritten(t *testing.T) {
	o := newOffice(t)
	kim := o.add(o.owner, crm.Profile{Name: "Ким"})
	for typed, want := range map[string]time.Time{
		"25.12": at(25, 10).AddDate(0, 1, 0), "завтра в 15": at(21, 15), "через неделю": at(27, 10), "tomorrow at 9": at(21, 9),
		"каждый день в 9": {}, "вчера": {}, "выслал прайс": {}, "завтра позвонить": {}, "31.02": {},
	} {
		c, err := o.force(o.owner, kim.ID, crm.FieldNextContact, typed)
		if want.IsZero() != (err != nil) || err != nil && fieldOf(err) != "next" || err == nil && !c.NextContact.Equal(want) {
			t.Errorf("%s: got %s, %v; want %s", typed, c.NextContact, err, want)
		}
	}
}

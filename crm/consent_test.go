package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// A consent is given once, withdrawn, given anew; each stays on record, also when the client is erased.
func TestConsent(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	may := func(p crm.Purpose) bool {
		t.Helper()
		ok, err := o.MayWrite(ctx, o.as(o.owner), c.ID, p)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	give := func(p crm.Purpose) crm.Consent {
		t.Helper()
		got, err := o.GiveConsent(ctx, o.as(o.owner), c.ID, crm.ConsentInput{Purpose: p, Way: crm.WayPaper, Evidence: "договор 12"})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if may(crm.PurposeMailing) || !may(crm.PurposeGreeting) {
		t.Error("advertising needs a consent by law, a greeting does not unless the team says so")
	}
	if _, err := o.NeedConsent(ctx, o.as(o.owner), crm.PurposeGreeting, true); err != nil {
		t.Fatal(err)
	}
	if may(crm.PurposeGreeting) {
		t.Error("a greeting without the consent that the team asks for")
	}
	first := give(crm.PurposeGreeting)
	if again := give(crm.PurposeGreeting); again.ID != first.ID || !may(crm.PurposeGreeting) || may(crm.PurposeMailing) {
		t.Errorf("got %+v, then %+v", first, again)
	}
	o.clock.Advance(1e9)
	for range 2 {
		if _, err := o.WithdrawConsent(ctx, o.as(o.owner), c.ID, crm.PurposeGreeting, civil.Date{}); err != nil {
			t.Fatal(err)
		}
	}
	if may(crm.PurposeGreeting) {
		t.Error("a greeting after the consent was withdrawn")
	}
	if _, err := o.NeedConsent(ctx, o.as(o.owner), crm.PurposeGreeting, false); err != nil {
		t.Fatal(err)
	}
	if may(crm.PurposeGreeting) {
		t.Error("a greeting after the consent was withdrawn, since others need none")
	}
	give(crm.PurposeGreeting)
	if err := o.EraseClient(ctx, o.as(o.owner), c.ID); err != nil {
		t.Fatal(err)
	}
	list, err := o.store.Consents(ctx, o.owner.Team, c.ID)
	if err != nil || len(list) != 2 || list[0].Withdrawn.IsZero() || !list[1].Withdrawn.IsZero() {
		t.Errorf("got %+v, %v after the client was erased", list, err)
	}
}

// A consent is noted with its day, to which text it was then; so is a withdrawal, which can be taken back and then holds as before.
func TestConsent_days(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	today := civil.DateOf(o.clock.Now().In(o.as(o.owner).Location()))
	_, err := o.SetConsentText(ctx, o.as(o.owner), "Согласен")
	mustAll(t, err)
	give := func(day civil.Date) (crm.Consent, error) {
		return o.GiveConsent(ctx, o.as(o.owner), c.ID, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper, Day: day})
	}
	withdraw := func(day civil.Date) (crm.Consent, error) {
		return o.WithdrawConsent(ctx, o.as(o.owner), c.ID, crm.PurposeMailing, day)
	}
	refused := func(what string, err error, field string) {
		t.Helper()
		if fieldOf(err) != field {
			t.Errorf("%s: %v, want %s", what, err, field)
		}
	}
	_, err = give(today.Plus(1))
	refused("a consent of tomorrow", err, "consent.future")
	given, err := give(today.Plus(-30))
	if err != nil || civil.DateOf(given.Given) != today.Plus(-30) || given.Text != 0 {
		t.Errorf("got %+v, %v: the text was set later", given, err)
	}
	_, err = withdraw(today.Plus(-31))
	refused("withdrawn before it was given", err, "consent.early")
	_, err = withdraw(today.Plus(1))
	refused("withdrawn tomorrow", err, "consent.future")
	off, err := withdraw(today.Plus(-3))
	if err != nil || off.ID != given.ID || civil.DateOf(off.Withdrawn) != today.Plus(-3) {
		t.Errorf("got %+v, %v", off, err)
	}
	_, err = give(today.Plus(-4))
	refused("a consent that was withdrawn since", err, "consent.before")
	for range 2 {
		mustAll(t, o.ReturnConsent(ctx, o.as(o.owner), c.ID, given.ID))
	}
	list, err := o.store.Consents(ctx, o.owner.Team, c.ID)
	if err != nil || len(list) != 1 || !list[0].Withdrawn.IsZero() || list[0].WithdrawnBy != "" || !list[0].Given.Equal(given.Given) {
		t.Errorf("got %+v, %v", list, err)
	}
	refused("none", o.ReturnConsent(ctx, o.as(o.owner), c.ID, "none"), "consent")
}

// That a withdrawal was a slip is said within a week of when it was written down, whatever day it was of, and whatever has become of the
// consent since.
func TestReturnConsent_late(t *testing.T) {
	const day = 24 * time.Hour
	for _, merged := range []bool{false, true} {
		for after, late := range map[time.Duration]bool{7*day - time.Minute: false, 7 * day: true} {
			tw := newTwins(t)
			ctx, by := t.Context(), tw.as(tw.owner)
			_, err := tw.GiveConsent(ctx, by, tw.gone.ID, crm.ConsentInput{Purpose: crm.PurposeData, Way: crm.WayPaper,
				Day: civil.DateOf(tw.clock.Now()).Plus(-40)})
			mustAll(t, err)
			off, err := tw.WithdrawConsent(ctx, tw.as(tw.owner), tw.gone.ID, crm.PurposeData, civil.DateOf(tw.clock.Now()).Plus(-30))
			mustAll(t, err)
			tw.clock.Advance(5 * day)
			whose := tw.gone.ID
			if merged {
				tw.merge()
				whose = tw.kept.ID
			}
			tw.clock.Advance(after - 5*day)
			err = tw.ReturnConsent(ctx, tw.as(tw.owner), whose, off.ID)
			if errors.Is(err, crm.ErrExpired) != late || !late && err != nil {
				t.Errorf("%s after it, merged %v: %v", after, merged, err)
			}
		}
	}
}

func TestReadPastDay(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{"03.10.2026": "2026-10-03", "3 октября": "2026-10-03", "25.12": "2025-12-25", "сегодня": "2026-11-23",
		"24.11.2026": "consent.future", "завтра": "consent.future", "договор": "consent.day"} {
		got, err := crm.ReadPastDay(text, now)
		if fieldOf(err) != want && (err != nil || got.String() != want) {
			t.Errorf("%q: %v, %v, want %s", text, got, err, want)
		}
	}
}

func TestConsent_refused(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	if _, err := o.GiveConsent(ctx, o.as(o.owner), c.ID, crm.ConsentInput{Purpose: "anything", Way: crm.WayPaper}); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("an unknown purpose: %v", err)
	}
	if _, err := o.GiveConsent(ctx, o.as(ivan), c.ID, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper}); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("for a colleague's client: %v", err)
	}
	if _, err := o.NeedConsent(ctx, o.as(ivan), crm.PurposeGreeting, true); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager sets the team's rule: %v", err)
	}
	if _, err := o.NeedConsent(ctx, o.as(o.owner), crm.PurposeMailing, false); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("advertising without consent: %v", err)
	}
}

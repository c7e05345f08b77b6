package crm_test

import (
	"errors"
	"testing"

	"kartoteka/crm"
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
		if err := o.WithdrawConsent(ctx, o.as(o.owner), c.ID, crm.PurposeGreeting); err != nil {
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

package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// Clients without contact for longer than the team keeps them are proposed for erasure, the longest silent first; nobody is
// erased by the clock.
func TestOutdated(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	first := o.add(o.owner, crm.Profile{Name: "Давнин Пётр"})
	o.clock.Advance(24 * time.Hour)
	second := o.add(ivan, crm.Profile{Name: "Былова Ольга"})
	binned := o.add(o.owner, crm.Profile{Name: "Корзинкин"})
	_, deleted := o.DeleteClient(ctx, o.as(o.owner), binned.ID)
	planned := o.add(o.owner, crm.Profile{Name: "Плановый"})
	called := o.add(o.owner, crm.Profile{Name: "Живой"})
	if second.ID < first.ID { // neither was ever touched: they come in the order of their ids
		first, second = second, first
	}
	names := func(limit int) (got []crm.ClientID, more bool) {
		t.Helper()
		list, more, err := o.Outdated(ctx, o.as(o.owner), limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			got = append(got, c.ID)
		}
		return got, more
	}
	want := func(what string, limit int, wantMore bool, ids ...crm.ClientID) {
		t.Helper()
		if got, more := names(limit); !slices.Equal(got, ids) || more != wantMore {
			t.Errorf("%s: got %v, %v, want %v, %v", what, got, more, ids, wantMore)
		}
	}
	want("at once", 5, false)
	o.clock.Advance(5*366*24*time.Hour - 48*time.Hour)
	_, touched := o.LogTouch(ctx, o.as(o.owner), called.ID, crm.TouchInput{Kind: crm.TouchCall})
	_, later := o.LogTouch(ctx, o.as(o.owner), planned.ID, crm.TouchInput{Kind: crm.TouchNote, Text: "ждёт", Next: o.clock.Now().AddDate(0, 0, 30)})
	_, snoozed := o.SnoozeContact(ctx, o.as(o.owner), planned.ID, crm.PutOff{Until: o.clock.Now().AddDate(0, 0, 30)})
	mustAll(t, deleted, touched, later, snoozed)
	o.clock.Advance(48 * time.Hour)
	want("after five years", 5, false, first.ID, second.ID)
	want("a page", 1, true, first.ID)
	if _, _, err := o.Outdated(ctx, o.as(ivan), 5); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager: %v", err)
	}
	_, err := o.KeepYear(ctx, o.as(o.owner), first.ID)
	mustAll(t, err)
	want("one kept for a year", 5, false, second.ID)
	for years, ids := range map[int][]crm.ClientID{10: nil, crm.KeepForever: nil, 3: {second.ID}} {
		_, err := o.SetKeepYears(ctx, o.as(o.owner), years)
		mustAll(t, err)
		want("other years", 5, false, ids...)
	}
	_, err = o.SetKeepYears(ctx, o.as(o.owner), 3)
	mustAll(t, err)
	for _, years := range []int{0, -2, 76} {
		if _, err := o.SetKeepYears(ctx, o.as(o.owner), years); !errors.Is(err, crm.ErrInvalid) {
			t.Errorf("%d years: %v", years, err)
		}
	}
	o.clock.Advance(366 * 24 * time.Hour)
	same := []crm.ClientID{second.ID, planned.ID} // silent since the same moment
	slices.Sort(same)
	want("a year later, when the planned contact is past", 5, false, append([]crm.ClientID{first.ID}, same...)...)
	for _, id := range []crm.ClientID{first.ID, second.ID} {
		if _, err := o.Client(ctx, o.as(o.owner), id); err != nil {
			t.Errorf("%s was erased by itself: %v", id, err)
		}
	}
}

// A consent names the text that it was given to, whatever the team has set since, and goes six years after its end.
func TestConsentText(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Горлова Анна"})
	for _, wrong := range []string{"", "  ", string(make([]rune, 1)) + "x" + string(slices.Repeat([]rune{'я'}, 3001))} {
		if _, err := o.SetConsentText(ctx, o.as(o.owner), wrong); !errors.Is(err, crm.ErrInvalid) {
			t.Errorf("%.20q: %v", wrong, err)
		}
	}
	set := func(text string) {
		t.Helper()
		_, err := o.SetConsentText(ctx, o.as(o.owner), text)
		mustAll(t, err)
	}
	give := func(p crm.Purpose) crm.Consent {
		t.Helper()
		given, err := o.GiveConsent(ctx, o.as(o.owner), c.ID, crm.ConsentInput{Purpose: p, Way: crm.WayPaper})
		mustAll(t, err)
		return given
	}
	none := give(crm.PurposeGreeting)
	set("Согласен.")
	first := give(crm.PurposeData)
	set("Согласен.")
	set("Согласен на всё.")
	second := give(crm.PurposeMailing)
	if none.Text != 0 || first.Text != 1 || second.Text != 2 {
		t.Errorf("the consents are to the texts %d, %d, %d, want 0, 1, 2", none.Text, first.Text, second.Text)
	}
	all, err := o.Dossier(ctx, o.as(o.owner), c.ID)
	mustAll(t, err)
	if len(all.ConsentTexts) != 2 || all.ConsentTexts[0].Text != "Согласен." {
		t.Errorf("the dossier has the texts %+v", all.ConsentTexts)
	}
}

func TestConsentsAreKeptForSixYears(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	given := func(c crm.Client) {
		t.Helper()
		_, err := o.GiveConsent(ctx, o.as(o.owner), c.ID, crm.ConsentInput{Purpose: crm.PurposeData, Way: crm.WayPaper})
		mustAll(t, err)
	}
	stays, withdrawn, gone := o.add(o.owner, crm.Profile{Name: "Первая"}), o.add(o.owner, crm.Profile{Name: "Вторая"}), o.add(o.owner, crm.Profile{Name: "Третья"})
	for _, c := range []crm.Client{stays, withdrawn, gone} {
		given(c)
	}
	_, err := o.WithdrawConsent(ctx, o.as(o.owner), withdrawn.ID, crm.PurposeData, civil.Date{})
	mustAll(t, err, o.EraseClient(ctx, o.as(o.owner), gone.ID))
	erased := []crm.Erased{{Team: gone.Team, Client: gone.ID, At: o.clock.Now()}}
	mustAll(t, o.EndConsents(ctx, erased), o.EndConsents(ctx, erased))
	has := func(c crm.Client) int {
		t.Helper()
		list, err := o.store.Consents(ctx, c.Team, c.ID)
		mustAll(t, err)
		return len(list)
	}
	o.clock.Advance(6*365*24*time.Hour - time.Hour)
	mustAll(t, o.PurgeConsents(ctx))
	if has(stays) != 1 || has(withdrawn) != 1 || has(gone) != 1 {
		t.Errorf("before six years: %d, %d, %d are left, want each", has(stays), has(withdrawn), has(gone))
	}
	o.clock.Advance(3 * 24 * time.Hour) // leap years
	mustAll(t, o.PurgeConsents(ctx))
	if has(stays) != 1 || has(withdrawn) != 0 || has(gone) != 0 {
		t.Errorf("after six years: %d, %d, %d are left, want the one that holds", has(stays), has(withdrawn), has(gone))
	}
}

// An invitation that is taken back lets in nobody, and only who could have made it takes it back.
func TestRevokeInvite(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	admin := o.hire(2, "Иван", crm.RoleAdmin)
	invited := func(by crm.Member, role crm.Role, uses int) (string, crm.Invite) {
		t.Helper()
		code, inv, err := o.InviteMember(ctx, o.as(by), crm.Invitation{Role: role, Days: 7, Uses: uses})
		mustAll(t, err)
		return code, inv
	}
	_, owners := invited(o.owner, crm.RoleOwner, 1)
	o.clock.Advance(time.Minute)
	code, several := invited(admin, crm.RoleManager, 5)
	o.clock.Advance(time.Minute)
	used, _ := invited(admin, crm.RoleManager, 1)
	_, err := o.AcceptInvite(ctx, crm.Newcomer{User: 50, Name: "Пётр"}, used, "u50")
	_, one := o.AcceptInvite(ctx, crm.Newcomer{User: 51, Name: "Олег"}, code, "u51")
	mustAll(t, err, one)
	open := func(want ...string) {
		t.Helper()
		list, err := o.OpenInvites(ctx, o.as(admin))
		mustAll(t, err)
		var got []string
		for _, i := range list {
			got = append(got, i.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("open are %v, want %v", got, want)
		}
	}
	open(several.ID, owners.ID)
	if err := o.RevokeInvite(ctx, o.as(admin), owners.ID[:16]); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("an admin takes back what only an owner makes: %v", err)
	}
	for _, none := range []string{"", "none"} {
		if err := o.RevokeInvite(ctx, o.as(admin), none); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("%q: %v", none, err)
		}
	}
	by := o.as(admin)
	mustAll(t, o.RevokeInvite(ctx, by, several.ID[:16]), o.RevokeInvite(ctx, by, several.ID[:16])) // the second is the same press again
	open(owners.ID)
	if _, err := o.AcceptInvite(ctx, crm.Newcomer{User: 52, Name: "Чужой"}, code, "u52"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("somebody came in by it: %v", err)
	}
	o.clock.Advance(8 * 24 * time.Hour)
	open()
}

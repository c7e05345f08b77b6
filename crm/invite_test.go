package crm_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
)

func TestInviteForSeveral(t *testing.T) {
	o := newOffice(t)
	code, _, err := o.InviteMember(t.Context(), o.as(o.owner), crm.Invitation{Role: crm.RoleSupport, Days: 7, Uses: 5})
	if err != nil {
		t.Fatal(err)
	}
	come := func(user int64, cause crm.Cause) error {
		_, err := o.AcceptInvite(t.Context(), crm.Newcomer{User: user, Name: "Коллега", Lang: "ru"}, code, cause)
		return err
	}
	for user := int64(10); user < 15; user++ {
		if err := come(user, crm.Cause(rune('a'+user))); err != nil {
			t.Errorf("number %d: %v", user, err)
		}
	}
	if err := come(10, crm.Cause(rune('a'+10))); err != nil {
		t.Errorf("delivered again: %v", err)
	}
	if err := come(10, "later"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("the same person again: %v", err)
	}
	if err := come(15, "six"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("the sixth: %v", err)
	}
	told, err := o.store.Reminders(t.Context(), crm.ReminderQuery{Team: o.owner.Team, Member: o.owner.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 50})
	if err != nil || len(told) != 5 || told[0].Kind != crm.RemindJoined {
		t.Errorf("the owner is told %d times who came in, %v", len(told), err)
	}
}

// Who was removed does not come back by a link that went around before, even one they never used.
func TestRemovedMemberNeedsANewInvite(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	old, _, err := o.InviteMember(t.Context(), o.as(o.owner), crm.Invitation{Role: crm.RoleManager, Days: 30, Uses: 20})
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Minute)
	if _, err := o.RemoveMember(t.Context(), o.as(o.owner), ivan.ID, nil); err != nil {
		t.Fatal(err)
	}
	who := crm.Newcomer{User: ivan.User, Name: "Иван", Lang: "ru"}
	if _, err := o.AcceptInvite(t.Context(), who, old, "back"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("by an old link: %v", err)
	}
	o.clock.Advance(time.Minute)
	fresh, _, err := o.InviteMember(t.Context(), o.as(o.owner), crm.Invitation{Role: crm.RoleSupport, Days: 1, Uses: 1})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := o.AcceptInvite(t.Context(), who, fresh, "anew"); err != nil || m.ID != ivan.ID || m.Role != crm.RoleSupport {
		t.Errorf("by a new one: %+v, %v", m, err)
	}
}

// An invitation opens no door that whoever made it could not open today: it goes with their role, and with them.
func TestAnInvitationGoesWithItsMaker(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(2, "Лена", crm.RoleAdmin)
	codes := map[crm.Role]string{}
	for _, role := range []crm.Role{crm.RoleAdmin, crm.RoleManager} {
		code, _, err := o.InviteMember(t.Context(), o.as(lena), crm.Invitation{Role: role, Days: 30, Uses: 5})
		if err != nil {
			t.Fatal(err)
		}
		codes[role] = code
	}
	enter := func(user int64, role crm.Role) error {
		_, err := o.AcceptInvite(t.Context(), crm.Newcomer{User: user, Name: "Новый", Lang: "ru"}, codes[role], crm.Cause(fmt.Sprintf("in%d", user)))
		return err
	}
	open := func(want int) {
		t.Helper()
		if list, err := o.OpenInvites(t.Context(), o.as(o.owner)); err != nil || len(list) != want {
			t.Errorf("%d invitations are open, %v, want %d", len(list), err, want)
		}
	}
	if err := enter(10, crm.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SetRole(t.Context(), o.as(o.owner), lena.ID, crm.RoleSupport, nil); err != nil {
		t.Fatal(err)
	}
	open(0)
	if err := enter(11, crm.RoleAdmin); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("an administrator by the link of one who is none any more: %v", err)
	}
	if _, err := o.SetRole(t.Context(), o.as(o.owner), lena.ID, crm.RoleAdmin, nil); err != nil {
		t.Fatal(err)
	}
	open(2)
	o.clock.Advance(time.Minute)
	if _, err := o.RemoveMember(t.Context(), o.as(o.owner), lena.ID, nil); err != nil {
		t.Fatal(err)
	}
	open(0)
	if err := enter(12, crm.RoleManager); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("a manager by the link of one who was removed: %v", err)
	}
}

// A button that is pressed twice makes one invitation: the second one's link nobody would have seen.
func TestAPressMakesOneInvite(t *testing.T) {
	o := newOffice(t)
	by, in := o.as(o.owner), crm.Invitation{Role: crm.RoleManager, Days: 1, Uses: 1}
	if _, _, err := o.InviteMember(t.Context(), by, in); err != nil {
		t.Fatal(err)
	}
	if code, _, err := o.InviteMember(t.Context(), by, in); !errors.Is(err, crm.ErrConflict) || code != "" {
		t.Errorf("the second time: %q, %v", code, err)
	}
	if list, err := o.OpenInvites(t.Context(), o.as(o.owner)); err != nil || len(list) != 1 {
		t.Errorf("%d invitations are open, %v", len(list), err)
	}
}

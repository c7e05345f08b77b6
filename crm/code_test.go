package crm_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// oneKey is for tests; the other one is to replace it.
const (
	oneKey     = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	anotherKey = "HxAeHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE="
)

func vault(t *testing.T, keys string) crm.Vault {
	t.Helper()
	v, err := crm.ParseVault(keys)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// phone is a member with an authenticator program.
type phone struct {
	*office
	m      crm.Member
	secret string
}

func (o *office) withVault() *office {
	o.Desk = o.WithVault(vault(o.t, oneKey))
	return o
}

// phone has a member's codes switched on.
func (o *office) phone(m crm.Member) *phone {
	o.t.Helper()
	secret, err := o.BeginCode(o.t.Context(), o.as(m))
	if err != nil {
		o.t.Fatal(err)
	}
	p := &phone{o, m, secret}
	if err := p.enter(p.code(0)); err != nil {
		o.t.Fatal(err)
	}
	return p
}

// code is what the phone shows, its clock off by so much.
func (p *phone) code(off time.Duration) string {
	p.t.Helper()
	code, err := crm.CodeAt(p.secret, p.clock.Now().Add(off))
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

func (p *phone) enter(code string) error { return p.EnterCode(p.t.Context(), p.as(p.m), code) }

// wrong is a code that is not the right one now.
func (p *phone) wrong() string {
	right := []string{p.code(0), p.code(-30 * time.Second), p.code(30 * time.Second)}
	for _, guess := range []string{"000000", "111111", "222222", "333333"} {
		if guess != right[0] && guess != right[1] && guess != right[2] {
			return guess
		}
	}
	panic("four codes are right")
}

// deliver sends what is due, without planning more.
func (o *office) deliver(b *inbox) {
	o.t.Helper()
	if _, err := o.DeliverReminders(o.t.Context(), b); err != nil {
		o.t.Fatal(err)
	}
}

// RFC 6238, appendix B, the row of SHA-1, as six digits.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // "12345678901234567890"
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got, err := crm.CodeAt(secret, time.Unix(at, 0)); err != nil || got != want {
			t.Errorf("at %d: %s, %v; want %s", at, got, err, want)
		}
	}
}

func TestACodeHoldsForAQuarterOfAnHour(t *testing.T) {
	o := newOffice(t).withVault()
	lena := o.hire(30, "Лена", crm.RoleAdmin)
	p := o.phone(lena)
	boss := o.phone(o.owner)
	if _, err := o.NeedCode(t.Context(), o.as(o.owner), true); err != nil {
		t.Fatal(err)
	}
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	take := func(m crm.Member) error { _, err := o.Dossier(t.Context(), o.as(m), c.ID); return err }
	if err := take(lena); err != nil {
		t.Errorf("the code that switched them on does not hold: %v", err)
	}
	o.clock.Advance(15*time.Minute - time.Second)
	if err := take(lena); err != nil {
		t.Errorf("a second before the end: %v", err)
	}
	o.clock.Advance(time.Second)
	if err := take(lena); !errors.Is(err, crm.ErrNeedsCode) || fieldOf(err) != "code.enter" {
		t.Errorf("after a quarter of an hour: %v", err)
	}
	if err := p.enter(p.code(0)); err != nil {
		t.Fatal(err)
	}
	if err := take(lena); err != nil {
		t.Errorf("with a new code: %v", err)
	}
	if err := take(o.owner); !errors.Is(err, crm.ErrNeedsCode) {
		t.Errorf("the code of one holds for another: %v", err)
	}
	if _, err := o.NeedCode(t.Context(), o.as(o.owner), false); !errors.Is(err, crm.ErrNeedsCode) {
		t.Errorf("it is switched off without a code: %v", err)
	}
	if err := boss.enter(boss.code(0)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.NeedCode(t.Context(), o.as(o.owner), false); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Hour)
	if err := take(lena); err != nil {
		t.Errorf("where none is asked for: %v", err)
	}
}

func TestWhoHasNoCodesMayNotAskForThem(t *testing.T) {
	o := newOffice(t).withVault()
	if _, err := o.NeedCode(t.Context(), o.as(o.owner), true); fieldOf(err) != "code.none" {
		t.Errorf("the owner shuts themselves out: %v", err)
	}
	o.phone(o.owner)
	if _, err := o.NeedCode(t.Context(), o.as(o.owner), true); err != nil {
		t.Fatal(err)
	}
	lena := o.hire(30, "Лена", crm.RoleAdmin)
	if _, _, err := o.InviteMember(t.Context(), o.as(lena), crm.Invitation{Role: crm.RoleAdmin, Days: 1, Uses: 1}); !errors.Is(err, crm.ErrNeedsCode) || fieldOf(err) != "code.none" {
		t.Errorf("an admin who has no codes: %v", err)
	}
	if _, err := o.NeedCode(t.Context(), o.as(lena), false); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("an admin ends it: %v", err)
	}
}

// The owners hear of whoever turns codes on: it may be who found the phone.
func TestOwnersHearWhoTurnsCodesOn(t *testing.T) {
	o, b := newOffice(t).withVault(), &inbox{}
	o.phone(o.owner)
	lena := o.hire(30, "Лена", crm.RoleAdmin)
	o.deliver(b)
	b.got = nil
	p := o.phone(lena)
	o.clock.Advance(time.Minute)
	if err := p.enter(p.code(0)); err != nil { // a further one is no news
		t.Fatal(err)
	}
	o.deliver(b)
	if len(b.got) != 1 || b.got[0].News != crm.NewsCodeOn || b.got[0].Who.ID != lena.ID || b.got[0].To.ID != o.owner.ID {
		t.Errorf("the owner is told %+v", b.got)
	}
}

func TestASpentCodeIsNotTakenAgain(t *testing.T) {
	o := newOffice(t).withVault()
	p := o.phone(o.owner)
	o.clock.Advance(time.Minute)
	code := p.code(0)
	if err := p.enter(code); err != nil {
		t.Fatal(err)
	}
	if err := p.enter(code); fieldOf(err) != "code.spent" {
		t.Errorf("again: %v", err)
	}
	if err := p.enter(p.code(-30 * time.Second)); fieldOf(err) != "code.spent" {
		t.Errorf("an earlier one: %v", err)
	}
	if err := p.enter(p.code(30 * time.Second)); err != nil {
		t.Errorf("the next one, of a phone that is half a minute ahead: %v", err)
	}
	o.clock.Advance(2 * time.Minute)
	if err := p.enter(p.code(-time.Minute)); fieldOf(err) != "code.wrong" {
		t.Errorf("one that is over: %v", err)
	}
}

// A delivery that comes twice is one try, whatever came of it.
func TestACodeThatComesTwiceIsJudgedOnce(t *testing.T) {
	o := newOffice(t).withVault()
	p := o.phone(o.owner)
	o.clock.Advance(time.Minute)
	by := o.as(o.owner)
	for range 2 {
		if err := o.EnterCode(t.Context(), by, p.code(0)); err != nil {
			t.Errorf("right: %v", err)
		}
	}
	by = o.as(o.owner)
	for range 2 {
		if err := o.EnterCode(t.Context(), by, p.wrong()); fieldOf(err) != "code.wrong" {
			t.Errorf("wrong: %v", err)
		}
	}
	if lock, _ := o.CodeOf(t.Context(), by); lock.Wrong != 1 {
		t.Errorf("%d wrong codes are counted, want 1", lock.Wrong)
	}
}

func TestWrongCodesAreLimitedAndReported(t *testing.T) {
	o := newOffice(t).withVault()
	lena := o.hire(30, "Лена", crm.RoleAdmin)
	p := o.phone(lena)
	o.deliver(&inbox{})             // that she has codes now
	o.clock.Advance(10 * time.Hour) // into the owner's quiet hours
	pause := 5 * time.Minute
	for round := range 3 {
		for i := range 4 {
			var trouble crm.CodeTrouble
			if err := p.enter(p.wrong()); fieldOf(err) != "code.wrong" || !errors.As(err, &trouble) || trouble.Left != 4-i {
				t.Fatalf("try %d: %v, %+v", i, err, trouble)
			}
		}
		if err := p.enter(p.wrong()); fieldOf(err) != "code.paused" {
			t.Fatalf("the fifth: %v", err)
		}
		b := &inbox{}
		o.deliver(b)
		if len(b.got) != 1 || b.got[0].News != crm.NewsCodes || b.got[0].Who.ID != lena.ID || b.got[0].Clients != 5*(round+1) || b.got[0].To.ID != o.owner.ID {
			t.Fatalf("the owner is told %+v", b.got)
		}
		if err := p.enter(p.code(0)); fieldOf(err) != "code.paused" {
			t.Errorf("a right code in the pause: %v", err)
		}
		o.clock.Advance(pause - time.Second)
		if err := p.enter(p.code(0)); fieldOf(err) != "code.paused" {
			t.Errorf("pause %d ends early: %v", round, err)
		}
		o.clock.Advance(time.Second)
		pause *= 2
	}
	if err := p.enter(p.code(0)); err != nil {
		t.Errorf("after the pause: %v", err)
	}
	if lock, _ := o.CodeOf(t.Context(), o.as(lena)); lock.Wrong != 0 || !lock.Paused.IsZero() {
		t.Errorf("a right code leaves %+v", lock)
	}
}

func TestSecretsAreNowhereInClear(t *testing.T) {
	o := newOffice(t).withVault()
	p := o.phone(o.owner)
	m, err := o.store.Member(t.Context(), o.owner.Team, o.owner.ID)
	if err != nil {
		t.Fatal(err)
	}
	yan := o.phone(o.hire(40, "Ян", crm.RoleAdmin))
	other, err := o.store.Member(t.Context(), o.owner.Team, yan.m.ID)
	if err == nil {
		_, err = o.RemoveMember(t.Context(), o.as(o.owner), yan.m.ID, nil) // its event tells what changed on the record
	}
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(m)
	if err != nil || strings.Contains(string(raw), p.secret) {
		t.Errorf("the record holds the secret: %s, %v", raw, err)
	}
	events, err := o.store.Audit(t.Context(), crm.AuditQuery{Team: m.Team, Limit: 100})
	if err != nil || len(events) < 3 {
		t.Fatal(events, err)
	}
	for _, e := range events {
		if raw, _ := json.Marshal(e); strings.Contains(string(raw), p.secret) || strings.Contains(string(raw), m.Code.Secret) || strings.Contains(string(raw), other.Code.Secret) {
			t.Errorf("an event tells the secret: %s", raw)
		}
	}
}

func TestCodesWithoutAKey(t *testing.T) {
	o := newOffice(t)
	if _, err := o.BeginCode(t.Context(), o.as(o.owner)); fieldOf(err) != "code.key" {
		t.Errorf("without a key: %v", err)
	}
	p := o.withVault().phone(o.owner)
	o.clock.Advance(time.Minute)
	o.Desk = o.WithVault(vault(t, anotherKey))
	if err := p.enter(p.code(0)); fieldOf(err) != "code.key" {
		t.Errorf("with another key: %v", err)
	}
	o.Desk = o.WithVault(vault(t, anotherKey+","+oneKey))
	if err := p.enter(p.code(0)); err != nil {
		t.Errorf("with a new key before the old one: %v", err)
	}
}

func TestCodesEnd(t *testing.T) {
	o := newOffice(t).withVault()
	p := o.phone(o.owner)
	if _, err := o.BeginCode(t.Context(), o.as(o.owner)); fieldOf(err) != "code.on" {
		t.Errorf("others are made beside them: %v", err)
	}
	o.clock.Advance(time.Hour)
	if err := o.DropCode(t.Context(), o.as(o.owner)); fieldOf(err) != "code.enter" {
		t.Errorf("they end without a code: %v", err)
	}
	if err := p.enter(p.code(0)); err != nil {
		t.Fatal(err)
	}
	if err := o.DropCode(t.Context(), o.as(o.owner)); err != nil {
		t.Fatal(err)
	}
	if err := p.enter(p.code(time.Minute)); fieldOf(err) != "code.none" {
		t.Errorf("one is taken still: %v", err)
	}
	if err := o.ResetCode(t.Context(), o.owner.User); fieldOf(err) != "code" {
		t.Errorf("there is something to reset: %v", err)
	}
	if err := o.ResetCode(t.Context(), 4711); fieldOf(err) != "member" {
		t.Errorf("a stranger's are reset: %v", err)
	}
	o.phone(o.owner)
	if err := o.ResetCode(t.Context(), o.owner.User); err != nil {
		t.Fatal(err)
	}
	b := &inbox{}
	o.deliver(b)
	if len(b.got) != 1 || b.got[0].News != crm.NewsCodeReset {
		t.Errorf("the owner is told %+v", b.got)
	}
	if lock, _ := o.CodeOf(t.Context(), o.as(o.owner)); lock != (crm.CodeLock{}) {
		t.Errorf("it leaves %+v", lock)
	}
}

// guardedUseCases are all that a team can have asked a code for.
var guardedUseCases = map[string]bool{"Dossier": true, "TakeAudit": true, "EraseClient": true, "SetRole": true, "RemoveMember": true,
	"HandOverAll": true, "UndoHanding": true, "ReturnStanding": true, "SetLookLimit": true, "SetProtected": true, "SetFieldRole": true, "BeginMass": true,
	"UndoMass": true, "UndoImport": true, "BeginExport": true, "EndCodeOf": true}

// Whoever reads the audit tells a code that was entered from codes that were begun, turned off or reset.
func TestWhatBecameOfCodesIsToldApart(t *testing.T) {
	o := newOffice(t).withVault()
	o.phone(o.owner)
	mustAll(t, o.DropCode(t.Context(), o.as(o.owner)))
	o.clock.Advance(time.Minute)
	o.phone(o.owner)
	mustAll(t, o.ResetCode(t.Context(), o.owner.User))
	list, err := o.store.Events(t.Context(), crm.EventQuery{Team: o.owner.Team, Record: string(o.owner.ID), Limit: 6})
	mustAll(t, err)
	var got []crm.Action
	for _, e := range list {
		got = append(got, e.Action)
	}
	want := []crm.Action{crm.ActionResetCode, crm.ActionUseCode, crm.ActionBeginCode, crm.ActionDropCode, crm.ActionUseCode, crm.ActionBeginCode}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWhatNeedsACode(t *testing.T) {
	th := newTheatre(t, crm.RoleOwner, false)
	th.phone(th.actor)
	th.clock.Advance(time.Minute)
	if _, err := th.NeedCode(t.Context(), th.as(th.actor), true); err != nil {
		t.Fatal(err)
	}
	th.clock.Advance(time.Hour)
	for name, u := range useCases {
		if name == "BeginCode" || name == "DropCode" || name == "EnterCode" || name == "NeedCode" {
			continue
		}
		s := th.set(t, theirs)
		if u.on == onPerson {
			s.person = th.hire(int64(1000+th.records), "Новый", crm.RoleManager).ID
		}
		_, err := u.do(s)
		if errors.Is(err, crm.ErrNeedsCode) != guardedUseCases[name] {
			t.Errorf("%s: %v, needs a code: %v", name, err, guardedUseCases[name])
		}
	}
	by := th.as(th.actor)
	if _, err := th.HandOverMany(t.Context(), by, []crm.ClientID{"a", "b"}, th.heir.ID); !errors.Is(err, crm.ErrNeedsCode) {
		t.Errorf("several clients go without a code: %v", err)
	}
	if _, err := th.UndoHandOver(t.Context(), by, []crm.ClientID{"a", "b"}, "none"); !errors.Is(err, crm.ErrNeedsCode) {
		t.Errorf("several clients come back without a code: %v", err)
	}
	s := th.set(t, theirs)
	if _, err := withImport(func(s *scene, id crm.ImportID) (any, error) {
		return s.RunImport(s.ctx, s.by, checked(s, id), crm.ImportOverwrite)
	})(s); !errors.Is(err, crm.ErrNeedsCode) {
		t.Errorf("what many cards say is overwritten without a code: %v", err)
	}
	for role, needs := range map[crm.Role]bool{crm.RoleOwner: true, crm.RoleAdmin: true, crm.RoleManager: false} {
		_, _, err := th.InviteMember(t.Context(), th.as(th.actor), crm.Invitation{Role: role, Days: 1, Uses: 1})
		if errors.Is(err, crm.ErrNeedsCode) != needs {
			t.Errorf("an invitation of a role %s: %v, needs a code: %v", role, err, needs)
		}
	}
}

func TestCodeIn(t *testing.T) {
	for text, want := range map[string]string{"123456": "123456", " 123 456 ": "123456", "123\u202f456": "123456", "12345": "", "1234567": "", "12345a": "", "+123456": "", "": "", "１２３４５６": ""} {
		if got, ok := crm.CodeIn(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func TestNearlyCode(t *testing.T) {
	for text, want := range map[string]bool{"12345": true, "12 345": true, "1234567": true, "12345б": true, "12O45O": true, "123456": false, "1234": false, "12 34": false,
		"12345678": false, "иванов": false, "а123вс": false, "+12345": false, "12.345": false, "2024 г.": false, "": false} {
		if got := crm.NearlyCode(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// An owner ends the codes on a phone that may be in other hands: nobody else may, the member and the other owners are told, once.
func TestAnOwnerEndsAColleaguesCodes(t *testing.T) {
	o := newOffice(t).withVault()
	ivan, lena, second := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Лена", crm.RoleAdmin), o.hire(4, "Вера", crm.RoleOwner)
	p := o.phone(ivan)
	o.deliver(&inbox{})
	if _, err := o.EndCodeOf(t.Context(), o.as(lena), ivan.ID); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("an administrator: %v", err)
	}
	if _, err := o.EndCodeOf(t.Context(), o.as(o.owner), o.owner.ID); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("one's own: %v", err)
	}
	by := o.as(o.owner)
	for range 2 { // delivered twice
		if _, err := o.EndCodeOf(t.Context(), by, ivan.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.EndCodeOf(t.Context(), o.as(o.owner), ivan.ID); fieldOf(err) != "code" {
		t.Errorf("there are none any more: %v", err)
	}
	if err := p.enter(p.code(time.Minute)); fieldOf(err) != "code.none" {
		t.Errorf("the old code: %v", err)
	}
	ended := func(e crm.Audited) bool {
		return e.Action == crm.ActionEndCode && e.Person.ID == ivan.ID && e.By == o.owner.ID
	}
	if !slices.ContainsFunc(o.entries(), ended) {
		t.Errorf("it is not in the audit: %+v", o.entries())
	}
	b := &inbox{}
	o.deliver(b)
	told := map[crm.MemberID]int{}
	for _, n := range b.got {
		if n.News == crm.NewsCodeEnded && n.Who.ID == ivan.ID && n.From.ID == o.owner.ID {
			told[n.To.ID]++
		}
	}
	if len(told) != 2 || told[ivan.ID] != 1 || told[second.ID] != 1 {
		t.Errorf("told %v, want Ivan and the other owner, once", told)
	}
}

package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// ConsentID identifies a consent.
type ConsentID string

// NewConsentID is the id of the n-th consent that a cause makes.
func NewConsentID(team TeamID, c Cause, n int) ConsentID {
	return ConsentID(newID(team, c, "consent", n))
}

// Purpose is what a client has consented to.
type Purpose string

const (
	PurposeData     Purpose = "data"     // that data are kept at all, where no contract asks for it (152-ФЗ, article 6; GDPR, article 6)
	PurposeGreeting Purpose = "greeting" // congratulations
	PurposeMailing  Purpose = "mailing"  // advertising (38-ФЗ, article 18: never without consent)
)

// Purposes in the order in which people are offered them.
var Purposes = []Purpose{PurposeData, PurposeGreeting, PurposeMailing}

// ConsentWay is the way in which a consent was given.
type ConsentWay string

const (
	WayPaper   ConsentWay = "paper"
	WayForm    ConsentWay = "form" // a form on a site
	WayMessage ConsentWay = "message"
	WayVoice   ConsentWay = "voice" // said on the phone or in person
)

// ConsentWays in the order in which people are offered them.
var ConsentWays = []ConsentWay{WayPaper, WayForm, WayMessage, WayVoice}

// Consent is one that a client has given, and perhaps withdrawn. It stays when the client is erased: who must prove that there
// was a consent has nothing else (GDPR, article 7 (1)). It goes some years after it was withdrawn, see consentYears.
type Consent struct {
	ID          ConsentID  `json:"_id" bson:"_id"`
	Team        TeamID     `json:"team" bson:"team"`
	Rev         int64      `json:"rev" bson:"rev"`
	Schema      int        `json:"schema" bson:"schema"`
	Client      ClientID   `json:"client" bson:"client"`
	Moved       []ClientID `json:"moved,omitempty" bson:"moved,omitempty"` // as Touch.Moved
	Purpose     Purpose    `json:"purpose" bson:"purpose"`
	Way         ConsentWay `json:"way" bson:"way"`
	Evidence    string     `json:"evidence,omitempty" bson:"evidence,omitempty"` // where it can be seen, and to which text: "договор 12, форма от 01.03.2026"
	Text        int        `json:"text,omitempty" bson:"text,omitempty"`         // the version of the team's text that was consented to; 0: it had none
	By          MemberID   `json:"by" bson:"by"`                                 // who wrote it down
	Given       time.Time  `json:"given" bson:"given"`
	Withdrawn   time.Time  `json:"withdrawn,omitzero" bson:"withdrawn,omitempty"`
	WithdrawnBy MemberID   `json:"withdrawn_by,omitempty" bson:"withdrawn_by,omitempty"` // who wrote that down
	Ended       PairID     `json:"ended,omitempty" bson:"ended,omitempty"`               // the merge by which it is withdrawn, since the other card's was
	Created     time.Time  `json:"created" bson:"created"`
}

// ConsentStore keeps the consents.
type ConsentStore interface {
	// Consents lists those of a client, withdrawn ones too, the oldest first.
	Consents(ctx context.Context, team TeamID, client ClientID) ([]Consent, error)
	// SaveConsent creates (Rev 1) or replaces with the same rules as SaveClient.
	SaveConsent(ctx context.Context, c Consent, e Event) error
	// PurgeConsents removes those that were withdrawn before a time, to the second, in all teams, at most limit, and returns how many.
	PurgeConsents(ctx context.Context, before time.Time, limit int) (int, error)
}

// ConsentInput is what a member says of a consent.
type ConsentInput struct {
	Purpose  Purpose
	Way      ConsentWay
	Evidence string
	Day      civil.Date // on which it was given; zero: today
}

// GiveConsent writes down that a client has consented to a purpose. If there is such a consent that is not withdrawn it is
// returned as it is. ErrInvalid on "consent" or "consent.long", on "consent.future" if its day is to come, on "consent.before" if the
// client has withdrawn one after that day.
func (d *Desk) GiveConsent(ctx context.Context, by Actor, id ClientID, in ConsentInput) (Consent, error) {
	if !slices.Contains(Purposes, in.Purpose) || !slices.Contains(ConsentWays, in.Way) {
		return Consent{}, invalid("consent")
	}
	evidence, err := cleanText(in.Evidence, maxReason, "consent")
	if err != nil {
		return Consent{}, err
	}
	at, err := d.onDay(by, in.Day)
	if err != nil {
		return Consent{}, err
	}
	client, given, err := d.consents(ctx, by, id, ActionEditClient)
	if err != nil {
		return Consent{}, err
	}
	if c, ok := active(given, in.Purpose); ok {
		return c, nil
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return Consent{}, err
	}
	c := Consent{ID: NewConsentID(by.Team, by.Cause, 0), Team: by.Team, Rev: 1, Text: team.consentTextAt(at), Schema: schemaVersion, Client: client.ID, Purpose: in.Purpose, Way: in.Way,
		Evidence: evidence, By: by.ID, Given: at, Created: d.now()}
	if err := fitsBefore(given, c, by.Location()); err != nil {
		return Consent{}, err
	}
	return c, errors.Join(d.saveConsents(ctx, by, ActionGiveConsent, []Consent{c}), d.follow(ctx, c.Team, c.Client))
}

// WithdrawConsent writes down that a client took a consent back on a day, zero: today, which is as easy as giving it (GDPR, article
// 7 (3)). There is nothing to do if there is none. A card that others were merged into may hold several: all end, the oldest is
// returned, and none that a merge has ended comes back with that merge taken back. ErrInvalid on "consent.future" if the day is to come,
// on "consent.early" if one was given after it.
func (d *Desk) WithdrawConsent(ctx context.Context, by Actor, id ClientID, p Purpose, day civil.Date) (Consent, error) {
	at, err := d.onDay(by, day)
	if err != nil {
		return Consent{}, err
	}
	_, given, err := d.consents(ctx, by, id, ActionEditClient)
	if err != nil {
		return Consent{}, err
	}
	if _, ok := active(given, p); !ok {
		return Consent{}, nil
	}
	var hold, over []Consent
	for _, c := range slices.Backward(given) {
		switch {
		case c.Purpose != p:
		case c.Withdrawn.IsZero():
			hold = append(hold, c)
		case c.Ended != "":
			c.Rev, c.Ended = c.Rev+1, ""
			over = append(over, c)
		}
	}
	for _, c := range hold {
		if civil.DateOf(at.In(by.Location())).DaysUntil(civil.DateOf(c.Given.In(by.Location()))) > 0 {
			return Consent{}, invalid("consent.early")
		}
		if at.Before(c.Given) {
			at = c.Given // on one day, whose hour nobody said
		}
	}
	for i := range hold {
		hold[i].Rev, hold[i].Withdrawn, hold[i].WithdrawnBy = hold[i].Rev+1, at, by.ID
	}
	return hold[len(hold)-1], d.saveConsents(ctx, by, ActionWithdrawConsent, append(over, hold...))
}

// ReturnConsent takes back that a consent was withdrawn, which was a slip: it, and what ended with it, holds again from the day on which it was given. One that
// holds, or that a merge has ended, stays as it is; so does one beside another that holds. ErrNotFound on "consent" if there is none,
// ErrExpired if it was written down too long ago.
func (d *Desk) ReturnConsent(ctx context.Context, by Actor, id ClientID, consent ConsentID) error {
	_, given, err := d.consents(ctx, by, id, ActionEditClient)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(given, func(c Consent) bool { return c.ID == consent })
	if i < 0 {
		return &Error{Kind: ErrNotFound, Field: "consent"}
	}
	c := given[i]
	if _, holds := active(given, c.Purpose); holds || c.Ended != "" {
		return nil
	}
	events, err := d.store.Events(ctx, EventQuery{Team: by.Team, Record: string(c.ID), Limit: historyPage})
	if err != nil {
		return fmt.Errorf("read the withdrawal: %w", err)
	}
	off := slices.IndexFunc(events, func(e Event) bool { return e.Action == ActionWithdrawConsent }) // a merge may have moved it since
	if off < 0 || d.now().Sub(events[off].At) >= undoHandingFor {
		return &Error{Kind: ErrExpired, Field: "consent"}
	}
	back := slices.DeleteFunc(slices.Clone(given), func(o Consent) bool {
		return o.ID == c.ID || o.Purpose != c.Purpose || o.Ended != "" || o.WithdrawnBy != c.WithdrawnBy || !o.Withdrawn.Equal(c.Withdrawn)
	})
	back = append(back, c)
	for i := range back {
		back[i].Rev, back[i].Withdrawn, back[i].WithdrawnBy = back[i].Rev+1, time.Time{}, ""
	}
	return d.saveConsents(ctx, by, ActionReturnConsent, back)
}

// consentClient and consentPurpose are what an event says of a consent: whose it is, and for what. The evidence is the consent's alone, so
// that it goes with it.
const (
	consentClient  = "client"
	consentPurpose = "purpose"
)

// saveConsents saves consents of one client to one purpose. The last is what the cause is about: while it is not saved a repeat begins
// anew with all of them.
func (d *Desk) saveConsents(ctx context.Context, by Actor, a Action, list []Consent) error {
	for i, c := range list {
		said := map[string]Delta{consentClient: {After: quoted(string(c.Client))}, consentPurpose: {After: quoted(string(c.Purpose))}}
		if a == ActionWithdrawConsent {
			said = map[string]Delta{consentClient: {Before: quoted(string(c.Client))}, consentPurpose: {Before: quoted(string(c.Purpose))}}
		}
		id := by.Cause.EventID(0)
		if i < len(list)-1 {
			id = EventID(string(by.Cause) + ".c." + string(c.ID))
		}
		err := d.store.SaveConsent(ctx, c, Event{ID: id, Team: by.Team, Schema: schemaVersion, Action: a,
			Record: string(c.ID), Rev: c.Rev, By: by.ID, At: d.now(), Fields: said})
		if err != nil && !errors.Is(err, ErrApplied) {
			return fmt.Errorf("save consent %s: %w", c.ID, err)
		}
	}
	return nil
}

// Consents lists what a client has consented to and withdrawn, the oldest first.
func (d *Desk) Consents(ctx context.Context, by Actor, id ClientID) ([]Consent, error) {
	_, list, err := d.consents(ctx, by, id, ActionReadHistory)
	return list, err
}

// consents reads a client with whom by may do a, and theirs.
func (d *Desk) consents(ctx context.Context, by Actor, id ClientID, a Action) (Client, []Consent, error) {
	team, scope, err := d.gate(ctx, by, a)
	if err != nil {
		return Client{}, nil, err
	}
	c, err := d.visible(ctx, team, by, id)
	if err != nil {
		return Client{}, nil, err
	}
	if !scope.allows(c) {
		return Client{}, nil, &Error{Kind: ErrDenied, Field: string(a)}
	}
	if a == ActionEditClient && !c.Deleted.IsZero() {
		return Client{}, nil, invalid("deleted")
	}
	list, err := d.store.Consents(ctx, by.Team, c.ID)
	if err != nil {
		return Client{}, nil, fmt.Errorf("read consents: %w", err)
	}
	return c, list, nil
}

// active is the consent to a purpose that is not withdrawn.
func active(list []Consent, p Purpose) (Consent, bool) {
	i := slices.IndexFunc(list, func(c Consent) bool { return c.Purpose == p && c.Withdrawn.IsZero() })
	if i < 0 {
		return Consent{}, false
	}
	return list[i], true
}

// MayWrite reports whether a client may be written to for a purpose: with a consent, or where the team has said that it needs
// none. Advertising always needs one.
func (d *Desk) MayWrite(ctx context.Context, by Actor, id ClientID, p Purpose) (bool, error) {
	_, list, err := d.consents(ctx, by, id, ActionReadClient)
	if err != nil {
		return false, err
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return false, err
	}
	return team.lets(list, p), nil
}

// lets reports whether these consents of a client allow a purpose: one to it does, none does where the team asks for none. Advertising
// always needs one, and who has taken theirs back means it.
func (t Team) lets(list []Consent, p Purpose) bool {
	if _, ok := active(list, p); ok {
		return true
	}
	withdrawn := slices.ContainsFunc(list, func(c Consent) bool { return c.Purpose == p })
	return !withdrawn && p != PurposeMailing && !slices.Contains(t.NeedConsent, p)
}

// unwished reports whether a client is not to be congratulated.
func (d *Desk) unwished(ctx context.Context, team Team, c ClientID) (bool, error) {
	list, err := d.store.Consents(ctx, team.ID, c)
	return !team.lets(list, PurposeGreeting), err
}

// NeedConsent says whether a purpose needs a consent in the team. ErrInvalid on "consent" of one that always does.
func (d *Desk) NeedConsent(ctx context.Context, by Actor, p Purpose, needed bool) (Team, error) {
	if p == PurposeMailing || !slices.Contains(Purposes, p) {
		return Team{}, invalid("consent")
	}
	return d.editTeam(ctx, by, func(t *Team) error {
		t.NeedConsent = slices.DeleteFunc(slices.Clone(t.NeedConsent), func(one Purpose) bool { return one == p })
		if needed {
			t.NeedConsent = append(t.NeedConsent, p)
		}
		return nil
	})
}

package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CodeLock is a member's one-time codes. The zero value is none.
type CodeLock struct {
	Secret string    `json:"secret,omitempty" bson:"secret,omitempty"` // sealed
	Since  time.Time `json:"since,omitzero" bson:"since,omitempty"`    // a first code has shown that it works; zero: not yet
	Step   int64     `json:"step,omitempty" bson:"step,omitempty"`     // of the last code that was taken; it and the earlier are spent (RFC 6238, section 5.2)
	Until  time.Time `json:"until,omitzero" bson:"until,omitempty"`    // a right code holds so long
	Wrong  int       `json:"wrong,omitempty" bson:"wrong,omitempty"`   // wrong codes in a row
	Paused time.Time `json:"paused,omitzero" bson:"paused,omitempty"`  // no code is taken before
}

// On reports whether the member has codes.
func (l CodeLock) On() bool { return !l.Since.IsZero() }

const (
	// codeHolds is for how long a right code lets its member do what needs one.
	codeHolds = 15 * time.Minute
	// codeTries is how many wrong codes in a row make a pause. Six digits and three steps: guessing takes 100,000 tries on average.
	codeTries = 5
	// codePause is the first pause; each that follows without a right code between them is twice as long, up to the longest.
	codePause    = 5 * time.Minute
	maxCodePause = 24 * time.Hour
)

// CodeTrouble says what was wrong with a code.
type CodeTrouble struct {
	Left int           // tries before the next pause
	Wait time.Duration // no code is taken for so long; 0: one is taken at once
}

func (CodeTrouble) Error() string { return "code not taken" }

func needsCode(field string) error { return &Error{Kind: ErrNeedsCode, Field: field} }

// confirmed fails with ErrNeedsCode where the team asks for a one-time code and by has not entered one within codeHolds: on
// "code.none" if by has none yet, on "code.enter" else. What may be done with a phone that lies about passes it after the gate.
func (d *Desk) confirmed(ctx context.Context, by Actor, team Team) error {
	if !team.NeedCode {
		return nil
	}
	m, err := d.store.Member(ctx, by.Team, by.ID)
	switch {
	case err != nil:
		return fmt.Errorf("read member: %w", err)
	case !m.Code.On():
		return needsCode("code.none")
	case d.now().Before(m.Code.Until):
		return nil
	}
	return needsCode("code.enter")
}

// guarded is gate for what needs a code.
func (d *Desk) guarded(ctx context.Context, by Actor, a Action) (Team, reach, error) {
	team, r, err := d.gate(ctx, by, a)
	if err == nil {
		err = d.confirmed(ctx, by, team)
	}
	return team, r, err
}

// CodeOf is by's own lock as it is now.
func (d *Desk) CodeOf(ctx context.Context, by Actor) (CodeLock, error) {
	if _, _, err := d.gate(ctx, by, ActionUseCode); err != nil {
		return CodeLock{}, err
	}
	m, err := d.store.Member(ctx, by.Team, by.ID)
	if err != nil {
		return CodeLock{}, fmt.Errorf("read member: %w", err)
	}
	return m.Code, nil
}

// SealsSecrets reports whether there is a key, without which there are neither codes nor restricted fields.
func (d *Desk) SealsSecrets() bool { return !d.vault.None() }

// BeginCode makes a new secret for by's codes; they are on when EnterCode has taken the first one. ErrInvalid on "code.key"
// if there is no key to seal it with, ErrConflict on "code.on" if by has codes.
func (d *Desk) BeginCode(ctx context.Context, by Actor) (secret string, err error) {
	m, err := d.changeCode(ctx, by, ActionBeginCode, func(m *Member) error {
		switch {
		case d.vault.None():
			return invalid("code.key")
		case m.Code.On():
			return &Error{Kind: ErrConflict, Field: "code.on"}
		}
		sealed, err := d.vault.seal(newSecret(), m.codeSeal())
		m.Code.Secret, m.Code.Step = sealed, 0
		return err
	})
	if err != nil {
		return "", err
	}
	return d.vault.open(m.Code.Secret, m.codeSeal())
}

// CodeKeyShown is for how long the secret of new codes stands in the chat: time enough to put it into an authenticator.
const CodeKeyShown = 15 * time.Minute

// HideCodeKey has by's message that shows the secret of new codes taken away after CodeKeyShown, whether a code has come or not.
func (d *Desk) HideCodeKey(ctx context.Context, by Actor, message int64) error {
	if _, _, err := d.gate(ctx, by, ActionUseCode); err != nil {
		return err
	}
	now := d.now()
	return d.plan(ctx, by.Member, Reminder{ID: reminderID(RemindHide, string(by.Cause)+".key", instant(now), by.ID), Kind: RemindHide, Message: message,
		For: now, Due: now.Add(CodeKeyShown)})
}

// codeSeal is whose a member's secret is.
func (m Member) codeSeal() string { return "code/" + string(m.Team) + "/" + string(m.ID) }

// changeCode changes by's lock, once for a cause.
func (d *Desk) changeCode(ctx context.Context, by Actor, a Action, f func(*Member) error) (Member, error) {
	if _, _, err := d.gate(ctx, by, ActionUseCode); err != nil {
		return Member{}, err
	}
	for range maxRaces {
		m, err := d.store.Member(ctx, by.Team, by.ID)
		if err != nil {
			return m, fmt.Errorf("read member: %w", err)
		}
		if ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); err == nil && ev.Record == string(m.ID) {
			return m, nil
		}
		if err := f(&m); err != nil {
			return m, err
		}
		err = d.saveCode(ctx, &m, Event{ID: by.Cause.EventID(0), Action: a, By: by.ID})
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return m, err
		}
	}
	return Member{}, &Error{Kind: ErrConflict, Field: "member"}
}

// saveCode writes a member's next revision. What the lock holds is in no event.
func (d *Desk) saveCode(ctx context.Context, m *Member, ev Event) error {
	m.Rev++
	ev.Team, ev.Schema, ev.Record, ev.Rev, ev.At = m.Team, schemaVersion, string(m.ID), m.Rev, d.now()
	if err := d.store.SaveMember(ctx, *m, ev); err != nil {
		return fmt.Errorf("save member: %w", err)
	}
	return nil
}

// EnterCode takes a code of by's, which holds for codeHolds, and has the codes on if it is the first. ErrInvalid on "code.wrong"
// and "code.spent" with a CodeTrouble, on "code.key" if the key is gone; ErrNeedsCode on "code.paused" with one while none is
// taken, on "code.none" if there is no secret. Wrong ones are counted and, when a pause begins, told to the owners.
func (d *Desk) EnterCode(ctx context.Context, by Actor, code string) error {
	if _, _, err := d.gate(ctx, by, ActionUseCode); err != nil {
		return err
	}
	for range maxRaces {
		m, err := d.store.Member(ctx, by.Team, by.ID)
		if err != nil {
			return fmt.Errorf("read member: %w", err)
		}
		if ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); err == nil && ev.Record == string(m.ID) {
			return d.judged(ctx, m, ev)
		}
		begun := m.Code.Since.IsZero()
		wrong, err := d.judge(&m, code)
		if err != nil {
			return err
		}
		ev := Event{ID: by.Cause.EventID(0), Action: ActionUseCode, By: by.ID}
		if wrong != "" {
			ev.Action = ActionMissCode
		}
		err = d.saveCode(ctx, &m, ev)
		if errors.Is(err, ErrConflict) || errors.Is(err, ErrApplied) {
			continue
		}
		switch {
		case err != nil || wrong == "" && !begun:
			return err
		case wrong == "": // whoever holds the phone just now could have begun them
			return d.tellOwners(ctx, Reminder{News: NewsCodeOn, Team: m.Team, Who: m.ID, For: m.Code.Since}, instant(m.Code.Since))
		}
		return d.missed(ctx, m, wrong)
	}
	return &Error{Kind: ErrConflict, Field: "member"}
}

// judge has the lock take a code or count it as wrong; err if it cannot be judged now.
func (d *Desk) judge(m *Member, code string) (wrong string, err error) {
	now := d.now()
	l := &m.Code
	switch {
	case l.Secret == "":
		return "", needsCode("code.none")
	case now.Before(l.Paused):
		return "", &Error{Kind: ErrNeedsCode, Field: "code.paused", Err: CodeTrouble{Wait: l.Paused.Sub(now)}}
	}
	secret, err := d.vault.open(l.Secret, m.codeSeal())
	if err != nil {
		return "", &Error{Kind: ErrInvalid, Field: "code.key", Err: err}
	}
	step, ok, err := stepOfCode(secret, code, now)
	switch {
	case err != nil:
		return "", fmt.Errorf("make a code: %w", err)
	case ok && step > l.Step:
		l.Step, l.Until, l.Wrong, l.Paused = step, now.Add(codeHolds), 0, time.Time{}
		if l.Since.IsZero() {
			l.Since = now
		}
		return "", nil
	case ok:
		wrong = "code.spent"
	default:
		wrong = "code.wrong"
	}
	if l.Wrong++; l.Wrong%codeTries == 0 {
		l.Paused = now.Add(min(codePause<<min(l.Wrong/codeTries-1, 10), maxCodePause))
	}
	return wrong, nil
}

// missed answers a wrong code, and has the owners told where it began a pause.
func (d *Desk) missed(ctx context.Context, m Member, wrong string) error {
	trouble := CodeTrouble{Left: codeTries - m.Code.Wrong%codeTries}
	if now := d.now(); now.Before(m.Code.Paused) {
		trouble.Wait = m.Code.Paused.Sub(now)
		if err := d.tellOwners(ctx, Reminder{News: NewsCodes, Team: m.Team, Who: m.ID, Count: m.Code.Wrong, For: now}, instant(m.Code.Paused)); err != nil {
			return err
		}
		return &Error{Kind: ErrNeedsCode, Field: "code.paused", Err: trouble}
	}
	return &Error{Kind: ErrInvalid, Field: wrong, Err: trouble}
}

// judged answers a code again that came a second time.
func (d *Desk) judged(ctx context.Context, m Member, ev Event) error {
	if ev.Action != ActionMissCode {
		return nil
	}
	return d.missed(ctx, m, "code.wrong")
}

// DropCode ends by's codes; it needs one.
func (d *Desk) DropCode(ctx context.Context, by Actor) error {
	_, err := d.changeCode(ctx, by, ActionDropCode, func(m *Member) error {
		if m.Code.On() && !d.now().Before(m.Code.Until) {
			return needsCode("code.enter")
		}
		m.Code = CodeLock{}
		return nil
	})
	return err
}

// NeedCode has the team's members asked for a code before what is guarded, or no longer, which needs one. ErrNeedsCode on
// "code.none" if by has none: the team would shut its owner out.
func (d *Desk) NeedCode(ctx context.Context, by Actor, needed bool) (Team, error) {
	lock, err := d.CodeOf(ctx, by)
	if err != nil {
		return Team{}, err
	}
	return d.guardTeam(ctx, by, func(t *Team) error {
		if needed && !lock.On() {
			return needsCode("code.none")
		}
		t.NeedCode = needed
		return nil
	})
}

// EndCodeOf ends a colleague's codes, whose phone may be in other hands: before what is guarded they have to begin new ones. They are told,
// and the other owners. It is an owner's to do, by a code where the team asks for them. ErrNotFound on "member", on "code" if they have
// none; ErrDenied for one's own, which DropCode ends.
func (d *Desk) EndCodeOf(ctx context.Context, by Actor, id MemberID) (Member, error) {
	if _, _, err := d.guarded(ctx, by, ActionGuardTeam); err != nil {
		return Member{}, err
	}
	if id == by.ID {
		return Member{}, &Error{Kind: ErrDenied, Field: string(ActionGuardTeam)}
	}
	for range maxRaces {
		m, err := d.member(ctx, by.Team, id)
		if err != nil {
			return m, err
		}
		ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return m, fmt.Errorf("read what was done: %w", err)
		}
		if ev.Record != string(id) { // not yet
			if m.Code == (CodeLock{}) {
				return m, &Error{Kind: ErrNotFound, Field: "code"}
			}
			m.Code = CodeLock{}
			err = d.saveCode(ctx, &m, Event{ID: by.Cause.EventID(0), Action: ActionEndCode, By: by.ID})
			if errors.Is(err, ErrConflict) || errors.Is(err, ErrApplied) {
				continue
			}
			if err != nil {
				return m, err
			}
		}
		return m, d.tellCodeEnded(ctx, by, m)
	}
	return Member{}, &Error{Kind: ErrConflict, Field: "member"}
}

// tellCodeEnded has the member told, and the other owners.
func (d *Desk) tellCodeEnded(ctx context.Context, by Actor, m Member) error {
	news := Reminder{News: NewsCodeEnded, Team: m.Team, Who: m.ID, From: by.ID, For: d.now()}
	if err := d.tellOwners(ctx, news, string(by.Cause)); err != nil || !m.Removed.IsZero() {
		return err
	}
	news.Kind, news.Due = RemindNews, news.For
	news.ID = reminderID(RemindNews, string(news.News)+"."+string(m.ID), string(by.Cause), m.ID)
	return d.plan(ctx, m, news)
}

// ResetCode ends the codes of the person with this Telegram user id, whose phone is lost. Whoever runs the program does it, no
// member; the owners are told. ErrNotFound on "member" if there is none, on "code" if they have no codes.
func (d *Desk) ResetCode(ctx context.Context, user int64) error {
	for range maxRaces {
		m, err := d.store.MemberByUser(ctx, user)
		if errors.Is(err, ErrNotFound) {
			return &Error{Kind: ErrNotFound, Field: "member"}
		}
		if err != nil {
			return fmt.Errorf("find member: %w", err)
		}
		if m.Code == (CodeLock{}) {
			return &Error{Kind: ErrNotFound, Field: "code"}
		}
		m.Code = CodeLock{}
		err = d.saveCode(ctx, &m, Event{ID: EventID(fmt.Sprintf("code.%s.%d", m.ID, m.Rev+1)), Action: ActionResetCode})
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil {
			return err
		}
		return d.tellOwners(ctx, Reminder{News: NewsCodeReset, Team: m.Team, Who: m.ID, For: d.now()}, instant(d.now()))
	}
	return &Error{Kind: ErrConflict, Field: "member"}
}

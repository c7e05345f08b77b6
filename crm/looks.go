package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lookWindow is the time within which the cards that a member opens are counted.
const lookWindow = time.Hour

// LookLimits are how many cards may be opened within an hour before the owners are told, as they are offered; 0: as many as one
// likes. A team that has said nothing has defaultLooks.
var LookLimits = []int{30, 60, 120, 300, 0}

const (
	defaultLooks = 60
	anyLooks     = -1 // as Team.Looks keeps that there is no limit
)

// LookLimit is how many cards a member may open within an hour before the owners are told; 0: no limit.
func (t Team) LookLimit() int {
	if t.Looks == anyLooks {
		return 0
	}
	return cmp.Or(t.Looks, defaultLooks)
}

// SetLookLimit changes it. ErrInvalid on "looks" unless it is one of LookLimits. It needs a code where the team
// asks for them.
func (d *Desk) SetLookLimit(ctx context.Context, by Actor, limit int) (Team, error) {
	return d.guardTeam(ctx, by, func(t *Team) error {
		if !slices.Contains(LookLimits, limit) {
			return invalid("looks")
		}
		if t.Looks = limit; limit == 0 {
			t.Looks = anyLooks
		}
		return nil
	})
}

// SetProtected has what members are shown kept from being passed on and saved, as far as the messenger can do that, or no
// longer.
func (d *Desk) SetProtected(ctx context.Context, by Actor, on bool) (Team, error) {
	return d.guardTeam(ctx, by, func(t *Team) error {
		t.Protected = on
		return nil
	})
}

// guardTeam changes what keeps the base from leaving.
func (d *Desk) guardTeam(ctx context.Context, by Actor, f func(*Team) error) (Team, error) {
	if _, _, err := d.guarded(ctx, by, ActionGuardTeam); err != nil {
		return Team{}, err
	}
	return d.editTeamAs(ctx, by, ActionGuardTeam, f)
}

// looksID is of the dialog that remembers which cards a member has opened: it is no talk, but is kept, ends and is cleaned up as
// one, and holds no more than one window.
func looksID(m MemberID) string { return "looks:" + string(m) }

const (
	looksForm   = "looks"
	looksOpened = "opened" // the answer that holds a lookLog: one text takes a tenth of the time of an answer a card
	looksTold   = "told"   // the answer that says when the owners were told last
)

// maxGlanced is how many cards NoteGlance takes.
const maxGlanced = 10

// NoteGlance counts cards as opened whose phones by is shown without opening them. ErrDenied if by may not read cards.
func (d *Desk) NoteGlance(ctx context.Context, by Actor, ids []ClientID) error {
	team, _, err := d.gate(ctx, by, ActionReadClient)
	if err != nil {
		return err
	}
	return d.looked(ctx, by, team, ids[:min(len(ids), maxGlanced)]...)
}

// looked counts that by has opened cards: each card once within the window. When they are more than the team has set the
// owners are told at once, and not again within the window.
func (d *Desk) looked(ctx context.Context, by Actor, team Team, ids ...ClientID) error {
	limit := team.LookLimit()
	if limit == 0 || len(ids) == 0 {
		return nil
	}
	for range maxRaces {
		seen, err := d.store.Dialog(ctx, looksID(by.ID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("read what was opened: %w", err)
		}
		now, told := d.now(), lookTime(seen.Answers[looksTold])
		before := seen.looks().within(now, limit)
		log := before.and(ids, now)
		if len(log) == len(before) {
			return nil
		}
		tell := len(log) > limit && now.Sub(told) >= lookWindow
		if tell {
			told = now
		}
		seen.Answers = map[string]string{looksOpened: log.String()}
		if !told.IsZero() {
			seen.Answers[looksTold] = strconv.FormatInt(told.Unix(), 36)
		}
		seen.ID, seen.Form, seen.Last, seen.Expires = looksID(by.ID), looksForm, by.Cause, now.Add(lookWindow)
		_, err = d.SaveDialog(ctx, by, seen)
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil || !tell {
			return err
		}
		return d.tellOwners(ctx, Reminder{News: NewsLooks, Team: team.ID, Who: by.ID, Count: len(log), For: now}, instant(now))
	}
	return &Error{Kind: ErrConflict, Field: "looks"}
}

// lookLog is which cards a member has opened, and when, in the order of time.
type lookLog []lookAt

type lookAt struct {
	card string
	at   time.Time
}

// looks reads what noteLooks wrote; what cannot be read is left out.
func (d Dialog) looks() lookLog {
	words := strings.Fields(d.Answers[looksOpened])
	log := make(lookLog, 0, len(words)+maxGlanced)
	for _, word := range words {
		at, card, _ := strings.Cut(word, ":")
		if at := lookTime(at); !at.IsZero() {
			log = append(log, lookAt{card, at})
		}
	}
	return log
}

// within leaves what was opened within the window, the newest, as many as are to be told from the limit.
func (l lookLog) within(now time.Time, limit int) lookLog {
	old := slices.IndexFunc(l, func(a lookAt) bool { return now.Sub(a.at) < lookWindow })
	if old < 0 {
		return nil
	}
	return l[max(old, len(l)-limit):]
}

// and adds cards that are opened now, but for those that are there.
func (l lookLog) and(ids []ClientID, now time.Time) lookLog {
	for _, id := range ids {
		again := slices.ContainsFunc(l, func(a lookAt) bool { return a.card == string(id) })
		if id != "" && !again {
			l = append(l, lookAt{string(id), now})
		}
	}
	return l
}

// String is what looks reads.
func (l lookLog) String() string {
	var text []byte
	for _, a := range l {
		text = strconv.AppendInt(text, a.at.Unix(), 36)
		text = append(append(append(text, ':'), a.card...), ' ')
	}
	return string(text)
}

// lookTime reads a time as looks keep it; zero if there is none.
func lookTime(text string) time.Time {
	at, err := strconv.ParseInt(text, 36, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(at, 0).UTC()
}

package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
	looksForm = "looks"
	looksTold = "told" // the answer that says until when the owners are not told again
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
		now := d.now()
		told := seen.since(looksTold)
		seen.forgetLooks(now, limit)
		if !seen.noteLooks(ids, now) {
			return nil
		}
		tell := len(seen.Answers) > limit && now.Sub(told) >= lookWindow
		if tell {
			told = now
		}
		opened := len(seen.Answers)
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
		return d.tellOwners(ctx, Reminder{News: NewsLooks, Team: team.ID, Who: by.ID, Count: opened, For: now}, instant(now))
	}
	return &Error{Kind: ErrConflict, Field: "looks"}
}

// noteLooks adds cards that are opened now; it reports whether one of them is new.
func (d *Dialog) noteLooks(ids []ClientID, now time.Time) (fresh bool) {
	for _, id := range ids {
		if _, again := d.Answers[string(id)]; id != "" && !again {
			d.Answers[string(id)] = strconv.FormatInt(now.Unix(), 36)
			fresh = true
		}
	}
	return fresh
}

// since is the time that an answer holds; zero if there is none.
func (d Dialog) since(answer string) time.Time {
	at, err := strconv.ParseInt(d.Answers[answer], 36, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(at, 0).UTC()
}

// forgetLooks leaves of the answers the cards that were opened within the window, the newest, as many as are to be told from
// the limit.
func (d *Dialog) forgetLooks(now time.Time, limit int) {
	kept := map[string]string{}
	var ids []string
	for id, at := range d.Answers {
		if id != looksTold && now.Sub(d.since(id)) < lookWindow {
			kept[id] = at
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(d.since(a).Compare(d.since(b)), cmp.Compare(a, b)) })
	for len(ids) > limit {
		delete(kept, ids[0])
		ids = ids[1:]
	}
	d.Answers = kept
}

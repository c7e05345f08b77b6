package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PlaceID identifies a place within its team.
type PlaceID string

// Place is where a team's reminders may go instead of the members' private chats: a group, or a topic of one.
type Place struct {
	ID    PlaceID   `json:"id" bson:"id"`
	Chat  int64     `json:"chat" bson:"chat"`                       // the messenger's id of the group
	Topic int64     `json:"topic,omitempty" bson:"topic,omitempty"` // in it; 0: the group itself
	Title string    `json:"title" bson:"title"`                     // of the group
	By    MemberID  `json:"by" bson:"by"`                           // who linked it
	Since time.Time `json:"since" bson:"since"`
	Lost  time.Time `json:"lost,omitzero" bson:"lost,omitempty"` // since when it cannot be reached

	News   []NewsKind `json:"news,omitempty" bson:"news,omitempty"`     // of which it is told
	Phones bool       `json:"phones,omitempty" bson:"phones,omitempty"` // those of new clients are shown there
	Loud   bool       `json:"loud,omitempty" bson:"loud,omitempty"`     // it is told in the team's quiet hours, too
}

// maxPlaces is how many places a team may have, and maxTitle how much of a group's title is kept, in runes.
const (
	maxPlaces = 20
	maxTitle  = 60
)

// LivePlaces are the places where reminders can go.
func (t Team) LivePlaces() []Place {
	return slices.DeleteFunc(slices.Clone(t.Places), func(p Place) bool { return !p.Lost.IsZero() })
}

// LinkedTo reports whether the team's reminders may be seen in a group: it, or a topic of it, is a live place.
func (t Team) LinkedTo(chat int64) bool {
	return slices.ContainsFunc(t.Places, func(p Place) bool { return p.Chat == chat && p.Lost.IsZero() })
}

// place is the live place with this id; ok is false if there is none.
func (t Team) place(id PlaceID) (Place, bool) {
	for _, p := range t.Places {
		if p.ID == id && p.Lost.IsZero() {
			return p, true
		}
	}
	return Place{}, false
}

// LinkPlace lets the team's reminders go to a group or a topic of one; linked again it has the new title. ErrInvalid on
// "place.count" if there are too many.
func (d *Desk) LinkPlace(ctx context.Context, by Actor, chat, topic int64, title string) (Team, error) {
	return d.editTeamAs(ctx, by, ActionLinkPlace, func(t *Team) error {
		p := Place{ID: PlaceID(newID(by.Team, by.Cause, "place", 0)[:8]), Chat: chat, Topic: topic, By: by.ID, Since: d.now(),
			Title: clip(strings.Join(strings.Fields(title), " "), maxTitle)}
		i := slices.IndexFunc(t.Places, func(have Place) bool { return have.Chat == chat && have.Topic == topic })
		if i >= 0 {
			p.ID, p.News, p.Phones, p.Loud = t.Places[i].ID, t.Places[i].News, t.Places[i].Phones, t.Places[i].Loud
			t.Places[i] = p
			return nil
		}
		if len(t.LivePlaces()) >= maxPlaces {
			return invalid("place.count")
		}
		t.Places = append(t.Places, p)
		return nil
	})
}

// UnlinkPlace takes a place away; what went there comes in private again.
func (d *Desk) UnlinkPlace(ctx context.Context, by Actor, id PlaceID) (Team, error) {
	return d.editTeamAs(ctx, by, ActionLinkPlace, func(t *Team) error {
		i := slices.IndexFunc(t.Places, func(p Place) bool { return p.ID == id && p.Lost.IsZero() })
		if i < 0 {
			return &Error{Kind: ErrNotFound, Field: "place"}
		}
		t.Places = slices.Delete(slices.Clone(t.Places), i, i+1)
		return nil
	})
}

// MoveGroup notes that a group has another id now.
func (d *Desk) MoveGroup(ctx context.Context, from, to int64) error {
	return d.eachPlace(ctx, func(p *Place) bool {
		if p.Chat != from {
			return false
		}
		p.Chat, p.Lost = to, time.Time{} // who moves may seem to be gone for a moment
		return true
	})
}

// LoseGroup notes that we are in a group no more. Reminders come in private from then on, and the owners are told once.
func (d *Desk) LoseGroup(ctx context.Context, chat int64) error {
	return d.losePlaces(ctx, func(p Place) bool { return p.Chat == chat })
}

func (d *Desk) losePlaces(ctx context.Context, gone func(Place) bool) error {
	return d.eachPlace(ctx, func(p *Place) bool {
		if !p.Lost.IsZero() || !gone(*p) {
			return false
		}
		p.Lost = d.now()
		return true
	})
}

// eachPlace lets f change the places of all teams; it reports whether it did. The owners are told of those that are lost by
// that: planned first, so that a crash between the two forgets nothing; what is planned in vain falls silent.
func (d *Desk) eachPlace(ctx context.Context, f func(*Place) bool) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	for _, t := range teams {
		if err := d.teamPlaces(ctx, t, f); err != nil {
			return fmt.Errorf("places of team %s: %w", t.ID, err)
		}
	}
	return nil
}

func (d *Desk) teamPlaces(ctx context.Context, t Team, f func(*Place) bool) error {
	for range maxRaces {
		old := t
		t.Places = slices.Clone(t.Places)
		changed := false
		for i := range t.Places {
			if !f(&t.Places[i]) {
				continue
			}
			changed = true
			if err := d.planLost(ctx, t.ID, t.Places[i]); err != nil {
				return err
			}
		}
		if !changed {
			return nil
		}
		t.Rev++
		ev := Event{ID: EventID("place." + string(t.ID) + "." + strconv.FormatInt(t.Rev, 36)), Team: t.ID, Schema: schemaVersion,
			Action: ActionLinkPlace, Record: string(t.ID), Rev: t.Rev, At: d.now(), Fields: diff(old, t)}
		err := d.store.SaveTeam(ctx, t, ev)
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return err
		}
		if t, err = d.store.Team(ctx, t.ID); err != nil {
			return err
		}
	}
	return &Error{Kind: ErrConflict, Field: "team"}
}

// planLost plans to tell the owners that a place is gone.
func (d *Desk) planLost(ctx context.Context, team TeamID, p Place) error {
	if p.Lost.IsZero() {
		return nil
	}
	s, err := d.staff(ctx, team)
	if err != nil {
		return err
	}
	for _, to := range s.owners {
		err := d.plan(ctx, to, Reminder{ID: reminderID(RemindPlaceLost, string(p.ID), instant(p.Lost), to.ID), Kind: RemindPlaceLost, Place: p.ID, For: p.Lost})
		if err != nil {
			return err
		}
	}
	return nil
}

// lostNotice tells of a place that is gone, unless it is back.
func (d *Desk) lostNotice(ctx context.Context, r Reminder, n Notice) (Notice, bool, error) {
	team, err := d.store.Team(ctx, r.Team)
	if err != nil {
		return n, false, fmt.Errorf("read team: %w", err)
	}
	for _, p := range team.Places {
		if p.ID == r.Place && p.Lost.Equal(r.For) {
			n.Lost = p
			return n, true, nil
		}
	}
	return n, false, nil
}

// notify shows a notice where its member wants it. If that place turns out to be gone it is lost, and the notice comes in
// private.
func (d *Desk) notify(ctx context.Context, out Notifier, n Notice) (int64, error) {
	team, err := d.store.Team(ctx, n.To.Team)
	if err != nil {
		return 0, fmt.Errorf("read team: %w", err)
	}
	n.Protected = team.Protected
	place, ok := team.place(n.To.Reminding.placeOf(n))
	if !ok && n.At != "" {
		return 0, ErrRefused // it has gone just now, and falls silent at the next try
	}
	if !ok {
		return out.Notify(ctx, n)
	}
	shared := n
	shared.Place, shared.Region, shared.Client, shared.Last = place, team.Region, n.Client.ForGroup(), n.Last.ForGroup()
	if n.At != "" {
		shared.Client.Phones = n.Client.Phones
	}
	shared.Occasion.Client, shared.Occasion.Years = n.Occasion.Client.ForGroup(), 0
	id, err := out.Notify(ctx, shared)
	if !errors.Is(err, ErrUnreachable) {
		return id, err
	}
	if err := d.losePlaces(ctx, func(p Place) bool { return p.ID == place.ID }); err != nil {
		return 0, err
	}
	if n.At != "" {
		return 0, ErrRefused
	}
	return out.Notify(ctx, n)
}

// ForGroup is what of a card everybody in a group may see: who it is, and what is due. No phones and addresses, no notes,
// no age.
func (c Client) ForGroup() Client {
	seen := Client{ID: c.ID, Team: c.Team, Rev: c.Rev, Owner: c.Owner, Stage: c.Stage, Status: c.Status, Greeted: c.Greeted,
		LastTouch: c.LastTouch, NextContact: c.NextContact, Offered: c.Offered}
	seen.Kind, seen.Name, seen.Company, seen.Position, seen.Birthday = c.Kind, c.Name, c.Company, c.Position, c.Birthday
	seen.Birthday.Year = 0
	return seen
}

// ForGroup is what of a touch everybody in a group may see: that it was, not what was said.
func (h Touch) ForGroup() Touch {
	h.Text, h.Files, h.Purchase = "", nil, Purchase{}
	return h
}

// ForGroups reports whether reminders of a kind may go to a group. What is for one person's eyes, or is settled by buttons
// that a group does not have, may not.
func (k ReminderKind) ForGroups() bool {
	switch k {
	case RemindTask, RemindContact, RemindBirthday, RemindOffer, RemindDigest:
		return true
	}
	return false
}

// placeOf is the place where a notice is to be shown; "" for the private chat: a list of what was missed is nobody else's
// business, and who wants to be erased is none of a group's.
func (r Reminding) placeOf(n Notice) PlaceID {
	if n.At != "" {
		return n.At
	}
	if len(n.Missed) > 0 || !n.Kind.ForGroups() || n.Task.countsDown() || slices.Contains(r.Private, n.Kind) {
		return ""
	}
	return r.Place
}

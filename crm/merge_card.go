package crm

import (
	"maps"
	"slices"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// Mergeable are the fields of which a card has but one value: of two that differ one has to be chosen.
var Mergeable = []Field{FieldName, FieldCompany, FieldPosition, FieldStage, FieldStatus, FieldBirthday, FieldCity, FieldAddress,
	FieldClientKind, FieldChannel, FieldSource}

// Differing lists the fields in which two cards have different values, the team's own fields among them.
func Differing(team Team, a, b Client) []Field {
	var out []Field
	for _, f := range Mergeable {
		if x, y := a.Value(f), b.Value(f); x != "" && y != "" && spell.Fold(x) != spell.Fold(y) {
			out = append(out, f)
		}
	}
	for _, f := range team.Fields {
		if x, y := a.Custom[f.ID], b.Custom[f.ID]; !f.Removed && x != "" && y != "" && spell.Fold(x) != spell.Fold(y) {
			out = append(out, CustomKey(f.ID))
		}
	}
	return out
}

// merged is the kept card with all that the gone one has: lists are united; of single values the kept card's stays, unless it
// has none or take names the field. What of a single value is on neither any more is returned, for a note.
func merged(kept, gone Client, take []Field) (Client, []Leftover) {
	c, other := kept.clone(), gone.clone()
	for _, f := range take {
		exchange(&c, &other, f)
	}
	var left []Leftover
	if spell.Fold(c.Name) != spell.Fold(other.Name) && !holdsWords(c.Name, other.Name) {
		left = append(left, Leftover{Field: FieldName, Text: other.Name})
	}
	if !c.NextContact.IsZero() && !other.NextContact.IsZero() && !c.NextContact.Equal(other.NextContact) {
		later := c.NextContact
		if other.NextContact.After(later) {
			later = other.NextContact
		}
		left = append(left, Leftover{Field: FieldNextContact, Day: civil.DateOf(later)}) // the earlier one is planned
	}
	left = append(left, c.absorb(other.Profile)...)
	c.takeSealed(other)
	c.standAs(other, take)
	left = append(left, standingLeft(c, kept, gone)...)
	c.rememberAs(other)
	c.Merged = append(append(c.Merged, gone.Merged...), gone.ID)
	return c, left
}

// exchange gives a the value that b has in a field, and b that of a.
func exchange(a, b *Client, f Field) {
	switch f {
	case FieldName:
		a.Name, b.Name = b.Name, a.Name
	case FieldCompany:
		a.Company, b.Company = b.Company, a.Company
	case FieldPosition:
		a.Position, b.Position = b.Position, a.Position
	case FieldStage:
		a.Stage, b.Stage = b.Stage, a.Stage
		a.ArchiveReason, b.ArchiveReason = b.ArchiveReason, a.ArchiveReason
		a.BeforeArchive, b.BeforeArchive = b.BeforeArchive, a.BeforeArchive
	case FieldStatus:
		a.Status, b.Status = b.Status, a.Status
		a.StatusReason, b.StatusReason = b.StatusReason, a.StatusReason
	case FieldBirthday:
		a.Birthday, b.Birthday = b.Birthday, a.Birthday
	case FieldCity:
		a.City, b.City = b.City, a.City
	case FieldAddress:
		a.Address, b.Address = b.Address, a.Address
	case FieldClientKind:
		a.Kind, b.Kind = b.Kind, a.Kind
	case FieldChannel:
		a.Channel, b.Channel = b.Channel, a.Channel
	case FieldSource:
		a.Source, b.Source = b.Source, a.Source
	default:
		exchangeCustom(a, b, f.Custom())
	}
}

func exchangeCustom(a, b *Client, id FieldID) {
	if id == "" || a.Custom == nil || b.Custom == nil {
		return
	}
	a.Custom[id], b.Custom[id] = b.Custom[id], a.Custom[id]
}

// takeSealed takes the restricted values that the card has none of. Of two the kept card's stays: nobody is shown both side by
// side, and the other one is on the card that went.
func (c *Client) takeSealed(other Client) {
	for id, sealed := range other.Sealed {
		if c.Sealed == nil {
			c.Sealed = map[FieldID]string{}
		}
		if c.Sealed[id] == "" {
			c.Sealed[id] = sealed
		}
	}
}

// standAs settles stage and status where nobody has chosen them: whoever is at work on one of the cards goes on, and who is
// blocked stays blocked.
func (c *Client) standAs(other Client, take []Field) {
	if !slices.Contains(take, FieldStage) && c.Stage == StageArchive && other.Stage != StageArchive {
		c.leaveArchive(other.Stage)
	}
	if !slices.Contains(take, FieldStatus) && other.Status == StatusBlocked && c.Status != StatusBlocked {
		c.Status, c.StatusReason = other.Status, other.StatusReason
	}
}

// standingLeft is how the two stood, and why, where the merged card says otherwise. That every card begins as a lead is no news.
func standingLeft(c Client, cards ...Client) (left []Leftover) {
	for _, was := range cards {
		if was.Status != c.Status && was.Status != StatusLead && was.Status != "" {
			left = append(left, Leftover{Field: FieldStatus, Text: string(was.Status)})
		}
		if was.Stage != c.Stage && was.Stage != StageLead && was.Stage != "" {
			left = append(left, Leftover{Field: FieldStage, Text: string(was.Stage)})
		}
		if r := was.StatusReason; r != "" && spell.Fold(r) != spell.Fold(c.StatusReason) {
			left = append(left, Leftover{Field: FieldStatus, Text: r})
		}
		if r := was.ArchiveReason; r != "" && spell.Fold(r) != spell.Fold(c.ArchiveReason) {
			left = append(left, Leftover{Field: FieldStage, Text: r})
		}
	}
	return left
}

// rememberAs joins what two cards tell of their history.
func (c *Client) rememberAs(other Client) {
	if other.LastTouch.After(c.LastTouch) {
		c.Offered = other.Offered
		if other.LastNote != "" {
			c.LastNote = other.LastNote
		}
	}
	if c.LastNote == "" {
		c.LastNote = other.LastNote
	}
	c.Touches += other.Touches
	c.FirstContact = earlier(c.FirstContact, other.FirstContact)
	c.NextContact = earlier(c.NextContact, other.NextContact)
	c.Created = earlier(c.Created, other.Created)
	if other.LastTouch.After(c.LastTouch) {
		c.LastTouch = other.LastTouch
	}
	if other.Confirmed.After(c.Confirmed) {
		c.Confirmed = other.Confirmed
	}
	if other.Bought.At.After(c.Bought.At) {
		c.Bought = other.Bought
	}
	for _, s := range other.Snoozed {
		if !slices.ContainsFunc(c.Snoozed, s.same) {
			c.Snoozed = append(c.Snoozed, s)
		}
	}
	if other.KeepTill.After(c.KeepTill) {
		c.KeepTill = other.KeepTill
	}
	c.Greeted, c.Celebrated = max(c.Greeted, other.Greeted), max(c.Celebrated, other.Celebrated)
	if c.EraseBy.IsZero() || !other.EraseBy.IsZero() && other.EraseBy.String() < c.EraseBy.String() {
		c.EraseBy, c.EraseTask = other.EraseBy, other.EraseTask
	}
}

// earlier is the first of two times; one that is not set does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// parted is a card that has absorbed another, with what it got of it taken out again: e is the event by which it got that. What
// has been changed since stays as it is; those fields are listed.
func (d *Desk) parted(c Client, e Event, gone Client) (Client, []Field, error) {
	ch, err := e.change(Team{})
	if err != nil {
		return c, nil, err
	}
	was, is := ch.Was, ch.Is
	now, still := fieldsOf(c), map[string]Delta{}
	var stuck []Field
	for name, delta := range e.Fields {
		switch {
		case slices.Contains(unitedFields, name), name == "custom", name == sealedField:
		case string(now[name]) == delta.After:
			still[name] = delta
		case slices.Contains(Mergeable, Field(name)) || name == "next_contact":
			stuck = append(stuck, Field(name))
		}
	}
	if e.Fields["erase_task"] != still["erase_task"] { // asked for anew since, be it for the same day
		delete(still, "erase_by")
	}
	if err := putBack(&c, still); err != nil {
		return c, nil, err
	}
	secret := func(id FieldID, a, b string) bool { return d.sameSecret(c.Team, id, a, b) }
	custom, sealed := values{was: was.Custom, is: is.Custom, same: sameText}, values{was: was.Sealed, is: is.Sealed, same: secret}
	stuck = slices.Concat(stuck, custom.takeOut(&c.Custom), sealed.takeOut(&c.Sealed))
	slices.Sort(stuck)
	if _, same := still["touches"]; !same {
		c.Touches -= is.Touches - was.Touches
	}
	c.Phones = without(c.Phones, without(is.Phones, was.Phones))
	c.Emails = without(c.Emails, without(is.Emails, was.Emails))
	c.Messengers = without(c.Messengers, without(is.Messengers, was.Messengers))
	c.Dates = without(c.Dates, without(is.Dates, was.Dates))
	c.Tags = without(c.Tags, without(is.Tags, was.Tags))
	c.Interests = without(c.Interests, without(is.Interests, was.Interests))
	c.Merged = without(c.Merged, append(slices.Clone(gone.Merged), gone.ID))
	return c, stuck, nil
}

// values are what the team's own fields held before and after an event.
type values struct {
	was, is map[FieldID]string
	same    func(id FieldID, a, b string) bool
}

func sameText(_ FieldID, a, b string) bool { return a == b }

// takeOut puts back, field by field, what the event has changed and is still so. Fields that have another value by now are returned.
func (v values) takeOut(now *map[FieldID]string) (stuck []Field) {
	out := maps.Clone(*now)
	for _, id := range slices.Sorted(maps.Keys(v.is)) { // a merge leaves none empty
		switch is, was := out[id], v.was[id]; {
		case v.same(id, v.is[id], was) || v.same(id, is, was):
		case !v.same(id, is, v.is[id]):
			stuck = append(stuck, CustomKey(id))
		case was == "":
			delete(out, id)
		default:
			out[id] = was
		}
	}
	if *now = out; len(out) == 0 {
		*now = nil
	}
	return stuck
}

// unitedFields are lists: what is taken back of them is what the other card brought, whatever else has come since.
var unitedFields = []string{"phones", "emails", "messengers", "dates", "tags", "interests", "merged"}

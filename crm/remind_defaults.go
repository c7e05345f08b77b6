package crm

import (
	"context"
	"fmt"
	"reflect"
	"slices"
)

// ReminderPart is one of the things that are set of reminders: by the team for all, by each member for themselves.
type ReminderPart string

const (
	PartDigest    ReminderPart = "digest"
	PartQuiet     ReminderPart = "quiet"
	PartDays      ReminderPart = "days"
	PartBirthdays ReminderPart = "birthdays"

	PartAnniversaries ReminderPart = "anniversaries"

	PartKinds ReminderPart = "kinds"
	PartPlace ReminderPart = "place"
)

// TimedKinds are the kinds of which a part says when they come: whoever sets that wants them.
var TimedKinds = map[ReminderPart]ReminderKind{PartDigest: RemindDigest, PartBirthdays: RemindBirthday, PartAnniversaries: RemindAnniversary}

// reminderParts is what each part is made of: each takes its fields over from other settings.
var reminderParts = []struct {
	name ReminderPart
	take func(to *Reminding, from Reminding)
}{
	{PartDigest, func(to *Reminding, from Reminding) { to.Digest = from.Digest }},
	{PartQuiet, func(to *Reminding, from Reminding) { to.QuietFrom, to.QuietTo = from.QuietFrom, from.QuietTo }},
	{PartDays, func(to *Reminding, from Reminding) { to.DaysOff = slices.Clone(from.DaysOff) }},
	{PartBirthdays, func(to *Reminding, from Reminding) { to.Birthdays = slices.Clone(from.Birthdays) }},
	{PartAnniversaries, func(to *Reminding, from Reminding) { to.Anniversaries = slices.Clone(from.Anniversaries) }},
	{PartKinds, func(to *Reminding, from Reminding) { to.Off = slices.Clone(from.Off) }},
	{PartPlace, func(to *Reminding, from Reminding) { to.Place, to.Private = from.Place, slices.Clone(from.Private) }},
}

// says reports whether a part is set here, be it to nothing.
func (r Reminding) says(p ReminderPart) bool {
	if r.Set || slices.Contains(r.Own, p) {
		return true
	}
	for _, part := range reminderParts {
		if part.name == p {
			var only Reminding
			part.take(&only, r)
			return !only.empty()
		}
	}
	return false
}

func (r Reminding) empty() bool {
	return r.Digest+r.QuietFrom+r.QuietTo+string(r.Place) == "" && len(r.DaysOff)+len(r.Birthdays)+len(r.Anniversaries)+len(r.Off)+len(r.Private) == 0
}

// over is what holds for a member with these settings: their own where they have set something, else the team's, else the
// defaults. Own names their own.
func (r Reminding) over(team Reminding) Reminding {
	all, out := team.Full(), Reminding{Set: true}
	for _, part := range reminderParts {
		if !r.says(part.name) {
			part.take(&out, all)
			continue
		}
		part.take(&out, r)
		out.Own = append(out.Own, part.name)
	}
	return out.Full()
}

// edited is r after f has changed what holds; only the parts that f changed become r's own.
func (r Reminding) edited(team Reminding, f func(*Reminding)) (Reminding, error) {
	before, next, out := r.over(team), r.over(team), Reminding{}
	f(&next)
	if err := next.check(); err != nil {
		return r, err
	}
	for _, part := range reminderParts {
		var was, is Reminding
		part.take(&was, before)
		part.take(&is, next)
		if r.says(part.name) || !is.same(was) {
			part.take(&out, next)
			out.Own = append(out.Own, part.name)
		}
	}
	return out, nil
}

// same compares settings; a list without entries is one, however it came about.
func (r Reminding) same(o Reminding) bool { return reflect.DeepEqual(r, o) || r.empty() && o.empty() }

// without is r with one part left to the team.
func (r Reminding) without(p ReminderPart) Reminding {
	var out Reminding
	for _, part := range reminderParts {
		if part.name != p && r.says(part.name) {
			part.take(&out, r)
			out.Own = append(out.Own, part.name)
		}
	}
	return out
}

// SetReminding changes how by wants to be reminded; f changes what holds for them now. ErrInvalid on "reminding" if the
// result makes no sense, ErrNotFound on "place" if there is no such place.
func (d *Desk) SetReminding(ctx context.Context, by Actor, f func(*Reminding)) (Member, error) {
	return d.setReminding(ctx, by, func(r Reminding, team Team) (Reminding, error) {
		next, err := r.edited(team.Reminding, f)
		if err != nil {
			return r, err
		}
		return next, next.checkPlace(team, r.Place)
	})
}

// FollowTeam leaves a part of by's settings to the team. Whoever wants none of what the part is about wants it then as all do.
func (d *Desk) FollowTeam(ctx context.Context, by Actor, p ReminderPart) (Member, error) {
	return d.setReminding(ctx, by, func(r Reminding, _ Team) (Reminding, error) {
		if kind, timed := TimedKinds[p]; timed {
			r.Want(kind, true)
		}
		return r.without(p), nil
	})
}

// setReminding changes by's own settings and what is planned with them; the member it returns has those that hold.
func (d *Desk) setReminding(ctx context.Context, by Actor, f func(r Reminding, team Team) (Reminding, error)) (Member, error) {
	team, err := d.Team(ctx, by)
	if err != nil {
		return Member{}, err
	}
	var before Member
	m, err := d.editMember(ctx, by, func(m *Member) error {
		before = *m
		next, err := f(m.Reminding, team)
		if err != nil {
			return err
		}
		m.Reminding = next
		return nil
	})
	if err != nil {
		return m, err
	}
	before, m = before.of(team), m.of(team)
	return m, d.replan(ctx, before, m)
}

// checkPlace refuses a place that is not the team's. One that has gone since it was chosen keeps nobody from changing the rest.
func (r Reminding) checkPlace(t Team, was PlaceID) error {
	if _, live := t.place(r.Place); r.Place != "" && r.Place != was && !live {
		return &Error{Kind: ErrNotFound, Field: "place"}
	}
	return nil
}

// SetTeamReminding changes how those are reminded who have not set it for themselves; f changes what holds for the team.
func (d *Desk) SetTeamReminding(ctx context.Context, by Actor, f func(*Reminding)) (Team, error) {
	var before Team
	team, err := d.editTeam(ctx, by, func(t *Team) error {
		before = *t
		next, err := t.Reminding.edited(Reminding{}, f)
		if err != nil {
			return err
		}
		t.Reminding = next
		return next.checkPlace(*t, before.Reminding.Place)
	})
	if err != nil {
		return team, err
	}
	members, err := d.store.Members(ctx, team.ID)
	if err != nil {
		return team, fmt.Errorf("list members: %w", err)
	}
	for _, m := range members {
		if err := d.replan(ctx, m.of(before), m.of(team)); err != nil {
			return team, err
		}
	}
	return team, nil
}

// of is the member with the settings that hold: what they have not set is the team's.
func (m Member) of(t Team) Member {
	m.Reminding = m.Reminding.over(t.Reminding)
	return m
}

package crm

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"kartoteka/crm/civil"
)

// Reminding is how a member wants to be reminded, or how a team has it for those who have not said. The zero value leaves
// everything open.
type Reminding struct {
	Digest    string         `json:"digest,omitempty" bson:"digest,omitempty"`         // 15:04; "": 09:00
	QuietFrom string         `json:"quiet_from,omitempty" bson:"quiet_from,omitempty"` // 15:04; "": 21:00
	QuietTo   string         `json:"quiet_to,omitempty" bson:"quiet_to,omitempty"`     // 15:04; "": 08:00; equal to QuietFrom: none
	DaysOff   []time.Weekday `json:"days_off,omitempty" bson:"days_off,omitempty"`     // none: Saturday and Sunday, unless set so
	Off       []ReminderKind `json:"off,omitempty" bson:"off,omitempty"`               // kinds that are not wanted
	Birthdays []int          `json:"birthdays,omitempty" bson:"birthdays,omitempty"`   // days before, 0–30; none: 5 and 0, unless set so
	// Anniversaries are as Birthdays; none: 7, also if set so: whoever wants none has the kind Off.
	Anniversaries []int          `json:"anniversaries,omitempty" bson:"anniversaries,omitempty"`
	Place         PlaceID        `json:"place,omitempty" bson:"place,omitempty"`     // where they come; "": in private
	Private       []ReminderKind `json:"private,omitempty" bson:"private,omitempty"` // kinds that come in private all the same
	// Own names the parts that are set, be it to nothing; engines do not keep empty lists apart from those that are not there.
	Own []ReminderPart `json:"own,omitempty" bson:"own,omitempty"`
	// Set says the same of all parts; records of before Own have it.
	Set bool `json:"set,omitempty" bson:"set,omitempty"`
}

// Defaults of Reminding.
const (
	defaultDigest    = "09:00"
	defaultQuietFrom = "21:00"
	defaultQuietTo   = "08:00"
)

var (
	defaultDaysOff   = []time.Weekday{time.Saturday, time.Sunday}
	defaultBirthdays = []int{5, 0}

	defaultAnniversaries = []int{7}
)

// Full is the settings with the defaults put in.
func (r Reminding) Full() Reminding {
	if _, ok := civil.Minutes(r.Digest); !ok {
		r.Digest = defaultDigest
	}
	if _, ok := civil.Minutes(r.QuietFrom); !ok {
		r.QuietFrom = defaultQuietFrom
	}
	if _, ok := civil.Minutes(r.QuietTo); !ok {
		r.QuietTo = defaultQuietTo
	}
	if len(r.DaysOff) == 0 && !r.says(PartDays) {
		r.DaysOff = slices.Clone(defaultDaysOff)
	}
	if len(r.Birthdays) == 0 && !r.says(PartBirthdays) {
		r.Birthdays = slices.Clone(defaultBirthdays)
	}
	if len(r.Anniversaries) == 0 {
		r.Anniversaries = slices.Clone(defaultAnniversaries)
	}
	return r
}

// Wants reports whether the kind is wanted.
func (r Reminding) Wants(k ReminderKind) bool { return !slices.Contains(r.Off, k) }

// wantedBy reports whether a member wants the reminder: whatever kinds they do without, what they put off themselves they
// asked for.
func (r Reminder) wantedBy(m Member) bool { return r.Snoozed || r.ByLaw || m.Reminding.Wants(r.Kind) }

// OutOfQuiet is the first moment, from t on, at which the member may be disturbed.
func (m Member) OutOfQuiet(t time.Time) time.Time {
	r, loc := m.Reminding.Full(), m.Location()
	from, _ := civil.Minutes(r.QuietFrom)
	to, _ := civil.Minutes(r.QuietTo)
	local := t.In(loc)
	now := local.Hour()*60 + local.Minute()
	day := civil.DateOf(local)
	switch {
	case from == to:
		return t
	case from < to && now >= from && now < to, from > to && now < to:
		return civil.At(day, r.QuietTo, loc)
	case from > to && now >= from:
		return civil.At(day.Plus(1), r.QuietTo, loc)
	}
	return t
}

// Want turns a kind on or off.
func (r *Reminding) Want(k ReminderKind, on bool) {
	if r.Off = slices.DeleteFunc(slices.Clone(r.Off), func(off ReminderKind) bool { return off == k }); !on {
		r.Off = append(r.Off, k)
	}
}

// reminderID says what a reminder is for.
func reminderID(k ReminderKind, record string, when string, to MemberID) string {
	return string(k) + ":" + record + ":" + when + ":" + string(to)
}

func instant(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 36) }

func (d *Desk) plan(ctx context.Context, m Member, r Reminder) error {
	if !r.wantedBy(m) {
		return nil
	}
	r.Team, r.Member, r.Schema, r.State, r.Created = m.Team, m.ID, schemaVersion, ReminderPlanned, d.now()
	if r.Due.IsZero() {
		r.Due = stamp(m.OutOfQuiet(r.For))
	}
	if _, err := d.store.PlanReminder(ctx, r); err != nil {
		return fmt.Errorf("plan reminder: %w", err)
	}
	return nil
}

func (d *Desk) planTask(ctx context.Context, m Member, t Task) error {
	return d.plan(ctx, m, Reminder{ID: taskReminder(t, m.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, For: t.Due, ByLaw: t.countsDown()})
}

func taskReminder(t Task, to MemberID) string {
	return reminderID(RemindTask, string(t.ID), instant(t.Due), to)
}

func (d *Desk) planContact(ctx context.Context, m Member, c Client) error {
	return d.plan(ctx, m, Reminder{ID: reminderID(RemindContact, string(c.ID), instant(c.NextContact), m.ID), Kind: RemindContact,
		Client: c.ID, For: c.NextContact})
}

// planOccasion plans the reminder that comes on a day, some days before the occasion or on it.
// One that was entered or changed later in the day is due then, not late.
func (d *Desk) planOccasion(ctx context.Context, m Member, o Occasion, on civil.Date) error {
	r := Reminder{Kind: o.Kind, Client: o.Client.ID, Day: o.Day, Lead: on.DaysUntil(o.Day), For: civil.At(on, m.Reminding.Full().Digest, m.Location())}
	if o.Client.Updated.After(r.For) {
		r.For = o.Client.Updated
	}
	when := o.Day.String() + "-" + strconv.Itoa(r.Lead)
	if o.Kind == RemindDate {
		r.Date = o.Date.Key()
		when += "-" + r.Date
	}
	r.ID = reminderID(o.Kind, string(o.Client.ID), when, m.ID)
	return d.plan(ctx, m, r)
}

func (d *Desk) planDigest(ctx context.Context, m Member, day civil.Date) error {
	return d.plan(ctx, m, Reminder{ID: reminderID(RemindDigest, "", day.String(), m.ID), Kind: RemindDigest, Day: day,
		For: civil.At(day, m.Reminding.Full().Digest, m.Location())})
}

// replan moves what is planned for a member to the times that hold now: they were somewhere else before, or wanted to be
// reminded at other hours. What waits for another try is left alone.
func (d *Desk) replan(ctx context.Context, before, m Member) error {
	return d.eachReminder(ctx, m, ReminderPlanned, func(r Reminder) error {
		due := r.Due
		r.For = r.moved(before, m)
		if r.Due = stamp(m.OutOfQuiet(r.For)); r.Tries > 0 || r.Due.Equal(due) {
			return nil
		}
		return d.moveIfOurs(ctx, r, ReminderPlanned)
	})
}

// eachReminder calls f for each of a member's reminders in a state, however many there are. One that f moves to a later time may
// come again.
func (d *Desk) eachReminder(ctx context.Context, m Member, state ReminderState, f func(Reminder) error) error {
	q := ReminderQuery{Team: m.Team, Member: m.ID, States: []ReminderState{state}, Limit: planPage}
	for {
		page, err := d.store.Reminders(ctx, q)
		if err != nil {
			return fmt.Errorf("read reminders: %w", err)
		}
		for _, r := range page {
			if err := f(r); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		last := page[len(page)-1]
		q.After = &ReminderMark{Due: last.Due, ID: last.ID}
	}
}

// moved is when a reminder is for now: one of a day was for the digest's hour before and is for the present one.
func (r Reminder) moved(before, m Member) time.Time {
	on := civil.DateOf(r.For.In(before.Location()))
	if r.Day.IsZero() || r.Snoozed || !r.For.Equal(stamp(civil.At(on, before.Reminding.Full().Digest, before.Location()))) {
		return r.For
	}
	return stamp(civil.At(on, m.Reminding.Full().Digest, m.Location()))
}

// maxLead is how many days before a birthday or another date one can be reminded.
const maxLead = 30

func (r Reminding) check() error {
	for _, clock := range []string{r.Digest, r.QuietFrom, r.QuietTo} {
		if _, ok := civil.Minutes(clock); !ok {
			return invalid("reminding")
		}
	}
	for _, lead := range slices.Concat(r.Birthdays, r.Anniversaries) {
		if lead < 0 || lead > maxLead {
			return invalid("reminding")
		}
	}
	for _, k := range slices.Concat(r.Off, r.Private) {
		if !slices.Contains(ReminderKinds, k) {
			return invalid("reminding")
		}
	}
	if len(r.DaysOff) > 7 || len(r.Birthdays) > 5 || len(r.Anniversaries) > 5 {
		return invalid("reminding")
	}
	return nil
}

package crm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kartoteka/crm/civil"
)

// Occasion is a day on which a client is to be remembered: a birthday, an anniversary of the first contact, another date.
type Occasion struct {
	Kind   ReminderKind // RemindBirthday, RemindAnniversary or RemindDate
	Client Client
	Day    civil.Date // this time
	Years  int        // how many years it is then; 0: not known, or not counted
	Date   OtherDate  // of RemindDate
	Dealt  bool       // it has been dealt with
	Until  time.Time  // until when it was put off; zero: it was not
	// Unwished: the client has not consented to be congratulated, and the team asks for that. Only what is told of an occasion
	// says so, no list.
	Unwished bool
	Instead  Member // of a list: in whose place somebody is reminded of it; zero: it is their own client's
}

func (o *Occasion) place() (Client, *Member) { return o.Client, &o.Instead }

// occasionOrder is what of a day comes first.
var occasionOrder = []ReminderKind{RemindBirthday, RemindDate, RemindAnniversary}

// together reports whether there is a cooperation of which to celebrate anniversaries.
func (c Client) together() bool {
	return !c.FirstContact.IsZero() && c.Status != StatusFormer && c.Status != StatusBlocked
}

// occasions lists for what a client is to be remembered on a day, at a place: the first contact was on the day that it was
// there.
func (c Client) occasions(day civil.Date, loc *time.Location) []Occasion {
	var all []Occasion
	if b := c.Birthday; !b.IsZero() && b.In(day.Year) == day {
		o := Occasion{Kind: RemindBirthday, Client: c, Day: day, Dealt: c.Greeted == day.Year}
		if b.Year != 0 {
			o.Years = day.Year - b.Year
		}
		all = append(all, o)
	}
	for _, date := range c.Dates {
		if date.falls(day) {
			all = append(all, Occasion{Kind: RemindDate, Client: c, Day: day, Years: date.Years(day), Date: date, Dealt: date.Dealt == day.Year})
		}
	}
	if first := civil.DateOf(c.FirstContact.In(loc)); c.together() && first.Year < day.Year && first.In(day.Year) == day {
		all = append(all, Occasion{Kind: RemindAnniversary, Client: c, Day: day, Years: day.Year - first.Year, Dealt: c.Celebrated == day.Year})
	}
	for i, o := range all {
		all[i].Until = c.snoozedUntil(o)
	}
	return all
}

// leads are how many days before it a member is reminded of the occasion.
func (o Occasion) leads(r Reminding) []int {
	switch o.Kind {
	case RemindBirthday:
		return r.Birthdays
	case RemindAnniversary:
		return r.Anniversaries
	}
	return []int{o.Date.Lead}
}

// wanted reports whether a reminder that was planned so many days ahead is for a member to whom it has come since, or who
// has changed their leads: it is if that is one of their leads or they would hear of the occasion at no later time.
func (o Occasion) wanted(r Reminding, lead int) bool {
	leads := o.leads(r)
	return slices.Contains(leads, lead) || len(leads) > 0 && slices.Min(leads) > lead
}

// outdone reports whether a reminder that was planned so many days ahead, and is late, is followed by one that has come up by
// now, so many days before the occasion: both at once would say the same.
func (o Occasion) outdone(r Reminding, lead, left int) bool {
	return slices.ContainsFunc(o.leads(r), func(other int) bool { return other < lead && left <= other })
}

// Occasions lists the birthdays, anniversaries and other dates of by's own clients within days from today, the nearest
// first; at most 200, and before them those of days that are over which were put off until now.
func (d *Desk) Occasions(ctx context.Context, by Actor, days int) ([]Occasion, error) {
	team, _, err := d.gate(ctx, by, ActionTendClients)
	if err != nil {
		return nil, err
	}
	again, err := d.comeAgain(ctx, by.Member, team.inCharge(by.ID, d.now()))
	if err != nil {
		return nil, err
	}
	all, err := d.occasions(ctx, by.Member, days)
	return append(again, all...), err
}

// mostOccasions bounds a list of occasions.
const mostOccasions = 200

func (d *Desk) occasions(ctx context.Context, m Member, days int) ([]Occasion, error) {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return nil, fmt.Errorf("read team: %w", err)
	}
	today, whose := civil.DateOf(d.clock.Now().In(m.Location())), team.inCharge(m.ID, d.now())
	var all []Occasion
	for ahead := 0; ahead <= days && len(all) < mostOccasions; ahead++ {
		those, err := d.occasionsOn(ctx, m, whose, today.Plus(ahead))
		if err != nil {
			return nil, err
		}
		all = append(all, those...)
	}
	all = all[:min(len(all), mostOccasions)]
	return all, inPlace(ctx, d, m, all, (*Occasion).place)
}

// occasionsOn lists those of one day. Anniversaries are asked for apart: most clients have one, and they may not crowd out
// what is rarer.
func (d *Desk) occasionsOn(ctx context.Context, m Member, whose reach, day civil.Date) ([]Occasion, error) {
	var all []Occasion
	seen := map[ClientID]bool{}
	one, among := whose.narrow()
	for _, keys := range [][]string{append(birthdayKeys(day), otherKeys(day)...), anniversaryKeys(day, m.Location())} {
		found, err := d.store.Clients(ctx, ClientQuery{Team: m.Team, Owner: one, Among: among, Dates: keys, Sort: SortByName, Limit: agendaPage})
		if err != nil {
			return nil, fmt.Errorf("clients to remember: %w", err)
		}
		for _, c := range found {
			if c.Stage != StageArchive && !seen[c.ID] {
				seen[c.ID] = true
				all = append(all, c.occasions(day, m.Location())...)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Occasion) int {
		return cmp.Or(slices.Index(occasionOrder, a.Kind)-slices.Index(occasionOrder, b.Kind), strings.Compare(a.Client.SortName, b.Client.SortName))
	})
	return all, nil
}

// Occasion is the one of a kind, and of RemindDate the one with the key, that is nearest to today at a place: one that is dealt
// with some days late is the one that was, not the next. ok is false if the card has none.
func (c Client) Occasion(k ReminderKind, key string, today civil.Date, loc *time.Location) (o Occasion, ok bool) {
	var day civil.Date
	switch date, there := c.Date(key); {
	case k == RemindBirthday && !c.Birthday.IsZero():
		day = c.Birthday.Nearest(today)
	case k == RemindAnniversary && !c.FirstContact.IsZero():
		day = civil.DateOf(c.FirstContact.In(loc)).Nearest(today)
	case k == RemindDate && there:
		if day = date.Day; !date.Once && day.String() < today.String() {
			day = day.Nearest(today)
		}
	default:
		return o, false
	}
	all := c.occasions(day, loc)
	i := slices.IndexFunc(all, func(o Occasion) bool { return o.Kind == k && (k != RemindDate || o.Date.Key() == key) })
	if i < 0 {
		return o, false
	}
	return all[i], true
}

// deal notes on the card that an occasion of its is dealt with.
func (c *Client) deal(o Occasion) {
	c.unsnooze(o)
	switch o.Kind {
	case RemindBirthday:
		c.Greeted = o.Day.Year
	case RemindAnniversary:
		c.Celebrated = o.Day.Year
	case RemindDate:
		c.Dates[c.date(o.Date.Key())].Dealt = o.Day.Year
	}
}

// Finish says which occasion is dealt with, and how this time.
type Finish struct {
	Kind   ReminderKind // RemindBirthday, RemindAnniversary or RemindDate
	Date   string       // of RemindDate: its Key
	Wished bool         // it is logged as a touch with the text
	Text   string
}

// FinishOccasion notes that the nearest occasion of a kind is dealt with, so that nothing more is said of it this year. One
// that is dealt with already stays as it is. ErrNotFound on "date" if the card no longer has it.
func (d *Desk) FinishOccasion(ctx context.Context, by Actor, id ClientID, f Finish) (Client, error) {
	return d.edit(ctx, by, id, ActionLogTouch, func(ch *change) error {
		o, err := d.occasionOf(by, ch.client, f)
		if err != nil || o.Dealt {
			return err
		}
		if ch.client.deal(o); !f.Wished {
			what := DecidedSkip
			if o.Date.Once {
				what = DecidedDrop // there is no other year
			}
			ch.decide(by, o.decided(what))
			return nil
		}
		return d.addTouches(ch, by, []TouchInput{{Kind: TouchMessage, Text: f.Text}})
	})
}

// occasionOf is the occasion that f is about, the nearest one where by is. ErrNotFound on "date" if the card no longer has it.
func (d *Desk) occasionOf(by Actor, c *Client, f Finish) (Occasion, error) {
	o, ok := c.Occasion(f.Kind, f.Date, civil.DateOf(d.clock.Now().In(by.Location())), by.Location())
	if !ok {
		return o, &Error{Kind: ErrNotFound, Field: "date"}
	}
	return o, nil
}

// openOccasion is occasionOf for what is still to be dealt with: ErrConflict on "client" if it is not.
func (d *Desk) openOccasion(by Actor, c *Client, f Finish) (Occasion, error) {
	o, err := d.occasionOf(by, c, f)
	if err == nil && o.Dealt {
		err = &Error{Kind: ErrConflict, Field: "client"}
	}
	return o, err
}

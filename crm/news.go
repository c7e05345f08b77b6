package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// NewsKind is something of which others are told as it happens.
type NewsKind string

const (
	NewsCodes     NewsKind = "codes"      // a member has entered wrong codes
	NewsCodeReset NewsKind = "code_reset" // a member's codes were ended by whoever runs the program
	NewsCodeOn    NewsKind = "code_on"    // a member has begun to have codes
	NewsCodeEnded NewsKind = "code_ended" // an owner has ended a member's codes, who is told too
	NewsLooks     NewsKind = "looks"      // a member has opened more cards within an hour than the team has set
	NewsExport    NewsKind = "export"     // a member has taken something along: Reminder.Did says what
	NewsClient    NewsKind = "client"     // a member has added a client, or so many
	NewsHanded    NewsKind = "handed"     // clients have gone from one member to another
	NewsStale     NewsKind = "stale"      // VIP clients that nobody has been in touch with
)

// Newses are all of them.
var Newses = []NewsKind{NewsCodes, NewsCodeReset, NewsCodeOn, NewsCodeEnded, NewsLooks, NewsExport, NewsClient, NewsHanded, NewsStale}

// GroupNews are those of which a team's group can be told, in the order in which people are offered them. What is to be told
// there gets its kind here, a call of tellPlaces where it happens, and its words.
var GroupNews = []NewsKind{NewsClient, NewsHanded, NewsStale, NewsExport}

// noteTaken keeps in the record that by takes something along, and has the other owners told at once. It comes before anything
// is handed over; every use case that hands over what can be carried away calls it. ev says what was done, with which record.
func (d *Desk) noteTaken(ctx context.Context, by Actor, ev Event) error {
	ev.ID, ev.Team, ev.Schema, ev.By, ev.At = by.Cause.EventID(0), by.Team, schemaVersion, by.ID, d.now()
	if err := d.store.AddEvent(ctx, ev); err != nil && !errors.Is(err, ErrApplied) {
		return fmt.Errorf("note that something is taken: %w", err)
	}
	news := Reminder{News: NewsExport, Team: by.Team, Who: by.ID, Did: ev.Action, For: ev.At}
	news.As, news.Count = ev.Exported()
	if err := d.tellOwners(ctx, news, string(by.Cause)); err != nil {
		return err
	}
	return d.tellPlaces(ctx, by, news, string(by.Cause))
}

// tellOwners has every owner told at once, whatever the hour is: once for the same kind, person and key. What they have done
// themselves they know.
func (d *Desk) tellOwners(ctx context.Context, news Reminder, key string) error {
	s, err := d.staff(ctx, news.Team)
	if err != nil {
		return fmt.Errorf("tell owners: %w", err)
	}
	for _, to := range s.owners {
		if to.ID == news.From || to.ID == news.Who && !news.News.alarms() {
			continue
		}
		one := news
		one.Kind, one.Due = RemindNews, d.now()
		one.ID = reminderID(RemindNews, string(news.News)+"."+string(news.Who), key, to.ID)
		if err := d.plan(ctx, to, one); err != nil {
			return err
		}
	}
	return nil
}

// alarms reports whether it may be somebody else who did it in a member's name, so that the member is told, too.
func (k NewsKind) alarms() bool { return k == NewsCodes || k == NewsCodeReset }

// tellPlaces has the groups told that want to be, once for the same kind and key, out of their quiet hours.
func (d *Desk) tellPlaces(ctx context.Context, by Actor, news Reminder, key string) error {
	team, err := d.Team(ctx, by)
	if err != nil {
		return err
	}
	return d.tellPlacesOf(ctx, team, news, key)
}

func (d *Desk) tellPlacesOf(ctx context.Context, team Team, news Reminder, key string) error {
	for _, p := range team.LivePlaces() {
		if !p.Wants(news.News) {
			continue
		}
		one := news
		one.Kind, one.Team, one.Place, one.Member, one.Schema = RemindNews, team.ID, p.ID, p.queue(), schemaVersion
		one.ID = reminderID(RemindNews, string(news.News), key, one.Member)
		one.State, one.Created = ReminderPlanned, d.now()
		if one.Due.IsZero() {
			one.Due = stamp(team.outOfQuiet(p, d.now()))
		}
		if _, err := d.store.PlanReminder(ctx, one); err != nil {
			return fmt.Errorf("tell a group: %w", err)
		}
	}
	return nil
}

// queue is in whose place a group's news stand in line: nobody's, so that a group which cannot be reached holds up no member.
func (p Place) queue() MemberID { return MemberID("place." + string(p.ID)) }

// outOfQuiet is the first moment, from t on, at which a place may be disturbed: the team's quiet hours, at the team's place, are the
// group's, unless it is to be told at any hour.
func (t Team) outOfQuiet(p Place, at time.Time) time.Time {
	if p.Loud {
		return at
	}
	return Member{Zone: t.Zone, Reminding: t.Reminding}.OutOfQuiet(at)
}

// Wants reports whether the place is to be told of a kind.
func (p Place) Wants(k NewsKind) bool { return slices.Contains(p.News, k) }

// newsNotice tells an owner or a group what happened.
func (d *Desk) newsNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	n.News, n.Did, n.As, n.Who, n.Clients, n.Since = r.News, r.Did, r.As, s.byID[r.Who], r.Count, r.For
	n.Late = d.now().Sub(r.For)
	if r.Place == "" {
		own := r.News == NewsCodeEnded && r.Who == r.Member
		return n, n.To.ID == r.Member && (own || n.To.runsTeam()), nil
	}
	p, live := s.team.place(r.Place)
	if n.At = p.ID; !live || !p.Wants(r.News) || r.Client != "" && n.Client.ID == "" {
		return n, false, nil
	}
	n.Late = d.now().Sub(s.team.outOfQuiet(p, r.For))
	if r.News != NewsClient || !p.Phones {
		n.Client.Phones = nil
	}
	if r.News != NewsStale {
		return n, true, nil
	}
	var err error
	n.Stale, err = d.staleVIPs(ctx, s)
	return n, len(n.Stale) > 0, err
}

// mostVIPs is how many a group is told of.
const mostVIPs = 10

// staleVIPs are the team's VIP clients that need attention: the most valuable, who are first among all of them.
func (d *Desk) staleVIPs(ctx context.Context, s staff) ([]Stale, error) {
	var all []MemberID
	for id := range s.byID {
		all = append(all, id)
	}
	list, err := d.stalest(ctx, RoleOwner, s.team, all, mostVIPs)
	return slices.DeleteFunc(list, func(one Stale) bool { return one.Client.Status != StatusVIP }), err
}

// planVIPs plans to tell the groups of them, with the list of the owner who stands in for all.
func (d *Desk) planVIPs(ctx context.Context, m Member, day civil.Date) error {
	if m.Role != RoleOwner {
		return nil
	}
	s, err := d.staff(ctx, m.Team)
	if err != nil || s.owner().ID != m.ID {
		return err
	}
	when := civil.At(day, m.Reminding.Full().Digest, m.Location())
	period := s.team.Stale.period(day)
	return d.tellPlacesOf(ctx, s.team, Reminder{News: NewsStale, Day: day, Period: period, For: when, Due: stamp(when)}, period.String())
}

// SetPlaceNews has a place told of a kind, or no longer. ErrInvalid on "news", ErrNotFound on "place".
func (d *Desk) SetPlaceNews(ctx context.Context, by Actor, id PlaceID, k NewsKind, on bool) (Team, error) {
	return d.changePlace(ctx, by, id, func(p *Place) error {
		if !slices.Contains(GroupNews, k) {
			return invalid("news")
		}
		p.News = slices.DeleteFunc(slices.Clone(p.News), func(have NewsKind) bool { return have == k })
		if on {
			p.News = append(p.News, k)
		}
		return nil
	})
}

// SetPlacePhones has the phones of new clients shown in a place, or no longer. ErrNotFound on "place".
func (d *Desk) SetPlacePhones(ctx context.Context, by Actor, id PlaceID, on bool) (Team, error) {
	return d.changePlace(ctx, by, id, func(p *Place) error {
		p.Phones = on
		return nil
	})
}

// SetPlaceLoud has a place told at any hour, or outside of the team's quiet hours alone. ErrNotFound on "place".
func (d *Desk) SetPlaceLoud(ctx context.Context, by Actor, id PlaceID, on bool) (Team, error) {
	return d.changePlace(ctx, by, id, func(p *Place) error {
		p.Loud = on
		return nil
	})
}

// QuietHours are those of the team, in which groups are left alone as they are set: 15:04; equal if there are none.
func (t Team) QuietHours() (from, to string) {
	r := t.Reminding.Full()
	return r.QuietFrom, r.QuietTo
}

// changePlace changes what a live place is for.
func (d *Desk) changePlace(ctx context.Context, by Actor, id PlaceID, f func(*Place) error) (Team, error) {
	return d.editTeamAs(ctx, by, ActionLinkPlace, func(t *Team) error {
		t.Places = slices.Clone(t.Places)
		for i := range t.Places {
			if t.Places[i].ID == id && t.Places[i].Lost.IsZero() {
				return f(&t.Places[i])
			}
		}
		return &Error{Kind: ErrNotFound, Field: "place"}
	})
}

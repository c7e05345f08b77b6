package crm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// StaleKind says in what way a client is stale.
type StaleKind string

const (
	StaleSilent      StaleKind = "silent"      // no touch for too long
	StaleUntouched   StaleKind = "untouched"   // no touch ever, and made too long ago
	StaleUnconfirmed StaleKind = "unconfirmed" // nobody has said for half a year that the data are right
)

// StaleKinds in the order in which they are told.
var StaleKinds = []StaleKind{StaleSilent, StaleUntouched, StaleUnconfirmed}

// StaleWhy is one reason for which a client is on the list.
type StaleWhy struct {
	Kind  StaleKind
	Since time.Time // the last touch, the creation, the last confirmation
}

// Stale is a client on the list, with why it is there. One that was listed and is dealt with has no reason any more.
type Stale struct {
	Client  Client
	Why     []StaleWhy
	Instead Member // in whose place one sees to the client; zero: the client is one's own
}

func (s *Stale) place() (Client, *Member) { return s.Client, &s.Instead }

// stale says why a client needs attention: the same rule as neglects, for one card. Who is archived, blacklisted, deleted,
// or has a next contact to come, is left in peace.
func (r StaleRules) stale(c Client, now time.Time) []StaleWhy {
	var why []StaleWhy
	if c.away() || c.Status == StatusBlocked || c.NextContact.After(now) {
		return nil
	}
	if days := r.After(c.Stage, c.Status); days != StaleNever && !c.SilentSince().After(now.AddDate(0, 0, -days)) {
		kind := StaleSilent
		if c.LastTouch.IsZero() {
			kind = StaleUntouched
		}
		why = append(why, StaleWhy{Kind: kind, Since: c.SilentSince()})
	}
	if c.Freshness(now) == Doubted {
		why = append(why, StaleWhy{Kind: StaleUnconfirmed, Since: c.Confirmed})
	}
	return why
}

// staleAs is a card as a role sees it, with why it needs attention.
func (t Team) staleAs(role Role, c Client, now time.Time) Stale {
	return Stale{Client: c.seenBy(role, t), Why: t.Stale.Full().stale(c, now)}
}

// staleQuery asks for an owner's stale cards.
func staleQuery(team Team, owner MemberID, now time.Time) ClientQuery {
	return ClientQuery{Team: team.ID, Owner: owner, Neglected: team.Stale.Full().neglects(now), NextBefore: justAfter(now), Sort: SortByWorth}
}

const (
	staleEvery = 7  // days from one list of a member to the next, at the least
	staleBatch = 5  // clients that a list sends to a member
	staleRest  = 14 // days before the same client is on a list of the same member again
	stalePage  = 6
	stalePages = 100
)

// StaleMost is how many clients that need attention are counted, which is what a list of them shows.
const StaleMost = stalePage * stalePages

// StalePage is a page of a member's clients that need attention, the most valuable first.
type StalePage struct {
	Clients []Stale
	Page    int  // from 0; of a page behind the last one it is the last
	More    bool // there are clients behind the page
	Total   int  // of all pages, counted up to StaleMost
}

// Before is how many clients stand on the pages before this one.
func (p StalePage) Before() int { return p.Page * stalePage }

// StaleClients lists by's own clients that need attention, one page of them.
func (d *Desk) StaleClients(ctx context.Context, by Actor, page int) (StalePage, error) {
	team, _, err := d.gate(ctx, by, ActionTendClients)
	if err != nil {
		return StalePage{}, err
	}
	charges, err := d.charges(ctx, by.Member)
	if err != nil {
		return StalePage{}, err
	}
	page = min(max(page, 0), stalePages-1)
	all, err := d.stalest(ctx, by.Role, team, charges, (page+1)*stalePage+1)
	if err != nil {
		return StalePage{}, err
	}
	p := StalePage{Page: min(page, max(len(all)-1, 0)/stalePage)}
	end := min(p.Before()+stalePage, len(all))
	p.Clients, p.More = all[p.Before():end], end < len(all) && p.Page < stalePages-1
	if p.Total, err = d.countStale(ctx, by.Member); err != nil {
		return p, err
	}
	return p, inPlace(ctx, d, by.Member, p.Clients, (*Stale).place)
}

// charges are the members whose clients m looks after: m, those for whom m stands in, and for the owner those who have left.
func (d *Desk) charges(ctx context.Context, m Member) ([]MemberID, error) {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return nil, fmt.Errorf("read team: %w", err)
	}
	all := team.charges(m.ID, d.now())
	if m.Role != RoleOwner {
		return all, nil
	}
	s, err := d.staff(ctx, m.Team)
	if err != nil || s.owner().ID != m.ID {
		return all, err
	}
	for id, other := range s.byID {
		if !other.Removed.IsZero() {
			all = append(all, id)
		}
	}
	return all, nil
}

// stalest lists the first of the stale cards of several owners in one order, as a role sees them.
func (d *Desk) stalest(ctx context.Context, role Role, team Team, owners []MemberID, limit int) ([]Stale, error) {
	now := d.now()
	var cards []Client
	for _, owner := range owners {
		q := staleQuery(team, owner, now)
		q.Limit = limit
		page, err := d.store.Clients(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read stale clients: %w", err)
		}
		cards = append(cards, page...)
	}
	slices.SortFunc(cards, func(a, b Client) int {
		if SortByWorth.Less(a, b) {
			return -1
		}
		return 1
	})
	var list []Stale
	for _, c := range cards[:min(len(cards), limit)] {
		list = append(list, team.staleAs(role, c, now))
	}
	return list, nil
}

// countStale counts up to StaleMost.
func (d *Desk) countStale(ctx context.Context, m Member) (int, error) {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return 0, fmt.Errorf("read team: %w", err)
	}
	owners, err := d.charges(ctx, m)
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, owner := range owners {
		n, err := d.store.CountClients(ctx, staleQuery(team, owner, d.now()), StaleMost)
		if err != nil {
			return 0, fmt.Errorf("count stale clients: %w", err)
		}
		sum += n
	}
	return min(sum, StaleMost), nil
}

// StaleClient is one client that by may see, with why it needs attention; without a reason if it does not.
func (d *Desk) StaleClient(ctx context.Context, by Actor, id ClientID) (Stale, error) {
	team, _, err := d.gate(ctx, by, ActionReadHistory)
	if err != nil {
		return Stale{}, err
	}
	c, err := d.visible(ctx, team, by, id)
	return team.staleAs(by.Role, c, d.now()), err
}

// StaleListed is the list that by was sent for a period (Reminder.Period) as its clients now are; those that by no longer
// sees are left out. ErrNotFound if there was none.
func (d *Desk) StaleListed(ctx context.Context, by Actor, period civil.Date) ([]Stale, error) {
	team, _, err := d.gate(ctx, by, ActionTendClients)
	if err != nil {
		return nil, err
	}
	sent, err := d.store.Reminders(ctx, ReminderQuery{Team: by.Team, IDs: []string{staleID(period, by.ID)}, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	if len(sent) == 0 {
		return nil, &Error{Kind: ErrNotFound, Field: "client"}
	}
	cards, err := d.store.ClientsByID(ctx, by.Team, sent[0].Clients)
	if err != nil {
		return nil, fmt.Errorf("read listed clients: %w", err)
	}
	var list []Stale
	for _, c := range cards {
		if d.mayBeTold(by.Member, team, c) {
			list = append(list, team.staleAs(by.Role, c, d.now()))
		}
	}
	return list, inPlace(ctx, d, by.Member, list, (*Stale).place)
}

func staleID(period civil.Date, to MemberID) string {
	return reminderID(RemindStale, "", period.String(), to)
}

// planStale plans the member's list with the digest of a day. Its id is the period's first day, the week's Monday unless
// lists come daily: the first working day on which anybody plans it has it, whatever happened on Monday.
func (d *Desk) planStale(ctx context.Context, m Member, day civil.Date) error {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return fmt.Errorf("read team: %w", err)
	}
	if !m.tends(team) {
		return nil
	}
	period := team.Stale.period(day)
	if !team.Stale.Daily {
		if soon, err := d.listedSince(ctx, m, day.Plus(1-staleEvery)); err != nil || soon {
			return err
		}
	}
	return d.plan(ctx, m, Reminder{ID: staleID(period, m.ID), Kind: RemindStale, Day: day, Period: period,
		For: civil.At(day, m.Reminding.Full().Digest, m.Location())})
}

// listedSince reports whether m had a list on a day or after it: whoever works on a Sunday gets the next one not on Monday, but
// on the first working day a week later.
func (d *Desk) listedSince(ctx context.Context, m Member, day civil.Date) (bool, error) {
	q := ReminderQuery{Team: m.Team, Limit: 2 * staleEvery}
	for ahead := range 2*staleEvery - 1 { // a weekly list bears the name of its Monday
		q.IDs = append(q.IDs, staleID(day.Plus(ahead-staleEvery+1), m.ID))
	}
	lists, err := d.store.Reminders(ctx, q)
	if err != nil {
		return false, fmt.Errorf("read the last lists: %w", err)
	}
	return slices.ContainsFunc(lists, func(l Reminder) bool {
		return l.State != ReminderDropped && l.State != ReminderFailed && l.Day.String() >= day.String()
	}), nil
}

// period is the first day of what a list on a day is for.
func (r StaleRules) period(day civil.Date) civil.Date {
	if r.Daily {
		return day
	}
	return monday(day)
}

// monday is the first day of a day's week.
func monday(day civil.Date) civil.Date { return day.Plus(-(int(day.UTC().Weekday()) + 6) % 7) }

// staleNotice picks who is on the list at the moment when it is sent: never those of the lists of the last days.
func (d *Desk) staleNotice(ctx context.Context, r Reminder, n Notice) (Notice, bool, error) {
	if n.To.ID != r.Member {
		return n, false, nil // who takes over has a list of their own
	}
	team, err := d.store.Team(ctx, r.Team)
	if err != nil {
		return n, false, fmt.Errorf("read team: %w", err)
	}
	today := civil.DateOf(d.clock.Now().In(n.To.Location()))
	if team.Stale.period(today) != team.Stale.period(r.Day) {
		return n, false, nil // the next one is due by now
	}
	owners, err := d.charges(ctx, n.To)
	if err != nil {
		return n, false, err
	}
	resting, err := d.resting(ctx, r)
	if err != nil {
		return n, false, err
	}
	list, err := d.stalest(ctx, n.To.Role, team, owners, staleBatch+len(resting))
	if err != nil {
		return n, false, err
	}
	list = slices.DeleteFunc(list, func(s Stale) bool {
		return slices.Contains(resting, s.Client.ID) || !d.mayBeTold(n.To, team, s.Client)
	})
	n.Stale = list[:min(len(list), staleBatch)]
	n.Period = r.Period
	return n, len(n.Stale) > 0, inPlace(ctx, d, n.To, n.Stale, (*Stale).place)
}

// resting are the clients of the lists that the same member was sent within the last days, by the lists' ids.
func (d *Desk) resting(ctx context.Context, r Reminder) ([]ClientID, error) {
	q := ReminderQuery{Team: r.Team, Limit: 2 * (staleRest + 7)}
	for back := range staleRest + 7 { // a weekly list may have gone out some days after its Monday
		q.IDs = append(q.IDs, staleID(r.Day.Plus(-back), r.Member))
	}
	lists, err := d.store.Reminders(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the last lists: %w", err)
	}
	var all []ClientID
	for _, l := range lists {
		if l.ID != r.ID && l.Day.DaysUntil(r.Day) < staleRest {
			all = append(all, l.Clients...)
		}
	}
	return all, nil
}

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

// Item is one thing that is due: a task, a client's next contact, or an offer that waits for its answer.
type Item struct {
	Kind   ReminderKind // RemindTask, RemindContact or RemindOffer
	Task   Task         // of RemindTask
	Client Client       // whom it is about; zero ID: nobody, or nobody whom the member may be told of
	Due    time.Time    // when it is, or was, to be done

	Instead Member // in whose place it is to be done; zero: it is the member's own
	Beside  Member // who is to do it, of what the member only has an eye on
}

// id is the record's.
func (i Item) id() string {
	if i.Kind == RemindTask {
		return string(i.Task.ID)
	}
	return string(i.Client.ID)
}

// Late reports whether an item's time is over, at the place of now; that of an occasion is a day.
func (i Item) Late(now time.Time) bool {
	if !i.Task.Day.IsZero() {
		return civil.DateOf(i.Due.In(now.Location())).String() < civil.DateOf(now).String()
	}
	return i.Due.Before(now.Truncate(time.Minute)) // what is due at 9:00 is not late until 9:01
}

// itemOrder is what of one time comes first.
var itemOrder = []ReminderKind{RemindTask, RemindContact, RemindOffer}

func (i Item) compare(o Item) int {
	return cmp.Or(i.Due.Compare(o.Due), slices.Index(itemOrder, i.Kind)-slices.Index(itemOrder, o.Kind), strings.Compare(i.id(), o.id()))
}

// ItemPage is a page of a list of items, in the order of their time; of a day's list what earlier days left comes last.
type ItemPage struct {
	Items []Item
	Page  int  // from 0; of a page behind the last one it is the last
	More  bool // there are items behind the page
	Total int  // of all pages, at most itemsMost
	Left  int  // of a day's list: how many of them earlier days left behind
}

// Before is how many items stand on the pages before this one.
func (p ItemPage) Before() int { return p.Page * ItemsPage }

// Agenda is what a day holds for a member: a page of what is due on it, then of what earlier days left behind, and what is
// to be remembered near by.
type Agenda struct {
	ItemPage
	Day       civil.Date
	Occasions []Occasion // today and in the week that follows, the nearest first; not what is dealt with
	Stale     int        // clients that need attention, counted up to StaleMost; no reason for a digest by itself
}

// Today counts all that is to be done or remembered on the day itself.
func (a Agenda) Today() int {
	n := a.Total
	for _, o := range a.Occasions {
		if o.Day.String() <= a.Day.String() {
			n++
		}
	}
	return n
}

// Empty reports whether there is nothing to do.
func (a Agenda) Empty() bool { return len(a.Items)+len(a.Occasions) == 0 }

const (
	// ItemsPage is how many items a page has.
	ItemsPage   = 10
	itemsMost   = 1000
	agendaPage  = 50
	agendaAhead = 7 // days of occasions
)

// Agenda lists what the day holds for by, one page of it.
func (d *Desk) Agenda(ctx context.Context, by Actor, page int) (Agenda, error) {
	if _, _, err := d.gate(ctx, by, ActionReadTask); err != nil {
		return Agenda{}, err
	}
	return d.agenda(ctx, by.Member, page)
}

func (d *Desk) agenda(ctx context.Context, m Member, page int) (Agenda, error) {
	a := Agenda{Day: civil.DateOf(d.clock.Now().In(m.Location()))}
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return a, fmt.Errorf("read team: %w", err)
	}
	if err := d.turnDay(ctx, m); err != nil {
		return a, err
	}
	if a.ItemPage, err = d.items(ctx, m, d.theDay(m), page, ItemsPage); err != nil || !m.tends(team) {
		return a, err
	}
	if a.Occasions, err = d.near(ctx, m, agendaAhead); err != nil {
		return a, err
	}
	a.Stale, err = d.countStale(ctx, m)
	return a, err
}

func (d *Desk) startOfDay(m Member) time.Time {
	loc := m.Location()
	return stamp(civil.At(civil.DateOf(d.clock.Now().In(loc)), "00:00", loc))
}

func (d *Desk) endOfDay(m Member) time.Time {
	loc := m.Location()
	return stamp(civil.At(civil.DateOf(d.clock.Now().In(loc)).Plus(1), "00:00", loc))
}

// OpenItems lists all that by has to do, whenever it is due, one page of it.
func (d *Desk) OpenItems(ctx context.Context, by Actor, page int) (ItemPage, error) {
	if _, _, err := d.gate(ctx, by, ActionReadTask); err != nil {
		return ItemPage{}, err
	}
	return d.items(ctx, by.Member, []span{{}}, page, ItemsPage)
}

// dayMost is how many items one goes through one after the other.
const dayMost = 200

// DayItems lists all that the day holds for by, in order, at most two hundred items, and what of today is to be remembered.
func (d *Desk) DayItems(ctx context.Context, by Actor) ([]Item, []Occasion, error) {
	team, _, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return nil, nil, err
	}
	if err := d.turnDay(ctx, by.Member); err != nil {
		return nil, nil, err
	}
	all, err := d.items(ctx, by.Member, d.theDay(by.Member), 0, dayMost)
	if err != nil || !by.tends(team) {
		return all.Items, nil, err
	}
	today, err := d.near(ctx, by.Member, 0)
	return all.Items, today, err
}

// near are the occasions within days from today of which m wants to hear and which are not dealt with: before them those of days
// that are over which were put off until now, without those of today that are put off to another day.
func (d *Desk) near(ctx context.Context, m Member, days int) ([]Occasion, error) {
	all, err := d.occasions(ctx, m, days)
	if err != nil {
		return nil, fmt.Errorf("occasions ahead: %w", err)
	}
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return nil, fmt.Errorf("read team: %w", err)
	}
	again, err := d.comeAgain(ctx, m, team.inCharge(m.ID, d.now()))
	if err != nil {
		return nil, err
	}
	today, tomorrow := civil.DateOf(d.clock.Now().In(m.Location())), d.endOfDay(m)
	return slices.DeleteFunc(append(again, all...), func(o Occasion) bool {
		return o.Dealt || !m.Reminding.Wants(o.Kind) || o.Day == today && !o.Until.Before(tomorrow)
	}), nil
}

// span is a part of a list of items: what is due from a time on and before another; zero: open.
type span struct{ from, before time.Time }

func (s span) holds(t time.Time) bool {
	return !t.Before(s.from) && (s.before.IsZero() || t.Before(s.before))
}

// theDay is what the day holds: what is due on it comes first, then what earlier days left behind.
func (d *Desk) theDay(m Member) []span {
	begin := d.startOfDay(m)
	return []span{{from: begin, before: d.endOfDay(m)}, {before: begin}}
}

// items reads a page of what m has to do, span after span and in each in order of time. A page has no mark but its number, so
// that one comes back to it whatever has been done of it meanwhile; what is before it is read again, which is little of what
// anybody has to do.
func (d *Desk) items(ctx context.Context, m Member, spans []span, page, size int) (ItemPage, error) {
	p := ItemPage{}
	w, err := d.workload(ctx, m)
	if err == nil && spans[0] != (span{}) {
		err = w.quiet(ctx, m)
	}
	if err != nil {
		return p, err
	}
	counts := make([]int, len(spans))
	for i, s := range spans {
		if counts[i], err = w.count(ctx, s); err != nil {
			return p, err
		}
		p.Total += counts[i]
	}
	p.Total = min(p.Total, itemsMost)
	p.Left = p.Total - min(counts[0], p.Total)
	p.Page = min(max(page, 0), max(p.Total-1, 0)/size)
	from, to := p.Page*size, min((p.Page+1)*size, p.Total)
	p.More = to < p.Total
	for i, s := range spans {
		if end := min(to, counts[i]); max(from, 0) < end {
			part, err := w.first(ctx, s, end)
			if err != nil {
				return p, err
			}
			p.Items = append(p.Items, part[min(max(from, 0), len(part)):]...)
		}
		from, to = from-counts[i], to-counts[i]
	}
	return p, d.whose(ctx, m, w.team, p.Items)
}

// workload is what a member has to do, as it is looked for.
type workload struct {
	*Desk
	team    Team
	tasks   TaskQuery
	cards   ClientQuery
	tends   bool
	offers  []Item               // there are few
	watched []Item               // few, too, and on the lists of others
	silent  map[TaskID]time.Time // tasks that are left out, and when they are due
}

func (d *Desk) workload(ctx context.Context, m Member) (w workload, err error) {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return w, fmt.Errorf("read team: %w", err)
	}
	w, err = d.workloadOf(ctx, team, m, team.inCharge(m.ID, d.now()))
	if err == nil {
		w.watched, err = d.watched(ctx, team, m)
	}
	return w, err
}

// workloadOf is what there is to do of those whom r names, as m looks at it.
func (d *Desk) workloadOf(ctx context.Context, team Team, m Member, r reach) (w workload, err error) {
	w.Desk, w.team = d, team
	one, among := r.narrow()
	w.tasks = TaskQuery{Team: m.Team, Assignee: one, Among: among, State: TaskOpen}
	w.cards = ClientQuery{Team: m.Team, Owner: one, Among: among, Stages: LiveStages, Sort: SortByNext}
	if w.tends = m.tends(team); w.tends {
		w.offers, err = d.offersDue(ctx, m, r, d.endOfDay(m))
	}
	return w, err
}

// in are the queries of a span.
func (w workload) in(s span) (TaskQuery, ClientQuery) {
	tasks, cards := w.tasks, w.cards
	tasks.DueFrom, tasks.DueBefore = s.from, s.before
	if cards.NextFrom, cards.NextBefore = s.from, s.before; s.from.IsZero() {
		cards.NextFrom = time.UnixMilli(1) // cards without a next contact are none of it
	}
	return tasks, cards
}

// listedIn are those of the few items of a span that no query of its own finds.
func (w workload) listedIn(s span) []Item {
	return slices.DeleteFunc(slices.Concat(w.offers, w.watched), func(o Item) bool { return !s.holds(o.Due) })
}

func (w workload) count(ctx context.Context, s span) (int, error) {
	tasks, cards := w.in(s)
	n, err := w.store.CountTasks(ctx, tasks, itemsMost)
	if err != nil {
		return 0, fmt.Errorf("count tasks: %w", err)
	}
	for _, due := range w.silent {
		if s.holds(due) {
			n--
		}
	}
	n = max(n, 0) // more are silent than are counted up to
	if !w.tends {
		return n, nil
	}
	next, err := w.store.CountClients(ctx, cards, itemsMost)
	if err != nil {
		return 0, fmt.Errorf("count contacts: %w", err)
	}
	return n + next + len(w.listedIn(s)), nil
}

// first are the first so many of a span.
func (w workload) first(ctx context.Context, s span, most int) ([]Item, error) {
	tasks, cards := w.in(s)
	tasks.Limit, cards.Limit = most+len(w.silent), most
	due, err := w.store.Tasks(ctx, tasks)
	if err != nil {
		return nil, fmt.Errorf("tasks due: %w", err)
	}
	var all []Item
	for _, t := range due {
		if _, silent := w.silent[t.ID]; !silent {
			all = append(all, Item{Kind: RemindTask, Task: t, Due: t.Due})
		}
	}
	if w.tends {
		next, err := w.store.Clients(ctx, cards)
		if err != nil {
			return nil, fmt.Errorf("contacts due: %w", err)
		}
		for _, c := range next {
			all = append(all, Item{Kind: RemindContact, Client: c, Due: c.NextContact})
		}
		all = append(all, w.listedIn(s)...)
	}
	slices.SortFunc(all, Item.compare)
	return all[:min(most, len(all))], nil
}

// whose puts to tasks the clients that they are about, as far as the member sees them, and to all in whose place they are to be done.
func (d *Desk) whose(ctx context.Context, m Member, team Team, items []Item) error {
	var tasks []Task
	var of []MemberID
	for _, item := range items {
		tasks, of = append(tasks, item.Task), append(of, cmp.Or(item.Task.Assignee, item.Client.Owner))
	}
	byID, err := d.clientsOf(ctx, m.Team, tasks)
	if err != nil {
		return err
	}
	s, err := d.colleagues(ctx, m, of)
	if err != nil {
		return err
	}
	for i, item := range items {
		items[i].Instead, items[i].Beside = s.instead(m.ID, item.Task, item.Client), s.beside(m.ID, item.Task, byID[item.Task.Client])
		items[i].Task = item.Task.seenBy(m.Role)
		if c, ok := byID[item.Task.Client]; ok && d.maySeeIn(m, team, item.Task, c) {
			items[i].Client = c.seenBy(m.Role, team)
		}
	}
	return nil
}

// clientsOf reads the cards of the clients that tasks are about.
func (d *Desk) clientsOf(ctx context.Context, team TeamID, tasks []Task) (map[ClientID]Client, error) {
	var ids []ClientID
	for _, t := range tasks {
		if t.Client != "" {
			ids = append(ids, t.Client)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	cards, err := d.store.ClientsByID(ctx, team, ids)
	if err != nil {
		return nil, fmt.Errorf("read the clients of tasks: %w", err)
	}
	byID := map[ClientID]Client{}
	for _, c := range cards {
		byID[c.ID] = c
	}
	return byID, nil
}

// quiet notes which tasks are on no list of the day: those about a client who is in the bin, which fall silent, and what m set
// themselves, and is still to come, about one who has gone to somebody else, since it goes along.
func (w *workload) quiet(ctx context.Context, m Member) error {
	q := w.tasks
	q.DueBefore, q.Limit = w.endOfDay(m), itemsMost
	tasks, err := w.store.Tasks(ctx, q)
	if err != nil {
		return fmt.Errorf("tasks due: %w", err)
	}
	byID, err := w.clientsOf(ctx, m.Team, tasks)
	if err != nil {
		return err
	}
	w.silent = map[TaskID]time.Time{}
	for _, t := range tasks {
		c, ok := byID[t.Client]
		if ok && (t.restsWith(c) || t.ownersOwn() && t.Due.After(w.now()) && !w.mayBeTold(m, w.team, c)) {
			w.silent[t.ID] = t.Due
		}
	}
	return nil
}

package crm_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// Notify is what the walk's members are told. It is looked at as it comes: whether it may come now, to this member.
func (w *walk) Notify(_ context.Context, n crm.Notice) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := append([]crm.Notice{n}, n.Told...)
	if len(n.Missed) > 0 {
		all = n.Missed
	}
	w.toldByDigest(n)
	roll := 1.0
	if w.rough {
		roll = w.dice.Float64()
	}
	if roll < 0.15 && !w.down {
		return 0, fmt.Errorf("out of order")
	}
	if w.down { // killed while this was on its way: it did not come, and nobody knows
		for _, one := range all {
			w.doubts[w.key(one)]++
		}
		return 0, errKilled
	}
	for _, one := range all {
		w.mayCome(n.To, one)
		if one.Kind == crm.RemindHanded {
			continue // the same may be handed over again and again
		}
		key := w.key(one)
		if w.told[key]++; w.told[key] > w.most(n.To, one)+w.doubts[key] {
			w.accuse("%s came %d times", key, w.told[key])
		}
		if one.Again != (w.doubts[key] > 0) && one.Kind != crm.RemindDigest && one.Occasion.Kind == "" {
			w.accuse("%s is said to have come before: %v, no answer came %d times", key, one.Again, w.doubts[key])
		}
		if roll < 0.25 {
			w.doubts[key]++
		}
	}
	w.down = roll >= 0.2 && roll < 0.25 // killed before it is noted
	if roll < 0.25 {
		return 0, crm.ErrUncertain // it came, and we do not know
	}
	return 1, nil
}

// toldByDigest holds what a digest stands for against what it lists, and what comes by itself against the digest of that minute.
func (w *walk) toldByDigest(n crm.Notice) {
	for _, one := range n.Told {
		listed := slices.ContainsFunc(n.Agenda.Items, func(i crm.Item) bool { return i.Kind == one.Kind && i.Client.ID == one.Client.ID })
		for _, o := range n.Agenda.Occasions {
			listed = listed || o.Kind == one.Kind && o.Client.ID == one.Client.ID && o.Day == one.Day
		}
		if !listed || one.Kind == crm.RemindTask || one.Kind == crm.RemindBirthday && one.Day == n.Agenda.Day || one.To.ID != n.To.ID {
			w.accuse("the digest of %s is said to tell of %s", n.Agenda.Day, w.key(one))
		}
	}
}

// accuse notes a breach; the walk ends with the tick.
func (w *walk) accuse(format string, args ...any) {
	w.wrong = append(w.wrong, w.clock.Now().Format("2006-01-02 15:04 ")+fmt.Sprintf(format, args...))
}

// key says what a notice is for, and to whom: what goes to somebody else is a new reminder.
func (w *walk) key(n crm.Notice) string {
	switch n.Kind {
	case crm.RemindTask:
		return taskKey(n.Task) + " to " + string(n.To.ID)
	case crm.RemindContact:
		return contactKey(n.Client) + " to " + string(n.To.ID)
	case crm.RemindBirthday, crm.RemindAnniversary, crm.RemindDate:
		return occasionKey(n.Client, n.Kind, n.Day) + " to " + string(n.To.ID)
	case crm.RemindOffer:
		return fmt.Sprintf("offer %s of %d to %s", n.Client.ID, n.Client.Offered.Unix(), n.To.ID)
	case crm.RemindNudge, crm.RemindQuarter: // once for what it is for, whatever the day
		return fmt.Sprintf("%s of %s to %s", n.Kind, cmp.Or(n.Period, n.Quarter.From), n.To.ID)
	}
	return fmt.Sprintf("%s %s to %s", n.Kind, n.Day, n.To.ID)
}

// most is how often something may come to a member: an occasion as many days before as they have set, or after the last of
// those if it has come to them from somebody else; all else once.
func (w *walk) most(to crm.Member, n crm.Notice) int {
	leads := leadsOf(to, n.Occasion)
	switch {
	case n.Occasion.Kind == "":
		return 1
	case len(leads) == 0:
		return 0
	}
	return len(leads) + slices.Min(leads)
}

// leadsOf are how many days before it a member wants to hear of an occasion.
func leadsOf(m crm.Member, o crm.Occasion) []int {
	switch o.Kind {
	case crm.RemindAnniversary:
		return m.Reminding.Anniversaries
	case crm.RemindDate:
		return []int{o.Date.Lead}
	}
	return m.Reminding.Birthdays
}

func occasionKey(c crm.Client, k crm.ReminderKind, day civil.Date) string {
	return fmt.Sprintf("%s %s %s", k, c.ID, day)
}

func taskKey(t crm.Task) string { return fmt.Sprintf("task %s due %d", t.ID, t.Due.Unix()) }
func contactKey(c crm.Client) string {
	return fmt.Sprintf("contact %s at %d", c.ID, c.NextContact.Unix())
}

// mayCome holds a notice against the rules as the records now stand.
func (w *walk) mayCome(to crm.Member, n crm.Notice) {
	ctx, now := context.Background(), w.clock.Now()
	to = w.member(to.ID)
	if !to.Removed.IsZero() {
		w.accuse("%s went to a member who has left", n.Kind)
	}
	if to.OutOfQuiet(now).After(now) {
		w.accuse("%s came in quiet hours, at %s", n.Kind, now.In(to.Location()).Format("15:04"))
	}
	today := civil.DateOf(now.In(to.Location()))
	switch n.Kind {
	case crm.RemindTask:
		task, err := w.store.Task(ctx, w.team, n.Task.ID)
		if w.ok(err); to.ID != w.holder(task.Assignee).ID {
			w.accuse("a task of %s went to %s", task.Assignee, to.ID)
		}
		if now.Before(n.Task.Due) || n.Task.State != crm.TaskOpen {
			w.accuse("a task came %v early, %s", n.Task.Due.Sub(now), n.Task.State)
		}
	case crm.RemindContact:
		if now.Before(n.Client.NextContact) {
			w.accuse("a contact came %v early", n.Client.NextContact.Sub(now))
		}
	case crm.RemindBirthday, crm.RemindAnniversary, crm.RemindDate:
		if days := today.DaysUntil(n.Day); days > 30 || days < -1 && n.Late < crm.LateAfter { // quiet hours may lie between
			w.accuse("%s came %d days before", n.Kind, days)
		}
	}
	w.mayBeAsked(to, n, today)
	told := []crm.Client{n.Client}
	for _, item := range n.Agenda.Items {
		told = append(told, item.Client)
	}
	for _, o := range n.Agenda.Occasions {
		told = append(told, o.Client)
	}
	for _, about := range told {
		if about.ID == "" {
			continue
		}
		c, err := w.Client(ctx, crm.Actor{Member: to, Cause: "look"}, about.ID)
		if err != nil || !c.Deleted.IsZero() {
			w.accuse("%s told of a card that its member may not see: %v", n.Kind, err)
		}
		if n.Kind != crm.RemindContact && n.Kind != crm.RemindOffer && n.Occasion.Kind == "" {
			continue
		}
		if c.Stage == crm.StageArchive {
			w.accuse("%s told of a card in the archive", n.Kind)
		}
		if to.ID != w.tender(c.Owner).ID {
			w.accuse("%s of a card of %s went to %s, %s", n.Kind, c.Owner, to.ID, to.Role)
		}
	}
}

// mayBeAsked holds what is asked of a member by the week or the quarter against who they are, and the day.
func (w *walk) mayBeAsked(to crm.Member, n crm.Notice, today civil.Date) {
	day := time.Date(today.Year, today.Month, today.Day, 0, 0, 0, 0, time.UTC)
	switch n.Kind {
	case crm.RemindNudge:
		if !tends(to) || to.Role == crm.RoleSupport {
			w.accuse("%s, %s, was asked to put cards in order", to.ID, to.Role)
		}
		if monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7); n.Period != civil.DateOf(monday) {
			w.accuse("the nudge of %s came on %s", n.Period, today)
		}
	case crm.RemindQuarter:
		if to.Role != crm.RoleOwner || today.Month != n.Quarter.From.Month || today.Year != n.Quarter.From.Year {
			w.accuse("the quarter of %s was told to %s, %s, on %s", n.Quarter.From, to.ID, to.Role, today)
		}
	}
}

// times is how often something came, to anybody.
func (w *walk) times(what string) int {
	n := 0
	for key, times := range w.told {
		if len(key) > len(what) && key[:len(what)] == what {
			n += times
		}
	}
	return n
}

// judge looks for what was due and never came.
func (w *walk) judge() {
	ctx := context.Background()
	since := w.clock.Now().Add(-48 * time.Hour) // what was due by then has had two mornings to come
	for _, id := range w.tasks {
		task, err := w.store.Task(ctx, w.team, id)
		w.ok(err)
		if task.State == crm.TaskOpen && task.Due.Before(since) && !w.inBin(task.Client) && w.times(taskKey(task)+" ") == 0 {
			w.Errorf("never came: %s, of %s", taskKey(task), task.Assignee)
		}
	}
	for _, id := range w.clients {
		c, err := w.store.Client(ctx, w.team, id)
		w.ok(err)
		if !c.Deleted.IsZero() || c.Stage == crm.StageArchive {
			continue
		}
		if !c.NextContact.IsZero() && c.NextContact.Before(since) && w.times(contactKey(c)+" ") == 0 {
			w.Errorf("never came: %s, of %s", contactKey(c), c.Owner)
		}
		w.judgeOccasions(c)
	}
}

func (w *walk) inBin(id crm.ClientID) bool {
	if id == "" {
		return false
	}
	c, err := w.store.Client(context.Background(), w.team, id)
	w.ok(err)
	return !c.Deleted.IsZero()
}

// holder is who is told of somebody's tasks: the owner if they have left.
func (w *walk) holder(whose crm.MemberID) crm.Member {
	m := w.member(whose)
	if !m.Removed.IsZero() {
		m = w.member(w.people[0])
	}
	return m
}

// tender is who is told of somebody's clients: the owner if they look after none any more.
func (w *walk) tender(whose crm.MemberID) crm.Member {
	m := w.holder(whose)
	if !tends(m) {
		m = w.member(w.people[0])
	}
	return m
}

// judgeOccasions looks at the days that went by undisturbed at the end of the walk: all that was to come on them must have come.
func (w *walk) judgeOccasions(c crm.Client) {
	m := w.tender(c.Owner)
	today := civil.DateOf(w.clock.Now().In(m.Location()))
	first := civil.DateOf(c.FirstContact.In(m.Location()))
	for back := 1; back < settleDays-1; back++ {
		for lead := range 31 {
			day := today.Plus(lead - back)
			var all []crm.Occasion
			if c.Birthday.In(day.Year) == day {
				all = append(all, crm.Occasion{Kind: crm.RemindBirthday})
			}
			if !c.FirstContact.IsZero() && first.Year < day.Year && first.In(day.Year) == day {
				all = append(all, crm.Occasion{Kind: crm.RemindAnniversary})
			}
			for _, o := range c.Dates {
				if o.Day == day || !o.Once && o.Day.Year < day.Year && o.Day.In(day.Year) == day {
					all = append(all, crm.Occasion{Kind: crm.RemindDate, Date: o})
				}
			}
			for _, o := range all {
				if slices.Contains(leadsOf(m, o), lead) && !w.noRoom(m) && w.times(occasionKey(c, o.Kind, day)+" ") == 0 {
					w.Errorf("never came: the %s of %s on %s, %d days before, to %s, digest %s, quiet %s-%s", o.Kind, c.ID, day, lead, m.Zone,
						m.Reminding.Digest, m.Reminding.QuietFrom, m.Reminding.QuietTo)
				}
			}
		}
	}
}

// noRoom: the digest's hour is quiet until the day is over, so what is to come on the day itself cannot.
func (w *walk) noRoom(m crm.Member) bool {
	hour, err := time.Parse("15:04", m.Reminding.Digest)
	if err != nil {
		return false
	}
	at := time.Date(2026, 6, 10, hour.Hour(), hour.Minute(), 0, 0, m.Location())
	return m.OutOfQuiet(at).Sub(at) > 4*time.Hour || m.OutOfQuiet(at).Day() != at.Day() || hour.Hour() >= 23
}

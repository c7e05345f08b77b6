package remind

import (
	"context"
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// celebrations are the texts of an occasion: its title on the day and on the days around it, the touch that is logged, what is said
// when it is done.
var celebrations = map[crm.ReminderKind]struct{ today, near, touch, done string }{
	crm.RemindBirthday:    {"remind.birthday", "remind.birthday_soon", "birthday.wished", "birthday.noted"},
	crm.RemindAnniversary: {"remind.anniversary", "remind.anniversary_soon", "anniversary.wished", "birthday.noted"},
	crm.RemindDate:        {"remind.date", "remind.date_soon", "dates.done", "dates.noted"},
}

// remember is the reminder of a birthday, of how long a client has been with the team, of a professional holiday or the end
// of a contract.
func (v view) remember(n crm.Notice) chat.Screen {
	lines := append([]string{v.head(n, v.occasionTitle(n.Occasion))}, v.occasionCard(n)...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: v.occasionButtons(occasionMatter(n.Occasion), n.Occasion)}
}

// occasionCard is the small card below the title of an occasion. Who was given one to deal with need not have the client's card: then it is
// but the name, and whether one may congratulate.
func (v view) occasionCard(n crm.Notice) []string {
	o := n.Occasion
	if n.Client.ID == "" {
		return append(v.unwished(o), v.who(o.Day, o.Client))
	}
	return slices.Concat(v.unwished(o), v.occasionYears(o), v.clientOn(o.Day, n.Client, n.Last))
}

// occasionTitle is what day it is, and when.
func (v view) occasionTitle(o crm.Occasion) string {
	keys, today := celebrations[o.Kind], civil.DateOf(v.now)
	key := keys.near
	if o.Day == today {
		key = keys.today
	}
	return v.t.HTML(key, "label", o.Date.Label, "until", v.t.Until(o.Day, today), "day", v.t.DayMonth(o.Day))
}

// occasionYears is how long it has been, unless the client's age says so.
func (v view) occasionYears(o crm.Occasion) []string {
	switch {
	case o.Kind == crm.RemindAnniversary && o.Years > 0:
		return []string{v.t.HTML("remind.together", "n", o.Years)}
	case o.Kind == crm.RemindDate && o.Years > 0:
		return []string{v.t.HTML("remind.years", "n", o.Years)}
	}
	return nil
}

// unwished says that the client has not consented to be congratulated.
func (v view) unwished(o crm.Occasion) []string {
	if !o.Unwished {
		return nil
	}
	return []string{v.t.HTML("consent.unwished")}
}

// occasionButtons congratulate or do what the day is for, or leave it. The matter is the occasion, or the task as which it was handed
// over.
func (v view) occasionButtons(m matter, o crm.Occasion) [][]chat.Button {
	c, done, skip := o.Client, "button.wished", "button.not_this_year"
	first := []chat.Button{
		{Text: v.t.Label("button.copy_wish"), Copy: v.letters(c, letter{tone: toneOf(o), day: o})[0]}, m.button(v.t.Label("button.other_text"), talk.VerbWrite, ""),
	}
	if o.Kind == crm.RemindDate {
		done = "button.task_done"
		first = []chat.Button{m.button(v.t.Label("button.write"), talk.VerbWrite, "")} // there may be nothing to congratulate on
	}
	if o.Date.Once {
		skip = "button.drop"
	}
	rows := [][]chat.Button{first}
	if links := card.Links(v.t, c); len(links) > 0 {
		rows = append(rows, links)
	}
	var last []chat.Button
	if o.Unwished {
		rows = nil
	}
	if c.ID != "" { // who was given the occasion need not have the card
		last = []chat.Button{m.cardButton(v.t, c)}
		if o.Unwished {
			rows = [][]chat.Button{{talk.Button(v.t.Label("law.consents"), talk.VerbConsent, string(c.ID), "")}}
		}
	}
	return append(rows, []chat.Button{
		m.celebrate(v.t.Label(done), "done"), m.celebrate(v.t.Label("snooze.tomorrow"), string(crm.SnoozeTomorrow)), m.celebrate(v.t.Label(skip), "skip"),
	}, append(last, m.button(v.t.Label("button.hand_over"), talk.VerbPass, "")))
}

// celebrate is the button that finishes an occasion, or puts it off.
func (m matter) celebrate(label, how string) chat.Button {
	switch {
	case m.kind == aboutTask && how == string(crm.SnoozeTomorrow):
		return m.button(label, talk.VerbLater, how)
	case m.kind == aboutTask:
		return m.atTurn().button(label, talk.VerbFinish, how)
	case m.kind == aboutBirthday:
		return talk.Button(label, talk.VerbGreet, m.id, how)
	case m.kind == aboutDate:
		how += "." + m.date
	}
	return talk.Button(label, talk.VerbOccasion, m.id, how)
}

// remember looks for the occasion that the matter is; crm.ErrNotFound on "date" if the card no longer has it.
func (s *standing) remember(ctx context.Context, t *talk.Turn) error {
	var ok bool
	if s.day, ok = s.c.Occasion(s.occasion(), s.date, t.Today(), t.Now.Location()); !ok {
		return &crm.Error{Kind: crm.ErrNotFound, Field: "date"}
	}
	if err := s.entitle(ctx, t); err != nil || !s.day.Dealt {
		return err
	}
	var err error
	s.rev, err = t.Desk.DecidedDay(ctx, t.By, s.c.ID)
	return err
}

// rememberTask looks for the occasion that the task is, if it is one.
func (s *standing) rememberTask(ctx context.Context, t *talk.Turn) error {
	var ok bool
	if s.day, ok = s.task.Occasion(s.c, t.Now.Location()); ok {
		return s.entitle(ctx, t)
	}
	return nil
}

// entitle gives an occasion its title, and its client the age that they have then.
func (s *standing) entitle(ctx context.Context, t *talk.Turn) error {
	v := viewOf(t)
	if s.day.Kind != crm.RemindDate {
		may, err := s.mayWish(ctx, t)
		if err != nil {
			return err
		}
		s.day.Unwished = !may
	}
	s.title = strings.Join(append([]string{v.occasionTitle(s.day)}, v.unwished(s.day)...), "\n")
	switch {
	case s.c.ID == "":
		s.title += "\n" + v.who(s.day.Day, s.day.Client)
	case t.In.Chat.Group:
		s.day.Years = 0
	default:
		s.who[0] = v.who(s.day.Day, s.c) // as old as they are then
	}
	return nil
}

// mayWish reports whether the client may be congratulated.
func (s *standing) mayWish(ctx context.Context, t *talk.Turn) (bool, error) {
	if s.kind == aboutTask {
		return t.Desk.MayWish(ctx, t.By, s.task)
	}
	return t.Desk.MayWrite(ctx, t.By, s.c.ID, crm.PurposeGreeting)
}

// greet finishes a birthday: done, tomorrow, or not this year.
func greet(ctx context.Context, t *talk.Turn, d talk.Data) error {
	return celebrate(ctx, t, matter{kind: aboutBirthday, id: d.ID}, d.Arg)
}

// settleOccasion finishes an anniversary or another date. Arg: how, and behind a dot the key of the date.
func settleOccasion(ctx context.Context, t *talk.Turn, d talk.Data) error {
	how, key, other := strings.Cut(d.Arg, ".")
	m := matter{kind: aboutAnniversary, id: d.ID}
	if other {
		m.kind, m.date = aboutDate, key
	}
	return celebrate(ctx, t, m, how)
}

// celebrate finishes an occasion and shows that on its reminder: dealt with, to be dealt with tomorrow, or not this year.
func celebrate(ctx context.Context, t *talk.Turn, m matter, how string) error {
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	said := celebrations[s.day.Kind].done
	switch {
	case how == "tomorrow":
		return later(ctx, t, m, string(crm.SnoozeTomorrow))
	case !s.open() || s.has != "":
		return showAsIs(ctx, t, m)
	case how == "skip" && s.day.Date.Once:
		said = "dates.skipped"
	case how == "skip":
		said = "birthday.skipped"
	case how != "done":
		return t.Stale(ctx)
	}
	rev, err := s.celebrated(ctx, t, m.seen, how == "done")
	if err != nil {
		return asIsOr(ctx, t, m, err)
	}
	return settleOn(ctx, t, s, decision{text: t.T.HTML(said, "who", crm.GivenName(t.By.Name)), rev: rev})
}

// celebrated notes that an occasion is dealt with, and the touch with which it was; as a task it is then over.
func (s standing) celebrated(ctx context.Context, t *talk.Turn, seen time.Time, wished bool) (rev int64, err error) {
	text := t.T.Label(celebrations[s.day.Kind].touch, "label", s.day.Date.Label, "name", s.c.Name)
	if s.kind != aboutTask {
		c, err := t.Desk.FinishOccasion(ctx, t.By, s.c.ID, crm.Finish{Kind: s.day.Kind, Date: s.date, Wished: wished, Text: text})
		return c.Rev, err
	}
	var task crm.Task
	if wished {
		task, err = t.Desk.FinishTask(ctx, t.By, s.task.ID, crm.Ending{Seen: seen, Kind: crm.TouchMessage, Text: text})
	} else {
		task, err = t.Desk.CloseTask(ctx, t.By, s.task.ID, crm.TaskDropped, seen)
	}
	return task.Rev, err
}

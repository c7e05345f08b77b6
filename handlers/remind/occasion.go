package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// celebrations are the texts of an occasion: its title on the day and on the days around it, the task that it becomes, the
// touch that is logged, what is said when it is done.
var celebrations = map[crm.ReminderKind]struct{ today, near, task, touch, done string }{
	crm.RemindBirthday: {"remind.birthday", "remind.birthday_soon", "birthday.task", "birthday.wished", "birthday.noted"},
	crm.RemindAnniversary: {"remind.anniversary", "remind.anniversary_soon", "anniversary.task", "anniversary.wished",
		"birthday.noted"},
	crm.RemindDate: {"remind.date", "remind.date_soon", "dates.task", "dates.done", "dates.noted"},
}

// remember is the reminder of a birthday, of how long a client has been with the team, of a professional holiday or the end
// of a contract.
func (v view) remember(n crm.Notice) chat.Screen {
	lines := append([]string{v.head(n, v.occasionTitle(n.Occasion))}, v.unwished(n.Occasion)...)
	lines = append(append(lines, v.occasionYears(n.Occasion)...), v.clientOn(n.Day, n.Client, n.Last)...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: v.occasionButtons(n.Occasion)}
}

// occasionTitle is what day it is, and when.
func (v view) occasionTitle(o crm.Occasion) string {
	keys, today := celebrations[o.Kind], crm.DateOf(v.now)
	key := keys.near
	if o.Day == today {
		key = keys.today
	}
	return v.t.HTML(key, "label", o.Date.Label, "until", v.t.Until(o.Day, today), "day", v.t.DayMonth(o.Day))
}

// occasionYears is how long it has been, unless the client's age says so.
func (v view) occasionYears(o crm.Occasion) []string {
	switch {
	case o.Kind == crm.RemindAnniversary:
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

// occasionButtons congratulate or do what the day is for, or leave it.
func (v view) occasionButtons(o crm.Occasion) [][]chat.Button {
	m, c := occasionMatter(o), o.Client
	done, skip, verb, which := "button.wished", "button.not_this_year", talk.VerbOccasion, ""
	first := []chat.Button{
		{Text: v.t.Label("button.copy_wish"), Copy: v.letters(c, letter{tone: toneOf(o), day: o})[0]}, m.button(v.t.Label("button.other_text"), talk.VerbWrite, ""),
	}
	switch {
	case o.Kind == crm.RemindBirthday:
		verb = talk.VerbGreet
	case o.Kind == crm.RemindDate:
		done, which = "button.task_done", "."+m.date
		first = []chat.Button{m.button(v.t.Label("button.write"), talk.VerbWrite, "")} // there may be nothing to congratulate on
	}
	if o.Date.Once {
		skip = "button.drop"
	}
	rows := [][]chat.Button{first}
	if links := card.Links(v.t, c); len(links) > 0 {
		rows = append(rows, links)
	}
	if o.Unwished {
		rows = [][]chat.Button{{talk.Button(v.t.Label("law.consents"), talk.VerbConsent, m.id, "")}}
	}
	return append(rows, []chat.Button{
		talk.Button(v.t.Label(done), verb, m.id, "done"+which),
		talk.Button(v.t.Label("snooze.tomorrow"), verb, m.id, "tomorrow"+which),
		talk.Button(v.t.Label(skip), verb, m.id, "skip"+which),
	}, []chat.Button{m.cardButton(v.t, c), m.button(v.t.Label("button.hand_over"), talk.VerbPass, "")})
}

// remember looks for the occasion that the matter is; crm.ErrNotFound on "date" if the card no longer has it.
func (s *standing) remember(ctx context.Context, t *talk.Turn) error {
	var ok bool
	if s.day, ok = s.c.Occasion(s.occasion(), s.date, t.Today(), t.Now.Location()); !ok {
		return &crm.Error{Kind: crm.ErrNotFound, Field: "date"}
	}
	if s.day.Kind != crm.RemindDate {
		may, err := t.Desk.MayWrite(ctx, t.By, s.c.ID, crm.PurposeGreeting)
		if err != nil {
			return err
		}
		s.day.Unwished = !may
	}
	s.title = strings.Join(append([]string{viewOf(t).occasionTitle(s.day)}, viewOf(t).unwished(s.day)...), "\n")
	if s.day.Dealt {
		var err error
		if s.rev, err = t.Desk.DecidedDay(ctx, t.By, s.c.ID); err != nil {
			return err
		}
	}
	if !t.In.Chat.Group {
		s.who[0] = viewOf(t).who(s.day.Day, s.c) // as old as they are then
	}
	return nil
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
	keys := celebrations[s.day.Kind]
	names := []any{"label", s.day.Date.Label, "name", s.c.Name}
	said := keys.done
	switch {
	case how == "tomorrow":
		return later(ctx, t, m, string(crm.SnoozeTomorrow))
	case !s.open():
		return showAsIs(ctx, t, m)
	case how == "skip" && s.day.Date.Once:
		said = "dates.skipped"
	case how == "skip":
		said = "birthday.skipped"
	case how != "done":
		return t.Stale(ctx)
	}
	c, err := t.Desk.FinishOccasion(ctx, t.By, s.c.ID, crm.Finish{Kind: s.day.Kind, Date: m.date, Wished: how == "done", Text: t.T.Label(keys.touch, names...)})
	if err != nil {
		return err
	}
	return settleOn(ctx, t, s, decision{text: t.T.HTML(said, "who", crm.GivenName(t.By.Name)), rev: c.Rev})
}

package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// missedList is what buttons call the list that comes after a stop. Which one it is says the message that they stand on.
const missedList = "missed"

// missed is a page of that list, each thing with the button that opens its small card.
func (v view) missed(p crm.MissedPage) chat.Screen {
	lines := []string{v.t.HTML("remind.missed", "n", p.Total)}
	var open []chat.Button
	for i, n := range p.Notices {
		no, what := strconv.Itoa(p.Before()+i+1), v.beside(v.instead(fit.Lines(v.missedWhat(n), maxLine), n.Instead), n.Beside)
		key := "remind.missed_line"
		switch {
		case n.Over:
			key, no = "remind.missed_over", "✓ "+no
		case n.Kind == crm.RemindHanded, n.Task.ID == "" && n.Occasion.Kind != "": // there is no time that it had to come at, or its day is said
			key = "remind.missed_plain"
		}
		lines = append(lines, v.t.HTML(key, "no", p.Before()+i+1, "what", what, "late", v.lateBy(n)))
		open = append(open, talk.Under(pageOf(missedList, p.Page), missedButton(no, n)))
	}
	rows := talk.Rows(perRow, open...)
	if nav := v.turns(missedList, p.Page, p.More); len(nav) > 0 {
		rows = append(rows, nav)
	}
	var others []chat.Button // from where there is a way back: nothing else shows what was missed
	for _, b := range agendaRow(v.t, "") {
		others = append(others, talk.Under(pageOf(missedList, p.Page), b))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, others)}
}

// lateBy is how long ago something missed was due: in days by the calendar, as the other lists say it.
func (v view) lateBy(n crm.Notice) string {
	due := v.now.Add(-n.Late)
	switch { // Late leaves the quiet hours out
	case n.Kind == crm.RemindTask && !n.Task.Due.IsZero():
		due = n.Task.Due
	case n.Kind == crm.RemindContact && !n.Client.NextContact.IsZero():
		due = n.Client.NextContact
	}
	if days := civil.DateOf(due.In(v.now.Location())).DaysUntil(civil.DateOf(v.now)); days > 1 {
		return v.t.Span(time.Duration(days) * 24 * time.Hour)
	}
	return v.t.Span(n.Late)
}

// showMissed shows a page of the list that the pressed message is; the day, if it is none.
func showMissed(ctx context.Context, t *talk.Turn, page int) error {
	p, err := t.Desk.Missed(ctx, t.By, t.In.Message, page)
	if errors.Is(err, crm.ErrNotFound) {
		return today(ctx, t, 0)
	}
	if err != nil {
		return err
	}
	_, err = t.Show(ctx, viewOf(t).missed(p))
	return err
}

// missedWhat is what something missed is called.
func (v view) missedWhat(n crm.Notice) string {
	switch n.Kind {
	case crm.RemindTask:
		return taskTitle(v.t, n.Task, n.Client.Name)
	case crm.RemindBirthday, crm.RemindAnniversary, crm.RemindDate:
		return v.missedOccasion(n.Occasion)
	case crm.RemindBlocked:
		return v.t.Label("remind.blocked_line", "name", n.Who.Name)
	case crm.RemindDeputy:
		if n.Back {
			return v.t.Label("remind.deputy_over_line", "name", n.Who.Name)
		}
		return v.t.Label("remind.deputy_line", "name", n.Who.Name)
	case crm.RemindAway:
		return v.t.Label("remind.away_line")
	case crm.RemindJoined:
		return v.t.Label("remind.joined_line", "name", n.Who.Name)
	case crm.RemindRole:
		if n.Back {
			return v.t.Label("remind.back_line", "role", v.t.Label("role."+string(n.To.Role)))
		}
		return v.t.Label("remind.role_line", "role", v.t.Label("role."+string(n.To.Role)))
	case crm.RemindNews:
		return v.newsText(n, v.t.Label)
	case crm.RemindPlaceLost:
		return v.t.Label("remind.lost_line", "title", n.Lost.Title)
	case crm.RemindMerged:
		return v.t.Label("remind.merged_line", "name", n.Client.Name)
	case crm.RemindHanded:
		switch {
		case n.Back && n.Who.ID != "":
			return v.t.Label("remind.handed_back_line", "what", handedWhat(v.t, n), "who", n.Who.Name)
		case n.Back, n.Passed:
			return v.t.Label("remind.handed_gone_line", "what", handedWhat(v.t, n))
		}
		return v.t.Label("remind.handed_line", "what", handedWhat(v.t, n))
	case crm.RemindOffer:
		return v.t.Label("remind.offer_of", "name", n.Client.Name)
	}
	return v.t.Label("task.contact", "name", n.Client.Name)
}

// missedButton opens something missed.
func missedButton(label string, n crm.Notice) chat.Button {
	switch {
	case n.Kind == crm.RemindBlocked:
		return talk.Button(label, talk.VerbFailures, "", "")
	case n.Kind == crm.RemindRole:
		return talk.Button(label, talk.VerbHelp, "", "")
	case n.Kind == crm.RemindPlaceLost:
		return talk.Button(label, talk.VerbPlaces, "", "")
	case n.Task.ID != "":
		return taskMatter(n.Task).button(label, talk.VerbDue, "")
	case (n.Kind == crm.RemindHanded || n.Kind == crm.RemindMerged) && n.Client.ID != "":
		return talk.Button(label, talk.VerbCard, string(n.Client.ID), "")
	case n.Client.ID == "": // who has come in, for whom one stands in, what was handed over together
		return talk.Button(label, talk.VerbTeam, "", "")
	case n.Occasion.Kind != "":
		return occasionMatter(n.Occasion).button(label, talk.VerbDue, "")
	case n.Kind == crm.RemindOffer:
		return offerMatter(n.Client).button(label, talk.VerbDue, "")
	}
	return contactMatter(n.Client).button(label, talk.VerbDue, "")
}

// missedOccasion says what day it was, and whose.
func (v view) missedOccasion(o crm.Occasion) string {
	key := "remind.missed_birthday"
	switch o.Kind {
	case crm.RemindAnniversary:
		key = "remind.missed_anniversary"
	case crm.RemindDate:
		key = "remind.missed_date"
	}
	return v.t.Label(key, "who", v.occasion(o))
}

package team

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/calendar"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// What the calendars of an absence ask for, as their buttons' arguments begin.
const (
	pickFrom   = "from"
	pickTill   = "till-" // and the first day
	pickDeputy = "d-"    // and the first day, -, the last; with = and the deputy it is done
	awayEnd    = "end"
	awayAnew   = "new"
)

// mostDeputised is how many of those for whom somebody stands in are named.
const mostDeputised = 5

// away shows when somebody is away and who stands in, asks for the days and the deputy, and sets it.
func away(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.MemberID(d.ID)
	if !t.Desk.MaySetAbsence(ctx, t.By, id) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionSetAbsence)}
	}
	what, day, _ := strings.Cut(d.Arg, ":")
	switch {
	case d.Arg == "":
		return showAway(ctx, t, id)
	case d.Arg == awayEnd:
		if _, err := t.Desk.EndAbsence(ctx, t.By, id); err != nil {
			return err
		}
		return showAway(ctx, t, id)
	case d.Arg == talk.AwayDeputy:
		return askOther(ctx, t, id)
	case what == pickFrom:
		if from, ok := calendar.Picked(day); ok {
			return askTill(ctx, t, id, from, "")
		}
		return askFrom(ctx, t, id, calendar.View(day))
	case strings.HasPrefix(what, pickTill):
		from, err := civil.ParseDate(what[len(pickTill):])
		if err != nil {
			return t.Stale(ctx)
		}
		if till, ok := calendar.Picked(day); ok {
			return askDeputy(ctx, t, id, crm.Away{From: from, To: till})
		}
		return askTill(ctx, t, id, from, calendar.View(day))
	case strings.HasPrefix(what, pickDeputy):
		return setAway(ctx, t, id, what[len(pickDeputy):])
	}
	return askFrom(ctx, t, id, "")
}

// setAway does it: from-till=deputy.
func setAway(ctx context.Context, t *talk.Turn, id crm.MemberID, arg string) error {
	days, deputy, _ := strings.Cut(arg, "=")
	const day = len("2006-01-02")
	if len(days) != 2*day+1 {
		return t.Stale(ctx)
	}
	from, err := civil.ParseDate(days[:day])
	till, err2 := civil.ParseDate(days[day+1:])
	if err != nil || err2 != nil {
		return t.Stale(ctx)
	}
	a := crm.Away{From: from, To: till, Deputy: crm.MemberID(deputy)}
	if talk.Turned(deputy) {
		return askDeputy(ctx, t, id, a)
	}
	if _, err := t.Desk.SetAbsence(ctx, t.By, id, a); err != nil {
		return err
	}
	return showAway(ctx, t, id)
}

// showAway shows the absence that is set; where there is none it asks for the first day.
func showAway(ctx context.Context, t *talk.Turn, id crm.MemberID) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	a, ok := team.Absence(id, t.Now)
	if !ok {
		return askFrom(ctx, t, id, "")
	}
	names := t.MemberNames(ctx)
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("away.title", "name", names[id]) + "\n" + awayLine(t, team, a, names), Buttons: [][]chat.Button{
		{awayButton(t, "button.edit", id, awayAnew), awayButton(t, "button.end_away", id, awayEnd)},
		{awayBack(ctx, t, id)},
	}})
	return err
}

// awayLine says when somebody is away and who stands in, whoever was asked to.
func awayLine(t *talk.Turn, team crm.Team, a crm.Absence, names map[crm.MemberID]string) string {
	from, till := a.Days(t.Now.Location())
	deputy := team.StandsIn(a, t.Now)
	if deputy == "" {
		return t.T.HTML("away.line_alone", "from", t.T.Day(from, t.Today()), "till", t.T.Day(till, t.Today()))
	}
	return t.T.HTML("away.line", "from", t.T.Day(from, t.Today()), "till", t.T.Day(till, t.Today()), "deputy", names[deputy])
}

// awayMark says in a list of members until when one is away and who stands in, or that they soon will be; nothing else.
func awayMark(t *talk.Turn, team crm.Team, id crm.MemberID, names map[crm.MemberID]string) []string {
	a, ok := team.Absence(id, t.Now)
	if !ok {
		return nil
	}
	if t.Now.Before(a.From) {
		return []string{awayLine(t, team, a, names)}
	}
	_, till := a.Days(t.Now.Location())
	if deputy := team.StandIn(id, t.Now); deputy != "" {
		return []string{t.T.HTML("team.away", "till", t.T.Day(till, t.Today()), "deputy", names[deputy])}
	}
	return []string{t.T.HTML("team.away_alone", "till", t.T.Day(till, t.Today()))}
}

func awayButton(t *talk.Turn, key string, id crm.MemberID, arg string) chat.Button {
	return talk.Button(t.T.Label(key), talk.VerbAway, string(id), arg)
}

// awayBack leads to the member for those who run the team, else to the team.
func awayBack(ctx context.Context, t *talk.Turn, id crm.MemberID) chat.Button {
	if t.Desk.MayEditPeople(ctx, t.By) {
		return deed{}.button(t.T.Label("button.back"), id)
	}
	return talk.Button(t.T.Label("button.back"), talk.VerbTeam, "", "")
}

func askFrom(ctx context.Context, t *talk.Turn, id crm.MemberID, v calendar.View) error {
	p := calendar.Picker{T: t.T, ID: string(id), For: pickFrom, Verb: talk.VerbAway, Today: t.Today(), Days: calendar.Future}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("away.title", "name", t.MemberNames(ctx)[id]) + "\n" + t.T.HTML("away.ask_from"),
		Buttons: append(p.Rows(v), []chat.Button{awayBack(ctx, t, id)})})
	return err
}

// askTill offers the days from the first one on.
func askTill(ctx context.Context, t *talk.Turn, id crm.MemberID, from civil.Date, v calendar.View) error {
	if v == "" {
		v = calendar.Month(from)
	}
	p := calendar.Picker{T: t.T, ID: string(id), For: pickTill + from.String(), Verb: talk.VerbAway, Today: from, Days: calendar.Future}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("away.title", "name", t.MemberNames(ctx)[id]) + "\n" + t.T.HTML("away.ask_till", "from", t.T.Day(from, t.Today())),
		Buttons: append(p.Rows(v), []chat.Button{awayButton(t, "button.back", id, awayAnew)})})
	return err
}

// askDeputy asks who stands in on these days; in the place of a deputy may be which page of colleagues is shown.
func askDeputy(ctx context.Context, t *talk.Turn, id crm.MemberID, a crm.Away) error {
	takers, err := t.Desk.Takers(ctx, t.By, crm.ActionTendClients, id)
	if err != nil {
		return err
	}
	people := t.Whom(takers, string(a.Deputy), func(label, choice string) chat.Button {
		return talk.Button(label, talk.VerbAway, string(id), pickDeputy+a.From.String()+"-"+a.To.String()+"="+choice)
	})
	lines, err := whileAway(ctx, t, id, a.From, a.To)
	if err != nil {
		return err
	}
	lines = append([]string{t.T.HTML("away.title", "name", t.MemberNames(ctx)[id])}, lines...)
	lines = append(lines, t.T.HTML("away.ask_deputy", "from", t.T.Day(a.From, t.Today()), "till", t.T.Day(a.To, t.Today())))
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"),
		Buttons: append(people, []chat.Button{awayButton(t, "button.back", id, awayAnew)})})
	return err
}

// askOther asks who stands in, on the days that are set: nobody does any more, or somebody else is to.
func askOther(ctx context.Context, t *talk.Turn, id crm.MemberID) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	a, ok := team.Absence(id, t.Now)
	if !ok {
		return askFrom(ctx, t, id, "")
	}
	from, till := a.Days(t.Now.Location())
	return askDeputy(ctx, t, id, crm.Away{From: from, To: till})
}

// whileAway says for whom the member stands in on these days, which goes on to whoever is asked for, and who else is away then.
func whileAway(ctx context.Context, t *talk.Turn, id crm.MemberID, from, till civil.Date) ([]string, error) {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return nil, err
	}
	names := t.MemberNames(ctx)
	var whose []crm.Absence
	for _, a := range team.Deputises(id, t.Now) {
		if a.Meets(from, till, t.Now.Location()) {
			whose = append(whose, a)
		}
	}
	var lines, others []string
	if len(whose) > 0 {
		lines = append(lines, t.T.HTML("away.stands_in", "name", names[id], "whom", deputised(t, whose, names)))
	}
	for _, a := range team.Absences {
		if a.Member != id && names[a.Member] != "" && t.Now.Before(a.Until) && a.Meets(from, till, t.Now.Location()) {
			others = append(others, names[a.Member])
		}
	}
	if len(others) > 0 {
		lines = append(lines, t.T.HTML("away.others", "whom", t.T.Join(others[:min(len(others), mostDeputised)])))
	}
	return lines, nil
}

// deputised names for whom somebody stands in, and when.
func deputised(t *talk.Turn, list []crm.Absence, names map[crm.MemberID]string) string {
	var all []string
	for _, a := range list[:min(len(list), mostDeputised)] {
		from, till := a.Days(t.Now.Location())
		all = append(all, t.T.Label("away.whom", "name", names[a.Member], "from", t.T.Day(from, t.Today()), "till", t.T.Day(till, t.Today())))
	}
	return t.T.Join(all)
}

// undeputised says for whom a member was to stand in and nobody does now, with a button each to have somebody do it.
func undeputised(ctx context.Context, t *talk.Turn, team crm.Team, id crm.MemberID) (lines []string, rows [][]chat.Button) {
	list := team.Deputised(id, t.Now)
	if len(list) == 0 {
		return nil, nil
	}
	names := t.MemberNames(ctx)
	for _, a := range list[:min(len(list), mostDeputised)] {
		label := t.T.Label("button.deputy_of", "name", fit.Line(names[a.Member], maxMemberName))
		rows = append(rows, []chat.Button{talk.Button(label, talk.VerbAway, string(a.Member), talk.AwayDeputy)})
	}
	return []string{t.T.HTML("person.stood_in", "whom", deputised(t, list, names))}, rows
}

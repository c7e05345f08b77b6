package remind

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What is offered for the settings; any other hour or number of days can be typed, and what makes no sense is refused by crm.
var (
	digestTimes      = []string{"07:00", "08:00", "09:00", "10:00", "11:00", "12:00"}
	quietHours       = []string{"21:00-08:00", "22:00-07:00", "20:00-09:00", noQuiet}
	birthdayLeads    = []string{"5.0", "7.1.0", "1.0", "0"}
	anniversaryLeads = []string{"7", "7.0", "3", "0"}
	weekdays         = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
)

// noQuiet are the quiet hours of who wants none.
const noQuiet = "00:00-00:00"

// panel is a screen of settings: a member's own, or the team's for all who have not set theirs.
type panel struct {
	verb  talk.Verb
	title string
	back  string // the argument of talk.VerbSettings to which «Назад» leads from it
	// now reads what holds.
	now func(ctx context.Context, t *talk.Turn) (crm.Reminding, error)
	set func(ctx context.Context, t *talk.Turn, f func(*crm.Reminding)) error
}

var own = panel{verb: talk.VerbReminding, title: "reminding.title",
	now: func(_ context.Context, t *talk.Turn) (crm.Reminding, error) { return t.By.Reminding, nil },
	set: func(ctx context.Context, t *talk.Turn, f func(*crm.Reminding)) error {
		m, err := t.Desk.SetReminding(ctx, t.By, f)
		if err == nil {
			t.Enter(m)
		}
		return err
	},
}

var ofTeam = panel{verb: talk.VerbForAll, title: "reminding.team_title", back: talk.ForTeam,
	now: func(ctx context.Context, t *talk.Turn) (crm.Reminding, error) {
		team, err := t.Desk.Team(ctx, t.By)
		return team.Reminding.Full(), err
	},
	set: func(ctx context.Context, t *talk.Turn, f func(*crm.Reminding)) error {
		_, err := t.Desk.SetTeamReminding(ctx, t.By, f)
		return err
	},
}

func registerSettings(r *talk.Router) {
	for _, p := range []panel{own, ofTeam} {
		r.Press(p.verb, p.press)
	}
	r.Form(formSetting, talk.Form{Question: true, Answer: typedSetting,
		Press: func(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
			return panelOf(d).show(ctx, t, d.Answers["what"], nil)
		}, Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			return panelOf(d).show(ctx, t, d.Answers["what"], nil)
		}})
}

// press shows a setting's choices ("digest"), sets it ("digest=09:00"), or leaves it to the team ("digest=*").
func (p panel) press(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if p.verb == talk.VerbForAll && !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	what, value, chosen := strings.Cut(d.Arg, "=")
	switch {
	case !chosen, value == "?": // a button of the days when another value was asked for apart
	case value == "*":
		m, err := t.Desk.FollowTeam(ctx, t.By, crm.ReminderPart(what))
		if err != nil {
			return err
		}
		t.Enter(m)
	default:
		if err := p.set(ctx, t, func(r *crm.Reminding) { change(r, what, value) }); err != nil {
			return err
		}
	}
	return p.show(ctx, t, what, nil)
}

// change applies what a button says, or what was typed in its form.
func change(r *crm.Reminding, what, value string) {
	if kind, ok := crm.TimedKinds[crm.ReminderPart(what)]; ok {
		r.Want(kind, true)
	}
	switch what {
	case "digest":
		r.Digest = value
	case "quiet":
		r.QuietFrom, r.QuietTo, _ = strings.Cut(value, "-")
	case "birthdays":
		r.Birthdays = leads(value)
	case "anniversaries":
		r.Anniversaries = leads(value)
	case "days":
		n, _ := strconv.Atoi(value)
		r.DaysOff = toggle(r.DaysOff, time.Weekday(((n%7)+7)%7))
	case "kinds", moreKinds:
		r.Off = toggle(r.Off, crm.ReminderKind(value))
	case "place":
		r.Place = crm.PlaceID(value)
	case "private":
		r.Private = toggle(r.Private, crm.ReminderKind(value))
	}
}

// leads are the days before, as a button carries them: "5.0".
func leads(value string) []int {
	out := []int{}
	for _, n := range strings.Split(value, ".") {
		lead, err := strconv.Atoi(n)
		if err != nil {
			lead = -1
		}
		out = append(out, lead)
	}
	return out
}

func toggle[T comparable](list []T, v T) []T {
	if i := slices.Index(list, v); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return append(list, v)
}

// show shows how one is reminded, and the choices of one setting if it is named: any other hour or number of days is read as it
// is typed. wrong is what was wrong with that.
func (p panel) show(ctx context.Context, t *talk.Turn, what string, wrong error) error {
	r, err := p.now(ctx, t)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	live := team.LivePlaces()
	lines := append([]string{t.T.HTML(p.title)}, p.lines(t, r, live)...)
	rows := p.choices(t, r, what)
	if what == "place" || what == "private" {
		what, rows = "place", p.placeChoices(t, r, live)
		if r.Place != "" {
			lines = append(lines, "", t.T.HTML("reminding.kinds_to_group"))
		}
	}
	back, last := talk.Button(t.T.Label("button.back"), p.verb, "", ""), []chat.Button(nil)
	if rows == nil {
		parts := []chat.Button{p.part(t, "digest"), p.part(t, "quiet"), p.part(t, "days"), p.part(t, "birthdays"), p.part(t, "anniversaries"), p.part(t, "kinds")}
		if len(live) > 0 {
			parts = append(parts, p.part(t, "place"))
		}
		if p.verb == talk.VerbForAll && t.Desk.MaySetStale(ctx, t.By) {
			parts = append(parts, talk.Button(t.T.Label("button.rules"), talk.VerbRules, "", ""))
		}
		rows, back = talk.Rows(2, parts...), talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", p.back)
	} else if what == moreKinds {
		back = p.part(t, "kinds")
		back.Text = t.T.Label("button.back")
	} else if what == "kinds" && len(kindsOn(t.By.Role, moreKinds)) > 0 {
		last = append(last, talk.Button(t.T.Label("reminding.more_kinds"), p.verb, "", moreKinds))
	}
	if p.verb == talk.VerbReminding && slices.Contains(r.Own, crm.ReminderPart(what)) {
		last = append(last, p.option(t.T.Label("reminding.as_team"), what+"=*", false))
	}
	s := chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, append([]chat.Button{back}, last...))}
	if !slices.Contains(typed, what) {
		if err := t.EndForm(ctx, formSetting); err != nil {
			return err
		}
		_, err = t.Show(ctx, s)
		return err
	}
	d, err := t.Open(ctx, crm.Dialog{Form: formSetting, Screen: t.In.Message, Answers: map[string]string{"panel": string(p.verb), "what": what}})
	if err != nil {
		return err
	}
	s.Text = t.Refusal(wrong) + s.Text + "\n\n" + t.T.HTML("reminding_ask."+what)
	return t.Present(ctx, d, s)
}

// lines say what holds, a line a setting.
func (p panel) lines(t *talk.Turn, r crm.Reminding, live []crm.Place) []string {
	var days []string
	for _, d := range weekdays {
		if !slices.Contains(r.DaysOff, d) {
			days = append(days, t.T.Weekday(d))
		}
	}
	list := strings.Join(days, ", ")
	if len(days) == 0 {
		list = t.T.Label("reminding.no_days")
	}
	lines := []string{t.T.HTML("reminding.digest_now", "clock", r.Digest, "days", list)}
	if !r.Wants(crm.RemindDigest) {
		lines[0] = t.T.HTML("reminding.digest_none")
	}
	if clock := r.DigestKept(); clock != "" {
		lines = append(lines, t.T.HTML("reminding.digest_kept", "clock", clock))
	}
	lines = append(lines,
		t.T.HTML("reminding.quiet_now", "hours", quietLabel(t, r.QuietFrom+"-"+r.QuietTo)),
		t.T.HTML("reminding.birthdays_now", "leads", wantedLeads(t, r, crm.RemindBirthday, r.Birthdays)),
		t.T.HTML("reminding.anniversaries_now", "leads", wantedLeads(t, r, crm.RemindAnniversary, r.Anniversaries)))
	var off []string
	for _, k := range crm.KindsFor(t.By.Role) {
		if !r.Wants(k) {
			off = append(off, t.T.Label("reminder_kind."+string(k)))
		}
	}
	if len(off) > 0 {
		lines = append(lines, t.T.HTML("reminding.off_now", "kinds", strings.Join(off, ", ")))
	}
	if len(live) > 0 {
		lines = append(lines, t.T.HTML("reminding.place_now", "place", placeLabel(t, live, r.Place)))
	}
	return lines
}

func (p panel) part(t *talk.Turn, what string) chat.Button {
	return talk.Button(t.T.Label("reminding."+what), p.verb, "", what)
}

func (p panel) option(label, arg string, on bool) chat.Button {
	if on {
		label = "✓ " + label
	}
	return talk.Button(label, p.verb, "", arg)
}

// choices lists what one setting can be, the present one marked; nil if none is named.
func (p panel) choices(t *talk.Turn, r crm.Reminding, what string) [][]chat.Button {
	var out []chat.Button
	switch what {
	case "digest":
		for _, clock := range digestTimes {
			out = append(out, p.option(clock, "digest="+clock, clock == r.Digest && r.Wants(crm.RemindDigest)))
		}
		rows := talk.Rows(3, out...)
		if r.DigestKept() != "" {
			rows = append(rows, []chat.Button{talk.Button(t.T.Label("reminding.change_quiet"), p.verb, "", "quiet")})
		}
		return rows
	case "quiet":
		for _, hours := range quietHours {
			out = append(out, p.option(quietLabel(t, hours), "quiet="+hours, hours == r.QuietFrom+"-"+r.QuietTo))
		}
		return talk.Rows(2, out...)
	case "days":
		for _, d := range weekdays {
			out = append(out, p.option(t.T.Weekday(d), "days="+strconv.Itoa(int(d)), !slices.Contains(r.DaysOff, d)))
		}
		return talk.Rows(4, out...)
	case "birthdays":
		for _, value := range birthdayLeads {
			out = append(out, p.option(leadsLabel(t, leads(value)), "birthdays="+value, slices.Equal(leads(value), r.Birthdays) && r.Wants(crm.RemindBirthday)))
		}
		return talk.Rows(1, out...)
	case "anniversaries":
		for _, value := range anniversaryLeads {
			out = append(out, p.option(leadsLabel(t, leads(value)), "anniversaries="+value, slices.Equal(leads(value), r.Anniversaries) && r.Wants(crm.RemindAnniversary)))
		}
		return talk.Rows(1, out...)
	case "kinds", moreKinds:
		for _, k := range kindsOn(t.By.Role, what) {
			out = append(out, p.option(t.T.Label("reminder_kind."+string(k)), what+"="+string(k), r.Wants(k)))
		}
		return talk.Rows(2, out...)
	}
	return nil
}

// moreKinds is the second screen of the kinds: four rows of two fit the first.
const (
	moreKinds = "kinds2"
	kindsPage = 8
)

// kindsOn are the kinds that one of the two screens offers to a member of a role.
func kindsOn(role crm.Role, what string) []crm.ReminderKind {
	all := crm.KindsFor(role)
	if first := all[:min(len(all), kindsPage)]; what != moreKinds {
		return first
	}
	return all[min(len(all), kindsPage):]
}

// placeLabel is the title of the place where reminders come.
func placeLabel(t *talk.Turn, live []crm.Place, id crm.PlaceID) string {
	for _, p := range live {
		if p.ID == id {
			return p.Title
		}
	}
	return t.T.Label("reminding.in_private")
}

// placeChoices lists where reminders can come, and with a group chosen which kinds go there.
func (p panel) placeChoices(t *talk.Turn, r crm.Reminding, live []crm.Place) [][]chat.Button {
	chosen := slices.ContainsFunc(live, func(at crm.Place) bool { return at.ID == r.Place })
	out := []chat.Button{p.option(t.T.Label("reminding.in_private"), "place=", !chosen)}
	for _, at := range live {
		out = append(out, p.option(placeName(live, at), "place="+string(at.ID), at.ID == r.Place))
	}
	rows := talk.Rows(2, out...)
	if chosen {
		var kinds []chat.Button
		for _, k := range crm.KindsFor(t.By.Role) {
			if !k.ForGroups() {
				continue
			}
			kinds = append(kinds, p.option(t.T.Label("reminder_kind."+string(k)), "private="+string(k), !slices.Contains(r.Private, k)))
		}
		rows = append(rows, talk.Rows(2, kinds...)...)
	}
	return rows
}

// placeName is a place on a button, which holds half of the title of a group's topic: the topic, where it is the only one of that name.
func placeName(live []crm.Place, at crm.Place) string {
	topic := func(p crm.Place) string {
		if p.Topic == 0 {
			return p.Title
		}
		return p.Title[strings.LastIndex(p.Title, topicMark)+1:]
	}
	for _, p := range live {
		if p.ID != at.ID && topic(p) == topic(at) {
			return at.Title
		}
	}
	return strings.TrimSpace(topic(at))
}

// topicMark stands between the title of a group and that of a topic of it.
const topicMark = "/"

func quietLabel(t *talk.Turn, hours string) string {
	from, to, _ := strings.Cut(hours, "-")
	if from == to {
		return t.T.Label("reminding.no_quiet")
	}
	return from + "–" + to
}

// wantedLeads is leadsLabel of a kind that may not be wanted at all.
func wantedLeads(t *talk.Turn, r crm.Reminding, k crm.ReminderKind, leads []int) string {
	if !r.Wants(k) {
		return t.T.Label("reminding.no_quiet")
	}
	return leadsLabel(t, leads)
}

// leadsLabel is «за 5 дней, в сам день».
func leadsLabel(t *talk.Turn, leads []int) string {
	var out []string
	for _, n := range leads {
		out = append(out, card.LeadLabel(t.T, n))
	}
	return strings.Join(out, ", ")
}

package remind

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// A list of stale clients is known by where it stands: "w2026-11-16" is the one that was sent for that period, "p" the
// first page of all, "p2" the third.
const (
	sentList = "w"
	allList  = "p"
)

// staleAt is a list, as buttons lead to it.
func staleAt(where string) talk.Data { return talk.Data{Verb: talk.VerbStale, Arg: where} }

func registerStale(r *talk.Router) {
	r.Command("stale", func(ctx context.Context, t *talk.Turn) error { return showStale(ctx, t, allList, crm.Client{}) })
	r.Press(talk.VerbStale, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		if d.ID == "" {
			return showStale(ctx, t, d.Arg, crm.Client{})
		}
		s, err := t.Desk.StaleClient(ctx, t.By, crm.ClientID(d.ID))
		switch {
		case err == nil && len(s.Why) == 0 && d.Returns():
			return backToList(ctx, t, s.Client, d.Arg)
		case err == nil && len(s.Why) == 0: // dealt with on another message
			t.Toast(t.T.Label("press.settled"))
		}
		return staleCard(ctx, t, crm.ClientID(d.ID), d.Arg)
	})
	r.Press(talk.VerbStaleDo, settleStale)
}

// showStale shows a list as it now is. With a client who has just been dealt with it says how, and offers to take that back.
func showStale(ctx context.Context, t *talk.Turn, where string, dealt crm.Client) error {
	if period, ok := strings.CutPrefix(where, sentList); ok {
		return showSent(ctx, t, period, dealt)
	}
	page, _ := strconv.Atoi(strings.TrimPrefix(where, allList)) // what is none is the first
	p, err := t.Desk.StaleClients(ctx, t.By, page)
	if err != nil {
		return err
	}
	title := t.T.HTML("stale.none")
	switch {
	case p.Total == crm.StaleMost:
		title = t.T.HTML("stale.title_more", "number", staleCount(p.Total))
	case p.Total > 0:
		title = t.T.HTML("stale.title", "n", p.Total)
	}
	v := viewOf(t)
	s := v.staleList(title, p.Clients, p.Before(), allList+strconv.Itoa(p.Page))
	var nav []chat.Button
	if dealt.ID != "" {
		s.Text += "\n\n" + v.settledLine(dealt)
		nav = append(nav, takeBackStale(t.T.Label("button.take_back"), dealt, where))
	}
	if p.Page > 0 {
		nav = append(nav, talk.Button(t.T.Label("page.prev"), talk.VerbStale, "", allList+strconv.Itoa(p.Page-1)))
	}
	if p.More {
		nav = append(nav, talk.Button(t.T.Label("page.next"), talk.VerbStale, "", allList+strconv.Itoa(p.Page+1)))
	}
	if mark, may := find.StaleButton(ctx, t); may && p.Total > 0 {
		nav = append(nav, mark)
	}
	s.Buttons = append(append(s.Buttons, talk.Rows(3, nav...)...), agendaRow(t.T, "button.stale"))
	if err := t.Arrive(ctx, staleAt(where)); err != nil {
		return err
	}
	_, err = t.ShowOpened(ctx, s)
	return err
}

// staleCount is a number of clients that are counted up to a bound only.
func staleCount(n int) string {
	if n == crm.StaleMost {
		return strconv.Itoa(n) + "+"
	}
	return strconv.Itoa(n)
}

// showSent shows the list that came as a reminder, with what has become of its clients.
func showSent(ctx context.Context, t *talk.Turn, period string, dealt crm.Client) error {
	day, err := civil.ParseDate(period)
	if err != nil {
		return t.Stale(ctx)
	}
	list, err := t.Desk.StaleListed(ctx, t.By, day)
	if errors.Is(err, crm.ErrNotFound) {
		return t.Stale(ctx)
	}
	if err != nil {
		return err
	}
	v := viewOf(t)
	s := v.staleSent(list, day)
	if dealt.ID != "" {
		label := t.T.Label("stale.take_back", "name", fit.Line(dealt.Name, maxLabel-12)) // of the list others may be dealt with, too
		s.Buttons = append(s.Buttons, []chat.Button{takeBackStale(label, dealt, sentList+period)})
	}
	_, err = t.Show(ctx, s)
	return err
}

// takeBackStale takes back what was done last about a client of a list.
func takeBackStale(label string, c crm.Client, where string) chat.Button {
	return talk.Button(label, talk.VerbStaleDo, string(c.ID), staleBack+"."+strconv.FormatInt(c.Rev, 36)+"."+where)
}

// settledLine is what has become of a client who was listed.
func (v view) settledLine(c crm.Client) string {
	return v.t.HTML("stale.settled", "name", fit.Line(c.Name, maxLine), "how", v.settled(c))
}

// staleSent is the list of a period.
func (v view) staleSent(list []crm.Stale, period civil.Date) chat.Screen {
	s := v.staleList(v.t.HTML("stale.sent"), list, 0, sentList+period.String())
	s.Buttons = append(s.Buttons, []chat.Button{talk.Button(v.t.Label("button.stale_all"), talk.VerbStale, "", allList)})
	return s
}

// staleList is who is on a page of a list, behind so many others, why, or what has become of them, each with the button that
// opens their small card.
func (v view) staleList(title string, list []crm.Stale, before int, where string) chat.Screen {
	lines := []string{title}
	var open []chat.Button
	for i, s := range list {
		name, no := fit.Line(s.Client.Name, maxLine), strconv.Itoa(before+i+1)
		if len(s.Why) == 0 {
			lines = append(lines, v.settledLine(s.Client))
			open = append(open, talk.Under(staleAt(where), talk.Button(nameLabel("✓ ", s.Client, len(list)), talk.VerbCard, string(s.Client.ID), "")))
			continue
		}
		lines = append(lines, v.t.HTML("stale.line", "place", no, "name", name, "standing", v.standing(s.Client), "why", v.instead(v.why(s), s.Instead)))
		open = append(open, talk.Under(staleAt(where), talk.Button(nameLabel(no+". ", s.Client, len(list)), talk.VerbStale, string(s.Client.ID), where)))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: talk.Rows(2, open...)}
}

// standing is what makes a client worth the time: VIP, or the stage.
func (v view) standing(c crm.Client) string {
	if c.Status == crm.StatusVIP {
		return v.t.Label("status." + string(c.Status))
	}
	return v.t.Small("stage." + string(c.Stage))
}

// why is «нет касаний 83 дня, данные проверяли 7 месяцев назад».
func (v view) why(s crm.Stale) string {
	var all []string
	for _, w := range s.Why {
		if w.Kind == crm.StaleUnconfirmed {
			all = append(all, v.t.Label("stale.unconfirmed", "ago", v.t.Ago(w.Since, v.now)))
			continue
		}
		since := civil.DateOf(w.Since.In(v.now.Location()))
		all = append(all, v.t.Label("stale."+string(w.Kind), "n", since.DaysUntil(civil.DateOf(v.now))))
	}
	return strings.Join(all, ", ")
}

// settled is what has become of a client who was listed.
func (v view) settled(c crm.Client) string {
	switch {
	case c.Stage == crm.StageArchive:
		return v.t.Label("stale.archived")
	case c.NextContact.After(v.now):
		return v.t.Label("stale.later", "when", v.t.When(c.NextContact.In(v.now.Location()), v.now))
	case c.Confirmed.After(c.LastTouch):
		return v.t.Label("stale.confirmed", "ago", v.t.Ago(c.Confirmed, v.now))
	}
	return v.t.Label("stale.touched", "ago", v.t.Ago(c.LastTouch, v.now))
}

// What the buttons of the small card do, in one letter: the data also carry where the list stands and which touch was seen.
const (
	staleCall    = "c"
	staleMessage = "m"
	staleLater   = "l"
	staleValid   = "v"
	staleArchive = "a" // of the days before: the card asks why
	staleBack    = "u" // takes the last of these back; in the place of the touch the revision
)

// staleCard is one client of a list, with why they are on it and what settles it.
func staleCard(ctx context.Context, t *talk.Turn, id crm.ClientID, where string) error {
	s, err := t.Desk.StaleClient(ctx, t.By, id)
	if err != nil {
		return err
	}
	if len(s.Why) == 0 {
		return showStale(ctx, t, where, crm.Client{}) // somebody was faster
	}
	v, c := viewOf(t), s.Client
	lines, err := clientLines(ctx, t, c)
	if err != nil {
		return err
	}
	lines = append([]string{t.T.HTML("stale.card", "standing", v.standing(c))}, append(lines, t.T.HTML("stale.why", "why", v.why(s)))...)
	do := func(key, what string) chat.Button {
		return talk.Button(t.T.Label(key), talk.VerbStaleDo, string(id), what+"."+touchShown(c)+"."+where)
	}
	here := talk.Data{Verb: talk.VerbStale, ID: string(id), Arg: where}
	write := matter{kind: aboutStale, id: string(id)}.button(t.T.Label("button.write"), talk.VerbWrite, "")
	rows := [][]chat.Button{
		{do("button.called", staleCall), do("button.messaged", staleMessage)},
		append([]chat.Button{write}, card.Links(t.T, c)...),
	}
	if t.Desk.May(ctx, t.By, crm.ActionEditClient, c) {
		rows = append(rows, []chat.Button{do("snooze.14d", staleLater), do("button.still_right", staleValid)},
			[]chat.Button{talk.Under(here, talk.Button(t.T.Label("button.edit"), talk.VerbEdit, string(id), "")),
				talk.Under(here, talk.Button(t.T.Label("button.archive"), talk.VerbArchive, string(id), ""))})
	}
	rows = append(rows, []chat.Button{talk.Back(t.T.Label("page.list"), staleAt(where)), talk.Under(here, cardRow(t.T, string(id))[0])})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// backToList shows the list on the way back from a client who needs no attention any more: whom the member has just archived they can take
// back there.
func backToList(ctx context.Context, t *talk.Turn, c crm.Client, where string) error {
	last, err := t.Desk.LastChange(ctx, t.By, c.ID)
	if err != nil && !errors.Is(err, crm.ErrNotFound) {
		return err
	}
	if c.Rev = last.Rev; c.Stage != crm.StageArchive || last.Action != crm.ActionArchiveClient || last.By != t.By.ID {
		c = crm.Client{}
	}
	return showStale(ctx, t, where, c)
}

// backToStale shows the small card of a client again, or their list if they are dealt with.
func backToStale(ctx context.Context, t *talk.Turn, id crm.ClientID) error {
	where := allList
	place, ok, err := t.Came(ctx, t.In.Message)
	if err != nil {
		return err
	}
	if ok && place.Verb == talk.VerbStale {
		where = place.Arg
	}
	return staleCard(ctx, t, id, where)
}

// touchShown is the last touch as a button carries it.
func touchShown(c crm.Client) string { return strconv.FormatInt(c.LastTouch.Unix(), 36) }

// settleStale does what the small card's buttons say and shows the list as it then is. A press on a card that was shown
// before the last touch only shows that.
func settleStale(ctx context.Context, t *talk.Turn, d talk.Data) error {
	what, rest, _ := strings.Cut(d.Arg, ".")
	shown, where, ok := strings.Cut(rest, ".")
	if !ok || !slices.Contains([]string{staleCall, staleMessage, staleLater, staleValid, staleArchive, staleBack}, what) {
		return t.Stale(ctx)
	}
	if what == staleBack {
		return unsettleStale(ctx, t, crm.ClientID(d.ID), shown, where)
	}
	s, err := t.Desk.StaleClient(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	v, _, err := t.View(ctx, t.In.Message)
	if err != nil || len(s.Why) == 0 && v.Answers[answerSettled] == t.In.Press.Data { // a second tap leaves the way to take it back
		return err
	}
	if shown != touchShown(s.Client) {
		return showStale(ctx, t, where, crm.Client{})
	}
	if what == staleArchive {
		return card.Open(ctx, t, s.Client.ID)
	}
	c, err := attend(ctx, t, s.Client, what)
	if err != nil {
		return err
	}
	if err := showStale(ctx, t, where, c); err != nil {
		return err
	}
	return noteSettled(ctx, t, t.In.Press.Data)
}

// unsettleStale takes back what was done about a client, who is on the list again.
func unsettleStale(ctx context.Context, t *talk.Turn, id crm.ClientID, rev, where string) error {
	n, err := strconv.ParseInt(rev, 36, 64)
	if err != nil {
		return t.Stale(ctx)
	}
	_, err = t.Desk.UndoContact(ctx, t.By, id, n)
	if errors.Is(err, crm.ErrConflict) {
		t.Toast(t.T.Label("press.settled"))
		return showStale(ctx, t, where, crm.Client{})
	}
	if err != nil {
		return err
	}
	t.Toast(t.T.Label("card.undone"))
	return staleCard(ctx, t, id, where)
}

func attend(ctx context.Context, t *talk.Turn, c crm.Client, what string) (_ crm.Client, err error) {
	id, toast := c.ID, ""
	switch what {
	case staleCall:
		toast = t.T.Label("stale.noted")
		c, err = t.Desk.LogTouch(ctx, t.By, id, crm.TouchInput{Kind: crm.TouchCall})
	case staleMessage:
		toast = t.T.Label("stale.noted")
		c, err = t.Desk.LogTouch(ctx, t.By, id, crm.TouchInput{Kind: crm.TouchMessage})
	case staleLater:
		until, _ := crm.SnoozeFortnight.Until(t.Now)
		toast = t.T.Label("stale.put_off", "when", t.T.When(until, t.Now))
		c, err = t.Desk.SnoozeContact(ctx, t.By, id, crm.PutOff{Seen: c.NextContact, Until: until})
	case staleValid:
		toast = t.T.Label("card.confirmed_toast")
		c, err = t.Desk.ConfirmClient(ctx, t.By, id)
	}
	if err == nil {
		t.Toast(toast)
	}
	return c, err
}

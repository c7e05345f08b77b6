package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/calendar"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// remindOf asks when to be reminded of a client, or takes the snooze that was pressed.
func remindOf(ctx context.Context, t *talk.Turn, d talk.Data) error {
	until, ok := crm.Snooze(d.Arg).Until(t.Now)
	if at, named := strings.CutPrefix(d.Arg, "at:"); named { // the time that a note spoke of
		until, ok = seen(at).In(t.Now.Location()), true
	}
	if ok {
		return addTask(ctx, t, crm.TaskInput{Client: crm.ClientID(d.ID), Due: until})
	}
	dialog := crm.Dialog{Form: formWhen, Screen: t.In.Message, Answers: map[string]string{"client": d.ID, "key": "w-" + string(t.By.Cause)}}
	dialog, err := t.Open(ctx, dialog)
	if err != nil {
		return err
	}
	return askWhen(ctx, t, dialog, nil, nil)
}

// take looks for the time in what was typed; with one the task is made, else it is asked for.
func take(ctx context.Context, t *talk.Turn, d crm.Dialog, text string) error {
	if at := d.Answers["at"]; at != "" && d.Answers["said"] == "" {
		d.Answers["text"] = text
		return decideWhen(ctx, t, d, seen(at).In(t.Now.Location()))
	}
	now := t.Now
	if said := d.Answers["said"]; said != "" { // the hour may come with the text: «завтра», then «позвонить в 12»
		now, text = seen(d.Answers["heard"]).In(t.Now.Location()), said+" "+text
		d.Answers["said"], d.Answers["at"] = "", ""
	}
	m, err := crm.ReadMoment(text, now)
	if err != nil && !errors.Is(err, crm.ErrInvalid) {
		return err
	}
	if d.Answers["text"] != "" && m.Unread() {
		return askWhen(ctx, t, d, nil, &crm.Error{Kind: crm.ErrInvalid, Field: "moment"})
	}
	if m.Rest != "" {
		d.Answers["text"] = strings.TrimSpace(d.Answers["text"] + " " + m.Rest)
	}
	if m.Repeat != moment.RepeatNever {
		d.Answers["repeat"] = string(m.Repeat)
	}
	offered := offerHabit(d, &m, err)
	sure := d.Answers["ask"] == "" && !offered
	d.Answers["ask"] = ""
	if err == nil && m.At.After(t.Now) && sure {
		d.Answers["said"], d.Answers["heard"] = text, strconv.FormatInt(now.Unix(), 36)
		return decideWhen(ctx, t, d, m.At)
	}
	if d.Answers["often"] = ""; m.Often != moment.RepeatNever && (len(m.Maybe) > 0 || offered) {
		d.Answers["often"] = string(m.Often)
	}
	d, saveErr := keep(ctx, t, d)
	if saveErr != nil {
		return saveErr
	}
	var e *crm.Error
	switch {
	case err == nil && m.At.After(t.Now):
		m.Maybe = []time.Time{m.At}
	case err == nil:
		err = &crm.Error{Kind: crm.ErrInvalid, Field: "moment.past"}
	case errors.As(err, &e) && e.Field == "moment":
		err = nil // no time was named: that is what we ask for
	}
	return askWhen(ctx, t, d, m.Maybe, err)
}

// keep writes the dialog of a task, which may be new.
func keep(ctx context.Context, t *talk.Turn, d crm.Dialog) (crm.Dialog, error) {
	if d.Rev == 0 {
		return t.Open(ctx, d)
	}
	return t.Save(ctx, d)
}

// decideWhen makes the task of a dialog; one that says nothing yet waits for what is to be done.
func decideWhen(ctx context.Context, t *talk.Turn, d crm.Dialog, due time.Time) error {
	err := addTask(ctx, t, crm.TaskInput{Client: crm.ClientID(d.Answers["client"]), Text: d.Answers["text"], Due: due,
		Repeat: moment.Repeat(d.Answers["repeat"])})
	var e *crm.Error
	if !errors.As(err, &e) || e.Kind != crm.ErrInvalid || e.Field != "task" && e.Field != "due" {
		return err
	}
	d.Answers["at"] = strconv.FormatInt(due.Unix(), 36)
	if e.Field == "due" { // it has passed meanwhile
		d.Answers["at"], d.Answers["said"] = "", ""
	}
	d, failed := keep(ctx, t, d)
	switch {
	case failed != nil:
		return failed
	case e.Field == "due":
		return askWhen(ctx, t, d, nil, err)
	}
	return askWhat(ctx, t, d)
}

// askWhat asks what is to be done at a time that is known.
func askWhat(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	at := seen(d.Answers["at"]).In(t.Now.Location())
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("task.ask_what", "when", t.T.When(at, t.Now)),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.cancel"), talk.VerbCancel, "", "")}}})
}

// askWhen asks for the time: what it may have meant, the usual times, or any text.
func askWhen(ctx context.Context, t *talk.Turn, d crm.Dialog, maybe []time.Time, wrong error) error {
	text := d.Answers["text"]
	if text == "" && d.Answers["client"] != "" {
		c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.Answers["client"]))
		if err != nil {
			return err
		}
		text = t.T.Label("task.contact", "name", c.Name)
	}
	if text == "" {
		text = t.T.Label("task.new")
	}
	var rows [][]chat.Button
	for _, at := range maybe {
		rows = append(rows, []chat.Button{talk.Button(t.T.When(at, t.Now), talk.VerbForm, "", "at="+strconv.FormatInt(at.Unix(), 36))})
	}
	if often := moment.Repeat(d.Answers["often"]); often != moment.RepeatNever && len(maybe) > 0 {
		rows = append(rows, []chat.Button{talk.Button(offerLabel(t.T, often), talk.VerbForm, "",
			"often="+strconv.FormatInt(maybe[0].Unix(), 36))})
	}
	rows = append(rows, usualTimes(t, mostRows-1-len(rows))...)
	last, ask := []chat.Button{talk.Button(t.T.Label("button.cancel"), talk.VerbCancel, "", "")}, "task.ask_when"
	if isReply(d) {
		last, ask = append([]chat.Button{logButton(t, d)}, last...), "task.ask_reply"
	}
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML(ask, "text", fit.Line(text, maxAsked)), Buttons: append(rows, last)})
}

// mostRows is how many rows of buttons a thumb looks through.
const mostRows = 5

// usualTimes are the times that are offered at any time, in at most so many rows: the later ones, if not all find room.
func usualTimes(t *talk.Turn, most int) [][]chat.Button {
	var usual []chat.Button
	for _, s := range crm.Snoozes {
		if _, ok := s.Until(t.Now); ok {
			usual = append(usual, talk.Button(t.T.Label("snooze."+string(s)), talk.VerbForm, "", "in="+string(s)))
		}
	}
	usual = append(usual, talk.Button(t.T.Label("next.date"), talk.VerbForm, "", "day:"))
	return talk.Rows(3, usual[max(0, len(usual)-3*max(most, 1)):]...)
}

func showWhen(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if d.Answers["at"] != "" {
		return askWhat(ctx, t, d)
	}
	return askWhen(ctx, t, d, nil, nil)
}

func answerWhen(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	if d.Answers["text"] == "" { // it may be what is to be done
		return true, take(ctx, t, d, t.In.Text)
	}
	switch search, err := meantForSearch(ctx, t); {
	case err != nil || search:
		return false, err
	case timeless(t):
		return true, askWhen(ctx, t, d, nil, &crm.Error{Kind: crm.ErrInvalid, Field: "moment"})
	}
	return true, take(ctx, t, d, t.In.Text)
}

// timeless reports whether what was typed names no time at all.
func timeless(t *talk.Turn) bool {
	_, err := crm.ReadMoment(t.In.Text, t.Now)
	var e *crm.Error
	return errors.As(err, &e) && e.Field == "moment"
}

// meantForSearch reports whether an answer to "when?" that names no time is rather a client who is looked for.
func meantForSearch(ctx context.Context, t *talk.Turn) (bool, error) {
	if !timeless(t) {
		return false, nil
	}
	search, err := t.Searches(ctx)
	if errors.Is(err, crm.ErrDenied) {
		return false, nil
	}
	return search, err
}

func pressWhen(ctx context.Context, t *talk.Turn, d crm.Dialog, data talk.Data) error {
	if data.Verb == talk.VerbCancel {
		if id := d.Answers["client"]; id != "" {
			if err := t.End(ctx); err != nil {
				return err
			}
			return card.Open(ctx, t, crm.ClientID(id))
		}
		return t.Cancel(ctx, t.In.Message)
	}
	if data.Arg == "log" && isReply(d) {
		return logReply(ctx, t, d)
	}
	if arg, ok := strings.CutPrefix(data.Arg, "day:"); ok {
		return pickDay(ctx, t, d, arg)
	}
	kind, value, _ := strings.Cut(data.Arg, "=")
	due, ok := crm.Snooze(value).Until(t.Now)
	if kind == "often" {
		d.Answers["repeat"] = d.Answers["often"]
	}
	if kind == "at" || kind == "often" {
		sec, err := strconv.ParseInt(value, 36, 64)
		due, ok = time.Unix(sec, 0).In(t.Now.Location()), err == nil
	}
	if !ok {
		return t.Stale(ctx)
	}
	return decideWhen(ctx, t, d, due)
}

// pickDay leafs through the calendar of a new task, or takes the picked day.
func pickDay(ctx context.Context, t *talk.Turn, d crm.Dialog, arg string) error {
	if day, ok := calendar.Picked(arg); ok {
		return decideWhen(ctx, t, d, crm.ContactAt(day, t.Now))
	}
	p := calendar.Picker{T: t.T, For: "day", Verb: talk.VerbForm, Today: t.Today(), Days: calendar.Future}
	rows := append(p.Rows(calendar.View(arg)), []chat.Button{talk.Button(t.T.Label("button.cancel"), talk.VerbCancel, "", "")})
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("until.ask"), Buttons: rows})
}

func addTask(ctx context.Context, t *talk.Turn, in crm.TaskInput) error {
	task, who, err := t.Desk.NoteTask(ctx, t.By, in)
	if err != nil {
		return err
	}
	if d, ok, err := t.Dialog(ctx); err != nil {
		return err
	} else if ok && d.Form == formWhen {
		if err := t.End(ctx); err != nil {
			return err
		}
	}
	return showNoted(ctx, t, task, who)
}

const formUntil = "until"

// untilForm asks until when a matter is put off: a day of the calendar, whose buttons do without the dialog, or any text.
var untilForm = talk.Form{Question: true, Answer: answerUntil,
	Press: func(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
		if err := t.End(ctx); err != nil {
			return err
		}
		return showMatter(ctx, t, matterIn(d), "")
	},
	Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
		return showUntil(ctx, t, d, until{})
	},
}

// askUntil opens the question until when a matter is put off.
func askUntil(ctx context.Context, t *talk.Turn, m matter) error {
	if t.In.Chat.Group { // nothing is typed to us there: the calendar does without
		return showUntil(ctx, t, crm.Dialog{Answers: map[string]string{"id": m.id, "matter": m.arg("")}}, until{})
	}
	d, err := t.Open(ctx, crm.Dialog{Form: formUntil, Screen: t.In.Message,
		Answers: map[string]string{"id": m.id, "matter": m.arg(""), "origin": strconv.FormatInt(t.In.Message, 10)}})
	if err != nil {
		return err
	}
	return showUntil(ctx, t, d, until{})
}

// until is what the question shows beside the calendar's month: what was wrong with the last answer, and what it may have
// meant.
type until struct {
	month calendar.View
	maybe []time.Time
	wrong error
}

// showUntil shows the calendar, and above it what a doubtful answer may have meant.
func showUntil(ctx context.Context, t *talk.Turn, d crm.Dialog, u until) error {
	m := matterIn(d)
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if !s.open() {
		return showAsIs(ctx, t, m)
	}
	var rows [][]chat.Button
	for _, at := range u.maybe {
		rows = append(rows, []chat.Button{m.button(t.T.When(at, t.Now), talk.VerbLater, "at:"+strconv.FormatInt(at.Unix(), 36))})
	}
	p := calendar.Picker{T: t.T, ID: m.id, For: m.arg("day"), Verb: talk.VerbLater, Today: t.Today(), Days: calendar.Future}
	rows = append(append(rows, p.Rows(u.month)...), []chat.Button{m.button(t.T.Label("button.back"), talk.VerbDue, "")})
	screen := chat.Screen{Text: s.title + "\n" + t.Refusal(u.wrong) + t.T.HTML("until.ask"), Buttons: rows}
	if d.Form == "" { // its question has been dropped; the calendar goes on
		_, err := t.Show(ctx, screen)
		return err
	}
	return t.Present(ctx, d, screen)
}

// laterDay leafs through the calendar of a matter, or puts the matter off to the picked day or moment.
func laterDay(ctx context.Context, t *talk.Turn, m matter, more string) error {
	what, arg, _ := strings.Cut(more, ":")
	d, ok, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	if !ok || d.Form != formUntil || d.Answers["id"] != m.id {
		d = crm.Dialog{Answers: map[string]string{"id": m.id, "matter": m.arg("")}}
	}
	at := seen(arg).In(t.Now.Location())
	if day, picked := calendar.Picked(arg); picked && what == "day" {
		at = crm.ContactAt(day, t.Now)
	} else if what == "day" {
		return showUntil(ctx, t, d, until{month: calendar.View(arg)})
	}
	return decideUntil(ctx, t, d, at)
}

func answerUntil(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	if _, waits, err := stillWaits(ctx, t, d); err != nil || !waits {
		return false, err
	}
	if search, err := meantForSearch(ctx, t); err != nil || search {
		return false, err
	}
	m, err := crm.ReadMoment(t.In.Text, t.Now)
	switch {
	case err == nil && !m.Unread():
		return true, decideUntil(ctx, t, d, m.At)
	case err == nil:
		err = &crm.Error{Kind: crm.ErrInvalid, Field: "moment"}
	case !errors.Is(err, crm.ErrInvalid):
		return true, err
	}
	return true, showUntil(ctx, t, d, until{maybe: m.Maybe, wrong: err})
}

// decideUntil puts the matter of a dialog off and closes the dialog: last, so that an answer that could not be carried out is not taken for
// a search when it comes again.
func decideUntil(ctx context.Context, t *talk.Turn, d crm.Dialog, at time.Time) (err error) {
	m := matterIn(d)
	if d.Form == "" { // nothing was asked
		return putOffTo(ctx, t, m, d.Answers, at)
	}
	if d, err = t.Save(ctx, d); err != nil {
		return err
	}
	if err := putOffTo(ctx, t, m, d.Answers, at); err != nil {
		return err
	}
	return t.End(ctx)
}

func putOffTo(ctx context.Context, t *talk.Turn, m matter, answers map[string]string, at time.Time) error {
	if repeat := moment.Repeat(answers["repeat"]); repeat != moment.RepeatNever {
		return reschedule(ctx, t, m, moment.Moment{At: at, Repeat: repeat}, answers["origin"])
	}
	p := m.putOff()
	p.Until = at
	return putOff(ctx, t, m, p, answers["origin"])
}

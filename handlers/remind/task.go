package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

const formWhen = "when"

// Register adds tasks, reminders and the day's lists to the conversation.
func Register(r *talk.Router) {
	r.Command("task", newTask)
	r.Command("today", today)
	r.Command("tasks", func(ctx context.Context, t *talk.Turn) error { return tasks(ctx, t, nil) })
	r.Command("birthdays", birthdays)
	r.Press(talk.VerbAgenda, agenda)
	r.Press(talk.VerbRemind, remindOf)
	r.Press(talk.VerbTask, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		return openTask(ctx, t, crm.TaskID(d.ID), "")
	})
	r.Press(talk.VerbTaskDone, closeTask(crm.TaskDone, "task.done"))
	r.Press(talk.VerbTaskDrop, closeTask(crm.TaskDropped, "task.dropped"))
	r.Press(talk.VerbTaskMiss, miss)
	r.Press(talk.VerbTaskSnooze, snooze)
	r.Press(talk.VerbContactMiss, contactMiss)
	r.Press(talk.VerbContact, contactLater)
	r.Press(talk.VerbGreet, greet)
	registerSettings(r)
	r.Message(followUp)
	r.Form(formWhen, talk.Form{Title: "task.new", Question: true, Key: whenKey, Answer: answerWhen, Press: pressWhen, Show: showWhen})
}

func agenda(ctx context.Context, t *talk.Turn, d talk.Data) error {
	list, mark, _ := strings.Cut(d.Arg, ".")
	switch list {
	case "tasks":
		return tasks(ctx, t, parseMark(mark))
	case "birthdays":
		return birthdays(ctx, t)
	}
	return today(ctx, t)
}

// newTask reads "/task позвонить Иванову завтра в 10"; what has no time is asked for it.
func newTask(ctx context.Context, t *talk.Turn) error {
	d := crm.Dialog{Form: formWhen, Answers: map[string]string{"key": "w-" + string(t.By.Cause)}}
	text := strings.TrimSpace(t.In.Args)
	if text != "" {
		return take(ctx, t, d, text)
	}
	d, err := t.Open(ctx, d)
	if err != nil {
		return err
	}
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("task.how"),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.cancel"), talk.VerbCancel, "", "")}}})
}

// whenKey is the name under which a task that waits for its time is kept; one without a text holds nothing.
func whenKey(d crm.Dialog) string {
	if d.Answers["text"] == "" {
		return ""
	}
	return d.Answers["key"]
}

// followUp takes a reply to a card that begins with a time as something to do then.
func followUp(ctx context.Context, t *talk.Turn) (bool, error) {
	id, ok := talk.ClientOf(t.In)
	if !ok || t.In.Text == "" || t.In.Forward != nil || t.In.File != nil {
		return false, nil
	}
	m, ok := crm.ReadFollowUp(t.In.Text, t.Now)
	if !ok {
		return false, nil
	}
	return true, addTask(ctx, t, crm.TaskInput{Client: id, Text: m.Rest, Due: m.At, Repeat: m.Repeat})
}

// remindOf asks when to be reminded of a client, or takes the snooze that was pressed.
func remindOf(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if until, ok := crm.Snooze(d.Arg).Until(t.Now); ok {
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
	m, err := crm.ReadMoment(text, t.Now)
	if err != nil && !errors.Is(err, crm.ErrInvalid) {
		return err
	}
	if d.Answers["text"] != "" && m.Unread() {
		return askWhen(ctx, t, d, nil, &crm.Error{Kind: crm.ErrInvalid, Field: "moment"})
	}
	if m.Rest != "" {
		d.Answers["text"] = strings.TrimSpace(d.Answers["text"] + " " + m.Rest)
	}
	if m.Repeat != crm.RepeatNever {
		d.Answers["repeat"] = string(m.Repeat)
	}
	if err == nil {
		return addTask(ctx, t, crm.TaskInput{Client: crm.ClientID(d.Answers["client"]), Text: d.Answers["text"], Due: m.At, Repeat: crm.Repeat(d.Answers["repeat"])})
	}
	open := t.Save
	if d.Rev == 0 {
		open = t.Open
	}
	d, saveErr := open(ctx, d)
	if saveErr != nil {
		return saveErr
	}
	var e *crm.Error
	if errors.As(err, &e) && e.Field == "moment" {
		err = nil // no time was named: that is what we ask for
	}
	return askWhen(ctx, t, d, m.Maybe, err)
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
	var rows [][]chat.Button
	for _, at := range maybe {
		rows = append(rows, []chat.Button{talk.Button(t.T.When(at, t.Now), talk.VerbForm, "", "at="+strconv.FormatInt(at.Unix(), 36))})
	}
	rows = append(rows, later(t.T, t.Now, func(s crm.Snooze) chat.Button {
		return talk.Button(t.T.Label("snooze."+string(s)), talk.VerbForm, "", "in="+string(s))
	})...)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.cancel"), talk.VerbCancel, "", "")})
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML("task.ask_when", "text", fit.Line(text, maxAsked)), Buttons: rows})
}

func showWhen(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	return askWhen(ctx, t, d, nil, nil)
}

func answerWhen(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	return true, take(ctx, t, d, t.In.Text)
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
	kind, value, _ := strings.Cut(data.Arg, "=")
	due, ok := crm.Snooze(value).Until(t.Now)
	if kind == "at" {
		sec, err := strconv.ParseInt(value, 36, 64)
		due, ok = time.Unix(sec, 0).In(t.Now.Location()), err == nil
	}
	if !ok {
		return t.Stale(ctx)
	}
	return addTask(ctx, t, crm.TaskInput{Client: crm.ClientID(d.Answers["client"]), Text: d.Answers["text"], Due: due, Repeat: crm.Repeat(d.Answers["repeat"])})
}

func addTask(ctx context.Context, t *talk.Turn, in crm.TaskInput) error {
	task, err := t.Desk.AddTask(ctx, t.By, in)
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
	return openTask(ctx, t, task.ID, "task.saved")
}

// openTask shows a task as it now is; said is a line that tells what was just done to it.
func openTask(ctx context.Context, t *talk.Turn, id crm.TaskID, said string) error {
	task, err := t.Desk.Task(ctx, t.By, id)
	if err != nil {
		return err
	}
	var c crm.Client
	if task.Client != "" {
		if c, err = t.Desk.Client(ctx, t.By, task.Client); err != nil && !errors.Is(err, crm.ErrNotFound) {
			return err
		}
	}
	lines := []string{t.T.HTML("remind.task", "text", taskTitle(t.T, task, c.Name))}
	switch {
	case said != "":
		lines = append(lines, t.T.HTML(said, "when", t.T.When(task.Due.In(t.Now.Location()), t.Now)))
	case task.State == crm.TaskOpen:
		lines = append(lines, t.T.HTML("task.due", "when", t.T.When(task.Due.In(t.Now.Location()), t.Now)))
	default:
		lines = append(lines, t.T.HTML("task."+string(task.State)))
	}
	if task.Repeat != crm.RepeatNever {
		lines = append(lines, t.T.HTML("repeat."+string(task.Repeat)))
	}
	if task.Attempts > 0 {
		lines = append(lines, t.T.HTML("task.attempts", "n", task.Attempts))
	}
	if c.ID != "" {
		who, err := clientLines(ctx, t, c)
		if err != nil {
			return err
		}
		lines = append(lines, who...)
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: taskButtons(t.T, task, t.Now)})
	return err
}

// taskButtons finish a task, or put it off; one that is over leads to its client.
func taskButtons(t *locales.Texts, task crm.Task, now time.Time) [][]chat.Button {
	id := string(task.ID)
	var rows [][]chat.Button
	if task.State == crm.TaskOpen {
		first := []chat.Button{talk.Button(t.Label("button.task_done"), talk.VerbTaskDone, id, seenArg(task.Occurrence()))}
		if task.Client != "" {
			first = append(first, talk.Button(t.Label("outcome.not_reached"), talk.VerbTaskMiss, id, seenArg(task.Due)))
		}
		rows = append(rows, first)
		rows = append(rows, later(t, now, func(s crm.Snooze) chat.Button {
			return talk.Button(t.Label("snooze."+string(s)), talk.VerbTaskSnooze, id, string(s))
		})...)
	}
	var last []chat.Button
	if task.Client != "" {
		last = append(last, cardRow(t, string(task.Client))...)
		if task.State == crm.TaskDone {
			last = append(last, talk.Button(t.Label("button.touch"), talk.VerbTouch, string(task.Client), ""))
		}
	}
	if task.State == crm.TaskOpen {
		last = append(last, talk.Button(t.Label("button.task_drop"), talk.VerbTaskDrop, id, ""))
	}
	if len(last) > 0 {
		rows = append(rows, last)
	}
	return rows
}

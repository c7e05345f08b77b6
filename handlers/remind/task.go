package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

const formWhen = "when"

// Register adds tasks, reminders and the day's lists to the conversation.
func Register(r *talk.Router) {
	r.Command("task", newTask)
	r.Command("today", func(ctx context.Context, t *talk.Turn) error { return today(ctx, t, 0) })
	r.Command("tasks", func(ctx context.Context, t *talk.Turn) error { return tasks(ctx, t, 0) })
	r.Command("birthdays", func(ctx context.Context, t *talk.Turn) error { return birthdays(ctx, t, 0) })
	r.Press(talk.VerbAgenda, agenda)
	r.Press(talk.VerbRemind, remindOf)
	r.Press(talk.VerbTask, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		return showMatter(ctx, t, matter{kind: aboutTask, id: d.ID}, "")
	})
	r.StartLink(talk.TaskPrefix, func(ctx context.Context, t *talk.Turn) error {
		return showMatter(ctx, t, matter{kind: aboutTask, id: t.In.Args[len(talk.TaskPrefix):]}, "")
	})
	registerFinish(r)
	registerWho(r)
	registerHow(r)
	r.Press(talk.VerbFailures, failures)
	registerSettings(r)
	registerStale(r)
	registerWeek(r)
	r.Message(moved)
	r.Message(followUp)
	r.Form(formWhen, talk.Form{Title: "task.new", Question: true, Key: whenKey, Answer: answerWhen, Press: pressWhen, Show: showWhen})
}

// newTask reads "/task позвонить Иванову завтра в 10"; what has no time is asked for it. In reply to a card it is about that
// client.
func newTask(ctx context.Context, t *talk.Turn) error {
	d := crm.Dialog{Form: formWhen, Answers: map[string]string{"key": "w-" + string(t.By.Cause)}}
	if id, ok := talk.ClientOf(t.In); ok {
		d.Answers["client"] = string(id)
	}
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

// whenKey is the name under which a task that waits for its time or its text is kept; one without either holds nothing.
func whenKey(d crm.Dialog) string {
	if d.Answers["text"] == "" && d.Answers["at"] == "" {
		return ""
	}
	return d.Answers["key"]
}

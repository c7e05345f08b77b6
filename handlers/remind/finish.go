package remind

import (
	"context"
	"errors"
	"strconv"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// closeTask ends a task; ended is the line that tells so. Pressed again on one that has gone on to its next turn it shows the
// task as it is.
func closeTask(as crm.TaskState, ended string) func(context.Context, *talk.Turn, talk.Data) error {
	return func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		task, err := t.Desk.CloseTask(ctx, t.By, crm.TaskID(d.ID), as, seen(d.Arg))
		if errors.Is(err, crm.ErrConflict) {
			return openTask(ctx, t, crm.TaskID(d.ID), "")
		}
		if err != nil {
			return err
		}
		said := ended
		if task.State == crm.TaskOpen {
			said = "task.next" // it repeats
		}
		return openTask(ctx, t, task.ID, said)
	}
}

// seenArg carries the time that a button was shown with, so that pressed again it does nothing: seconds, base 36.
func seenArg(at time.Time) string { return strconv.FormatInt(at.Unix(), 36) }

// seen reads seenArg; zero for a button of the days before.
func seen(arg string) time.Time {
	sec, err := strconv.ParseInt(arg, 36, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(sec, 0)
}

// miss counts that the client was not reached and proposes tomorrow. Pressed again it shows the task as it is.
func miss(ctx context.Context, t *talk.Turn, d talk.Data) error {
	until, _ := crm.SnoozeTomorrow.Until(t.Now)
	task, err := t.Desk.MissTask(ctx, t.By, crm.TaskID(d.ID), seen(d.Arg), until)
	if errors.Is(err, crm.ErrConflict) {
		return openTask(ctx, t, crm.TaskID(d.ID), "")
	}
	if err != nil {
		return err
	}
	return openTask(ctx, t, task.ID, "task.missed")
}

func snooze(ctx context.Context, t *talk.Turn, d talk.Data) error {
	until, ok := crm.Snooze(d.Arg).Until(t.Now)
	if !ok {
		return t.Stale(ctx)
	}
	task, err := t.Desk.SnoozeTask(ctx, t.By, crm.TaskID(d.ID), until)
	if err != nil {
		return err
	}
	return openTask(ctx, t, task.ID, "task.snoozed")
}

func contactMiss(ctx context.Context, t *talk.Turn, d talk.Data) error {
	until, _ := crm.SnoozeTomorrow.Until(t.Now)
	return moveContact(ctx, t, crm.ClientID(d.ID), crm.PutOff{Seen: seen(d.Arg), Until: until, Missed: true})
}

func contactLater(ctx context.Context, t *talk.Turn, d talk.Data) error {
	until, ok := crm.Snooze(d.Arg).Until(t.Now)
	if !ok {
		return t.Stale(ctx)
	}
	return moveContact(ctx, t, crm.ClientID(d.ID), crm.PutOff{Until: until})
}

// moveContact puts the next contact off and shows that on the reminder itself; one that has been dealt with shows the card.
func moveContact(ctx context.Context, t *talk.Turn, id crm.ClientID, p crm.PutOff) error {
	c, err := t.Desk.SnoozeContact(ctx, t.By, id, p)
	if errors.Is(err, crm.ErrConflict) {
		return card.Open(ctx, t, id)
	}
	if err != nil {
		return err
	}
	said := "contact.snoozed"
	if p.Missed {
		said = "contact.missed"
	}
	_, err = t.Show(ctx, chat.Screen{
		Text:    t.T.HTML(said, "name", c.Name, "when", t.T.When(p.Until, t.Now)),
		Buttons: [][]chat.Button{cardRow(t.T, string(c.ID))},
	})
	return err
}

// greet finishes a birthday: congratulated, tomorrow, or not this year.
func greet(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.ClientID(d.ID)
	if d.Arg == "tomorrow" {
		c, err := t.Desk.Client(ctx, t.By, id)
		if err != nil {
			return err
		}
		until, _ := crm.SnoozeTomorrow.Until(t.Now)
		t.By.Cause = crm.Cause("greet." + d.ID + "." + crm.DateOf(until).String() + "." + string(t.By.ID)) // pressed twice it is one task
		return addTask(ctx, t, crm.TaskInput{Client: id, Text: t.T.Label("birthday.task", "name", c.Name), Due: until})
	}
	c, err := t.Desk.GreetClient(ctx, t.By, id, d.Arg == "done", t.T.Label("birthday.wished"))
	if err != nil {
		return err
	}
	if d.Arg == "done" {
		t.Toast(t.T.Label("birthday.noted"))
	}
	return card.Show(ctx, t, c)
}

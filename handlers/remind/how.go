package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// What of a task is set: talk.VerbHow carries it behind the matter, to ask for it, or with = and the value.
const (
	howRepeat = "repeat"
	howNote   = "note"
)

// repeats are what is offered; any other can be typed: «каждые 2 недели по вторникам».
var repeats = []moment.Repeat{moment.RepeatDaily, moment.RepeatWorkdays, moment.RepeatWeekly, moment.RepeatMonthly, moment.RepeatYearly, moment.RepeatNever}

const (
	formTaskNote   = "tasknote"
	formTaskRepeat = "taskrepeat"
)

func registerHow(r *talk.Router) {
	r.Press(talk.VerbHow, onMatter(how))
	r.Form(formTaskNote, talk.Form{Question: true, Answer: answerTaskNote,
		Press: func(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
			if err := t.End(ctx); err != nil {
				return err
			}
			return showMatter(ctx, t, matterIn(d), "")
		},
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			s, err := stand(ctx, t, matterIn(d))
			if err != nil {
				return err
			}
			return askTaskNote(ctx, t, d, s, nil)
		}})
	r.Form(formTaskRepeat, talk.Form{Question: true, Answer: answerRepeat,
		Press: func(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
			return showMatter(ctx, t, matterIn(d), "")
		},
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			s, err := stand(ctx, t, matterIn(d))
			if err != nil {
				return err
			}
			return askRepeat(ctx, t, s)
		}})
}

// how asks how often a task comes again or for its note, or sets what was pressed.
func how(ctx context.Context, t *talk.Turn, m matter, more string) error {
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if !s.open() || s.has != "" || !s.settable() {
		return showAsIs(ctx, t, m)
	}
	switch what, value, chosen := strings.Cut(more, "="); {
	case what == howNote && chosen:
		return annotate(ctx, t, s, "")
	case what == howNote:
		d, err := t.Open(ctx, crm.Dialog{Form: formTaskNote, Screen: t.In.Message,
			Answers: map[string]string{"id": s.id, "matter": s.arg(""), "origin": strconv.FormatInt(t.In.Message, 10)}})
		if err != nil {
			return err
		}
		return askTaskNote(ctx, t, d, s, nil)
	case what == howRepeat && chosen:
		s.matter.seen = m.seen
		return repeatAs(ctx, t, s, moment.Repeat(value))
	case what == howRepeat:
		return askRepeat(ctx, t, s)
	}
	return t.Stale(ctx)
}

// settable reports whether one may say of a matter how often it comes again, and more of it: a task is, unless it is an occasion or what
// the law asks for.
func (s standing) settable() bool {
	return s.kind == aboutTask && s.day.Kind == "" && !counts(s.c, s.matter)
}

// howButtons lead to what can be said of a task.
func (v view) howButtons(m matter) []chat.Button {
	return []chat.Button{m.button(v.t.Label("button.repeat"), talk.VerbHow, howRepeat), m.button(v.t.Label("button.task_note"), talk.VerbHow, howNote)}
}

// askTaskNote waits for what else there is to say of a task.
func askTaskNote(ctx context.Context, t *talk.Turn, d crm.Dialog, s standing, wrong error) error {
	lines := append([]string{s.title}, taskNote(t, s.task)...)
	row := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbBack, "", "")}
	if s.task.Note() != "" {
		row = append(row, s.button(t.T.Label("button.no_note"), talk.VerbHow, howNote+"="))
	}
	text := t.Refusal(wrong) + strings.Join(append(lines, t.T.HTML("task.ask_note")), "\n")
	return t.Present(ctx, d, chat.Screen{Text: text, Buttons: [][]chat.Button{row}})
}

func taskNote(t *talk.Turn, task crm.Task) []string { return viewOf(t).taskNote(task) }

// taskNote is what else there is to say of a task.
func (v view) taskNote(task crm.Task) []string {
	if task.Note() == "" {
		return nil
	}
	return []string{v.t.HTML("task.note", "text", fit.Lines(task.Note(), maxAsked))}
}

func answerTaskNote(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	s, waits, err := stillWaits(ctx, t, d)
	if err != nil || !waits {
		return false, err
	}
	err = annotate(ctx, t, s, t.In.Text)
	if errors.Is(err, crm.ErrInvalid) {
		err = askTaskNote(ctx, t, d, s, err)
	}
	return true, err
}

// annotate gives a task its note and shows it with that, and with the way to take it back.
func annotate(ctx context.Context, t *talk.Turn, s standing, note string) error {
	task, err := t.Desk.AnnotateTask(ctx, t.By, s.task.ID, note)
	if err != nil {
		return asIsOr(ctx, t, s.matter, err)
	}
	if err := t.EndForm(ctx, formTaskNote); err != nil {
		return err
	}
	now, err := stand(ctx, t, taskMatter(task))
	if err != nil {
		return err
	}
	screen := now.screen(ctx, t, "")
	back := now.takeBack(t.T, task.Rev)
	if n := len(screen.Buttons); n > 0 && len(screen.Buttons[n-1]) < 3 {
		screen.Buttons[n-1] = append(screen.Buttons[n-1], back)
	} else {
		screen.Buttons = append(screen.Buttons, []chat.Button{back})
	}
	return show(ctx, t, now.matter, screen)
}

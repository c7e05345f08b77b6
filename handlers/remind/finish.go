package remind

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// registerFinish adds what ends a matter or puts it off.
func registerFinish(r *talk.Router) {
	r.Press(talk.VerbDue, onMatter(due))
	r.Press(talk.VerbFinish, onMatter(finish))
	r.Press(talk.VerbMiss, onMatter(miss))
	r.Press(talk.VerbLater, onMatter(later))
	r.Press(talk.VerbRetract, onMatter(retract))
	r.Press(talk.VerbWrite, onMatter(write))
	r.Press(talk.VerbPass, onMatter(pass))
	r.Press(talk.VerbOrder, order)
	r.Press(talk.VerbTaskDrop, onOld(aboutTask, false, drop))
	r.Press(talk.VerbGreet, greet)
	r.Press(talk.VerbOccasion, settleOccasion)
	r.Press(talk.VerbTaskDone, onOld(aboutTask, true, finish))
	r.Press(talk.VerbTaskMiss, onOld(aboutTask, true, miss))
	r.Press(talk.VerbTaskSnooze, onOld(aboutTask, false, later))
	r.Press(talk.VerbContactMiss, onOld(aboutContact, true, miss))
	r.Press(talk.VerbContact, onOld(aboutContact, false, later))
	r.Form(formUntil, untilForm)
	r.Form(formFinish, talk.Form{Title: "finish.title", Question: true, Key: finishKey, Answer: answerFinish, Press: pressFinish, Show: showFinish})
}

// noOutcome is what the button carries for a matter that ended without any.
const noOutcome = "none"

// finish asks how a matter ended, and ends it.
func finish(ctx context.Context, t *talk.Turn, m matter, more string) error {
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	s.seen = m.seen
	outcome := crm.Outcome(more)
	switch {
	case s.open() && s.has == "" && counts(s.c, s.matter):
		t.Alert(t.T.Label("error.denied.task.erasure"))
		return showMatter(ctx, t, m, "")
	case !s.open() || s.occasional() || s.has != "", s.task.Repeat != moment.RepeatNever && m.seen.IsZero():
		return showAsIs(ctx, t, m)
	case s.day.Kind != "":
		return celebrate(ctx, t, m, cmp.Or(more, "done"))
	case more == "" && (s.c.ID != "" || s.task.Client != ""): // of whom one need not have the card
		return beginFinish(ctx, t, s)
	case more == noOutcome, more == "":
		outcome = crm.OutcomeNone
	case more == "parts":
		return beginParts(ctx, t, s)
	case more == string(crm.OutcomeBought)+untold:
		outcome = crm.OutcomeBought
	case !slices.Contains(crm.Outcomes, outcome):
		return t.Stale(ctx)
	case outcome == crm.OutcomeBought:
		if asked, err := askBought(ctx, t, s); asked || err != nil {
			return err
		}
	}
	return end(ctx, t, s, outcome)
}

// end ends a matter with what was said of it, and shows that on its reminder.
func end(ctx context.Context, t *talk.Turn, s standing, outcome crm.Outcome) error {
	e := s.ending()
	e.Outcome = outcome
	d, mine, err := finishing(ctx, t, s.matter)
	if err != nil {
		return err
	}
	if mine {
		names, _, err := t.NoteParts(ctx)
		if err != nil {
			return err
		}
		said := saidIn(d, names)
		if p, rest := crm.PurchaseIn(said); outcome == crm.OutcomeBought {
			e.Purchase, said = &p, rest
		}
		e.Text, e.Next, e.Files = crm.ComposeNote(names, said), crm.NoteNext(said, t.Now), filesIn(d)
	}
	decided, rev, err := endAs(ctx, t, s, e)
	if errors.Is(err, crm.ErrConflict) {
		return showAsIs(ctx, t, s.matter)
	}
	if err != nil {
		return err
	}
	if mine {
		if err := t.EndThis(ctx, d); err != nil {
			return err
		}
	}
	if e.Text != "" {
		decided += "\n" + t.T.HTML("finish.note", "text", fit.Text(e.Text, maxAsked))
	}
	if !e.Next.IsZero() {
		decided += "\n" + t.T.HTML("finish.next", "when", t.T.When(e.Next, t.Now))
	}
	return settleOn(ctx, t, s, decision{text: decided, rev: rev, origin: d.Answers["origin"]})
}

// endAs calls the use case and says what was decided.
func endAs(ctx context.Context, t *talk.Turn, s standing, e crm.Ending) (decided string, rev int64, err error) {
	how := t.T.Label("task.done")
	if e.Outcome != crm.OutcomeNone {
		how = t.T.Label("task.done_with", "outcome", t.T.Small("outcome."+string(e.Outcome)))
	}
	decided = t.T.HTML("task.ended", "how", how, "who", crm.GivenName(t.By.Name), "when", t.T.When(t.Now, t.Now))
	if s.kind != aboutTask {
		c, err := t.Desk.FinishContact(ctx, t.By, crm.ClientID(s.id), e)
		return decided, c.Rev, err
	}
	task, err := t.Desk.FinishTask(ctx, t.By, crm.TaskID(s.id), e)
	if err == nil && task.State == crm.TaskOpen { // it repeats
		decided += "\n" + t.T.HTML("task.next", "when", t.T.When(task.Due.In(t.Now.Location()), t.Now))
	}
	return decided, task.Rev, err
}

// miss counts that the client was not reached; when to try again is proposed by taking it, and another time is a tap away.
func miss(ctx context.Context, t *talk.Turn, m matter, _ string) error {
	d := decision{}
	if m.kind != aboutTask {
		p := m.putOff()
		p.Missed = true
		c, err := t.Desk.SnoozeContact(ctx, t.By, crm.ClientID(m.id), p)
		if err != nil {
			return asIsOr(ctx, t, m, err)
		}
		d.text, d.rev = t.T.HTML("task.missed", "when", t.T.When(c.NextContact.In(t.Now.Location()), t.Now)), c.Rev
	} else {
		task, err := t.Desk.MissTask(ctx, t.By, crm.TaskID(m.id), m.seen, time.Time{})
		if err != nil {
			return asIsOr(ctx, t, m, err)
		}
		d.text, d.rev = t.T.HTML("task.missed", "when", t.T.When(task.Due.In(t.Now.Location()), t.Now)), task.Rev
	}
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if s.task.Attempts > 1 {
		d.text += "\n" + t.T.HTML("task.attempts", "n", s.task.Attempts)
	}
	d.rows = viewOf(t).later(s.matter)
	return settleOn(ctx, t, s, d)
}

// later puts a matter off; "date" asks until when.
func later(ctx context.Context, t *talk.Turn, m matter, more string) error {
	if more == "date" {
		return askUntil(ctx, t, m)
	}
	if strings.Contains(more, ":") {
		return laterDay(ctx, t, m, more)
	}
	until, ok := crm.Snooze(more).Until(t.Now)
	if !ok {
		return t.Stale(ctx)
	}
	p := m.putOff()
	p.Until = until
	return putOff(ctx, t, m, p, "")
}

// putOff puts a matter off and shows that on its reminder.
func putOff(ctx context.Context, t *talk.Turn, m matter, p crm.PutOff, origin string) error {
	d := decision{text: t.T.HTML("task.snoozed", "when", t.T.When(p.Until, t.Now)), origin: origin}
	switch {
	case m.kind == aboutTask:
		task, err := t.Desk.SnoozeTask(ctx, t.By, crm.TaskID(m.id), p.Seen, p.Until)
		if err != nil {
			return asIsOr(ctx, t, m, err)
		}
		d.rev = task.Rev
	case m.occasional():
		c, err := t.Desk.SnoozeOccasion(ctx, t.By, crm.ClientID(m.id), crm.Finish{Kind: m.occasion(), Date: m.date}, p.Until)
		if err != nil {
			return asIsOr(ctx, t, m, err)
		}
		d.rev = c.Rev
	default:
		c, err := t.Desk.SnoozeContact(ctx, t.By, crm.ClientID(m.id), p)
		if err != nil {
			return asIsOr(ctx, t, m, err)
		}
		d.rev = c.Rev
	}
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if !s.kept.Until.IsZero() {
		d.text += "\n" + t.T.HTML("task.kept", "when", t.T.When(s.kept.Until.In(t.Now.Location()), t.Now))
	}
	if s.day.Kind != "" {
		d.rows = viewOf(t).later(s.matter)
	}
	return settleOn(ctx, t, s, d)
}

// drop ends a task that is no longer wanted.
func drop(ctx context.Context, t *talk.Turn, m matter, _ string) error {
	before, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if !before.open() {
		return showAsIs(ctx, t, m)
	}
	task, err := t.Desk.CloseTask(ctx, t.By, crm.TaskID(m.id), crm.TaskDropped, before.seen)
	if err != nil {
		return asIsOr(ctx, t, m, err)
	}
	before.task = task
	return settleOn(ctx, t, before, decision{text: before.ended(ctx, t), rev: task.Rev})
}

// clientBack ends the argument of a button that takes back the handing over of the client.
const clientBack = ".c"

// retract takes back what was decided: the matter is as it was, with its buttons.
func retract(ctx context.Context, t *talk.Turn, m matter, more string) error {
	number, client := strings.CutSuffix(more, clientBack)
	rev, err := strconv.ParseInt(number, 36, 64)
	if err != nil {
		return t.Stale(ctx)
	}
	switch {
	case m.kind == aboutTask:
		_, err = t.Desk.UndoTask(ctx, t.By, crm.TaskID(m.id), rev)
	case client:
		var c crm.Client
		if c, err = t.Desk.TakeBackClient(ctx, t.By, crm.ClientID(m.id), rev); err == nil && c.EraseTask != "" && m == deadlineOf(c) {
			m = matter{kind: aboutTask, id: string(c.EraseTask)}
		}
	case m.kind == aboutOffer:
		_, err = t.Desk.UndoOffer(ctx, t.By, crm.ClientID(m.id), rev)
	default:
		_, err = t.Desk.UndoContact(ctx, t.By, crm.ClientID(m.id), rev)
	}
	if err != nil {
		return asIsOr(ctx, t, m, err)
	}
	t.Toast(t.T.Label("card.undone"))
	if err := noteSettled(ctx, t, ""); err != nil {
		return err
	}
	w, ok, err := walkOn(ctx, t, t.In.Message)
	if err != nil {
		return err
	}
	if ok {
		delete(w.dealt, slices.IndexFunc(w.items, m.same))
		if err := w.save(ctx, t, t.In.Message); err != nil {
			return err
		}
	}
	return showMatter(ctx, t, m, "")
}

// asIsOr shows the matter as it now is if an error says that it has changed, and returns any other error.
func asIsOr(ctx context.Context, t *talk.Turn, m matter, err error) error {
	if errors.Is(err, crm.ErrConflict) {
		return showAsIs(ctx, t, m)
	}
	return err
}

// showAsIs answers a button of a matter that has changed since: how it stands. If it was this very button that changed it, pressed
// twice, the message says what was decided already and stays.
func showAsIs(ctx context.Context, t *talk.Turn, m matter) error {
	t.Toast(t.T.Label("press.settled"))
	v, _, err := t.View(ctx, t.In.Message)
	if err != nil || t.In.Press != nil && v.Answers[answerSettled] == t.In.Press.Data {
		return err
	}
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	return show(ctx, t, m, s.screen(ctx, t, ""))
}

// answerSettled is what a message's view calls the button that settled what the message was about.
const answerSettled = "settled"

// noteSettled notes which button has settled what the pressed message is about; "" if it is open again.
func noteSettled(ctx context.Context, t *talk.Turn, button string) error {
	v, _, err := t.View(ctx, t.In.Message)
	if err != nil || t.In.Chat.Group || v.Answers[answerSettled] == button {
		return err
	}
	if v.Answers == nil {
		v.Answers = map[string]string{}
	}
	v.Answers[answerSettled] = button
	return t.SaveView(ctx, t.In.Message, v)
}

// decision is what was decided about a matter.
type decision struct {
	text   string          // HTML
	rev    int64           // of the record, to take it back
	rows   [][]chat.Button // what can be decided instead
	origin string          // the message of the reminder, if it is another than the one that was pressed
	handed matter          // of what the client was handed over; zero: of nothing
}

// settleOn shows on the reminder what was decided, and notes by which button.
func settleOn(ctx context.Context, t *talk.Turn, s standing, d decision) error {
	if err := showSettled(ctx, t, s, d); err != nil || t.In.Press == nil {
		return err
	}
	return noteSettled(ctx, t, t.In.Press.Data) // once it is shown: a press that comes again after a crash has to show it
}

// showSettled shows what was decided: what is left of the buttons are the card and the way back.
func showSettled(ctx context.Context, t *talk.Turn, s standing, d decision) error {
	lines := []string{s.title, d.text}
	var last []chat.Button
	if s.c.ID != "" {
		lines = append(lines, besides(s.title, s.who[:1])...)
		last = cardRow(t.T, string(s.c.ID))
	}
	back := s.takeBack(t.T, d.rev)
	if d.handed.id != "" {
		back = d.handed.button(back.Text, talk.VerbRetract, strconv.FormatInt(d.rev, 36)+clientBack)
	}
	screen := chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(d.rows, append(last, back))}
	origin, _ := strconv.ParseInt(d.origin, 10, 64) // ours; 0 for none
	if origin != 0 && origin != t.In.Message {
		there, err := t.WithBack(ctx, origin, screen)
		if err != nil {
			return err
		}
		if err := t.Edit(ctx, origin, there); err != nil && !errors.Is(err, chat.ErrGone) {
			return err
		}
	}
	for _, message := range []int64{t.In.Message, origin} {
		w, ok, err := walkOn(ctx, t, message)
		if err != nil {
			return err
		}
		if ok && w.is(s.matter) {
			first, _, _ := strings.Cut(d.text, "\n")
			w.dealt[w.at] = true
			return w.show(ctx, t, w.at+1, 1, s.title+"\n"+first)
		}
	}
	_, err := t.ShowOpened(ctx, screen)
	return err
}

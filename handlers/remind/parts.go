package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/history"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// formFinish asks how a matter ended. What is typed or said meanwhile becomes the note: its lines are the parts of the
// team's template, or each part is asked for in turn (Step is its number).
const formFinish = "finish"

// answerPart begins the name of the answer to the question for a part.
const answerPart = "part"

// beginFinish asks for the outcome; a dialog that is open for this matter keeps what it has.
func beginFinish(ctx context.Context, t *talk.Turn, s standing) error {
	if t.In.Chat.Group { // nothing is typed to us there
		rows := append(talk.Rows(2, s.outcomes(t)...), []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, "")})
		_, err := t.Show(ctx, chat.Screen{Text: s.title + "\n" + t.T.HTML("finish.ask_noted"), Buttons: rows})
		return err
	}
	d, err := openFinish(ctx, t, s)
	if err != nil {
		return err
	}
	d.Step = ""
	return askOutcome(ctx, t, d, s)
}

// openFinish is the dialog that is open for this matter, the one that was put aside, or a new one.
func openFinish(ctx context.Context, t *talk.Turn, s standing) (crm.Dialog, error) {
	d, mine, err := finishing(ctx, t, s.matter)
	if err != nil || mine && t.IsOpen(d) {
		return d, err
	}
	if mine {
		d, _, err = t.TakeUp(ctx, keptFinish(s.id))
		return d, err
	}
	return t.Open(ctx, crm.Dialog{Form: formFinish, Screen: t.In.Message, Of: string(s.c.ID),
		Answers: map[string]string{"id": s.id, "matter": s.arg(""), "origin": strconv.FormatInt(t.In.Message, 10)}})
}

// finishing is the dialog about how a matter ended, open or put aside; mine is false if there is none.
func finishing(ctx context.Context, t *talk.Turn, m matter) (d crm.Dialog, mine bool, err error) {
	d, ok, err := t.Dialog(ctx)
	if err != nil || ok && d.Form == formFinish && d.Answers["id"] == m.id && strings.HasPrefix(d.Answers["matter"], string(m.kind)) {
		return d, ok, err
	}
	d, ok, err = t.Kept(ctx, keptFinish(m.id))
	return d, ok && d.Answers["id"] == m.id && d.Answers["matter"] == m.arg(""), err // the note of an earlier turn is not this one's
}

// finishKey is the name under which a note is kept until it is taken up again; "" if nothing is said yet.
func finishKey(d crm.Dialog) string {
	for name := range d.Answers {
		if name == "text" || strings.HasPrefix(name, answerPart) {
			return keptFinish(d.Answers["id"])
		}
	}
	if d.Draft != nil {
		return keptFinish(d.Answers["id"])
	}
	return ""
}

// keptFinish is the name under which the note of what has this id is kept.
func keptFinish(id string) string { return talk.KeptName("f", id) }

// saidIn is what the dialog has of each part: what was answered to its question, or what the text has of it.
func saidIn(d crm.Dialog, names []string) []string {
	said := crm.SplitNote(names, d.Answers["text"])
	for i := range said {
		if answer := d.Answers[answerPart+strconv.Itoa(i)]; answer != "" {
			said[i] = strings.TrimSpace(answer + "\n" + said[i])
		}
	}
	return said
}

// askOutcome shows what is said so far and asks how the matter ended.
func askOutcome(ctx context.Context, t *talk.Turn, d crm.Dialog, s standing) error {
	names, _, err := t.NoteParts(ctx)
	if err != nil {
		return err
	}
	lines := []string{s.title}
	said := saidIn(d, names)
	for i, name := range names {
		if said[i] != "" {
			lines = append(lines, t.T.HTML("finish.part", "name", name, "text", fit.Text(said[i], maxAsked)))
		}
	}
	if d.Draft != nil {
		lines = append(lines, t.T.HTML("history.files", "n", len(d.Draft.Notes)))
	}
	if len(lines) == 1 {
		lines = append(lines, t.T.HTML("finish.ask", "parts", strings.ToLower(strings.Join(names, ", "))))
	} else {
		lines = append(lines, t.T.HTML("finish.ask_noted"))
	}
	rows := talk.Rows(2, append(s.outcomes(t), s.button(t.T.Label("button.parts"), talk.VerbFinish, "parts"))...)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")})
	return t.Present(ctx, d, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
}

const (
	// stepBought is the question what was bought.
	stepBought = "bought"
	// untold ends the argument of a purchase of which nothing more is said.
	untold = "!"
)

// askBought asks what was bought and for how much, unless something was said already; in a group nothing is typed to us.
func askBought(ctx context.Context, t *talk.Turn, s standing) (asked bool, err error) {
	if t.In.Chat.Group || s.c.ID == "" {
		return false, nil
	}
	d, mine, err := finishing(ctx, t, s.matter)
	if err != nil || mine && finishKey(d) != "" {
		return false, err
	}
	if d, err = openFinish(ctx, t, s); err != nil {
		return false, err
	}
	d.Step = stepBought
	if d, err = t.Save(ctx, d); err != nil {
		return false, err
	}
	return true, t.Present(ctx, d, chat.Screen{Text: s.title + "\n" + t.T.HTML("finish.ask_bought"), Buttons: [][]chat.Button{{
		talk.Button(t.T.Label("button.back"), talk.VerbBack, "", ""),
		s.button(t.T.Label("button.untold"), talk.VerbFinish, string(crm.OutcomeBought)+untold),
	}}})
}

// outcomes are the buttons of the ways in which a matter can have ended.
func (s standing) outcomes(t *talk.Turn) []chat.Button {
	var out []chat.Button
	for _, o := range crm.OutcomesFor(crm.TouchFor(s.task.Text, s.c)) {
		out = append(out, s.button(t.T.Label("outcome."+string(o)), talk.VerbFinish, string(o)))
	}
	return append(out, s.button(t.T.Label("outcome.none"), talk.VerbFinish, noOutcome))
}

// beginParts asks for each part in turn.
func beginParts(ctx context.Context, t *talk.Turn, s standing) error {
	d, err := openFinish(ctx, t, s)
	if err != nil {
		return err
	}
	return askPart(ctx, t, d, 0)
}

// askPart asks for a part of the note; behind the last one how it ended.
func askPart(ctx context.Context, t *talk.Turn, d crm.Dialog, n int) error {
	names, _, err := t.NoteParts(ctx)
	if err != nil {
		return err
	}
	s, err := stand(ctx, t, matterIn(d))
	if err != nil {
		return err
	}
	s.seen = matterIn(d).seen
	if d.Step = strconv.Itoa(n); n >= len(names) {
		d.Step = ""
	}
	if d, err = t.Save(ctx, d); err != nil {
		return err
	}
	if d.Step == "" {
		return askOutcome(ctx, t, d, s)
	}
	key := "finish.ask_part"
	if n == len(names)-1 {
		key = "finish.ask_next"
	}
	return t.Present(ctx, d, chat.Screen{
		Text: s.title + "\n" + t.T.HTML(key, "name", names[n], "no", n+1, "of", len(names)),
		Buttons: [][]chat.Button{{
			talk.Button(t.T.Label("button.skip"), talk.VerbSkip, "", d.Step), talk.Button(t.T.Label("button.enough"), talk.VerbSave, "", ""),
		}, {talk.Button(t.T.Label("button.back"), talk.VerbBack, "", d.Step)}},
	})
}

// matterIn is what the dialog is about.
func matterIn(d crm.Dialog) matter {
	m, _, _ := readMatter(talk.Data{ID: d.Answers["id"], Arg: d.Answers["matter"]})
	return m
}

// answerFinish takes a text or a file into the note.
func answerFinish(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	_, reply := talk.ClientOf(t.In)
	if t.In.Forward != nil || t.In.Contact != nil || t.In.Edited || reply || t.In.Text == "" && t.In.File == nil {
		return false, nil
	}
	s, waits, err := stillWaits(ctx, t, d)
	if err != nil || !waits {
		return false, err
	}
	n, err := strconv.Atoi(d.Step)
	asked := err == nil
	if !t.Repeated(d) {
		if d, err = addSaid(ctx, t, d, s); err != nil {
			return true, err
		}
	} else if asked {
		n-- // the first delivery has gone on to the next part
	}
	if d.Step == stepBought {
		s.seen = matterIn(d).seen
		return true, end(ctx, t, s, crm.OutcomeBought)
	}
	if asked {
		return true, askPart(ctx, t, d, n+1)
	}
	return true, showFinish(ctx, t, d)
}

// addSaid adds what was typed or sent to the note; what it has no more room for becomes a note of its own.
func addSaid(ctx context.Context, t *talk.Turn, d crm.Dialog, s standing) (crm.Dialog, error) {
	names, _, err := t.NoteParts(ctx)
	if err != nil {
		return d, err
	}
	name := "text"
	if _, err := strconv.Atoi(d.Step); err == nil {
		name = answerPart + d.Step
	}
	before := d.Answers[name]
	if t.In.Text != "" {
		d.Answers[name] = strings.TrimSpace(before + "\n" + t.In.Text)
	}
	files := filesIn(d)
	one := crm.TouchInput{Kind: crm.TouchNote, Text: t.In.Text}
	if t.In.File != nil {
		one.Files = []crm.File{history.FileOf(*t.In.File)}
	}
	whole := crm.TouchInput{Text: crm.ComposeNote(names, saidIn(d, names)), Files: append(files, one.Files...)}
	full := whole.Room()
	switch {
	case full == nil:
		if one.Files != nil {
			if d.Draft == nil {
				d.Draft = &crm.Draft{}
			}
			d.Draft.Notes = append(d.Draft.Notes, crm.DraftNote{Kind: crm.TouchNote, File: &one.Files[0]})
		}
	case s.c.ID == "":
		return d, full
	default:
		d.Answers[name] = before
		if err := history.LogApart(ctx, t, s.c.ID, one); err != nil {
			return d, err
		}
	}
	return t.Save(ctx, d)
}

// stillWaits is how the matter of a dialog stands, and whether it still waits for what the dialog asks. If it was finished, planned anew or
// handed over in another place the dialog is over: what is typed now means something else.
func stillWaits(ctx context.Context, t *talk.Turn, d crm.Dialog) (s standing, waits bool, err error) {
	m := matterIn(d)
	s, err = stand(ctx, t, m)
	if err != nil && !errors.Is(err, crm.ErrNotFound) && !errors.Is(err, crm.ErrDenied) {
		return s, false, err
	}
	if err == nil && (s.waits(m) || t.Repeated(d)) {
		return s, true, nil
	}
	t.Retire(ctx, d.Screen)
	return s, false, closeLate(ctx, t, d, s)
}

// maxSaidBack leaves a message room for what stands above it.
const maxSaidBack = 3900

// closeLate closes the dialog of a matter that is over. What was said in it by then becomes a note of the client.
func closeLate(ctx context.Context, t *talk.Turn, d crm.Dialog, s standing) error {
	if d.Form == formFinish && finishKey(d) != "" {
		if err := noteLate(ctx, t, d, s.c.ID); err != nil {
			return err
		}
	}
	return t.End(ctx)
}

// noteLate writes the note. Where the card takes none any more, or is gone, whoever typed it has it back.
func noteLate(ctx context.Context, t *talk.Turn, d crm.Dialog, id crm.ClientID) error {
	names, _, err := t.NoteParts(ctx)
	if err != nil {
		return err
	}
	by := t.By
	by.Cause += ".late" // what is pressed or typed now may go on to do something else
	note := crm.TouchInput{Kind: crm.TouchNote, Text: crm.ComposeNote(names, saidIn(d, names)), Files: filesIn(d)}
	c, err := t.Desk.LogTouch(ctx, by, id, note)
	s := chat.Screen{Silent: true}
	if err == nil {
		s.Text = t.T.HTML("note.saved", "what", t.T.Label("touch."+string(note.Kind)), "name", c.Name)
		s.Buttons = [][]chat.Button{cardRow(t.T, string(c.ID))}
	} else {
		why, theirs := talk.Explain(t.T, err)
		if !theirs {
			return err
		}
		if s.Text = string(locales.Escape(why)); note.Text != "" {
			s.Text += "\n" + t.T.HTML("finish.note", "text", fit.Text(note.Text, maxSaidBack))
		}
	}
	_, err = t.Send(ctx, s)
	return err
}

// filesIn are the files that were sent for the note.
func filesIn(d crm.Dialog) (files []crm.File) {
	if d.Draft == nil {
		return nil
	}
	for _, n := range d.Draft.Notes {
		files = append(files, *n.File)
	}
	return files
}

func showFinish(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if n, err := strconv.Atoi(d.Step); err == nil {
		return askPart(ctx, t, d, n)
	}
	m := matterIn(d)
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if !s.waits(m) { // what was put aside is taken up too late
		if err := closeLate(ctx, t, d, s); err != nil {
			return err
		}
		return showAsIs(ctx, t, m)
	}
	s.seen = m.seen
	if d.Step == stepBought {
		if asked, err := askBought(ctx, t, s); asked || err != nil {
			return err
		}
	}
	return askOutcome(ctx, t, d, s)
}

// pressFinish leaves a part out, goes back, or gives up: then the reminder is as it was.
func pressFinish(ctx context.Context, t *talk.Turn, d crm.Dialog, data talk.Data) error {
	n, err := strconv.Atoi(d.Step)
	asked := err == nil
	switch {
	case data.Verb == talk.VerbSkip && asked:
		return askPart(ctx, t, d, n+1)
	case data.Verb == talk.VerbSave && asked:
		return askPart(ctx, t, d, maxParts)
	case data.Verb == talk.VerbBack && asked && n > 0:
		return askPart(ctx, t, d, n-1)
	case data.Verb == talk.VerbBack && (asked || d.Step == stepBought):
		return askPart(ctx, t, d, maxParts)
	case data.Verb != talk.VerbCancel:
		return t.Stale(ctx)
	}
	if err := t.End(ctx); err != nil {
		return err
	}
	return showMatter(ctx, t, matterIn(d), "")
}

// maxParts is more than any template has: the question behind the last part.
const maxParts = 99

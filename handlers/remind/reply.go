package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/history"
	"kartoteka/handlers/talk"
)

// followUp takes a reply to a card that speaks of something to be done: it is a task, or it is asked whether it is one.
func followUp(ctx context.Context, t *talk.Turn) (bool, error) {
	id, ok := talk.ClientOf(t.In)
	if !ok || t.In.Text == "" || t.In.Forward != nil || t.In.File != nil {
		return false, nil
	}
	r := crm.ReadReply(t.In.Text, t.Now)
	if r.Kind == crm.ReplyLog {
		return false, nil
	}
	d := crm.Dialog{Form: formWhen, Answers: map[string]string{"client": string(id), "key": "w-" + string(t.By.Cause), "reply": t.In.Text}}
	if r.Kind == crm.ReplyAsk {
		d.Answers["ask"] = "1"
	}
	return true, take(ctx, t, d, r.Text)
}

// moved takes a reply to a reminder that is nothing but another time as just that.
func moved(ctx context.Context, t *talk.Turn) (bool, error) {
	m, ok := repliedMatter(t.In)
	if !ok || t.In.Text == "" || t.In.Forward != nil || t.In.File != nil {
		return false, nil
	}
	to, ok, err := crm.ReadMove(t.In.Text, t.Now)
	if !ok || to.Repeat != moment.RepeatNever && m.kind != aboutTask {
		return false, nil
	}
	s, unread := stand(ctx, t, m)
	if unread != nil || !s.open() || s.has != "" {
		return false, unread
	}
	d := crm.Dialog{Form: formUntil, Answers: map[string]string{"id": s.id, "matter": s.arg(""), "repeat": string(to.Repeat),
		"origin": strconv.FormatInt(t.In.Reply.Message, 10)}}
	if err == nil {
		d.Form = "" // nothing is asked
		return true, decideUntil(ctx, t, d, to.At)
	}
	if !errors.Is(err, crm.ErrInvalid) {
		return true, err
	}
	if d, unread = t.Open(ctx, d); unread != nil {
		return true, unread
	}
	return true, showUntil(ctx, t, d, until{maybe: to.Maybe, wrong: err})
}

// repliedMatter is the one matter that our message which was answered is a reminder of, if it can be put off.
func repliedMatter(in chat.Incoming) (m matter, ok bool) {
	if in.Reply == nil || !in.Reply.Ours {
		return m, false
	}
	for _, raw := range in.Reply.Data {
		d, err := talk.Parse(raw)
		if err != nil || d.Verb != talk.VerbFinish && d.Verb != talk.VerbLater && d.Verb != talk.VerbRetract {
			continue
		}
		about, _, readable := readMatter(d)
		if !readable || strings.IndexByte("tco", about.kind) < 0 || ok && (about.kind != m.kind || about.id != m.id) {
			return matter{}, false
		}
		m, ok = about, true
	}
	return m, ok
}

// isReply reports whether a dialog is about a reply to a card, which may as well be written down.
func isReply(d crm.Dialog) bool { return d.Answers["reply"] != "" }

// logButton writes the reply down instead.
func logButton(t *talk.Turn, d crm.Dialog) chat.Button {
	kind := crm.ReadTouch(d.Answers["reply"]).Kind
	return talk.Button(t.T.Label("button.log_as", "what", t.T.Label("touch."+string(kind))), talk.VerbForm, "", "log")
}

// logReply writes down what was replied to a card.
func logReply(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	screen, err := history.LogReply(ctx, t, crm.ClientID(d.Answers["client"]), crm.TouchInput{Kind: crm.TouchNote, Text: d.Answers["reply"]})
	if err != nil {
		return err
	}
	if _, err := t.Show(ctx, screen); err != nil {
		return err
	}
	return t.End(ctx)
}

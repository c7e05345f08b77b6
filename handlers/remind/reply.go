package remind

import (
	"context"

	"kartoteka/crm"
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

// isReply reports whether a dialog is about a reply to a card, which may as well be written down.
func isReply(d crm.Dialog) bool { return d.Answers["reply"] != "" }

// logButton writes the reply down instead.
func logButton(t *talk.Turn, d crm.Dialog) chat.Button {
	kind := crm.ReadTouch(d.Answers["reply"]).Kind
	return talk.Button(t.T.Label("button.log_as", "what", t.T.Label("touch."+string(kind))), talk.VerbForm, "", "log")
}

// logReply writes down what was replied to a card.
func logReply(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if err := t.End(ctx); err != nil {
		return err
	}
	screen, err := history.LogReply(ctx, t, crm.ClientID(d.Answers["client"]), crm.TouchInput{Kind: crm.TouchNote, Text: d.Answers["reply"]})
	if err != nil {
		return err
	}
	_, err = t.Show(ctx, screen)
	return err
}

package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// failures shows those who run the team what did not reach its member, and why.
func failures(ctx context.Context, t *talk.Turn, _ talk.Data) error {
	list, err := t.Desk.Failures(ctx, t.By)
	if err != nil {
		return err
	}
	lines := []string{t.T.HTML("failures.title")}
	if len(list) == 0 {
		lines = append(lines, t.T.HTML("failures.none"))
	}
	for _, f := range list {
		lines = append(lines, t.T.HTML("failures.line", "when", t.T.When(f.Due.In(t.Now.Location()), t.Now),
			"kind", t.T.Label("reminder_kind."+string(f.Kind)), "name", fit.Line(f.To.Name, maxLine), "why", why(t, f)))
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)}}})
	return err
}

// why is what keeps a reminder from its member, and whether it is still tried.
func why(t *talk.Turn, f crm.Failure) string {
	text := t.T.Label("failures." + string(f.Trouble))
	if f.State == crm.ReminderWaiting {
		return t.T.Label("failures.again", "why", text, "when", t.T.When(f.Until.In(t.Now.Location()), t.Now))
	}
	return text
}

package card

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/spell"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

const formTags = "tags"

// registerMarks adds what one tap changes on a card: stage, tags, the confirmation of the data.
func registerMarks(r *talk.Router) {
	r.Press(talk.VerbStage, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		return ask(ctx, t, crm.ClientID(d.ID), crm.FieldStage, nil)
	})
	r.Press(talk.VerbConfirm, confirm)
	r.Press(talk.VerbTags, tags)
	r.Form(formTags, talk.Form{Question: true, Answer: typedTags, Press: leaveForm, Cancel: leave, Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
		return showTags(ctx, t, crm.ClientID(d.Answers["client"]))
	}})
}

func confirm(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.ConfirmClient(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	t.Toast(t.T.Label("card.confirmed_toast"))
	return ShowChanged(ctx, t, c)
}

// tags shows the tags to choose from; Arg: the number of one to put on or take off.
func tags(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.ClientID(d.ID)
	if d.Arg == "" {
		return showTags(ctx, t, id)
	}
	dialog, ok, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	offered := strings.Split(dialog.Answers["tags"], "\n")
	n, err := strconv.Atoi(d.Arg)
	if !ok || err != nil || dialog.Form != formTags || dialog.Answers["client"] != d.ID || n < 0 || n >= len(offered) {
		return showTags(ctx, t, id) // an old list: show it as it is now
	}
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	on := !slices.Contains(c.TagKeys, spell.Fold(offered[n]))
	if c, err = t.Desk.SetTag(ctx, t.By, id, offered[n], on); err != nil {
		return err
	}
	return tagScreen(ctx, t, dialog, c, offered)
}

// showTags offers the card's tags and those that the team uses most, and waits for new ones to be typed.
func showTags(ctx context.Context, t *talk.Turn, id crm.ClientID) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	offered, err := t.Desk.TagsFor(ctx, t.By, c)
	if err != nil {
		return err
	}
	d, err := t.Open(ctx, crm.Dialog{Form: formTags, Screen: t.In.Message,
		Answers: map[string]string{"client": string(id), "tags": strings.Join(offered, "\n")}})
	if err != nil {
		return err
	}
	return tagScreen(ctx, t, d, c, offered)
}

func tagScreen(ctx context.Context, t *talk.Turn, d crm.Dialog, c crm.Client, offered []string) error {
	var choices []chat.Button
	for i, tag := range offered {
		label := tag
		if slices.Contains(c.TagKeys, spell.Fold(tag)) {
			label = "✓ " + tag
		}
		choices = append(choices, talk.Button(label, talk.VerbTags, string(c.ID), strconv.Itoa(i)))
	}
	rows := append(talk.Rows(3, choices...), []chat.Button{talk.Button(t.T.Label("button.done"), talk.VerbCancel, "", "")})
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("tags.choose", "name", c.Name), Buttons: rows})
}

// typedTags adds the tags that were typed, separated by commas.
func typedTags(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil || sought(t, team) {
		return false, err
	}
	c, err := t.Desk.AddTags(ctx, t.By, crm.ClientID(d.Answers["client"]), t.In.Text)
	return true, settle(ctx, t, c, err)
}

// sought reports a phone, an e-mail or a username alone: where a tag or one of a few values is asked for that is somebody who is
// looked for.
func sought(t *talk.Turn, team crm.Team) bool {
	return crm.IsBare(t.In.Text, team.Region) != crm.BareNone
}

// picked reports a field whose values are chosen among buttons.
func picked(team crm.Team, f crm.Field) bool {
	custom, _ := team.Field(f.Custom())
	return custom.Kind == crm.FieldChoice || slices.Contains([]crm.Field{crm.FieldStage, crm.FieldStatus, crm.FieldClientKind, crm.FieldChannel}, f)
}

// put writes a value that a button gave.
func put(ctx context.Context, t *talk.Turn, id crm.ClientID, e crm.Edit) error {
	c, err := t.Desk.EditClient(ctx, t.By, id, e)
	return settle(ctx, t, c, err)
}

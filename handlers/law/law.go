// Package law is the conversation about what a client may ask for by law: to see all that is known of them, to be erased, and to
// be written to only with their consent.
package law

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/history"
	"kartoteka/handlers/talk"
)

// Register adds the law's buttons to the conversation.
func Register(r *talk.Router) {
	r.Press(talk.VerbLaw, press)
	r.Press(talk.VerbOutdated, outdated)
	registerConsents(r)
	registerSettings(r)
}

// What a button of ours asks for.
const (
	take     = "take"  // all that is known, as files
	ask      = "ask"   // note that the client wants to be erased
	keep     = "keep"  // not any more
	erase    = "erase" // ask whether one is sure
	eraseYes = "erase!"
)

func press(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	switch d.Arg {
	case "":
		return menu(ctx, t, c)
	case take:
		return dossier(ctx, t, c)
	case ask:
		due := crm.DateOf(t.Now).Plus(crm.ErasureDays)
		c, err = t.Desk.AskErasure(ctx, t.By, c.ID, t.T.Label("law.task", "day", t.T.Date(due)))
	case keep:
		c, err = t.Desk.KeepClient(ctx, t.By, c.ID)
	case erase:
		return sure(ctx, t, c)
	case eraseYes:
		if err := t.Desk.EraseClient(ctx, t.By, c.ID); err != nil {
			return err
		}
		if place, listed, err := t.Came(ctx, t.In.Message); err != nil || listed && place.Verb == talk.VerbOutdated {
			if err != nil {
				return err
			}
			t.Toast(t.T.Label("law.erased"))
			return showOutdated(ctx, t)
		}
		_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("law.erased")})
		return err
	default:
		return t.Stale(ctx)
	}
	if err != nil {
		return err
	}
	return card.ShowChanged(ctx, t, c)
}

// menu says what a client may ask for, and does it.
func menu(ctx context.Context, t *talk.Turn, c crm.Client) error {
	text := t.T.HTML("law.title", "name", c.Name)
	if !c.EraseBy.IsZero() {
		text += "\n\n" + t.T.HTML("law.until", "day", t.T.Date(c.EraseBy), "left", t.T.Until(c.EraseBy, t.Today()))
	}
	b := func(key, arg string) chat.Button { return talk.Button(t.T.Label(key), talk.VerbLaw, string(c.ID), arg) }
	var rows [][]chat.Button
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("law.consents"), talk.VerbConsent, string(c.ID), "")})
	if t.Desk.May(ctx, t.By, crm.ActionTakeClient, c) {
		rows = append(rows, []chat.Button{b("law.take", take)})
	}
	if t.Desk.May(ctx, t.By, crm.ActionAskErasure, c) {
		wish := b("law.ask", ask)
		if !c.EraseBy.IsZero() {
			wish = b("law.keep", keep)
		}
		rows = append(rows, []chat.Button{wish})
	}
	if t.Desk.May(ctx, t.By, crm.ActionEraseClient, c) {
		rows = append(rows, []chat.Button{danger(b("law.erase", erase))})
	}
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbMore, string(c.ID), "")})
	_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

func danger(b chat.Button) chat.Button {
	b.Style = chat.StyleDanger
	return b
}

func sure(ctx context.Context, t *talk.Turn, c crm.Client) error {
	back := talk.Button(t.T.Label("button.back"), talk.VerbLaw, string(c.ID), "")
	if place, listed, err := t.Came(ctx, t.In.Message); err != nil {
		return err
	} else if listed && place.Verb == talk.VerbOutdated {
		back = talk.Back(back.Text, place)
	}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("law.sure", "name", c.Name), Buttons: [][]chat.Button{{
		back,
		danger(talk.Button(t.T.Label("law.erase_yes"), talk.VerbLaw, string(c.ID), eraseYes)),
	}}})
	return err
}

// dossier sends all that is known of a client: a text to read, and JSON to take elsewhere.
func dossier(ctx context.Context, t *talk.Turn, c crm.Client) error {
	all, err := t.Desk.Dossier(ctx, t.By, c.ID)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write a dossier: %w", err)
	}
	name := t.T.Label("law.file", "day", t.Today().String())
	text := "\uFEFF" + readable(ctx, t, team, all)
	caption := t.T.HTML("law.readable", "name", c.Name)
	if len(all.Withheld) > 0 {
		caption += "\n" + t.T.HTML("law.withheld", "fields", strings.Join(all.Withheld, ", "))
	}
	if _, err := t.Out.Upload(ctx, t.In.Chat.ID, name+".txt", strings.NewReader(text), caption); err != nil {
		return err
	}
	_, err = t.Out.Upload(ctx, t.In.Chat.ID, name+".json", bytes.NewReader(raw), t.T.HTML("law.portable", "name", c.Name))
	return err
}

// readable is a dossier as a text.
func readable(ctx context.Context, t *talk.Turn, team crm.Team, all crm.Dossier) string {
	names := t.MemberNames(ctx)
	lines := []string{t.T.Label("law.head", "name", all.Client.Name, "day", t.T.Date(t.Today())), ""}
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, label+": "+value)
		}
	}
	fields := crm.Fields
	for _, f := range team.Fields {
		fields = append(fields[:len(fields):len(fields)], crm.CustomKey(f.ID))
	}
	for _, f := range fields {
		add(card.Label(t.T, team, f), card.Value(t, team, all.Client, f))
	}
	if len(all.Withheld) > 0 {
		lines = append(lines, t.T.Label("law.withheld", "fields", strings.Join(all.Withheld, ", ")))
	}
	if p := all.Client.Bought; !p.IsZero() {
		add(t.T.Label("law.bought"), strings.Trim(p.At.In(t.Now.Location()).Format("02.01.2006")+", "+card.PurchaseOf(t.T, p), ", "))
	}
	section := func(key string, n int) {
		lines = append(lines, "", t.T.Label(key), "")
		if n == 0 {
			lines = append(lines, t.T.Label("law.nothing"))
		}
	}
	section("law.touches", len(all.Touches))
	for _, h := range all.Touches {
		lines = append(lines, history.Plain(t, h, names))
	}
	section("law.tasks", len(all.Tasks))
	for _, task := range all.Tasks {
		lines = append(lines, t.T.Label("law.task_line", "when", task.Due.In(t.Now.Location()).Format("02.01.2006 15:04"), "text", task.Text))
	}
	section("law.consents_head", len(all.Consents))
	for _, c := range all.Consents {
		day := func(at time.Time) string { return at.In(t.Now.Location()).Format("02.01.2006") }
		line := t.T.Label("law.consent_line", "what", t.T.Label("purpose."+string(c.Purpose)), "day", day(c.Given), "way", t.T.Label("consent_way."+string(c.Way)), "text", c.Evidence)
		if c.Text > 0 {
			line += " " + t.T.Label("law.consent_text", "no", c.Text)
		}
		if !c.Withdrawn.IsZero() {
			line = t.T.Label("law.consent_off", "line", line, "day", day(c.Withdrawn))
		}
		lines = append(lines, line)
	}
	for _, text := range all.ConsentTexts {
		lines = append(lines, "", t.T.Label("law.text_head", "no", text.No, "day", text.Since.In(t.Now.Location()).Format("02.01.2006")), text.Text)
	}
	section("law.changes", len(all.Changes))
	for _, e := range all.Changes {
		lines = append(lines, t.T.Label("law.change_line", "when", e.At.In(t.Now.Location()).Format("02.01.2006 15:04"), "who", names[e.By]))
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

package law

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/history"
	"kartoteka/handlers/talk"
)

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
	files := all.Attachments()
	if len(files) > 0 {
		caption += "\n" + t.T.HTML("law.attached", "n", len(files))
	}
	if len(all.Withheld) > 0 {
		caption += "\n" + t.T.HTML("law.withheld", "fields", strings.Join(all.Withheld, ", "))
	}
	if _, err := t.Out.Upload(ctx, t.In.Chat.ID, name+".txt", strings.NewReader(text), caption); err != nil {
		return err
	}
	if _, err = t.Out.Upload(ctx, t.In.Chat.ID, name+".json", bytes.NewReader(raw), t.T.HTML("law.portable", "name", c.Name)); err != nil {
		return err
	}
	return sendFiles(ctx, t, c, files, 0)
}

// filesAtOnce is how many attached files one press sends: Telegram takes about one message a second in a chat.
const filesAtOnce = 8

// sendFiles sends what is attached, some files at a time, and says which could not be sent. They go to the client, so that they may be
// passed on whatever the team has set for cards.
func sendFiles(ctx context.Context, t *talk.Turn, c crm.Client, files []crm.Attachment, from int) error {
	rest := files[min(from, len(files)):]
	page := rest[:min(len(rest), filesAtOnce)]
	var lost []string
	for _, a := range page {
		err := history.Send(ctx, t, a.Entry, a.File, false)
		if errors.Is(err, chat.ErrRefused) {
			lost = append(lost, a.Entry.At.In(t.Now.Location()).Format("02.01.2006")+" · "+history.FileName(t, a.File))
			err = nil
		}
		if err != nil {
			return err
		}
	}
	left := len(rest) - len(page)
	if len(lost) == 0 && left == 0 {
		return nil
	}
	var lines []string
	var rows [][]chat.Button
	if len(lost) > 0 {
		lines = append(lines, t.T.HTML("law.files_lost", "files", strings.Join(lost, "\n")))
	}
	if left > 0 {
		lines = append(lines, t.T.HTML("law.files_left", "n", left))
		rows = [][]chat.Button{{talk.Button(t.T.Label("law.files_more", "number", min(left, filesAtOnce)), talk.VerbLaw, string(c.ID),
			takeFiles+"."+strconv.Itoa(from+len(page)))}}
	}
	_, err := t.Out.Send(ctx, t.In.Chat.ID, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// moreFiles sends the next of the attached files: they are taken along like the first, which is in the record like that.
func moreFiles(ctx context.Context, t *talk.Turn, c crm.Client, from string) error {
	n, err := strconv.Atoi(from)
	if err != nil || n < 0 {
		return t.Stale(ctx)
	}
	all, err := t.Desk.Dossier(ctx, t.By, c.ID)
	if err != nil {
		return err
	}
	return sendFiles(ctx, t, c, all.Attachments(), n)
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
	for _, f := range fieldsOf(team) {
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
		lines = append(lines, t.T.Label("law.task_line", "when", task.Due.In(t.Now.Location()).Format("02.01.2006 15:04"), "text", card.TaskText(t.T, task, all.Client.Name),
			"state", t.T.Label("export_value."+string(task.State))))
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
		line := t.T.Label("law.change_line", "when", e.At.In(t.Now.Location()).Format("02.01.2006 15:04"), "who", names[e.By])
		if what := changed(t, team, e, all.WithheldOf[e.ID]); what != "" {
			line += " · " + what
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

// fieldsOf are all fields of a card.
func fieldsOf(team crm.Team) []crm.Field {
	fields := slices.Clone(crm.Fields)
	for _, f := range team.Fields {
		fields = append(fields, crm.CustomKey(f.ID))
	}
	return fields
}

// changed names what an event has changed of a card, with the fields whose values are not for whoever reads it.
func changed(t *talk.Turn, team crm.Team, e crm.Event, withheld []string) string {
	var labels []string
	for _, f := range e.Touched(team) {
		labels = append(labels, card.Label(t.T, team, f))
	}
	return strings.Join(append(labels, withheld...), ", ")
}

package record

import (
	"bytes"
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/sheet"
	"kartoteka/handlers/card"
	"kartoteka/handlers/talk"
)

// file sends the audit as a table for a spreadsheet.
func file(ctx context.Context, t *talk.Turn, v view) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := sheet.NewText(&b, t.T.Comma())
	if err != nil {
		return err
	}
	if err := w.Row(strings.Split(t.T.Label("audit.columns"), "|")); err != nil {
		return err
	}
	names := t.MemberNames(ctx)
	rows := 0
	whole, err := t.Desk.TakeAudit(ctx, t.By, v.AuditFilter, func(e crm.Audited) error {
		rows++
		return w.Row(row(t, team, names, e))
	})
	if err != nil {
		return err
	}
	if err := w.End(); err != nil {
		return err
	}
	caption := t.T.HTML("audit.caption", "rows", rows)
	if !whole {
		caption = t.T.HTML("audit.caption_cut", "rows", rows)
	}
	_, err = t.Out.Upload(ctx, t.In.Chat.ID, t.T.Label("audit.file_name", "day", t.Today().String()), bytes.NewReader(b.Bytes()), caption)
	return err
}

// row is one event: when, who, what, about whom or what, what changed, and the event's id.
func row(t *talk.Turn, team crm.Team, names map[crm.MemberID]string, e crm.Audited) []string {
	var was, is []string
	for _, f := range e.Set {
		label := labels(t, team, []crm.Field{f})
		was = append(was, label+": "+card.Value(t, team, e.Was, f))
		is = append(is, label+": "+card.Value(t, team, e.Is, f))
	}
	for _, s := range settings(t, team, e) {
		if s.told() {
			was, is = append(was, s.what+": "+s.was), append(is, s.what+": "+s.is)
		}
	}
	return []string{e.At.In(t.Now.Location()).Format("2006-01-02 15:04:05"), name(t, names, e.By), deed(t, team, names, e), subject(e),
		strings.Join(was, "\n"), strings.Join(is, "\n"), e.Record, string(e.ID), string(e.PartOf)}
}

package imports

import (
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
)

// cardColumns are the columns of a table of cards that were not taken, as a table of clients has them, and a note: a file of cards
// that was corrected is sent back as a table. accountColumns are those of them that hold accounts.
var (
	cardColumns = []string{"name", "kind", "company", "position", "phones", "emails", "telegram", "whatsapp", "viber", "vk", "max", "skype", "site",
		"telegram_id", "channel", "city", "address", "birthday", "dates", "source", "tags", "interests", "stage", "status", "owner"}
	accountColumns = cardColumns[6:13]
)

func (v view) cardHeads() []string {
	heads := make([]string, 0, len(cardColumns)+len(v.i.Own)+1)
	for _, key := range cardColumns {
		heads = append(heads, v.t.Label("export_column."+key))
	}
	for _, own := range v.i.Own {
		heads = append(heads, own.Heading)
	}
	return append(heads, v.t.Label("import.note_column"))
}

// draftCells are a card of a phone book in those columns.
func (v view) draftCells(d crm.Draft) []string {
	var notes []string
	for _, n := range d.Notes {
		notes = append(notes, n.Text)
		for _, l := range n.Left {
			notes = append(notes, card.Left(v.t, v.team, l))
		}
	}
	return v.cardCells(crm.Client{Profile: d.Profile}, nil, "", notes)
}

// recordCells are a record of ours in those columns; of its history there is what was said, of its tasks what is still to be done.
func (v view) recordCells(r *crm.ExportRecord) []string {
	notes := []string{}
	for _, h := range r.History {
		notes = append(notes, h.Text)
	}
	c := crm.Client{Profile: r.Profile, Stage: r.Stage, Status: r.Status, StatusReason: r.StatusReason}
	return v.cardCells(c, r.Own(), r.Owner, append(notes, r.Open()...))
}

// cardCells is a card that was not taken, as a row.
func (v view) cardCells(c crm.Client, own []string, owner string, notes []string) []string {
	cells := make([]string, 0, len(cardColumns)+len(v.i.Own)+2)
	for _, key := range cardColumns {
		cells = append(cells, v.cardCell(c, key))
	}
	cells[slices.Index(cardColumns, "owner")] = owner
	for i := range v.i.Own {
		value := ""
		if i < len(own) {
			value = own[i]
		}
		cells = append(cells, value)
	}
	said := slices.DeleteFunc(notes, func(text string) bool { return strings.TrimSpace(text) == "" })
	return append(cells, strings.Join(said, "\n"))
}

func (v view) cardCell(c crm.Client, key string) string {
	field := crm.Field(key)
	switch {
	case slices.Contains(accountColumns, key):
		var handles []string
		for _, m := range c.Messengers {
			if m.Kind == key {
				handles = append(handles, m.Handle)
			}
		}
		return strings.Join(handles, ", ")
	case key == "telegram_id" && c.TelegramID != 0:
		return strconv.FormatInt(c.TelegramID, 10)
	case field == crm.FieldDates:
		return crm.WriteDates(c.Dates, v.t.Label("export_value.once"))
	case field == crm.FieldStatus && c.Status == crm.StatusBlocked:
		return strings.TrimSuffix(card.Chosen(v.t, field, string(c.Status))+": "+c.StatusReason, ": ")
	}
	return card.Chosen(v.t, field, c.Value(field))
}

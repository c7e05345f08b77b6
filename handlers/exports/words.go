package exports

import (
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/card"
	"kartoteka/locales"
)

// words are what the files say.
type words struct{ t *locales.Texts }

// choices are where the words of a choice are, by what it is of.
var choices = map[string]string{
	string(crm.FieldClientKind): "kind.", string(crm.FieldStage): "stage.", string(crm.FieldStatus): "status.", string(crm.FieldChannel): "channel.",
	"touch": "touch.", "outcome": "outcome.", "direction": "export_value.", "task": "export_value.", string(crm.FieldDates): "export_value.",
}

func (w words) Column(key string) string { return w.t.Label("export_column." + key) }

func (w words) Sheet(kind string) string { return w.t.Label("export_sheet." + kind) }

func (w words) Value(of, value string) string {
	if value == "" {
		return ""
	}
	key := choices[of] + value
	if !w.t.Has(key) {
		return value
	}
	return w.t.Label(key)
}

func (w words) Decision(d crm.Decision, names map[crm.MemberID]string, place *time.Location) (what, about string) {
	when := func(at time.Time) string {
		at = at.In(place)
		return w.t.Date(civil.DateOf(at)) + " " + at.Format("15:04")
	}
	return card.Decided(w.t, d), card.DecidedAbout(w.t, d, names, when)
}

func (w words) Task(t crm.Task, client string) string { return card.TaskText(w.t, t, client) }

func (w words) Event(what, name string) string {
	if what == "" {
		return w.t.Label("export.birthday", "name", name)
	}
	return w.t.Label("export.day", "what", what, "name", name)
}

func (w words) Comma() rune { return w.t.Comma() }

func (w words) Point() string {
	if w.t.Lang() == "ru" {
		return ","
	}
	return "."
}

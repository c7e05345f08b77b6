package exports

import (
	"kartoteka/crm"
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

func (w words) Event(what, name string) string {
	if what == "" {
		return w.t.Label("export.birthday", "name", name)
	}
	return w.t.Label("export.day", "what", what, "name", name)
}

func (w words) Comma() rune {
	if w.t.Lang() == "ru" { // as Excel opens it by itself
		return ';'
	}
	return ','
}

func (w words) Point() string {
	if w.t.Lang() == "ru" {
		return ","
	}
	return "."
}

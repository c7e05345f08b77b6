package crm

import (
	"errors"
	"reflect"
	"slices"
	"testing"
)

// Each kind is read as a record that says the same of itself, and its fields are known, those within it too.
func TestRecordKinds(t *testing.T) {
	fields := RecordFields()
	for _, kind := range RecordKinds {
		r, err := new(Decoder).Record(kind, []byte(`{}`))
		if err != nil || r.RecordKind() != kind {
			t.Errorf("%s is read as %T, %v", kind, r, err)
		}
		if !slices.ContainsFunc(fields, func(f string) bool { return len(f) > len(kind) && f[:len(kind)+1] == string(kind)+"." }) {
			t.Errorf("%s has no fields", kind)
		}
	}
	for _, want := range []string{"clients._id", "clients.name", "clients.phones.e164", "clients.dates.label", "clients.birthday",
		"teams.fields.choices", "members.reminding.digest", "events.fields.before", "dialogs.draft.profile.phones.ext", "salts.key"} {
		if !slices.Contains(fields, want) {
			t.Errorf("%s is not known", want)
		}
	}
	if once := slices.Compact(slices.Sorted(slices.Values(fields))); len(once) != len(fields) {
		t.Errorf("%d fields, %d of them different", len(fields), len(once))
	}
}

func TestDecoder(t *testing.T) {
	var d Decoder
	for kind, doc := range map[RecordKind]string{"horoscopes": `{}`, RecordClient: `{"created":"тайна"}`, RecordTeam: `[]`, RecordTask: `{"rev":`} {
		r, err := d.Record(kind, []byte(doc))
		if !errors.Is(err, ErrUnreadable) || r != nil || cyrillicIn(err.Error()) {
			t.Errorf("%s %s: got %v, %v", kind, doc, r, err)
		}
	}
	if _, err := d.Record(RecordTeam, []byte(`{"_id":"acme","fields":[{"id":"f1","name":"Договор","kind":"text"}]}`)); err != nil {
		t.Fatal(err)
	}
	r, err := d.Record(RecordClient, []byte(`{"_id":"c1","team":"acme","schema":1,"name":"Иванов","first_contact":"2024-05-12T09:00:00Z"}`))
	c, ok := r.(Client)
	if err != nil || !ok || c.Schema != SchemaVersion || !slices.Contains(c.Terms, "иванов") || !reflect.DeepEqual(c.DateKeys, []string{"a05-12"}) {
		t.Errorf("got %+v, %v", c, err)
	}
}

func cyrillicIn(text string) bool {
	return slices.ContainsFunc([]rune(text), func(r rune) bool { return r >= 'а' && r <= 'я' })
}

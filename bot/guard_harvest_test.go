package main

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"kartoteka/crm"
	"kartoteka/store"
)

// harvest gathers what the buttons of all screens of the stories carried, each shape once: "card|{client}|". What stands
// in braces is filled in by an attack (see target.fill), so that a new button is tried as soon as a story shows it.
type harvest struct {
	mu      sync.Mutex
	shapes  map[string]string // data with digits made alike → one with its digits
	stories map[string]bool   // that have been gone through
}

// harvested is what the stories of this run have shown so far.
var harvested = harvest{shapes: map[string]string{}, stories: map[string]bool{}}

// reap takes the buttons of a story that is over.
func (h *harvest) reap(t *testing.T, name string, s *stage) {
	t.Helper()
	if s.lang != "ru" || s.flags["mongodb-uri"] != "" {
		return
	}
	ids := idsIn(t, s.flags["data-dir"])
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stories[name] = true
	for _, data := range buttonData(s) {
		template := templateOf(data, ids)
		h.shapes[digits.ReplaceAllString(template, "0")] = template
	}
}

// all plays the stories that were not gone through in this run, and returns one button's data of each shape.
func (h *harvest) all(t *testing.T) []string {
	t.Helper()
	t.Run("harvest", func(t *testing.T) {
		for _, st := range readStories(t) {
			if h.mu.Lock(); !h.stories[st.name] {
				t.Run(st.name, func(t *testing.T) { t.Parallel(); st.play(t, "ru", "") })
			}
			h.mu.Unlock()
		}
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Values(h.shapes))
}

// buttonData is what the buttons carried that the program has sent.
func buttonData(s *stage) []string {
	var all []string
	for _, c := range s.srv.Calls() {
		var markup struct {
			Rows [][]struct {
				Data string `json:"callback_data"`
			} `json:"inline_keyboard"`
		}
		if json.Unmarshal([]byte(c.Params["reply_markup"]), &markup) != nil {
			continue // it has none
		}
		for _, b := range slices.Concat(markup.Rows...) {
			if b.Data != "" {
				all = append(all, b.Data)
			}
		}
	}
	return all
}

// idsIn are the ids of a base's records, and what stands for each.
func idsIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	from, err := store.OpenSource(t.Context(), "sqlite:"+filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }() // was only read
	names := map[crm.RecordKind]string{crm.RecordClient: "{client}", crm.RecordTask: "{task}", crm.RecordTouch: "{touch}",
		crm.RecordEvent: "{event}", crm.RecordMember: "{member}"}
	ids := map[string]string{}
	err = from.Dump(t.Context(), func(kind crm.RecordKind, doc []byte) error {
		var r struct {
			ID     string            `json:"_id"`
			Fields []crm.CustomField `json:"fields"`
			Places []crm.Place       `json:"places"`
		}
		if kind == crm.RecordTeam && json.Unmarshal(doc, &r) == nil {
			for _, f := range r.Fields {
				ids[string(f.ID)] = "{field}"
			}
			for _, p := range r.Places {
				ids[string(p.ID)] = "{place}"
			}
		}
		if names[kind] == "" {
			return nil
		}
		err := json.Unmarshal(doc, &struct {
			ID *string `json:"_id"`
		}{&r.ID})
		ids[r.ID] = names[kind]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

var (
	digits  = regexp.MustCompile(`[0-9]+`)
	part    = regexp.MustCompile(`[^|,.=:!+<>]+`)                  // of data: an id, a word, a time
	longID  = regexp.MustCompile(`^[A-Za-z0-9_-]{16}$`)            // of a draft, or of what is gone
	moment  = regexp.MustCompile(`^([a-z]?)(t[o-z][0-9a-z]{3}0)$`) // seconds of these years to the base 36, perhaps behind a kind of matter
	cursor  = regexp.MustCompile(`^mw[0-9a-z]{6}$`)                // milliseconds
	dateKey = regexp.MustCompile(`^(d?)([0-9a-f]{8})$`)
	words   = regexp.MustCompile(`^.*[^\x00-\x7f].*$|^ivanov$|^bdfyjd$`) // what somebody has typed
)

// templateOf is data with what belongs to one base taken out.
func templateOf(data string, ids map[string]string) string {
	for id, name := range ids {
		if strings.Contains(id, ".") { // an event
			data = strings.ReplaceAll(data, id, name)
		}
	}
	return part.ReplaceAllStringFunc(data, func(s string) string {
		switch {
		case strings.HasPrefix(s, "{"):
			return s
		case ids[s] != "":
			return ids[s]
		case longID.MatchString(s):
			return "{draft}"
		case moment.MatchString(s):
			return moment.ReplaceAllString(s, "$1{due}")
		case cursor.MatchString(s):
			return "{cursor}"
		case dateKey.MatchString(s):
			return dateKey.ReplaceAllString(s, "$1{date}")
		case words.MatchString(s):
			return "{name}"
		}
		return s
	})
}

package crm

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Dossier is all that is known of one client, for the client to read (GDPR, article 15; 152-ФЗ, article 14) and to take to
// somebody else as JSON (GDPR, article 20).
type Dossier struct {
	Client   Client    `json:"client"`
	Touches  []Touch   `json:"touches"` // newest first
	Tasks    []Task    `json:"tasks"`
	Changes  []Event   `json:"changes"` // newest first
	Consents []Consent `json:"consents"`

	ConsentTexts []ConsentText `json:"consent_texts,omitempty"` // those that Consents name

	FieldNames map[FieldID]string `json:"field_names,omitempty"` // of the team's own fields that the client has
	Withheld   []string           `json:"withheld,omitempty"`    // names of restricted fields that are not for whoever took it: it is not all

	// WithheldOf names by change the restricted fields that it set, of which Changes say nothing.
	WithheldOf map[EventID][]string `json:"withheld_of,omitempty"`
}

// Attachment is a file that is kept with an entry of the history.
type Attachment struct {
	Entry Touch
	File  File
}

// Attachments are the files of all entries, the newest first, each once.
func (d Dossier) Attachments() []Attachment {
	var all []Attachment
	seen := map[string]bool{}
	for _, t := range d.Touches {
		for _, f := range t.Files {
			if !seen[f.Unique] {
				all = append(all, Attachment{t, f})
			}
			seen[f.Unique] = f.Unique != ""
		}
	}
	return all
}

// maxDossier bounds each list of a dossier; nobody has had so many.
const maxDossier = 10000

// Dossier gathers all that is known of a client. That it was taken is in the record before anything is handed over.
func (d *Desk) Dossier(ctx context.Context, by Actor, id ClientID) (Dossier, error) {
	team, scope, err := d.guarded(ctx, by, ActionTakeClient)
	if err != nil {
		return Dossier{}, err
	}
	var all Dossier
	if all.Client, err = d.visible(ctx, team, by, id); err != nil {
		return all, err
	}
	id = all.Client.ID
	if !scope.allows(all.Client) {
		return Dossier{}, &Error{Kind: ErrDenied, Field: string(ActionTakeClient)}
	}
	if err := d.noteTaken(ctx, by, Event{Action: ActionTakeClient, Record: string(id), Rev: all.Client.Rev}); err != nil {
		return Dossier{}, err
	}
	if err := d.gatherTouches(ctx, &all); err != nil {
		return Dossier{}, err
	}
	if all.Consents, err = d.store.Consents(ctx, by.Team, id); err != nil {
		return Dossier{}, fmt.Errorf("consents of a client: %w", err)
	}
	for _, text := range team.ConsentTexts {
		if slices.ContainsFunc(all.Consents, func(c Consent) bool { return c.Text == text.No }) {
			all.ConsentTexts = append(all.ConsentTexts, text)
		}
	}
	if all.Tasks, err = d.store.Tasks(ctx, TaskQuery{Team: by.Team, Client: id, Limit: maxDossier}); err != nil {
		return Dossier{}, fmt.Errorf("tasks of a client: %w", err)
	}
	for _, card := range append([]ClientID{id}, all.Client.Merged...) {
		changes, err := d.store.Events(ctx, EventQuery{Team: by.Team, Record: string(card), Limit: maxDossier})
		if err != nil {
			return Dossier{}, fmt.Errorf("changes of a client: %w", err)
		}
		all.Changes = append(all.Changes, changes...)
	}
	all.leaveOutOthers()
	slices.SortStableFunc(all.Changes, func(a, b Event) int { return b.At.Compare(a.At) })
	d.open(&all, by.Role, team)
	return all, nil
}

// leaveOutOthers empties what the record says of somebody else: a merge brought it that was taken back, as did whatever happened to the
// card in between, and a note had what there was no room for. That they were is said.
func (d *Dossier) leaveOutOthers() {
	for _, made := range d.Changes {
		undone := slices.IndexFunc(d.Changes, func(e Event) bool { return e.Undoes == made.ID && e.Record == made.Record })
		cause, merge := strings.CutSuffix(string(made.ID), string(Merge{}.event(made.Record)))
		if made.Action != ActionMergeClients || undone < 0 || !merge {
			continue
		}
		last := d.Changes[undone].Rev
		for i, e := range d.Changes {
			if e.Record == made.Record && made.Rev <= e.Rev && e.Rev <= last {
				d.Changes[i].Fields = nil
			}
		}
		note := NewTouchID(made.Team, Cause(cause), 0)
		d.Touches = slices.DeleteFunc(d.Touches, func(t Touch) bool { return t.ID == note })
	}
}

// open leaves in a dossier what a role sees of the team's own fields, and names them and what is left out.
func (d *Desk) open(all *Dossier, role Role, team Team) {
	for id := range all.Client.Sealed {
		if f, ok := team.Field(id); ok && !f.SeenBy(role) {
			all.Withheld = append(all.Withheld, f.Name)
		}
	}
	slices.Sort(all.Withheld)
	all.Client = d.unsealed(all.Client, role, team)
	all.FieldNames = map[FieldID]string{}
	for id := range all.Client.Custom {
		if f, ok := team.Field(id); ok {
			all.FieldNames[id] = f.Name
		}
	}
	all.WithheldOf = map[EventID][]string{}
	for i, e := range all.Changes {
		d.openChange(all, &all.Changes[i], role, team)
		slices.Sort(all.WithheldOf[e.ID])
	}
}

// openChange puts what an event says of restricted fields that a role sees among what it says of the team's other fields. The rest is
// left out, and named.
func (d *Desk) openChange(all *Dossier, e *Event, role Role, team Team) {
	sealed, ok := e.Fields[sealedField]
	if !ok {
		return
	}
	e.Fields = maps.Clone(e.Fields)
	delete(e.Fields, sealedField)
	was, is := sealed.valuesOf()
	before, after := e.Fields["custom"].valuesOf()
	for _, f := range team.Fields {
		if was[f.ID] == is[f.ID] {
			continue
		}
		one, err := d.openOne(team.ID, f.ID, was[f.ID])
		other, err2 := d.openOne(team.ID, f.ID, is[f.ID])
		switch {
		case !f.SeenBy(role), err != nil, err2 != nil:
			all.WithheldOf[e.ID] = append(all.WithheldOf[e.ID], f.Name)
		case one != other:
			before[f.ID], after[f.ID], all.FieldNames[f.ID] = one, other, f.Name
		}
	}
	if len(before)+len(after) > 0 {
		e.Fields["custom"] = Delta{Before: marshalled(before), After: marshalled(after)}
	}
}

// openOne is a restricted value that may be none.
func (d *Desk) openOne(team TeamID, id FieldID, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	return d.vault.open(sealed, fieldSeal(team, id))
}

// valuesOf are the values of the team's own fields that a field of an event holds, before and after.
func (f Delta) valuesOf() (before, after map[FieldID]string) {
	before, after = map[FieldID]string{}, map[FieldID]string{}
	_ = json.Unmarshal([]byte(f.Before), &before) // what is no object holds none
	_ = json.Unmarshal([]byte(f.After), &after)
	return before, after
}

// marshalled are values as one side of a Delta.
func marshalled(values map[FieldID]string) string {
	maps.DeleteFunc(values, func(_ FieldID, value string) bool { return value == "" })
	if len(values) == 0 {
		return ""
	}
	raw, _ := json.Marshal(values) // texts always marshal
	return string(raw)
}

func (d *Desk) gatherTouches(ctx context.Context, all *Dossier) error {
	q := TouchQuery{Team: all.Client.Team, Client: all.Client.ID, Limit: planPage}
	for len(all.Touches) < maxDossier {
		page, err := d.store.Touches(ctx, q)
		if err != nil {
			return fmt.Errorf("history of a client: %w", err)
		}
		if all.Touches = append(all.Touches, page...); len(page) < q.Limit {
			return nil
		}
		last := page[len(page)-1]
		q.After = &TouchMark{At: last.At, ID: last.ID}
	}
	return nil
}

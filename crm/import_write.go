package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// outcome is what became of a line.
type outcome int

const (
	outcomeNew outcome = iota
	outcomeChanged
	outcomeReplaced // likewise, by ImportOverwrite
	outcomeSame
	outcomePassed
	outcomeAsked
	outcomeRefused
)

// addTo counts it.
func (o outcome) addTo(c *ImportCounts) {
	if o == outcomeReplaced {
		c.Replaced++
	}
	*map[outcome]*int{outcomeNew: &c.New, outcomeChanged: &c.Changed, outcomeReplaced: &c.Changed, outcomeSame: &c.Same, outcomePassed: &c.Passed, outcomeAsked: &c.Asked, outcomeRefused: &c.Refused}[o]++
}

// decide makes the change that a line asks for; nil if it asks for none.
func (w *importWorker) decide(ctx context.Context, l *importLine, v verdict) (*ClientChange, outcome, error) {
	own, policy := w.i.rowClient(l.n), w.i.Policy
	switch {
	case len(l.problems) > 0:
		return nil, outcomeRefused, nil
	case v.card != nil && v.card.ID == own: // written before this process came
		return nil, outcomeNew, nil
	case v.card != nil && !v.certain:
		v, policy = w.likely(v)
	}
	switch {
	case v.several && policy == ImportAsk && slices.ContainsFunc(v.fit, func(c *Client) bool { return w.edits.allows(*c) }):
		return nil, outcomeAsked, nil
	case v.several:
		l.refuse("several", -1)
		return nil, outcomeRefused, nil
	case v.card == nil:
		ch, err := w.newCard(l, own)
		if err != nil {
			l.refuse("name", -1)
			return nil, outcomeRefused, nil
		}
		return &ch, outcomeNew, nil
	case !w.edits.allows(*v.card):
		l.refuse("held", -1)
		return nil, outcomeRefused, nil
	case policy == ImportPass:
		return nil, outcomePassed, nil
	case policy == ImportAsk:
		return nil, outcomeAsked, nil
	}
	ch, err := w.changeCard(ctx, l, *v.card, policy)
	if ch == nil {
		return nil, outcomeSame, err
	}
	return ch, changedBy(policy), err
}

func changedBy(p ImportPolicy) outcome {
	if p == ImportOverwrite {
		return outcomeReplaced
	}
	return outcomeChanged
}

// likely is what is done with a line that is only like a card. Whom others look after it does not tell.
func (w *importWorker) likely(v verdict) (verdict, ImportPolicy) {
	if !w.edits.allows(*v.card) {
		return verdict{}, w.i.Policy
	}
	w.i.Counts.Maybe++
	switch as := w.i.LikelyAs(); {
	case as == ImportAdd:
		return verdict{}, w.i.Policy
	case as == ImportAsk:
		return v, ImportAsk
	}
	return v, w.i.Policy
}

func (w *importWorker) newCard(l *importLine, id ClientID) (ClientChange, error) {
	ch, err := w.desk.newCard(w.by, w.team, newCard{id: id, draft: l.draft, n: l.n, with: func(c *Client) {
		if l.stage != "" && l.stage != StageArchive {
			c.Stage = l.stage
		} else if l.stage == StageArchive {
			c.BeforeArchive, c.Stage = StageLead, StageArchive
		}
		c.importStatus(l)
		if l.owner != "" {
			c.Owner = l.owner
		}
		l.restore(c, w.desk.now())
	}})
	ch.Event.PartOf = w.i.begunEvent()
	for i := range ch.Touches {
		ch.Touches[i].ID = importNoteID(w.team.ID, id, ch.Touches[i].Text)
	}
	ch.Touches = append(ch.Touches, w.history(l, id)...)
	return ch, err
}

// changeCard brings a card that is there up to what the line says; nil if it says nothing new.
func (w *importWorker) changeCard(ctx context.Context, l *importLine, old Client, p ImportPolicy) (*ClientChange, error) {
	next := old.clone()
	notes := slices.Clone(l.draft.Notes)
	var left []Leftover
	if p == ImportOverwrite {
		left = next.overwrite(l)
		if l.owner != "" && w.gives {
			next.Owner = l.owner
		}
	} else {
		left = append(next.complete(l.draft.Profile, l.draft.Named), l.standsElse(old)...)
	}
	if l.owner != "" && l.owner != next.Owner {
		left = append(left, Leftover{Field: Field(ImportOwner), Text: l.named})
	}
	if left = append(left, next.Profile.trim()...); len(left) > 0 {
		notes = append(notes, DraftNote{Kind: TouchNote, Text: w.desk.leftText(w.team, left, w.reader.heading), At: w.reader.at})
	}
	todo, err := w.tasksLeft(ctx, l, old.ID)
	if err != nil {
		return nil, err
	}
	touches, err := w.freshNotes(ctx, &next, append(notes, todo...))
	if err != nil {
		return nil, err
	}
	history, err := w.freshHistory(ctx, l, &next)
	if err != nil {
		return nil, err
	}
	touches = append(touches, history...)
	next.Rev, next.Updated = old.Rev+1, w.desk.now()
	for i := range touches {
		touches[i].Created = next.Updated // by that the undo finds them
	}
	next.index(w.team.Fields)
	ev := Event{ID: w.i.rowEvent(l.n), Team: w.team.ID, Schema: schemaVersion, Action: ActionEditClient, Record: string(old.ID),
		Rev: next.Rev, By: w.by.ID, At: next.Updated, Fields: diff(old, next), PartOf: w.i.begunEvent()}
	if len(ev.Fields) == 0 && len(touches) == 0 {
		return nil, nil
	}
	return &ClientChange{Client: next, Event: ev, Touches: touches}, nil
}

// overwrite lets the line count wherever it says something; of lists nothing is taken away, what it says comes first. What there is no
// room for is returned.
func (c *Client) overwrite(l *importLine) (left []Leftover) {
	was := c.Profile
	now := l.draft.Profile
	now.Tags, now.Interests = nil, nil // in their order
	if now.Kind == "" {
		now.Kind = was.Kind
	}
	for id, v := range was.Custom {
		if now.Custom[id] == "" {
			if now.Custom == nil {
				now.Custom = map[FieldID]string{}
			}
			now.Custom[id] = v
		}
	}
	fresh := Client{Profile: now}.clone().Profile
	fresh.Tags, fresh.Interests = was.Tags, was.Interests
	for _, l := range fresh.absorb(was) {
		if l.Field == FieldDates { // of all else the line's value counts
			left = append(left, l)
		}
	}
	if fresh.Name == "" {
		fresh.Name = was.Name
	}
	fresh.Tags, fresh.Interests = unite(fresh.Tags, l.draft.Profile.Tags), unite(fresh.Interests, l.draft.Profile.Interests)
	c.Profile = fresh
	if l.stage != "" {
		_ = c.setStage(l.stage) // it is one of them
	}
	c.importStatus(l)
	return left
}

// standsElse is the stage and the status that a line says and the card does not have, for a note. Where every card begins says nothing.
func (l *importLine) standsElse(c Client) []Leftover {
	var left []Leftover
	if l.stage != "" && l.stage != StageLead && l.stage != c.Stage {
		left = append(left, Leftover{Field: FieldStage, Text: string(l.stage)})
	}
	if l.status != "" && l.status != StatusLead && l.status != c.Status {
		left = append(left, Leftover{Field: FieldStatus, Text: string(l.status)})
	}
	if l.reason != "" && l.reason != c.StatusReason {
		left = append(left, Leftover{Field: FieldStatus, Text: l.reason})
	}
	if l.record != nil && c.ArchiveReason == "" && l.record.ArchiveReason != "" {
		left = append(left, Leftover{Field: FieldStage, Text: firstRunes(cleanLine(l.record.ArchiveReason), maxReason)})
	}
	return left
}

// importStatus takes a line's status. A line that names the card's own status and no reason leaves the reason that is there.
func (c *Client) importStatus(l *importLine) {
	switch {
	case l.status == "", l.status == c.Status && l.reason == "":
		return
	case l.status == StatusBlocked && l.reason == "":
		c.Status, c.StatusReason = StatusPaused, "" // the blacklist needs a reason
	default:
		c.Status, c.StatusReason = l.status, l.reason
	}
}

// freshNotes are those that the card's history does not have from an earlier import: their ids are made of their words.
func (w *importWorker) freshNotes(ctx context.Context, c *Client, notes []DraftNote) ([]Touch, error) {
	var touches []Touch
	var ids []TouchID
	for _, in := range w.desk.inputs(w.team, notes) {
		t, err := w.desk.newTouch(w.by, c.ID, 0, in)
		if err != nil {
			continue // a note of nothing
		}
		t.ID = importNoteID(c.Team, c.ID, t.Text)
		touches, ids = append(touches, t), append(ids, t.ID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	there, err := w.desk.store.Touches(ctx, TouchQuery{Team: c.Team, Client: c.ID, IDs: ids, Limit: len(ids)})
	if err != nil {
		return nil, fmt.Errorf("notes of client %s: %w", c.ID, err)
	}
	for _, t := range there {
		touches = slices.DeleteFunc(touches, func(have Touch) bool { return have.ID == t.ID })
	}
	for _, t := range touches {
		c.count(t)
	}
	return touches, nil
}

// importNoteID is the same for the same words on the same card.
func importNoteID(team TeamID, c ClientID, text string) TouchID {
	return TouchID(newID(team, Cause(c), "import note "+strings.Join(strings.Fields(text), " "), 0))
}

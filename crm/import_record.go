package crm

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// ownFields are the team's own fields that a file of ours names, and what becomes of each here: the field of that name, else one that
// is made when the import begins.
func ownFields(head *ExportHead, team Team) []ImportColumn {
	var own []ImportColumn
	for _, f := range head.Fields[:min(len(head.Fields), maxFields)] {
		c := ImportColumn{Heading: clip(cleanLine(f.Name), maxHeading), To: ImportNew, Kind: f.Kind, Choices: f.Choices}
		if have, ok := ownField(team, f.Name); ok {
			if c.To = target(CustomKey(have.ID)); have.Restricted {
				c.To = ImportSkip
			}
		}
		own = append(own, c)
	}
	return own
}

// record takes a record of ours: each value is judged as if it were typed, since a file can be changed by anybody.
func (r rowReader) record(l *importLine, rec *ExportRecord) {
	l.record, l.draft.Named = rec, NamedByMember
	switch {
	case rec.long:
		l.refuse("record_long", -1)
		return
	case rec.damaged:
		l.refuse("record", -1)
		return
	}
	p := &l.draft.Profile
	name, err := CleanName(rec.Name)
	if err != nil {
		l.refuse("name", -1)
	}
	*p = Profile{Name: name, Kind: known(rec.Kind, Kinds), Channel: known(rec.Channel, Channels), TelegramID: max(rec.TelegramID, 0)}
	for _, one := range []struct{ to, from *string }{{&p.Company, &rec.Company}, {&p.Position, &rec.Position}, {&p.City, &rec.City},
		{&p.Address, &rec.Address}, {&p.Source, &rec.Source}} {
		*one.to = firstRunes(cleanLine(*one.from), maxValue)
	}
	r.recordWays(l, rec)
	r.recordDates(l, rec)
	r.recordLists(l, rec)
	r.recordCustom(l, rec)
	l.stage, l.status, l.owner = known(rec.Stage, Stages), known(rec.Status, Statuses), r.staff[spell.Fold(rec.Owner)]
	l.named = firstRunes(cleanLine(rec.Owner), maxValue)
	if l.owner == "" && rec.Owner != "" && len(r.staff) > 0 {
		l.stranger = firstRunes(cleanLine(rec.Owner), maxValue)
		l.leave(ImportColumn{Heading: r.heading(Field(ImportOwner))}, l.stranger)
	}
	l.reason = firstRunes(cleanLine(rec.StatusReason), maxReason)
	l.notes = append(l.notes, rec.unknown...)
	r.recordPast(l, rec)
}

// recordPast makes notes of what can be neither an entry of a history nor a task.
func (r rowReader) recordPast(l *importLine, rec *ExportRecord) {
	for _, h := range rec.History {
		switch {
		case h.Kind == TouchDecision && !h.Decision.known():
			l.notes = append(l.notes, strings.TrimSpace(h.Decision.Text+"\n"+h.Decision.Note))
		case h.Kind != TouchDecision && h.Kind != TouchUndone && h.overflows():
			l.notes = append(l.notes, h.Text)
		}
	}
	for _, t := range rec.Tasks {
		if _, ok := t.task(); !ok && t.Text != "" {
			l.notes = append(l.notes, t.line())
		}
	}
}

func known[S ~string](v S, list []S) S {
	if slices.Contains(list, v) {
		return v
	}
	return ""
}

// storedPhone is how a phone is kept, a wrong one too.
var storedPhone = regexp.MustCompile(`^\+?\d{3,15}$`)

// recordWays are the ways to reach the client.
func (r rowReader) recordWays(l *importLine, rec *ExportRecord) {
	p := &l.draft.Profile
	for _, ph := range rec.Phones {
		if !storedPhone.MatchString(ph.E164) || len(ph.Ext) > 10 || onlyDigits(ph.Ext) != ph.Ext {
			l.refuse("phone", -1)
			continue
		}
		ph.Raw = firstRunes(cleanLine(ph.Raw), maxValue)
		p.Phones = addPhone(p.Phones, ph)
	}
	for _, m := range rec.Emails {
		mail, err := ParseEmail(m)
		if err != nil {
			l.refuse("email", -1)
			continue
		}
		p.Emails = unite(p.Emails, []string{mail})
	}
	for _, m := range rec.Messengers {
		handle := cleanLine(m.Handle)
		if !knownMessenger(m.Kind) || handle == "" || len(handle) > maxHandle || len(p.Messengers) >= maxPhones {
			l.notes = append(l.notes, firstRunes(cleanLine(m.Kind+": "+handle), maxValue))
			continue
		}
		p.Messengers = addMessenger(p.Messengers, Messenger{m.Kind, handle})
	}
}

// knownMessenger reports whether a messenger is one of those that a card can have.
func knownMessenger(kind string) bool {
	for _, k := range messengerKinds {
		if k == kind {
			return true
		}
	}
	return false
}

func (r rowReader) recordDates(l *importLine, rec *ExportRecord) {
	p := &l.draft.Profile
	if p.Birthday = rec.Birthday; !p.Birthday.IsZero() && CheckBirthday(p.Birthday, r.today) != nil {
		p.Birthday = civil.Date{}
		l.refuse("birthday", -1)
	}
	for _, o := range rec.Dates {
		clean, err := o.clean()
		var room bool
		if err == nil {
			p.Dates, room = addDate(p.Dates, clean)
		}
		if !room {
			l.refuse("date", -1)
		}
	}
}

func (r rowReader) recordLists(l *importLine, rec *ExportRecord) {
	for _, list := range []struct {
		to   *[]string
		from []string
	}{{&l.draft.Profile.Tags, rec.Tags}, {&l.draft.Profile.Interests, rec.Interests}} {
		for _, tag := range list.from {
			got, err := cleanList(tag, FieldTags)
			if err != nil {
				l.refuse("tags", -1)
			}
			*list.to = unite(*list.to, got)
		}
	}
}

// recordCustom takes the values of the fields that the file names.
func (r rowReader) recordCustom(l *importLine, rec *ExportRecord) {
	for i, f := range rec.head.Fields {
		value := firstRunes(cleanLine(rec.Custom[f.ID]), maxValue)
		if value == "" {
			continue
		}
		c := ImportColumn{Heading: f.Name, To: ImportNote}
		if i < len(r.own) {
			c = r.own[i]
		}
		if c.To == ImportNew { // before it is made: what is shown of it is a note
			c.To = ImportNote
		}
		r.otherCell(l, -1, c, value)
	}
}

// restore sets what a record says of a card beside its draft. Times that have not come yet are those of tomorrow's contacts alone.
func (l *importLine) restore(c *Client, now time.Time) {
	rec := l.record
	if rec == nil {
		return
	}
	past := func(t time.Time) time.Time {
		if t = stamp(t); t.After(now) {
			return now
		}
		return t
	}
	c.ArchiveReason = firstRunes(cleanLine(rec.ArchiveReason), maxReason)
	if c.BeforeArchive = known(rec.BeforeArchive, Stages); c.Stage != StageArchive {
		c.BeforeArchive = ""
	} else if c.BeforeArchive == "" {
		c.BeforeArchive = StageLead
	}
	c.FirstContact, c.LastTouch, c.Offered, c.Touches = past(rec.FirstContact), past(rec.LastTouch), past(rec.Offered), max(rec.Touches, 0)
	c.NextContact, c.KeepTill, c.LastNote = stamp(rec.NextContact), stamp(rec.KeepTill), firstRunes(rec.LastNote, maxValue)
	c.Bought = rec.Bought.checked(now)
	c.Greeted, c.Celebrated = rec.Greeted, rec.Celebrated
	if !rec.Confirmed.IsZero() {
		c.Confirmed = past(rec.Confirmed)
	}
	if !rec.Created.IsZero() {
		c.Created = past(rec.Created)
	}
}

// checked is a purchase as it can be kept.
func (p Purchase) checked(now time.Time) Purchase {
	p.What = firstRunes(cleanLine(p.What), maxValue)
	if p.At = stamp(p.At); p.At.After(now) {
		p.At = now
	}
	if p.Sum < 0 || len(p.Currency) != 3 && p.Currency != "" || strings.ToUpper(p.Currency) != p.Currency {
		p.Sum, p.Currency = 0, ""
	}
	return p
}

// maxHistory is how much of a history is taken.
const maxHistory = 10_000

// history are the entries of a record's history, as entries of a card: what no card can have is left out. Who they are by counts only
// where the importer could have handed cards over.
func (w *importWorker) history(l *importLine, id ClientID) []Touch {
	if l.record == nil {
		return nil
	}
	var list []Touch
	now := w.desk.now()
	for i, in := range l.record.History {
		if in.Kind == TouchDecision {
			if t, ok := w.decided(id, in); ok {
				list = append(list, t)
			}
			continue
		}
		t, err := w.desk.newTouch(w.by, id, i, in.touch())
		if err != nil {
			continue // it was taken back, or there is nothing in it
		}
		t.ID, t.Next, t.Purchase = restoredID(w.team.ID, id, in.ID), stamp(in.Next), in.Purchase.checked(now)
		t.By, t.Text = w.author(in.By, t.Text)
		list = append(list, t)
	}
	return list
}

// touch is what an entry says; one of a kind or with an outcome that is not known here is a note.
func (in ExportTouch) touch() TouchInput {
	made := TouchInput{Kind: in.Kind, Direction: in.Direction, Outcome: in.Outcome, Text: in.Text, At: in.At,
		Files: in.Files[:min(len(in.Files), maxFiles)], Via: firstRunes(cleanLine(in.Via), maxTag)}
	if !knownTouch(in.Kind) && in.Kind != TouchUndone || in.Outcome != OutcomeNone && !slices.Contains(OutcomesOf(in.Kind, in.Direction), in.Outcome) {
		made.Kind, made.Direction, made.Outcome = TouchNote, "", OutcomeNone
	}
	if in.overflows() {
		made.Text = "" // it is a note
	}
	return made
}

// overflows reports whether an entry says more than one can.
func (in ExportTouch) overflows() bool { return TouchInput{Text: in.Text}.Room() != nil }

// known reports whether anybody here can decide such a thing.
func (d Decision) known() bool {
	return known(d.What, Decideds) != "" && known(d.About, decidedAbouts) != ""
}

// author is who an entry is by, or whose a task is, and what it says. What is of somebody whom the team does not know is the importer's, and says whose it was.
func (w *importWorker) author(name, text string) (MemberID, string) {
	by := w.known(name)
	if !w.stranger(name) {
		return by, text
	}
	return by, firstRunes(strings.TrimSuffix(clip(cleanLine(name), maxHeading)+": "+text, ": "), maxNote)
}

// known is the member whom a record names, else the importer.
func (w *importWorker) known(name string) MemberID {
	return cmp.Or(w.reader.staff[spell.Fold(name)], w.by.ID)
}

// decided is a decision that comes back; ok is false if nobody can decide such a thing.
func (w *importWorker) decided(id ClientID, in ExportTouch) (t Touch, ok bool) {
	d, now := in.Decision, w.desk.now()
	if !d.known() {
		return t, false
	}
	d.Text, d.Until, d.To = firstRunes(cleanLine(d.Text), maxTask), stamp(d.Until), w.reader.staff[spell.Fold(in.To)]
	d.Outcome = known(d.Outcome, Outcomes)
	note, err := cleanText(d.Note, maxNote, "note")
	if err != nil {
		note = ""
	}
	d.Note = note
	by, note := w.author(in.By, d.Note)
	d.Note = note
	t = Touch{ID: restoredID(w.team.ID, id, in.ID), Team: w.team.ID, Schema: schemaVersion, Client: id, Kind: TouchDecision, Decision: d, By: by,
		At: stamp(in.At), Created: now}
	if t.At.IsZero() || t.At.After(now) {
		t.At = now
	}
	return t, true
}

// decidedAbouts are what decisions are about.
var decidedAbouts = []ReminderKind{RemindTask, RemindContact, RemindOffer, RemindStale, RemindBirthday, RemindAnniversary, RemindDate}

// restoredID is the id of an entry that comes back: the same however often the file is imported.
func restoredID(team TeamID, c ClientID, was TouchID) TouchID {
	return TouchID(newID(team, Cause(c), "restored "+string(was), 0))
}

// freshHistory are the entries that a card does not have, neither from the file nor as those that the file was made of.
func (w *importWorker) freshHistory(ctx context.Context, l *importLine, c *Client) ([]Touch, error) {
	list := w.history(l, c.ID)
	if len(list) == 0 {
		return nil, nil
	}
	var ids []TouchID
	was := map[TouchID]TouchID{} // as it would be called here → as it was called where the file was made
	for _, in := range l.record.History {
		id := restoredID(w.team.ID, c.ID, in.ID)
		was[id] = in.ID
		ids = append(ids, id, in.ID)
	}
	there, err := w.desk.store.Touches(ctx, TouchQuery{Team: c.Team, Client: c.ID, IDs: ids, Limit: len(ids)})
	if err != nil {
		return nil, fmt.Errorf("history of client %s: %w", c.ID, err)
	}
	has := map[TouchID]bool{}
	for _, t := range there {
		has[t.ID] = true
	}
	list = slices.DeleteFunc(list, func(t Touch) bool { return has[t.ID] || has[was[t.ID]] })
	planned := c.NextContact
	for i := len(list) - 1; i >= 0; i-- { // the earliest first, as it was
		if list[i].Kind != TouchDecision {
			c.count(list[i])
		}
	}
	if !planned.IsZero() || !c.NextContact.After(w.desk.now()) {
		c.NextContact = planned // what was planned once elsewhere neither moves nor answers what is planned here
	}
	return list, nil
}

package crm

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"kartoteka/crm/moment"
)

// The file of an export that comes back without loss: a head, then a record a client.
//
//	{"kartoteka":"clients","version":1,"made":"…","fields":[{"id":"…","name":"Размер","kind":"text"}],"clients":[
//	{"id":"…","name":"Иванов Иван","phones":[{"e164":"+79001234567"}],"stage":"lead","owner":"Анна Петрова","history":[…],"tasks":[…]}
//	]}
//
// As .jsonl the head has no "clients": the records follow it, one a line.

const (
	// ExportContent is what a head says that the file holds: by that a file of ours is known.
	ExportContent = "clients"
	// ExportVersion is the newest shape of records; fields may be added within one.
	ExportVersion = 1
)

// ExportHead begins a file.
type ExportHead struct {
	Content string        `json:"kartoteka"`
	Version int           `json:"version"`
	Made    time.Time     `json:"made"`
	Fields  []ExportField `json:"fields,omitempty"` // the team's own
}

// ExportField is one of the fields of a team's own. Records hold its values by ID.
type ExportField struct {
	ID      FieldID   `json:"id"`
	Name    string    `json:"name"`
	Kind    FieldKind `json:"kind"`
	Choices []string  `json:"choices,omitempty"`
}

// ExportRecord is a client with all that hangs on the card. Members are named, since elsewhere they have other ids. What is sealed,
// and whatever an engine makes for itself, is not in it.
type ExportRecord struct {
	ID ClientID `json:"id"`
	Profile
	Stage         Stage     `json:"stage"`
	Status        Status    `json:"status"`
	StatusReason  string    `json:"status_reason,omitempty"`
	ArchiveReason string    `json:"archive_reason,omitempty"`
	BeforeArchive Stage     `json:"before_archive,omitempty"`
	Owner         string    `json:"owner,omitempty"`
	FirstContact  time.Time `json:"first_contact,omitzero"`
	LastTouch     time.Time `json:"last_touch,omitzero"`
	NextContact   time.Time `json:"next_contact,omitzero"`
	Offered       time.Time `json:"offered,omitzero"`
	Bought        Purchase  `json:"bought,omitzero"`
	Confirmed     time.Time `json:"confirmed,omitzero"`
	Touches       int       `json:"touches,omitempty"`
	Greeted       int       `json:"greeted,omitempty"`
	Celebrated    int       `json:"celebrated,omitempty"`
	KeepTill      time.Time `json:"keep_till,omitzero"`
	LastNote      string    `json:"last_note,omitempty"`
	Created       time.Time `json:"created,omitzero"`

	History []ExportTouch `json:"history,omitempty"` // newest first
	Tasks   []ExportTask  `json:"tasks,omitempty"`

	head    *ExportHead
	damaged bool     // it cannot be read
	long    bool     // it is longer than a record may be
	unknown []string // what this version has no place for: "key: value"
}

// ExportTouch is an entry of a client's history.
type ExportTouch struct {
	ID        TouchID   `json:"id"`
	Kind      TouchKind `json:"kind"`
	Direction Direction `json:"direction,omitempty"`
	Outcome   Outcome   `json:"outcome,omitempty"`
	Text      string    `json:"text,omitempty"`
	Files     []File    `json:"files,omitempty"`
	Via       string    `json:"via,omitempty"`
	Next      time.Time `json:"next,omitzero"`
	Purchase  Purchase  `json:"purchase,omitzero"`
	Decision  Decision  `json:"decision,omitzero"` // of TouchDecision, without To
	To        string    `json:"to,omitempty"`      // who got it, of DecidedPass
	By        string    `json:"by,omitempty"`
	At        time.Time `json:"at"`
}

// ExportTask is a task about a client.
type ExportTask struct {
	ID       TaskID        `json:"id"`
	Text     string        `json:"text"`
	Assignee string        `json:"assignee,omitempty"`
	State    TaskState     `json:"state"`
	Due      time.Time     `json:"due"`
	Wall     string        `json:"wall"`
	Zone     string        `json:"zone"`
	Repeat   moment.Repeat `json:"repeat,omitempty"`
	Occurs   time.Time     `json:"occurs,omitzero"`
	Created  time.Time     `json:"created,omitzero"`
	Closed   time.Time     `json:"closed,omitzero"`
	Outcome  Outcome       `json:"outcome,omitempty"`
	Day      TaskDay       `json:"day,omitzero"`
}

// Head is the head of the export's files.
func (t *Taking) Head() ExportHead {
	h := ExportHead{Content: ExportContent, Version: ExportVersion, Made: t.e.Begun}
	for _, f := range t.Fields() {
		h.Fields = append(h.Fields, ExportField{f.ID, f.Name, f.Kind, f.Choices})
	}
	return h
}

// RecordOf is a client as a record, without history and tasks.
func RecordOf(c Client, owner string) ExportRecord {
	return ExportRecord{ID: c.ID, Profile: c.Profile, Stage: c.Stage, Status: c.Status, StatusReason: c.StatusReason, ArchiveReason: c.ArchiveReason,
		BeforeArchive: c.BeforeArchive, Owner: owner, FirstContact: c.FirstContact, LastTouch: c.LastTouch, NextContact: c.NextContact, Offered: c.Offered,
		Bought: c.Bought, Confirmed: c.Confirmed, Touches: c.Touches, Greeted: c.Greeted, Celebrated: c.Celebrated, KeepTill: c.KeepTill,
		LastNote: c.LastNote, Created: c.Created}
}

// TouchRecord is an entry of a history as a record.
func TouchRecord(t Touch, names map[MemberID]string) ExportTouch {
	r := ExportTouch{ID: t.ID, Kind: t.Kind, Direction: t.Direction, Outcome: t.Outcome, Text: t.Text, Files: t.Files, Via: t.Via, Next: t.Next,
		Purchase: t.Purchase, Decision: t.Decision, To: names[t.Decision.To], By: names[t.By], At: t.At}
	r.Decision.To = ""
	return r
}

// TaskRecord is a task as a record.
func TaskRecord(t Task, assignee string) ExportTask {
	return ExportTask{ID: t.ID, Text: t.Text, Assignee: assignee, State: t.State, Due: t.Due, Wall: t.Wall, Zone: t.Zone, Repeat: t.Repeat,
		Occurs: t.Occurs, Created: t.Created, Closed: t.Closed, Outcome: t.Outcome, Day: t.Day}
}

// maxRecord is how long a record may be, in bytes: some thousand entries of a history.
const maxRecord = 8 << 20

// recordKeys are the keys that a record can have.
var recordKeys = jsonKeys(reflect.TypeFor[ExportRecord]())

func jsonKeys(t reflect.Type) map[string]bool {
	keys := map[string]bool{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			for key := range jsonKeys(f.Type) {
				keys[key] = true
			}
		} else if name != "" {
			keys[name] = true
		}
	}
	return keys
}

// DecodeRecord reads a record. One that cannot be read, or is too long, is a record that no import takes; what this version does not
// know is kept for the client's notes.
func DecodeRecord(raw []byte, head *ExportHead) *ExportRecord {
	if len(raw) > maxRecord {
		return &ExportRecord{head: head, long: true}
	}
	r := &ExportRecord{}
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil || all == nil || json.Unmarshal(raw, r) != nil {
		return &ExportRecord{head: head, damaged: true}
	}
	r.head = head
	for key, value := range all {
		if !recordKeys[key] {
			r.unknown = append(r.unknown, firstRunes(cleanLine(key)+": "+strings.Trim(cleanLine(string(value)), `"`), maxNote))
		}
	}
	slices.Sort(r.unknown)
	r.long = len(r.unknown) > maxFields || len(r.History) > maxHistory || len(r.Tasks) > maxRecordTasks
	r.bound()
	return r
}

// Own are the values of the own fields that the record's file names, in their order.
func (r *ExportRecord) Own() []string {
	if r.head == nil {
		return nil
	}
	var values []string
	for _, f := range r.head.Fields[:min(len(r.head.Fields), maxFields)] {
		values = append(values, r.Custom[f.ID])
	}
	return values
}

// Open are the tasks that are still to be done, a line each.
func (r *ExportRecord) Open() []string {
	var lines []string
	for _, t := range r.Tasks {
		if t.State == TaskOpen && t.Text != "" {
			lines = append(lines, t.line())
		}
	}
	return lines
}

// line is what is to be done, and when.
func (t ExportTask) line() string {
	return strings.TrimSuffix(t.Text+" · "+strings.Replace(t.Wall, "T", " ", 1), " · ")
}

// bound cuts lists that are longer than any card's to where they are seen to be too long.
func (r *ExportRecord) bound() {
	r.unknown = r.unknown[:min(len(r.unknown), maxFields)]
	r.Phones, r.Messengers = r.Phones[:min(len(r.Phones), maxPhones+1)], r.Messengers[:min(len(r.Messengers), maxPhones+1)]
	r.Emails, r.Dates = r.Emails[:min(len(r.Emails), maxEmails+1)], r.Dates[:min(len(r.Dates), maxDates+1)]
	r.Tags, r.Interests = r.Tags[:min(len(r.Tags), maxTags+1)], r.Interests[:min(len(r.Interests), maxTags+1)]
	r.History, r.Tasks = r.History[:min(len(r.History), maxHistory)], r.Tasks[:min(len(r.Tasks), maxRecordTasks)]
}

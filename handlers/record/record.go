// Package record is the conversation about what was changed, by whom and when: the changes of one card, each of which can be
// taken back, and the owner's audit of everything. What happened with a client is package history.
package record

import (
	"context"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// Register adds the record's commands and buttons to the conversation.
func Register(r *talk.Router) {
	r.Press(talk.VerbChanges, changes)
	r.Press(talk.VerbReverse, reverse)
	r.Command("audit", auditCommand)
	r.Press(talk.VerbAudit, audit)
	r.StartLink(talk.PartsPrefix, func(ctx context.Context, t *talk.Turn) error {
		return parts(ctx, t, view{AuditFilter: crm.AuditFilter{Days: usualDays}}, talk.PartsOf(t.In.Args), "")
	})
}

const (
	// valueText is how much of a value a change shows, in UTF-16 units, and mostFields of how many fields: a page of changes
	// has to fit one message.
	valueText  = 50
	mostFields = 5
	// decidedText is how much a change shows of what was decided about.
	decidedText = 150
)

// did is what an event did, in one line.
func did(t *talk.Turn, e crm.Event) string {
	key := "audit_action." + string(e.Action)
	if e.Action == crm.ActionLogTouch && !counted(e) {
		key = "audit.note"
		if ofDay(e) {
			key = "audit.day"
		}
	}
	if !t.T.Has(key) {
		key = "audit.other"
	}
	if as, n := e.Exported(); as != "" {
		return t.T.Label("audit.exported", "what", t.T.Label(key), "format", t.T.Label("export_format."+string(as)), "amount", talk.Amount(t.T, n, 0))
	}
	return t.T.Label(key)
}

// ofDay reports whether an event is about a day of a client's: it was put off, handed over, left for a year.
func ofDay(e crm.Event) bool {
	for _, field := range []string{"snoozed", "greeted", "celebrated", "dates"} {
		if _, about := e.Fields[field]; about {
			return true
		}
	}
	return false
}

// counted reports whether an event logged a touch, which counts on the card, and not a note.
func counted(e crm.Event) bool {
	_, touched := e.Fields["touches"]
	return touched
}

// sides are what a change made of each field: its name, what it was, what it became.
func sides(t *talk.Turn, team crm.Team, names map[crm.MemberID]string, c crm.Change) []string {
	var lines []string
	add := func(label, was, is string) {
		switch {
		case was == is && was != card.Dots:
		case c.Action == crm.ActionAddClient:
			lines = append(lines, t.T.HTML("change.first", "field", label, "is", value(t, is)))
		default:
			lines = append(lines, t.T.HTML("change.field", "field", label, "was", value(t, was), "is", value(t, is)))
		}
	}
	if c.Other.Name != "" {
		key := "change.merged"
		if c.Undoes != "" {
			key = "change.parted"
		}
		lines = append(lines, t.T.HTML(key, "name", fit.Line(c.Other.Name, valueText)))
	}
	if !c.Decision.IsZero() {
		lines = append(lines, t.T.HTML("change.decided", "about", fit.Text(card.DecidedAbout(t.T, c.Decision, names, card.Whenever(t)), decidedText)))
	}
	if c.Was.Owner != c.Is.Owner && c.Was.Owner != "" {
		add(t.T.Label("change.owner"), name(t, names, c.Was.Owner), name(t, names, c.Is.Owner))
	}
	for _, f := range c.Set {
		add(card.Label(t.T, team, f), card.Value(t, team, c.Was, f), card.Value(t, team, c.Is, f))
	}
	add(t.T.Label("change.reason"), c.Was.ArchiveReason, c.Is.ArchiveReason)
	if more := len(lines) - mostFields; more > 0 {
		lines = append(lines[:mostFields], t.T.HTML("change.more", "n", more))
	}
	return lines
}

func value(t *talk.Turn, v string) string {
	if v == "" {
		return t.T.Label("change.empty")
	}
	return fit.Line(v, valueText)
}

// name is a member's, or says that nobody or somebody who has left did it.
func name(t *talk.Turn, names map[crm.MemberID]string, id crm.MemberID) string {
	switch n := names[id]; {
	case id == "":
		return t.T.Label("audit.nobody")
	case n == "":
		return t.T.Label("member.gone")
	default:
		return n
	}
}

// labels are the names of the fields that a change set.
func labels(t *talk.Turn, team crm.Team, fields []crm.Field) string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = strings.ToLower(card.Label(t.T, team, f))
	}
	return strings.Join(slices.Compact(all), ", ")
}

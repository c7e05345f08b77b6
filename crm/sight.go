package crm

import (
	"encoding/json"
	"maps"
	"reflect"
)

// sights is what the roles see of the cards that they may read; a role that is not in it sees all, but for noSums. Whatever a use case
// answers with has gone through it, so that nobody who shows a card need think of it.
var sights = map[Role]func(Client, Team) Client{
	RoleAccountant: Client.requisites,
}

// SeesAll reports whether a role sees all by which the cards that it may read are found.
func SeesAll(role Role) bool { return sights[role] == nil }

// seenBy is the card as a role sees it.
func (c Client) seenBy(role Role, team Team) Client {
	if noSums[role] {
		c.Bought, c.LastNote = c.Bought.unpriced(), withoutSums(c.LastNote)
	}
	if see := sights[role]; see != nil {
		c = see(c, team)
	}
	return c.withoutSecrets(role, team)
}

// noSums are the roles that see no sums.
var noSums = map[Role]bool{RoleSupport: true}

// seenBy is the touch as a role sees it.
func (t Touch) seenBy(role Role) Touch {
	if noSums[role] {
		hide := withoutSums
		if t.Outcome == OutcomeBought || t.Decision.Outcome == OutcomeBought {
			hide = withoutFigures
		}
		t.Purchase, t.Text = t.Purchase.unpriced(), hide(t.Text)
		t.Decision.Text, t.Decision.Note = hide(t.Decision.Text), hide(t.Decision.Note)
	}
	return t
}

// seenBy is the task as a role sees it.
func (t Task) seenBy(role Role) Task {
	if noSums[role] {
		t.Text = withoutSums(t.Text)
	}
	return t
}

// seenTasks are tasks as a role sees them.
func seenTasks(role Role, tasks []Task) []Task {
	for i := range tasks {
		tasks[i] = tasks[i].seenBy(role)
	}
	return tasks
}

// seenBy is the event as a role sees it.
func (e Event) seenBy(role Role) Event {
	if !noSums[role] {
		return e
	}
	e.Fields = maps.Clone(e.Fields)
	delete(e.Fields, "bought")
	for _, name := range []string{"last_note", touchText} {
		if said, ok := e.Fields[name]; ok {
			e.Fields[name] = Delta{Before: quotedWithoutSums(said.Before), After: quotedWithoutSums(said.After)}
		}
	}
	return e
}

// quotedWithoutSums is withoutSums for one side of a Delta: what ends a sum is hidden by the quoting. One that is no text is not shown.
func quotedWithoutSums(side string) string {
	var text string
	if err := json.Unmarshal([]byte(side), &text); err != nil {
		return ""
	}
	return quoted(withoutSums(text))
}

// seenBy is the change as a role sees it.
func (c Change) seenBy(role Role, team Team) Change {
	c.hidden = c.hides(role, team)
	c.Event, c.Was, c.Is = c.Event.seenBy(role), c.Was.seenBy(role, team), c.Is.seenBy(role, team)
	return c
}

// requisites is what an accountant sees of a card: what stands on an invoice and whom to ask about the client, not how to
// reach the client nor what was spoken. It names what is kept, so that a field that is added is not seen by oversight.
func (c Client) requisites(team Team) Client {
	seen := Client{ID: c.ID, Team: c.Team, Rev: c.Rev, Schema: c.Schema, Owner: c.Owner, Created: c.Created, Updated: c.Updated,
		Deleted: c.Deleted, SortName: c.SortName}
	seen.Name, seen.Kind, seen.Company, seen.Address, seen.Bought = c.Name, c.Kind, c.Company, c.Address, c.Bought
	if c.namedByContact(team.Region) {
		seen.Name = hiddenName
	}
	for _, f := range team.Fields {
		if value := c.Custom[f.ID]; f.Requisites && !f.Removed && value != "" {
			if seen.Custom == nil {
				seen.Custom = map[FieldID]string{}
			}
			seen.Custom[f.ID] = value
		}
	}
	seen.Sealed = c.Sealed // of these, what the role is named for
	return seen
}

// hiddenName stands for the name of a card that is called by its phone, where phones are not seen.
const hiddenName = "•••"

// namedByContact reports a card that is called by how to reach the client: standIn has chosen it, or somebody has typed it.
func (c Client) namedByContact(region string) bool {
	for _, m := range c.Messengers {
		if c.Name == "@"+m.Handle {
			return true
		}
	}
	return len(PhoneLike(c.Name, region)) > 0 || len(FindEmails(c.Name)) > 0
}

// sighted is a search for a role that does not see all: only what it sees counts as found, or the rest could be found out by
// asking for it.
func sighted(role Role, team Team) func(Client) (Client, []string) {
	if SeesAll(role) {
		return nil
	}
	return func(c Client) (Client, []string) {
		seen := c.seenBy(role, team)
		indexed := seen.clone()
		indexed.index(team.Fields)
		return seen, indexed.Terms
	}
}

// plain reports whether a query asks for nothing but the cards that may be seen, by name or age: filters by what a role does
// not see would tell it.
func (q ClientQuery) plain() bool {
	if q.Sort != SortByName && q.Sort != SortByNewest && q.Sort != "" {
		return false
	}
	return reflect.DeepEqual(q, ClientQuery{Team: q.Team, Owner: q.Owner, Sort: q.Sort, After: q.After, Limit: q.Limit})
}

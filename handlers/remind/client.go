package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/card"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// client is the small card of whom a reminder is about: who and how old, how to reach them, what was last, and what was
// noted of them. Every kind of reminder that is about one client shows it.
func (v view) client(c crm.Client, last crm.Touch) []string {
	return v.clientOn(civil.DateOf(v.now), c, last)
}

// clientOn is client with the age that they have on a day.
func (v view) clientOn(day civil.Date, c crm.Client, last crm.Touch) []string {
	lines := []string{v.who(day, c)}
	if c.Stage == crm.StageArchive {
		lines = append(lines, v.t.HTML("remind.archived"))
	}
	if !c.EraseBy.IsZero() {
		lines = append(lines, card.EraseBy(v.t, c, civil.DateOf(v.now)))
	}
	if len(c.Phones) > 0 {
		lines = append(lines, card.Phone(v.t, c.Phones[0]))
	}
	lines = append(lines, card.Bought(v.t, c.Bought, v.now)...)
	if last.ID != "" {
		lines = append(lines, v.was(last))
	}
	if c.LastNote != "" {
		lines = append(lines, v.t.HTML("remind.note", "text", fit.Lines(c.LastNote, maxNote)))
	}
	return lines
}

// besides is the small card below a title: without the line that says nothing but the name that the title has.
func besides(title string, card []string) []string {
	if _, name, _ := strings.Cut(card[0], " "); strings.Contains(title, name) {
		return card[1:]
	}
	return card
}

// who is «👤 Соколова Мария, 33 года · ООО «Акме»».
func (v view) who(day civil.Date, c crm.Client) string {
	parts := []string{c.Name}
	if years, ok := c.Age(day); ok {
		parts[0] = v.t.Label("remind.aged", "name", c.Name, "n", years)
	}
	if c.Company != "" && c.Company != c.Name {
		parts = append(parts, c.Company)
	}
	return v.t.HTML("remind.client", "name", strings.Join(parts, " · "))
}

// was is the last touch: what it was, how long ago, and what was said, or else how it ended.
func (v view) was(h crm.Touch) string {
	what, ago := v.t.Label("touch."+string(h.Kind)), v.t.Ago(h.At, v.now)
	switch {
	case h.Via == "forward":
		what = v.t.Label("touch.forwarded")
	case h.Direction == crm.DirectionIn:
		what = v.t.Label("touch.in", "what", what)
	}
	ended := ""
	if h.Outcome != crm.OutcomeNone {
		ended = v.t.Small("outcome." + string(h.Outcome))
	}
	switch {
	case h.Text == "" && ended == "":
		return v.t.HTML("card.was", "what", what, "ago", ago)
	case h.Text == "":
		return v.t.HTML("remind.was_ended", "what", what, "ago", ago, "outcome", ended)
	case ended != "":
		ago += ", " + ended
	}
	return v.t.HTML("card.was_said", "what", what, "ago", ago, "text", fit.Lines(h.Text, maxSaid))
}

// clientLines is the small card of a client as a turn sees it.
func clientLines(ctx context.Context, t *talk.Turn, c crm.Client) ([]string, error) {
	last, err := t.Desk.LastTouch(ctx, t.By, c.ID)
	if err != nil {
		return nil, err
	}
	if t.In.Chat.Group {
		c, last = c.ForGroup(), last.ForGroup()
	}
	return viewOf(t).client(c, last), nil
}

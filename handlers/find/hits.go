package find

import (
	"context"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// maxQuery is how much of a query the first line and a button repeat.
const (
	maxQuery  = 40
	maxAdding = 20 // beside the words of the button
)

// Search answers what was typed: one hit opens its card at once if it is spelled so, others are listed, none offers to
// add.
func Search(ctx context.Context, t *talk.Turn, text string) error {
	if done, err := tagged(ctx, t, text); done || err != nil {
		return err
	}
	res, err := t.Desk.FindList(ctx, t.By, text, 0, pageSize)
	if err != nil {
		return err
	}
	if res.Total == 1 && len(res.Hits) == 1 && res.Exact() {
		return card.Open(ctx, t, res.Hits[0].Client.ID)
	}
	if err := crm.Unfinished(text); err != nil && res.Total == 0 {
		return err // nobody is to be called half a phone
	}
	return putHits(ctx, t, text, 0, res)
}

// tagged takes a text that is nothing but tags, and opens the list of those who have all of them: unlike the hits of a search it has an
// end. Tags that nobody has are left to the search, which knows what is spelled alike.
func tagged(ctx context.Context, t *talk.Turn, text string) (bool, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "#")
	if !ok {
		return false, nil
	}
	l := &listing{All: true, Sort: crm.SortByName}
	for _, tag := range strings.Split(rest, "#") { // a tag may be of several words
		if tag = strings.Trim(tag, " ,\n"); spell.Fold(tag) == "" {
			return false, nil
		}
		l.Tags = append(l.Tags, tag)
	}
	q := l.query(t)
	q.Limit = 2
	who, err := t.Desk.List(ctx, t.By, q)
	switch {
	case err != nil || len(who) == 0:
		return false, err
	case len(who) == 1:
		return true, card.Open(ctx, t, who[0].ID)
	}
	return true, l.show(ctx, t)
}

// showHits shows a page of a search as it is now; a page after the last is the last.
func showHits(ctx context.Context, t *talk.Turn, text string, n int) error {
	n = min(n, 1000) // forged numbers
	res, err := t.Desk.FindList(ctx, t.By, text, n*pageSize, pageSize)
	if err == nil && len(res.Hits) == 0 && res.Total > 0 {
		n = (res.Total - 1) / pageSize
		res, err = t.Desk.FindList(ctx, t.By, text, n*pageSize, pageSize)
	}
	if err != nil {
		return err
	}
	return putHits(ctx, t, text, n, res)
}

func putHits(ctx context.Context, t *talk.Turn, text string, n int, res crm.SearchResult) error {
	add, may := addButton(ctx, t, "find.add_new", text)
	if res.Total == 0 {
		add, may = addButton(ctx, t, "find.add", text)
	}
	here := place{kind: kindFound, page: n, text: carried(text)}
	s := chat.Screen{Text: headline(t, text, res)}
	for _, h := range res.Hits {
		s.Buttons = append(s.Buttons, []chat.Button{hitButton(t, here, h)})
	}
	s.Buttons = append(s.Buttons, turns(t, here, res.Next > 0)...)
	var last []chat.Button
	if may {
		last = append(last, add)
	}
	if len(res.Hits) > 1 && t.May(ctx, crm.ActionEditClient) {
		all := "mass.hits"
		if res.Total >= crm.MostFound {
			all = "mass.first"
		}
		last = append(last, filterButton(t.T.Label(all, "total", crm.MostFound), withText(byFound, here.text)))
	}
	if len(res.Hits) > 1 && t.May(ctx, crm.ActionExport) {
		last = append(last, filterButton(t.T.Label("export.button"), withText(byTakeFound, here.text)))
	}
	if len(last) > 0 {
		s.Buttons = append(s.Buttons, talk.Rows(1, last...)...)
	}
	return putFound(ctx, t, s, text, here.text == "" && len(res.Hits) > 0 || may && !inButton(add))
}

// putFound shows a screen of a search and keeps its text where a button needs it.
func putFound(ctx context.Context, t *talk.Turn, s chat.Screen, text string, keep bool) error {
	if keep {
		_, err := show(ctx, t, s, crm.Dialog{Form: kindFound, Of: crm.OfSought, Answers: map[string]string{answerText: text}})
		return err
	}
	_, err := t.Show(ctx, s)
	return err
}

// headline says what was looked for and how many there are, then how the query was understood.
func headline(t *talk.Turn, text string, res crm.SearchResult) string {
	query := fit.Line(text, maxQuery)
	switch {
	case res.Total == 0:
		return t.T.HTML("find.none", "query", query)
	case res.Total >= crm.MostFound:
		return t.T.HTML("find.at_least", "query", query, "limit", crm.MostFound)
	}
	head := t.T.HTML("find.title", "query", query, "n", res.Total)
	if note := understood(t, res); note != "" {
		head += "\n" + note
	}
	return head
}

// understood says that the hits are not spelled as was typed; "" if they are.
func understood(t *talk.Turn, res crm.SearchResult) string {
	reading := fit.Line(res.Reading, maxQuery)
	switch {
	case res.Fuzzy && reading == "":
		return t.T.HTML("find.near")
	case res.Fuzzy:
		return t.T.HTML("find.near_to", "reading", reading)
	case reading != "":
		return t.T.HTML("find.read_as", "reading", reading)
	}
	return ""
}

// addButton begins a new card with what was typed, or meant. The text is in the button if it fits, else in the message's
// view.
func addButton(ctx context.Context, t *talk.Turn, key, text string) (b chat.Button, may bool) {
	text = crm.Retyped(text)
	if !t.Desk.May(ctx, t.By, crm.ActionAddClient, crm.Client{Owner: t.By.ID}) {
		return chat.Button{}, false
	}
	d := talk.Data{Verb: talk.VerbAdd, Arg: text}
	if !fits(d) {
		d.Arg = ""
	}
	return talk.Button(t.T.Label(key, "text", fit.Line(text, maxAdding)), d.Verb, d.ID, d.Arg), true
}

// inButton reports whether the button that adds carries the text itself.
func inButton(add chat.Button) bool {
	d, err := talk.Parse(add.Data)
	return err == nil && d.Arg != ""
}

// hitButton opens a hit. What of the name matched is told where the label has no room for it.
func hitButton(t *talk.Turn, here place, h crm.Hit) chat.Button {
	words := hint(t, h)
	if h.Why.Field == crm.WhyName && !holdsAll(card.NameTag(h.Client.Name, words), h.Why.Value) {
		words = h.Why.Value
	}
	if h.Client.Stage == crm.StageArchive {
		words = strings.TrimSuffix(lower(t.T.Label("stage."+string(h.Client.Stage)))+" · "+words, " · ")
	}
	return clientButton(here, h.Client, words)
}

// holdsAll reports whether a text has every word of another.
func holdsAll(text, words string) bool {
	return !slices.ContainsFunc(strings.Fields(words), func(w string) bool { return !strings.Contains(text, w) })
}

// hint says why a card was found; where the name itself matched it says the company instead.
func hint(t *talk.Turn, h crm.Hit) string {
	v := h.Why.Value
	switch {
	case v == "":
		return card.Company(h.Client)
	case h.Why.Field == crm.WhyName:
		return card.Company(h.Client)
	case h.Why.Field == crm.WhyPhone:
		return t.T.Label("find.why.phone", "tail", tail(v))
	case h.Why.Field == crm.WhyTag:
		return t.T.Label("find.why.tag", "tag", v)
	case h.Why.Field == crm.WhyUsername:
		return t.T.Label("find.why.username", "name", v)
	case h.Why.Field == crm.WhyCustom:
		if day, err := civil.ParseDate(v); err == nil {
			return t.T.Date(day)
		}
	}
	return v
}

// tail is the last four digits of a phone as people say them: 45-67.
func tail(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if len(digits) < 4 {
		return digits
	}
	digits = digits[len(digits)-4:]
	return digits[:2] + "-" + digits[2:]
}

package find

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm"
	"kartoteka/crm/spell"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// What a list can be filtered by: the argument of talk.VerbFilter is one of these, which asks for the value, or
// one with = and the value, "" for any.
const (
	byScope  = "scope" // "all" or "mine"; never asked for
	byStage  = "stage"
	byStatus = "status"
	byTag    = "tag"  // the value is the number of a tag in listing.Offer
	byTags   = "tags" // with = and a number: that page of the tags to choose from
	bySort   = "sort"
	byReset  = "reset" // all but scope and order; no value
	byMore   = "more"  // all of these, for a list that has no room for them
	byLack   = "lack"  // a figure of the base's quality, perhaps with a dot and whose cards it is of; never asked for
)

// ofFound is what a button does with the hits of a search, and what was typed if the button carries it; nil if it does something else.
func ofFound(arg string) (act func(context.Context, *talk.Turn, string) error, text string) {
	by, text, _ := cutText(arg) // what nobody typed finds nothing
	switch by {
	case byFound:
		return massFound, text
	case byTakeFound:
		return takeFound, text
	}
	return nil, ""
}

// filter asks for a filter's value or applies it to the list on the pressed message.
func filter(ctx context.Context, t *talk.Turn, d talk.Data) error {
	by, value, set := strings.Cut(d.Arg, "=")
	v, ok, err := t.View(ctx, t.In.Message)
	if err != nil {
		return err
	}
	if act, of := ofFound(d.Arg); act != nil {
		return act(ctx, t, cmp.Or(of, v.Answers[answerText]))
	}
	if by == byLack {
		part, of, _ := strings.Cut(value, ".")
		return openLack(ctx, t, crm.QualityPart(part), crm.MemberID(of))
	}
	if by == byFunnel {
		return openStage(ctx, t, crm.Stage(value))
	}
	if !ok || v.Form != kindClients {
		return anew(ctx, t, kindClients)
	}
	l, err := readListing(ctx, t, v)
	if err != nil {
		return err
	}
	if done, err := l.pick(ctx, t, by, value); done || err != nil {
		return err
	}
	switch by {
	case byMore:
		return l.askMore(ctx, t)
	case byTags:
		page, _ := strconv.Atoi(value) // no number is the first
		return l.askTag(ctx, t, page)
	}
	if !set && by != byReset {
		return l.ask(ctx, t, by)
	}
	if !l.apply(by, value) {
		return t.Stale(ctx)
	}
	l.Page, l.Marks, l.Offer = 0, nil, nil
	return l.show(ctx, t)
}

// apply sets a filter; false if there is no such value.
func (l *listing) apply(by, value string) bool {
	switch by {
	case byScope:
		l.All = value == "all"
		return l.All || value == "mine"
	case byStage:
		l.Stage = crm.Stage(value)
		return value == "" || slices.Contains(crm.Stages, l.Stage)
	case byStatus:
		l.Status = crm.Status(value)
		return value == "" || slices.Contains(crm.Statuses, l.Status)
	case bySort:
		l.Sort = crm.Sort(value)
		return slices.Contains(crm.Sorts, l.Sort)
	case byReset:
		l.Stage, l.Status, l.Tags, l.Lack, l.LackOf, l.Whose, l.Narrow = "", "", nil, "", "", "", nil
		return true
	case byTag:
		l.Tags = nil
		n, err := strconv.Atoi(value)
		if value == "" || err != nil || n < 0 || n >= len(l.Offer) {
			return value == ""
		}
		l.Tags = []string{l.Offer[n]}
		return true
	}
	return false
}

func (l *listing) filtered() bool {
	return l.Stage != "" || l.Status != "" || len(l.Tags) > 0 || l.Lack != ""
}

// filters are the ones that are set, as HTML; "" if none is.
func (l *listing) filters(t *talk.Turn) locales.Raw {
	return locales.Escape(strings.Join(l.filterWords(t), " · "))
}

// filterWords are they in words.
func (l *listing) filterWords(t *talk.Turn) []string {
	var parts []string
	if l.Lack != "" {
		parts = append(parts, lower(t.T.Label("quality_is."+string(l.Lack))))
	}
	if l.Whose != "" {
		parts = append(parts, l.Whose)
	}
	if l.Stage != "" {
		parts = append(parts, t.T.Label("filter.stage_is", "stage", lower(t.T.Label("stage."+string(l.Stage)))))
	}
	if l.Status != "" {
		parts = append(parts, t.T.Label("filter.status_is", "status", t.T.Label("status."+string(l.Status))))
	}
	for _, tag := range l.Tags {
		parts = append(parts, "#"+fit.Line(tag, maxQuery))
	}
	return parts
}

func filterTail(filters locales.Raw) string {
	if filters == "" {
		return ""
	}
	return " · " + string(filters)
}

// controls are the buttons below a list: its filters, marked where they are set, then whose clients and how.
func (l *listing) controls(t *talk.Turn, others bool) [][]chat.Button {
	stage, status, tag := t.T.Label("filter.stage"), t.T.Label("filter.status"), t.T.Label("filter.tag")
	if l.Stage != "" {
		stage = chosen(t.T.Label("stage." + string(l.Stage)))
	}
	if l.Status != "" {
		status = chosen(upper(t.T.Label("status." + string(l.Status))))
	}
	if len(l.Tags) > 0 {
		tag = chosen(strings.Join(l.Tags, ", "))
	}
	rows := [][]chat.Button{{filterButton(stage, byStage), filterButton(status, byStatus), filterButton(tag, byTag)}}
	var last []chat.Button
	switch {
	case others && l.All:
		last = append(last, filterButton(t.T.Label("filter.mine"), byScope+"=mine"))
	case others:
		last = append(last, filterButton(t.T.Label("filter.all"), byScope+"=all"))
	}
	last = append(last, filterButton(t.T.Label("filter.sort"), bySort))
	if l.filtered() {
		last = append(last, filterButton(t.T.Label("filter.reset"), byReset))
	}
	return append(rows, last)
}

// ask shows the values of one filter on the list's message.
func (l *listing) ask(ctx context.Context, t *talk.Turn, by string) error {
	var text string
	var values []chat.Button
	anyOf := func(none bool) { values = append(values, choice(t.T.Label("filter.any"), by, "", none)) }
	perRow := 2
	switch by {
	case byStage:
		text = t.T.HTML("filter.stage_ask")
		anyOf(l.Stage == "")
		for _, s := range crm.Stages {
			values = append(values, choice(t.T.Label("stage."+string(s)), by, string(s), s == l.Stage))
		}
	case byStatus:
		text = t.T.HTML("filter.status_ask")
		anyOf(l.Status == "")
		for _, s := range crm.Statuses {
			values = append(values, choice(upper(t.T.Label("status."+string(s))), by, string(s), s == l.Status))
		}
	case bySort:
		text, perRow = t.T.HTML("filter.sort_ask"), 1
		for _, s := range crm.Sorts {
			values = append(values, choice(upper(t.T.Label("sort."+string(s))), by, string(s), s == l.Sort))
		}
	case byTag:
		return l.askTag(ctx, t, 0)
	default:
		return t.Stale(ctx)
	}
	return l.put(ctx, t, chat.Screen{Text: text, Buttons: append(talk.Rows(perRow, values...), []chat.Button{l.toList(t)})})
}

// askTag offers the tags of the list's clients, a page of them, those that most of them have first.
func (l *listing) askTag(ctx context.Context, t *talk.Turn, page int) error {
	q := l.query(t)
	q.Tags = nil
	tags, more, err := t.Desk.TagsIn(ctx, t.By, q, page)
	if err != nil {
		return err
	}
	l.Offer = tags
	text, values := l.tagChoices(t)
	var turns []chat.Button
	if page > 0 {
		turns = append(turns, filterButton(t.T.Label("page.prev"), byTags+"="+strconv.Itoa(page-1)))
	}
	if more {
		turns = append(turns, filterButton(t.T.Label("page.next"), byTags+"="+strconv.Itoa(page+1)))
	}
	rows := talk.Rows(3, values...)
	if len(turns) > 0 {
		rows = append(rows, turns)
	}
	return l.put(ctx, t, chat.Screen{Text: text, Buttons: append(rows, []chat.Button{l.toList(t)})})
}

func (l *listing) tagChoices(t *talk.Turn) (text string, values []chat.Button) {
	if len(l.Offer) == 0 && len(l.Tags) == 0 {
		return t.T.HTML("filter.tag_none"), nil
	}
	values = append(values, choice(t.T.Label("filter.any"), byTag, "", len(l.Tags) == 0))
	for i, tag := range l.Offer {
		has := slices.ContainsFunc(l.Tags, func(s string) bool { return spell.Fold(s) == spell.Fold(tag) })
		values = append(values, choice(tag, byTag, strconv.Itoa(i), has))
	}
	return t.T.HTML("filter.tag_ask"), values
}

func filterButton(text, arg string) chat.Button {
	return talk.Button(fit.Line(text, card.MaxLabel), talk.VerbFilter, "", arg)
}

// choice is a value of a filter, marked if it is the present one.
func choice(text, by, value string, present bool) chat.Button {
	if present {
		text = chosen(text)
	}
	return filterButton(text, by+"="+value)
}

func chosen(text string) string { return "✓ " + text }

// upper and lower begin a text with a capital letter or without one; a word of capitals stays.
func upper(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

func lower(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) {
		return s
	}
	return strings.ToLower(s[:n]) + s[n:]
}

package record

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const (
	// entriesPage is how many events a page of the audit lists.
	entriesPage = 10
	// usualDays is what an audit is of unless somebody chooses.
	usualDays = 7
	// nameText is how much of a name a line shows.
	nameText = 40
	// titleText is how much is said of what is listed.
	titleText = 120
)

// spans are for how many days one can ask.
var spans = []int{1, 7, 30}

// view is what of the audit is looked at: for how many days, what kind of doing, whose. It travels in the buttons as
// "7", "7cards", "7-2cards" of two weeks before, and the member as the id.
type view struct {
	crm.AuditFilter
	page string // "": figures; "who", "who.<page>", "what": choices; "list": entries; "l.<event>": those behind it; "of.<event>": its parts; "on.<part>"; "file"
}

func parseView(d talk.Data) view {
	head, page, _ := strings.Cut(d.Arg, ".")
	group := strings.TrimLeft(head, "0123456789-")
	span, earlier, _ := strings.Cut(strings.TrimSuffix(head, group), "-")
	days, err := strconv.Atoi(span)
	if err != nil {
		days = usualDays
	}
	back, _ := strconv.Atoi(earlier)
	return view{crm.AuditFilter{Days: days, Back: back, By: crm.MemberID(d.ID), Group: crm.AuditGroup(group)}, page}
}

func (v view) data(page string) talk.Data {
	arg := strconv.Itoa(v.Days)
	if v.Back > 0 {
		arg += "-" + strconv.Itoa(v.Back)
	}
	arg += string(v.Group)
	if page != "" {
		arg += "." + page
	}
	return talk.Data{Verb: talk.VerbAudit, ID: string(v.By), Arg: arg}
}

func (v view) button(label string, page string) chat.Button {
	d := v.data(page)
	return talk.Button(label, d.Verb, d.ID, d.Arg)
}

func auditCommand(ctx context.Context, t *talk.Turn) error { return audit(ctx, t, talk.Data{}) }

// audit shows the figures of a span of days, the entries behind them, or sends them as a file.
func audit(ctx context.Context, t *talk.Turn, d talk.Data) error {
	v := parseView(d)
	if v.Group != "" && !slices.Contains(crm.AuditGroups, v.Group) {
		return t.Stale(ctx)
	}
	what, mark, _ := strings.Cut(v.page, ".")
	switch what {
	case "list":
		after, ok := parseMark(mark)
		if !ok {
			return t.Stale(ctx)
		}
		return entries(ctx, t, v, after)
	case "l":
		return entries(ctx, t, v, &crm.EventMark{ID: crm.EventID(mark)})
	case "of":
		return parts(ctx, t, v, crm.EventID(mark), "")
	case "on":
		return parts(ctx, t, v, "", crm.EventID(mark))
	case "file":
		return file(ctx, t, v)
	case "who":
		return choosePerson(ctx, t, v, mark)
	case "what":
		return chooseGroup(ctx, t, v)
	}
	return figures(ctx, t, v)
}

// figures counts what was done, by member, by kind, by day.
func figures(ctx context.Context, t *talk.Turn, v view) error {
	days, err := t.Desk.AuditFigures(ctx, t.By, v.AuditFilter)
	if err != nil {
		return err
	}
	people, kinds, total := map[crm.MemberID]int{}, map[crm.Action]int{}, 0
	var byDay []string
	for _, day := range days {
		n := 0
		for _, tally := range day.Tallies {
			n += tally.N
			people[tally.By] += tally.N
			kinds[tally.Action] += tally.N
		}
		if total += n; n > 0 {
			byDay = append(byDay, t.T.HTML("audit.line", "what", t.T.Day(day.Day, t.Today()), "times", n))
		}
	}
	names := t.MemberNames(ctx)
	text := []string{v.title(t, names)}
	if total == 0 {
		text = append(text, t.T.HTML("audit.none"))
	} else {
		text = append(text, t.T.HTML("audit.total", "n", total),
			section(t, "audit.by_member", ranked(people), func(id crm.MemberID) string { return name(t, names, id) }),
			section(t, "audit.by_kind", ranked(kinds), func(a crm.Action) string { return did(t, crm.Event{Action: a, Fields: anyTouch}) }))
		if len(days) > 1 {
			text = append(text, strings.Join(append([]string{t.T.HTML("audit.by_day")}, byDay...), "\n"))
		}
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(text, "\n\n"), Buttons: v.choices(t, total)})
	return err
}

// anyTouch has touches and notes counted under one name.
var anyTouch = map[string]crm.Delta{"touches": {}}

// count is how often, of what.
type count[K ~string] struct {
	of K
	n  int
}

// ranked lists the most frequent first.
func ranked[K ~string](counts map[K]int) []count[K] {
	var all []count[K]
	for _, of := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, count[K]{of, counts[of]})
	}
	slices.SortStableFunc(all, func(a, b count[K]) int { return cmp.Compare(b.n, a.n) })
	return all
}

func section[K ~string](t *talk.Turn, key string, counts []count[K], label func(K) string) string {
	lines := []string{t.T.HTML(key)}
	for _, c := range counts {
		lines = append(lines, t.T.HTML("audit.line", "what", fit.Line(label(c.of), nameText), "times", c.n))
	}
	return strings.Join(lines, "\n")
}

func (v view) title(t *talk.Turn, names map[crm.MemberID]string) string {
	what := t.T.Label("audit.all")
	if v.Group != "" {
		what = t.T.Label("audit_group." + string(v.Group))
	}
	if v.By != "" {
		what += " · " + fit.Line(name(t, names, v.By), nameText)
	}
	return t.T.HTML("audit.title", "span", v.span(t), "what", what)
}

// choices are the ways on from the figures.
func (v view) choices(t *talk.Turn, total int) [][]chat.Button {
	var days, more []chat.Button
	for _, n := range spans {
		if n != v.Days {
			other := v
			other.Days, other.Back = n, 0
			days = append(days, other.button(span(t, n), ""))
		}
	}
	more = append(more, v.button(t.T.Label("audit.who"), "who"), v.button(t.T.Label("audit.what"), "what"))
	if v.Group != "" || v.By != "" {
		more = append(more, view{AuditFilter: crm.AuditFilter{Days: v.Days, Back: v.Back}}.button(t.T.Label("audit.everything"), ""))
	}
	rows := append([][]chat.Button{days, v.turns(t)}, talk.Rows(2, more...)...) // of three in a row a phone cuts one
	if total > 0 {
		rows = append(rows, []chat.Button{v.button(t.T.Label("audit.entries"), "list"), v.button(t.T.Label("audit.file"), "file")})
	}
	return rows
}

// turns go to the days before, and back to those after.
func (v view) turns(t *talk.Turn) []chat.Button {
	earlier, later := v, v
	earlier.Back++
	row := []chat.Button{earlier.button(t.T.Label("audit.earlier"), "")}
	if later.Back--; v.Back > 0 {
		row = append(row, later.button(t.T.Label("audit.later"), ""))
	}
	return row
}

// span says which days are looked at.
func (v view) span(t *talk.Turn) string {
	if v.Back == 0 {
		return span(t, v.Days)
	}
	first, last := v.Span(t.Today())
	if first == last {
		return t.T.Day(last, t.Today())
	}
	return t.T.Label("audit.between", "from", t.T.Day(first, t.Today()), "till", t.T.Day(last, t.Today()))
}

func span(t *talk.Turn, days int) string {
	if days == 1 {
		return t.T.Label("audit.today")
	}
	return t.T.Label("audit.span", "n", days)
}

// choosePerson offers the members to look at, those who have left too.
func choosePerson(ctx context.Context, t *talk.Turn, v view, page string) error {
	members, err := t.Desk.Members(ctx, t.By)
	if err != nil {
		return err
	}
	people := t.Whom(members, page, func(label, choice string) chat.Button {
		if talk.Turned(choice) {
			return v.button(label, "who."+choice)
		}
		other := v
		other.By = crm.MemberID(choice)
		return other.button(label, "")
	})
	rows := append(people, []chat.Button{v.button(t.T.Label("button.back"), "")})
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("audit.whose"), Buttons: rows})
	return err
}

// chooseGroup offers the kinds of doing.
func chooseGroup(ctx context.Context, t *talk.Turn, v view) error {
	var groups []chat.Button
	for _, g := range crm.AuditGroups {
		other := v
		other.Group = g
		groups = append(groups, other.button(t.T.Label("audit_group."+string(g)), ""))
	}
	rows := append(talk.Rows(2, groups...), []chat.Button{v.button(t.T.Label("button.back"), "")})
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("audit.which"), Buttons: rows})
	return err
}

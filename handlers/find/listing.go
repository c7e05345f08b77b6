package find

import (
	"context"
	"encoding/json"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/spell"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

const (
	maxPages = 500 // a view remembers the marks of so many
	// recounted is how long a list is counted anew on each of its pages. A longer one is counted where it begins: of a million clients that
	// takes up to seconds, depending on the filters.
	recounted = 10_000
)

// listing is a list of clients with its filters and the place in it, as the view of its message keeps it.
type listing struct {
	Bin    bool       `json:"bin,omitempty"`
	All    bool       `json:"all,omitempty"` // not only one's own; the use case narrows it to what may be seen
	Stage  crm.Stage  `json:"stage,omitempty"`
	Status crm.Status `json:"status,omitempty"`
	Tags   []string   `json:"tags,omitempty"` // as typed
	Sort   crm.Sort   `json:"sort,omitempty"`

	Page  int              `json:"page,omitempty"`
	Total int              `json:"total,omitempty"` // how many there are, as last counted
	Marks []crm.ClientMark `json:"marks,omitempty"` // Marks[i] is the client before page i+1
	Offer []string         `json:"offer,omitempty"` // tags to choose from: buttons carry their number

	Picking bool           `json:"picking,omitempty"` // clients are being marked
	Picked  []crm.ClientID `json:"picked,omitempty"`
	Sought  string         `json:"sought,omitempty"` // the marked ones are the hits of this
	Given   *given         `json:"given,omitempty"`
	Mass    *massing       `json:"mass,omitempty"`

	Lack   crm.QualityPart  `json:"lack,omitempty"`    // the figure of the base's quality that is listed
	LackOf crm.MemberID     `json:"lack_of,omitempty"` // … of whose clients; "": of all
	Whose  string           `json:"whose,omitempty"`   // … their name
	Narrow *crm.ClientQuery `json:"-"`                 // what that means, as of now
}

func isListing(v crm.Dialog) bool { return v.Form == kindClients || v.Form == kindBin }

// readListing takes a listing out of a view; the plain list if the view holds none. What a figure means is asked anew: a view is kept for
// days, longer than one release.
func readListing(ctx context.Context, t *talk.Turn, v crm.Dialog) (*listing, error) {
	l := &listing{}
	if err := json.Unmarshal([]byte(v.Answers[answerList]), l); err != nil {
		return &listing{Sort: crm.SortByName}, nil
	}
	if l.Lack == "" {
		return l, nil
	}
	q, err := t.Desk.QualityQuery(ctx, t.By, l.Lack, l.LackOf)
	l.Narrow = &q
	return l, err
}

func (l *listing) kind() string {
	if l.Bin {
		return kindBin
	}
	return kindClients
}

// clients lists one's own clients; those of others if there is none. Args: tags to filter by.
func clients(ctx context.Context, t *talk.Turn) error {
	l, err := ownOrAll(ctx, t)
	if err != nil {
		return err
	}
	for _, tag := range strings.FieldsFunc(t.In.Args, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		if tag = strings.TrimLeft(tag, "#"); spell.Fold(tag) != "" {
			l.Tags = append(l.Tags, tag)
		}
	}
	return l.show(ctx, t)
}

func bin(ctx context.Context, t *talk.Turn) error { return anew(ctx, t, kindBin) }

// anew shows a list from its beginning, without filters.
func anew(ctx context.Context, t *talk.Turn, kind string) error {
	if kind == kindBin {
		return (&listing{Bin: true, All: true, Sort: crm.SortByNewest}).show(ctx, t)
	}
	l, err := ownOrAll(ctx, t)
	if err != nil {
		return err
	}
	return l.show(ctx, t)
}

// ownOrAll is the list that /clients begins with. An owner who leaves the clients to the managers has none.
func ownOrAll(ctx context.Context, t *talk.Turn) (*listing, error) {
	l := &listing{Sort: crm.SortByName}
	others, err := t.Desk.SeesOthers(ctx, t.By)
	if err != nil || !others {
		return l, err
	}
	own, err := t.Desk.Count(ctx, t.By, l.query(t), 1)
	l.All = own == 0
	return l, err
}

// query is the listing as a question to the base.
func (l *listing) query(t *talk.Turn) crm.ClientQuery {
	q := crm.ClientQuery{}
	if l.Narrow != nil {
		q = *l.Narrow
	}
	q.Sort = l.Sort
	if l.Bin {
		q.Bin = crm.BinInside
	}
	if !l.All {
		q.Owner = t.By.ID
	}
	if l.Stage != "" {
		q.Stages = []crm.Stage{l.Stage}
	}
	if l.Status != "" {
		q.Statuses = []crm.Status{l.Status}
	}
	for _, tag := range l.Tags {
		q.Tags = append(q.Tags, spell.Fold(tag))
	}
	return q
}

// read reads the page. One that has become empty since, or that was never reached, is the nearest before it.
func (l *listing) read(ctx context.Context, t *talk.Turn) (page []crm.Client, err error) {
	for l.Page = min(l.Page, len(l.Marks)); ; l.Page-- {
		q := l.query(t)
		q.Limit = pageSize + 1
		if l.Page > 0 {
			q.After = &l.Marks[l.Page-1]
		}
		if page, err = t.Desk.List(ctx, t.By, q); err != nil {
			return nil, err
		}
		if len(page) > 0 || l.Page == 0 {
			break
		}
	}
	l.Marks = l.Marks[:l.Page]
	if len(page) > pageSize {
		page = page[:pageSize]
		if l.Page < maxPages {
			l.Marks = append(l.Marks, page[pageSize-1].Mark(l.Sort))
		}
	}
	return page, nil
}

// show shows the page where the member looks.
func (l *listing) show(ctx context.Context, t *talk.Turn) error {
	others, err := t.Desk.SeesOthers(ctx, t.By)
	if err != nil {
		return err
	}
	page, err := l.read(ctx, t)
	if err != nil {
		return err
	}
	if err := l.count(ctx, t); err != nil {
		return err
	}
	total := l.Total
	s := chat.Screen{Text: l.headline(t, len(page), total)}
	here := place{kind: l.kind(), page: l.Page}
	for _, c := range page {
		row := clientButton(here, c, l.words(t, c))
		if l.Picking {
			row = l.pickButton(c, l.words(t, c))
		}
		s.Buttons = append(s.Buttons, []chat.Button{row})
	}
	s.Buttons = append(s.Buttons, turns(t, here, len(l.Marks) > l.Page)...)
	switch {
	case l.Picking:
		picks, err := l.picks(ctx, t)
		if err != nil {
			return err
		}
		s.Buttons = append(s.Buttons, picks...)
	case !l.Bin && crm.SeesAll(t.By.Role) && (total > 0 || l.filtered() || others):
		s.Buttons = append(s.Buttons, l.below(ctx, t, total, others)...)
	}
	return l.put(ctx, t, s)
}

// count counts the list, unless it is a long one whose pages are being turned.
func (l *listing) count(ctx context.Context, t *talk.Turn) (err error) {
	if l.Page == 0 || l.Total < recounted {
		l.Total, err = t.Desk.Count(ctx, t.By, l.query(t), crm.MostCounted)
	}
	return err
}

// below is what can be done with a list.
func (l *listing) below(ctx context.Context, t *talk.Turn, total int, others bool) [][]chat.Button {
	if l.Lack != "" {
		return l.lackControls(ctx, t, total)
	}
	rows := l.controls(t, others)
	if tools := l.tools(ctx, t, total); len(tools) > 0 {
		rows = append(rows, tools)
	}
	return rows
}

// tools are what is done with many of its clients.
func (l *listing) tools(ctx context.Context, t *talk.Turn, total int) []chat.Button {
	var tools []chat.Button
	if total > 0 && l.mayPick(ctx, t) {
		tools = append(tools, filterButton(t.T.Label("pick.begin"), byPick))
	}
	if total > 0 && t.May(ctx, crm.ActionExport) {
		tools = append(tools, takeButton(t))
	}
	return tools
}

// put shows a screen of the listing: a page, or a choice of a filter.
func (l *listing) put(ctx context.Context, t *talk.Turn, s chat.Screen) error {
	_, err := l.putAt(ctx, t, s)
	return err
}

// putAt is put, and returns the id of the message that shows it.
func (l *listing) putAt(ctx context.Context, t *talk.Turn, s chat.Screen) (int64, error) {
	raw, err := json.Marshal(l)
	if err != nil {
		return 0, err
	}
	view := crm.Dialog{Form: l.kind(), Answers: map[string]string{answerList: string(raw)}}
	if l.Sought != "" || len(l.Marks) > 0 { // a page begins behind somebody's name
		view.Of = crm.OfSought
	}
	return show(ctx, t, s, view)
}

// headline says what is listed, how many there are, and in which order and by which filters.
func (l *listing) headline(t *talk.Turn, shown, total int) string {
	what, filters := l.what(t), l.filters(t)
	switch {
	case total == 0 && l.Bin:
		return t.T.HTML("clients.bin_empty")
	case total == 0 && l.filtered():
		return t.T.HTML("clients.none_such", "what", what, "filter", filters)
	case total == 0:
		return t.T.HTML("clients.none", "what", what)
	}
	number := t.T.Number(int64(total))
	if shown < total && shown > 0 {
		from := l.Page*pageSize + 1
		number = t.T.Label("clients.place", "from", from, "to", from+shown-1, "total", number)
	}
	head := t.T.HTML("clients.title", "what", what, "total", number) + "\n"
	if l.Bin {
		return head + t.T.HTML("clients.bin_kept", "n", crm.BinDays)
	}
	return head + upper(t.T.HTML("sort."+string(l.Sort))) + filterTail(filters)
}

func (l *listing) what(t *talk.Turn) string {
	switch {
	case l.Bin:
		return t.T.Label("clients.bin")
	case l.All && l.Lack != crm.PartStale:
		return t.T.Label("clients.all")
	}
	return t.T.Label("clients.mine")
}

// words are what a row says beside the name: what the order is about, or the company. An archived client is marked
// unless only such are listed.
func (l *listing) words(t *talk.Turn, c crm.Client) string {
	switch {
	case c.Stage == crm.StageArchive && l.Stage != crm.StageArchive && !l.Bin:
		return lower(t.T.Label("stage." + string(c.Stage)))
	case l.Bin:
		return t.T.Ago(c.Deleted.In(t.Now.Location()), t.Now)
	case l.Sort == crm.SortByTouch && c.LastTouch.IsZero():
		return t.T.Label("clients.never")
	case l.Sort == crm.SortByTouch:
		return t.T.Ago(c.LastTouch.In(t.Now.Location()), t.Now)
	}
	return card.Company(c)
}

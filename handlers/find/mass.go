package find

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Every list of clients can be changed together: /clients with its filters, a stage of the funnel, the figures of /quality and /stale
// open as such a list; the hits of a search become one. Others are none: /birthdays lists days, on which a client may stand twice and
// is congratulated alone; what is in the bin is not changed; pairs are merged together in /duplicates.

// byMass is what is done with all of a list, or all that are marked: the argument of talk.VerbFilter; with = and one of these, or a
// kind of change, perhaps with a dot and its value.
const (
	byMass   = "mass"
	massMenu = ""
	massSome = "some" // those that are marked
	massGo   = "go"
	massLook = "look"
	massStop = "stop"
	massUndo = "undo"
)

// byFound is the same for the hits of a search; with = and what was typed.
const byFound = "hits"

// massing is a change of many cards that is being asked about.
type massing struct {
	Some  bool         `json:"some,omitempty"` // the marked ones
	Kind  crm.MassKind `json:"kind,omitempty"`
	Value string       `json:"value,omitempty"`
}

const formMassTag = "mass_tag"

func registerMass(r *talk.Router) {
	r.Form(formMassTag, talk.Form{Question: true, Answer: massTag, Press: leaveMassTag, Show: showMassTag})
}

// mass leads through a change of many cards: what, with what, whether really, and what came of it.
func (l *listing) mass(ctx context.Context, t *talk.Turn, value string) error {
	if l.Mass == nil {
		l.Mass = &massing{}
	}
	switch value {
	case massMenu, massSome:
		l.Mass = &massing{Some: value == massSome}
		return l.massMenu(ctx, t)
	case massGo:
		if l.Mass.Kind == "" { // pressed twice: it is on its way
			return l.massNow(ctx, t, t.Desk.MassOf)
		}
		w, err := t.Desk.BeginMass(ctx, t.By, l.massInput(t))
		if err != nil {
			return err
		}
		l.Picking, l.Picked, l.Page, l.Marks, l.Mass = false, nil, 0, nil, nil
		return l.massResult(ctx, t, w)
	case massLook:
		return l.massNow(ctx, t, t.Desk.MassOf)
	case massStop:
		return l.massNow(ctx, t, t.Desk.StopMass)
	}
	kind, with, chosen := strings.Cut(value, ".")
	if kind == massUndo {
		return l.massUndo(ctx, t, with)
	}
	l.Mass.Kind = crm.MassKind(kind)
	if !slices.Contains(crm.MassKinds, l.Mass.Kind) {
		return t.Stale(ctx)
	}
	if !chosen && l.Mass.Kind != crm.MassArchive || talk.Turned(with) {
		return l.massAsk(ctx, t, with)
	}
	if l.Mass.Value = with; l.Mass.Kind == crm.MassTag || l.Mass.Kind == crm.MassUntag {
		n, err := strconv.Atoi(with)
		if err != nil || n < 0 || n >= len(l.Offer) {
			return t.Stale(ctx)
		}
		l.Mass.Value = l.Offer[n]
	}
	return l.massSure(ctx, t)
}

func (l *listing) massInput(t *talk.Turn) crm.MassInput {
	in := crm.MassInput{Kind: l.Mass.Kind, Value: l.Mass.Value, Query: l.query(t)}
	if l.Mass.Some {
		in.Of = l.Picked
	}
	return in
}

// massButton carries on with it.
func massButton(t *talk.Turn, key, arg string) chat.Button {
	return filterButton(t.T.Label(key), byMass+"="+arg)
}

// massBack leads back to where the list is marked; to the hits of a search.
func (l *listing) massBack(t *talk.Turn) chat.Button {
	if l.Sought != "" {
		return l.toList(t)
	}
	return filterButton(t.T.Label("button.back"), byPick)
}

// massAbout says how many clients it is about.
func (l *listing) massAbout(ctx context.Context, t *talk.Turn) (locales.Raw, int, error) {
	in := l.massInput(t)
	if in.Kind == "" {
		in.Kind = crm.MassTag
	}
	n, err := t.Desk.CountMass(ctx, t.By, in)
	return locales.Raw(locales.Escape(talk.Amount(t.T, n, 0))), n, err
}

func (l *listing) massMenu(ctx context.Context, t *talk.Turn) error {
	what, _, err := l.massAbout(ctx, t)
	if err != nil {
		return err
	}
	var choices []chat.Button
	for _, k := range crm.MassKinds {
		if t.May(ctx, map[bool]crm.Action{true: crm.ActionHandOverClient, false: crm.ActionEditClient}[k == crm.MassGive]) {
			choices = append(choices, massButton(t, "mass_kind."+string(k), string(k)))
		}
	}
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("mass.menu", "what", what) + l.massFilters(t),
		Buttons: append(talk.Rows(2, choices...), []chat.Button{l.massBack(t)})})
}

// massFilters repeats by what the list is narrowed down: all of it is meant.
func (l *listing) massFilters(t *talk.Turn) string {
	if l.Sought != "" {
		return "\n" + t.T.HTML("mass.found", "text", fit.Line(l.Sought, maxQuery))
	}
	if filters := l.filters(t); filters != "" && !l.Mass.Some {
		return "\n" + string(filters)
	}
	return ""
}

// massAsk asks for the tag, the stage or the colleague.
func (l *listing) massAsk(ctx context.Context, t *talk.Turn, page string) error {
	var rows [][]chat.Button
	pick := func(label, value string) chat.Button {
		return filterButton(label, byMass+"="+string(l.Mass.Kind)+"."+value)
	}
	switch l.Mass.Kind {
	case crm.MassStage:
		var stages []chat.Button
		for _, s := range crm.Stages {
			if s != crm.StageArchive {
				stages = append(stages, pick(t.T.Label("stage."+string(s)), string(s)))
			}
		}
		rows = talk.Rows(2, stages...)
	case crm.MassGive:
		takers, err := t.Desk.Takers(ctx, t.By, crm.ActionTendClients, l.owner(t))
		if err != nil {
			return err
		}
		rows = t.Whom(takers, page, pick)
	default:
		return l.massAskTag(ctx, t)
	}
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("mass_ask." + string(l.Mass.Kind)), Buttons: append(rows, []chat.Button{l.massBack(t)})})
}

// massAskTag offers tags to add, or those that the clients have, with how many have each; another one can be typed.
func (l *listing) massAskTag(ctx context.Context, t *talk.Turn) error {
	tags, err := t.Desk.MassTags(ctx, t.By, l.massInput(t))
	if err != nil {
		return err
	}
	l.Offer = nil
	var choices []chat.Button
	for i, one := range tags {
		label := "#" + one.Tag
		if l.Mass.Kind == crm.MassUntag {
			label = fit.Line("#"+one.Tag, maxQuery) + " · " + t.T.Number(int64(one.Cards))
		}
		l.Offer = append(l.Offer, one.Tag)
		choices = append(choices, filterButton(label, byMass+"="+string(l.Mass.Kind)+"."+strconv.Itoa(i)))
	}
	ask := "mass_ask." + string(l.Mass.Kind)
	if len(tags) == 0 && l.Mass.Kind == crm.MassUntag {
		return l.put(ctx, t, chat.Screen{Text: t.T.HTML("mass.untagged"), Buttons: [][]chat.Button{{l.massBack(t)}}})
	}
	s := chat.Screen{Text: t.T.HTML(ask), Buttons: append(talk.Rows(2, choices...), []chat.Button{l.massBack(t)})}
	if err := l.put(ctx, t, s); err != nil {
		return err
	}
	_, err = t.Open(ctx, crm.Dialog{Form: formMassTag, Screen: t.In.Message})
	return err
}

// massTag takes a tag that was typed.
func massTag(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	l, ok, err := massListing(ctx, t, d)
	if err != nil || !ok {
		return false, err
	}
	if err := t.End(ctx); err != nil {
		return true, err
	}
	l.Mass.Value = strings.TrimLeft(strings.TrimSpace(t.In.Text), "#")
	return true, l.massSure(ctx, t)
}

// massListing is the list for which a tag was asked.
func massListing(ctx context.Context, t *talk.Turn, d crm.Dialog) (*listing, bool, error) {
	v, ok, err := t.View(ctx, d.Screen)
	if err != nil || !ok || v.Form != kindClients {
		return nil, false, err
	}
	l, err := readListing(ctx, t, v)
	return l, l.Mass != nil, err
}

func leaveMassTag(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error {
	return t.End(ctx)
}

func showMassTag(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	l, ok, err := massListing(ctx, t, d)
	if err != nil || !ok {
		return err
	}
	return l.massAskTag(ctx, t)
}

// massSure asks whether it is really to be done, and says with how many.
func (l *listing) massSure(ctx context.Context, t *talk.Turn) error {
	what, n, err := l.massAbout(ctx, t)
	if err != nil {
		return err
	}
	if n == 0 {
		t.Toast(t.T.Label("mass.nobody"))
		return l.show(ctx, t)
	}
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("mass.sure", "do", l.massDo(ctx, t), "what", what) + l.massFilters(t),
		Buttons: [][]chat.Button{{l.massBack(t), massButton(t, "mass.go", massGo)}}})
}

// massDo is what is about to be done, in words.
func (l *listing) massDo(ctx context.Context, t *talk.Turn) string {
	return t.T.Label("mass_do."+string(l.Mass.Kind), "value", massValue(t.T, l.Mass.Kind, l.Mass.Value, t.MemberNames(ctx)[crm.MemberID(l.Mass.Value)]))
}

// massUndo takes back the change that the button stands for, and no later one.
func (l *listing) massUndo(ctx context.Context, t *talk.Turn, begun string) error {
	at, err := strconv.ParseInt(begun, 36, 64)
	if err != nil {
		return t.Stale(ctx)
	}
	return l.massNow(ctx, t, func(ctx context.Context, by crm.Actor) (crm.Mass, error) {
		return t.Desk.UndoMass(ctx, by, time.UnixMilli(at))
	})
}

// massNow shows by's mass change after something was done with it.
func (l *listing) massNow(ctx context.Context, t *talk.Turn, do func(context.Context, crm.Actor) (crm.Mass, error)) error {
	w, err := do(ctx, t.By)
	if err != nil {
		return err
	}
	if w.Kind == crm.MassMerge { // what was pressed is of an earlier one
		return t.Stale(ctx)
	}
	return l.massResult(ctx, t, w)
}

// massResult shows how far a mass change is, or what came of it. One that goes on is shown on this message from now on.
func (l *listing) massResult(ctx context.Context, t *talk.Turn, w crm.Mass) error {
	screen := func() chat.Screen {
		v := massView{t: t.T, now: t.Now, w: w, taker: t.MemberNames(ctx)[crm.MemberID(w.Value)], list: l.toList(t)}
		if !w.UnderWay() && len(w.Kept) > 0 {
			v.kept, _ = t.Desk.MassKept(ctx, t.By) // names help, and how many there are is said without
		}
		return v.screen()
	}
	at, err := l.putAt(ctx, t, screen())
	if err != nil || !w.UnderWay() {
		return err
	}
	if w, err = t.Desk.ShowMass(ctx, t.By, w.Begun, t.In.Chat.ID, at); err != nil || w.UnderWay() {
		return err
	}
	_, err = t.Put(ctx, at, screen()) // it has ended just now
	return err
}

// massFound makes a list of the hits of a search, to be changed together.
func massFound(ctx context.Context, t *talk.Turn, text string) error {
	res, err := t.Desk.FindPage(ctx, t.By, text, 0, crm.MostFound)
	if err != nil {
		return err
	}
	l := &listing{All: true, Sort: crm.SortByName, Picking: true, Sought: text}
	for _, h := range res.Hits {
		l.Picked = append(l.Picked, h.Client.ID)
	}
	return l.mass(ctx, t, massSome)
}

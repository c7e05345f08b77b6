package find

import (
	"context"
	"slices"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// What a list can be marked for, beside its filters: arguments of talk.VerbFilter. The marks are in the list's view, since
// they stay while its pages are turned.
const (
	byPick   = "pick" // begin; with = and a client: mark it, or take the mark off
	byUnpick = "unpick"
	byGive   = "give" // ask to whom; with = and a member: do it
	byUngive = "ungive"
)

// given is what was handed over from a list last, so that it can come back.
type given struct {
	Cause   crm.Cause      `json:"cause"`
	Clients []crm.ClientID `json:"clients"`
}

// pick does what a list's marks are for; done is false if the button is about something else.
func (l *listing) pick(ctx context.Context, t *talk.Turn, by, value string) (done bool, err error) {
	switch by {
	case byPick:
		l.Picking = true
		if id := crm.ClientID(value); value != "" && slices.Contains(l.Picked, id) {
			l.Picked = slices.DeleteFunc(l.Picked, func(p crm.ClientID) bool { return p == id })
		} else if value != "" && len(l.Picked) < crm.MostPicked {
			l.Picked = append(l.Picked, id)
		} else if value != "" {
			t.Alert(t.T.Label("error.invalid.picked"))
		}
		return true, l.show(ctx, t)
	case byUnpick:
		l.Picking, l.Picked = false, nil
		return true, l.show(ctx, t)
	case byGive:
		if value == "" || talk.Turned(value) {
			return true, l.askTaker(ctx, t, value)
		}
		return true, l.give(ctx, t, crm.MemberID(value))
	case byUngive:
		return true, l.takeBack(ctx, t)
	case byMass:
		return true, l.mass(ctx, t, value)
	case byTake:
		return true, l.take(ctx, t, value)
	}
	return false, nil
}

// pickButton marks a client.
func (l *listing) pickButton(c crm.Client, words string) chat.Button {
	mark := "▫️ "
	if slices.Contains(l.Picked, c.ID) {
		mark = "✓ "
	}
	return filterButton(mark+card.NameTag(c.Name, words), byPick+"="+string(c.ID))
}

// picks are the controls of a list that is being marked. All of it are those that the member may change: not always all who are shown.
func (l *listing) picks(ctx context.Context, t *talk.Turn) ([][]chat.Button, error) {
	row := []chat.Button{filterButton(t.T.Label("button.cancel"), byUnpick)}
	if n := len(l.Picked); n > 0 {
		row = append(row, filterButton(t.T.Label("pick.give", "total", n), byGive), filterButton(t.T.Label("mass.some", "total", n), byMass+"="+massSome))
		return [][]chat.Button{row, {takeButton(t)}}, nil
	}
	n, err := t.Desk.CountMass(ctx, t.By, crm.MassInput{Kind: crm.MassTag, Query: l.query(t)})
	if err != nil || n == 0 {
		return [][]chat.Button{row}, err
	}
	return [][]chat.Button{append(row, filterButton(t.T.Label("mass.all", "total", t.T.Number(int64(n))), byMass+"="+massMenu))}, nil
}

// mayPick reports whether there is something to mark clients for: somebody to hand them over to.
func (l *listing) mayPick(ctx context.Context, t *talk.Turn) bool {
	return !l.Bin && t.May(ctx, crm.ActionHandOverClient)
}

// askTaker asks who takes the marked clients over.
func (l *listing) askTaker(ctx context.Context, t *talk.Turn, page string) error {
	takers, err := t.Desk.Takers(ctx, t.By, crm.ActionTendClients, l.owner(t))
	if err != nil {
		return err
	}
	people := t.Whom(takers, page, func(label, choice string) chat.Button { return filterButton(label, byGive+"="+choice) })
	back := filterButton(t.T.Label("button.back"), byPick)
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("pick.whom", "what", talk.Amount(t.T, len(l.Picked), 0)),
		Buttons: append(people, []chat.Button{back})})
}

// owner is whose clients are listed, so that nobody is offered their own; "" if they are of several.
func (l *listing) owner(t *talk.Turn) crm.MemberID {
	if !l.All {
		return t.By.ID
	}
	return l.LackOf
}

// give hands the marked clients over and offers to take it back.
func (l *listing) give(ctx context.Context, t *talk.Turn, to crm.MemberID) error {
	if len(l.Picked) == 0 {
		return t.Stale(ctx) // it was done already
	}
	n, err := t.Desk.HandOverMany(ctx, t.By, l.Picked, to)
	if err != nil {
		return err
	}
	l.Given = &given{Cause: t.By.Cause, Clients: l.Picked}
	l.Picking, l.Picked, l.Page, l.Marks = false, nil, 0, nil
	rows := [][]chat.Button{{place{kind: l.kind(), what: whatHere}.button(t.T.Label("page.list"))}}
	if n == 0 { // they have them already
		return l.put(ctx, t, chat.Screen{Text: t.T.HTML("mass.nothing"), Buttons: rows})
	}
	rows[0] = append(rows[0], filterButton(t.T.Label("pick.undo"), byUngive))
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("pick.given", "who", t.MemberNames(ctx)[to], "what", talk.Amount(t.T, n, 0)), Buttons: rows})
}

// takeBack undoes what was handed over from this list last.
func (l *listing) takeBack(ctx context.Context, t *talk.Turn) error {
	if l.Given == nil {
		return t.Stale(ctx)
	}
	n, err := t.Desk.UndoHandOver(ctx, t.By, l.Given.Clients, l.Given.Cause)
	if err != nil {
		return err
	}
	l.Given = nil
	t.Toast(t.T.Label("pick.undone", "what", talk.Amount(t.T, n, 0)))
	return l.show(ctx, t)
}

package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Taking is what an export hands over, read page by page: whatever comes out of it the member may see. Cards come without the
// values of restricted fields, which never leave in a file of many.
type Taking struct {
	desk *Desk
	e    Export
	over Dialog
	team Team
	by   Actor
	tell func(ctx context.Context, e Export)
	told time.Time

	began     time.Time // this try
	sending   bool      // a file is on its way
	query     ClientQuery
	sees      reach // whose cards
	remembers reach // of whose cards the history is theirs to read
	tasks     reach
}

// Export is what is being made, as it stands.
func (t *Taking) Export() Export { return t.e }

// Team is whose clients they are.
func (t *Taking) Team() Team { return t.team }

// Place is in what zone times are written.
func (t *Taking) Place() *time.Location { return t.by.Location() }

// Lang is the member's language.
func (t *Taking) Lang() string { return t.by.Lang }

// Now is when the export was begun.
func (t *Taking) Now() time.Time { return t.e.Begun.In(t.Place()) }

// Members are the names of the team's people, of those who have left too.
func (t *Taking) Members(ctx context.Context) (map[MemberID]string, error) {
	all, err := t.desk.store.Members(ctx, t.team.ID)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	names := map[MemberID]string{}
	for _, m := range all {
		names[m.ID] = m.Name
	}
	return names, nil
}

// Fields are the team's own fields that can leave, in their order.
func (t *Taking) Fields() []CustomField {
	var fields []CustomField
	for _, f := range t.team.Fields {
		if !f.Removed && !f.Restricted && (f.Requisites || SeesAll(t.by.Role)) {
			fields = append(fields, f)
		}
	}
	return fields
}

// Wrote notes how many clients are in the files so far.
func (t *Taking) Wrote(clients int) { t.e.Clients = clients }

// still looks whether the member may still see what was read. Whoever was let go, or sees less since, is sent nothing more.
func (t *Taking) still(ctx context.Context) error {
	m, err := t.desk.store.Member(ctx, t.team.ID, t.by.ID)
	if err != nil {
		return fmt.Errorf("read member: %w", err)
	}
	role, saw := t.by.Role, t.sees
	t.by.Member = m
	if err := t.admit(ctx); err != nil {
		return err
	}
	if m.Role != role || saw.all && !t.sees.all || slices.ContainsFunc(saw.owners, func(id MemberID) bool { return !t.sees.of(id) }) {
		return &Error{Kind: ErrDenied, Field: string(ActionExport)}
	}
	return nil
}

// errErased: the files may hold a client who was erased while they were made.
var errErased = errors.New("a client was erased meanwhile")

// clean is errErased if somebody was erased since this try began.
func (t *Taking) clean(ctx context.Context) error {
	erased, err := t.desk.store.Audit(ctx, AuditQuery{Team: t.team.ID, From: t.began, Actions: []Action{ActionEraseClient}, Limit: 1})
	if err != nil {
		return fmt.Errorf("who was erased meanwhile: %w", err)
	}
	if len(erased) > 0 {
		return errErased
	}
	return nil
}

// Send has a file sent, and notes that it has gone out.
func (t *Taking) Send(ctx context.Context, send func(context.Context) error) error {
	t.sending = true
	err := errors.Join(t.still(ctx), t.clean(ctx))
	if err == nil {
		err = t.save(ctx)
	}
	if err == nil {
		err = send(ctx)
	}
	if t.sending = false; err != nil {
		return err
	}
	t.e.Files++
	return t.save(context.WithoutCancel(ctx)) // it has come, also when the program stops
}

// Clients hands each card to f, the newest first; its error ends the walk.
func (t *Taking) Clients(ctx context.Context, f func(Client) error) error {
	return t.pages(ctx, func(page []Client) error {
		for _, c := range page {
			if err := f(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// pages walks through the cards by the store's own index, a page at a time, and between two looks whether it is to go on.
func (t *Taking) pages(ctx context.Context, f func([]Client) error) error {
	q, of := t.query, t.e.Of
	for {
		page, err := t.page(ctx, &q, &of)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := f(page); err != nil {
			return err
		}
		t.e.Read += len(page)
		if err := t.step(ctx); err != nil {
			return err
		}
		if len(t.e.Of) == 0 && len(page) < exportPage {
			return nil
		}
	}
}

// page reads the next cards of the query, or of those that are named.
func (t *Taking) page(ctx context.Context, q *ClientQuery, of *[]ClientID) ([]Client, error) {
	if len(t.e.Of) > 0 {
		ids := (*of)[:min(len(*of), exportPage)]
		*of = (*of)[len(ids):]
		found, err := t.desk.store.ClientsByID(ctx, t.team.ID, ids)
		if err != nil {
			return nil, fmt.Errorf("clients to export: %w", err)
		}
		var page []Client
		for _, c := range found {
			if t.takes(c) {
				page = append(page, t.seen(c))
			}
		}
		if len(page) == 0 && len(*of) > 0 {
			return t.page(ctx, q, of)
		}
		return page, nil
	}
	q.Limit = exportPage
	page, err := t.desk.store.Clients(ctx, *q)
	if err != nil {
		return nil, fmt.Errorf("clients to export: %w", err)
	}
	for i, c := range page {
		mark := c.Mark(q.Sort)
		q.After, page[i] = &mark, t.seen(c)
	}
	return page, nil
}

// takes reports whether a card is among those that leave.
func (t *Taking) takes(c Client) bool {
	return c.ID != "" && c.Deleted.IsZero() && c.MergedInto == "" && t.sees.allows(c)
}

func (t *Taking) seen(c Client) Client {
	c = c.seenBy(t.by.Role, t.team)
	c.Sealed = nil
	return c
}

// step shows how far it is now and then, and ends the walk when the member has stopped it.
func (t *Taking) step(ctx context.Context) error {
	now := t.desk.now()
	if now.Sub(t.told) >= importTell {
		t.told = now
		if err := t.save(ctx); err != nil { // which learns where it is to be shown by now
			return err
		}
		t.tell(ctx, t.e)
		return nil
	}
	there, _, err := t.desk.exportOf(ctx, t.e.By)
	if err == nil && (there.ID != t.e.ID || !there.UnderWay()) {
		return t.save(ctx) // which says why it cannot be
	}
	return err
}

// History hands each entry of the cards' histories to f with its card, as far as they are the member's to read.
func (t *Taking) History(ctx context.Context, f func(Client, Touch) error) error {
	return t.Clients(ctx, func(c Client) error {
		return t.HistoryOf(ctx, c, func(touch Touch) error { return f(c, touch) })
	})
}

// HistoryOf hands each entry of a card's history to f, the newest first. What was taken back did not happen.
func (t *Taking) HistoryOf(ctx context.Context, c Client, f func(Touch) error) error {
	if c.untold() || !t.remembers.allows(c) {
		return nil
	}
	q := TouchQuery{Team: t.team.ID, Client: c.ID, Limit: exportPage}
	for {
		page, err := t.desk.store.Touches(ctx, q)
		if err != nil {
			return fmt.Errorf("history to export: %w", err)
		}
		for _, touch := range page {
			q.After = &TouchMark{At: touch.At, ID: touch.ID}
			if touch.Kind == TouchUndone {
				continue
			}
			if err := f(touch.seenBy(t.by.Role)); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
	}
}

// untold reports whether a card is as it was made, with nothing in its history. Decisions are counted nowhere, but writing one down changes the card.
func (c Client) untold() bool {
	return c.Touches == 0 && c.LastNote == "" && c.Rev == 1 && c.Updated.Equal(c.Created)
}

// Tasks hands each task that the member may see to f with its client: of the clients that leave, and of the whole base those about
// nobody too (a zero Client).
func (t *Taking) Tasks(ctx context.Context, f func(Client, Task) error) error {
	q := TaskQuery{Team: t.team.ID, Limit: exportPage}
	if t.tasks.owners == nil && !t.tasks.all {
		return nil
	}
	q.Assignee, q.Among = t.tasks.narrow()
	for {
		page, err := t.desk.store.Tasks(ctx, q)
		if err != nil {
			return fmt.Errorf("tasks to export: %w", err)
		}
		cards, err := t.clientsOf(ctx, page)
		if err != nil {
			return err
		}
		for _, task := range page {
			q.After = &TaskMark{Due: task.Due, ID: task.ID}
			c, taken := cards[task.Client]
			if !taken && (task.Client != "" || !t.whole(task.Assignee)) {
				continue
			}
			if err := f(c, task.seenBy(t.by.Role)); err != nil {
				return err
			}
		}
		if err := t.step(ctx); err != nil || len(page) < exportPage {
			return err
		}
	}
}

// whole reports whether it is the whole base that leaves, as far as it is the member's, or all of somebody's, m's.
func (t *Taking) whole(m MemberID) bool {
	q := t.e.Query
	q.Among = nil
	return len(t.e.Of) == 0 && q.plain() && (q.Owner == "" || q.Owner == m)
}

// clientsOf are the clients of some tasks that leave, too.
func (t *Taking) clientsOf(ctx context.Context, page []Task) (map[ClientID]Client, error) {
	var ids []ClientID
	for _, task := range page {
		if task.Client != "" {
			ids = append(ids, task.Client)
		}
	}
	found, err := t.desk.store.ClientsByID(ctx, t.team.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("clients of tasks: %w", err)
	}
	named := map[ClientID]bool{}
	for _, id := range t.e.Of {
		named[id] = true
	}
	cards := map[ClientID]Client{}
	for _, c := range found {
		if t.takes(c) && (named[c.ID] || len(named) == 0 && t.query.Match(c)) {
			cards[c.ID] = t.seen(c)
		}
	}
	return cards, nil
}

// TasksOf are a client's tasks that the member may see.
func (t *Taking) TasksOf(ctx context.Context, c Client) ([]Task, error) {
	if t.tasks.owners == nil && !t.tasks.all {
		return nil, nil
	}
	q := TaskQuery{Team: t.team.ID, Client: c.ID, Limit: exportPage}
	q.Assignee, q.Among = t.tasks.narrow()
	var all []Task
	for {
		page, err := t.desk.store.Tasks(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("tasks to export: %w", err)
		}
		if all = append(all, page...); len(page) < exportPage {
			return seenTasks(t.by.Role, all), nil
		}
		last := page[len(page)-1]
		q.After = &TaskMark{Due: last.Due, ID: last.ID}
	}
}

// Unsent is what an office answers with when a file cannot be handed over and another try would not help.
func Unsent(err error) error {
	return errors.Join(&Error{Kind: ErrInvalid, Field: "export.unsent"}, err)
}

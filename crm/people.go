package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Colleague is a member with what whoever runs the team wants to know of them.
type Colleague struct {
	Member
	Seen    time.Time // when they last did something here, SeenEvery ago at the most; zero: never
	Clients int       // whom they are responsible for, as Quality counts them: neither in the archive nor in the bin
	Tasks   int       // open ones that are theirs

	// Of Colleague alone.
	Archived int // clients of theirs in the archive, who go along when all are handed over
	Binned   int // … in the bin
	Listed   int // what there is to do on their own list: the tasks, the contacts with clients that are planned, the offers
}

// All is how many clients go along when all are handed over.
func (c Colleague) All() int { return c.Clients + c.Archived + c.Binned }

// SeenEvery is how often it is worth a write to note that a member is there: what is shown of it is said to the minute.
const SeenEvery = time.Minute

func seenProgress(m MemberID) string { return "seen:" + string(m) }

// NoteSeen notes that by is there; call it no oftener than SeenEvery.
func (d *Desk) NoteSeen(ctx context.Context, by Actor) error {
	return d.noteProgress(ctx, seenProgress(by.ID), d.now())
}

// Colleagues lists the people of the team, those who left not among them, oldest first.
func (d *Desk) Colleagues(ctx context.Context, by Actor) ([]Colleague, error) {
	if _, _, err := d.gate(ctx, by, ActionEditPeople); err != nil {
		return nil, err
	}
	members, err := d.store.Members(ctx, by.Team)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	var all []Colleague
	for _, m := range members {
		if !m.Removed.IsZero() {
			continue
		}
		c, err := d.colleague(ctx, m)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Colleague is one of them, also one who has left. ErrNotFound on "member".
func (d *Desk) Colleague(ctx context.Context, by Actor, id MemberID) (Colleague, error) {
	team, _, err := d.gate(ctx, by, ActionEditPeople)
	if err != nil {
		return Colleague{}, err
	}
	m, err := d.member(ctx, by.Team, id)
	if err != nil {
		return Colleague{}, err
	}
	c, err := d.colleague(ctx, m)
	if err == nil {
		c.Archived, err = d.store.CountClients(ctx, ClientQuery{Team: m.Team, Owner: m.ID, Stages: []Stage{StageArchive}}, MostCounted)
	}
	if err == nil {
		c.Binned, err = d.store.CountClients(ctx, ClientQuery{Team: m.Team, Owner: m.ID, Bin: BinInside}, MostCounted)
	}
	if err != nil || !m.takes(team, ActionReadTask) {
		return c, err
	}
	list, err := d.items(ctx, m.of(team), []span{{}}, 0, 1)
	c.Listed = list.Total
	return c, err
}

func (d *Desk) member(ctx context.Context, team TeamID, id MemberID) (Member, error) {
	m, err := d.store.Member(ctx, team, id)
	if errors.Is(err, ErrNotFound) {
		return m, &Error{Kind: ErrNotFound, Field: "member"}
	}
	if err != nil {
		return m, fmt.Errorf("read member: %w", err)
	}
	return m, nil
}

func (d *Desk) colleague(ctx context.Context, m Member) (Colleague, error) {
	c := Colleague{Member: m}
	var err error
	if c.Seen, err = d.store.Progress(ctx, seenProgress(m.ID)); err != nil {
		return c, fmt.Errorf("read when a member was seen: %w", err)
	}
	if c.Clients, err = d.store.CountClients(ctx, ClientQuery{Team: m.Team, Owner: m.ID, Stages: LiveStages}, MostCounted); err != nil {
		return c, fmt.Errorf("count clients: %w", err)
	}
	if c.Tasks, err = d.store.CountTasks(ctx, TaskQuery{Team: m.Team, Assignee: m.ID, State: TaskOpen}, MostCounted); err != nil {
		return c, fmt.Errorf("count tasks: %w", err)
	}
	return c, nil
}

// MayEditPeople reports whether by may change the roles of colleagues and take them out of the team.
func (d *Desk) MayEditPeople(ctx context.Context, by Actor) bool {
	_, _, err := d.gate(ctx, by, ActionEditPeople)
	return err == nil
}

// HandOverAll hands all clients of a member over, who stays. It fails as SetRole does, and with ErrConflict on "handing" if they are still being
// handed over, or coming back.
func (d *Desk) HandOverAll(ctx context.Context, by Actor, id MemberID, to []MemberID) (Member, error) {
	return d.changeMember(ctx, by, id, func(team Team, m *Member) error {
		if len(to) == 0 {
			return invalid(FieldHeir)
		}
		if !m.Removed.IsZero() {
			return &Error{Kind: ErrNotFound, Field: "member"}
		}
		if m.Handing.UnderWay() {
			return &Error{Kind: ErrConflict, Field: "handing"}
		}
		return d.handTo(ctx, by, team, m, to)
	})
}

// EvenTakers are those over whom the clients of a member are spread evenly: the managers, or whoever looks after clients if
// there are none.
func (d *Desk) EvenTakers(ctx context.Context, by Actor, except MemberID) ([]MemberID, error) {
	all, err := d.Takers(ctx, by, ActionTendClients, except)
	if err != nil {
		return nil, err
	}
	var ids, managers []MemberID
	for _, m := range all {
		if ids = append(ids, m.ID); m.Role == RoleManager {
			managers = append(managers, m.ID)
		}
	}
	if len(managers) > 0 {
		return managers, nil
	}
	return ids, nil
}

// changeMember changes a colleague's record by what f does to it, and hands over what that leaves without anybody.
func (d *Desk) changeMember(ctx context.Context, by Actor, id MemberID, f func(Team, *Member) error) (Member, error) {
	team, _, err := d.guarded(ctx, by, ActionEditPeople)
	if err != nil {
		return Member{}, err
	}
	for range maxRaces {
		old, err := d.member(ctx, by.Team, id)
		if err != nil {
			return old, err
		}
		if ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); err == nil && ev.Record == string(id) {
			return d.handSome(ctx, team, old) // this very cause has changed it already
		}
		if old.Role == RoleOwner && by.Role != RoleOwner {
			return old, &Error{Kind: ErrDenied, Field: "team.owners"}
		}
		m := old
		if err := f(team, &m); err != nil {
			return old, err
		}
		if err := d.keepOwner(ctx, old, m); err != nil {
			return old, err
		}
		m.Rev++
		ev := Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: ActionEditPeople, Record: string(id), Rev: m.Rev,
			By: by.ID, At: d.now(), Fields: diff(old, m)}
		if m.Role == old.Role && m.Removed.Equal(old.Removed) && m.Handing.UnderWay() {
			ev.Action = ActionGoOn // what is handed over has an event of its own
		}
		err = d.store.SaveMember(ctx, m, ev)
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil && !errors.Is(err, ErrApplied) {
			return old, fmt.Errorf("save member: %w", err)
		}
		if err := d.giveOwnerBack(ctx, old, m); err != nil {
			return old, err
		}
		return d.handSome(ctx, team, m)
	}
	return Member{}, &Error{Kind: ErrConflict, Field: "member"}
}

func (m Member) runsTeam() bool { return m.Role == RoleOwner && m.Removed.IsZero() }

// keepOwner refuses a change after which the team had no owner.
func (d *Desk) keepOwner(ctx context.Context, old, m Member) error {
	if !old.runsTeam() || m.runsTeam() {
		return nil
	}
	members, err := d.store.Members(ctx, m.Team)
	if err != nil {
		return fmt.Errorf("list members: %w", err)
	}
	if !slices.ContainsFunc(members, func(o Member) bool { return o.ID != m.ID && o.runsTeam() }) {
		return invalid("team.last_owner")
	}
	return nil
}

// giveOwnerBack takes a change back after which the team has no owner, since two owners had taken it from each other at
// the same moment.
func (d *Desk) giveOwnerBack(ctx context.Context, old, m Member) error {
	none := d.keepOwner(ctx, old, m)
	if !errors.Is(none, ErrInvalid) {
		return none
	}
	old.Rev = m.Rev + 1
	ev := Event{ID: EventID(fmt.Sprintf("owner.%s.%d", m.ID, old.Rev)), Team: m.Team, Schema: schemaVersion, Action: ActionEditPeople,
		Record: string(m.ID), Rev: old.Rev, At: d.now(), Fields: diff(m, old)}
	if err := d.store.SaveMember(ctx, old, ev); err != nil && !errors.Is(err, ErrApplied) {
		return fmt.Errorf("give an owner back: %w", err)
	}
	return none
}

package crm

import (
	"context"
	"fmt"
	"time"
)

// Quality is how far a base, or one member's part of it, can be worked with.
type Quality struct {
	Total     int
	Lacking   map[Gap]int
	Complete  int // percent of what is wanted (Wanted) of all cards together
	Goal      int
	Fresh     map[Freshness]int
	Silent    int // without a touch for a year
	Unmanaged int // of nobody who is still in the team
}

// defaultGoal is how complete a base should be, in percent, unless the team says otherwise.
const defaultGoal = 85

// GoalPercent is how complete the team wants its cards to be.
func (t Team) GoalPercent() int {
	if t.Goal == 0 {
		return defaultGoal
	}
	return t.Goal
}

// SetGoal sets that; ErrInvalid on "goal" unless it is 1 to 100.
func (d *Desk) SetGoal(ctx context.Context, by Actor, percent int) (Team, error) {
	if percent < 1 || percent > 100 {
		return Team{}, invalid("goal")
	}
	return d.editTeam(ctx, by, func(t *Team) error {
		t.Goal = percent
		return nil
	})
}

// QualityPart is one of the figures of Quality, whose clients can be listed.
type QualityPart string

const (
	PartStaleData QualityPart = "red"
	PartSilent    QualityPart = "silent"
	PartUnmanaged QualityPart = "unmanaged"
)

// PartOf is the figure of a gap.
func PartOf(g Gap) QualityPart { return QualityPart(g) }

// QualityQuery asks for the clients behind a figure, as of now. ErrInvalid on "quality" if there is no such figure.
func (d *Desk) QualityQuery(ctx context.Context, by Actor, p QualityPart) (ClientQuery, error) {
	if _, _, err := d.gate(ctx, by, ActionCountClients); err != nil {
		return ClientQuery{}, err
	}
	switch p {
	case PartStaleData:
		return ClientQuery{Neglected: []Neglect{{ConfirmedBefore: redSince(d.now())}}}, nil
	case PartSilent:
		return ClientQuery{Neglected: []Neglect{{SilentBefore: d.now().AddDate(-1, 0, 0)}}}, nil
	case PartUnmanaged:
		gone, err := d.gone(ctx, by)
		return ClientQuery{Among: gone}, err
	}
	for _, g := range Gaps {
		if PartOf(g) == p {
			return ClientQuery{Lacks: []Gap{g}}, nil
		}
	}
	return ClientQuery{}, invalid("quality")
}

// gone are those who have left the team, and nobody.
func (d *Desk) gone(ctx context.Context, by Actor) ([]MemberID, error) {
	members, err := d.store.Members(ctx, by.Team)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	all := []MemberID{""}
	for _, m := range members {
		if !m.Removed.IsZero() {
			all = append(all, m.ID)
		}
	}
	return all, nil
}

// Quality counts what the cards lack that by may count; of a member's alone if one is named.
func (d *Desk) Quality(ctx context.Context, by Actor, of MemberID) (Quality, error) {
	team, base, err := d.within(ctx, by, ActionCountClients, ClientQuery{Owner: of})
	if err != nil {
		return Quality{}, err
	}
	out := Quality{Lacking: map[Gap]int{}, Fresh: map[Freshness]int{}, Goal: team.GoalPercent()}
	count := func(into *int, narrow func(*ClientQuery)) {
		if err != nil {
			return
		}
		q := base
		narrow(&q)
		*into, err = d.store.CountClients(ctx, q, mostCounted)
	}
	count(&out.Total, func(*ClientQuery) {})
	lacking := 0
	for _, g := range Gaps {
		n := 0
		count(&n, func(q *ClientQuery) { q.Lacks = []Gap{g} })
		out.Lacking[g] = n
		if g != GapWrong {
			lacking += n
		}
	}
	notGreen, red := 0, 0
	now := d.now()
	count(&notGreen, func(q *ClientQuery) {
		q.Neglected = []Neglect{{ConfirmedBefore: now.AddDate(0, -3, 0).Add(time.Millisecond)}}
	})
	count(&red, func(q *ClientQuery) { q.Neglected = []Neglect{{ConfirmedBefore: redSince(now)}} })
	count(&out.Silent, func(q *ClientQuery) { q.Neglected = []Neglect{{SilentBefore: now.AddDate(-1, 0, 0)}} })
	if of == "" && base.Owner == "" && err == nil {
		var gone []MemberID
		gone, err = d.gone(ctx, by)
		count(&out.Unmanaged, func(q *ClientQuery) { q.Among = gone })
	}
	if err != nil {
		return out, fmt.Errorf("count quality: %w", err)
	}
	out.Fresh = map[Freshness]int{Fresh: out.Total - notGreen, Fading: notGreen - red, Doubted: red}
	if out.Total > 0 {
		out.Complete = 100 - lacking*100/(out.Total*len(Wanted))
	}
	return out, nil
}

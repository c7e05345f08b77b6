package crm

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Quality is how far a base, or one member's part of it, can be worked with. Cards in the archive do not count.
type Quality struct {
	Total     int
	Lacking   map[Gap]int
	Required  int // without something that the team requires of their kind
	Early     int // leads for longer than earlyFor
	Complete  int // percent of what is wanted (Wanted) of all cards together
	Goal      int
	Fresh     map[Freshness]int
	Silent    int  // without a touch for a year
	Unmanaged int  // of nobody who is still in the team
	Everybody bool // it is of the whole team, whose members can be looked at apart
}

// defaultGoal is how complete a base should be, in percent, unless the team says otherwise.
const defaultGoal = 85

// earlyFor is for how long a client may stand at the first stage, where every card begins, without somebody looking at it: a card
// without a stage there is none.
const earlyFor = 30 * 24 * time.Hour

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
	PartRequired  QualityPart = "required"
	PartEarly     QualityPart = "stage"
	PartStaleData QualityPart = "red"
	PartSilent    QualityPart = "silent"
	PartUnmanaged QualityPart = "unmanaged"
	PartAny       QualityPart = "any"   // of all that can be filled in; no figure of its own
	PartStale     QualityPart = "stale" // who needs the member's attention, as StaleClients has it; no figure either
)

// PartOf is the figure of a gap.
func PartOf(g Gap) QualityPart { return QualityPart(g) }

// Gap is what the cards of a figure lack; ok is false if they are alike in something else.
func (p QualityPart) Gap() (g Gap, ok bool) {
	return Gap(p), Gap(p).Field() != ""
}

// QualityQuery asks for the clients behind a figure, of a member's alone if one is named, or for those of PartStale, as of now.
// ErrInvalid on "quality" if there is no such figure.
func (d *Desk) QualityQuery(ctx context.Context, by Actor, p QualityPart, of MemberID) (ClientQuery, error) {
	team, _, err := d.gate(ctx, by, ActionCountClients)
	if err != nil {
		return ClientQuery{}, err
	}
	if p == PartStale {
		charges, err := d.charges(ctx, by.Member)
		q := staleQuery(team, "", d.now())
		q.Among = charges
		return q, err
	}
	q, err := d.partQuery(ctx, team, p)
	q.Owner = of
	return q, err
}

// partQuery narrows down to the clients of a figure.
func (d *Desk) partQuery(ctx context.Context, team Team, p QualityPart) (ClientQuery, error) {
	now := d.now()
	live := ClientQuery{Stages: LiveStages}
	switch p {
	case PartRequired:
		return ClientQuery{Lacks: team.requiredKeys()}, nil
	case PartAny:
		return ClientQuery{Lacks: append(ofAnyKind(Gaps...), team.requiredKeys()...)}, nil
	case PartEarly:
		return ClientQuery{Stages: []Stage{StageLead}, CreatedBefore: now.Add(-earlyFor)}, nil
	case PartStaleData:
		live.Neglected = []Neglect{{ConfirmedBefore: redSince(now)}}
		return live, nil
	case PartSilent:
		live.Neglected = []Neglect{{SilentBefore: now.AddDate(-1, 0, 0)}}
		return live, nil
	case PartUnmanaged:
		gone, err := d.gone(ctx, team.ID)
		live.Among = gone
		return live, err
	}
	if g, ok := p.Gap(); ok {
		return ClientQuery{Lacks: ofAnyKind(g)}, nil
	}
	return ClientQuery{}, invalid("quality")
}

// gone are those who have left the team, and nobody.
func (d *Desk) gone(ctx context.Context, team TeamID) ([]MemberID, error) {
	members, err := d.store.Members(ctx, team)
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
	return d.quality(ctx, team, base.Owner, base.Among)
}

// quality counts the cards of the whole team, of one owner or of some.
func (d *Desk) quality(ctx context.Context, team Team, owner MemberID, among []MemberID) (Quality, error) {
	n := d.counter(ctx, ClientQuery{Team: team.ID, Owner: owner, Among: among})
	out := Quality{Lacking: map[Gap]int{}, Goal: team.GoalPercent(), Everybody: n.whole()}
	out.Total = n.count(ClientQuery{Stages: LiveStages})
	lacking := 0
	for _, g := range Gaps {
		out.Lacking[g] = n.lack(g)
		if slices.Contains(Wanted, g) {
			lacking += out.Lacking[g]
		}
	}
	out.Complete = complete(out.Total, lacking)
	if len(team.requiredKeys()) > 0 {
		out.Required = n.part(team, PartRequired)
	}
	out.Early, out.Silent = n.part(team, PartEarly), n.part(team, PartSilent)
	if out.Everybody {
		out.Unmanaged = n.part(team, PartUnmanaged)
	}
	fading := []Neglect{{ConfirmedBefore: d.now().AddDate(0, -3, 0).Add(time.Millisecond)}}
	notGreen, red := n.count(ClientQuery{Stages: LiveStages, Neglected: fading}), n.part(team, PartStaleData)
	out.Fresh = map[Freshness]int{Fresh: out.Total - notGreen, Fading: notGreen - red, Doubted: red}
	return out, n.err
}

// complete is how much of what is wanted of so many cards is there, in percent.
func complete(total, lacking int) int {
	if total == 0 {
		return 0
	}
	return (total*len(Wanted) - lacking) * 100 / (total * len(Wanted)) // rounded down: a goal is reached when it is
}

// counter counts cards of the same owners by index; after a failure it counts no more.
type counter struct {
	ctx  context.Context
	desk *Desk
	base ClientQuery      // Team, Owner and Among
	used map[Gap][]GapKey // what the team's cards lack at all, as far as it was asked for
	err  error
}

func (d *Desk) counter(ctx context.Context, base ClientQuery) counter {
	return counter{ctx: ctx, desk: d, base: base, used: map[Gap][]GapKey{}}
}

func (n *counter) whole() bool { return n.base.Owner == "" && len(n.base.Among) == 0 }

func (n *counter) count(q ClientQuery) int {
	if n.err != nil {
		return 0
	}
	q.Team = n.base.Team
	if !n.whole() {
		q.Owner, q.Among = n.base.Owner, n.base.Among
	}
	sum, err := n.desk.store.CountClients(n.ctx, q, MostCounted)
	if err != nil {
		n.err = fmt.Errorf("count quality: %w", err)
	}
	return sum
}

func (n *counter) part(team Team, p QualityPart) int {
	if n.err != nil {
		return 0
	}
	var q ClientQuery
	if q, n.err = n.desk.partQuery(n.ctx, team, p); n.err != nil {
		return 0
	}
	return n.count(q)
}

// lack counts the cards with a gap. Each has one kind: of the whole base the sum of what the index says of each kind is the fastest; of
// one owner's cards each is looked at, once for each kind that there is, and few teams have clients of all kinds.
func (n *counter) lack(g Gap) int {
	if !n.whole() {
		keys := n.usedKeys(g)
		if len(keys) == 0 {
			return 0
		}
		return n.count(ClientQuery{Lacks: keys})
	}
	sum := 0
	for _, k := range Kinds {
		sum += n.count(ClientQuery{Lacks: []GapKey{gapKey(k, g)}})
	}
	return sum
}

// usedKeys are those of a gap that any card of the team has.
func (n *counter) usedKeys(g Gap) []GapKey {
	if keys, known := n.used[g]; known || n.err != nil {
		return keys
	}
	var keys []GapKey
	for _, k := range Kinds {
		any, err := n.desk.store.CountClients(n.ctx, ClientQuery{Team: n.base.Team, Lacks: []GapKey{gapKey(k, g)}}, 1)
		if err != nil {
			n.err = fmt.Errorf("count quality: %w", err)
			return nil
		}
		if any > 0 {
			keys = append(keys, gapKey(k, g))
		}
	}
	n.used[g] = keys
	return keys
}

// MemberQuality is how complete one member's cards are.
type MemberQuality struct {
	Member
	Total    int
	Complete int
	Worst    Gap // what most of them lack; "": nothing
	Lacking  int // how many lack that
}

// QualityByMember tells of those who have cards that by may count, the least complete first.
func (d *Desk) QualityByMember(ctx context.Context, by Actor) ([]MemberQuality, error) {
	team, reach, err := d.gate(ctx, by, ActionCountClients)
	if err != nil {
		return nil, err
	}
	return d.qualityByMember(ctx, team, reach)
}

func (d *Desk) qualityByMember(ctx context.Context, team Team, r reach) ([]MemberQuality, error) {
	members, err := d.store.Members(ctx, team.ID)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	counts, err := d.store.CountLacking(ctx, LackQuery{Team: team.ID, Stages: LiveStages, Keys: ofAnyKind(Wanted...)})
	if err != nil {
		return nil, fmt.Errorf("count quality by member: %w", err)
	}
	by := map[MemberID]OwnerLacks{}
	for _, one := range counts {
		by[one.Owner] = one
	}
	var all []MemberQuality
	for _, m := range members {
		if has := by[m.ID]; has.Total > 0 && m.Removed.IsZero() && r.of(m.ID) { // those of who has left are nobody's: PartUnmanaged
			all = append(all, has.quality(m))
		}
	}
	slices.SortStableFunc(all, func(a, b MemberQuality) int { return a.Complete - b.Complete })
	return all, nil
}

// quality is how complete these cards of a member are.
func (l OwnerLacks) quality(m Member) MemberQuality {
	q, lacking := MemberQuality{Member: m, Total: l.Total}, 0
	for _, g := range Wanted {
		missing := 0
		for _, k := range ofAnyKind(g) { // each card has one kind
			missing += l.Lacks[k]
		}
		if lacking += missing; missing > q.Lacking {
			q.Worst, q.Lacking = g, missing
		}
	}
	q.Complete = complete(l.Total, lacking)
	return q
}

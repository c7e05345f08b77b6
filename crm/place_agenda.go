package crm

import (
	"context"
	"errors"
	"fmt"
)

// GroupAgenda is a page of what the day holds for a member whose digest comes to a group, for those of the team who turn its pages there.
// ErrNotFound on "place" if it does not come there.
func (d *Desk) GroupAgenda(ctx context.Context, by Actor, chat int64, of MemberID, page int) (Agenda, Member, error) {
	team, _, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return Agenda{}, Member{}, err
	}
	m, err := d.store.Member(ctx, by.Team, of)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Agenda{}, m, fmt.Errorf("read whose the digest is: %w", err)
	}
	m = m.of(team)
	p, live := team.place(m.Reminding.placeOf(Notice{Kind: RemindDigest}))
	if err != nil || !live || p.Chat != chat || !m.takes(team, ActionReadTask) {
		return Agenda{}, Member{}, &Error{Kind: ErrNotFound, Field: "place"}
	}
	a, err := d.agenda(ctx, m, page)
	return a, m, err
}

package crm_test

import (
	"errors"
	"testing"

	"kartoteka/crm"
)

// A turn reads its team once; what it changes itself it sees at once, what others change the next turn does.
func TestActor_team(t *testing.T) {
	o := newOffice(t)
	turn := &counted{Store: o.store}
	desk := crm.NewDesk(turn, o.clock)
	by, err := desk.Actor(t.Context(), 1, "u10")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		desk.May(t.Context(), by, crm.ActionAddClient, crm.Client{})
	}
	if turn.teams != 1 {
		t.Errorf("the team was read %d times in a turn, want once", turn.teams)
	}
	if _, err := desk.SetShared(t.Context(), by, true); err != nil {
		t.Fatal(err)
	}
	if team, err := desk.Team(t.Context(), by); err != nil || !team.Shared {
		t.Errorf("the turn that shared the cards sees %v, %v", team.Shared, err)
	}
	if _, err := o.SetShared(t.Context(), o.as(o.owner), false); err != nil {
		t.Fatal(err)
	}
	by, err = o.Actor(t.Context(), 1, "u11")
	team, teamErr := desk.Team(t.Context(), by)
	if err := errors.Join(err, teamErr); err != nil || team.Shared {
		t.Errorf("the next turn sees %v, %v", team.Shared, err)
	}
}

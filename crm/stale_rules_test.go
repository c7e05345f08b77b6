package crm_test

import (
	"errors"
	"testing"

	"kartoteka/crm"
)

func TestStaleRules(t *testing.T) {
	o := newOffice(t)
	rules := crm.StaleRules{}.Full()
	for _, c := range []struct {
		stage  crm.Stage
		status crm.Status
		want   int
	}{
		{crm.StageLead, crm.StatusLead, 60}, {crm.StageClient, crm.StatusActive, 60}, {crm.StageLead, crm.StatusVIP, 30},
	} {
		if got := rules.After(c.stage, c.status); got != c.want {
			t.Errorf("%s, %s: got %d days, want %d", c.stage, c.status, got, c.want)
		}
	}
	team, err := o.SetStaleRules(t.Context(), o.as(o.owner), func(r *crm.StaleRules) {
		r.Days, r.Offer, r.Daily = 90, 5, true
		r.Stages[crm.StageClient] = 45
		r.Statuses[crm.StatusFormer] = crm.StaleNever
	})
	if err != nil {
		t.Fatal(err)
	}
	rules = team.Stale.Full()
	if got := []int{rules.After(crm.StageLead, crm.StatusLead), rules.After(crm.StageClient, crm.StatusActive), rules.After(crm.StageClient, crm.StatusVIP),
		rules.After(crm.StageClient, crm.StatusFormer), rules.Offer}; got[0] != 90 || got[1] != 45 || got[2] != 30 || got[3] != crm.StaleNever || got[4] != 5 {
		t.Errorf("got %v", got)
	}
	for name, wrong := range map[string]func(*crm.StaleRules){
		"no days":         func(r *crm.StaleRules) { r.Days = 0 },
		"beyond a decade": func(r *crm.StaleRules) { r.Days = 3651 },
		"the archive":     func(r *crm.StaleRules) { r.Stages[crm.StageArchive] = 5 },
		"the blacklist":   func(r *crm.StaleRules) { r.Statuses[crm.StatusBlocked] = 5 },
		"a stage's":       func(r *crm.StaleRules) { r.Stages[crm.StageLead] = -2 },
		"an offer's":      func(r *crm.StaleRules) { r.Offer = 61 },
	} {
		if _, err := o.SetStaleRules(t.Context(), o.as(o.owner), wrong); !errors.Is(err, crm.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOnlyTheOwnerSetsStaleRules(t *testing.T) {
	o := newOffice(t)
	for i, role := range []crm.Role{crm.RoleAdmin, crm.RoleManager, crm.RoleSupport, crm.RoleAnalyst, crm.RoleAccountant} {
		m := o.hire(int64(10+i), "Иван"+string(role), role)
		if _, err := o.SetStaleRules(t.Context(), o.as(m), func(r *crm.StaleRules) { r.Days = 9 }); !errors.Is(err, crm.ErrDenied) {
			t.Errorf("%s: got %v", role, err)
		}
	}
}

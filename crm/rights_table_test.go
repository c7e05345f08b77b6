package crm_test

import (
	"slices"
	"strings"
	"testing"

	"kartoteka/crm"
)

// table is who may do what, to be read: A all of the team's, o own only, - nothing; in the order of the roles below.
const table = `
	                   owner admin manager support analyst accountant
	client.find          A     A      o       A       -        A
	client.read          A     A      o       A       -        A
	client.history       A     A      o       A       -        -
	client.count         A     A      o       A       A        A
	client.tend          A     A      o       o       -        -
	client.add           A     A      A       -       -        -
	client.edit          A     A      o       -       -        -
	client.touch         A     A      o       A       -        -
	client.archive       A     A      o       -       -        -
	client.restore       A     A      o       -       -        -
	client.delete        A     A      o       -       -        -
	client.hand_over     A     A      o       -       -        -
	client.undo          A     A      o       -       -        -
	client.merge         A     A      o       -       -        -
	client.take          A     A      -       -       -        -
	client.secret        A     A      o       A       -        A
	client.import        A     A      o       -       -        -
	client.unimport      A     A      o       -       -        -
	client.export        A     A      o       A       -        A
	client.ask           A     A      o       -       -        -
	client.keep          A     A      -       -       -        -
	client.erase         A     A      -       -       -        -
	task.add             A     A      A       A       -        A
	task.read            A     A      o       o       -        o
	task.edit            A     A      o       o       -        o
	team.invite          A     A      -       -       -        -
	team.people          A     A      -       -       -        -
	team.absence         A     A      o       o       -        -
	team.edit            A     A      -       -       -        -
	team.stale           A     -      -       -       -        -
	team.week            A     A      -       -       A        -
	team.place           A     A      -       -       -        -
	audit.see            A     -      -       -       -        -
	audit.take           A     -      -       -       -        -
	team.see             A     A      A       A       A        A
	member.edit          A     A      o       o       o        o
	member.code          A     A      o       o       o        o
	team.guard           A     -      -       -       -        -
`

func TestRightsTableReads(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(table), "\n")
	roles := strings.Fields(lines[0])
	signs := map[string]crm.Scope{"A": crm.ScopeAll, "o": crm.ScopeOwn, "-": crm.ScopeNone}
	var named []crm.Action
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		a := crm.Action(words[0])
		named = append(named, a)
		for i, role := range roles {
			if got := crm.MayDo(crm.Team{}, crm.Role(role), a); got != signs[words[i+1]] {
				t.Errorf("%s, %s: %v, the table here says %s", role, a, got, words[i+1])
			}
		}
	}
	for _, a := range crm.Actions {
		if !slices.Contains(named, a) {
			t.Errorf("%s is not in the table here", a)
		}
	}
}

package storetest

import (
	"fmt"
	"testing"

	"kartoteka/crm"
)

// saver writes revision rev of one record of a kind on behalf of a team.
type saver func(team crm.TeamID, rev int64, e crm.Event) error

// savers has the kinds that are written together with an event: the same rules hold for all of them.
func savers(k *kit) map[string]saver {
	return map[string]saver{
		"client": func(team crm.TeamID, rev int64, e crm.Event) error {
			return k.SaveClient(k.ctx, crm.ClientChange{Client: crm.Client{ID: "r1", Team: team, Rev: rev}, Event: e})
		},
		"member": func(team crm.TeamID, rev int64, e crm.Event) error {
			return k.SaveMember(k.ctx, crm.Member{ID: "r1", Team: team, Rev: rev}, e)
		},
		"invite": func(team crm.TeamID, rev int64, e crm.Event) error {
			return k.SaveInvite(k.ctx, crm.Invite{ID: "r1", Team: team, Rev: rev}, e)
		},
		"consent": func(team crm.TeamID, rev int64, e crm.Event) error {
			return k.SaveConsent(k.ctx, crm.Consent{ID: "r1", Team: team, Rev: rev}, e)
		},
		"team": func(team crm.TeamID, rev int64, e crm.Event) error {
			return k.SaveTeam(k.ctx, crm.Team{ID: team, Rev: rev}, e)
		},
	}
}

func testRevisions(t *testing.T, h harness) {
	for _, kind := range []string{"client", "member", "invite", "consent", "team"} {
		h.run(t, kind, func(k *kit) { revisions(k, savers(k)[kind], kind != "team") })
	}
}

func revisions(k *kit, save saver, hasTeam bool) {
	first, second := k.event(acme, "r1", 1), k.event(acme, "r1", 2)
	k.fails(save(acme, 2, second), crm.ErrNotFound)
	k.ok(save(acme, 1, first))
	k.fails(save(acme, 1, first), crm.ErrApplied)
	k.fails(save(acme, 1, k.event(acme, "r1", 1)), crm.ErrConflict)
	k.fails(save(acme, 3, k.event(acme, "r1", 3)), crm.ErrConflict)
	k.ok(save(acme, 2, second))
	k.fails(save(acme, 2, second), crm.ErrApplied)
	k.fails(save(acme, 3, second), crm.ErrApplied) // whatever the revision is
	k.fails(save(acme, 3, first), crm.ErrApplied)
	k.fails(save(acme, 2, k.event(acme, "r1", 2)), crm.ErrConflict)
	if hasTeam {
		k.fails(save(other, 3, k.event(other, "r1", 3)), crm.ErrNotFound)
		k.fails(save(other, 1, k.event(other, "r1", 1)), crm.ErrConflict)
	}
	for i := range 5 {
		k.ok(save(acme, int64(3+i), k.event(acme, "r1", int64(3+i))))
	}

	events := must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "r1", Limit: 100}))(k)
	var revs []int64
	for _, e := range events {
		revs = append(revs, e.Rev)
	}
	k.same(revs, []int64{7, 6, 5, 4, 3, 2, 1}) // what failed has left none
	k.same(must(k.Event(k.ctx, acme, first.ID))(k), first)
}

func testConcurrent(t *testing.T, h harness) {
	if !h.can.Concurrent {
		t.Skip("not exercised: the server does not compare and swap under concurrency; name a MongoDB server in STORE_TEST_MONGODB_URI")
	}
	h.run(t, "no_update_is_lost", func(k *kit) {
		const writers = 100
		k.save(card("c1"))
		errs := make(chan error, writers)
		for i := range writers {
			go func() { errs <- increment(k, fmt.Sprintf("w%d", i)) }()
		}
		for range writers {
			k.ok(<-errs)
		}
		got := must(k.Client(k.ctx, acme, "c1"))(k)
		if got.Touches != writers || got.Rev != writers+1 {
			k.Fatalf("got %d touches at revision %d, want %d at %d", got.Touches, got.Rev, writers, writers+1)
		}
		k.same(len(must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "c1", Limit: 1000}))(k)), writers+1)
	})
	h.run(t, "one_creates", func(k *kit) {
		const writers = 20
		errs := make(chan error, writers)
		for i := range writers {
			go func() {
				e := crm.Event{ID: crm.EventID(fmt.Sprintf("w%d", i)), Team: acme, Record: "c1", Rev: 1}
				errs <- k.SaveClient(k.ctx, crm.ClientChange{Client: card("c1"), Event: e})
			}()
		}
		created := 0
		for range writers {
			if err := <-errs; err == nil {
				created++
			} else {
				k.fails(err, crm.ErrConflict)
			}
		}
		k.same(created, 1)
	})
	h.run(t, "one_event_has_one_effect", func(k *kit) {
		const writers = 20
		k.save(card("c1"))
		errs := make(chan error, writers)
		for range writers {
			go func() { errs <- increment(k, "same") }()
		}
		for range writers {
			k.ok(<-errs)
		}
		k.same(must(k.Client(k.ctx, acme, "c1"))(k).Touches, 1)
	})
}

// increment counts one touch more, again and again until it is done.
func increment(k *kit, event string) error {
	for {
		c, err := k.Client(k.ctx, acme, "c1")
		if err != nil {
			return err
		}
		c.Rev++
		c.Touches++
		e := crm.Event{ID: crm.EventID(event), Team: acme, Record: "c1", Rev: c.Rev}
		switch err := k.SaveClient(k.ctx, crm.ClientChange{Client: c, Event: e}); {
		case err == nil, isApplied(err):
			return nil
		case !isConflict(err):
			return err
		}
	}
}

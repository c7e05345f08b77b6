package storetest

import (
	"context"
	"testing"

	"kartoteka/crm"
)

func testCancelled(t *testing.T, h harness) {
	h.run(t, "writes_nothing", func(k *kit) {
		ctx, cancel := context.WithCancel(k.ctx)
		cancel()
		change := k.change(card("c1", func(c *crm.Client) { c.Words = []string{"иван"} }))
		change.Touches = []crm.Touch{{ID: "t1", Team: acme, Client: "c1", At: day(1, 1)}}
		_, mark := k.MarkOnce(ctx, "m", day(1, 1))
		_, purge := k.PurgeClients(ctx, crm.Purge{Before: day(1, 1), At: day(1, 1), Limit: 5})
		_, old := k.PurgeReminders(ctx, day(1, 1), 5)
		for name, err := range map[string]error{
			"SaveClient": k.SaveClient(ctx, change), "SaveClients": k.SaveClients(ctx, []crm.ClientChange{change}),
			"SaveTeam":   k.SaveTeam(ctx, crm.Team{ID: acme, Rev: 1}, k.event(acme, "acme", 1)),
			"SaveMember": k.SaveMember(ctx, crm.Member{ID: anna, Team: acme, Rev: 1}, k.event(acme, "anna", 1)),
			"SaveInvite": k.SaveInvite(ctx, crm.Invite{ID: "i", Team: acme, Rev: 1}, k.event(acme, "i", 1)),
			"SaveDialog": k.SaveDialog(ctx, crm.Dialog{ID: "1", Rev: 1}), "SetAside": k.SetAside(ctx, crm.StrayUpdate{ID: 1}),
			"MarkOnce": mark, "PurgeClients": purge, "PurgeReminders": old,
		} {
			if err == nil {
				k.Errorf("%s: got no error", name)
			}
		}
		_, err := k.Event(k.ctx, acme, change.Event.ID)
		k.fails(err, crm.ErrNotFound)
		k.ok(k.SaveClient(k.ctx, change))
		k.ok(k.SaveTeam(k.ctx, crm.Team{ID: acme, Rev: 1}, k.event(acme, "acme", 1)))
		k.ok(k.SaveMember(k.ctx, crm.Member{ID: anna, Team: acme, Rev: 1}, k.event(acme, "anna", 1)))
		k.ok(k.SaveInvite(k.ctx, crm.Invite{ID: "i", Team: acme, Rev: 1}, k.event(acme, "i", 1)))
		k.ok(k.SaveDialog(k.ctx, crm.Dialog{ID: "1", Rev: 1}))
		k.same(must(k.MarkOnce(k.ctx, "m", day(1, 1)))(k), true)
		k.same(len(must(k.StrayUpdates(k.ctx, 5))(k)), 0)
	})
}

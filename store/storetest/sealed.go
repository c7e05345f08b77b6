package storetest

import (
	"slices"
	"testing"

	"kartoteka/crm"
)

func testSealed(t *testing.T, h harness) {
	with := func(id string, edit ...func(*crm.Client)) crm.Client {
		return card(id, append([]func(*crm.Client){func(c *crm.Client) { c.Sealed = map[crm.FieldID]string{"f": "k.abc"} }}, edit...)...)
	}
	listed := func(k *kit) []crm.ClientID {
		ids := must(k.SealedClients(k.ctx, acme))(k)
		slices.Sort(ids)
		return ids
	}
	h.run(t, "wherever_they_are", func(k *kit) {
		k.same(len(listed(k)), 0)
		k.save(with("c1"), card("c2"), with("c3", func(c *crm.Client) { c.Deleted = day(2, 1) }), with("c4", func(c *crm.Client) { c.MergedInto = "c1" }),
			with("c5", func(c *crm.Client) { c.Team = other }),
			card("c6", func(c *crm.Client) { c.Name = `"sealed":{"f":"k.abc"}` }),
			card("c7", func(c *crm.Client) { c.Custom = map[crm.FieldID]string{"sealed": "{"} }))
		k.same(listed(k), clientIDs("c1", "c3", "c4"))
	})
	h.run(t, "as_they_are_now", func(k *kit) {
		c := card("c1")
		k.save(c, with("c2"))
		c.Rev, c.Sealed = 2, map[crm.FieldID]string{"f": "k.abc"}
		emptied := card("c2", func(c *crm.Client) { c.Rev = 2 })
		k.save(c, emptied)
		k.same(listed(k), clientIDs("c1"))
	})
}

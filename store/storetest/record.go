package storetest

import (
	"cmp"
	"testing"
	"time"

	"kartoteka/crm"
)

func testTeam(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Team](1)
		want.ID, want.Rev = acme, 1
		k.ok(k.SaveTeam(k.ctx, want, k.event(acme, "acme", 1)))
		k.same(must(k.Team(k.ctx, acme))(k), want)
		want.Rev, want.Claim, want.Fields = 2, "", nil
		k.ok(k.SaveTeam(k.ctx, want, k.event(acme, "acme", 2)))
		k.same(must(k.Team(k.ctx, acme))(k), want)
	})
	h.run(t, "all", func(k *kit) {
		k.same(len(must(k.Teams(k.ctx))(k)), 0)
		k.ok(k.SaveTeam(k.ctx, crm.Team{ID: other, Rev: 1}, k.event(other, "other", 1)))
		k.ok(k.SaveTeam(k.ctx, crm.Team{ID: acme, Rev: 1}, k.event(acme, "acme", 1)))
		k.same(must(k.Teams(k.ctx))(k), []crm.Team{{ID: acme, Rev: 1}, {ID: other, Rev: 1}})
		_, err := k.Team(k.ctx, "none")
		k.fails(err, crm.ErrNotFound)
	})
}

func testMember(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Member](1)
		want.ID, want.Team, want.Rev = anna, acme, 1
		k.ok(k.SaveMember(k.ctx, want, k.event(acme, "anna", 1)))
		k.same(must(k.Member(k.ctx, acme, anna))(k), want)
		_, err := k.Member(k.ctx, other, anna)
		k.fails(err, crm.ErrNotFound)
		_, err = k.Member(k.ctx, acme, boris)
		k.fails(err, crm.ErrNotFound)
	})
	h.run(t, "oldest_first", func(k *kit) {
		for i, id := range []crm.MemberID{"m3", "m2", "m1", "m0"} {
			m := crm.Member{ID: id, Team: acme, Rev: 1, Created: day(1, 1).Add(time.Duration(i/2*500) * time.Millisecond)}
			if id == "m2" {
				m.Removed = day(2, 2)
			}
			k.ok(k.SaveMember(k.ctx, m, k.event(acme, string(id), 1)))
		}
		k.ok(k.SaveMember(k.ctx, crm.Member{ID: "o1", Team: other, Rev: 1}, k.event(other, "o1", 1)))
		var got []crm.MemberID
		for _, m := range must(k.Members(k.ctx, acme))(k) {
			got = append(got, m.ID)
		}
		k.same(got, []crm.MemberID{"m2", "m3", "m0", "m1"})
	})
	h.run(t, "by_user", func(k *kit) {
		m := crm.Member{ID: anna, Team: acme, Rev: 1, User: 1 << 40, Created: day(1, 1)}
		k.ok(k.SaveMember(k.ctx, m, k.event(acme, "anna", 1)))
		k.same(must(k.MemberByUser(k.ctx, 1<<40))(k), m)
		_, err := k.MemberByUser(k.ctx, 43)
		k.fails(err, crm.ErrNotFound)
		m.Rev, m.Removed = 2, day(2, 2)
		k.ok(k.SaveMember(k.ctx, m, k.event(acme, "anna", 2)))
		_, err = k.MemberByUser(k.ctx, 1<<40)
		k.fails(err, crm.ErrNotFound)
		back := crm.Member{ID: boris, Team: other, Rev: 1, User: 1 << 40, Created: day(3, 1)}
		k.ok(k.SaveMember(k.ctx, back, k.event(other, "boris", 1)))
		k.same(must(k.MemberByUser(k.ctx, 1<<40))(k), back)
	})
}

func testInvite(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Invite](1)
		want.ID, want.Team, want.Rev = "i1", acme, 1
		k.ok(k.SaveInvite(k.ctx, want, k.event(acme, "i1", 1)))
		k.same(must(k.Invite(k.ctx, "i1"))(k), want)
		want.Rev, want.UsedBy = 2, boris
		k.ok(k.SaveInvite(k.ctx, want, k.event(acme, "i1", 2)))
		k.same(must(k.Invite(k.ctx, "i1"))(k), want)
		_, err := k.Invite(k.ctx, "i2")
		k.fails(err, crm.ErrNotFound)
	})
	h.run(t, "those_that_hold_newest_first", func(k *kit) {
		for id, i := range map[string]crm.Invite{
			"i1": {Team: acme, Expires: day(3, 1), Created: day(1, 2)}, "i2": {Team: acme, Expires: day(2, 1), Created: day(1, 1)},
			"i3": {Team: acme, Expires: day(3, 2).Add(500 * time.Millisecond), Created: day(1, 3)},
			"i4": {Team: other, Expires: day(3, 1), Created: day(1, 1)}, "i0": {Team: acme, Expires: day(3, 1), Created: day(1, 2)},
		} {
			i.ID, i.Rev = id, 1
			k.ok(k.SaveInvite(k.ctx, i, k.event(i.Team, id, 1)))
		}
		names := func(after time.Time, limit int) (got []string) {
			for _, i := range must(k.Invites(k.ctx, acme, after, limit))(k) {
				got = append(got, i.ID)
			}
			return got
		}
		k.same(names(day(2, 2), 9), []string{"i3", "i0", "i1"})
		k.same(names(day(2, 2), 2), []string{"i3", "i0"})
		k.same(names(day(1, 2), 9), []string{"i3", "i0", "i1", "i2"})
		k.same(names(day(3, 3), 9), []string(nil))
	})
}

func testConsent(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Consent](1)
		want.ID, want.Team, want.Rev, want.Client = "n1", acme, 1, "c1"
		k.ok(k.SaveConsent(k.ctx, want, k.event(acme, "n1", 1)))
		k.same(must(k.Consents(k.ctx, acme, "c1"))(k), []crm.Consent{want})
		k.same(len(must(k.Consents(k.ctx, other, "c1"))(k)), 0)
		k.same(len(must(k.Consents(k.ctx, acme, "c2"))(k)), 0)
	})
	h.run(t, "oldest_first_and_kept_when_the_card_goes", func(k *kit) {
		k.save(card("c1", func(c *crm.Client) { c.Deleted = day(1, 1) }))
		for i, id := range []crm.ConsentID{"n3", "n2", "n1"} {
			k.ok(k.SaveConsent(k.ctx, crm.Consent{ID: id, Team: acme, Rev: 1, Client: "c1", Given: day(1, 3-i/2)}, k.event(acme, string(id), 1)))
		}
		k.same(must(k.purge(day(12, 1), 5))(k), 1)
		var got []crm.ConsentID
		for _, c := range must(k.Consents(k.ctx, acme, "c1"))(k) {
			got = append(got, c.ID)
		}
		k.same(got, []crm.ConsentID{"n1", "n2", "n3"})
	})
	h.run(t, "withdrawn_ones_go", func(k *kit) {
		for id, at := range map[crm.ConsentID]time.Time{"n1": {}, "n2": day(1, 1), "n3": day(2, 1).Add(time.Millisecond), "n4": day(3, 1)} {
			k.ok(k.SaveConsent(k.ctx, crm.Consent{ID: id, Team: acme, Rev: 1, Client: "c1", Given: day(1, 1), Withdrawn: at}, k.event(acme, string(id), 1)))
		}
		k.same(must(k.PurgeConsents(k.ctx, day(2, 2), 1))(k), 1)
		k.same(must(k.PurgeConsents(k.ctx, day(2, 2), 5))(k), 1)
		k.same(must(k.PurgeConsents(k.ctx, day(2, 2), 5))(k), 0)
		var got []crm.ConsentID
		for _, c := range must(k.Consents(k.ctx, acme, "c1"))(k) {
			got = append(got, c.ID)
		}
		k.same(got, []crm.ConsentID{"n1", "n4"})
	})
}

func testDialog(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Dialog](1)
		want.ID, want.Team, want.Rev = "-1001", acme, 1
		k.ok(k.SaveDialog(k.ctx, want))
		k.same(must(k.Dialog(k.ctx, "-1001"))(k), want)
		_, err := k.Dialog(k.ctx, "1001")
		k.fails(err, crm.ErrNotFound)
	})
	h.run(t, "revisions", func(k *kit) {
		d := crm.Dialog{ID: "42", Team: acme, Rev: 2}
		k.fails(k.SaveDialog(k.ctx, d), crm.ErrConflict)
		d.Rev = 1
		k.ok(k.SaveDialog(k.ctx, d))
		k.fails(k.SaveDialog(k.ctx, d), crm.ErrConflict)
		d.Rev, d.Step, d.Team = 2, "phone", other // the chat may be in another team's hands now
		k.ok(k.SaveDialog(k.ctx, d))
		d.Rev = 4
		k.fails(k.SaveDialog(k.ctx, d), crm.ErrConflict)
		k.same(must(k.Dialog(k.ctx, "42"))(k).Step, "phone")
	})
	h.run(t, "end", func(k *kit) {
		k.ok(k.EndDialog(k.ctx, "42"))
		d := crm.Dialog{ID: "42", Team: acme, Rev: 1}
		k.ok(k.SaveDialog(k.ctx, d))
		k.ok(k.EndDialog(k.ctx, "42"))
		_, err := k.Dialog(k.ctx, "42")
		k.fails(err, crm.ErrNotFound)
		k.ok(k.SaveDialog(k.ctx, d)) // begins at 1 again
	})
	h.run(t, "end_of", func(k *kit) {
		for id, d := range map[string]crm.Dialog{
			"one": {Of: "c1"}, "two": {Of: crm.OfSought}, "three": {Of: "c2"}, "four": {}, "five": {Answers: map[string]string{"q": `"of":"c1"`, "of": "c1"}},
			"six": {Of: "c1", Team: other}, "seven": {Of: "c1"},
		} {
			d.ID, d.Rev, d.Team = id, 1, cmp.Or(d.Team, acme)
			k.ok(k.SaveDialog(k.ctx, d))
		}
		k.ok(k.SaveDialog(k.ctx, crm.Dialog{ID: "seven", Rev: 2, Team: acme}))
		of := func(of, after string, limit int) (ids []string) {
			for _, d := range must(k.DialogsOf(k.ctx, acme, of, after, limit))(k) {
				ids = append(ids, d.ID)
			}
			return ids
		}
		k.same(of("c1", "", 9), []string{"one"})
		k.ok(k.SaveDialog(k.ctx, crm.Dialog{ID: "nine", Rev: 1, Team: acme, Of: "c1"}))
		k.same(of("c1", "", 1), []string{"nine"})
		k.same(of("c1", "nine", 9), []string{"one"})
		k.same(of("", "", 9), []string(nil))
		k.ok(k.EndDialogsOf(k.ctx, acme, "c1", crm.OfSought))
		for id, gone := range map[string]bool{"one": true, "two": true, "three": false, "four": false, "five": false, "six": false, "seven": false} {
			if _, err := k.Dialog(k.ctx, id); (err != nil) != gone {
				k.Errorf("%s: got %v, want gone %v", id, err, gone)
			}
		}
		k.ok(k.EndDialogsOf(k.ctx, acme))
		k.ok(k.SaveDialog(k.ctx, crm.Dialog{ID: "one", Rev: 1, Team: acme})) // begins at 1 again
	})
	h.run(t, "purge", func(k *kit) {
		for i, id := range []string{"1", "2", "3", "4"} {
			k.ok(k.SaveDialog(k.ctx, crm.Dialog{ID: id, Team: acme, Rev: 1, Expires: day(1, 1+i)}))
		}
		k.same(must(k.PurgeDialogs(k.ctx, day(1, 4), 2))(k), 2)
		k.same(must(k.PurgeDialogs(k.ctx, day(1, 4), 2))(k), 1)
		k.same(must(k.PurgeDialogs(k.ctx, day(1, 4), 2))(k), 0)
		k.same(must(k.Dialog(k.ctx, "4"))(k).ID, "4")
	})
}

func testIntake(t *testing.T, h harness) {
	h.run(t, "stray_updates", func(k *kit) {
		want := filled[crm.StrayUpdate](1)
		want.ID, want.At = 7, day(1, 2)
		k.ok(k.SetAside(k.ctx, want))
		k.ok(k.SetAside(k.ctx, crm.StrayUpdate{ID: 7, Reason: "again", At: day(9, 9)}))
		k.ok(k.SetAside(k.ctx, crm.StrayUpdate{ID: 9, At: day(1, 1)}))
		k.ok(k.SetAside(k.ctx, crm.StrayUpdate{ID: 8, At: day(1, 2)}))
		got := must(k.StrayUpdates(k.ctx, 10))(k)
		if len(got) != 3 || got[0].ID != 8 || got[2].ID != 9 {
			k.Fatalf("got %+v, want 8, 7, 9", got)
		}
		k.same(got[1], want)
		k.same(len(must(k.StrayUpdates(k.ctx, 2))(k)), 2)
		k.ok(k.SetAside(k.ctx, crm.StrayUpdate{ID: 6, At: day(1, 1)}))
		k.same(must(k.PurgeStrays(k.ctx, day(1, 2), 1))(k), 1)
		k.same(must(k.PurgeStrays(k.ctx, day(1, 2), 5))(k), 1) // not those of that very moment
		k.same(must(k.PurgeStrays(k.ctx, day(1, 2), 5))(k), 0)
		k.same(len(must(k.StrayUpdates(k.ctx, 10))(k)), 2)
	})
	h.run(t, "mark_once", func(k *kit) {
		for i, want := range []bool{true, false, false} {
			k.same(must(k.MarkOnce(k.ctx, "stranger:42", day(1, 1+i)))(k), want)
		}
		k.same(must(k.MarkOnce(k.ctx, "stranger:43", day(1, 1)))(k), true)
	})
	h.run(t, "ping_and_close", func(k *kit) {
		k.ok(k.Ping(k.ctx))
		k.ok(k.Close())
		if k.Ping(k.ctx) == nil || k.SaveClient(k.ctx, k.change(card("c1"))) == nil {
			k.Fatal("a closed store answers")
		}
	})
}

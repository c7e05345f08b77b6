package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// Taking a merge apart takes the other client's values of the team's own fields out one by one: that another field was written since, or
// that a new key sealed them anew, keeps none of them on the wrong card.
func TestUndoMerge_values(t *testing.T) {
	a, ctx := newArchive(t), t.Context()
	account := a.restrict("Счёт")
	open := make([]crm.FieldID, 3)
	for i, name := range []string{"Договор", "Скидка", "Марка"} {
		team, err := a.AddField(ctx, a.as(a.owner), crm.CustomField{Name: name, Kind: crm.FieldText})
		mustAll(t, err)
		open[i] = team.Fields[len(team.Fields)-1].ID
	}
	write := func(id crm.ClientID, f crm.FieldID, value string) {
		t.Helper()
		_, err := a.EditClient(ctx, a.as(a.owner), id, crm.Edit{Field: crm.CustomKey(f), Value: value, Force: true})
		mustAll(t, err)
	}
	kept := a.add(a.owner, crm.Profile{Name: "Иванов И."})
	write(kept.ID, open[2], "Лада")
	for i, value := range []string{"17", "5 %"} {
		write(a.c.ID, open[i], value)
	}
	_, p, err := a.MergeClients(ctx, a.as(a.owner), crm.MergeInput{Kept: kept.ID, Gone: a.c.ID})
	mustAll(t, err)
	write(kept.ID, account, "40817")
	write(kept.ID, open[1], "10 %")
	a.Desk = a.WithVault(vault(t, anotherKey+","+oneKey))
	if n, err := a.ResealSecrets(ctx); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	got, err := a.UndoMerge(ctx, a.as(a.owner), p.ID)
	mustAll(t, err)
	if want := []crm.Field{crm.CustomKey(open[1])}; !slices.Equal(got.Stuck, want) {
		t.Errorf("as they are since the merge: %v, want %v", got.Stuck, want)
	}
	if c := got.Kept.Custom; len(c) != 2 || c[open[1]] != "10 %" || c[open[2]] != "Лада" {
		t.Errorf("the kept card has %v", c)
	}
	if value, err := a.ShowSecret(ctx, a.as(a.owner), kept.ID, a.field, 7); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("the kept card has the other client's passport: %q, %v", value, err)
	}
	for id, want := range map[crm.ClientID]string{kept.ID: "40817", a.c.ID: passport} {
		field := map[string]crm.FieldID{"40817": account, passport: a.field}[want]
		if value, err := a.ShowSecret(ctx, a.as(a.owner), id, field, 7); err != nil || value != want {
			t.Errorf("%s: %q, %v, want %q", id, value, err, want)
		}
	}
}

// A card that was merged does not come back to somebody who tends no clients by now, whom nobody could find it with.
func TestUndoMerge_ownerOfAnotherRole(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	ivan := tw.hire(5, "Иван", crm.RoleManager)
	_, err := tw.HandOverClient(ctx, tw.as(tw.owner), tw.gone.ID, ivan.ID)
	mustAll(t, err)
	_, p := tw.merge()
	_, err = tw.SetRole(ctx, tw.as(tw.owner), ivan.ID, crm.RoleAnalyst, []crm.MemberID{tw.owner.ID})
	mustAll(t, err)
	got, err := tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
	mustAll(t, err)
	if owner := tw.look(got.Gone.ID).Owner; owner != tw.owner.ID {
		t.Errorf("it came back to %s, want who has the other: %s", owner, tw.owner.ID)
	}
}

// What two cards brought to a third is not taken from the one that stays merged: the later merge is taken back first.
func TestUndoMerge_firstOfTwo(t *testing.T) {
	for name, try := range map[string]struct {
		second crm.Profile
		want   error
	}{
		"the same e-mail":  {crm.Profile{Name: "Сергей", Emails: []string{"s.petrov@mail.ru"}}, crm.ErrConflict},
		"the same company": {crm.Profile{Name: "Сергей", Company: "Акме"}, crm.ErrConflict},
		"nothing alike":    {crm.Profile{Name: "Сергей", Emails: []string{"another@mail.ru"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tw, ctx := newTwins(t), t.Context()
			_, first := tw.merge()
			tw.clock.Advance(time.Minute)
			third := tw.addDespite(try.second)
			_, second, err := tw.MergeClients(ctx, tw.as(tw.owner), crm.MergeInput{Kept: tw.kept.ID, Gone: third.ID})
			mustAll(t, err)
			before := tw.look(tw.kept.ID)
			if _, err := tw.UndoMerge(ctx, tw.as(tw.owner), first.ID); !errors.Is(err, try.want) {
				t.Fatalf("the first: %v, want %v", err, try.want)
			}
			if try.want == nil {
				return
			}
			if now := tw.look(tw.kept.ID); now.Rev != before.Rev {
				t.Errorf("the card has changed: %+v", now)
			}
			last, err := tw.LastMerge(ctx, tw.as(tw.owner), tw.kept.ID)
			if err != nil || last.ID != second.ID {
				t.Fatalf("the last merge is %s, %v", last.ID, err)
			}
			for _, p := range []crm.Pair{second, first} {
				_, err := tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
				mustAll(t, err)
			}
			if c := tw.look(tw.kept.ID); len(c.Emails) != 0 || c.Company != "" || len(c.Merged) != 0 {
				t.Errorf("left are %v, %q, %v", c.Emails, c.Company, c.Merged)
			}
		})
	}
}

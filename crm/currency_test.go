package crm_test

import (
	"testing"

	"kartoteka/crm"
)

// A sum that is written without a currency is kept in the team's: that of its country, the one that it has set, or none. What was written
// before keeps its own, and so does a sum that says in what it is.
func TestSumsAreInTheTeamsCurrency(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	buys := func(text string) (crm.ClientID, string) {
		c := o.add(o.owner, crm.Profile{Name: "Ким " + text})
		c = o.touched(c.ID, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeBought, Text: text})
		if c.Bought.Sum == 0 {
			t.Fatalf("%q has no sum", text)
		}
		return c.ID, c.Bought.Currency
	}
	first, coin := buys("кофемашина 18 400")
	if coin != "RUB" {
		t.Errorf("in Russia it is in %q", coin)
	}
	for set, want := range map[string]string{"EUR": "EUR", crm.NoCurrency: ""} {
		if _, err := o.SetCurrency(ctx, o.as(o.owner), set); err != nil {
			t.Fatal(err)
		}
		if _, coin := buys("стаканы 2 300"); coin != want {
			t.Errorf("with %s it is in %q", set, coin)
		}
		if _, coin := buys("кофемолка 9 900 $"); coin != "USD" {
			t.Errorf("with %s dollars are %q", set, coin)
		}
	}
	if got := o.look(first).Bought.Currency; got != "RUB" {
		t.Errorf("what was bought before is in %q", got)
	}
	if _, err := o.SetCurrency(ctx, o.as(o.owner), "XXX"); fieldOf(err) != "currency" {
		t.Errorf("no such currency: %v", err)
	}
	for region, want := range map[string]string{"KZ": "KZT", "BY": "BYN", "DE": ""} {
		if got := (crm.Team{Region: region}).CountsIn(); got != want {
			t.Errorf("in %s they count in %q", region, got)
		}
	}
}

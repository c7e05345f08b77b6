package crm

import (
	"context"
	"slices"
)

// Currencies in which a team can count, by their codes of ISO 4217, in the order in which people are offered them.
var Currencies = []string{"RUB", "USD", "EUR", "KZT", "BYN", "UAH", "GBP"}

// NoCurrency is set by a team that counts in none: a sum written without a currency stays so.
const NoCurrency = "none"

// homeCurrency is in what is counted in a country.
var homeCurrency = map[string]string{"RU": "RUB", "KZ": "KZT", "BY": "BYN", "UA": "UAH"}

// CountsIn is the currency of what is written without one, as the team has set it, or else by its country; "" if there is none.
func (t Team) CountsIn() string {
	switch t.Currency {
	case "":
		return homeCurrency[t.Region]
	case NoCurrency:
		return ""
	}
	return t.Currency
}

// SetCurrency sets the currency of sums that are written without one from now on: it is kept with each, so that what was written before means
// what it meant then. ErrInvalid on "currency" unless it is one of Currencies, or NoCurrency.
func (d *Desk) SetCurrency(ctx context.Context, by Actor, code string) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) error {
		if code != NoCurrency && !slices.Contains(Currencies, code) {
			return invalid("currency")
		}
		t.Currency = code
		return nil
	})
}

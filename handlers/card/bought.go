package card

import (
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/fit"
	"kartoteka/locales"
)

// maxBought is how much of what was bought a line shows.
const maxBought = 60

// Bought is the line of a client's last purchase; none if there was none.
func Bought(t *locales.Texts, p crm.Purchase, now time.Time) []string {
	if p.IsZero() {
		return nil
	}
	ago, what := t.Ago(p.At, now), PurchaseOf(t, p)
	if what == "" {
		return []string{t.HTML("card.bought", "ago", ago)}
	}
	return []string{t.HTML("card.bought_what", "ago", ago, "what", what)}
}

// PurchaseOf is «кофемашина, 18 400 ₽»; "" if nothing of it was told.
func PurchaseOf(t *locales.Texts, p crm.Purchase) string {
	return strings.Trim(fit.Line(p.What, maxBought)+", "+Sum(t, p), ", ")
}

// Sum is what was paid; "" if that was not told.
func Sum(t *locales.Texts, p crm.Purchase) string {
	if p.Sum == 0 {
		return ""
	}
	return strings.TrimSpace(t.Money(p.Sum, p.Currency))
}

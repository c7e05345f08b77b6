package crm

import "time"

// Purchase is what a client bought, as far as it was told.
type Purchase struct {
	At       time.Time `json:"at,omitzero" bson:"at,omitempty"`
	What     string    `json:"what,omitempty" bson:"what,omitempty"`
	Sum      int64     `json:"sum,omitempty" bson:"sum,omitempty"`           // in hundredths; 0: not told
	Currency string    `json:"currency,omitempty" bson:"currency,omitempty"` // ISO 4217; "": not told
}

// IsZero reports whether there was none.
func (p Purchase) IsZero() bool { return p == Purchase{} }

// unpriced is the purchase for those who see no sums.
func (p Purchase) unpriced() Purchase {
	p.Sum, p.Currency, p.What = 0, "", withoutFigures(p.What)
	return p
}

// bought notes what was bought: as it is given, or as the touch's text tells.
func (t *Touch) bought(p *Purchase) {
	if p != nil {
		t.Purchase = *p
	} else {
		t.Purchase, t.Text = ReadPurchase(t.Text)
	}
	t.Purchase.At = t.At
}

package crm

import (
	"context"
	"maps"
	"slices"
)

// RequiredGaps are those that no card of a kind should have.
type RequiredGaps map[Kind][]Gap

// Requirable are the gaps that a team can require to be closed on each card of a kind, in the order in which they are asked for: its own
// fields behind those that all have.
func (t Team) Requirable(k Kind) []Gap {
	gaps := []Gap{GapPhone, GapEmail, GapSource, GapCity}
	if k != KindCorporate { // a company has no birthday, and is its own company
		gaps = append(gaps, GapCompany, GapBirthday)
	}
	for _, f := range t.Fields {
		if f.requirable() {
			gaps = append(gaps, OwnGap(f.ID))
		}
	}
	return gaps
}

// requirable fields are those that whoever saves a card can fill in.
func (f CustomField) requirable() bool { return !f.Removed && !f.Restricted }

// required are the gaps of a kind that are to be closed. A field may be gone, or restricted, since it was required.
func (t Team) required(k Kind) []Gap {
	can := t.Requirable(k)
	return slices.DeleteFunc(slices.Clone(t.Required[k]), func(g Gap) bool { return !slices.Contains(can, g) })
}

// Requires reports whether each card of a kind must have what closes a gap.
func (t Team) Requires(k Kind, g Gap) bool { return slices.Contains(t.required(k), g) }

// SetRequired says whether each card of a kind must have what closes a gap. What is there already is not looked through: cards without
// it are counted by index. ErrInvalid on "required" if that cannot be required.
func (d *Desk) SetRequired(ctx context.Context, by Actor, k Kind, g Gap, on bool) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) error {
		can := t.Requirable(k)
		if !slices.Contains(Kinds, k) || !slices.Contains(can, g) {
			return invalid("required")
		}
		next := maps.Clone(t.Required)
		if next == nil {
			next = RequiredGaps{}
		}
		var rest []Gap
		for _, one := range can {
			if one == g && on || one != g && t.Requires(k, one) {
				rest = append(rest, one)
			}
		}
		if next[k] = rest; len(rest) == 0 {
			delete(next, k)
		}
		t.Required = next
		return nil
	})
}

// requiredKeys are what the cards are found by that lack something required.
func (t Team) requiredKeys() []GapKey {
	var keys []GapKey
	for _, k := range Kinds {
		for _, g := range t.required(k) {
			keys = append(keys, gapKey(k, g))
		}
	}
	return keys
}

// missing is what a card lacks that is required of its kind, in the order in which it is asked for.
func (t Team) missing(c Client) []Gap {
	gaps := t.lacks(c)
	return slices.DeleteFunc(t.required(c.kind()), func(g Gap) bool { return !slices.Contains(gaps, g) })
}

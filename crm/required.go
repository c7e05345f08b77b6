package crm

import (
	"context"
	"maps"
	"slices"
)

// RequiredGaps are those that no card of a kind should have.
type RequiredGaps map[Kind][]Gap

// Requirable are the gaps that a team can require to be closed on each card of a kind, in the order in which they are asked for.
func Requirable(k Kind) []Gap {
	if k == KindCorporate { // a company has no birthday, and is its own company
		return []Gap{GapPhone, GapEmail, GapSource, GapCity}
	}
	return []Gap{GapPhone, GapEmail, GapSource, GapCity, GapCompany, GapBirthday}
}

// Requires reports whether each card of a kind must have what closes a gap.
func (t Team) Requires(k Kind, g Gap) bool { return slices.Contains(t.Required[k], g) }

// SetRequired says whether each card of a kind must have what closes a gap. What is there already is not looked through: cards without
// it are found by index, as are all gaps. ErrInvalid on "required" if that cannot be required.
func (d *Desk) SetRequired(ctx context.Context, by Actor, k Kind, g Gap, on bool) (Team, error) {
	if !slices.Contains(Kinds, k) || !slices.Contains(Requirable(k), g) {
		return Team{}, invalid("required")
	}
	return d.editTeam(ctx, by, func(t *Team) error {
		next := maps.Clone(t.Required)
		if next == nil {
			next = RequiredGaps{}
		}
		var rest []Gap
		for _, one := range Requirable(k) {
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
		for _, g := range t.Required[k] {
			keys = append(keys, gapKey(k, g))
		}
	}
	return keys
}

// missing is what a card lacks that is required of its kind, in the order in which it is asked for.
func (t Team) missing(c Client) []Gap {
	gaps := gapsOf(c.Profile)
	return slices.DeleteFunc(slices.Clone(t.Required[c.kind()]), func(g Gap) bool { return !slices.Contains(gaps, g) })
}

package crm

import (
	"cmp"
	"slices"
	"strings"
)

// Gap is something that a card lacks, or that is wrong with it.
type Gap string

const (
	GapPhone    Gap = "phone"
	GapEmail    Gap = "email"
	GapSource   Gap = "source"
	GapCity     Gap = "city"
	GapBirthday Gap = "birthday"    // of a person
	GapCompany  Gap = "company"     // of a person; a company is one itself
	GapWrong    Gap = "wrong_phone" // there is one that nobody can call
)

// Wanted are the gaps that count towards how complete a base is.
var Wanted = []Gap{GapPhone, GapEmail, GapSource, GapCity, GapBirthday}

// Gaps are those that have a figure, in the order in which they are shown and mended.
var Gaps = []Gap{GapPhone, GapWrong, GapEmail, GapSource, GapCity, GapBirthday}

// gapFields is the field that closes a gap.
var gapFields = map[Gap]Field{GapPhone: FieldPhones, GapWrong: FieldPhones, GapEmail: FieldEmails, GapSource: FieldSource, GapCity: FieldCity,
	GapBirthday: FieldBirthday, GapCompany: FieldCompany}

// OwnGap is that one of the team's own fields is empty.
func OwnGap(id FieldID) Gap { return Gap(CustomKey(id)) }

// Field is the one in which a gap is closed; "" if there is no such gap.
func (g Gap) Field() Field {
	if f := Field(g); f.Custom() != "" {
		return f
	}
	return gapFields[g]
}

// gapsOf is what a card lacks.
func gapsOf(p Profile) []Gap {
	var gaps []Gap
	add := func(lacks bool, g Gap) {
		if lacks {
			gaps = append(gaps, g)
		}
	}
	add(len(p.Phones) == 0, GapPhone)
	add(slices.ContainsFunc(p.Phones, func(phone Phone) bool { return !phone.callable() }), GapWrong)
	add(len(p.Emails) == 0, GapEmail)
	add(p.Source == "", GapSource)
	add(p.City == "", GapCity)
	add(p.Birthday.IsZero() && !isFirm(p), GapBirthday)
	add(p.Company == "" && !isFirm(p), GapCompany)
	return gaps
}

// lacks is what a card of the team lacks, its own fields among it.
func (t Team) lacks(c Client) []Gap {
	gaps := gapsOf(c.Profile)
	for _, f := range t.Fields {
		if f.requirable() && c.unfilled(f.ID) {
			gaps = append(gaps, OwnGap(f.ID))
		}
	}
	return gaps
}

func (c Client) unfilled(id FieldID) bool { return c.Custom[id] == "" && c.Sealed[id] == "" }

// GapKey is a gap of a card of one kind, "person.phone": what a team requires differs by kind, and both are looked for in one index.
type GapKey string

// Own is the team's own field that a key is about, and on which kind of cards. Such keys are on no card: fields come and go, and then all
// cards would have to be written anew. What lacks an own field is seen from its values.
func (g GapKey) Own() (k Kind, id FieldID, ok bool) {
	kind, gap, _ := strings.Cut(string(g), ".")
	id = Field(gap).Custom()
	return Kind(kind), id, id != ""
}

// SplitGaps parts keys that cards have from those that none has, see GapKey.Own.
func SplitGaps(keys []GapKey) (carried, own []GapKey) {
	for _, g := range keys {
		if _, _, is := g.Own(); is {
			own = append(own, g)
		} else {
			carried = append(carried, g)
		}
	}
	return carried, own
}

// FilledKeys are those of the own fields in which a card outside the archive has a value, see GapKey.Own, and of what is no person the key of
// its kind alone, KindKey. By them the engines count who lacks an own field: however many cards lack it, none is read, and none has to be
// written anew when fields come and go.
func (c Client) FilledKeys() []GapKey {
	if c.Stage == StageArchive {
		return nil
	}
	var keys []GapKey
	if k := c.kind(); k != KindPerson {
		keys = append(keys, KindKey(k))
	}
	for _, values := range []map[FieldID]string{c.Custom, c.Sealed} {
		for id, value := range values {
			if key := gapKey(c.kind(), OwnGap(id)); value != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// KindKey is among FilledKeys of all cards of a kind other than KindPerson.
func KindKey(k Kind) GapKey { return gapKey(k, "") }

// KindLacks is what cards of one kind may lack.
type KindLacks struct {
	Kind         Kind
	Carried, Own []GapKey // see SplitGaps
}

// LacksByKind parts keys by the kind that they are about: each card has one.
func LacksByKind(keys []GapKey) []KindLacks {
	var all []KindLacks
	for _, k := range Kinds {
		of := slices.DeleteFunc(slices.Clone(keys), func(g GapKey) bool { return !strings.HasPrefix(string(g), string(k)+".") })
		if len(of) > 0 {
			carried, own := SplitGaps(of)
			all = append(all, KindLacks{k, carried, own})
		}
	}
	return all
}

// OnlyLacks reports whether a query narrows down by nothing but owners and gaps.
func (q ClientQuery) OnlyLacks() bool {
	return q.Bin != BinInside && len(q.Stages)+len(q.Statuses)+len(q.Tags)+len(q.Dates)+len(q.Neglected) == 0 && q.TouchedBefore.IsZero() &&
		q.NextFrom.IsZero() && q.NextBefore.IsZero() && q.CreatedFrom.IsZero() && q.CreatedBefore.IsZero()
}

// hasGap reports whether a card lacks what a key says.
func (c Client) hasGap(g GapKey) bool {
	if k, id, own := g.Own(); own {
		return c.kind() == k && c.Stage != StageArchive && c.unfilled(id)
	}
	return slices.Contains(c.Gaps, g)
}

func gapKey(k Kind, g Gap) GapKey { return GapKey(k) + "." + GapKey(g) }

// kind of a client is a person unless it is said.
func (p Profile) kind() Kind { return cmp.Or(p.Kind, KindPerson) }

// gapKeys are what a card is found by that lacks something. Nobody mends a card in the archive.
func gapKeys(c Client) []GapKey {
	if c.Stage == StageArchive {
		return nil
	}
	var keys []GapKey
	for _, g := range gapsOf(c.Profile) {
		keys = append(keys, gapKey(c.kind(), g))
	}
	return keys
}

// ofAnyKind are the keys of cards that lack any of these, whatever they are.
func ofAnyKind(gaps ...Gap) []GapKey {
	var keys []GapKey
	for _, k := range Kinds {
		for _, g := range gaps {
			keys = append(keys, gapKey(k, g))
		}
	}
	return keys
}

// Lengths of international numbers, in digits (ITU-T E.164); of +7 all have eleven.
const (
	leastDigits = 8
	mostDigits  = 15
	sevenDigits = 11
)

// callable reports whether a number has the length of one.
func (p Phone) callable() bool {
	digits, ok := strings.CutPrefix(p.E164, "+")
	switch n := len(digits); {
	case !ok:
		return false
	case digits[:min(n, 1)] == "7":
		return n == sevenDigits
	default:
		return n >= leastDigits && n <= mostDigits
	}
}

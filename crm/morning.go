package crm

import (
	"cmp"
	"slices"
)

// OccasionsShown is how many occasions a digest shows with a button of their own.
const OccasionsShown = 2

// In the morning the digest comes first, and what it shows with a button of what is due by that very minute does not come beside
// it, as a message of its own: it is sent with the digest, as one. A birthday on its day and a task have their own card all the
// same: one acts on them there and then. All comes by itself if the digest is not wanted, is for a group, or is refused.

// inMorning has reminders in the order in which they are sent, of one minute the digest first, then other lists, each with those that need no message of their own.
func inMorning(ready []delivery) [][]delivery {
	few := countLate(ready) <= missedAlone
	slices.SortStableFunc(ready, func(a, b delivery) int {
		return cmp.Or(a.r.Due.Compare(b.r.Due), last(b.r.Kind == RemindDigest, a.r.Kind == RemindDigest), last(b.r.Kind.isList(), a.r.Kind.isList()))
	})
	var out [][]delivery
	var told []delivery
	digest := slices.IndexFunc(ready, func(one delivery) bool { return one.r.Kind == RemindDigest })
	room := OccasionsShown
	for i, one := range ready {
		if digest >= 0 && i != digest && ready[digest].tells(one, few) && (one.n.Occasion.Kind == "" || room > 0) {
			if one.n.Occasion.Kind != "" {
				room--
			}
			told = append(told, one)
		} else {
			out = append(out, []delivery{one})
		}
	}
	for i := range out {
		if out[i][0].r.Kind == RemindDigest {
			out[i] = append(out[i], told...)
			break
		}
	}
	return out
}

// tells reports whether a digest tells all that another reminder of the same minute would, or of an earlier one if few are late:
// many are a list that names them all.
func (d delivery) tells(one delivery, few bool) bool {
	m, a := d.n.To, d.n.Agenda
	if d.r.Trouble == TroubleRefused || !one.r.Due.Equal(d.r.Due) && !(few && one.r.Due.Before(d.r.Due)) || one.n.Client.Owner != m.ID ||
		m.Reminding.placeOf(d.n) != "" || m.Reminding.placeOf(one.n) != "" {
		return false
	}
	switch one.r.Kind {
	case RemindContact, RemindOffer:
		return slices.ContainsFunc(a.Items, func(i Item) bool { return i.Kind == one.r.Kind && i.Client.ID == one.n.Client.ID })
	case RemindBirthday, RemindAnniversary, RemindDate:
		return (one.r.Kind != RemindBirthday || one.n.Day != a.Day) && slices.ContainsFunc(a.Occasions, one.n.Occasion.same)
	}
	return false
}

// same reports whether both are the same day of the same client.
func (o Occasion) same(as Occasion) bool {
	return o.Kind == as.Kind && o.Client.ID == as.Client.ID && o.Day == as.Day && (o.Kind != RemindDate || o.Date.Key() == as.Date.Key())
}

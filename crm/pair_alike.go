package crm

import "slices"

// alike is how likely it is that two cards are one client's, up to Certain, and what speaks for it; 0: nothing does.
func alike(a, b Client) (score int, why []Likeness) {
	held := Keys(b.Profile)
	for _, k := range Keys(a.Profile) {
		if !slices.Contains(held, k) {
			continue
		}
		l := LikeTelegram
		switch k[:1] {
		case "p":
			l = LikePhone
		case "e":
			l = LikeEmail
		}
		if !slices.Contains(why, l) {
			why = append(why, l)
		}
		score = Certain
	}
	return score, why
}

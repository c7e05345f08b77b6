package crm

import (
	"slices"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// What speaks for two cards being one client's, in hundredths. What does not reach leastScore is nothing to ask anybody about: two
// people of one name are two people, until they work at one place or live in one town.
const (
	leastScore    = 70
	scoreSame     = 60 // the same name
	scoreNear     = 50 // a name that is like it: a typo, an initial
	scoreTurned   = 70 // first and last name swapped, or the other alphabet: somebody has written it down twice
	scoreFirm     = 70 // the same company
	scoreCompany  = 30
	scoreCity     = 20
	scoreBirthday = 35
	mostLikely    = Certain - 1
)

// alike is how likely it is that two cards are one client's, up to Certain, and what speaks for it; 0: too little does.
func alike(a, b Client) (score int, why []Likeness) {
	why = sharing(a.Profile, b.Profile)
	certain := len(why) > 0
	of, like := likeNames(a.Profile, b.Profile)
	why = append(why, like...)
	add := func(l Likeness, x, y string, n int) {
		if x = spell.Fold(x); x != "" && x == spell.Fold(y) || sameSound(x, spell.Fold(y)) {
			why, of = append(why, l), of+n
		}
	}
	if !isFirm(a.Profile) && !isFirm(b.Profile) {
		add(LikeCompany, bareCompany(a.Company), bareCompany(b.Company), scoreCompany)
	}
	add(LikeCity, a.City, b.City, scoreCity)
	if !a.Birthday.IsZero() && a.Birthday == b.Birthday {
		why, of = append(why, LikeBirthday), of+scoreBirthday
	}
	switch {
	case certain:
		return Certain, why
	case len(like) == 0 || bornApart(a.Birthday, b.Birthday) || of < leastScore:
		return 0, nil
	}
	return min(of, mostLikely), why
}

// sharing is what of that which only one client has both profiles hold.
func sharing(a, b Profile) []Likeness {
	var why []Likeness
	held := Keys(b)
	for _, k := range Keys(a) {
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
	}
	return why
}

// bornApart reports whether two birthdays are not one person's.
func bornApart(a, b civil.Date) bool {
	if a.IsZero() || b.IsZero() {
		return false
	}
	return a.Month != b.Month || a.Day != b.Day || a.Year != b.Year && a.Year != 0 && b.Year != 0
}

// likeNames judges two names; none: they are different.
func likeNames(a, b Profile) (score int, why []Likeness) {
	if isFirm(a) != isFirm(b) {
		return 0, nil
	}
	if isFirm(a) {
		if bareCompany(a.Name) == bareCompany(b.Name) || slices.Equal(sounding(spell.Words(bareCompany(a.Name))), sounding(spell.Words(bareCompany(b.Name)))) {
			return scoreFirm, []Likeness{LikeName}
		}
		return 0, nil
	}
	x, y := calledBy(a), calledBy(b)
	if len(x) < 2 || len(y) < 2 || apart(patronymics(a), patronymics(b)) {
		return 0, nil
	}
	sortedX, sortedY := slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y))
	switch {
	case slices.Equal(x, y):
		return scoreSame, []Likeness{LikeName}
	case slices.Equal(sortedX, sortedY):
		return scoreTurned, []Likeness{LikeSwapped}
	case spell.HasCyrillic(a.Name) != spell.HasCyrillic(b.Name) && nearNames(x, y) == len(x) && len(x) == len(y):
		return scoreTurned, []Likeness{LikeAlphabet}
	case nearNames(x, y) > 0:
		return scoreNear, []Likeness{LikeName}
	}
	return 0, nil
}

func patronymics(p Profile) []string {
	return slices.DeleteFunc(slices.Clone(nameWords(spell.Fold(p.Name), false)), func(w string) bool { return !isPatronymic(w) })
}

// nearNames is how many words of the shorter name are, but for a typo, an alphabet or an ending, in the longer one; 0 if one of
// them is not even there as an initial.
func nearNames(x, y []string) int {
	if len(x) > len(y) {
		x, y = y, x
	}
	left, whole := slices.Clone(y), 0
	for _, w := range x {
		at := slices.IndexFunc(left, func(l string) bool { return nearWords(w, l) })
		if at >= 0 {
			whole++
		} else if at = slices.IndexFunc(left, func(l string) bool { return initial(w, l) }); at < 0 {
			return 0
		}
		left = slices.Delete(left, at, at+1)
	}
	return whole
}

func nearWords(a, b string) bool {
	return a == b || sameSound(a, b) || min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) >= spell.MinVariant && spell.Distance(a, b) == 1
}

// sameSound reports whether two folded words or names sound alike, in whatever alphabet.
func sameSound(a, b string) bool {
	x, y := spell.Words(a), spell.Words(b)
	if len(x) != len(y) || len(x) == 0 {
		return false
	}
	for i := range x {
		keys := spell.Sounds(y[i])
		if !slices.ContainsFunc(spell.Sounds(x[i]), func(k string) bool { return slices.Contains(keys, k) }) {
			return false
		}
	}
	return true
}

// bareCompany is a company's name as it is compared: folded, without the legal form.
func bareCompany(name string) string {
	folded := spell.Fold(name)
	if folded == "" {
		return ""
	}
	words := nameWords(folded, true)
	out := words[0]
	for _, w := range words[1:] {
		out += " " + w
	}
	return out
}

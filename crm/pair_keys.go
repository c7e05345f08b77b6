package crm

import (
	"encoding/base64"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// What may be one client's without sharing a phone or an e-mail is found by keys too, three a card at the most. Cards that share
// such a key are compared; the key itself says nothing for sure. It is made of how words sound, so that alphabets, endings and double
// letters make no difference, and of words in the order of the alphabet, so that their order makes none.

// markTwin begins such a key, behind all that only one client has.
const markTwin = "~"

const (
	twinName    = "n" // the words of the name
	twinCompany = "c" // the company, and the first letters of the name: Петров Сергей is Сергей П. there
	twinCity    = "t" // the city, and the consonants of the name
	twinFirm    = "f" // of a company: its words without the legal form
	twinBoard   = "x" // the number behind which an extension is
)

// allKeys are what must not be on two cards, and what makes two cards worth comparing.
func allKeys(p Profile) []string { return append(heldKeys(p), twinKeys(p)...) }

func twinKeys(p Profile) []string {
	if isFirm(p) {
		return twinKey(nil, twinFirm, sounding(nameWords(spell.Fold(p.Name), true)))
	}
	words := calledBy(p)
	whole := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return utf8.RuneCountInString(w) < spell.MinSound })
	sounds := sounding(whole)
	var keys []string
	if len(sounds) > 1 {
		keys = twinKey(keys, twinName, sounds)
	}
	if company := sounding(nameWords(spell.Fold(p.Company), true)); len(company) > 0 && len(words) > 1 {
		keys = twinKey(keys, twinCompany, append(company, firstLetters(words)...))
	}
	if city := sounding(spell.Words(spell.Fold(p.City))); len(city) > 0 && len(sounds) > 1 {
		keys = twinKey(keys, twinCity, append(city, consonants(sounds)...))
	}
	return keys
}

// isFirm reports whether a card is a company's and not a person's.
func isFirm(p Profile) bool {
	return p.Kind == KindCorporate || p.Company != "" && spell.Fold(p.Company) == spell.Fold(p.Name)
}

// calledBy are the folded words of a person's name without the patronymic, which is often left out.
func calledBy(p Profile) []string {
	return slices.DeleteFunc(slices.Clone(nameWords(spell.Fold(p.Name), false)), isPatronymic)
}

// sounding is how words sound, in the order of the alphabet.
func sounding(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, spell.Sound(w))
	}
	slices.Sort(out)
	return out
}

func firstLetters(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, spell.FirstSound(w))
	}
	slices.Sort(out)
	return out
}

// maxConsonants is how many of a word's consonants tell it from others.
const maxConsonants = 4

func consonants(sounds []string) []string {
	out := make([]string, 0, len(sounds))
	for _, s := range sounds {
		out = append(out, clip(spell.HardSounds(s), maxConsonants))
	}
	slices.Sort(out)
	return out
}

// twinKey adds the key of some words.
func twinKey(keys []string, kind string, words []string) []string {
	if len(words) == 0 {
		return keys
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(words, " "))) // a hash never fails
	return append(keys, markTwin+kind+base64.RawURLEncoding.EncodeToString(h.Sum(nil)))
}

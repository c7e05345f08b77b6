package crm

import (
	"strings"
	"unicode/utf8"
)

// caseEndings: the ending of a name in some case → what the name may end in by itself. A name of a consonant has "". They
// are generous: a form that is no name finds none.
var caseEndings = map[string][]string{
	"а": {"", "о"}, "я": {"ь", "й"}, "ия": {"ие"},
	"у": {"", "а", "о"}, "ю": {"ь", "й", "я"}, "ию": {"ие"}, "ью": {"ь"}, "ую": {"ая"}, "юю": {"яя"},
	"е": {"", "а", "я", "ь", "й", "о"}, "ии": {"ие"}, "и": {"а", "я", "ь", "й"}, "ы": {"а", ""},
	"ом": {"", "о", "ой", "ый", "ий"}, "ем": {"", "ь", "й", "ий"}, "ием": {"ие"}, "ым": {"", "ой", "ый", "ые"}, "им": {"ий", "ие", "ой"},
	"ой": {"а", "ая"}, "ою": {"а", "ая"}, "ей": {"а", "я", "яя"}, "ею": {"а", "я"},
	"ого": {"ой", "ый", "ий"}, "ому": {"ой", "ый", "ий"}, "его": {"ий"}, "ему": {"ий"},
	"ых": {"", "ый", "ые"}, "их": {"ий", "ие"}, "ыми": {"", "ые"}, "ими": {"ие"},
	"ам": {"а", "ы", "и", "о"}, "ами": {"а", "ы", "и", "о"}, "ах": {"а", "ы", "и", "о"}, "ям": {"я", "и"}, "ями": {"я", "и"}, "ях": {"я", "и"},
}

// herSurnames are how surnames of women end, by themselves and where a man's may be meant.
var herSurnames = [][2]string{{"ова", "ову"}, {"ева", "еву"}, {"ина", "ину"}, {"ына", "ыну"}}

const (
	maxCaseEnding = 3 // runes
	minCaseStem   = 2
)

// nominatives are a folded word and the words that it may be a case of: «золотуховой» → «золотухова», «павлом» → «павел».
func nominatives(w string) []string {
	out := []string{w}
	runes := []rune(w)
	for n := 1; n <= maxCaseEnding && len(runes)-n >= minCaseStem; n++ {
		stem := string(runes[:len(runes)-n])
		for _, end := range caseEndings[string(runes[len(runes)-n:])] {
			out = append(out, stem+end)
			if end == "" || end == "ь" {
				out = append(out, fleeting(stem, end)...)
			}
		}
	}
	return out
}

// fleeting puts back the vowel that goes when an ending comes: «павл» → «павел», «льв» → «лев», «корн» → «корень».
func fleeting(stem, end string) []string {
	last, size := utf8.DecodeLastRuneInString(stem)
	head := stem[:len(stem)-size]
	before, beforeSize := utf8.DecodeLastRuneInString(head)
	switch {
	case strings.ContainsRune(vowels, last) || head == "" || strings.ContainsRune(vowels, before):
		return nil
	case before == 'ь' || before == 'й':
		return []string{head[:len(head)-beforeSize] + "е" + string(last) + end}
	}
	return []string{head + "е" + string(last) + end, head + "о" + string(last) + end}
}

const vowels = "аеиоуыэюя"

// sentenceEnds stand before a word that has a capital letter whatever it is; quotes stand around names.
const (
	sentenceEnds = ".!?…:;\n"
	quotes       = "«\"“„"
)

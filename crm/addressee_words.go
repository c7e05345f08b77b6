package crm

import (
	"regexp"
	"strings"
)

const addresseeName = `(\pL[\pL'’-]*(?:[ \t]+\pL[\pL'’-]*)?|@[A-Za-z][A-Za-z0-9_]{4,31})`

// addresseeForms are how the beginning of a task says whom it is for: the name and what is to be done are their groups.
var addresseeForms = []struct {
	form *regexp.Regexp
	sign addresseeSign
}{
	{regexp.MustCompile(`(?is)^(?:assign(?:ed)?|поручи(?:ть|те)?|задача|дело|задание|task)[ \t]+(?:(?:to|for|для)[ \t]+)?` + addresseeName + `[ \t]*[:,–—-][ \t]*(.+)$`), saysGiven},
	{regexp.MustCompile(`(?is)^(?:assign(?:ed)?[ \t]+to|поручи(?:ть|те)?)[ \t]+` + addresseeName + `[ \t]+(.+)$`), saysGiven},
	{regexp.MustCompile(`(?is)^(?:надо|нужно|необходимо|хочу|прошу)(?:[ \t]*,[ \t]*|[ \t]+)чтобы?[ \t]+` + addresseeName + `[ \t]+(.+)$`), saysWish},
	{regexp.MustCompile(`(?is)^(?:(?:для|for|to)[ \t]+)?` + addresseeName + `[ \t]*:[ \t]*(.+)$`), saysColon},
	{regexp.MustCompile(`(?is)^(?:для[ \t]+|for[ \t]+)?(@[A-Za-z][A-Za-z0-9_]{4,31})[ \t,–—-]+(.+)$`), saysColon},
	{regexp.MustCompile(`(?is)^(?:для|for)[ \t]+` + addresseeName + `[ \t,–—-]+(.+)$`), saysPerhaps},
	{regexp.MustCompile(`(?is)^` + addresseeName + `[ \t,–—-]+(.+)$`), saysVerb},
}

// addresseeEnd is a name at the end: «… для Ивана», "… for Ivan", "… @ivan".
var addresseeEnd = regexp.MustCompile(`(?is)^(.+?)[ \t,–—-]+(?:(?:для|for)[ \t]+` + addresseeName + `|(@[A-Za-z][A-Za-z0-9_]{4,31}))[ \t.]*$`)

// wished is what somebody is wished to have done, «позвонил в банк», as what there is to do, «позвонить в банк»; ok is false where the
// verb does not say how it is called.
func wished(text string) (todo string, ok bool) {
	verb, rest, _ := strings.Cut(text, " ")
	stem, ok := strings.CutSuffix(strings.TrimSuffix(verb, "а"), "л")
	for _, no := range []string{"па", "кра", "кла"} { // упасть, украсть, класть
		ok = ok && !strings.HasSuffix(stem, no)
	}
	if !ok || !hasEnding(stem, "и", "а", "я", "у", "ы") {
		return "", false
	}
	return strings.TrimSpace(stem + "ть " + rest), true
}

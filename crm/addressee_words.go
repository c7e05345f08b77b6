package crm

import "regexp"

const addresseeName = `(\pL[\pL'’-]*(?:[ \t]+\pL[\pL'’-]*)?|@[A-Za-z][A-Za-z0-9_]{4,31})`

// addresseeForms are how the beginning of a task says whom it is for: the name and what is to be done are their groups.
var addresseeForms = []struct {
	form *regexp.Regexp
	sign addresseeSign
}{
	{regexp.MustCompile(`(?is)^(?:assign(?:ed)?|поручи(?:ть|те)?|задача|дело|задание|task)[ \t]+(?:(?:to|for|для)[ \t]+)?` + addresseeName + `[ \t]*[:,–—-][ \t]*(.+)$`), saysGiven},
	{regexp.MustCompile(`(?is)^(?:assign(?:ed)?[ \t]+to|поручи(?:ть|те)?)[ \t]+` + addresseeName + `[ \t]+(.+)$`), saysGiven},
	{regexp.MustCompile(`(?is)^(?:(?:для|for|to)[ \t]+)?` + addresseeName + `[ \t]*:[ \t]*(.+)$`), saysColon},
	{regexp.MustCompile(`(?is)^(?:для[ \t]+|for[ \t]+)?(@[A-Za-z][A-Za-z0-9_]{4,31})[ \t,–—-]+(.+)$`), saysColon},
	{regexp.MustCompile(`(?is)^(?:для|for)[ \t]+` + addresseeName + `[ \t,–—-]+(.+)$`), saysPerhaps},
	{regexp.MustCompile(`(?is)^` + addresseeName + `[ \t,–—-]+(.+)$`), saysVerb},
}

// addresseeEnd is a name at the end: «… для Ивана», "… for Ivan", "… @ivan".
var addresseeEnd = regexp.MustCompile(`(?is)^(.+?)[ \t,–—-]+(?:(?:для|for)[ \t]+` + addresseeName + `|(@[A-Za-z][A-Za-z0-9_]{4,31}))[ \t.]*$`)

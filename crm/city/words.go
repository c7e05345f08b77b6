package city

import (
	"kartoteka/crm/spell"
)

// citySigns stand before the name of a city.
var citySigns = spell.Set("г гор город city")

// cityShort are the names that people use for a city beside its own.
var cityShort = map[string][]string{
	"Moscow":             {"мск", "msk"},
	"Saint Petersburg":   {"питер", "петербург", "спб", "spb", "st petersburg", "piter", "ленинград"},
	"Yekaterinburg":      {"екб", "ебург", "ekaterinburg"},
	"Novosibirsk":        {"нск", "новосиб"},
	"Nizhny Novgorod":    {"нижний", "нн", "nizhniy novgorod"},
	"Naberezhnye Chelny": {"челны"},
	"Rostov-on-Don":      {"рнд", "rostov na donu"},
	"Almaty":             {"алма ата"},
	"Kyiv":               {"kiev", "київ"},
	"New York":           {"нью йорк", "new york", "nyc"},
	"Bengaluru":          {"бангалор", "bangalore"},
}

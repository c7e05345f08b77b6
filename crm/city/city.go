// Package city finds the time zone of a place: by the name of a city as people type it, or by where a phone is. It asks nobody.
package city

import (
	"cmp"
	_ "embed" // the table
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// City is a place by which people name their time zone.
type City struct {
	Name    string   // in English; unique in its zone
	Russian string   // "": as in English
	Zone    string   // IANA
	people  int      // thousands; 0: few, or not known
	at      *point   // nil: not known
	called  []string // what people write for it, folded
}

// point is a place on the earth, in degrees.
type point struct{ lat, lon float64 }

// In is what the city is called in a language.
func (c City) In(lang string) string {
	if lang == "ru" && c.Russian != "" {
		return c.Russian
	}
	return c.Name
}

//go:embed cities.txt
var cityTable string

// cities are all that we know, by zone, the most populous first. The strings are parts of the table: they cost no copy.
var cities = sync.OnceValue(func() []City {
	var all []City
	zone := ""
	for line := range strings.Lines(cityTable) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "@"); ok {
			zone = name
			continue
		}
		f := strings.Split(line, "|")
		if len(f) != 5 || strings.HasPrefix(line, "#") {
			continue // a remark
		}
		c := City{Name: f[0], Russian: f[1], Zone: zone}
		for _, name := range append([]string{c.Name, c.Russian}, cityShort[c.Name]...) {
			if name != "" {
				c.called = append(c.called, spell.Fold(name))
			}
		}
		c.people, _ = strconv.Atoi(f[2])
		lat, err := strconv.ParseFloat(f[3], 64)
		lon, err2 := strconv.ParseFloat(f[4], 64)
		if err == nil && err2 == nil {
			c.at = &point{lat, lon}
		}
		all = append(all, c)
	}
	return all
})

// Of is the city of a zone whose English name begins so; without one the zone's main city. A zone that no city is known
// of is called by the last part of its own name.
func Of(zone, name string) City {
	last := strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
	best := City{Name: last, Zone: zone}
	first := true
	for _, c := range cities() {
		switch {
		case c.Zone != zone:
		case name != "" && strings.HasPrefix(c.Name, name):
			return c
		case first || c.Name == last:
			best, first = c, false
		}
	}
	return best
}

// maxCities is how many cities are offered for one name.
const maxCities = 6

// Find are the cities that people may mean: by the name in Russian or English, a short form, in the wrong layout,
// with typos; or by the zone's IANA name. The likeliest first; none if nothing is like it. It is sure if there is one only, and
// no more than a slip of the pen between: «Атлантида» is near to «Атланта», and hardly meant for it.
func Find(text string) (found []City, sure bool) {
	// Of the names without a stroke only UTC: Singapore and Cuba are old zones, too.
	if zone := strings.TrimSpace(text); IsZone(zone) && (strings.Contains(zone, "/") || zone == "UTC") {
		return []City{Of(zone, "")}, true
	}
	typed := cityTyped(text)
	if typed == "" {
		return nil, false
	}
	tries := []string{typed}
	if other := spell.Fold(spell.OtherLayout(strings.ToLower(strings.TrimSpace(text)))); other != "" {
		tries = append(tries, other)
	}
	best := farAway
	for _, c := range cities() {
		near := farAway
		for _, try := range tries {
			near = min(near, cityNear(try, c))
		}
		if near < best {
			best, found = near, nil
		}
		if near == best && near < farAway {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b City) int { return cmp.Compare(b.people, a.people) })
	found = undoubted(found)
	slip := best == oneTypo && utf8.RuneCountInString(typed) >= surelyTyped
	return found, len(found) == 1 && (best < oneTypo || slip)
}

// surelyTyped is the length of a name, in runes, from which one with a typo is no other name.
const surelyTyped = 5

// undoubted is the first alone if it is by far the largest, or if all are in one zone; else as many as can be offered.
func undoubted(found []City) []City {
	const by = 10 // times as many people
	if len(found) < 2 {
		return found
	}
	one := !slices.ContainsFunc(found, func(c City) bool { return c.Zone != found[0].Zone })
	if one || found[0].people > by*found[1].people {
		return found[:1]
	}
	return found[:min(len(found), maxCities)]
}

// cityTyped is the name in what was typed: "г. Казань, Россия" is "казань".
func cityTyped(text string) string {
	name, _, _ := strings.Cut(text, ",")
	words := spell.Words(spell.Fold(name))
	if len(words) > 1 && citySigns[words[0]] {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// How near a typed name may be to a city's.
const (
	wholeName = iota
	firstPart // «Ростов» for «Ростов-на-Дону»
	beginning // «Екат» for «Екатеринбург»
	oneTypo
	twoTypos
	farAway
)

func cityNear(typed string, c City) int {
	near := farAway
	for _, name := range c.called {
		near = min(near, nameNear(typed, name))
	}
	return near
}

func nameNear(typed, name string) int {
	n := utf8.RuneCountInString(typed)
	switch rest, begins := strings.CutPrefix(name, typed); {
	case begins && rest == "":
		return wholeName
	case begins && rest[0] == ' ':
		return firstPart
	case begins && n >= 3:
		return beginning
	}
	if d := len(name) - len(typed); d > 4 || d < -4 {
		return farAway // more than two letters, of two bytes each
	}
	switch edits := spell.Distance(typed, name); {
	case edits == 1 && n >= 4:
		return oneTypo
	case edits == 2 && n >= 7:
		return twoTypos
	}
	return farAway
}

// At is the city nearest to a place among those of its zone; ok is false if the place is nowhere, or at sea.
func At(lat, lon float64) (c City, ok bool) {
	zone := zoneAt(lat, lon)
	if !IsZone(zone) || strings.HasPrefix(zone, "Etc/") {
		return City{}, false
	}
	best := Of(zone, "")
	nearest := math.Inf(1)
	for _, c := range cities() {
		if c.Zone != zone || c.at == nil {
			continue
		}
		if d := c.at.apart(point{lat, lon}); d < nearest {
			best, nearest = c, d
		}
	}
	return best, true
}

// apart orders distances: the square of the chord between two places.
func (p point) apart(q point) float64 {
	const rad = math.Pi / 180
	x := math.Cos(p.lat*rad)*math.Cos(p.lon*rad) - math.Cos(q.lat*rad)*math.Cos(q.lon*rad)
	y := math.Cos(p.lat*rad)*math.Sin(p.lon*rad) - math.Cos(q.lat*rad)*math.Sin(q.lon*rad)
	z := math.Sin(p.lat*rad) - math.Sin(q.lat*rad)
	return x*x + y*y + z*z
}

// IsZone reports whether a name is an IANA zone that this system knows.
func IsZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}

package civil

import (
	"iter"
	"maps"
	"strings"
	"time"
)

// Month names as people write them, for reading, not for showing.

// MonthPattern matches the beginning of any month's name, Russian or English; monthOf knows the endings.
const MonthPattern = `(?:янв|фев|мар|апр|ма[йяею]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[а-яёa-z]*`

var monthStems = []struct {
	stem    string
	endings string
	month   time.Month
}{
	{"янв", "|аря|арь|аре|арю|арем|арём", time.January},
	{"фев", "|р|раля|раль|рале|ралю|ралем|ралём", time.February},
	{"мар", "|т|та|те|ту|том", time.March},
	{"апр", "|еля|ель|еле|елю|елем", time.April},
	{"ма", "й|я|е|ю|ем", time.May},
	{"июн", "|я|ь|е|ю|ем", time.June},
	{"июл", "|я|ь|е|ю|ем", time.July},
	{"авг", "|уста|уст|усте|усту|устом", time.August},
	{"сен", "|т|тября|тябрь|тябре|тябрю|тябрем|тябрём", time.September},
	{"окт", "|ября|ябрь|ябре|ябрю|ябрем|ябрём", time.October},
	{"ноя", "|б|бря|брь|бре|брю|брем|брём", time.November},
	{"дек", "|абря|абрь|абре|абрю|абрем|абрём", time.December},
	{"jan", "|uary", time.January},
	{"feb", "|ruary", time.February},
	{"mar", "|ch", time.March},
	{"apr", "|il", time.April},
	{"may", "", time.May},
	{"jun", "|e", time.June},
	{"jul", "|y", time.July},
	{"aug", "|ust", time.August},
	{"sep", "|t|tember", time.September},
	{"oct", "|ober", time.October},
	{"nov", "|ember", time.November},
	{"dec", "|ember", time.December},
}

var monthByName = func() map[string]time.Month {
	names := map[string]time.Month{}
	for _, m := range monthStems {
		for _, ending := range strings.Split(m.endings, "|") {
			names[m.stem+ending] = m.month
		}
	}
	return names
}()

// MonthNamed is the month of a word in lower case in any of its forms, Russian or English; 0 if it names none.
func MonthNamed(word string) time.Month { return monthByName[word] }

// MonthNames are all the words that MonthNamed knows.
func MonthNames() iter.Seq2[string, time.Month] { return maps.All(monthByName) }

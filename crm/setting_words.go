package crm

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm/moment"
	"kartoteka/crm/spell"
)

// What people type for a setting, beside days and hours. Each is the whole text; a number somewhere in a sentence is none.

var neverSaid = []string{"нет", "не надо", "не нужно", "никогда", "ни за сколько", "не напоминать", "не напоминай", "не присылать", "не присылай", "выключить", "выключи", "отключить", "отключи",
	"без них", "без тихих часов", "no", "none", "never", "off", "turn off", "not at all", "do not remind", "dont remind", "no reminders", "no quiet hours"}

// ReadNever reports whether a text says that something is not wanted at all: «нет», «не напоминать», "never".
func ReadNever(text string) bool {
	return slices.Contains(neverSaid, spell.Fold(text))
}

// leadSaid is how early to remind of a date, said with the date.
var leadSaid = regexp.MustCompile(`(?i)(?:(?:напомни(?:ть|те)?|предупреди(?:ть)?)[ \t]+)?за[ \t]+(?:\d{1,2}[ \t]+(?:дня|дней|день|недел[юи]|недель)|недел[юи]|две[ \t]+недели|три[ \t]+дня|пару[ \t]+дней|день|месяц)(?:[ \t]+до)?` +
	`|(?:(?:remind(?:[ \t]+me)?)[ \t]+)?(?:\d{1,2}[ \t]+(?:days?|weeks?)|an?[ \t]+(?:day|week|month)|two[ \t]+weeks)[ \t]+(?:before|ahead|in[ \t]+advance|earlier)`)

// CutLead takes out of what is written of a date how early to remind of it: «за 10 дней», "a week before".
func CutLead(text string) (lead int, rest string, ok bool) {
	m := leadSaid.FindStringIndex(text)
	if m == nil || !wordStarts(text, m[0]) || !wordEnds(text, m[1]) {
		return 0, text, false
	}
	days, ok := moment.ReadDays(strings.Join(spell.Words(leadVerb.ReplaceAllString(spell.Fold(text[m[0]:m[1]]), "")), " "))
	if !ok || len(days) != 1 {
		return 0, text, false
	}
	return days[0], strings.Trim(strings.TrimRight(text[:m[0]], " ,;(–—-")+" "+strings.TrimLeft(text[m[1]:], " ,;)"), " "), true
}

// leadVerb asks to be reminded.
var leadVerb = regexp.MustCompile(`^(?:напомни(?:ть|те)?|предупреди(?:ть)?|remind(?: me)?) `)

var percentWords = regexp.MustCompile(`^(?i)(?:цель|до|на|goal|to)?[ \t:—-]*(\d{1,4})(?:[.,]0{1,3})?[ \t]*(?:%|процент[а-я]*|per ?cent)?[ \t.]*$`)

// ReadPercent reads «95», «95 %», «95,0 %», «цель 95 процентов», "goal 95 percent"; ok is false if it is anything else, such as a part of a
// percent. Whether it can be so many is for whoever asked to say.
func ReadPercent(text string) (percent int, ok bool) {
	m := percentWords.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

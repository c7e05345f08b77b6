package card

import (
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// maxAlong is how much of a task's text names it among others.
const maxAlong = 60

// Along says which tasks went along with a client and how many stay with others, in HTML or plainly; nothing of none.
func Along(t *locales.Texts, say func(key string, args ...any) string, a crm.Along) []string {
	var lines, names []string
	for _, task := range a.Tasks {
		names = append(names, fit.Line(TaskText(t, task, ""), maxAlong))
	}
	list := strings.Join(names, "; ")
	if more := a.Went - len(names); more > 0 && len(names) > 0 {
		list = t.Label("along.more", "list", list, "total", more)
	}
	switch what := talk.Amount(t, 0, a.Went); {
	case len(names) > 0:
		lines = append(lines, say("along.named", "what", what, "list", list))
	case a.Went > 0:
		lines = append(lines, say("along.went", "what", what))
	}
	if a.Stay > 0 {
		lines = append(lines, say("along.stay", "what", talk.Amount(t, 0, a.Stay)))
	}
	return lines
}

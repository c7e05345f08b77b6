package talk

import (
	"strings"

	"kartoteka/locales"
)

// Amount is a number of clients and tasks in words; of the tasks nothing is said if there are none.
func Amount(t *locales.Texts, clients, tasks int) string {
	var parts []string
	if clients > 0 || tasks == 0 {
		parts = append(parts, t.Label("amount.clients", "n", clients))
	}
	if tasks > 0 {
		parts = append(parts, t.Label("amount.tasks", "n", tasks))
	}
	return t.Join(parts)
}

// Bar draws how far something is.
func Bar(done, total int) string {
	const length = 10
	n := min(length, done*length/max(total, 1))
	return strings.Repeat("▓", n) + strings.Repeat("░", length-n)
}

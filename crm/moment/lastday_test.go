package moment

import (
	"testing"
	"time"
)

func TestReadMoment_lastDays(t *testing.T) {
	checkMoments(t, noon, []example{
		{"в последний день месяца сдать отчёт", "2026-11-30", "сдать отчёт"},
		{"последний рабочий день февраля в 15:00 акт", "2027-02-26 15:00", "акт"},
		{"до последнего дня следующего месяца", "2026-12-31", ""},
		{"invoice on the last day of the month", "2026-11-30", "invoice"},
		{"last business day of next month at 9", "2026-12-31 09:00", ""},
		{"в последний день прошлого месяца", "past", ""},
		{"последний день каждого месяца", "strange", ""},
		{"last day of the sale", "missing", "last day of the sale"},
		{"call Ann in a fortnight", "2026-12-04", "call Ann"},
		{"a fortnight from now at 15:00", "2026-12-04 15:00", ""},
	})
	last := time.Date(2026, time.November, 30, 12, 0, 0, 0, noon.Location())
	checkMoments(t, last, []example{
		{"в последний день месяца в 18:00", "doubtful 2026-11-30 18:00 2026-12-31 18:00", ""},
		{"в последний день месяца в 9:00", "2026-12-31 09:00", ""},
	})
}

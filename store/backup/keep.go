package backup

import (
	"fmt"
	"time"
)

// Keep says which backups stay: all of the last day, since a bad one may follow a good one, the newest of each of so many
// days and of each of so many weeks, and none older than so many days, so that what was erased leaves the backups too.
type Keep struct {
	Daily, Weekly, Days int
}

// expired lists those that do not stay, out of backups in order, the newest first. Days and weeks that have no backup do
// not count.
func (k Keep) expired(files []File, now time.Time, zone *time.Location) []File {
	var gone []File
	days, weeks := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		at := f.Made.In(zone)
		year, week := at.ISOWeek()
		stays := first(days, at.Format(time.DateOnly), k.Daily)
		stays = first(weeks, fmt.Sprintf("%d-%d", year, week), k.Weekly) || stays
		stays = f.Made.After(now.AddDate(0, 0, -1)) || stays
		if !stays || f.Made.Before(now.AddDate(0, 0, -k.Days)) {
			gone = append(gone, f)
		}
	}
	return gone
}

// first reports whether a span is new among the first so many.
func first(seen map[string]bool, span string, most int) bool {
	if seen[span] || len(seen) >= most {
		return false
	}
	seen[span] = true
	return true
}

package crm

import (
	"context"
	"errors"
	"fmt"
)

// NewsKind is something of which others are told as it happens.
type NewsKind string

const (
	NewsCodes     NewsKind = "codes"      // a member has entered wrong codes
	NewsCodeReset NewsKind = "code_reset" // a member's codes were ended by whoever runs the program
	NewsLooks     NewsKind = "looks"      // a member has opened more cards within an hour than the team has set
	NewsExport    NewsKind = "export"     // a member has taken something along: Reminder.Did says what
)

// Newses are all of them.
var Newses = []NewsKind{NewsCodes, NewsCodeReset, NewsLooks, NewsExport}

// noteTaken keeps in the record that by takes something along, and has the other owners told at once. It comes before anything
// is handed over; every use case that hands over what can be carried away calls it.
func (d *Desk) noteTaken(ctx context.Context, by Actor, did Action, record string, rev int64) error {
	now := d.now()
	err := d.store.AddEvent(ctx, Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: did, Record: record, Rev: rev,
		By: by.ID, At: now})
	if err != nil && !errors.Is(err, ErrApplied) {
		return fmt.Errorf("note that something is taken: %w", err)
	}
	return d.tellOwners(ctx, Reminder{News: NewsExport, Team: by.Team, Who: by.ID, Did: did, For: now}, string(by.Cause))
}

// tellOwners has every owner told at once, whatever the hour is: once for the same kind, person and key. What they have done
// themselves they know.
func (d *Desk) tellOwners(ctx context.Context, news Reminder, key string) error {
	s, err := d.staff(ctx, news.Team)
	if err != nil {
		return fmt.Errorf("tell owners: %w", err)
	}
	for _, to := range s.owners {
		if to.ID == news.Who && !news.News.alarms() {
			continue
		}
		one := news
		one.Kind, one.Due = RemindNews, d.now()
		one.ID = reminderID(RemindNews, string(news.News)+"."+string(news.Who), key, to.ID)
		if err := d.plan(ctx, to, one); err != nil {
			return err
		}
	}
	return nil
}

// alarms reports whether it may be somebody else who did it in a member's name, so that the member is told, too.
func (k NewsKind) alarms() bool { return k == NewsCodes || k == NewsCodeReset }

// newsNotice tells an owner what happened.
func newsNotice(s staff, r Reminder, n Notice) (Notice, bool) {
	n.News, n.Did, n.Who, n.Clients, n.Late = r.News, r.Did, s.byID[r.Who], r.Count, s.now.Sub(r.For)
	return n, n.To.ID == r.Member && n.To.runsTeam()
}

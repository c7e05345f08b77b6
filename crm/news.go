package crm

import (
	"context"
	"fmt"
)

// NewsKind is something of which others are told as it happens.
type NewsKind string

const (
	NewsCodes     NewsKind = "codes"      // a member has entered wrong codes
	NewsCodeReset NewsKind = "code_reset" // a member's codes were ended by whoever runs the program
)

// Newses are all of them.
var Newses = []NewsKind{NewsCodes, NewsCodeReset}

// tellOwners has every owner told at once, whatever the hour is: once for the same kind, person and key.
func (d *Desk) tellOwners(ctx context.Context, news Reminder, key string) error {
	s, err := d.staff(ctx, news.Team)
	if err != nil {
		return fmt.Errorf("tell owners: %w", err)
	}
	for _, to := range s.owners {
		one := news
		one.Kind, one.Due = RemindNews, d.now()
		one.ID = reminderID(RemindNews, string(news.News)+"."+string(news.Who), key, to.ID)
		if err := d.plan(ctx, to, one); err != nil {
			return err
		}
	}
	return nil
}

// newsNotice tells an owner what happened.
func newsNotice(s staff, r Reminder, n Notice) (Notice, bool) {
	n.News, n.Who, n.Clients, n.Late = r.News, s.byID[r.Who], r.Count, s.now.Sub(r.For)
	return n, n.To.ID == r.Member && n.To.runsTeam()
}

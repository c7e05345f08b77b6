package crm

import (
	"slices"
	"testing"
	"time"
)

func TestRank(t *testing.T) {
	base := Candidate{Owner: "m2", Stage: StageLead, SortName: "б", LastTouch: time.Unix(1000, 0)}
	with := func(id ClientID, f func(*judged)) *judged {
		card := base
		card.ID = id
		c := &judged{card: &card, worst: closeWord, sum: 1}
		f(c)
		return c
	}
	list := []*judged{
		with("phone", func(c *judged) { c.worst, c.sum = closeKey, 0 }),
		with("mine", func(c *judged) { c.card.Owner = "m1" }),
		with("named", func(c *judged) { c.named = 1 }),
		with("recent", func(c *judged) { c.card.LastTouch = time.Unix(2000, 0) }),
		with("alpha", func(c *judged) { c.card.SortName = "а" }),
		with("id1", func(*judged) {}),
		with("id2", func(*judged) {}),
		with("given", func(c *judged) { c.named, c.below, c.card.Owner = 1, 1, "m1" }),
		with("archived", func(c *judged) { c.card.Stage, c.card.Owner = StageArchive, "m1" }),
		with("second", func(c *judged) { c.sum = 2 }),
		with("head", func(c *judged) { c.worst = closeHead }),
		with("read", func(c *judged) { c.worst = closeRead }),
		with("typo", func(c *judged) { c.worst = closeTypo }),
		with("far", func(c *judged) { c.worst = closeFar }),
	}
	var want []ClientID
	for _, c := range list {
		want = append(want, c.card.ID)
	}
	slices.Reverse(list)
	rank(list, "m1")
	var got []ClientID
	for _, c := range list {
		got = append(got, c.card.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

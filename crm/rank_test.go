package crm

import (
	"slices"
	"testing"
	"time"
)

func TestRank(t *testing.T) {
	base := Client{Owner: "m2", Stage: StageLead, SortName: "б", LastTouch: time.Unix(1000, 0)}
	with := func(id ClientID, f func(*candidate)) candidate {
		c := candidate{client: base, worst: closeWord, sum: 1}
		c.client.ID = id
		f(&c)
		return c
	}
	list := []candidate{
		with("phone", func(c *candidate) { c.worst, c.sum = closeKey, 0 }),
		with("mine", func(c *candidate) { c.client.Owner = "m1" }),
		with("named", func(c *candidate) { c.named = 1 }),
		with("recent", func(c *candidate) { c.client.LastTouch = time.Unix(2000, 0) }),
		with("alpha", func(c *candidate) { c.client.SortName = "а" }),
		with("id1", func(*candidate) {}),
		with("id2", func(*candidate) {}),
		with("archived", func(c *candidate) { c.client.Stage, c.client.Owner = StageArchive, "m1" }),
		with("second", func(c *candidate) { c.sum = 2 }),
		with("head", func(c *candidate) { c.worst = closeHead }),
		with("read", func(c *candidate) { c.worst = closeRead }),
		with("typo", func(c *candidate) { c.worst = closeTypo }),
		with("far", func(c *candidate) { c.worst = closeFar }),
	}
	var want []ClientID
	for _, c := range list {
		want = append(want, c.client.ID)
	}
	slices.Reverse(list)
	rank(list, "m1")
	var got []ClientID
	for _, c := range list {
		got = append(got, c.client.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

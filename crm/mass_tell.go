package crm

import "context"

// ownersOf counts whose the clients were that these events gave away, or whose they are again.
func (w Mass) ownersOf(made []Event) map[MemberID]int {
	owners := map[MemberID]int{}
	for _, e := range made {
		whose, after := e.Fields["owner"].owners()
		if w.Back != "" {
			whose = after
		}
		owners[whose]++
	}
	return owners
}

// soleOwner is the member that has all of what is counted; "" if there are several.
func soleOwner(of map[MemberID]int) MemberID {
	for id := range of {
		if len(of) == 1 {
			return id
		}
	}
	return ""
}

// massTell tells of clients that were given, or came back, once: the groups, whoever has them now, and those whose they were. Who did
// it has seen it.
func (d *Desk) massTell(ctx context.Context, team Team, m Member, w Mass) error {
	to := MemberID(w.Value)
	if w.Kind != MassGive || w.Changed == 0 {
		return nil
	}
	h := Handing{Cause: w.Cause, By: m.ID}
	got := Reminder{Who: soleOwner(w.Owners), Count: w.Changed, TaskCount: w.Tasks, Back: w.Back != ""}
	if err := d.tellTogether(ctx, team, h, to, got); err != nil {
		return err
	}
	if err := d.tellEach(ctx, team, h, w.Owners, Reminder{Who: to, Passed: w.Back == ""}); err != nil || w.Back != "" {
		return err
	}
	return d.tellPlacesOf(ctx, team, Reminder{News: NewsHanded, From: m.ID, Who: to, Count: w.Changed, For: d.now()}, string(w.Cause))
}

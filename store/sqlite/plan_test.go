package sqlite

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// TestPlans asks for everything that the store can be asked, then has SQLite explain each statement that this
// took: none may read a whole table.
func TestPlans(t *testing.T) {
	for _, few := range []int{0, fewCards} {
		s := openTemp(t)
		s.few = few
		askEverything(t, s)
		texts := map[string]bool{}
		for text := range s.reader.prepared {
			texts[text] = true
		}
		for text := range s.writer.stmts {
			texts[text] = true
		}
		if len(texts) < 40 {
			t.Errorf("got %d statements, want them all", len(texts))
		}
		for text := range texts {
			for _, step := range explain(t, s, text) {
				if readsWholeTable(step) {
					t.Errorf("%s\nin\n%s", step, text)
				}
			}
		}
	}
}

// readsWholeTable reports a scan that is neither of an index nor of something small: a subquery of ours, the
// values of a JSON array, or the teams, of which there are a handful.
func readsWholeTable(step string) bool {
	table, found := strings.CutPrefix(step, "SCAN ")
	if !found || strings.Contains(step, " USING ") || strings.Contains(step, "VIRTUAL TABLE") {
		return false
	}
	switch strings.Fields(table)[0] {
	case "CONSTANT", "e", "p", "o", "teams":
		return false
	}
	return !strings.HasPrefix(table, "(") // a subquery without a name
}

func explain(t *testing.T, s *Store, text string) []string {
	t.Helper()
	rows, err := s.reader.db.Query("EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "?"))...)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	defer func() { _ = rows.Close() }()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	return steps
}

// askEverything calls each method, with each filter of each query.
func askEverything(t *testing.T, s *Store) {
	ctx := t.Context()
	tags := []string{"vip"}
	save(t, s, crm.Client{ID: "c1", Team: "acme", Rev: 1, Owner: "anna", Stage: crm.StageLead, Status: crm.StatusLead,
		TagKeys: tags, Terms: []string{"иван"}, Words: []string{"иван"}, Keys: []string{"k"}})
	save(t, s, crm.Client{ID: "c1", Team: "acme", Rev: 2, Owner: "anna", Stage: crm.StageLead, Status: crm.StatusLead, TagKeys: tags})
	save(t, s, crm.Client{ID: "c2", Team: "acme", Rev: 1, Deleted: time.Unix(1, 0)})
	for _, q := range []crm.ClientQuery{
		{}, {Owner: "anna"}, {Stages: crm.Stages}, {Statuses: crm.Statuses}, {Tags: tags}, {Lacks: []crm.GapKey{"person.phone"}}, {Lacks: []crm.GapKey{"person.phone", "person.city"}}, {Owner: "anna", Lacks: []crm.GapKey{"person.phone", "person.city"}},
		{Lacks: []crm.GapKey{"person.x.size"}}, {Lacks: []crm.GapKey{"person.phone", "person.x.size"}}, {Owner: "anna", Lacks: []crm.GapKey{"person.x.size"}},
		{Lacks: []crm.GapKey{"person.phone"}, Bin: crm.BinInside}, {TouchedBefore: time.Unix(9, 0)},
		{Owner: "anna", Stages: crm.Stages, Statuses: crm.Statuses, Tags: tags, TouchedBefore: time.Unix(9, 0)}, {Bin: crm.BinInside},
		{Owner: "anna", Neglected: []crm.Neglect{{Stages: crm.Stages, SilentBefore: time.Unix(9, 0)}, {Statuses: crm.Statuses}}},
		{CreatedFrom: time.Unix(1, 0), CreatedBefore: time.Unix(9, 0)}, {NextFrom: time.Unix(1, 0), NextBefore: time.Unix(9, 0), Stages: crm.LiveStages},
		{Owner: "anna", Stages: crm.Stages, Statuses: crm.Statuses, Tags: tags, TouchedBefore: time.Unix(9, 0), Bin: crm.BinInside},
	} {
		for _, q.Sort = range append([]crm.Sort{crm.SortByNext, crm.SortByWorth}, crm.Sorts...) {
			for _, q.After = range []*crm.ClientMark{nil, {ID: "c"}} {
				q.Team, q.Limit = "acme", 10
				_, err := s.Clients(ctx, q)
				_, countErr := s.CountClients(ctx, q, 10)
				_, tagsErr := s.CountTags(ctx, q, 10)
				check(t, err, countErr, tagsErr)
			}
		}
	}
	_, sealedErr := s.SealedClients(ctx, "acme")
	_, tasksErr := s.TasksByID(ctx, "acme", []crm.TaskID{"t1", "t2"})
	check(t, sealedErr, tasksErr)
	_, err := s.CountLacking(ctx, crm.LackQuery{Team: "acme", Stages: crm.LiveStages, Keys: []crm.GapKey{"person.phone", "person.city"}})
	check(t, err)
	groups := []crm.TermGroup{{Exact: []string{"a", "b"}, Prefixes: []string{"c", "d"}}, {Exact: []string{"e"}, Prefixes: []string{"f"}}}
	for n := range groups {
		for _, owner := range []crm.MemberID{"", "anna"} {
			_, err := s.SearchClients(ctx, crm.TermQuery{Team: "acme", Owner: owner, Groups: groups[:n+1], Limit: 10})
			check(t, err)
		}
	}
	_, err = s.SearchClients(ctx, crm.TermQuery{Team: "acme", Groups: []crm.TermGroup{{Prefixes: []string{"и"}}}, Limit: 10})
	check(t, err)
	_, err = s.DialogsOf(ctx, "acme", "c", "", 9)
	check(t, err)
	askTheRest(t, s)
}

func askTheRest(t *testing.T, s *Store) {
	ctx := t.Context()
	event := func(n int) crm.Event { return crm.Event{ID: crm.EventID(fmt.Sprint("e", n)), Team: "acme"} }
	for rev := range int64(2) {
		rev++
		check(t, s.SaveTeam(ctx, crm.Team{ID: "acme", Rev: rev}, event(int(10+rev))),
			s.SaveMember(ctx, crm.Member{ID: "anna", Team: "acme", Rev: rev}, event(int(20+rev))),
			s.SaveInvite(ctx, crm.Invite{ID: "i", Team: "acme", Rev: rev}, event(int(30+rev))),
			s.SaveDialog(ctx, crm.Dialog{ID: "1", Team: "acme", Rev: rev}))
	}
	_, e0 := s.ClientsByID(ctx, "acme", []crm.ClientID{"c1", "c2"})
	_, e1 := s.ClientsByKey(ctx, "acme", []string{"k"})
	_, e2 := s.Touches(ctx, crm.TouchQuery{Team: "acme", Client: "c", Kinds: crm.TouchKinds, After: &crm.TouchMark{}, Limit: 5})
	_, e3 := s.Touches(ctx, crm.TouchQuery{Team: "acme", Client: "c", Limit: 5})
	_, e10 := s.CountTouches(ctx, crm.TouchCount{Team: "acme", By: "anna"})
	for _, q := range []crm.TaskQuery{{}, {Client: "c"}, {Assignee: "anna", State: crm.TaskOpen, DueBefore: time.Unix(9, 0)}} {
		_, err := s.CountTasks(ctx, q, 5)
		check(t, err)
	}
	for _, q := range []crm.ReminderQuery{{}, {IDs: []string{"a", "b"}}} {
		q.Team, q.Limit = "acme", 5
		_, err := s.Reminders(ctx, q)
		check(t, err)
	}
	_, e4 := s.Events(ctx, crm.EventQuery{Team: "acme", Record: "c", Limit: 5})
	_, e5 := s.WordsNear(ctx, "acme", []string{"иван"}, 5)
	_, e6 := s.Members(ctx, "acme")
	_, e7 := s.StrayUpdates(ctx, 5)
	_, e8 := s.MarkOnce(ctx, "m", time.Unix(1, 0))
	_, e9 := s.PurgeClients(ctx, crm.Purge{Before: time.Now(), At: time.Now(), Limit: 5})
	e11 := s.EachOn(ctx, "acme", []string{"b05-12", "r05-09"}, func(crm.Client) error { return nil })
	long := time.Unix(1, 0)
	check(t, purged(s.PurgeReminders(ctx, long, 5)), purged(s.PurgeConsents(ctx, long, 5)), purged(s.PurgeStrays(ctx, long, 5)))
	_, e14 := s.Invites(ctx, "t", time.Unix(1, 0), 5)
	check(t, e14, e11, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, s.SetAside(ctx, crm.StrayUpdate{ID: 1}), s.EndDialog(ctx, "1"), s.EndDialogsOf(ctx, "acme", "c"))
	for _, member := range []crm.MemberID{"", "anna"} {
		_, e1 = s.LeaseReminders(ctx, crm.Lease{Member: member, Now: time.Unix(9, 0), Until: time.Unix(99, 0), Limit: 5})
		_, e2 = s.Reminders(ctx, crm.ReminderQuery{Team: "acme", Member: member, States: crm.ResumedStates, Latest: member == "", Limit: 5})
		check(t, e1, e2)
	}
	_, e1 = s.PlanReminder(ctx, crm.Reminder{ID: "r", Team: "acme"})
	check(t, e1, s.PlanReminders(ctx, []crm.Reminder{{ID: "q", Team: "acme"}}, map[string]time.Time{"p": time.Unix(1, 0)}), s.MoveReminder(ctx, crm.Reminder{ID: "r", Team: "acme", State: crm.ReminderSent}, ""))
	check(t, s.AddSeal(ctx, crm.Seal{Team: "acme", Seq: 1}, []crm.Salt{{Record: "c1"}}), s.ForgetSalts(ctx, "acme", []string{"c1"}))
	_, e4 = s.Events(ctx, crm.EventQuery{Team: "acme", Record: "c", BeforeRev: 3, Limit: 5})
	check(t, e4, s.AddEvent(ctx, event(99)))
	_, e0 = s.Consents(ctx, "acme", "c")
	check(t, s.FindPairs(ctx, []crm.Pair{{ID: "p", Team: "acme", Rev: 1, State: crm.PairOpen}, {ID: "p", Team: "acme"}}), s.SavePair(ctx, crm.Pair{ID: "p", Team: "acme", Rev: 2}),
		s.MoveTouches(ctx, crm.TouchMove{Team: "acme"}), s.MoveTouches(ctx, crm.TouchMove{Team: "acme", Back: true}),
		s.EachShared(ctx, crm.SharedQuery{Team: "acme", Before: "~", Most: 9}, nil))
	for _, q := range []crm.PairQuery{{States: []crm.PairState{crm.PairOpen}, After: &crm.PairMark{}}, {Client: "c", States: []crm.PairState{crm.PairOpen}, SeenBefore: time.Unix(9, 0)}} {
		q.Team, q.Limit = "acme", 5
		_, err := s.Pairs(ctx, q)
		_, countErr := s.CountPairs(ctx, q, 5)
		_, dropErr := s.DropPairs(ctx, q)
		check(t, err, countErr, dropErr)
	}
	check(t, e0, s.SaveConsent(ctx, crm.Consent{ID: "n1", Team: "acme", Rev: 1}, event(98)))
	askImports(t, s)
	_, e0 = s.OpenEvents(ctx, "acme", 5)
	_, e1 = s.EventsByID(ctx, "acme", []crm.EventID{"e"})
	_, e2 = s.Seals(ctx, "acme", 1, 5)
	_, e3 = s.Salts(ctx, "acme", []string{"c1"})
	_, e4 = s.ClosedEvents(ctx, "acme", "e", 5)
	check(t, e0, e1, e2, e3, e4)
	for _, q := range []crm.AuditQuery{{}, {Before: time.Unix(9, 0), By: "anna", Actions: []crm.Action{crm.ActionAddClient}, After: &crm.EventMark{}},
		{Whole: true}, {PartOf: "u1.0", After: &crm.EventMark{}}} {
		q.Team, q.Limit = "acme", 5
		_, e0 = s.Audit(ctx, q)
		_, e1 = s.CountAudit(ctx, q)
		check(t, e0, e1)
	}
	_, _ = s.LastSeal(ctx, "acme")
	_, _ = s.Client(ctx, "acme", "c1")
	_, _ = s.Event(ctx, "acme", "e")
	_, _ = s.Team(ctx, "acme")
	_, _ = s.Teams(ctx)
	_, _ = s.Member(ctx, "acme", "anna")
	_, _ = s.MemberByUser(ctx, 42)
	_, _ = s.Invite(ctx, "i")
	_, _ = s.Dialog(ctx, "1")
}

func askImports(t *testing.T, s *Store) {
	ctx := t.Context()
	_, e1 := s.Imports(ctx, crm.ImportQuery{Team: "acme", States: []crm.ImportState{crm.ImportRunning}, Limit: 5})
	_, e2 := s.Imports(ctx, crm.ImportQuery{Team: "acme", Shape: "s", States: []crm.ImportState{crm.ImportDone}, Limit: 5})
	_, e3 := s.ClientsHolding(ctx, crm.HoldingQuery{Team: "acme", Keys: []string{"k"}, Terms: []string{"t"}, Limit: 5})
	check(t, e1, e2, e3, s.SaveImport(ctx, crm.Import{ID: "p", Team: "acme", Rev: 1}))
	_, _ = s.Import(ctx, "acme", "p")
}

func check(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestDueContacts: whose next contact is due in a team is asked every few seconds, in one look however many owners there are.
func TestDueContacts(t *testing.T) {
	s := openTemp(t)
	q := crm.ClientQuery{Team: "acme", NextFrom: time.Unix(1, 0), NextBefore: time.Unix(9, 0), Sort: crm.SortByNext, Limit: 1}
	ask := func() string {
		text, _, err := s.page(t.Context(), q)
		check(t, err)
		return text
	}
	before := ask()
	for i := range 9 {
		save(t, s, crm.Client{ID: crm.ClientID(fmt.Sprint("c", i)), Team: "acme", Rev: 1, Owner: crm.MemberID(fmt.Sprint("m", i)), NextContact: time.Unix(int64(i+1), 0)})
	}
	if got := ask(); got != before {
		t.Errorf("with nine owners got\n%s\nwant, as with none,\n%s", got, before)
	}
	due, err := s.Clients(t.Context(), q)
	check(t, err)
	if len(due) != 1 || due[0].ID != "c0" {
		t.Errorf("got %v, want c0", due)
	}
}

// TestDueContactsSeek: what is overdue grows for ever; the look begins behind it, also on a further page.
func TestDueContactsSeek(t *testing.T) {
	s := openTemp(t)
	q := crm.ClientQuery{Team: "acme", NextFrom: time.Unix(1, 0), NextBefore: time.Unix(9, 0), Sort: crm.SortByNext, Limit: 1}
	for _, q.After = range []*crm.ClientMark{nil, {Time: time.Unix(5, 0), ID: "c"}} {
		text, _, err := s.page(t.Context(), q)
		check(t, err)
		constants := map[int]bool{} // registers that hold one
		for _, op := range program(t, s, text) {
			if op.name == "Integer" {
				constants[op.p2] = true
			}
			if strings.HasPrefix(op.name, "SeekG") && constants[op.p3+1] {
				t.Errorf("it seeks to a constant in\n%s", text)
			}
		}
	}
}

// opcode is a step of a compiled statement.
type opcode struct {
	name   string
	p2, p3 int
}

func program(t *testing.T, s *Store, text string) []opcode {
	t.Helper()
	rows, err := s.reader.db.Query("EXPLAIN "+text, make([]any, strings.Count(text, "?"))...)
	check(t, err)
	defer func() { _ = rows.Close() }()
	var all []opcode
	for rows.Next() {
		var op opcode
		var skip any
		check(t, rows.Scan(&skip, &op.name, &skip, &op.p2, &op.p3, &skip, &skip, &skip))
		all = append(all, op)
	}
	check(t, rows.Err())
	return all
}

func purged(_ int, err error) error { return err }

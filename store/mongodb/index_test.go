package mongodb

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// asked is one kind of question with the index that must answer it.
type asked struct {
	name   string
	coll   string
	filter bson.D
	sort   bson.D
	index  string // fields of the index, joined
}

func questions() []asked {
	var all []asked
	list := func(name string, q crm.ClientQuery, index string) {
		q.Team = "acme"
		filter, sort := pageFilter(q)
		all = append(all, asked{name, "clients", filter, bson.D{up(sort)}, index})
	}
	mark := &crm.ClientMark{ID: "c"}
	for sort, field := range map[crm.Sort]string{crm.SortByName: "by_name", crm.SortByNewest: "by_newest", crm.SortByTouch: "by_touch", crm.SortByNext: "by_next"} {
		list("all "+field, crm.ClientQuery{Sort: sort}, "team,live,"+field)
		list("all after "+field, crm.ClientQuery{Sort: sort, After: mark}, "team,live,"+field)
		if sort == crm.SortByNext {
			list("due", crm.ClientQuery{Sort: sort, NextFrom: noon, NextBefore: noon.Add(1), After: mark}, "team,live,by_next")
		}
		list("own "+field, crm.ClientQuery{Sort: sort, Owner: "anna", After: mark}, "team,live,owner,"+field)
		list("bin "+field, crm.ClientQuery{Sort: sort, Bin: crm.BinInside}, "team,live,"+field)
	}
	list("stages", crm.ClientQuery{Stages: crm.Stages, After: mark}, "team,live,stage,by_newest")
	list("statuses", crm.ClientQuery{Statuses: crm.Statuses}, "team,live,status,by_newest")
	list("tags", crm.ClientQuery{Tags: []string{"vip"}}, "team,live,tag_keys,by_newest")
	list("tags of those with a tag", crm.ClientQuery{Owner: "anna", Tags: []string{"vip"}}, "team,live,tag_keys,by_newest")
	list("lacking", crm.ClientQuery{Lacks: []crm.GapKey{"person.phone", "corporate.phone"}}, "team,live,gaps,by_newest")
	list("lacking an own field", crm.ClientQuery{Sort: crm.SortByName, Lacks: []crm.GapKey{"person.x.size"}, After: mark}, "team,live,by_name")
	add := func(name, coll string, filter, sort bson.D, index string) {
		all = append(all, asked{name, coll, filter, sort, index})
	}
	add("filled", "clients", filledFilter(crm.ClientQuery{Team: "acme"}, []crm.GapKey{"person.x.size"}, []crm.GapKey{"person.phone"}), nil, "team,live,filled")
	add("lacking by owner", "clients", lackFilter(crm.LackQuery{Team: "acme", Stages: crm.LiveStages}), nil, "team,live,stage,by_newest")
	list("not touched", crm.ClientQuery{Sort: crm.SortByTouch, TouchedBefore: noon}, "team,live,by_touch")

	neglected := []crm.Neglect{{Stages: crm.Stages, SilentBefore: noon}}
	list("own neglected", crm.ClientQuery{Owner: "anna", Sort: crm.SortByWorth, Neglected: neglected, NextBefore: noon, After: mark},
		"team,live,owner,by_worth")
	list("new", crm.ClientQuery{CreatedFrom: noon, CreatedBefore: noon.Add(1)}, "team,live,by_newest")

	list("dates", crm.ClientQuery{Dates: []string{"b05-12"}}, "team,live,date_keys,by_newest")

	groups := []crm.TermGroup{{Exact: []string{"иван"}, Prefixes: []string{"ив"}}}
	add("search", "clients", termFilter(crm.TermQuery{Team: "acme", Groups: groups}), nil, "team,live,terms")
	add("keys", "clients", keyFilter("acme", []string{"p+7"}), nil, "team,live,keys")
	add("sealed", "clients", sealedFilter("acme"), nil, "team,sealed")
	add("bin of all teams", "clients", binFilter(noon), nil, "live,deleted")
	add("pending", "clients", bson.D{is("pending_flag", true)}, nil, "pending_flag")
	add("touches", "touches", touchFilter(crm.TouchQuery{Team: "acme", Client: "c", After: &crm.TouchMark{At: noon, ID: "t"}}),
		bson.D{down("at"), down("_id")}, "team,client,at,_id")
	add("touches by a member", "touches", touchCountFilter(crm.TouchCount{Team: "acme", By: "anna", From: noon, Before: noon.Add(1)}), nil,
		"team,by,at,kind")
	add("events", "events", eventFilter(crm.EventQuery{Team: "acme", Record: "c"}), bson.D{down("rev"), down("_id")}, "team,record,rev,_id")
	audits(add)
	add("ended consents", "consents", endedConsents(noon), nil, "withdrawn")
	add("open invites", "invites", openInvites("acme", noon), nil, "team,expires")
	add("consents", "consents", consentFilter("acme", "c"), bson.D{up("given"), up("_id")}, "team,client,given,_id")
	add("imports", "imports", importFilter(crm.ImportQuery{Team: "acme", States: []crm.ImportState{crm.ImportRunning}}),
		bson.D{down("created"), down("_id")}, "team,state,created,_id")
	add("open events", "events", openFilter("acme"), bson.D{up("at"), up("_id")}, "open,team,at,_id")
	add("closed events", "events", closedFilter("acme", "e"), bson.D{up("_id")}, "_id")
	add("pairs", "pairs", pairFilter(crm.PairQuery{Team: "acme", States: []crm.PairState{crm.PairOpen}}), bson.D{down("score"), up("_id")}, "team,state,score,_id")
	add("seals", "seals", sealFilter("acme", 3), bson.D{up("seq")}, "team,seq")
	add("words", "words", wordFilter("acme", []string{"а"}), nil, "team,variants")
	add("dialogs of", "dialogs", dialogFilter("acme", []string{"c"}), bson.D{up("_id")}, "team,of,_id")
	add("members", "members", bson.D{is("team", "acme")}, nil, "team,created")
	add("member by user", "members", userFilter(42), nil, "user")
	byDue := bson.D{up("due"), up("_id")}
	task := crm.TaskQuery{Team: "acme", State: crm.TaskOpen, DueBefore: noon}
	add("tasks due", "tasks", taskFilter(task), byDue, "team,state,due,_id")
	task.Assignee = "anna"
	add("own tasks", "tasks", taskFilter(task), byDue, "team,assignee,state,due,_id")
	add("tasks of a client", "tasks", taskFilter(crm.TaskQuery{Team: "acme", Client: "c"}), byDue, "team,client,due,_id")
	lease := crm.Lease{Now: noon}
	add("reminders due", "reminders", plannedFilter(lease), byDue, "state,due,_id")
	add("reminders left", "reminders", leftFilter(lease, crm.ReminderSending), bson.D{up("until"), up("_id")}, "state,until,_id")
	lease.Member = "anna"
	add("a member's reminders due", "reminders", plannedFilter(lease), byDue, "member,state,due,_id")
	add("a member's reminders left", "reminders", leftFilter(lease, crm.ReminderHeld), nil, "member,state,due,_id")
	add("a member's reminders", "reminders",
		reminderFilter(crm.ReminderQuery{Team: "acme", Member: "anna", States: []crm.ReminderState{crm.ReminderHeld}}), byDue, "member,state,due,_id")
	add("reminders done", "reminders", doneFilter(noon), nil, "state,done")
	add("reminders", "reminders", reminderFilter(crm.ReminderQuery{Team: "acme", States: []crm.ReminderState{crm.ReminderFailed}}), byDue, "team,state,due,_id")
	return all
}

// audits are the questions that are asked about events of a span of time.
func audits(add func(name, coll string, filter, sort bson.D, index string)) {
	newest := bson.D{down("at"), down("_id")}
	add("audit", "events", auditFilter(crm.AuditQuery{Team: "acme", From: noon, Before: noon.Add(1), By: "anna",
		After: &crm.EventMark{At: noon, ID: "u1.0"}}), newest, "team,at,_id")
	add("audit without parts", "events", auditFilter(crm.AuditQuery{Team: "acme", From: noon, Whole: true}), newest, "team,part_of,at,_id")
	add("parts", "events", auditFilter(crm.AuditQuery{Team: "acme", PartOf: "u1.0"}), newest, "team,part_of,at,_id")
	add("parts counted", "events", partsFilter("acme", []crm.EventID{"u1.0"}), nil, "team,part_of,at,_id")
}

// TestIndexes checks the shape of each question against its index, that the server has the index, and on a
// real server that it is what the planner takes.
func TestIndexes(t *testing.T) {
	s := openTemp(t)
	for _, q := range questions() {
		index := findIndex(t, s, q)
		if index == nil {
			t.Errorf("%s: the server has no index %s", q.name, q.index)
			continue
		}
		if why := serves(index, q); why != "" {
			t.Errorf("%s: the index %s does not serve: %s", q.name, q.index, why)
		}
		if isMongoDB() {
			explain(t, s, q)
		}
	}
}

// findIndex looks up what the server has.
func findIndex(t *testing.T, s *Store, q asked) bson.D {
	t.Helper()
	cursor, err := s.db.Collection(q.coll).Indexes().List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found []struct {
		Key bson.D `bson:"key"`
	}
	if err := cursor.All(t.Context(), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if fieldNames(f.Key) == q.index {
			return f.Key
		}
	}
	return nil
}

func fieldNames(d bson.D) string {
	var names []string
	for _, e := range d {
		names = append(names, e.Key)
	}
	return strings.Join(names, ",")
}

// serves says why an index cannot answer the question; "" if it can: its first fields are compared for
// equality, then comes the order asked for, or one more condition. That condition alone is enough.
func serves(index bson.D, q asked) string {
	conditions := flatten(q.filter)
	rest := slices.Clone(index)
	for len(rest) > 0 && conditions[rest[0].Key] == "equal" {
		rest = rest[1:]
	}
	if len(rest) == len(index) && (len(rest) > 1 || conditions[rest[0].Key] != "range") {
		return "nothing is compared with its first field"
	}
	for i, s := range q.sort {
		if i >= len(rest) || rest[i].Key != s.Key || fmt.Sprint(rest[i].Value) != fmt.Sprint(s.Value) {
			return fmt.Sprintf("the order is not %v", q.sort)
		}
	}
	few := []string{"members", "a member's reminders left", "lacking by owner", "parts counted"} // what is left after the equal fields is little, or all counted, and read
	if len(q.sort) == 0 && len(rest) > 0 && conditions[rest[0].Key] == "" && !slices.Contains(few, q.name) {
		return "no condition on " + rest[0].Key
	}
	return ""
}

// flatten tells for each field whether it is compared for equality or lies in a range.
func flatten(filter bson.D) map[string]string {
	out := map[string]string{}
	for _, e := range filter {
		if list, ok := e.Value.(bson.A); ok && e.Key == "$and" {
			for _, part := range list {
				for k, v := range flatten(part.(bson.D)) {
					out[k] = v
				}
			}
			continue
		}
		out[e.Key] = "equal"
		d, ok := e.Value.(bson.D)
		missing := ok && d[0].Key == "$exists" && d[0].Value == false // one value to an index: null
		if ok && !missing && !slices.Contains([]string{"$in", "$all"}, d[0].Key) {
			out[e.Key] = "range"
		}
	}
	return out
}

// explain fails the test if the winning plan reads the collection, or another index.
func explain(t *testing.T, s *Store, q asked) {
	t.Helper()
	find := bson.D{is("find", q.coll), is("filter", q.filter), is("limit", 10)}
	if len(q.sort) > 0 {
		find = append(find, is("sort", q.sort))
	}
	var answer struct {
		Planner struct {
			Winning bson.M `bson:"winningPlan"`
		} `bson:"queryPlanner"`
	}
	err := s.db.RunCommand(t.Context(), bson.D{is("explain", find), is("verbosity", "queryPlanner")}).Decode(&answer)
	if err != nil {
		t.Fatal(err)
	}
	stages := planStages(answer.Planner.Winning)
	if slices.Contains(stages, "COLLSCAN") || !slices.Contains(stages, "IXSCAN") && !slices.Contains(stages, "EXPRESS_IXSCAN") {
		t.Errorf("%s: got plan %v, want an index", q.name, stages)
	}
}

// planStages lists the stages of a plan, whatever its nesting.
func planStages(plan any) []string {
	var out []string
	v := reflect.ValueOf(plan)
	switch v.Kind() {
	case reflect.Map:
		if stage, ok := v.Interface().(bson.M)["stage"].(string); ok {
			out = append(out, stage)
		}
		for _, key := range v.MapKeys() {
			out = append(out, planStages(v.MapIndex(key).Interface())...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			item := v.Index(i).Interface()
			if e, ok := item.(bson.E); ok {
				if stage, ok := e.Value.(string); ok && e.Key == "stage" {
					out = append(out, stage)
				}
				item = e.Value
			}
			out = append(out, planStages(item)...)
		}
	}
	return out
}

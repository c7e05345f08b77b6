package crm_test

import (
	"fmt"
	"slices"
	"testing"

	"kartoteka/crm"
)

// A task of a colleague whom this team does not know is the importer's and says whose it was: it is told before and after.
func TestImport_tasks_of_strangers(t *testing.T) {
	o := newOffice(t)
	vera := o.hire(61, "Вера Ким", crm.RoleManager)
	task := `{"id":"%s","text":"позвонить","assignee":"%s","state":"open","due":"2030-01-02T07:00:00Z","wall":"2030-01-02T10:00","zone":"Europe/Moscow"}`
	rows := recordsOf(`{"name":"Иванов","tasks":[` + fmt.Sprintf(task, "t1", "Ivan Lee") + "," + fmt.Sprintf(task, "t2", "Вера Ким") + "," +
		fmt.Sprintf(task, "t3", o.owner.Name) + "," + fmt.Sprintf(task, "t4", "ivan lee") + `]}`)
	i := o.begin(o.as(o.owner), rows)
	if !slices.Equal(i.Doers, []string{"Ivan Lee"}) || len(i.Strangers) > 0 {
		t.Errorf("checked: %q, %q", i.Doers, i.Strangers)
	}
	i, err := o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportFill)
	mustAll(t, err)
	if i = o.work(i, rows); !slices.Equal(i.Doers, []string{"Ivan Lee"}) {
		t.Errorf("done: %q", i.Doers)
	}
	tasks, err := o.store.Tasks(t.Context(), crm.TaskQuery{Team: o.owner.Team, Client: o.cards()["Иванов"].ID, Limit: 10})
	mustAll(t, err)
	var got []string
	for _, one := range tasks {
		got = append(got, map[crm.MemberID]string{vera.ID: "её ", o.owner.ID: "мне "}[one.Assignee]+one.Text)
	}
	slices.Sort(got)
	if want := []string{"её позвонить", "мне Ivan Lee: позвонить", "мне ivan lee: позвонить", "мне позвонить"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

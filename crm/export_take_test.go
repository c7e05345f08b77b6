package crm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// taker is the world outside of an export: it takes what there is as f says.
type taker func(ctx context.Context, t *crm.Taking) error

func (f taker) Write(ctx context.Context, t *crm.Taking) error { return f(ctx, t) }
func (f taker) Tell(context.Context, crm.Export)               {}

// export takes clients along.
func (o *office) export(ctx context.Context, in crm.ExportInput, f taker) crm.Export {
	o.t.Helper()
	by := o.as(o.owner)
	_, err := o.BeginExport(o.t.Context(), by, in)
	if err == nil {
		_ = o.WorkExports(ctx, f) // the export says how it ended
	}
	e, gone := o.ExportOf(o.t.Context(), by)
	if err != nil || gone != nil {
		o.t.Fatal(err, gone)
	}
	return e
}

// With somebody's clients go their own tasks about nobody, and no one else's; with all clients everybody's.
func TestOthersTasksStay(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	for _, m := range []crm.Member{o.owner, ivan} {
		if _, err := o.AddTask(t.Context(), o.as(m), crm.TaskInput{Text: "Дело: " + m.Name, Due: o.clock.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	for whose, want := range map[crm.MemberID][]string{"": {"Дело: " + o.owner.Name, "Дело: Иван"}, ivan.ID: {"Дело: Иван"}, o.owner.ID: {"Дело: " + o.owner.Name}} {
		var tasks []string
		o.export(t.Context(), crm.ExportInput{Format: crm.ExportICS, Query: crm.ClientQuery{Owner: whose}}, func(ctx context.Context, k *crm.Taking) error {
			return k.Tasks(ctx, func(_ crm.Client, task crm.Task) error {
				tasks = append(tasks, task.Text)
				return nil
			})
		})
		slices.Sort(tasks)
		slices.Sort(want)
		if !slices.Equal(tasks, want) {
			t.Errorf("with the clients of %q go %v, want %v", whose, tasks, want)
		}
	}
}

// However many tasks a client has, all of them leave.
func TestAllTasksOfAClientLeave(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Иванов Пётр"})
	const n = 502
	for i := range n {
		if _, err := o.AddTask(t.Context(), o.as(o.owner), crm.TaskInput{Client: c.ID, Text: fmt.Sprint("Дело ", i), Due: o.clock.Now().Add(time.Duration(i+1) * time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	o.clock.Advance(time.Minute)
	got := map[crm.TaskID]bool{}
	o.export(t.Context(), crm.ExportInput{Format: crm.ExportJSON}, func(ctx context.Context, k *crm.Taking) error {
		return k.Clients(ctx, func(c crm.Client) error {
			tasks, err := k.TasksOf(ctx, c)
			for _, task := range tasks {
				got[task.ID] = true
			}
			return err
		})
	})
	if len(got) != n {
		t.Errorf("%d of %d tasks leave", len(got), n)
	}
}

// A program that stops when the last file has come knows that it has.
func TestAnExportThatCameHasCome(t *testing.T) {
	for name, during := range map[string]bool{"while it is sent": true, "afterwards": false} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.add(o.owner, crm.Profile{Name: "Иванов Пётр"})
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			e := o.export(ctx, crm.ExportInput{Format: crm.ExportCSV}, func(ctx context.Context, k *crm.Taking) error {
				err := k.Send(ctx, func(context.Context) error {
					if during {
						stop()
					}
					return nil
				})
				stop()
				return err
			})
			if e.State != crm.ExportDone || e.Files != 1 {
				t.Errorf("it is %s with %d files", e.State, e.Files)
			}
		})
	}
}

// told is an export's world that keeps on which messages it was shown how far it is.
type told struct {
	taker
	screens []int64
}

func (w *told) Tell(_ context.Context, e crm.Export) { w.screens = append(w.screens, e.Screen) }

// What was moved to another message is shown there from then on, and no more where it was.
func TestAMovedExportIsShownWhereItIs(t *testing.T) {
	o := newOffice(t)
	for range 3 {
		o.add(o.owner, crm.Profile{Name: "Иванов Пётр"})
	}
	o.clock.Advance(time.Minute)
	by := o.as(o.owner)
	_, err := o.BeginExport(t.Context(), by, crm.ExportInput{Format: crm.ExportCSV, Screen: 1})
	mustAll(t, err)
	w := &told{}
	w.taker = func(ctx context.Context, k *crm.Taking) error {
		return k.Clients(ctx, func(crm.Client) error {
			o.clock.Advance(3 * time.Second)
			_, err := o.MoveExport(ctx, by, 2)
			return err
		})
	}
	mustAll(t, o.WorkExports(t.Context(), w))
	if !slices.Equal(w.screens, []int64{2, 2}) {
		t.Errorf("it was shown on %v", w.screens)
	}
}

// An export of what was searched for knows the name that was typed: whoever is erased is not in it any more once it is over.
func TestAnExportForgetsWhoIsErased(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Горлодранова Екатерина"})
	for _, hits := range [][]crm.ClientID{nil, {c.ID}} {
		o.export(ctx, crm.ExportInput{Format: crm.ExportCSV, Of: hits, About: "найдено по «горлодран»"}, func(context.Context, *crm.Taking) error { return nil })
		one := o.add(o.owner, crm.Profile{Name: "Кто-то Другой"})
		mustAll(t, o.EraseClient(ctx, o.as(o.owner), one.ID))
		if _, err := o.ExportOf(ctx, o.as(o.owner)); errors.Is(err, crm.ErrNotFound) != (hits != nil) {
			t.Errorf("of %d hits: %v", len(hits), err)
		}
	}
}

// Who is erased while files are made leaves in none of them: what was read before is read anew.
func TestAnExportLeavesOutWhoIsErasedMeanwhile(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Горлодранова Екатерина"})
	other := o.add(o.owner, crm.Profile{Name: "Кто-то Другой"})
	o.clock.Advance(time.Minute)
	var sent [][]string
	office := taker(func(ctx context.Context, k *crm.Taking) error {
		var names []string
		err := k.Clients(ctx, func(c crm.Client) error {
			names = append(names, c.Name)
			return nil
		})
		mustAll(t, err)
		o.clock.Advance(time.Second)
		if len(sent) == 0 && slices.Contains(names, c.Name) {
			mustAll(t, o.EraseClient(ctx, o.as(o.owner), c.ID))
		}
		return k.Send(ctx, func(context.Context) error {
			sent = append(sent, names)
			return nil
		})
	})
	if e := o.export(ctx, crm.ExportInput{Format: crm.ExportCSV}, office); e.State != crm.ExportWaiting || len(sent) != 0 {
		t.Fatalf("the export is %s, sent %v", e.State, sent)
	}
	o.clock.Advance(time.Second)
	mustAll(t, o.WorkExports(ctx, office))
	if e, err := o.ExportOf(ctx, o.as(o.owner)); err != nil || e.State != crm.ExportDone || len(sent) != 1 || slices.Contains(sent[0], c.Name) || !slices.Contains(sent[0], other.Name) {
		t.Errorf("the export is %s, %v, sent %v", e.State, err, sent)
	}
	// Of several files the first has gone by then.
	parts := taker(func(ctx context.Context, k *crm.Taking) error {
		mustAll(t, k.Send(ctx, func(context.Context) error { return nil }))
		o.clock.Advance(time.Second)
		mustAll(t, o.EraseClient(ctx, o.as(o.owner), other.ID))
		return k.Send(ctx, func(context.Context) error { return errors.New("sent all the same") })
	})
	if e := o.export(ctx, crm.ExportInput{Format: crm.ExportCSV}, parts); e.State != crm.ExportFailed || e.Problem != "erased" {
		t.Errorf("the export is %s %s", e.State, e.Problem)
	}
}

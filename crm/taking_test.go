package crm_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// withExport calls f when by has begun an export, if they may.
func withExport(f func(s *scene) (any, error)) func(s *scene) (any, error) {
	return func(s *scene) (any, error) {
		_, _ = s.BeginExport(s.ctx, s.by, crm.ExportInput{Format: crm.ExportCSV}) // f says what is wrong
		return f(s)
	}
}

// exportOffice is the world outside of an export.
type exportOffice struct {
	write func(ctx context.Context, t *crm.Taking) error
	told  []crm.Export
}

func (o *exportOffice) Write(ctx context.Context, t *crm.Taking) error { return o.write(ctx, t) }
func (o *exportOffice) Tell(_ context.Context, e crm.Export)           { o.told = append(o.told, e) }

// cards are what is taken when somebody exports.
func (o *office) taken(by crm.Actor, in crm.ExportInput) (cards []crm.Client, history []crm.Touch, tasks []crm.Task) {
	o.t.Helper()
	in.Format = cmp.Or(in.Format, crm.ExportJSON)
	if _, err := o.BeginExport(o.t.Context(), by, in); err != nil {
		o.t.Fatal(err)
	}
	work := &exportOffice{write: func(ctx context.Context, t *crm.Taking) error {
		return errors.Join(t.Clients(ctx, func(c crm.Client) error {
			cards = append(cards, c)
			return nil
		}), t.History(ctx, func(_ crm.Client, h crm.Touch) error {
			history = append(history, h)
			return nil
		}), t.Tasks(ctx, func(_ crm.Client, one crm.Task) error {
			tasks = append(tasks, one)
			return nil
		}))
	}}
	if err := o.WorkExports(o.t.Context(), work); err != nil {
		o.t.Fatal(err)
	}
	e, err := o.ExportOf(o.t.Context(), by)
	if err != nil || e.State != crm.ExportDone {
		o.t.Fatalf("the export is %s %s, %v", e.State, e.Problem, err)
	}
	return cards, history, tasks
}

func (o *office) bought(by crm.Actor, id crm.ClientID) {
	o.t.Helper()
	_, err := o.LogTouch(o.t.Context(), by, id, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeBought, Purchase: &crm.Purchase{What: "Кофе", Sum: 150_00, Currency: "RUB"}})
	if err == nil {
		_, err = o.AddTask(o.t.Context(), o.as(by.Member), crm.TaskInput{Client: id, Text: "Позвонить", Due: o.clock.Now().Add(time.Hour)})
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestExportTakesWhatOneSees(t *testing.T) {
	o := newOffice(t)
	o.Desk = o.WithVault(vault(t, oneKey))
	ivan, lena := o.hire(20, "Иван", crm.RoleManager), o.hire(21, "Лена", crm.RoleSupport)
	olga := o.hire(22, "Ольга", crm.RoleAccountant)
	team, err := o.AddField(t.Context(), o.as(o.owner), crm.CustomField{Name: "Паспорт", Kind: crm.FieldText, Restricted: true})
	if err != nil {
		t.Fatal(err)
	}
	secret := crm.CustomKey(team.Fields[0].ID)
	own := o.add(ivan, crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}})
	other := o.add(o.owner, crm.Profile{Name: "Сидоров Пётр", Phones: []crm.Phone{{E164: "+79001234568"}}})
	if _, err := o.EditClient(t.Context(), o.as(o.owner), own.ID, crm.Edit{Field: secret, Value: "4500 123456"}); err != nil {
		t.Fatal(err)
	}
	o.bought(o.as(ivan), own.ID)
	o.bought(o.as(o.owner), other.ID)

	t.Run("an owner all but what is sealed", func(t *testing.T) {
		cards, history, tasks := o.taken(o.as(o.owner), crm.ExportInput{})
		if len(cards) != 2 || len(history) != 2 || len(tasks) != 2 || cards[0].Bought.Sum == 0 || history[0].Purchase.Sum == 0 {
			t.Errorf("taken %d cards, %d entries, %d tasks", len(cards), len(history), len(tasks))
		}
		for _, c := range cards {
			if len(c.Sealed) > 0 || len(c.Custom) > 0 {
				t.Errorf("a restricted field leaves: %v %v", c.Sealed, c.Custom)
			}
		}
	})
	t.Run("a manager their own", func(t *testing.T) {
		cards, history, tasks := o.taken(o.as(ivan), crm.ExportInput{Query: crm.ClientQuery{Owner: o.owner.ID}})
		if len(cards) != 1 || cards[0].ID != own.ID || len(history) != 1 || len(tasks) != 1 {
			t.Errorf("taken %v, %d entries, %d tasks", cards, len(history), len(tasks))
		}
		if cards, _, _ = o.taken(o.as(ivan), crm.ExportInput{Of: []crm.ClientID{own.ID, other.ID}}); len(cards) != 1 {
			t.Errorf("of two that are named %d are taken", len(cards))
		}
	})
	t.Run("support no sums", func(t *testing.T) {
		cards, history, _ := o.taken(o.as(lena), crm.ExportInput{})
		if len(cards) != 2 || len(history) != 2 || cards[0].Bought.Sum != 0 || history[0].Purchase.Sum != 0 {
			t.Errorf("taken %v %v", cards, history)
		}
	})
	t.Run("an accountant no phones and no history", func(t *testing.T) {
		cards, history, _ := o.taken(o.as(olga), crm.ExportInput{Format: crm.ExportCSV})
		if len(cards) != 2 || len(cards[0].Phones)+len(history) > 0 {
			t.Errorf("taken %v %v", cards, history)
		}
	})
	t.Run("who filters by what is not seen", func(t *testing.T) {
		_, err := o.BeginExport(t.Context(), o.as(olga), crm.ExportInput{Format: crm.ExportCSV, Query: crm.ClientQuery{Tags: []string{"опт"}}})
		if !errors.Is(err, crm.ErrDenied) {
			t.Errorf("got %v", err)
		}
	})
}

func TestExportIsOnRecord(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	o.add(ivan, crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}})
	by := o.as(ivan)
	if _, err := o.BeginExport(t.Context(), by, crm.ExportInput{Format: crm.ExportVCF}); err != nil {
		t.Fatal(err)
	}
	ev, err := o.store.Event(t.Context(), by.Team, by.Cause.EventID(0))
	if err != nil || ev.Action != crm.ActionExport || ev.By != ivan.ID {
		t.Fatalf("the record has %+v, %v", ev, err)
	}
	if as, n := ev.Exported(); as != crm.ExportVCF || n != 1 {
		t.Errorf("exported %s, %d clients", as, n)
	}
	if !slices.Contains(crm.AuditTaken.Actions(), crm.ActionExport) {
		t.Error("the audit of what was taken leaves exports out")
	}
	told, err := o.store.Reminders(t.Context(), crm.ReminderQuery{Team: by.Team, Member: o.owner.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 50})
	if err != nil || !slices.ContainsFunc(told, func(r crm.Reminder) bool {
		return r.News == crm.NewsExport && r.Did == crm.ActionExport && r.Who == ivan.ID
	}) {
		t.Errorf("the owner is told %v, %v", told, err)
	}
}

// begunExport is a manager who has begun to export three clients.
func begunExport(t *testing.T) (*office, crm.Actor) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	for range 3 {
		o.add(ivan, crm.Profile{Name: "Иванов Пётр"})
	}
	by := o.as(ivan)
	if _, err := o.BeginExport(t.Context(), by, crm.ExportInput{Format: crm.ExportCSV}); err != nil {
		t.Fatal(err)
	}
	return o, by
}

func readAll(ctx context.Context, t *crm.Taking) error {
	return t.Clients(ctx, func(crm.Client) error { return nil })
}

// What a restart cuts short begins anew once, unless somebody has a part of it.
func TestExportOverARestart(t *testing.T) {
	died := errors.New("the program ended")
	for name, one := range map[string]struct {
		files int // that were sent before the program ended
		runs  int // how often it ended
		want  crm.ExportState
		why   string
	}{
		"begins anew once":        {0, 1, crm.ExportDone, ""},
		"not for ever":            {0, 2, crm.ExportFailed, "broken"},
		"a part has gone already": {1, 1, crm.ExportFailed, "interrupted"},
	} {
		t.Run(name, func(t *testing.T) {
			o, by := begunExport(t)
			work := &exportOffice{}
			for range one.runs {
				work.write = func(ctx context.Context, k *crm.Taking) error {
					for range one.files {
						if err := k.Send(ctx, func(context.Context) error { return nil }); err != nil {
							return err
						}
					}
					return died
				}
				if err := o.WorkExports(t.Context(), work); !errors.Is(err, died) {
					t.Fatal(err)
				}
			}
			work.write = readAll
			if err := o.WorkExports(t.Context(), work); err != nil {
				t.Fatal(err)
			}
			e, err := o.ExportOf(t.Context(), by)
			if err != nil || e.State != one.want || e.Problem != one.why {
				t.Errorf("it is %s %q, %v", e.State, e.Problem, err)
			}
			if last := work.told[len(work.told)-1]; last.State != one.want {
				t.Errorf("the member is told that it is %s", last.State)
			}
		})
	}
}

// An export ends when the member says so, or may export no longer.
func TestExportEnds(t *testing.T) {
	t.Run("stopped", func(t *testing.T) {
		o, by := begunExport(t)
		work := &exportOffice{write: func(ctx context.Context, k *crm.Taking) error {
			if _, err := o.StopExport(ctx, by); err != nil {
				return err
			}
			if err := readAll(ctx, k); err == nil {
				t.Error("it is read on")
			} else {
				return err
			}
			return nil
		}}
		if err := o.WorkExports(t.Context(), work); err != nil {
			t.Fatal(err)
		}
		if e, err := o.ExportOf(t.Context(), by); err != nil || e.State != crm.ExportCancelled {
			t.Errorf("it is %s, %v", e.State, err)
		}
		if _, err := o.BeginExport(t.Context(), o.as(by.Member), crm.ExportInput{Format: crm.ExportCSV}); err != nil {
			t.Errorf("another one cannot begin: %v", err)
		}
	})
	t.Run("one at a time", func(t *testing.T) {
		o, by := begunExport(t)
		if e, err := o.BeginExport(t.Context(), o.as(by.Member), crm.ExportInput{Format: crm.ExportXLSX}); !errors.Is(err, crm.ErrConflict) || e.Format != crm.ExportCSV {
			t.Errorf("got %v %v", e, err)
		}
	})
	t.Run("let go while it is read", func(t *testing.T) {
		o, by := begunExport(t)
		sent := false
		work := &exportOffice{write: func(ctx context.Context, k *crm.Taking) error {
			err := readAll(ctx, k)
			if err == nil {
				_, err = o.RemoveMember(ctx, o.as(o.owner), by.ID, []crm.MemberID{o.owner.ID})
			}
			if err != nil {
				return err
			}
			return k.Send(ctx, func(context.Context) error { sent = true; return nil })
		}}
		if err := o.WorkExports(t.Context(), work); err != nil || sent {
			t.Errorf("sent: %v, %v", sent, err)
		}
		if last := work.told[len(work.told)-1]; last.State != crm.ExportFailed || last.Problem != "denied" {
			t.Errorf("it is %s %s", last.State, last.Problem)
		}
	})
	t.Run("who may no longer", func(t *testing.T) {
		o, by := begunExport(t)
		if _, err := o.SetRole(t.Context(), o.as(o.owner), by.ID, crm.RoleAnalyst, []crm.MemberID{o.owner.ID}); err != nil {
			t.Fatal(err)
		}
		read := false
		work := &exportOffice{write: func(context.Context, *crm.Taking) error { read = true; return nil }}
		if err := o.WorkExports(t.Context(), work); err != nil || read {
			t.Errorf("read: %v, %v", read, err)
		}
	})
}

func TestExportNeedsACode(t *testing.T) {
	o := newOffice(t)
	o = o.withVault()
	o.add(o.owner, crm.Profile{Name: "Иванов Пётр"})
	o.phone(o.owner)
	if _, err := o.NeedCode(t.Context(), o.as(o.owner), true); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Hour)
	by := o.as(o.owner)
	if _, err := o.BeginExport(t.Context(), by, crm.ExportInput{Format: crm.ExportCSV}); !errors.Is(err, crm.ErrNeedsCode) {
		t.Fatalf("got %v", err)
	}
	if _, err := o.store.Event(t.Context(), by.Team, by.Cause.EventID(0)); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("what was not exported is on record: %v", err)
	}
}

// peeked counts how often it is looked for who is in a team.
type peeked struct {
	crm.Store
	n int
}

func (p *peeked) Members(ctx context.Context, team crm.TeamID) ([]crm.Member, error) {
	p.n++
	return p.Store.Members(ctx, team)
}

// While nobody waits for files, which is looked for every other second, no member is read.
func TestNobodyIsReadWhileNobodyExports(t *testing.T) {
	o := newOffice(t)
	o.add(o.owner, crm.Profile{Name: "Клиент"})
	o.taken(o.as(o.owner), crm.ExportInput{})
	p := &peeked{Store: o.store}
	idle := crm.NewDesk(p, o.clock)
	for range 2 { // the first notes that it is over
		p.n = 0
		if err := idle.WorkExports(t.Context(), &exportOffice{}); err != nil {
			t.Fatal(err)
		}
	}
	if p.n > 0 {
		t.Errorf("members were read %d times", p.n)
	}
	o.taken(o.as(o.owner), crm.ExportInput{}) // and the next is made
}

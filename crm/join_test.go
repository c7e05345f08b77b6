package crm_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/store/sqlite"
)

// unclaimed is a desk whose team nobody owns yet, with its store and its claim code.
func unclaimed(t *testing.T) (*crm.Desk, crm.Store, string) {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	d := crm.NewDesk(st, clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)))
	claim, err := d.Open(t.Context(), crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	return d, st, claim
}

// meeting is a store in which two who read the team wait for each other.
type meeting struct {
	crm.Store
	both sync.WaitGroup
	once sync.Map
}

func (m *meeting) Team(ctx context.Context, id crm.TeamID) (crm.Team, error) {
	t, err := m.Store.Team(ctx, id)
	if _, met := m.once.LoadOrStore(ctx.Value(meetingKey{}), true); !met {
		m.both.Done()
		m.both.Wait()
	}
	return t, err
}

// meetingKey tells the two apart.
type meetingKey struct{}

func TestTwoClaimsMakeOneOwner(t *testing.T) {
	for _, way := range []string{"claim", "adopt"} {
		_, st, claim := unclaimed(t)
		m := &meeting{Store: st}
		m.both.Add(2)
		d := crm.NewDesk(m, clockwork.NewFakeClock())
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i := range errs {
			ctx := context.WithValue(t.Context(), meetingKey{}, i)
			wg.Go(func() {
				who := crm.Newcomer{User: int64(i + 1), Name: "Анна"}
				if way == "adopt" {
					_, errs[i] = d.Adopt(ctx, who, crm.Cause([]string{"u1", "u2"}[i]))
					return
				}
				_, errs[i] = d.Claim(ctx, who, claim, crm.Cause([]string{"u1", "u2"}[i]))
			})
		}
		wg.Wait()
		members, err := st.Members(t.Context(), "main")
		if err != nil || len(members) != 1 {
			t.Errorf("%s: %d owners, %v", way, len(members), err)
		}
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), crm.ErrExpired) {
			t.Errorf("%s: got %v, want one let in and one too late", way, errs)
		}
	}
}

// crashing is a store that fails before the member is written.
type crashing struct{ crm.Store }

func (crashing) SaveMember(context.Context, crm.Member, crm.Event) error { return errors.New("crash") }

func TestAClaimGoesOnAfterACrash(t *testing.T) {
	d, st, claim := unclaimed(t)
	ctx, clock := t.Context(), clockwork.NewFakeClock()
	anna := crm.Newcomer{User: 1, Name: "Анна"}
	if _, err := crm.NewDesk(crashing{st}, clock).Claim(ctx, anna, claim, "u1"); err == nil {
		t.Fatal("no crash")
	}
	if code, err := d.Open(ctx, crm.Setup{}); err != nil || code != "" {
		t.Errorf("a claimed team gives another claim: %q, %v", code, err)
	}
	if _, err := d.Claim(ctx, crm.Newcomer{User: 2, Name: "Иван"}, claim, "u2"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("somebody else: %v", err)
	}
	m, err := d.Claim(ctx, anna, claim, "u3")
	if err != nil || m.Role != crm.RoleOwner {
		t.Errorf("the same person: %v, %v", m.Role, err)
	}
	if again, err := d.Claim(ctx, anna, claim, "u1"); err != nil || again.ID != m.ID || again.Rev != m.Rev {
		t.Errorf("the same update again: %v", err)
	}
	m.Removed, m.Rev = clock.Now(), m.Rev+1
	if err := st.SaveMember(ctx, m, crm.Event{ID: "removed", Team: m.Team, Rev: m.Rev}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Claim(ctx, anna, claim, "u4"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("the first owner, removed since, with the old link: %v", err)
	}
}

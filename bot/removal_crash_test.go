package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/store"
)

const (
	leavers = 8   // members who are taken out of the team, and clients who are erased, each with a kill
	theirs  = 250 // clients of each leaver: some pages of the handing over
)

// leaving is a team from which members are taken out and clients erased while the program is killed.
type leaving struct {
	*victim
	srv     *sandbox.Server
	anna    *sandbox.Person
	address string
	dice    *rand.Rand
	team    crm.TeamID
	members []crm.Member
	heir    crm.Member
	known   []crm.Client // to be erased
}

// TestCrashInRemoval kills the program at random moments after a member was taken out of the team, with clients and tasks to be
// handed over, after that was taken back, and after a client was erased: when it runs again it is all done, each client is there once, the
// member has again what was theirs, and nothing is left of who was erased.
func TestCrashInRemoval(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program many times")
	}
	srv := sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Journal: true})
	api := httptest.NewServer(srv)
	t.Cleanup(func() { srv.Close(); api.Close() })
	dir := t.TempDir()
	l := &leaving{srv: srv, address: "sqlite:" + filepath.Join(dir, "kartoteka.db"), dice: rand.New(rand.NewPCG(killsSeed, 2)),
		anna: srv.AddPerson(sandbox.PersonSpec{ID: annaID, First: "Анна", Lang: "ru"})}
	l.victim = newVictim(t, api.URL, dir)
	l.fill()
	l.start()
	l.done(l.anna.Say("/start"))
	cut := 0
	for i := range leavers {
		cut += l.killed("member|" + string(l.members[i].ID) + "|out=" + string(l.heir.ID) + "!")
		l.gone(l.members[i])
		cut += l.killed("member|" + string(l.members[i].ID) + "|undo=" + string(l.cause(l.members[i])) + "!")
		l.back(l.members[i])
		cut += l.killed("law|" + string(l.known[i].ID) + "|erase!")
		l.erased(l.known[i])
	}
	l.done(l.anna.Say("/team")) // it is there to be ended
	l.end()
	if cut == 0 {
		t.Error("nothing was cut short")
	}
	t.Logf("%d of %d were cut short", cut, 3*leavers)
	if code, out, errs := called(t, map[string]string{"DATA_DIR": dir}, "verify"); code != exitFine {
		t.Errorf("the record of changes: %s%s", out, errs)
	}
}

// within opens the base, with or without the program beside it.
func (l *leaving) within(f func(ctx context.Context, st crm.Store, desk *crm.Desk) error) {
	l.Helper()
	st, err := store.Open(context.Background(), l.address)
	if err != nil {
		l.Fatal(err)
	}
	if err := errors.Join(f(context.Background(), st, crm.NewDesk(st, clockwork.NewRealClock())), st.Close()); err != nil {
		l.Fatal(err)
	}
}

// fill makes the team, its members with their clients, and those who are to be erased.
func (l *leaving) fill() {
	l.within(func(ctx context.Context, st crm.Store, desk *crm.Desk) error {
		if _, err := desk.Open(ctx, crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"}); err != nil {
			return err
		}
		owner, err := desk.Adopt(ctx, crm.Newcomer{User: annaID, Name: "Анна", Lang: "ru"}, "fill")
		if err != nil {
			return err
		}
		l.team = owner.Team
		for i := range leavers + 1 {
			m, err := l.hired(ctx, desk, crm.Actor{Member: owner, Cause: crm.Cause(fmt.Sprintf("hire%d", i))}, i)
			if err != nil {
				return err
			}
			l.members = append(l.members, m)
		}
		l.heir, l.members = l.members[leavers], l.members[:leavers]
		for i := range leavers {
			by := crm.Actor{Member: owner, Cause: crm.Cause(fmt.Sprintf("known%d", i))}
			c, err := desk.AddClient(ctx, by, crm.Draft{Profile: crm.Profile{Name: "Горлодранова " + letters(i)}, Notes: []crm.DraftNote{{Kind: crm.TouchNote, Text: "Горлодранова звонила"}}}, true)
			if err != nil {
				return err
			}
			l.known = append(l.known, c)
		}
		return desk.SealEvents(ctx)
	})
}

// hired is a manager with clients of their own.
func (l *leaving) hired(ctx context.Context, desk *crm.Desk, owner crm.Actor, i int) (crm.Member, error) {
	code, _, err := desk.InviteMember(ctx, owner, crm.Invitation{Role: crm.RoleManager, Days: 1, Uses: 1})
	if err != nil {
		return crm.Member{}, err
	}
	m, err := desk.AcceptInvite(ctx, crm.Newcomer{User: int64(100 + i), Name: "Менеджер " + letters(i), Lang: "ru"}, code, owner.Cause+"in")
	if err != nil || i == leavers {
		return m, err
	}
	var drafts []crm.Draft
	for k := range theirs {
		drafts = append(drafts, crm.Draft{Profile: crm.Profile{Name: "Проверкин " + letters(1000*i+k)}})
	}
	if _, _, err := desk.AddMany(ctx, crm.Actor{Member: m, Cause: owner.Cause + "many"}, drafts); err != nil {
		return m, err
	}
	_, err = desk.AddTask(ctx, crm.Actor{Member: m, Cause: owner.Cause + "task"}, crm.TaskInput{Text: "дело", Due: time.Now().Add(time.Hour)})
	return m, err
}

func (l *leaving) done(u sandbox.Update) {
	l.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := l.srv.WaitHandled(ctx, u.ID); err != nil {
		l.Fatalf("update %d is not handled: %v\n%s", u.ID, err, &l.log)
	}
}

// killed presses, kills the program a moment later, and starts it again, which gets the press again if it was not done with it. It
// returns 1 if the press was cut short.
func (l *leaving) killed(data string) int {
	l.Helper()
	press := l.anna.Forge(l.anna.Last().ID, data)
	time.Sleep(time.Duration(l.dice.IntN(60)) * time.Millisecond) // the moment of the crash is what is tried out
	l.kill()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	short := 0
	if l.srv.WaitHandled(ctx, press.ID) != nil {
		short = 1
	}
	l.start()
	l.done(press)
	return short
}

// settled waits until a member is out, or back, and nothing of theirs is on its way any more: the clock's work is waited for.
func (l *leaving) settled(ctx context.Context, st crm.Store, m crm.Member, out bool) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) { // the base is all there is to see it by
		now, err := st.Member(ctx, m.Team, m.ID)
		if err != nil {
			return err
		}
		if now.Removed.IsZero() != out && !now.Handing.UnderWay() {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s is out: %v, wanted: %v, or something is on its way: %+v", m.ID, !now.Removed.IsZero(), out, now.Handing)
		}
	}
}

// has looks how many clients and tasks members have.
func (l *leaving) has(ctx context.Context, st crm.Store, clients, tasks map[crm.MemberID]int) {
	l.Helper()
	for who, want := range clients {
		if got, err := st.CountClients(ctx, crm.ClientQuery{Team: l.team, Owner: who}, theirs+1); err != nil || got != want {
			l.Errorf("%s has %d clients, %v, want %d", who, got, err, want)
		}
	}
	for who, want := range tasks {
		if got, err := st.CountTasks(ctx, crm.TaskQuery{Team: l.team, Assignee: who, State: crm.TaskOpen}, 100); err != nil || got != want {
			l.Errorf("%s has %d tasks, %v, want %d", who, got, err, want)
		}
	}
}

// gone looks whether a member is out and all that was theirs is the heir's.
func (l *leaving) gone(m crm.Member) {
	l.Helper()
	l.within(func(ctx context.Context, st crm.Store, _ *crm.Desk) error {
		err := l.settled(ctx, st, m, true)
		l.has(ctx, st, map[crm.MemberID]int{m.ID: 0, l.heir.ID: theirs}, map[crm.MemberID]int{m.ID: 0, l.heir.ID: 1})
		return err
	})
}

// back looks whether a member is in the team again, with the role and all that was theirs.
func (l *leaving) back(m crm.Member) {
	l.Helper()
	l.within(func(ctx context.Context, st crm.Store, _ *crm.Desk) error {
		err := l.settled(ctx, st, m, false)
		l.has(ctx, st, map[crm.MemberID]int{m.ID: theirs, l.heir.ID: 0}, map[crm.MemberID]int{m.ID: 1, l.heir.ID: 0})
		now, err2 := st.Member(ctx, m.Team, m.ID)
		if now.Role != m.Role {
			l.Errorf("%s is %s, want %s", m.ID, now.Role, m.Role)
		}
		return errors.Join(err, err2)
	})
}

// cause is of the removal that can be taken back.
func (l *leaving) cause(m crm.Member) (cause crm.Cause) {
	l.Helper()
	l.within(func(ctx context.Context, st crm.Store, _ *crm.Desk) error {
		now, err := st.Member(ctx, m.Team, m.ID)
		cause = now.Before.Cause
		return err
	})
	return cause
}

// erased looks whether anything is left of a client.
func (l *leaving) erased(c crm.Client) {
	l.Helper()
	from, err := store.OpenSource(l.Context(), l.address)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = from.Close() }() // was only read
	there := false
	err = from.Dump(l.Context(), func(kind crm.RecordKind, doc []byte) error {
		if bytes.Contains(doc, []byte(c.Name)) {
			l.Errorf("one of %s holds the name still", kind)
		}
		there = there || kind == crm.RecordEvent && bytes.Contains(doc, []byte(crm.PurgeEventID(c.ID)))
		return nil
	})
	if err != nil || !there {
		l.Errorf("that the client was erased is not on record: %v", err)
	}
}

package crm_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"pgregory.net/rapid"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
	"kartoteka/store/sqlite"
)

// TestEachDueDateIsRemindedOnce walks through some days with random clients, zones, settings, changes, failures and stops,
// then lets the clock go on undisturbed, and holds what came against what was due.
func TestEachDueDateIsRemindedOnce(t *testing.T) {
	folder := quickFolder(t)
	fewer(t, 25)
	rapid.Check(t, func(rt *rapid.T) {
		w := newWalk(rt, folder)
		defer w.close()
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			w.step()
		}
		w.settle()
		w.judge()
	})
}

// quickFolder is in memory where the system has such a place: a walk writes thousands of times, and each write is waited for.
func quickFolder(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "walk")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// fewer sets how many walks are tried where nobody has said it.
func fewer(t *testing.T, n int) {
	checks := flag.Lookup("rapid.checks")
	if was := checks.Value.String(); was == checks.DefValue {
		t.Cleanup(func() { _ = flag.Set(checks.Name, was) })
		_ = flag.Set(checks.Name, strconv.Itoa(n))
	}
}

// Walks begin some days before a clock change, the end of a February, or at no special time.
var walkBegins = []time.Time{
	time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC), time.Date(2026, 10, 23, 9, 0, 0, 0, time.UTC), time.Date(2027, 2, 25, 9, 0, 0, 0, time.UTC),
	time.Date(2028, 2, 26, 9, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC),
}

var walkZones = []string{"Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "Australia/Lord_Howe",
	"America/Sao_Paulo", "Pacific/Kiritimati", "UTC"}

// walkRoles are what somebody may become: who looks after no clients is told of none; "" leaves.
var walkRoles = []crm.Role{"", crm.RoleManager, crm.RoleManager, crm.RoleAnalyst, crm.RoleSupport, crm.RoleAccountant}

// tends says whether somebody looks after clients, by the role's name.
func tends(m crm.Member) bool {
	return m.Role == crm.RoleOwner || m.Role == crm.RoleManager || m.Role == crm.RoleSupport
}

// mortal is a store to which a program that has been killed writes nothing more of what it sent.
type mortal struct {
	crm.Store
	w *walk
}

func (m mortal) MoveReminder(ctx context.Context, r crm.Reminder, from crm.ReminderState) error {
	m.w.mu.Lock()
	down := m.w.down
	m.w.mu.Unlock()
	if down {
		return errKilled
	}
	return m.Store.MoveReminder(ctx, r, from)
}

var errKilled = errors.New("killed")

// settleDays is how long a walk goes on undisturbed at its end.
const settleDays = 5

// walk is a team, a clock that is moved, and what its members were told.
type walk struct {
	*rapid.T
	*crm.Desk
	store   crm.Store
	clock   *clockwork.FakeClock
	team    crm.TeamID
	people  []crm.MemberID // the owner first
	clients []crm.ClientID
	tasks   []crm.TaskID
	causes  int

	mu     sync.Mutex
	dice   *rand.Rand
	rough  bool           // the messenger fails now and then, and so does the program
	down   bool           // the program has been killed: nothing is sent or written any more
	told   map[string]int // what for → times it came
	doubts map[string]int // what for → times no answer came though it may have come
	wrong  []string
}

func newWalk(rt *rapid.T, folder string) *walk {
	ctx := context.Background()
	file := filepath.Join(folder, "walk.db")
	for _, end := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(file + end) // of the walk before; there may be none
	}
	st, err := sqlite.Open(ctx, file)
	if err != nil {
		rt.Fatal(err)
	}
	w := &walk{T: rt, store: st, clock: clockwork.NewFakeClockAt(rapid.SampledFrom(walkBegins).Draw(rt, "begin")), team: "main",
		dice: rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "dice"), 1)), told: map[string]int{}, doubts: map[string]int{}}
	w.Desk = crm.NewDesk(mortal{st, w}, w.clock)
	_, err = w.Open(ctx, crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"})
	w.ok(err)
	w.rough = rapid.Bool().Draw(rt, "rough")
	owner, err := w.Adopt(ctx, crm.Newcomer{User: 1, Name: "Анна", Lang: "ru"}, "own")
	w.ok(err)
	w.people = append(w.people, owner.ID)
	for i := range rapid.IntRange(0, 2).Draw(rt, "managers") {
		m := crm.Member{ID: crm.MemberID(fmt.Sprint("m", i)), Team: w.team, Schema: 1, User: int64(2 + i), Name: "Иван", Role: crm.RoleManager,
			Lang: "ru", Created: w.clock.Now()}
		w.saveMember(m)
		w.people = append(w.people, m.ID)
	}
	for _, id := range w.people {
		w.settings(id)
	}
	_, err = w.SetShared(ctx, w.as(w.people[0]), rapid.IntRange(0, 3).Draw(rt, "shared") == 0)
	w.ok(err)
	for range rapid.IntRange(1, 4).Draw(rt, "clients") {
		w.addClient()
	}
	w.tick()
	return w
}

func (w *walk) close() { _ = w.store.Close() }

func (w *walk) ok(err error) {
	if err != nil && !errors.Is(err, crm.ErrConflict) && !errors.Is(err, crm.ErrInvalid) && !errors.Is(err, crm.ErrNotFound) {
		w.Fatal(err)
	}
}

func (w *walk) saveMember(m crm.Member) {
	m.Rev++
	w.causes++
	w.ok(w.store.SaveMember(context.Background(), m, crm.Event{ID: crm.EventID(fmt.Sprint("save", w.causes)), Team: m.Team, Rev: m.Rev}))
}

func (w *walk) member(id crm.MemberID) crm.Member {
	m, err := w.store.Member(context.Background(), w.team, id)
	w.ok(err)
	return m
}

// as is a member about to do something new; one who has left or lost the role cannot, the owner does it then.
func (w *walk) as(id crm.MemberID) crm.Actor {
	m := w.member(id)
	if !m.Removed.IsZero() || !tends(m) || m.Role == crm.RoleSupport {
		m = w.member(w.people[0])
	}
	w.causes++
	return crm.Actor{Member: m, Cause: crm.Cause(fmt.Sprint("u", w.causes))}
}

func (w *walk) anybody() crm.MemberID { return rapid.SampledFrom(w.people).Draw(w.T, "who") }

// settings draws where somebody is and how they want to be reminded.
func (w *walk) settings(id crm.MemberID) {
	quiet := rapid.SampledFrom([][2]string{{"21:00", "08:00"}, {"00:00", "00:00"}, {"23:30", "06:30"}, {"19:00", "12:00"}, {"12:00", "19:00"},
		{"08:00", "21:00"}}).Draw(w.T, "quiet")
	m := w.member(id)
	m.Zone = rapid.SampledFrom(walkZones).Draw(w.T, "zone")
	m.Reminding = crm.Reminding{Digest: rapid.SampledFrom([]string{"00:00", "06:30", "09:00", "12:00", "19:00", "23:30"}).Draw(w.T, "digest"),
		QuietFrom: quiet[0], QuietTo: quiet[1], Set: true,
		Birthdays:     rapid.SliceOfNDistinct(rapid.SampledFrom([]int{0, 1, 5, 30}), 0, 3, rapid.ID).Draw(w.T, "leads"),
		Anniversaries: rapid.SliceOfNDistinct(rapid.SampledFrom([]int{0, 1, 7, 30}), 1, 3, rapid.ID).Draw(w.T, "years' leads")}
	w.saveMember(m)
}

func (w *walk) addClient() {
	by := w.as(w.anybody())
	birthday := civil.DateOf(w.clock.Now()).Plus(rapid.IntRange(-1, 12).Draw(w.T, "birthday"))
	if rapid.IntRange(0, 3).Draw(w.T, "leap") == 0 {
		birthday = civil.Date{Year: 2000, Month: time.February, Day: 29}
	}
	birthday.Year = 1990
	if birthday.Month == time.February && birthday.Day == 29 {
		birthday.Year = 2000
	}
	profile := crm.Profile{Name: fmt.Sprint("Клиент ", w.causes), Birthday: birthday}
	if rapid.Bool().Draw(w.T, "has a date") {
		day := civil.DateOf(w.clock.Now()).Plus(rapid.IntRange(-1, 12).Draw(w.T, "date"))
		profile.Dates = []crm.OtherDate{{Label: "День", Day: day, Once: rapid.Bool().Draw(w.T, "once"), Lead: rapid.IntRange(0, 5).Draw(w.T, "lead")}}
	}
	c, err := w.AddClient(context.Background(), by, crm.Draft{Profile: profile}, true)
	w.ok(err)
	w.clients = append(w.clients, c.ID)
	if rapid.Bool().Draw(w.T, "has been long") {
		by.Cause += "first"
		at := w.clock.Now().AddDate(-2, 0, rapid.IntRange(-1, 12).Draw(w.T, "first"))
		_, err := w.LogTouch(context.Background(), by, c.ID, crm.TouchInput{Kind: crm.TouchCall, At: at})
		w.ok(err)
	}
}

// step changes something or lets time pass: minutes with the program running, or up to three days without it.
func (w *walk) step() {
	ctx := context.Background()
	client := rapid.SampledFrom(w.clients).Draw(w.T, "client")
	soon := func() time.Time {
		return w.clock.Now().Add(time.Duration(rapid.IntRange(1, 4000).Draw(w.T, "in")) * time.Minute)
	}
	switch rapid.IntRange(0, 12).Draw(w.T, "what") {
	case 0, 1:
		by := w.as(w.anybody())
		in := crm.TaskInput{Text: "дело", Due: soon().In(by.Location()), Repeat: rapid.SampledFrom([]moment.Repeat{"", "", "", moment.RepeatDaily}).Draw(w.T, "repeat")}
		if rapid.Bool().Draw(w.T, "about a client") { // of whomever: who gets the task need not have the card
			by = w.as(w.people[0])
			in.Client, in.Assignee = client, w.anybody()
		}
		task, err := w.AddTask(ctx, by, in)
		if w.ok(err); err == nil {
			w.tasks = append(w.tasks, task.ID)
		}
	case 2:
		outcome := rapid.SampledFrom([]crm.Outcome{crm.OutcomeNone, crm.OutcomeOffer}).Draw(w.T, "outcome")
		_, err := w.LogTouch(ctx, w.as(w.people[0]), client, crm.TouchInput{Kind: crm.TouchCall, Outcome: outcome, Text: "x", Next: soon()})
		w.ok(err)
	case 3:
		w.change(client)
	case 4:
		if len(w.tasks) > 0 {
			id, owner := rapid.SampledFrom(w.tasks).Draw(w.T, "task"), w.as(w.people[0])
			_, err := w.SnoozeTask(ctx, owner, id, time.Time{}, soon())
			w.ok(err)
			owner.Cause += "h"
			_, err = w.HandOverTask(ctx, owner, id, w.anybody())
			w.ok(err)
		}
	case 5:
		if m := w.member(w.anybody()); m.ID != w.people[0] && m.Removed.IsZero() {
			if m.Role = rapid.SampledFrom(walkRoles).Draw(w.T, "becomes"); m.Role == "" {
				m.Role, m.Removed = crm.RoleManager, w.clock.Now()
			}
			w.saveMember(m)
		}
	case 6:
		w.clock.Advance(time.Duration(rapid.IntRange(1, 72*60).Draw(w.T, "stop")) * time.Minute)
		w.tick()
	default:
		for range rapid.IntRange(1, 40).Draw(w.T, "running") {
			w.clock.Advance(time.Duration(rapid.IntRange(1, 30).Draw(w.T, "minutes")) * time.Minute)
			w.tick()
		}
	}
}

// change does something to a card that its reminders must follow.
func (w *walk) change(id crm.ClientID) {
	ctx, owner := context.Background(), w.as(w.people[0])
	var err error
	switch rapid.IntRange(0, 5).Draw(w.T, "fate") {
	case 0:
		_, err = w.DeleteClient(ctx, owner, id)
	case 1:
		_, err = w.ArchiveClient(ctx, owner, id, "")
	case 2, 3:
		_, err = w.RestoreDespite(ctx, owner, id)
	default:
		_, err = w.HandOverClient(ctx, owner, id, w.anybody())
	}
	w.ok(err)
}

// settle lets everything that is due come: days of hours without failures and changes.
func (w *walk) settle() {
	w.rough = false
	for range settleDays * 24 {
		w.clock.Advance(time.Hour)
		w.tick()
	}
}

func (w *walk) tick() {
	ctx := context.Background()
	w.ok(w.PlanReminders(ctx))
	_, err := w.DeliverReminders(ctx, w)
	if !w.down {
		w.ok(err)
	}
	w.down = false // it is started anew
	if len(w.wrong) > 0 {
		w.Fatalf("%d: %s", len(w.wrong), w.wrong[0])
	}
}

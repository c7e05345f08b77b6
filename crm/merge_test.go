package crm_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// twins are two cards of one person, with all that can hang on a card.
type twins struct {
	*office
	kept, gone crm.Client
	task       crm.Task
}

func newTwins(t *testing.T) *twins {
	t.Helper()
	o := newOffice(t)
	phone := crm.Phone{E164: "+79035556677"}
	tw := &twins{office: o, kept: o.add(o.owner, crm.Profile{Name: "Петров Сергей", City: "Москва", Phones: []crm.Phone{phone}, Tags: []string{"опт"}})}
	o.clock.Advance(time.Minute)
	var err error
	tw.gone, err = o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: crm.Profile{Name: "Сергей П.", City: "Тула", Company: "Акме", Phones: []crm.Phone{phone},
		Emails: []string{"s.petrov@mail.ru"}, Tags: []string{"Опт", "новый"}, Birthday: civil.Date{Year: 1980, Month: 5, Day: 12}, Dates: []crm.OtherDate{wedding}}}, true)
	mustAll(t, err)
	for _, id := range []crm.ClientID{tw.kept.ID, tw.gone.ID} {
		_, err = o.LogTouch(t.Context(), o.as(o.owner), id, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeAgreed, Text: string(id)})
		mustAll(t, err)
		_, err = o.GiveConsent(t.Context(), o.as(o.owner), id, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper})
		mustAll(t, err)
		o.clock.Advance(time.Minute)
	}
	_, err = o.WithdrawConsent(t.Context(), o.as(o.owner), tw.gone.ID, crm.PurposeMailing, civil.Date{})
	mustAll(t, err)
	tw.task, err = o.AddTask(t.Context(), o.as(o.owner), crm.TaskInput{Client: tw.gone.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour)})
	mustAll(t, err)
	tw.kept, tw.gone = tw.look(tw.kept.ID), tw.look(tw.gone.ID)
	return tw
}

func mustAll(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// look is a card as it is stored.
func (o *office) look(id crm.ClientID) crm.Client {
	o.t.Helper()
	c, err := o.store.Client(o.t.Context(), o.owner.Team, id)
	mustAll(o.t, err)
	return c
}

func (tw *twins) merge(take ...crm.Field) (crm.Client, crm.Pair) {
	tw.t.Helper()
	c, p, err := tw.MergeClients(tw.t.Context(), tw.as(tw.owner), crm.MergeInput{Kept: tw.kept.ID, Gone: tw.gone.ID, Take: take})
	mustAll(tw.t, err)
	return c, p
}

func TestMergeClients(t *testing.T) {
	tw := newTwins(t)
	c, p := tw.merge(crm.FieldCity)
	if p.State != crm.PairMerged || c.ID != tw.kept.ID || c.City != "Тула" || c.Company != "Акме" || c.Name != "Петров Сергей" || c.Touches != 2 ||
		len(c.Phones) != 1 || len(c.Emails) != 1 || !slices.Equal(c.Tags, []string{"опт", "новый"}) || c.Birthday.Year != 1980 || len(c.Dates) != 1 {
		t.Errorf("got %+v of %+v", c, p)
	}
	ctx, by := t.Context(), tw.as(tw.owner)
	for _, id := range []crm.ClientID{tw.kept.ID, tw.gone.ID} { // whichever is asked for
		got, err := tw.Client(ctx, by, id)
		mustAll(t, err)
		history, err := tw.History(ctx, by, crm.TouchQuery{Client: id, Limit: 9})
		mustAll(t, err)
		consents, err := tw.Consents(ctx, by, id)
		mustAll(t, err)
		active := slices.ContainsFunc(consents, func(c crm.Consent) bool { return c.Withdrawn.IsZero() })
		if got.ID != tw.kept.ID || len(history) != 3 || len(consents) != 2 || active {
			t.Errorf("%s: got %s, %d touches, consents %+v", id, got.ID, len(history), consents)
		}
	}
	task, err := tw.Task(ctx, by, tw.task.ID)
	if err != nil || task.Client != tw.kept.ID {
		t.Errorf("the task is about %s, %v", task.Client, err)
	}
	// What was begun with the card that went goes on with the one that stayed.
	if got, err := tw.EditClient(ctx, tw.as(tw.owner), tw.gone.ID, crm.Edit{Field: crm.FieldPosition, Value: "закупщик", Force: true}); err != nil || got.ID != tw.kept.ID {
		t.Errorf("an edit of the closed card came to %s, %v", got.ID, err)
	}
	if list, err := tw.List(ctx, by, crm.ClientQuery{Limit: 9}); err != nil || len(list) != 1 {
		t.Errorf("%d cards are listed, %v", len(list), err)
	}
	if list, err := tw.List(ctx, by, crm.ClientQuery{Bin: crm.BinInside, Limit: 9}); err != nil || len(list) != 0 {
		t.Errorf("%d cards are in the bin, %v", len(list), err)
	}
	for _, id := range []crm.ClientID{tw.kept.ID, tw.gone.ID} {
		changes, err := tw.Changes(ctx, by, id, crm.ChangeMark{}, 9)
		if err != nil || !slices.ContainsFunc(changes, func(c crm.Change) bool { return c.Action == crm.ActionMergeClients }) {
			t.Errorf("%s: nothing of it in %+v, %v", id, changes, err)
		}
	}
}

// To whoever looks through the record it is one thing that was done, and one more where it is taken back.
func TestMergeIsOneRowOfTheAudit(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	rows := func() (rows []crm.Audited) {
		t.Helper()
		return slices.DeleteFunc(tw.entries(), func(e crm.Audited) bool { return e.Action != crm.ActionMergeClients })
	}
	_, p := tw.merge()
	tw.clock.Advance(time.Minute)
	made := rows()
	if len(made) != 1 || made[0].Client.ID != tw.kept.ID || made[0].Undoes != "" {
		t.Fatalf("two cards that became one are %d rows: %+v", len(made), made)
	}
	_, parts, err := tw.AuditParts(ctx, tw.as(tw.owner), made[0].ID, "", 20)
	closed := func(e crm.Audited) bool { return e.Client.ID == tw.gone.ID }
	moved := func(e crm.Audited) bool { return e.Task.ID == tw.task.ID }
	if err != nil || len(parts) != made[0].Parts || !slices.ContainsFunc(parts, closed) || !slices.ContainsFunc(parts, moved) {
		t.Errorf("it opens %d of %d parts, %v: %+v", len(parts), made[0].Parts, err, parts)
	}
	_, err = tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
	mustAll(t, err)
	back := rows()
	if len(back) != 2 || back[0].Undoes != made[0].ID || back[0].Client.ID != tw.kept.ID || back[0].Parts != made[0].Parts {
		t.Errorf("and one that was taken back is %+v", back)
	}
}

func TestMergeTwice(t *testing.T) {
	tw := newTwins(t)
	by := tw.as(tw.owner)
	in := crm.MergeInput{Kept: tw.kept.ID, Gone: tw.gone.ID}
	for range 2 { // the update comes again
		if c, _, err := tw.MergeClients(t.Context(), by, in); err != nil || c.Touches != 2 {
			t.Errorf("got %+v, %v", c, err)
		}
	}
	for _, in := range []crm.MergeInput{in, {Kept: tw.gone.ID, Gone: tw.kept.ID}, {Kept: tw.kept.ID, Gone: tw.kept.ID}} {
		if _, _, err := tw.MergeClients(t.Context(), tw.as(tw.owner), in); !errors.Is(err, crm.ErrConflict) {
			t.Errorf("%+v: got %v, want ErrConflict", in, err)
		}
	}
}

func TestMergeWithACardInTheBin(t *testing.T) {
	tw := newTwins(t)
	_, err := tw.DeleteClient(t.Context(), tw.as(tw.owner), tw.gone.ID)
	mustAll(t, err)
	for _, in := range []crm.MergeInput{{Kept: tw.kept.ID, Gone: tw.gone.ID}, {Kept: tw.gone.ID, Gone: tw.kept.ID}} {
		if _, _, err := tw.MergeClients(t.Context(), tw.as(tw.owner), in); fieldOf(err) != "pair" || !errors.Is(err, crm.ErrConflict) {
			t.Errorf("%+v: got %v", in, err)
		}
	}
}

func TestUndoMerge(t *testing.T) {
	for _, changed := range []bool{false, true} {
		tw := newTwins(t)
		touches := len(tw.touches(tw.kept.ID))
		_, p := tw.merge(crm.FieldName, crm.FieldCity)
		if changed {
			_, err := tw.EditClient(t.Context(), tw.as(tw.owner), tw.kept.ID, crm.Edit{Field: crm.FieldCity, Value: "Омск", Force: true})
			mustAll(t, err)
			_, err = tw.AddTags(t.Context(), tw.as(tw.owner), tw.kept.ID, "важный")
			mustAll(t, err)
			_, err = tw.LogTouch(t.Context(), tw.as(tw.owner), tw.gone.ID, crm.TouchInput{Kind: crm.TouchCall})
			mustAll(t, err)
		}
		by := tw.as(tw.owner)
		for range 2 {
			got, err := tw.UndoMerge(t.Context(), by, p.ID)
			if err != nil || got.Pair.State != crm.PairOpen {
				t.Fatalf("got %+v, %v", got, err)
			}
		}
		kept, gone := tw.look(tw.kept.ID), tw.look(tw.gone.ID)
		for _, c := range []*crm.Client{&kept, &gone, &tw.kept, &tw.gone} {
			c.Rev, c.Updated = 0, time.Time{}
		}
		if !reflect.DeepEqual(gone, tw.gone) {
			t.Errorf("the one that went is\n%+v, was\n%+v", gone, tw.gone)
		}
		if !changed && !reflect.DeepEqual(kept, tw.kept) {
			t.Errorf("the one that stayed is\n%+v, was\n%+v", kept, tw.kept)
		}
		if changed && (kept.City != "Омск" || !slices.Equal(kept.Tags, []string{"опт", "важный"}) || kept.Touches != tw.kept.Touches+1 || kept.Name != tw.kept.Name) {
			t.Errorf("what was done since is %+v", kept)
		}
		if n := len(tw.touches(tw.kept.ID)); !changed && n != touches+1 || changed && n != touches+2 { // a note that was taken back
			t.Errorf("%d touches", n)
		}
		if consents, err := tw.Consents(t.Context(), by, tw.kept.ID); err != nil || len(consents) != 1 || !consents[0].Withdrawn.IsZero() {
			t.Errorf("consents %+v, %v", consents, err)
		}
		if task, err := tw.Task(t.Context(), by, tw.task.ID); err != nil || task.Client != tw.gone.ID || len(task.Moved) != 0 {
			t.Errorf("task %+v, %v", task, err)
		}
	}
}

func (o *office) touches(id crm.ClientID) []crm.Touch {
	o.t.Helper()
	list, err := o.store.Touches(o.t.Context(), crm.TouchQuery{Team: o.owner.Team, Client: id, Limit: 100})
	mustAll(o.t, err)
	return list
}

func TestUndoMergeTooLate(t *testing.T) {
	tw := newTwins(t)
	third := tw.add(tw.owner, crm.Profile{Name: "Третий"})
	_, p := tw.merge()
	_, further, err := tw.MergeClients(t.Context(), tw.as(tw.owner), crm.MergeInput{Kept: third.ID, Gone: tw.kept.ID})
	mustAll(t, err)
	if _, err := tw.UndoMerge(t.Context(), tw.as(tw.owner), p.ID); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("the kept card was merged on: %v", err)
	}
	if c, err := tw.Client(t.Context(), tw.as(tw.owner), tw.gone.ID); err != nil || c.ID != third.ID {
		t.Errorf("the first card is %s, %v", c.ID, err)
	}
	_, err = tw.UndoMerge(t.Context(), tw.as(tw.owner), further.ID)
	mustAll(t, err)
	tw.clock.Advance(crm.BinDays * 24 * time.Hour)
	if _, err := tw.UndoMerge(t.Context(), tw.as(tw.owner), p.ID); fieldOf(err) != "merge" {
		t.Errorf("after a month: %v", err)
	}
	if n, err := tw.PurgeBin(t.Context()); err != nil || n != 0 {
		t.Errorf("%d cards were purged, %v", n, err)
	}
	mustAll(t, tw.EraseClient(t.Context(), tw.as(tw.owner), tw.kept.ID))
	for _, id := range []crm.ClientID{tw.kept.ID, tw.gone.ID} {
		if _, err := tw.store.Client(t.Context(), tw.owner.Team, id); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("%s is left: %v", id, err)
		}
	}
}

// Whoever adds a record with a client has to say what becomes of it when the client's card is merged.
func TestAllThatHangsOnAClientMoves(t *testing.T) {
	known := crm.Moving()
	var there []string
	for _, path := range crm.FieldsOfType(reflect.TypeFor[crm.ClientID]()) {
		there = append(there, path)
		if known[path] == "" {
			t.Errorf("%s: nobody has said what becomes of it", path)
		}
	}
	for path := range known {
		if !slices.Contains(there, path) {
			t.Errorf("%s is no field", path)
		}
	}
	if len(there) < 12 || !slices.Contains(there, "members.handing.page.client") {
		t.Errorf("found %s", strings.Join(there, ", "))
	}
}

func TestPairs(t *testing.T) {
	tw := newTwins(t)
	ivan := tw.hire(20, "Иван", crm.RoleManager)
	seen := func(m crm.Member) []crm.PairID {
		t.Helper()
		page, err := tw.Pairs(t.Context(), tw.as(m), nil, 5)
		mustAll(t, err)
		var ids []crm.PairID
		for _, p := range page.Pairs {
			ids = append(ids, p.ID)
		}
		if page.Searching || page.Total != len(ids) {
			t.Errorf("got %+v", page)
		}
		return ids
	}
	id := crm.NewPairID(tw.owner.Team, tw.gone.ID, tw.kept.ID)
	if got := seen(tw.owner); !slices.Equal(got, []crm.PairID{id}) {
		t.Fatalf("got %v, want %v", got, id)
	}
	if got := seen(ivan); len(got) != 0 {
		t.Errorf("a manager sees pairs of others: %v", got)
	}
	// As cards change, pairs come and go; whose they are is looked at too.
	for n, m := range []crm.Member{ivan, tw.owner, ivan} {
		_, err := tw.HandOverClient(t.Context(), tw.as(tw.owner), []crm.ClientID{tw.kept.ID, tw.gone.ID, tw.gone.ID}[n], m.ID)
		mustAll(t, err)
		if want := map[bool]int{true: 1}[n == 2 && m.ID == ivan.ID] + 0; len(seen(ivan)) > want {
			t.Errorf("%d: Ivan sees %d", n, len(seen(ivan)))
		}
	}
	if got := seen(ivan); !slices.Equal(got, []crm.PairID{id}) {
		t.Errorf("both are Ivan's: %v", got)
	}
	third := tw.add(tw.owner, crm.Profile{Name: "Ольга", Emails: []string{"o@mail.ru"}})
	_, err := tw.EditClient(t.Context(), tw.as(tw.owner), third.ID, crm.Edit{Field: crm.FieldEmails, Value: "s.petrov@mail.ru", Force: true, Despite: true})
	mustAll(t, err)
	if got := seen(tw.owner); len(got) != 2 {
		t.Errorf("with a third: %v", got)
	}
	mustAll(t, tw.TellApart(t.Context(), tw.as(tw.owner), id))
	_, err = tw.EditClient(t.Context(), tw.as(tw.owner), third.ID, crm.Edit{Field: crm.FieldEmails, Value: "", Force: true})
	mustAll(t, err)
	if got := seen(tw.owner); len(got) != 0 {
		t.Errorf("none is left: %v", got)
	}
	if _, err := tw.EditClient(t.Context(), tw.as(tw.owner), tw.kept.ID, crm.Edit{Field: crm.FieldCity, Value: "Уфа", Force: true}); err != nil || len(seen(tw.owner)) != 0 {
		t.Errorf("what was told apart came back, %v", err)
	}
	mustAll(t, tw.AskAgain(t.Context(), tw.as(tw.owner), id))
	if got := seen(tw.owner); !slices.Equal(got, []crm.PairID{id}) {
		t.Errorf("taken back it is asked again: %v", got)
	}
}

// What was to be remembered of the card that went is remembered of the one that stayed, and what both had is told once.
func TestRemindersFollowAMerge(t *testing.T) {
	for _, both := range []bool{false, true} {
		o, b := newOffice(t), &inbox{}
		born := civil.Date{Year: 1990, Month: 11, Day: 21}
		kept := o.add(o.owner, crm.Profile{Name: "Мария"})
		if both {
			kept = o.add(o.owner, crm.Profile{Name: "Мария Ким", Birthday: born})
		}
		gone := o.add(o.owner, crm.Profile{Name: "Маша", Birthday: born})
		o.clock.Advance(time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC).Sub(o.clock.Now())) // at night: planned for the morning
		mustAll(t, o.PlanReminders(t.Context()))
		planned, err := o.store.Reminders(t.Context(), crm.ReminderQuery{Team: o.owner.Team, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 50})
		mustAll(t, err)
		if !slices.ContainsFunc(planned, func(r crm.Reminder) bool { return r.Client == gone.ID }) {
			t.Fatalf("nothing of the one that goes is planned: %+v", planned)
		}
		_, _, err = o.MergeClients(t.Context(), o.as(o.owner), crm.MergeInput{Kept: kept.ID, Gone: gone.ID})
		mustAll(t, err)
		var told []crm.ClientID
		for _, n := range withTold(o.wait(b, 12*time.Hour, time.Hour)) {
			if n.Kind == crm.RemindBirthday {
				told = append(told, n.Client.ID)
			}
		}
		if !slices.Equal(told, []crm.ClientID{kept.ID}) {
			t.Errorf("both %v: told of %v, want once of %s", both, told, kept.ID)
		}
	}
}

// called names things as a test can tell them apart.
type called struct{}

func (called) Field(lang string, f crm.Field) string { return lang + " " + string(f) }

func (called) Value(lang string, f crm.Field, value string) string {
	if f == crm.FieldClientKind || f == crm.FieldChannel {
		return lang + " is " + value
	}
	return value
}

func (called) Date(lang string, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprint(lang, " day ", d.Day, " of ", int(d.Month))
}

// What is chosen among a few, and days, are noted as people read them: of a merge, of an answer to a draft, and of what a draft itself
// was told twice.
func TestNotesAreInTheTeamsWords(t *testing.T) {
	tw := newTwins(t)
	tw.Desk = tw.WithNames(called{})
	a := tw.add(tw.owner, crm.Profile{Name: "Ким Олег", Kind: crm.KindPerson, Channel: "whatsapp", Birthday: civil.Date{Month: 5, Day: 12}})
	b := tw.add(tw.owner, crm.Profile{Name: "Ким Олег", Kind: crm.KindBusiness, Channel: "telegram", Birthday: civil.Date{Year: 1980, Month: 1, Day: 19}})
	_, _, err := tw.MergeClients(t.Context(), tw.as(tw.owner), crm.MergeInput{Kept: a.ID, Gone: b.ID, Take: []crm.Field{crm.FieldChannel}})
	mustAll(t, err)
	if got, want := tw.notes(a.ID), "ru kind: ru is business\nru channel: ru is whatsapp\nru birthday: ru day 19 of 1"; got != want {
		t.Errorf("merged: got %q, want %q", got, want)
	}
	draft := crm.Draft{Profile: crm.Profile{Name: "Новый", Company: "Акме", Birthday: civil.Date{Month: 5, Day: 12}}}
	draft.Merge(crm.Draft{Profile: crm.Profile{Company: "Ромашка", Birthday: civil.Date{Month: 6, Day: 1}}})
	draft.Merge(crm.Draft{Profile: crm.Profile{Company: "ромашка"}})
	c, err := tw.AddClient(t.Context(), tw.as(tw.owner), draft, false)
	mustAll(t, err)
	if got := tw.notes(c.ID); !strings.Contains(got, "ru birthday: ru day 1 of 6") || strings.Count(got, "ru company:") != 1 || !strings.Contains(got, "Ромашка") {
		t.Errorf("added: got %q", got)
	}
}

// What is on neither card any more is noted with what it is, in the team's language.
func TestMergeNotes(t *testing.T) {
	tw := newTwins(t)
	tw.Desk = tw.WithNames(called{})
	c, _, err := tw.MergeClients(t.Context(), tw.as(tw.owner), crm.MergeInput{Kept: tw.kept.ID, Gone: tw.gone.ID, Take: []crm.Field{crm.FieldCity}})
	mustAll(t, err)
	if got, want := tw.notes(c.ID), "ru name: Сергей П.\nru city: Москва"; got != want || c.City != "Тула" {
		t.Errorf("got %q, want %q; city %q", got, want, c.City)
	}
	_, err = tw.CompleteClient(t.Context(), tw.as(tw.owner), c.ID, crm.Draft{Profile: crm.Profile{Name: c.Name, Company: "Ромашка"}})
	if mustAll(t, err); !strings.Contains(tw.notes(c.ID), "ru company: Ромашка") {
		t.Errorf("got %q", tw.notes(c.ID))
	}
}

// Why each of the two stood as they did is not lost.
func TestMergeKeepsReasons(t *testing.T) {
	tw := newTwins(t)
	tw.Desk = tw.WithNames(called{})
	for c, why := range map[crm.ClientID]string{tw.kept.ID: "не платит", tw.gone.ID: "грубит"} {
		_, err := tw.EditClient(t.Context(), tw.as(tw.owner), c, crm.Edit{Field: crm.FieldStatus, Value: "blacklisted: " + why, Force: true})
		mustAll(t, err)
	}
	c, _, err := tw.MergeClients(t.Context(), tw.as(tw.owner), crm.MergeInput{Kept: tw.kept.ID, Gone: tw.gone.ID})
	mustAll(t, err)
	if got := tw.notes(c.ID); c.StatusReason != "не платит" || !strings.Contains(got, "ru status: грубит") {
		t.Errorf("the reason is %q, notes %q", c.StatusReason, got)
	}
}

// Of a client who was merged into another, taken out again and erased nothing is left with the other, whatever happened to it meanwhile;
// the record of changes is whole, and knows what somebody else has emptied.
func TestEraseWhoWasMergedForATime(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	for range 2 {
		_, p := tw.merge()
		_, err := tw.EditClient(ctx, tw.as(tw.owner), tw.kept.ID, crm.Edit{Field: crm.FieldCompany, Value: "Акме и Ко", Force: true})
		mustAll(t, err)
		_, err = tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
		mustAll(t, err)
		tw.clock.Advance(time.Minute)
	}
	tw.seal()
	_, err := tw.AddTags(ctx, tw.as(tw.owner), tw.kept.ID, "важный")
	mustAll(t, err)
	mustAll(t, tw.EraseClient(ctx, tw.as(tw.owner), tw.gone.ID))
	tw.seal()
	for _, word := range []string{"s.petrov@mail.ru", "сергей п.", "1980-05-12", "тула"} {
		if n := tw.mentions(word); n != 0 {
			t.Errorf("%d documents have %q still", n, word)
		}
	}
	if v := tw.verified(tw.store); len(v.Breaches) > 0 {
		t.Errorf("the chain: %+v", v.Breaches)
	}
	events, err := tw.store.Events(ctx, crm.EventQuery{Team: tw.owner.Team, Record: string(tw.kept.ID), Limit: 20})
	mustAll(t, err)
	if last := events[0]; len(last.Fields) == 0 || last.Emptied != "" {
		t.Errorf("what happened to the card afterwards is emptied: %+v", last)
	}
	changes, err := tw.Changes(ctx, tw.as(tw.owner), tw.kept.ID, crm.ChangeMark{}, 20)
	if err != nil || len(changes) < 8 {
		t.Errorf("its history has %d changes, %v", len(changes), err)
	}
}

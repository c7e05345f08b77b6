package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"kartoteka/bot/sandbox"
	"kartoteka/bot/sandbox/demo"
	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// seeders is how many cards are made at a time.
const seeders = 8

// seeder writes the demo base: it lives through what the cards say with the same use cases that people use, each
// at its own time.
type seeder struct {
	*app
	owner, manager crm.Member
	fields         []crm.FieldID
}

// seeded is noted in the store when the demo base is whole. A start that finds it begun goes on: each card is made by a
// cause of its own, so none comes twice.
const seeded = "demo"

// seed writes a team of two and n clients into an empty store; one that has them or another owner is left alone.
func (a *app) seed(ctx context.Context, n int) error {
	if at, err := a.store.Progress(ctx, seeded); err != nil || !at.IsZero() {
		return err
	}
	s := &seeder{app: a}
	if err := s.people(ctx); errors.Is(err, crm.ErrExpired) {
		return nil
	} else if err != nil {
		return fmt.Errorf("make demo team: %w", err)
	}
	_, _ = fmt.Fprintf(a.out, "Making up %d clients, this takes a few seconds.\n", n)
	today := civil.DateOf(a.clock.Now().In(a.cfg.location))
	work, working := errgroup.WithContext(ctx)
	work.SetLimit(seeders)
	for i, card := range demo.People(today, n) {
		work.Go(func() error {
			if err := s.client(working, i, card); err != nil {
				return fmt.Errorf("make demo client %d: %w", i, err)
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	if err := s.hush(ctx); err != nil {
		return fmt.Errorf("begin the demo in silence: %w", err)
	}
	return a.store.SetProgress(ctx, seeded, a.clock.Now())
}

// hush has nobody told of what was due before the demo began, at whichever time of the day that is: the reminders are for
// tomorrow morning.
func (s *seeder) hush(ctx context.Context) error {
	if err := s.desk.PlanReminders(ctx); err != nil {
		return err
	}
	due, err := s.store.Reminders(ctx, crm.ReminderQuery{Team: s.owner.Team, States: []crm.ReminderState{crm.ReminderPlanned},
		DueBefore: s.clock.Now().Add(time.Minute), Limit: 1000})
	for _, r := range due {
		r.State, r.Done = crm.ReminderDropped, s.clock.Now()
		err = errors.Join(err, s.store.MoveReminder(ctx, r, crm.ReminderPlanned))
	}
	return err
}

func (s *seeder) people(ctx context.Context) error {
	var err error
	if s.owner, err = s.desk.Adopt(ctx, newcomer(demo.Owner), "demo.owner"); err != nil {
		return err
	}
	code, _, err := s.desk.InviteMember(ctx, crm.Actor{Member: s.owner, Cause: "demo.invite"}, crm.Invitation{Role: crm.RoleManager, Days: 1, Uses: 1})
	if err != nil {
		return err
	}
	if s.manager, err = s.desk.AcceptInvite(ctx, newcomer(demo.Manager), code, "demo.manager"); err != nil {
		return err
	}
	for i, f := range demo.Fields {
		team, err := s.desk.AddField(ctx, crm.Actor{Member: s.owner, Cause: crm.Cause(fmt.Sprintf("demo.field.%d", i))}, f)
		if err != nil {
			return err
		}
		s.fields = append(s.fields, team.Fields[len(team.Fields)-1].ID)
	}
	return s.everyMorning(ctx)
}

// everyMorning has nobody rest: whichever day one moves the clock to, there is a list in the morning.
func (s *seeder) everyMorning(ctx context.Context) error {
	for _, m := range []crm.Member{s.owner, s.manager} {
		by := crm.Actor{Member: m, Cause: crm.Cause("demo.mornings." + string(m.ID))}
		if _, err := s.desk.SetReminding(ctx, by, func(r *crm.Reminding) { r.DaysOff = nil }); err != nil {
			return err
		}
	}
	return nil
}

func newcomer(p sandbox.PersonSpec) crm.Newcomer {
	return crm.Newcomer{User: p.ID, Name: p.First + " " + p.Last, Username: p.Username, Lang: p.Lang}
}

// then is a clock that stands at the moment of which it is told.
type then time.Time

// Now is that moment.
func (t then) Now() time.Time { return time.Time(t) }

// local is the same time of day on the clock of the demo team.
func (s *seeder) local(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, s.cfg.location)
}

// client lives through one card: added, talked to, brought to where it stands.
func (s *seeder) client(ctx context.Context, i int, card demo.Card) error {
	step := 0
	by := func() crm.Actor {
		who := s.owner
		if i%demo.Shares == 0 {
			who = s.manager
		}
		step++
		return crm.Actor{Member: who, Cause: crm.Cause(fmt.Sprintf("demo.%d.%d", i, step))}
	}
	at := func(t time.Time) *crm.Desk { return crm.NewDesk(s.store, then(t)) }

	card.Profile.Custom = s.custom(card)
	c, err := at(card.Created).AddClient(ctx, by(), crm.Draft{Profile: card.Profile}, true)
	if err != nil {
		return err
	}
	last := card.Created
	for k, t := range card.Touches {
		if k == len(card.Touches)-1 && !card.Next.IsZero() {
			t.Next = s.local(card.Next)
		}
		if _, err := at(t.At).LogTouch(ctx, by(), c.ID, t); err != nil {
			return err
		}
		last = t.At
	}
	if card.Confirmed.After(card.Created) {
		if _, err := at(card.Confirmed).ConfirmClient(ctx, by(), c.ID); err != nil {
			return err
		}
	}
	for _, t := range card.Tasks {
		in := crm.TaskInput{Client: c.ID, Text: t.Text, Due: s.local(t.Due), Repeat: t.Repeat}
		if _, err := at(card.Created).AddTask(ctx, by(), in); err != nil {
			return err
		}
	}
	return s.standing(ctx, at(last), by, c.ID, card)
}

func (s *seeder) custom(card demo.Card) map[crm.FieldID]string {
	values := map[crm.FieldID]string{}
	for i, id := range s.fields {
		if v := card.Extra[i]; v != "" {
			values[id] = v
		}
	}
	return values
}

// standing brings a card to its stage and status.
func (s *seeder) standing(ctx context.Context, desk *crm.Desk, by func() crm.Actor, id crm.ClientID, card demo.Card) error {
	status := string(card.Status)
	if card.Status == crm.StatusBlocked {
		status += ": " + card.Reason
	}
	if card.Status != crm.StatusLead {
		if _, err := desk.EditClient(ctx, by(), id, crm.Edit{Field: crm.FieldStatus, Value: status, Force: true}); err != nil {
			return err
		}
	}
	switch card.Stage {
	case crm.StageLead:
		return nil
	case crm.StageArchive:
		_, err := desk.ArchiveClient(ctx, by(), id, card.Reason)
		return err
	default:
		_, err := desk.EditClient(ctx, by(), id, crm.Edit{Field: crm.FieldStage, Value: string(card.Stage), Force: true})
		return err
	}
}

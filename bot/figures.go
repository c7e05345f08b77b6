package main

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/web"
)

// tally is what was delivered since the start.
type tally struct {
	mu     sync.Mutex
	sent   map[crm.ReminderKind]int
	failed map[crm.ReminderState]int
	late   int
}

func (t *tally) add(d crm.Delivered) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sent == nil {
		t.sent, t.failed = map[crm.ReminderKind]int{}, map[crm.ReminderState]int{}
	}
	for kind, n := range d.Sent {
		t.sent[kind] += n
	}
	for state, n := range d.Failed {
		t.failed[state] += n
	}
	t.late += d.Late
}

func (t *tally) snapshot() (sent map[crm.ReminderKind]int, failed map[crm.ReminderState]int, late int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.sent), maps.Clone(t.failed), t.late
}

// checks are what /healthz asks. Whether Telegram can be reached is no question of the bot's health, since
// starting it again would not help: that is among the figures.
func (a *app) checks() []web.Check {
	return []web.Check{
		{Name: "store", Ask: a.store.Ping},
		{Name: "reminders", Ask: a.desk.CheckReminders},
		{Name: "intake", Ask: func(context.Context) error {
			if !a.taking.Load() {
				return errors.New("no updates are taken in")
			}
			return nil
		}},
	}
}

// figures are what /metrics shows beside the process's own.
func (a *app) figures() []web.Figure {
	t := a.bot.Stats()
	runs, failures := a.jobs.Stats()
	growing := func(name, help string, n int64) web.Figure {
		return web.Figure{Name: name, Help: help, Value: float64(n), Growing: true}
	}
	return append(append(a.reminderFigures(), a.backupFigures()...), []web.Figure{
		growing("updates_handled_total", "Updates done with, those set aside included.", t.Handled),
		growing("updates_failed_total", "Calls of the conversation that returned an error.", t.Failed),
		growing("updates_panicked_total", "Calls of the conversation that panicked.", t.Panics),
		growing("updates_set_aside_total", "Updates that could not be handled and were kept for a person to look at.", t.SetAside),
		growing("updates_repeated_total", "Updates that were delivered again.", t.Repeated),
		growing("poll_errors_total", "Failed requests for updates.", t.PollErrors),
		growing("messages_sent_total", "Messages and edits sent.", t.Sent),
		growing("floods_total", "Times that Telegram asked to wait.", t.Floods),
		growing("calls_unknown_total", "Calls that were never answered.", t.Unknown),
		growing("calls_retried_total", "Calls that were made again.", t.Retried),
		growing("calls_unreachable_total", "Calls refused since the person blocked the bot.", t.Unreachable),
		growing("jobs_run_total", "Runs of timed jobs.", runs),
		growing("jobs_failed_total", "Runs of timed jobs that failed.", failures),
		{Name: "messages_waiting", Help: "Messages that wait for their turn.", Value: float64(t.Queue)},
		{Name: "chats_paced", Help: "Chats whose rates are kept.", Value: float64(t.Chats)},
	}...)
}

// reminderFigures tell of deliveries. A kind or an outcome that there was none of yet is shown as 0.
func (a *app) reminderFigures() []web.Figure {
	sent, failed, late := a.delivered.snapshot()
	out := []web.Figure{{Name: "reminders_late_total", Help: "Reminders sent ten minutes or more after their time.", Value: float64(late), Growing: true}}
	for _, kind := range append([]crm.ReminderKind{crm.RemindBlocked}, crm.ReminderKinds...) {
		out = append(out, web.Figure{Name: "reminders_sent_total", Help: "Reminders sent, by kind.", Value: float64(sent[kind]), Growing: true,
			Labels: map[string]string{"kind": string(kind)}})
	}
	for _, state := range []crm.ReminderState{crm.ReminderWaiting, crm.ReminderHeld, crm.ReminderUnknown, crm.ReminderFailed} {
		out = append(out, web.Figure{Name: "reminders_failed_total", Growing: true, Value: float64(failed[state]),
			Help: "Attempts that did not succeed, by what became of the reminder: it waits for the next, is held for a member who has " +
				"blocked the bot, was never answered, was given up.", Labels: map[string]string{"state": string(state)}})
	}
	ctx, cancel := context.WithTimeout(context.Background(), figureTime)
	defer cancel()
	if waiting, err := a.desk.WaitingReminders(ctx); err == nil { // else the store's check tells
		out = append(out, web.Figure{Name: "reminders_waiting", Help: "Reminders that have been due for more than five minutes.", Value: float64(waiting)})
	}
	return out
}

// figureTime bounds what is asked of the store for a figure.
const figureTime = 3 * time.Second

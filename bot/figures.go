package main

import (
	"context"
	"errors"

	"kartoteka/handlers/web"
)

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
	return []web.Figure{
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
	}
}

package main

import (
	"kartoteka/bot/telegram"
	"kartoteka/handlers"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// conversation is what answers people.
func (a *app) conversation() *talk.Router {
	return handlers.New(a.talking(), a.cfg.ownerID)
}

// talking is what a conversation is held with.
func (a *app) talking() talk.Options {
	return talk.Options{Desk: a.desk, Out: a.bot.Messenger(), Catalog: a.texts, Clock: a.clock, Log: a.lg, Bot: a.bot.Me().Username}
}

// profiles are what Telegram shows of the bot, in each language; Russian also where it knows no language.
func profiles(catalog *locales.Catalog) []telegram.Profile {
	all := []telegram.Profile{profile(catalog.For(""), "")}
	for _, lang := range locales.Languages {
		all = append(all, profile(catalog.For(lang), lang))
	}
	return all
}

func profile(t *locales.Texts, lang string) telegram.Profile {
	return telegram.Profile{Lang: lang, Description: t.Label("bot.description"), Short: t.Label("bot.short_description"),
		// What a stranger is offered; members get the menu of their role at the start and when they come in (handlers/team).
		Commands:      []telegram.Command{{Name: "start", Description: t.Label("command.start")}},
		GroupCommands: []telegram.Command{{Name: "here", Description: t.Label("command.here")}}}
}

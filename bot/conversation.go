package main

import (
	"kartoteka/bot/telegram"
	"kartoteka/handlers"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// conversation is what answers people.
func (a *app) conversation() *talk.Router {
	return handlers.New(talk.Options{Desk: a.desk, Out: a.bot.Messenger(), Catalog: a.texts, Clock: a.clock, Log: a.lg,
		Bot: a.bot.Me().Username}, a.cfg.ownerID)
}

// menu are the commands that Telegram offers, the likeliest first.
var menu = []string{"add", "find", "clients", "today", "task", "tasks", "birthdays", "settings", "help", "cancel", "invite", "team", "fields", "bin"}

// profiles are what Telegram shows of the bot, in each language; Russian also where it knows no language.
func profiles(catalog *locales.Catalog) []telegram.Profile {
	all := []telegram.Profile{profile(catalog.For(""), "")}
	for _, lang := range locales.Languages {
		all = append(all, profile(catalog.For(lang), lang))
	}
	return all
}

func profile(t *locales.Texts, lang string) telegram.Profile {
	p := telegram.Profile{Lang: lang, Description: t.Label("bot.description"), Short: t.Label("bot.short_description")}
	for _, name := range menu {
		p.Commands = append(p.Commands, telegram.Command{Name: name, Description: t.Label("command." + name)})
	}
	return p
}

// Command bot is Kartoteka: a CRM that lives in a Telegram chat.
//
// # A tour, bottom-up
//
// crm is the domain. Its types are the stored shapes, its Desk has a method for each thing that a member can do; each
// takes the member, asks the one table of rights, and hands the store the change together with the event that
// records it. It declares what it needs of others: crm.Store, crm.Clock.
//
// store/sqlite and store/mongodb keep what crm hands them and find it again; store/storetest is the contract of
// both. store.Open picks one by address.
//
// handlers/chat is the vocabulary of a conversation: what comes in, what is shown. handlers and its packages speak it:
// read what came in, call one use case, say one thing, in the words of locales. They know no messenger.
//
// bot/telegram is the messenger. It takes updates in, each confirmed only after it was handled, gives them to the
// conversation as chat.Incoming, and sends chat.Screens within Telegram's rates. handlers/web is the HTTP side,
// scheduler calls what is done by the clock.
//
// This package reads the settings (config.go, settings.go), wires it all (run.go), and stops it in order. Its other
// commands are --check (check.go), healthcheck, backup (backup.go: package backup has the file), restore, key, and sandbox (sandbox.go, seed.go): the same program against the local Bot
// API server of bot/sandbox, on the clients that bot/sandbox/demo makes up.
//
// # Start and stop
//
// Start: store, Telegram, team, jobs, updates. Stop, on SIGTERM or SIGINT: no more updates are taken, those that run
// are finished and confirmed, then the scheduler, the sender and the store end. A second signal ends the program at
// once; what was not confirmed comes again at the next start and has no second effect, since every change carries the id
// of the update that caused it.
//
// # Rules that tests hold
//
// imports_test.go: who may import whom. house_test.go: sizes of files and functions, no words outside of locales, no clock
// and no context out of nowhere. readme_test.go: the README lists every setting.
package main

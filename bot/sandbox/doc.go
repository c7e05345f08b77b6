// Package sandbox is a local Bot API server: the bot talks to it over HTTP exactly as it talks to
// Telegram, with no token and no network. Scenario tests drive it from Go, the web chat shows it in a
// browser, benchmarks press it hard.
//
// # A tour
//
// A [Server] is an [http.Handler]. One half of it faces the bot: /bot<token>/<method> and
// /file/bot<token>/<path>. The other half faces people: [Server.AddPerson] gives a [Person] who
// talks, presses buttons, forwards, shares contacts and blocks the bot, as somebody with a phone would.
//
//	srv := sandbox.New(sandbox.Options{Token: "1000:test", BotUsername: "kartoteka_bot", Journal: true})
//	defer srv.Close()
//	web := httptest.NewServer(srv) // the bot's API address is web.URL
//	anna := srv.AddPerson(sandbox.PersonSpec{ID: 7, First: "Анна", Lang: "ru"})
//	said := anna.Say("/start")
//	err := srv.WaitHandled(ctx, said.ID) // the bot's handler has returned
//	fmt.Println(anna.Last().Text)
//
// Nothing sleeps: a test waits for the bot to confirm the update, and whatever the handler sent is
// on the screen by then.
//
// A scenario ends with two checks: [Server.Refused] (calls that Telegram would have refused) and
// [Server.Unanswered] (buttons that spin for ever) are empty. [Server.Faults] makes calls go wrong in the ways that
// matter for a sender: refused, lost before or lost after they were carried out.
//
// # Strictness
//
// Every call is checked twice: against facts.json, the part of the Bot API's description that is
// served here (required parameters, types, lengths), and against rules written by hand from the
// sources of Telegram's own server; each rule names where it comes from. What Telegram refuses is
// refused with the same words, status and parameters. Where two readings of a limit exist, the
// stricter one holds (lengths are counted in UTF-16 units), so that what passes here passes there.
//
// # Time
//
// Dates, inline caches and flood windows are judged by Options.Clock; how long updates, presses and inline queries have
// waited for the bot by Options.Ages, since a clock that leaps over a night leaves the bot no time to ask for them. What
// concerns the connection itself runs in real time, as the bot's HTTP client does: the wait of a long poll, slow answers,
// the pause before a webhook is tried again.
//
// # What differs from Telegram on purpose
//
//   - Message ids count from 1 in each chat, also in private ones: a bot that forgets the chat in a key is
//     caught at once.
//   - Webhooks may be plain HTTP on any port.
//   - MarkdownV2 and Markdown are refused: the project writes HTML only.
//   - Methods outside of facts.json are answered as unknown.
//   - Repeating a getUpdates is not slowed down.
//   - A person who talks to a bot that they had blocked unblocks it by that.
package sandbox

// Package webchat is the sandbox's face: a page in the browser in which one is the owner, a manager or a client of
// a [sandbox.Server], talks to the bot, presses its buttons and moves the clock.
//
// A [Chat] is one [http.Handler] for both sides: the bot's calls (/bot<token>/…, /file/bot<token>/…) go to the
// server, everything else is the page in page/ (plain HTML, CSS and JavaScript modules, nothing from outside)
// and the small API below. It is meant for one machine: a request must name localhost, 127.0.0.1 or [::1] as
// its host, and one that changes something must not come from another site.
//
//	clock := webchat.NewClock(0)
//	srv := sandbox.New(sandbox.Options{Clock: clock})
//	http.ListenAndServe("127.0.0.1:8080", webchat.New(webchat.Options{Server: srv, Clock: clock}))
//
// # The API between page and server
//
// Answers are JSON. An error is {"error": "words"} with 400, 404 or 413.
//
//	GET  /api/world                     the bot, the people, the groups, the clock, what was refused (type world)
//	GET  /api/chat?person=ID&chat=&topic=   the last messages, the command menu, the reply keyboard (type screen)
//	GET  /api/file?id=FILE_ID           the contents of a file
//	GET  /api/events                    Server-Sent Events; each is a JSON object (type event)
//
// Who acts is {person, chat, topic} everywhere below: in a group and in a topic of it, or (0, as if left out) in
// private.
//
//	POST /api/say      {person, text, reply}                   reply: id of a message, 0: none
//	POST /api/edit     {person, message, text}
//	POST /api/press    {person, message, data}                 → {callback}: a toast event with it will follow
//	POST /api/contact  {person, phone, first, last, vcard, own}    own: the person's own number
//	POST /api/users    {person, request, users}                answers a request_users button
//	POST /api/place    {person}                                sends a place
//	POST /api/forward  {person, from, name, last, hidden, text, at}    from: id of a person, 0: somebody new
//	POST /api/upload   multipart: person, kind, caption, reply, file
//	POST /api/inline   {person, text, offset}                  → {answer, results, next, button}: "@bot text"
//	POST /api/pick     {person, answer, result}                inserts a result
//	POST /api/block    {person, on}                            blocks the bot, or takes the block back
//	POST /api/person   {first, last, username, lang}           → {person}: somebody new
//	POST /api/clock    {by: "1h"} or {to: "2026-11-22T09:00"} or {to: "tomorrow"}    forward only → {now}
//
// Events begin with "hello": the page then reads everything anew, so nothing is lost with a connection. The rest are
// the server's events (message, edited, deleted, toast, action, reaction, pinned, member, commands) and the page's own:
// "clock", "people", "refused".
package webchat

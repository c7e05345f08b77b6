// Package telegram is the Telegram side of the bot, on telebot: it takes updates in, sends what the
// conversation says and translates between both and handlers/chat. Nothing above it knows Telegram.
//
// # A tour, bottom-up
//
//   - transport.go lies under telebot's HTTP client. It sees each request and answer, puts the token into
//     the address (so that no error above can print it) and turns every refusal into an [Error] (error.go).
//   - call.go makes one call of a method within a context: telebot's own Raw knows none.
//   - sender.go is the one gate through which every message leaves: rates (lane.go), priorities, repeats.
//   - messenger.go is the [chat.Messenger] over it, file.go its files; markup.go encodes the buttons, cut.go keeps
//     texts within 4096 units.
//   - decode.go makes a [chat.Incoming] of a raw update.
//   - intake.go runs the handler on updates: in order within a chat, bounded, caught, repeated, set aside.
//     poll.go feeds it by getUpdates as telebot's Poller, webhook.go by Telegram's requests.
//   - setup.go tells Telegram the commands and descriptions; bot.go puts it all together.
//
// # What is promised
//
// An update is confirmed only after its handler has returned or it was set aside in the store. A message
// whose answer was lost is neither sent nor not sent ([chat.ErrUnknown]): it is not repeated here. Any other
// error of a send means that it was not done.
package telegram

// Package chat is the small vocabulary in which the conversation is written: what comes in (Incoming), what
// is shown (Screen, Button), what can be sent (Messenger). It names no messenger: bot/telegram
// translates it to Telegram, and another adapter could translate it to another one.
package chat

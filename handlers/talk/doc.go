// Package talk is the frame of the conversation: who speaks (Turn), where an incoming thing goes (Router), what a
// button carries (Data), how an error is said (explain), which dialog is open. It knows no subject: cards,
// captures, searches and settings are packages beside it that register their commands, verbs and forms
// here.
//
// The order in which a message is judged is in Router.message: a command wins, then an open dialog, then the
// subjects in the order in which they were registered.
package talk

package chat

import (
	"context"
	"errors"
	"io"
)

// Messenger is what the conversation needs of a messenger. Calls wait until the messenger has answered, within
// ctx; rates and repeats after a refusal are the messenger's own business.
type Messenger interface {
	// Send shows a new message and returns its id.
	Send(ctx context.Context, to int64, s Screen) (int64, error)
	// Edit changes a message that we sent. No error if it shows just that already.
	Edit(ctx context.Context, to, message int64, s Screen) error
	// Strip takes the buttons off a message that we sent; what it says stays. No error if it has none or is gone.
	Strip(ctx context.Context, to, message int64) error
	// Delete takes a message away. No error if it is gone.
	Delete(ctx context.Context, to, message int64) error
	// SendFile sends a file that the messenger keeps already.
	SendFile(ctx context.Context, to int64, f File, caption string) (int64, error)
	// Upload sends a new document with this content.
	Upload(ctx context.Context, to int64, name string, content io.Reader, caption string) (int64, error)
	// Fetch downloads a file of at most limit bytes; ErrTooLarge.
	Fetch(ctx context.Context, fileID string, limit int64) ([]byte, error)
	// Menu sets the commands that the chat's menu offers, the likeliest first; at most 100.
	Menu(ctx context.Context, to int64, commands []Command) error
	// Answer ends a press with a short line shown over the chat (at most 200 characters, "" for none).
	Answer(ctx context.Context, press string, text string, alert bool) error
	// AnswerInline ends an inline query; the answer is for this person only and kept for a second at most.
	AnswerInline(ctx context.Context, query string, results []Result, next string) error
}

// Command is a line of the command menu.
type Command struct {
	Name        string // 1–32 of a–z 0–9 _
	Description string // 1–256 characters
}

// What a Messenger may answer; test with errors.Is.
var (
	// ErrGone: the message to edit is not there any more; send a new one.
	ErrGone = errors.New("message gone")
	// ErrUnreachable: the person blocked us or has no chat with us.
	ErrUnreachable = errors.New("unreachable")
	// ErrRefused: the request itself is wrong; a repeat would be refused too.
	ErrRefused = errors.New("refused")
	// ErrUnknown: no answer came; it may have been done or not.
	ErrUnknown = errors.New("outcome unknown")
	// ErrTooLate: the press or query is too old to be answered.
	ErrTooLate = errors.New("too late")
	// ErrTooLarge: the file is over the limit.
	ErrTooLarge = errors.New("too large")
)

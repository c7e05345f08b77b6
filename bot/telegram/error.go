package telegram

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"kartoteka/handlers/chat"
)

// Class says what a failed call means for the one who made it.
type Class int

const (
	Transient    Class = iota + 1 // not done: Telegram or the way there is out of order; may be repeated
	Flood                         // not done: too many; to be repeated after RetryAfter
	Same                          // the message shows just that already
	Moved                         // not done: the group lives on under MigrateTo
	Gone                          // not done: the person blocked the bot, or there is no such chat
	Refused                       // not done: the request itself is wrong; a repeat would be refused too
	Unauthorized                  // not done: the token is wrong
	Conflict                      // not done: another program takes the updates of this bot
	Unknown                       // the request left and no answer came: done or not
)

var classNames = [...]string{"", "transient", "flood", "same", "moved", "gone", "refused", "unauthorized", "conflict", "unknown"}

func (c Class) String() string { return classNames[c] }

// Error is a call that did not succeed. Its text holds neither the token nor anything of the message.
// errors.Is maps it to chat.ErrGone, ErrUnreachable, ErrRefused, ErrUnknown, ErrTooLate and ErrTooLarge.
type Error struct {
	Method      string
	Class       Class
	Code        int           // Telegram's error code, else the HTTP status; 0 if no answer came
	Description string        // what Telegram said, quotations of the request left out
	RetryAfter  time.Duration // of a Flood
	MigrateTo   int64         // of a Moved: the new chat id

	cause error // of the network; may be nil
}

func (e *Error) Error() string {
	s := "telegram: " + e.Method + ": " + e.Class.String()
	if e.Code != 0 {
		s += fmt.Sprintf(" (%d)", e.Code)
	}
	if e.Description != "" {
		s += ": " + e.Description
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the error of the network or of the context, if there was one.
func (e *Error) Unwrap() error { return e.cause }

// Is answers errors.Is for what a chat.Messenger promises to tell.
func (e *Error) Is(target error) bool {
	switch target {
	case chat.ErrUnknown:
		return e.Class == Unknown
	case chat.ErrUnreachable:
		return e.Class == Gone
	case chat.ErrRefused:
		return e.Class == Refused
	case chat.ErrGone:
		return e.Class == Refused && e.says(messageGone)
	case chat.ErrTooLate:
		return e.Class == Refused && e.says(tooLate)
	case chat.ErrTooLarge:
		return e.Code == http.StatusRequestEntityTooLarge || e.Class == Refused && e.says(tooLarge)
	}
	return false
}

// says reports whether the description contains any of the phrases.
func (e *Error) says(phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(e.Description, p) {
			return true
		}
	}
	return false
}

// Telegram tells these apart by words only. The words are those of its open server: telegram-bot-api's Client.cpp.
var (
	messageGone = []string{
		"message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID",
		"there is no text in the message to edit", "there is no caption in the message to edit",
	}
	deletedAlready = []string{"message to delete not found"}
	tooLate        = []string{"query is too old", "QUERY_ID_INVALID"}
	tooLarge       = []string{"file is too big"}
	notModified    = []string{"message is not modified"}
	chatGone       = []string{"chat not found", "user is deactivated", "PEER_ID_INVALID", "group chat was deactivated",
		"message thread not found", "TOPIC_DELETED", "TOPIC_CLOSED", "not enough rights to send",
		"have no rights to send a message", "CHAT_WRITE_FORBIDDEN"}
	// Sent, and deleted at once by a filter: a repeat would be a second message.
	sentAnyway = []string{"sent message was immediately deleted"}
	// An older server that does not know a kind of button.
	buttonRefused = []string{"keyboard button", "BUTTON_", "copy_text", "style"}
)

// answer is the envelope of every answer of the Bot API.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int64 `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// judge makes an Error of an answer that is no success.
func judge(method string, status int, body []byte) *Error {
	e := &Error{Method: method, Code: status}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || a.Code == 0 {
		// Not Telegram's words: a proxy's page. A gateway that gave up waiting, and a "success" that
		// is not Telegram's, say nothing about what became of the request.
		e.Class, e.Description = Transient, "answer is not the Bot API's"
		if status < 300 || status == http.StatusGatewayTimeout {
			e.Class = Unknown
		}
		return e
	}
	e.Code, e.Description = a.Code, withoutQuotes(a.Description)
	e.MigrateTo = a.Parameters.MigrateTo
	e.Class = e.classOf()
	if e.Class == Flood {
		e.RetryAfter = time.Duration(min(max(a.Parameters.RetryAfter, 1), maxRetryAfter)) * time.Second
	}
	return e
}

// maxRetryAfter bounds what is believed, in seconds: 10 072 s were seen (tdlib/td#1331).
const maxRetryAfter = 24 * 60 * 60

func (e *Error) classOf() Class {
	switch {
	case e.Code == http.StatusTooManyRequests:
		return Flood
	case e.MigrateTo != 0:
		return Moved
	case e.says(sentAnyway), e.Code == http.StatusGatewayTimeout:
		return Unknown
	case e.Code >= 500:
		return Transient
	case e.Code == http.StatusForbidden, e.says(chatGone):
		return Gone
	case e.Code == http.StatusUnauthorized, e.Code == http.StatusNotFound && e.Description == "Not Found":
		return Unauthorized
	case e.Code == http.StatusConflict:
		return Conflict
	case e.says(notModified):
		return Same
	}
	return Refused
}

var quoted = regexp.MustCompile(`"[^"]*"?`)

// withoutQuotes takes out what Telegram quotes of the request (`Unsupported start tag "Иванов"`), save the
// names of parameters, and bounds the length.
func withoutQuotes(s string) string {
	if !strings.Contains(s, `parameter "`) {
		s = quoted.ReplaceAllString(s, `"…"`)
	}
	const most = 200
	if r := []rune(s); len(r) > most {
		s = string(r[:most])
	}
	return s
}

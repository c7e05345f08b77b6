package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"unicode"
	"unicode/utf8"
)

// Errors of the Go side of a Server.
var (
	// ErrNotQueued says that the bot was never told of the update: its kind is not in allowed_updates.
	ErrNotQueued = errors.New("sandbox: the update was not queued")
	// ErrExpired says that the update outlived its lifetime before the bot asked for it.
	ErrExpired = errors.New("sandbox: the update expired before it was handled")
	// ErrDropped says that the bot asked to forget the update, or that it was too large to be kept.
	ErrDropped = errors.New("sandbox: the update was dropped")
	// ErrUnknown says that there is no such update, message, button or result.
	ErrUnknown = errors.New("sandbox: unknown")
	// ErrClosed says that the server was closed.
	ErrClosed = errors.New("sandbox: the server is closed")
)

// apiError is a refusal as the bot sees it.
type apiError struct {
	code        int
	description string
	retryAfter  int   // seconds, for 429
	migrateTo   int64 // the supergroup that the group became
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.code, e.description) }

// prefixes stand before descriptions (Client.cpp fail_query: status code → prefix).
var prefixes = map[int]string{
	http.StatusBadRequest:            "Bad Request: ",
	http.StatusUnauthorized:          "Unauthorized: ",
	http.StatusForbidden:             "Forbidden: ",
	http.StatusNotFound:              "Not Found: ",
	http.StatusConflict:              "Conflict: ",
	http.StatusTooManyRequests:       "Too Many Requests: ",
	http.StatusInternalServerError:   "Internal Server Error: ",
	http.StatusRequestEntityTooLarge: "Request Entity Too Large",
}

// refuse makes an error as Telegram words it: the prefix of the status, then the text with its first letter
// in lower case unless the second one is a capital or an underscore (Client.cpp:188-206).
func refuse(code int, format string, args ...any) *apiError {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	return &apiError{code: code, description: prefixes[code] + lowerFirst(text)}
}

// bad is a refusal with 400.
func bad(format string, args ...any) *apiError { return refuse(http.StatusBadRequest, format, args...) }

// forbidden is a refusal with 403.
func forbidden(text string) *apiError { return refuse(http.StatusForbidden, "%s", text) }

// tooMany is a refusal with 429.
func tooMany(seconds int) *apiError {
	e := refuse(http.StatusTooManyRequests, "retry after %d", seconds)
	e.retryAfter = seconds
	return e
}

func lowerFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 || n == len(s) {
		return s
	}
	second, _ := utf8.DecodeRuneInString(s[n:])
	if second == '_' || unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}

// wrong is an error in Telegram's own words, which begin with a capital.
func wrong(format string, args ...any) error { return fmt.Errorf(format, args...) }

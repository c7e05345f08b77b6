package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// How long one request may take once it has begun.
const (
	callLimit   = 30 * time.Second
	uploadLimit = 5 * time.Minute
	// leastLimit is granted even when the caller's time is nearly over, or a stop came: a request that was cut off is an
	// unknown outcome, which is worse than a late one.
	leastLimit = 5 * time.Second
)

// lenient reads all that encoding/json reads. What is here (it will be encoding/json's own) reads an answer in two fifths of the time:
// most of it is the buttons that were sent, which nobody asks for.
var lenient = jsonv2.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// api calls methods of the Bot API.
type api struct {
	root string // "https://api.telegram.org"
	http *http.Client
}

func newAPI(root string, t *transport) *api { return &api{root: root, http: t.client(0)} }

// call calls the method with params as JSON and decodes the result into result, unless that is nil.
// It fails with *Error, or with a plain error if params or the result do not fit.
func (a *api) call(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("encode %s: %w", method, err)
	}
	return a.post(ctx, method, parcel{bytes.NewReader(body), int64(len(body)), "application/json"}, result)
}

// parcel is the body of a request.
type parcel struct {
	content io.Reader
	size    int64
	kind    string // content type
}

// post sends the parcel and decodes the result.
func (a *api) post(ctx context.Context, method string, p parcel, result any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.root+"/bot"+placeholder+"/"+method, p.content)
	if err != nil {
		return fmt.Errorf("call %s: %w", method, err)
	}
	req.ContentLength = p.size
	req.Header.Set("Content-Type", p.kind)
	resp, err := a.http.Do(req)
	if err != nil {
		return bare(method, err)
	}
	defer resp.Body.Close()
	if result == nil {
		return nil
	}
	envelope := struct {
		Result any `json:"result"`
	}{result}
	if err := jsonv2.UnmarshalRead(resp.Body, &envelope, lenient); err != nil {
		// It was done, yet we do not know what came of it (the id of the message).
		return &Error{Method: method, Class: Unknown, Code: resp.StatusCode, Description: "result does not fit"}
	}
	return nil
}

// bare takes an *Error out of the wrappings of http.Client and telebot, whose texts hold the address.
func bare(method string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Method: method, Class: Transient, cause: errors.Unwrap(err)}
}

// begun returns the context of a request that begins now: a stop does not cut it off, and it has the time until
// ctx's deadline but at least leastLimit and at most limit.
func begun(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, max(time.Until(deadline), leastLimit))
	}
	return context.WithTimeout(context.WithoutCancel(ctx), limit)
}

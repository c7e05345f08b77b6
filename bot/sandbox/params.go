package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lenient reads what encoding/json reads, at half the cost: a test plays thousands of calls.
var lenient = jsonv2.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

const (
	maxParams = 1 << 20  // total size of the parameters but files: 1 MiB (telegram.md 2.1)
	maxUpload = 50 << 20 // Bot API: files up to 50 MB may be sent
)

// call is one request of the bot.
type call struct {
	srv    *Server
	method *method
	ctx    context.Context
	params map[string]string
	files  map[string]upload

	chatID int64 // the chat that the call is about, for the journal and the faults
	sent   int64 // the message that was sent or edited
}

// upload is a file that came with a multipart request.
type upload struct {
	name, mime string
	data       []byte
}

// read takes the parameters from the query, then from the body: urlencoded, multipart or JSON. JSON values
// that are no strings count as their raw text (TDLib HttpReader.cpp:631-700).
func (c *call) read(w http.ResponseWriter, r *http.Request) *apiError {
	c.params = map[string]string{}
	if r.URL.RawQuery != "" {
		for k, v := range r.URL.Query() {
			c.params[k] = v[0]
		}
	}
	kind := r.Header.Get("Content-Type")
	if kind != "application/json" {
		kind, _, _ = mime.ParseMediaType(kind)
	}
	var err error
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
	case kind == "application/json":
		err = c.readJSON(r)
	case kind == "multipart/form-data":
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload+maxParams)
		err = c.readMultipart(r)
	case kind == "application/x-www-form-urlencoded":
		r.Body = http.MaxBytesReader(w, r.Body, maxParams)
		err = r.ParseForm()
		for k, v := range r.PostForm {
			c.params[k] = v[0]
		}
	}
	var tooLarge *http.MaxBytesError
	if errors.Is(err, errTooLarge) || errors.As(err, &tooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, "")
	}
	if err != nil {
		return bad("can't parse the request: %v", err)
	}
	for _, v := range c.params {
		if !utf8.ValidString(v) {
			return bad("strings must be encoded in UTF-8")
		}
	}
	c.chatID = c.int64("chat_id")
	return nil
}

var errTooLarge = errors.New("request entity too large")

func (c *call) readJSON(r *http.Request) error {
	body, err := readBody(r)
	if err != nil || len(body) == 0 {
		return err
	}
	var values map[string]json.RawMessage
	if err := jsonv2.Unmarshal(body, &values, lenient); err != nil {
		return errors.New("can't parse JSON object")
	}
	return c.takeJSON(values)
}

func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > maxParams {
		return nil, errTooLarge
	}
	var body bytes.Buffer
	body.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(r.Body, maxParams+1)); err != nil {
		return nil, err
	}
	if body.Len() > maxParams {
		return nil, errTooLarge
	}
	return body.Bytes(), nil
}

// takeJSON takes the values of a JSON object as parameters.
func (c *call) takeJSON(values map[string]json.RawMessage) error {
	for k, v := range values {
		switch {
		case v[0] == '"':
			var text string
			if err := json.Unmarshal(v, &text); err != nil {
				return err
			}
			c.params[k] = text
		case string(v) != "null":
			c.params[k] = string(v)
		}
	}
	return nil
}

func (c *call) readMultipart(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	c.files = map[string]upload{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := c.readPart(part); err != nil {
			return err
		}
	}
}

// readPart takes one field or file of a multipart request.
func (c *call) readPart(part *multipart.Part) error {
	limit := int64(maxParams)
	if part.FileName() != "" {
		limit = maxUpload
	}
	data, err := io.ReadAll(io.LimitReader(part, limit+1))
	if err != nil {
		return err
	}
	if int64(len(data)) > limit {
		return errTooLarge
	}
	if part.FileName() == "" {
		c.params[part.FormName()] = string(data)
		return nil
	}
	c.files[part.FormName()] = upload{name: part.FileName(), mime: part.Header.Get("Content-Type"), data: data}
	return nil
}

// has says whether the parameter is there and not empty.
func (c *call) has(name string) bool { return c.params[name] != "" }

// int64 is the parameter as a number; anything else counts as 0 (Client.cpp:12360).
func (c *call) int64(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(c.params[name]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// clamped is the number within bounds, or def if the parameter is absent: integers are clamped, not
// refused (Client.cpp:12360).
func (c *call) clamped(name string, def, low, high int) int {
	if !c.has(name) {
		return def
	}
	return min(max(int(c.int64(name)), low), high)
}

// bool is the parameter as a truth value (Client.cpp:9357).
func (c *call) bool(name string) bool {
	v := c.params[name]
	return v == "1" || strings.EqualFold(v, "true") || strings.EqualFold(v, "yes")
}

// json decodes a parameter that holds an object or array. It is false if there is none.
func (c *call) json(name string, into any) (bool, *apiError) {
	v := c.params[name]
	if v == "" || v == "null" {
		return false, nil
	}
	if err := json.Unmarshal([]byte(v), into); err != nil {
		return false, bad("can't parse %s JSON object", strings.ReplaceAll(name, "_", " "))
	}
	return true, nil
}

package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"strings"
	"sync/atomic"
	"time"
)

// placeholder stands for the token in every address above the transport: http.Client prints the address
// in its errors, telebot prints those, and the token in them once stood in many a log.
const placeholder = "TOKEN"

// maxAnswer bounds an answer in bytes. Telegram keeps getUpdates under about 4 MB.
const maxAnswer = 32 << 20

// transport is the http.RoundTripper under telebot's client and ours. It puts the token into the address and
// returns every answer that is no success as an *Error: telebot would lose codes and parameters, and takes
// a proxy's HTML page for success. Downloads (/file/…) pass unread.
type transport struct {
	base  http.RoundTripper
	token string
}

func newTransport(c *http.Client, token string) *transport {
	if c != nil && c.Transport != nil {
		return &transport{base: c.Transport, token: token}
	}
	base := http.DefaultTransport.(*http.Transport).Clone()
	// Go keeps two idle connections a host: 40,000 answers opened 36,000 of them.
	base.MaxIdleConns, base.MaxIdleConnsPerHost = 64, 64
	// Shorter than the patience of servers: a request on a connection just being closed has an unknown outcome.
	base.IdleConnTimeout = 30 * time.Second
	return &transport{base: base, token: token}
}

// client returns an http.Client over the transport. limit bounds each request; 0: only its context does.
func (t *transport) client(limit time.Duration) *http.Client {
	return &http.Client{
		Transport: t,
		Timeout:   limit,
		// A followed redirect would show the token to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// RoundTrip makes one request. A written request without an answer is Unknown, an unwritten one Transient.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	method := path.Base(r.URL.Path)
	download := strings.Contains(r.URL.Path, "/file/bot")
	if download {
		method = "download"
	}
	var wrote atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { wrote.Store(true) },
	})
	req := r.Clone(ctx)
	req.URL = t.withToken(r.URL)
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, t.lost(method, err, wrote.Load())
	}
	if download && resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	body, err := readBody(resp.Body, resp.ContentLength)
	if err != nil {
		return nil, t.lost(method, err, true)
	}
	if download || resp.StatusCode >= 300 || !succeeded(body) {
		e := judge(method, resp.StatusCode, body)
		e.Description = t.scrub(e.Description)
		return nil, e
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// readBody reads an answer of a known length, or of -1 for one that is not known, without growing a buffer for the former.
func readBody(r io.Reader, length int64) ([]byte, error) {
	if length > maxAnswer {
		return nil, errTooLong
	}
	if length >= 0 {
		body := make([]byte, length)
		_, err := io.ReadFull(r, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = errTooLong
	}
	return body, err
}

var errTooLong = errors.New("answer is too long")

// succeeded reports whether the answer says so. Telegram begins with it, which spares reading a batch of updates twice.
func succeeded(body []byte) bool {
	if bytes.HasPrefix(body, []byte(`{"ok":true`)) {
		return true
	}
	var a struct {
		OK bool `json:"ok"`
	}
	return json.Unmarshal(body, &a) == nil && a.OK
}

// withToken returns the address with the token in place of the placeholder.
func (t *transport) withToken(u *url.URL) *url.URL {
	c := *u
	c.Path = strings.Replace(u.Path, "/bot"+placeholder+"/", "/bot"+t.token+"/", 1)
	c.RawPath = strings.Replace(u.RawPath, "/bot"+placeholder+"/", "/bot"+t.token+"/", 1)
	return &c
}

// lost makes an Error of a call without an answer.
func (t *transport) lost(method string, err error, wrote bool) *Error {
	class := Transient
	if wrote {
		class = Unknown
	}
	return &Error{Method: method, Class: class, cause: t.clean(err)}
}

// clean returns err if its text is free of the token, else the text without it.
func (t *transport) clean(err error) error {
	if s := t.scrub(err.Error()); s != err.Error() {
		return errors.New(s)
	}
	return err
}

// scrub cuts the token, and its secret half alone, out of s.
func (t *transport) scrub(s string) string {
	if t.token == "" {
		return s
	}
	s = strings.ReplaceAll(s, t.token, placeholder)
	if _, secret, ok := strings.Cut(t.token, ":"); ok && secret != "" {
		s = strings.ReplaceAll(s, secret, placeholder)
	}
	return s
}

package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"time"
)

const (
	maxInlineQuery   = 256 // characters (Bot API)
	maxInlineResults = 50  // InlineQueriesManager.h:114
	maxNextOffset    = 64  // bytes (Bot API)
	maxResultID      = 64  // bytes (Bot API)
	maxCached        = 1000
)

// InlineAnswer is what the person sees above the keyboard after an inline query.
type InlineAnswer struct {
	QueryID    string
	Query      string
	Results    []InlineResult
	NextOffset string
	Button     json.RawMessage // InlineQueryResultsButton
	Personal   bool
	CacheTime  time.Duration
	Cached     bool // from Telegram's cache: the bot was not asked
}

// InlineResult is one of the results.
type InlineResult struct {
	ID          string
	Type        string
	Title       string
	Description string
	Message     Message // what PickInline sends
}

type inlineQuery struct {
	person int64
	query  string
	offset string
	at     time.Time
	answer chan InlineAnswer
}

// cached is an answer that Telegram keeps for others who ask the same.
type cached struct {
	answer InlineAnswer
	until  time.Time
}

// Inline types "@bot query" and waits for the answer. Telegram's cache may answer: results are kept for cache_time
// (300 s by default) and shown to everybody unless is_personal (Client.cpp:14253).
func (p *Person) Inline(ctx context.Context, query, offset string) (InlineAnswer, error) {
	if utf16Len(query) > maxInlineQuery {
		return InlineAnswer{}, fmt.Errorf("sandbox: an inline query has at most %d characters", maxInlineQuery)
	}
	s := p.srv
	s.mu.Lock()
	for _, key := range [...]string{cacheKey(query, offset, 0), cacheKey(query, offset, p.id)} {
		if hit, ok := s.cache[key]; ok && s.clock.Now().Before(hit.until) {
			s.mu.Unlock()
			hit.answer.Cached = true
			return hit.answer, nil
		}
	}
	id := strconv.FormatInt(s.nextID.Query, 10)
	s.nextID.Query++
	q := &inlineQuery{person: p.id, query: query, offset: offset, at: s.ages.Now(), answer: make(chan InlineAnswer, 1)}
	s.inline[id] = q
	u := s.push("inline_query", p.id, struct {
		ID     string `json:"id"`
		From   User   `json:"from"`
		Query  string `json:"query"`
		Offset string `json:"offset"`
		Chat   string `json:"chat_type"`
	}{id, p.user(), query, offset, p.inlineChat()})
	s.mu.Unlock()
	if u.ID == 0 {
		return InlineAnswer{}, ErrNotQueued
	}
	select {
	case a := <-q.answer:
		return a, nil
	case <-s.done:
		return InlineAnswer{}, ErrClosed
	case <-ctx.Done():
		return InlineAnswer{}, fmt.Errorf("inline query %q is not answered: %w", query, ctx.Err())
	}
}

func cacheKey(query, offset string, person int64) string {
	return strconv.FormatInt(person, 10) + "\x00" + offset + "\x00" + query
}

// inlineChat is InlineQuery.chat_type for the chat that the person looks at.
func (p *Person) inlineChat() string {
	if p.in == p.id {
		return "sender" // the private chat with the bot
	}
	return p.chat().info.Type
}

// answerInlineQuery takes the results and hands them to whoever asked.
func (s *Server) answerInlineQuery(c *call) (any, *apiError) {
	a, err := s.readInline(c)
	if err != nil {
		return nil, err
	}
	id := c.params["inline_query_id"]
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.inline[id]
	if q == nil || s.ages.Now().Sub(q.at) >= lifetimes["inline_query"] {
		return nil, bad(tooOld)
	}
	delete(s.inline, id)
	a.QueryID, a.Query = id, q.query
	if a.CacheTime > 0 {
		person := int64(0)
		if a.Personal {
			person = q.person
		}
		now := s.clock.Now()
		if len(s.cache) > maxCached {
			maps.DeleteFunc(s.cache, func(_ string, c cached) bool { return !now.Before(c.until) })
		}
		s.cache[cacheKey(q.query, q.offset, person)] = cached{a, now.Add(a.CacheTime)}
	}
	q.answer <- a
	return true, nil
}

func (s *Server) readInline(c *call) (InlineAnswer, *apiError) {
	a := InlineAnswer{
		NextOffset: c.params["next_offset"], Personal: c.bool("is_personal"),
		CacheTime: time.Duration(c.clamped("cache_time", 300, 0, 86400)) * time.Second,
	}
	if len(a.NextOffset) > maxNextOffset {
		return a, bad("NEXT_OFFSET_INVALID")
	}
	var list []json.RawMessage
	if _, err := c.json("results", &list); err != nil {
		return a, err
	}
	if len(list) > maxInlineResults {
		return a, bad("too many inline query results specified")
	}
	seen := map[string]bool{}
	for _, raw := range list {
		r, err := s.readResult(raw)
		if err != nil {
			return a, err
		}
		if seen[r.ID] {
			return a, bad("RESULT_ID_DUPLICATE")
		}
		seen[r.ID] = true
		a.Results = append(a.Results, r)
	}
	var err *apiError
	a.Button, err = c.inlineButton()
	return a, err
}

var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// inlineButton checks the button above the results (InlineQueriesManager.cpp:710-722).
func (c *call) inlineButton() (json.RawMessage, *apiError) {
	var b struct {
		Start  *string         `json:"start_parameter"`
		WebApp json.RawMessage `json:"web_app"`
	}
	if ok, err := c.json("button", &b); !ok || err != nil {
		return nil, err
	}
	if b.Start != nil || b.WebApp == nil {
		start := ""
		if b.Start != nil {
			start = *b.Start
		}
		switch {
		case start == "":
			return nil, bad("can't use empty start_parameter")
		case len(start) > 64:
			return nil, bad("too long start_parameter specified")
		case !startParameter.MatchString(start):
			return nil, bad("unallowed characters in start_parameter are used")
		}
	}
	return json.RawMessage(c.params["button"]), nil
}

// readResult turns a result into what it shows and what it sends. s.mu is not held.
func (s *Server) readResult(raw json.RawMessage) (InlineResult, *apiError) {
	var w struct {
		ID, Type, Title, Description string
		Content                      *inputContent   `json:"input_message_content"`
		Markup                       json.RawMessage `json:"reply_markup"`
		Caption                      string
		Mode                         string `json:"parse_mode"`
		Document                     string `json:"document_file_id"`
		Photo                        string `json:"photo_file_id"`
		Voice                        string `json:"voice_file_id"`
		inputContent
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return InlineResult{}, bad("can't parse inline query result: object expected")
	}
	r := InlineResult{ID: w.ID, Type: w.Type, Title: w.Title, Description: w.Description}
	if r.Title == "" {
		r.Title = w.FirstName
	}
	if len(r.ID) < 1 || len(r.ID) > maxResultID {
		return r, bad("RESULT_ID_INVALID")
	}
	markup := call{params: map[string]string{"reply_markup": string(w.Markup)}}
	k, err := markup.inlineMarkup()
	if err != nil {
		return r, err
	}
	r.Message.ReplyMarkup = k
	if w.Content != nil {
		return r, w.Content.fill(&r.Message)
	}
	if w.Type == "contact" || w.Text != "" {
		return r, w.inputContent.fill(&r.Message)
	}
	t, err := style(w.Caption, w.Mode, nil)
	if err != nil {
		return r, err
	}
	if utf16Len(t.text) > maxCaption {
		return r, bad("message caption is too long")
	}
	r.Message.Caption, r.Message.CaptionEntities = t.text, t.entities
	return r, s.attachCached(&r.Message, w.Document+w.Photo+w.Voice)
}

// attachCached puts a known file into the message.
func (s *Server) attachCached(m *Message, fileID string) *apiError {
	if fileID == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[fileID]
	if f == nil {
		return bad("wrong file identifier/HTTP URL specified")
	}
	m.attach(f, f.Kind)
	return nil
}

// inputContent is an InputTextMessageContent or InputContactMessageContent.
type inputContent struct {
	Text      string          `json:"message_text"`
	Mode      string          `json:"parse_mode"`
	Entities  []Entity        `json:"entities"`
	Preview   json.RawMessage `json:"link_preview_options"`
	Phone     string          `json:"phone_number"`
	FirstName string          `json:"first_name"`
	LastName  string          `json:"last_name"`
	VCard     string          `json:"vcard"`
}

func (in *inputContent) fill(m *Message) *apiError {
	if in.Phone != "" {
		m.Contact = &Contact{PhoneNumber: in.Phone, FirstName: in.FirstName, LastName: in.LastName, VCard: in.VCard}
		return nil
	}
	if in.Text == "" {
		return bad("message text is empty")
	}
	t, err := style(in.Text, in.Mode, in.Entities)
	if err != nil {
		return err
	}
	m.Text, m.Entities, m.LinkPreview = t.text, t.entities, in.Preview
	return checkText(t.text)
}

// PickInline takes a result: its message appears in this chat, sent via the bot, and the bot is told of the choice
// (chosen_inline_result, as with inline feedback at 100 %) and, where it reads the chat, of the message. The
// update is the chosen_inline_result. It fails with ErrUnknown if the answer has no such result.
func (p *Person) PickInline(a InlineAnswer, resultID string) (Update, error) {
	for _, r := range a.Results {
		if r.ID == resultID {
			return p.pick(a, r), nil
		}
	}
	return Update{}, fmt.Errorf("%w inline result %q", ErrUnknown, resultID)
}

func (p *Person) pick(a InlineAnswer, r InlineResult) Update {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	m := r.Message
	m.ViaBot = &s.me
	if m.ReplyMarkup != nil {
		m.Screen.InlineID = "inline-" + strconv.FormatInt(s.nextID.Inline, 10)
		s.nextID.Inline++
	}
	_, stored := p.post(m)
	if stored.Screen.InlineID != "" {
		s.picked[stored.Screen.InlineID] = msgRef{stored.Chat.ID, stored.ID}
	}
	u := s.push("chosen_inline_result", p.id, struct {
		ResultID string `json:"result_id"`
		From     User   `json:"from"`
		Query    string `json:"query"`
		InlineID string `json:"inline_message_id,omitempty"`
	}{r.ID, p.user(), a.Query, stored.Screen.InlineID})
	u.MessageID = stored.ID
	return u
}

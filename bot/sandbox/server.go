package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
)

// Options of a Server. The zero value works: every field has a default.
type Options struct {
	Token       string          // "<bot id>:<secret>"; default "1000:sandbox"
	BotUsername string          // default "sandbox_bot"
	BotName     string          // default: BotUsername
	Clock       clockwork.Clock // default: the real clock
	Ages        clockwork.Clock // by which what waits for the bot grows old; default: Clock
	Flood       bool            // enforce Telegram's rates
	Journal     bool            // keep every call in full; off: only the last 1,000 refusals are kept
	FirstUpdate int64           // id of the first update; default 1000
	Keep        int             // messages kept a chat; 0 keeps all
	WebhookWait time.Duration   // pause before a webhook is first tried again, doubled up to 60 s; default 1 s
}

// Server is the local Bot API server: an [http.Handler] on the bot's side, people and groups on the other.
// All its methods may be called from many goroutines.
type Server struct {
	opts  Options
	clock clockwork.Clock
	ages  clockwork.Clock
	me    User
	done  chan struct{}

	methods map[string]*method

	mu      sync.Mutex
	closed  bool
	chats   map[int64]*chat    // id → private chat or group
	names   map[string]int64   // lower-case username → id
	people  []*Person          // in order of arrival
	groups  []*Group           // in order of arrival
	files   map[string]*stored // file_id → file
	nextID  ids
	queue   queue
	poll    *poll // the getUpdates that waits, if any
	hook    *webhook
	press   map[string]*callback    // callback_query.id → press
	inline  map[string]*inlineQuery // inline_query.id → query
	cache   map[string]cached       // inline query → answer
	picked  map[string]msgRef       // inline_message_id → message
	profile profile
	faults  faults
	flood   flood
	journal journal
	events  hub
}

// ids are the next free numbers.
type ids struct {
	Person, Group, Callback, Query, File, Inline int64
}

// New makes a Server. Close it at the end.
func New(o Options) *Server {
	if o.Token == "" {
		o.Token = "1000:sandbox"
	}
	if o.BotUsername == "" {
		o.BotUsername = "sandbox_bot"
	}
	if o.BotName == "" {
		o.BotName = o.BotUsername
	}
	if o.Clock == nil {
		o.Clock = clockwork.NewRealClock()
	}
	if o.Ages == nil {
		o.Ages = o.Clock
	}
	if o.FirstUpdate == 0 {
		o.FirstUpdate = 1000
	}
	if o.WebhookWait == 0 {
		o.WebhookWait = time.Second
	}
	id, _, _ := strings.Cut(o.Token, ":")
	botID, err := strconv.ParseInt(id, 10, 64)
	if err != nil || botID <= 0 {
		botID = 1000
	}
	s := &Server{
		opts: o, clock: o.Clock, ages: o.Ages, done: make(chan struct{}), methods: newMethods(),
		me:     User{ID: botID, IsBot: true, FirstName: o.BotName, Username: o.BotUsername},
		chats:  map[int64]*chat{},
		names:  map[string]int64{},
		files:  map[string]*stored{},
		press:  map[string]*callback{},
		inline: map[string]*inlineQuery{},
		cache:  map[string]cached{},
		picked: map[string]msgRef{},
		nextID: ids{Person: 100001, Group: 5001, Callback: 4000001, Query: 7000001, File: 1, Inline: 1},
	}
	s.queue.init(o.FirstUpdate, o.Journal)
	s.profile.init()
	s.journal.full = o.Journal
	return s
}

// Bot is the bot's own account, as getMe tells it.
func (s *Server) Bot() User { return s.me }

// Close ends the waiting getUpdates and the webhook; what waits for the bot returns ErrClosed.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	close(s.done)
	s.stopHook()
	s.queue.closeWaiters()
	s.events.close()
}

// ServeHTTP answers /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, isFile := strings.CutPrefix(r.URL.Path, "/file")
	rest, ok := strings.CutPrefix(path, "/bot")
	if !ok {
		writeError(w, &apiError{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	token, name, _ := strings.Cut(rest, "/")
	if token != s.opts.Token {
		e := &apiError{code: http.StatusUnauthorized, description: "Unauthorized"}
		if !strings.Contains(token, ":") {
			e = refuse(http.StatusUnauthorized, "invalid token specified")
		}
		writeError(w, e)
		return
	}
	if isFile {
		s.serveFile(w, r, name)
		return
	}
	s.serveMethod(w, r, strings.TrimPrefix(name, "test/"))
}

// serveMethod reads, checks, runs, journals and answers one call; faults strike here.
func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, name string) {
	m := s.methods[name]
	if m == nil {
		m = s.methods[strings.ToLower(name)]
	}
	if m == nil {
		e := refuse(http.StatusNotFound, "method not found")
		s.record(&call{method: &method{name: name}}, e, "")
		writeError(w, e)
		return
	}
	c := &call{srv: s, method: m, ctx: r.Context()}
	if err := c.read(w, r); err != nil {
		s.record(c, err, "")
		writeError(w, err)
		return
	}
	fault := s.faultFor(c)
	if fault != nil && s.spoilBefore(w, c, fault) {
		return
	}
	result, err := s.carryOut(c)
	if s.record(c, err, fault.name()) {
		return // nobody listens any more
	}
	if fault != nil && spoilAfter(w, c, fault) {
		return
	}
	if err != nil {
		writeError(w, err)
		return
	}
	writeResult(w, result)
}

// carryOut checks the call against the facts and the rates, then runs it.
func (s *Server) carryOut(c *call) (any, *apiError) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.method.paced && s.opts.Flood {
		if err := s.pace(c); err != nil {
			return nil, err
		}
	}
	return c.method.run(s, c)
}

// rawJSON is a result that is encoded already.
type rawJSON []byte

func writeResult(w http.ResponseWriter, result any) {
	var body []byte
	switch v := result.(type) {
	case bool:
		body = strconv.AppendBool(nil, v)
	case rawJSON:
		body = v
	default:
		b, err := json.Marshal(result)
		if err != nil {
			writeError(w, refuse(http.StatusInternalServerError, "%s", err.Error()))
			return
		}
		body = b
	}
	const head, tail = `{"ok":true,"result":`, `}`
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(head) + len(body) + len(tail))}
	buf := make([]byte, 0, len(head)+len(body)+len(tail))
	buf = append(append(append(buf, head...), body...), tail...)
	_, _ = w.Write(buf) // the client may be gone: that is its own affair
}

var jsonType = []string{"application/json"}

// writeError answers with Telegram's error shape; 429 also carries the header Retry-After
// (Query.cpp:105, HttpConnection.cpp:72).
func writeError(w http.ResponseWriter, e *apiError) {
	type parameters struct {
		RetryAfter int   `json:"retry_after,omitempty"`
		MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
	}
	answer := struct {
		OK          bool        `json:"ok"`
		Code        int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{Code: e.code, Description: e.description}
	if e.retryAfter != 0 || e.migrateTo != 0 {
		answer.Parameters = &parameters{RetryAfter: e.retryAfter, MigrateTo: e.migrateTo}
	}
	h := w.Header()
	h["Content-Type"] = jsonType
	if e.retryAfter != 0 {
		h.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	w.WriteHeader(e.code)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone: that is its own affair
}

// now is the clock's time in whole Unix seconds.
func (s *Server) now() int64 { return s.clock.Now().Unix() }

// wait sleeps in real time; it returns false if ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

package sandbox

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/jonboulle/clockwork"
)

// Options of a Server. The zero value works: every field has a default.
type Options struct {
	Token       string          // "<bot id>:<secret>"; default "1000:sandbox"
	BotUsername string          // default "sandbox_bot"
	BotName     string          // default BotUsername
	Clock       clockwork.Clock // default: the real clock
	Flood       bool            // enforce Telegram's rates
	Journal     bool            // keep every call in full; off: only refusals are kept, the last 1000
	FirstUpdate int64           // id of the first update; default 1000
	Keep        int             // messages kept a chat; 0 keeps all
	WebhookWait time.Duration   // pause before the first repeat of a webhook, doubled up to 60 times; default 1 s
}

// Server is the local Bot API server.
type Server struct{}

func New(o Options) *Server                                        { return &Server{} }
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
func (s *Server) Close()                                           {}
func (s *Server) Bot() User                                        { return User{} }

// PersonSpec describes someone who can talk to the bot. ID 0 takes the next free one.
type PersonSpec struct {
	ID       int64
	First    string
	Last     string
	Username string
	Lang     string
}

// Person is somebody with a phone, looking at one chat: the private one with the bot, or a group ([Person.In]).
type Person struct{}

// Update is what the bot will be told. ID is 0 if it will not be told (the kind is not in allowed_updates).
type Update struct {
	ID         int64  // update_id
	Kind       string // message, callback_query, …
	MessageID  int64  // the message that was sent, edited or pressed
	CallbackID string // callback_query.id, for Server.Answered
}

// GroupSpec describes a group. ID 0 takes the next free one.
type GroupSpec struct {
	ID         int64
	Title      string
	Username   string
	Supergroup bool
	Privacy    bool // the bot sees only commands, mentions of it and replies to it
	BotAdmin   bool // the bot may delete the messages of others
	Members    []*Person
}

// Group is a group or supergroup with the bot in it.
type Group struct{}

func (s *Server) AddPerson(p PersonSpec) *Person { return &Person{} }
func (s *Server) Person(id int64) *Person        { return nil }
func (s *Server) People() []*Person              { return nil }
func (s *Server) AddGroup(g GroupSpec) *Group    { return &Group{} }
func (s *Server) Groups() []*Group               { return nil }

func (g *Group) ID() int64               { return 0 }
func (g *Group) Chat() Chat              { return Chat{} }
func (g *Group) Members() []*Person      { return nil }
func (g *Group) Add(p *Person) Update    { return Update{} }
func (g *Group) Remove(p *Person) Update { return Update{} }
func (g *Group) KickBot() Update         { return Update{} }
func (g *Group) Upgrade() (newID int64)  { return 0 }

func (p *Person) ID() int64                                      { return 0 }
func (p *Person) User() User                                     { return User{} }
func (p *Person) In(chatID int64) *Person                        { return p }
func (p *Person) Say(text string) Update                         { return Update{} }
func (p *Person) Reply(msgID int64, text string) Update          { return Update{} }
func (p *Person) Send(m Message) Update                          { return Update{} }
func (p *Person) Edit(msgID int64, text string) Update           { return Update{} }
func (p *Person) Press(msgID int64, data string) (Update, error) { return Update{}, nil }
func (p *Person) Forge(msgID int64, data string) Update          { return Update{} }
func (p *Person) Block() Update                                  { return Update{} }
func (p *Person) Unblock() Update                                { return Update{} }
func (p *Person) Deactivate()                                    {}
func (p *Person) Messages() []Message                            { return nil }
func (p *Person) Message(msgID int64) (Message, bool)            { return Message{}, false }
func (p *Person) Chat(chatID int64) []Message                    { return nil }
func (p *Person) Last() Message                                  { return Message{} }
func (p *Person) Keyboard() *ReplyKeyboard                       { return nil }

// ContactSpec is a contact to share. UserID is the Telegram id that belongs to it, 0 if none.
type ContactSpec struct {
	Phone, First, Last string
	UserID             int64
	VCard              string
}

// ForwardSpec is a message to forward.
type ForwardSpec struct {
	FromID       int64  // the author
	FromName     string // the author's first name (or the only thing known, if Hidden)
	FromLast     string
	FromUsername string
	Hidden       bool      // the author hides their account: only the name is told
	ChannelID    int64     // forwarded from a channel with the title FromName
	At           time.Time // when it was written; zero: now
	Text         string    // the text, or the caption of File
	File         *FileSpec
}

// FileKind is a kind of attachment.
type FileKind string

// The kinds of attachments.
const (
	Document FileKind = "document"
	Photo    FileKind = "photo"
	Voice    FileKind = "voice"
	Video    FileKind = "video"
	Audio    FileKind = "audio"
	Sticker  FileKind = "sticker"
)

// FileSpec is an attachment to send.
type FileSpec struct {
	Kind    FileKind
	Name    string
	Mime    string
	Data    []byte
	Size    int64 // the size told to the bot, if larger than Data
	Caption string
	ReplyTo int64
}

func (p *Person) ShareContact(c ContactSpec) Update                   { return Update{} }
func (p *Person) Forward(f ForwardSpec) Update                        { return Update{} }
func (p *Person) SendFile(f FileSpec) Update                          { return Update{} }
func (p *Person) ShareUsers(requestID int64, users ...*Person) Update { return Update{} }

// InlineAnswer is what the person sees above the keyboard after an inline query.
type InlineAnswer struct {
	QueryID    string
	Query      string
	Results    []InlineResult
	NextOffset string
	Cached     bool // answered from Telegram's cache: the bot was not asked
}

// InlineResult is one of the results.
type InlineResult struct {
	ID, Type, Title, Description string
	Message                      Message // what PickInline sends
}

func (p *Person) Inline(ctx context.Context, query, offset string) (InlineAnswer, error) {
	return InlineAnswer{}, nil
}
func (p *Person) PickInline(a InlineAnswer, resultID string) (Update, error) { return Update{}, nil }

// Answer is what answerCallbackQuery said.
type Answer struct {
	Text  string
	Alert bool
	URL   string
}

func (s *Server) WaitHandled(ctx context.Context, updateID int64) error { return nil }
func (s *Server) Redeliver(updateID int64) error                        { return nil }
func (s *Server) InjectRaw(fields string) (Update, error)               { return Update{}, nil }
func (s *Server) Answered(callbackID string) (Answer, bool)             { return Answer{}, false }
func (s *Server) Unanswered() []string                                  { return nil }

// Call is one call of the bot, as the journal keeps it.
type Call struct {
	Seq         int64
	At          time.Time
	Method      string
	Chat        int64
	MessageID   int64 // the message that was sent or edited
	Params      map[string]string
	Unknown     []string // parameters that the method does not have
	Status      int      // 0: the connection was reset
	Description string
	RetryAfter  int
	Fault       string // the injected fault, if any
}

func (s *Server) Calls() []Call   { return nil }
func (s *Server) Refused() []Call { return nil }

// FaultKind is what goes wrong.
type FaultKind string

// The faults.
const (
	TooMany     FaultKind = "429"          // 429 with retry_after; nothing is stored
	ServerError FaultKind = "500"          // 500 as JSON; nothing is stored
	BadGateway  FaultKind = "502"          // 502 with an HTML page; nothing is stored
	ResetBefore FaultKind = "reset-before" // the connection is reset, nothing is stored
	ResetAfter  FaultKind = "reset-after"  // the connection is reset, but the call was carried out
	Slow        FaultKind = "slow"         // the call is carried out, the answer comes after Delay
)

// Fault is a rule for calls that go wrong. The first rule that applies wins.
type Fault struct {
	Kind        FaultKind
	Method      string        // "": any method but getUpdates
	Chat        int64         // 0: any chat
	Skip        int           // let so many matching calls pass first
	Count       int           // then spoil so many; 0: no end
	Probability float64       // of each; 0: always
	RetryAfter  int           // seconds, for TooMany; default 1
	Delay       time.Duration // for Slow
}

func (s *Server) Faults(seed int64, rules ...Fault) {}

// Event is something that changed on somebody's screen.
type Event struct {
	Kind     string   // message, edited, deleted, toast, action, reaction, pinned, member, commands
	Chat     int64    // where
	Person   int64    // for whom: toast
	Message  *Message // message, edited, deleted, reaction, pinned
	Answer   *Answer  // toast
	Callback string   // toast
	Text     string   // action: the chat action
}

func (s *Server) Subscribe() (<-chan Event, func())               { return nil, func() {} }
func (s *Server) Commands(chatID int64, lang string) []BotCommand { return nil }
func (s *Server) Save(w io.Writer) error                          { return nil }
func (s *Server) Load(r io.Reader) error                          { return nil }

func (m *Message) FromBot() bool                        { return false }
func (m *Message) Body() string                         { return "" }
func (m *Message) HTML() string                         { return "" }
func (m *Message) Buttons() []Button                    { return nil }
func (m *Message) Button(label string) (Button, bool)   { return Button{}, false }
func (m *Message) File() *Media                         { return nil }
func (s *Server) FileData(fileID string) ([]byte, bool) { return nil, false }

package talktest

import (
	"context"
	"fmt"
	"io"
	"sync"

	"kartoteka/handlers/chat"
)

// Messenger is a chat.Messenger that remembers what is shown. Its fields may be set before an action.
type Messenger struct {
	// Fail, if set, is asked before each call, by its method's name, and makes it fail.
	Fail func(method string) error
	// Files are what Fetch finds, by file id.
	Files map[string][]byte

	mu      sync.Mutex
	numbers int64
	shown   map[int64]map[int64]chat.Screen // chat → message → what it shows now
	latest  map[int64]int64                 // chat → the message sent or edited last
	sent    map[int64][]chat.Screen         // chat → all new messages, in order
	toasts  map[int64]string
	asking  int64 // chat of the person who pressed last
	inline  InlineAnswer
	menus   map[int64][]chat.Command
}

// InlineAnswer is what was offered for an inline query.
type InlineAnswer struct {
	Results []chat.Result
	Next    string
}

func newMessenger() *Messenger {
	return &Messenger{Files: map[string][]byte{}, shown: map[int64]map[int64]chat.Screen{}, latest: map[int64]int64{},
		sent: map[int64][]chat.Screen{}, toasts: map[int64]string{}, menus: map[int64][]chat.Command{}}
}

// Sent lists all that was sent to a chat as new messages, oldest first, as it was then.
func (m *Messenger) Sent(chatID int64) []chat.Screen {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]chat.Screen(nil), m.sent[chatID]...)
}

// Shown is what a message shows now; ok is false if it is not there.
func (m *Messenger) Shown(chatID, message int64) (s chat.Screen, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok = m.shown[chatID][message]
	return s, ok
}

func (m *Messenger) refuse(method string) error {
	if m.Fail == nil {
		return nil
	}
	return m.Fail(method)
}

// Send implements chat.Messenger.
func (m *Messenger) Send(_ context.Context, to int64, s chat.Screen) (int64, error) {
	if err := m.refuse("Send"); err != nil {
		return 0, err
	}
	id := m.number()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[to] = append(m.sent[to], s)
	m.put(to, id, s)
	return id, nil
}

// Edit implements chat.Messenger.
func (m *Messenger) Edit(_ context.Context, to, message int64, s chat.Screen) error {
	if err := m.refuse("Edit"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.shown[to][message]; !ok {
		return chat.ErrGone
	}
	m.put(to, message, s)
	return nil
}

func (m *Messenger) put(to, message int64, s chat.Screen) {
	if m.shown[to] == nil {
		m.shown[to] = map[int64]chat.Screen{}
	}
	m.shown[to][message], m.latest[to] = s, message
}

// Strip implements chat.Messenger.
func (m *Messenger) Strip(_ context.Context, to, message int64) error {
	if err := m.refuse("Strip"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.shown[to][message]; ok {
		s.Buttons = nil
		m.shown[to][message] = s
	}
	return nil
}

// Delete implements chat.Messenger.
func (m *Messenger) Delete(_ context.Context, to, message int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.shown[to], message)
	return m.refuse("Delete")
}

// SendFile implements chat.Messenger; what is shown is the caption and the file's kind.
func (m *Messenger) SendFile(ctx context.Context, to int64, f chat.File, caption string) (int64, error) {
	return m.Send(ctx, to, chat.Screen{Text: fmt.Sprintf("[%s %s] %s", f.Kind, f.ID, caption)})
}

// Upload implements chat.Messenger.
func (m *Messenger) Upload(ctx context.Context, to int64, name string, content io.Reader, caption string) (int64, error) {
	b, err := io.ReadAll(content)
	if err != nil {
		return 0, err
	}
	return m.Send(ctx, to, chat.Screen{Text: fmt.Sprintf("[file %s of %d bytes] %s", name, len(b), caption)})
}

// Fetch implements chat.Messenger.
func (m *Messenger) Fetch(_ context.Context, fileID string, limit int64) ([]byte, error) {
	if err := m.refuse("Fetch"); err != nil {
		return nil, err
	}
	b, ok := m.Files[fileID]
	if !ok {
		return nil, chat.ErrGone
	}
	if int64(len(b)) > limit {
		return nil, chat.ErrTooLarge
	}
	return b, nil
}

// Answer implements chat.Messenger.
func (m *Messenger) Menu(_ context.Context, to int64, commands []chat.Command) error {
	if err := m.refuse("Menu"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.menus[to] = commands
	return nil
}

// MenuOf lists the commands that a chat offers.
func (m *Messenger) MenuOf(chatID int64) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, c := range m.menus[chatID] {
		names = append(names, c.Name)
	}
	return names
}

func (m *Messenger) Answer(_ context.Context, _ string, text string, _ bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.toasts[m.asking] = text
	return m.refuse("Answer")
}

// AnswerInline implements chat.Messenger.
func (m *Messenger) AnswerInline(_ context.Context, _ string, results []chat.Result, next string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inline = InlineAnswer{Results: results, Next: next}
	return m.refuse("AnswerInline")
}

// number is the id of the next message; people's own messages are numbered too.
func (m *Messenger) number() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.numbers++
	return m.numbers
}

func (m *Messenger) screen(chatID, message int64) chat.Screen {
	s, _ := m.Shown(chatID, message)
	return s
}

func (m *Messenger) last(chatID int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.latest[chatID]
}

func (m *Messenger) toast(chatID int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.toasts[chatID]
}

// answer forgets the last toast: the next is of this chat's press.
func (m *Messenger) answer(chatID int64, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asking, m.toasts[chatID] = chatID, text
}

func (m *Messenger) inlineAnswer() InlineAnswer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.inline
}

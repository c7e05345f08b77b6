package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

const tooOld = "query is too old and response timeout expired or query ID is invalid" // Client.cpp:147

// Answer is what answerCallbackQuery said.
type Answer struct {
	Text  string `json:"text,omitempty"`
	Alert bool   `json:"alert,omitempty"`
	URL   string `json:"url,omitempty"`
}

// callback is a press of a button.
type callback struct {
	id       int64
	person   int64
	chat     int64
	update   int64
	at       time.Time
	answer   Answer
	answered bool
}

// Press presses the button with that callback data under a message of this chat. It fails with ErrUnknown if the
// message is not on the screen or no button of it holds the data: nobody could press it.
func (p *Person) Press(msgID int64, data string) (Update, error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.chat().get(msgID)
	if m == nil {
		return Update{}, fmt.Errorf("%w message %d", ErrUnknown, msgID)
	}
	if !m.offers(data) {
		return Update{}, fmt.Errorf("%w button %q under message %d", ErrUnknown, data, msgID)
	}
	return p.callback(m, data), nil
}

func (m *Message) offers(data string) bool {
	for _, b := range m.Buttons() {
		if b.Data == data && data != "" {
			return true
		}
	}
	return false
}

// Forge sends any callback data for any message of this chat, as an altered client can. A message that is gone
// arrives as an inaccessible one (date 0).
func (p *Person) Forge(msgID int64, data string) Update {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.chat().get(msgID)
	if m == nil {
		m = &Message{ID: msgID, Chat: p.chat().info}
	}
	return p.callback(m, data)
}

// callback queues the press. s.mu is held.
func (p *Person) callback(m *Message, data string) Update {
	s := p.srv
	id := s.nextID.Callback
	s.nextID.Callback++
	text := strconv.FormatInt(id, 10)
	query := struct {
		ID       string   `json:"id"`
		From     User     `json:"from"`
		Message  *Message `json:"message,omitempty"`
		Inline   string   `json:"inline_message_id,omitempty"`
		Instance string   `json:"chat_instance"`
		Data     string   `json:"data"`
	}{ID: text, From: p.user(), Instance: strconv.FormatInt(m.Chat.ID*31+7, 10), Data: data}
	if m.Screen.InlineID != "" {
		query.Inline = m.Screen.InlineID
	} else {
		query.Message = m
	}
	u := s.push("callback_query", m.Chat.ID, query)
	u.MessageID, u.CallbackID = m.ID, text
	s.press[text] = &callback{id: id, person: p.id, chat: m.Chat.ID, update: u.ID, at: s.ages.Now()}
	return u
}

// answerCallbackQuery shows a toast or an alert. A late or second answer is refused (Client.cpp:147); late is
// judged by the lifetime of the update.
func (s *Server) answerCallbackQuery(c *call) (any, *apiError) {
	id := c.params["callback_query_id"]
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.press[id]
	if q == nil || q.answered || s.ages.Now().Sub(q.at) >= lifetimes["callback_query"] {
		return nil, bad(tooOld)
	}
	c.chatID = q.chat
	a := Answer{Text: c.params["text"], Alert: c.bool("show_alert"), URL: c.params["url"]}
	if a.URL != "" {
		if _, err := checkLink(a.URL); err != nil {
			return nil, bad("URL_INVALID")
		}
	}
	q.answered, q.answer = true, a
	s.events.publish(Event{Kind: "toast", Chat: q.chat, Person: q.person, Callback: id, Answer: &a})
	if !s.opts.Journal {
		delete(s.press, id) // or the presses of a long run would fill the memory
	}
	return true, nil
}

// Answered is what the bot answered to a press; false if it has not. Without a journal answers are not kept.
func (s *Server) Answered(callbackID string) (Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.press[callbackID]
	if q == nil || !q.answered {
		return Answer{}, false
	}
	return q.answer, true
}

// Unanswered are the presses that the bot has handled and not answered, oldest first: each is a button that
// spins on somebody's screen.
func (s *Server) Unanswered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []*callback
	for _, q := range s.press {
		if !q.answered && q.update != 0 && s.queue.pending[q.update] == 0 && s.queue.dropped[q.update] == nil {
			open = append(open, q)
		}
	}
	slices.SortFunc(open, func(a, b *callback) int { return cmp.Compare(a.id, b.id) })
	ids := make([]string, 0, len(open))
	for _, q := range open {
		ids = append(ids, strconv.FormatInt(q.id, 10))
	}
	return ids
}

// reactions are the emoji that Telegram takes as reactions (Bot API ReactionTypeEmoji).
var reactions = reactionSet("❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡")

func reactionSet(all string) map[string]bool {
	set := map[string]bool{"❤\u200d🔥": true, "👨\u200d💻": true, "🤷\u200d♂": true, "🤷\u200d♀": true, "🤷": true}
	for _, r := range all {
		set[string(r)] = true
	}
	return set
}

// setMessageReaction: a bot may put one reaction on a message (Bot API).
func (s *Server) setMessageReaction(c *call) (any, *apiError) {
	var list []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	}
	if _, err := c.json("reaction", &list); err != nil {
		return nil, err
	}
	if len(list) > 1 {
		return nil, bad("REACTIONS_TOO_MANY")
	}
	emoji := ""
	if len(list) == 1 {
		emoji = list[0].Emoji
		if r, size := utf8.DecodeLastRuneInString(emoji); r == '\ufe0f' {
			emoji = emoji[:len(emoji)-size]
		}
		if list[0].Type != "emoji" || !reactions[emoji] {
			return nil, bad("REACTION_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.target(c)
	if err != nil {
		return nil, err
	}
	m := ch.get(c.int64("message_id"))
	if m == nil {
		return nil, bad("message to react not found")
	}
	m = ch.change(m, func(n *Message) { n.Screen.Reaction = emoji })
	s.events.publish(Event{Kind: "reaction", Chat: ch.info.ID, Message: m})
	return true, nil
}

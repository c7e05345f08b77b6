package telegram

import (
	"context"
	"errors"

	"kartoteka/handlers/chat"
)

// messenger is one view of the sender: all views share its rates, each has its rank.
type messenger struct {
	api    *api
	sender *sender
	rank   rank
}

var _ chat.Messenger = (*messenger)(nil)

// message is sendMessage and editMessageText.
type message struct {
	Chat    int64    `json:"chat_id"`
	ID      int64    `json:"message_id,omitempty"`
	Topic   int64    `json:"message_thread_id,omitempty"`
	Text    string   `json:"text"`
	Mode    string   `json:"parse_mode"`
	Preview *preview `json:"link_preview_options"`
	Markup  any      `json:"reply_markup,omitempty"`
	Reply   *replyTo `json:"reply_parameters,omitempty"`
	Silent  bool     `json:"disable_notification,omitempty"`
	Protect bool     `json:"protect_content,omitempty"`
}

type preview struct {
	Off bool `json:"is_disabled"`
}

var noPreview = &preview{Off: true}

// replyTo: the message may have been deleted meanwhile, and the answer is worth more than the reference.
type replyTo struct {
	ID      int64 `json:"message_id"`
	Lenient bool  `json:"allow_sending_without_reply"`
}

func replying(to int64) *replyTo {
	if to == 0 {
		return nil
	}
	return &replyTo{ID: to, Lenient: true}
}

// sent is what we read of the Message that Telegram answers.
type sent struct {
	ID int64 `json:"message_id"`
}

func (m *messenger) Send(ctx context.Context, to int64, s chat.Screen) (int64, error) {
	if len(s.Photo) > 0 {
		return m.sendPhoto(ctx, to, s)
	}
	var done sent
	p := message{Text: cut(s.Text, mostText), Mode: "HTML", Preview: noPreview, Silent: s.Silent, Reply: replying(s.Reply), Topic: s.Topic,
		Protect: s.Protected}
	err := m.sender.send(ctx, to, m.rank, func(to int64) error {
		p.Chat = to
		return m.show(ctx, "sendMessage", &p, s, &done)
	})
	return done.ID, err
}

// Edit is repeated even when its answer was lost: done twice it shows the same.
func (m *messenger) Edit(ctx context.Context, to, id int64, s chat.Screen) error {
	s.Ask = nil // only inline keyboards can be edited in
	p := message{ID: id, Text: cut(s.Text, mostText), Mode: "HTML", Preview: noPreview}
	edit := func(to int64) error {
		p.Chat = to
		return m.show(ctx, "editMessageText", &p, s, nil)
	}
	err := m.sender.send(ctx, to, m.rank, edit)
	if errors.Is(err, chat.ErrUnknown) {
		err = m.sender.send(ctx, to, m.rank, edit)
	}
	return err
}

// show calls the method with the screen's buttons, once more without the newer kinds if an old server refuses them.
func (m *messenger) show(ctx context.Context, method string, p *message, s chat.Screen, result any) error {
	ctx, cancel := begun(ctx, callLimit)
	defer cancel()
	p.Markup = markup(s, true)
	err := m.api.call(ctx, method, p, result)
	if !refusedButtons(err) || !isFancy(s.Buttons) {
		return err
	}
	p.Markup = markup(s, false)
	if m.api.call(ctx, method, p, result) != nil {
		return err // it was not for the newer kinds
	}
	return nil
}

func refusedButtons(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Class == Refused && e.says(buttonRefused)
}

// Strip is repeated as Edit is. Telegram: without reply_markup the keyboard goes.
func (m *messenger) Strip(ctx context.Context, to, id int64) error {
	p := struct {
		Chat int64 `json:"chat_id"`
		ID   int64 `json:"message_id"`
	}{to, id}
	strip := func(to int64) error {
		p.Chat = to
		return m.quick(ctx, "editMessageReplyMarkup", p)
	}
	err := m.sender.send(ctx, to, m.rank, strip)
	if errors.Is(err, chat.ErrUnknown) {
		err = m.sender.send(ctx, to, m.rank, strip)
	}
	if errors.Is(err, chat.ErrGone) {
		return nil
	}
	return err
}

func (m *messenger) Delete(ctx context.Context, to, id int64) error {
	p := struct {
		Chat int64 `json:"chat_id"`
		ID   int64 `json:"message_id"`
	}{to, id}
	del := func() error { return m.quick(ctx, "deleteMessage", p) }
	err := m.sender.direct(ctx, del)
	if errors.Is(err, chat.ErrUnknown) {
		err = m.sender.direct(ctx, del)
	}
	var e *Error
	if errors.As(err, &e) && e.Class == Refused && e.says(deletedAlready) {
		return nil
	}
	return err
}

func (m *messenger) Menu(ctx context.Context, to int64, commands []chat.Command) error {
	type command struct {
		Name        string `json:"command"`
		Description string `json:"description"`
	}
	type scope struct {
		Type string `json:"type"`
		Chat int64  `json:"chat_id"`
	}
	p := struct {
		Commands []command `json:"commands"`
		Scope    scope     `json:"scope"`
	}{Scope: scope{"chat", to}}
	for _, c := range commands {
		p.Commands = append(p.Commands, command(c))
	}
	return m.sender.direct(ctx, func() error { return m.quick(ctx, "setMyCommands", p) })
}

func (m *messenger) Answer(ctx context.Context, press, text string, alert bool) error {
	p := struct {
		ID    string `json:"callback_query_id"`
		Text  string `json:"text,omitempty"`
		Alert bool   `json:"show_alert,omitempty"`
	}{press, plain(text, 200), alert}
	return m.sender.direct(ctx, func() error { return m.quick(ctx, "answerCallbackQuery", p) })
}

func (m *messenger) AnswerInline(ctx context.Context, query string, results []chat.Result, next string) error {
	type answer struct {
		ID       string    `json:"inline_query_id"`
		Results  []article `json:"results"`
		Cache    int       `json:"cache_time"`  // absent it would be 300 s
		Personal bool      `json:"is_personal"` // absent others would see these results
		Next     string    `json:"next_offset"`
	}
	p := answer{ID: query, Results: articles(results, true), Cache: 1, Personal: true, Next: next}
	call := func() error { return m.quick(ctx, "answerInlineQuery", p) }
	err := m.sender.direct(ctx, call)
	if refusedButtons(err) {
		p.Results = articles(results, false)
		err = m.sender.direct(ctx, call)
	}
	return err
}

// quick calls a method that answers only true.
func (m *messenger) quick(ctx context.Context, method string, params any) error {
	ctx, cancel := begun(ctx, callLimit)
	defer cancel()
	return m.api.call(ctx, method, params, nil)
}

package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"
)

const (
	maxCommands    = 100 // Bot API setMyCommands
	maxCommandName = 32
	maxCommandText = 256
)

// profile is what the bot says of itself.
type profile struct {
	Commands map[string][]BotCommand    `json:"commands"` // scope + "/" + language → menu
	Words    map[string]string          `json:"words"`    // name, description, short_description + "/" + language
	Menus    map[string]json.RawMessage `json:"menus"`    // chat, or 0 → menu button
}

func (p *profile) init() {
	*p = profile{map[string][]BotCommand{}, map[string]string{}, map[string]json.RawMessage{}}
}

// language checks a language code: two letters or none (misc.cpp:394).
func (c *call) language() (string, *apiError) {
	l := c.params["language_code"]
	if l == "" {
		return "", nil
	}
	if len(l) != 2 || !isAlpha(l[0]) || !isAlpha(l[1]) {
		return "", bad("invalid language code specified")
	}
	return strings.ToLower(l), nil
}

// scopeKey names a command scope. A chat's scope needs a chat that the bot knows.
func (s *Server) scopeKey(c *call) (string, *apiError) {
	var scope struct {
		Type string      `json:"type"`
		Chat json.Number `json:"chat_id"`
		User json.Number `json:"user_id"`
	}
	if _, err := c.json("scope", &scope); err != nil {
		return "", err
	}
	switch scope.Type {
	case "", "default":
		return "default", nil
	case "all_private_chats", "all_group_chats", "all_chat_administrators":
		return scope.Type, nil
	case "chat", "chat_administrators", "chat_member":
		if s.find(scope.Chat.String()) == nil {
			return "", bad("chat not found")
		}
		return scope.Type + ":" + scope.Chat.String() + ":" + scope.User.String(), nil
	}
	return "", bad("can't parse BotCommandScope: unsupported type specified")
}

func (s *Server) commandKey(c *call) (string, *apiError) {
	lang, err := c.language()
	if err != nil {
		return "", err
	}
	scope, err := s.scopeKey(c)
	return scope + "/" + lang, err
}

func (s *Server) setMyCommands(c *call) (any, *apiError) {
	var list []BotCommand
	if _, err := c.json("commands", &list); err != nil {
		return nil, bad("can't parse commands JSON object")
	}
	if len(list) > maxCommands {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	for i := range list {
		if err := list[i].check(); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.commandKey(c)
	if err != nil {
		return nil, err
	}
	s.profile.Commands[key] = list
	s.events.publish(Event{Kind: "commands"})
	return true, nil
}

// check holds a command against its limits (BotCommand.cpp:165-205).
func (b *BotCommand) check() *apiError {
	b.Command = strings.TrimPrefix(strings.TrimSpace(b.Command), "/")
	b.Description = strings.TrimSpace(cleanText(b.Description))
	switch {
	case b.Command == "":
		return bad("command must be non-empty")
	case utf16Len(b.Command) > maxCommandName:
		return bad("command length must not exceed %d", maxCommandName)
	case strings.Trim(b.Command, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
		return bad("BOT_COMMAND_INVALID")
	case b.Description == "":
		return bad("command description must be non-empty")
	case utf16Len(b.Description) > maxCommandText:
		return bad("command description length must not exceed %d", maxCommandText)
	}
	return nil
}

func (s *Server) getMyCommands(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.commandKey(c)
	if err != nil {
		return nil, err
	}
	list := s.profile.Commands[key]
	if list == nil {
		list = []BotCommand{}
	}
	return list, nil
}

func (s *Server) deleteMyCommands(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.commandKey(c)
	if err != nil {
		return nil, err
	}
	delete(s.profile.Commands, key)
	s.events.publish(Event{Kind: "commands"})
	return true, nil
}

// Commands is the command menu as the person sees it in this chat: the narrowest scope that has one, in their
// language first (Bot API BotCommandScope, "Determining list of commands").
func (p *Person) Commands() []BotCommand {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, id := p.chat(), strconv.FormatInt(p.in, 10)
	scopes := []string{"chat_member:" + id + ":" + strconv.FormatInt(p.id, 10), "chat:" + id + ":"}
	if ch.private() {
		scopes = append(scopes, "all_private_chats", "default")
	} else {
		scopes = append(scopes, "all_group_chats", "default")
	}
	for _, scope := range scopes {
		for _, lang := range [...]string{p.user().LanguageCode, ""} {
			if list := s.profile.Commands[scope+"/"+lang]; len(list) > 0 {
				return append([]BotCommand(nil), list...)
			}
		}
	}
	return nil
}

// setWords is setMyName, setMyDescription or setMyShortDescription; the facts check the length.
func setWords(what string) func(*Server, *call) (any, *apiError) {
	return func(s *Server, c *call) (any, *apiError) {
		lang, err := c.language()
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.profile.Words[what+"/"+lang] = c.params[what]
		return true, nil
	}
}

func getWords(what string) func(*Server, *call) (any, *apiError) {
	return func(s *Server, c *call) (any, *apiError) {
		lang, err := c.language()
		if err != nil {
			return nil, err
		}
		return map[string]string{what: s.Words(what, lang)}, nil
	}
}

func (s *Server) setChatMenuButton(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.has("chat_id") {
		if ch := s.find(c.params["chat_id"]); ch == nil || !ch.private() {
			return nil, bad("chat not found")
		}
	}
	s.profile.Menus[c.params["chat_id"]] = json.RawMessage(c.params["menu_button"])
	return true, nil
}

func (s *Server) getChatMenuButton(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range [...]string{c.params["chat_id"], ""} {
		if b := s.profile.Menus[key]; len(b) > 0 {
			return rawJSON(b), nil
		}
	}
	return rawJSON(`{"type":"commands"}`), nil
}

// Words are what the bot says of itself: what is "name", "description" (shown in an empty chat) or
// "short_description"; in the language, else in the default one.
func (s *Server) Words(what, lang string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	words, ok := s.profile.Words[what+"/"+lang]
	if !ok {
		words = s.profile.Words[what+"/"]
	}
	if words == "" && what == "name" {
		words = s.me.FirstName
	}
	return words
}

package sandbox

import "strings"

// method is one method of the Bot API.
type method struct {
	name  string
	paced bool // counts against the rates: sending and editing do (telegram.md 2.3)
	facts *typeFacts
	run   func(*Server, *call) (any, *apiError)
}

// newMethods are found by their name as the Bot API spells it, and in lower case: the real server does not
// care about case (telegram.md 2.1).
func newMethods() map[string]*method {
	methods := map[string]*method{}
	for _, m := range methodTable() {
		m.facts = facts().Methods[m.name]
		methods[m.name] = m
		methods[strings.ToLower(m.name)] = m
	}
	return methods
}

func methodTable() []*method {
	const paced = true
	return []*method{
		{name: "getMe", run: (*Server).getMe},
		{name: "logOut", run: yes},
		{name: "close", run: yes},

		{name: "getUpdates", run: (*Server).getUpdates},
		{name: "setWebhook", run: (*Server).setWebhook},
		{name: "deleteWebhook", run: (*Server).deleteWebhook},
		{name: "getWebhookInfo", run: (*Server).getWebhookInfo},

		{name: "sendMessage", paced: paced, run: (*Server).sendMessage},
		{name: "sendContact", paced: paced, run: (*Server).sendContact},
		{name: "sendLocation", paced: paced, run: (*Server).sendLocation},
		{name: "sendDocument", paced: paced, run: sendFile(Document)},
		{name: "sendPhoto", paced: paced, run: sendFile(Photo)},
		{name: "sendVoice", paced: paced, run: sendFile(Voice)},
		{name: "sendVideo", paced: paced, run: sendFile(Video)},
		{name: "sendAudio", paced: paced, run: sendFile(Audio)},
		{name: "sendChatAction", run: (*Server).sendChatAction},
		{name: "forwardMessage", paced: paced, run: (*Server).forwardMessage},
		{name: "copyMessage", paced: paced, run: (*Server).copyMessage},

		{name: "editMessageText", paced: paced, run: (*Server).editMessageText},
		{name: "editMessageCaption", paced: paced, run: (*Server).editMessageCaption},
		{name: "editMessageReplyMarkup", paced: paced, run: (*Server).editMessageReplyMarkup},
		{name: "deleteMessage", run: (*Server).deleteMessage},
		{name: "deleteMessages", run: (*Server).deleteMessages},
		{name: "setMessageReaction", run: (*Server).setMessageReaction},
		{name: "pinChatMessage", run: (*Server).pinChatMessage},
		{name: "unpinChatMessage", run: (*Server).unpinChatMessage},
		{name: "unpinAllChatMessages", run: (*Server).unpinChatMessage},

		{name: "answerCallbackQuery", run: (*Server).answerCallbackQuery},
		{name: "answerInlineQuery", run: (*Server).answerInlineQuery},
		{name: "getFile", run: (*Server).getFile},
		{name: "getChat", run: (*Server).getChat},
		{name: "getChatMember", run: (*Server).getChatMember},

		{name: "setMyCommands", run: (*Server).setMyCommands},
		{name: "getMyCommands", run: (*Server).getMyCommands},
		{name: "deleteMyCommands", run: (*Server).deleteMyCommands},
		{name: "setMyName", run: setWords("name")},
		{name: "getMyName", run: getWords("name")},
		{name: "setMyDescription", run: setWords("description")},
		{name: "getMyDescription", run: getWords("description")},
		{name: "setMyShortDescription", run: setWords("short_description")},
		{name: "getMyShortDescription", run: getWords("short_description")},
		{name: "setChatMenuButton", run: (*Server).setChatMenuButton},
		{name: "getChatMenuButton", run: (*Server).getChatMenuButton},
	}
}

// yes is a method without a visible effect here.
func yes(*Server, *call) (any, *apiError) { return true, nil }

// getMe answers with the bot's own account.
func (s *Server) getMe(*call) (any, *apiError) {
	return struct {
		User
		JoinGroups bool `json:"can_join_groups"`
		ReadsAll   bool `json:"can_read_all_group_messages"`
		Inline     bool `json:"supports_inline_queries"`
		Business   bool `json:"can_connect_to_business"`
		WebApp     bool `json:"has_main_web_app"`
	}{User: s.me, JoinGroups: true, Inline: true, Business: true}, nil
}

//go:build ignore

// Facts_gen copies the part of the Bot API's description that the sandbox serves into facts.json.
//
//	BOTAPI=path/to/botapi.json go generate ./bot/sandbox
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"maps"
	"os"
	"regexp"
	"slices"
)

type description struct {
	Version string                     `json:"version"`
	Methods map[string]json.RawMessage `json:"methods"`
	Types   map[string]json.RawMessage `json:"types"`
}

// served are the methods of the sandbox; the test of the facts holds this list against the table of methods.
var served = []string{
	"answerCallbackQuery", "answerInlineQuery", "close", "copyMessage", "deleteMessage", "deleteMessages",
	"deleteMyCommands", "deleteWebhook", "editMessageCaption", "editMessageReplyMarkup", "editMessageText",
	"forwardMessage", "getChat", "getChatMember", "getChatMenuButton", "getFile", "getMe", "getMyCommands",
	"getMyDescription", "getMyName", "getMyShortDescription", "getUpdates", "getWebhookInfo", "logOut",
	"pinChatMessage", "sendAudio", "sendChatAction", "sendContact", "sendDocument", "sendLocation",
	"sendMessage", "sendPhoto", "sendVideo", "sendVoice", "setChatMenuButton", "setMessageReaction",
	"setMyCommands", "setMyDescription", "setMyName", "setMyShortDescription", "setWebhook",
	"unpinAllChatMessages", "unpinChatMessage",
}

// told are the types that the sandbox sends to the bot.
var told = []string{
	"Update", "Message", "User", "Chat", "ChatFullInfo", "MessageEntity", "CallbackQuery", "InlineQuery",
	"ChosenInlineResult", "ChatMemberUpdated", "ChatMemberMember", "ChatMemberBanned", "ChatMemberLeft",
	"ChatMemberAdministrator", "MessageOriginUser", "MessageOriginHiddenUser", "MessageOriginChat",
	"MessageOriginChannel", "Contact", "Document", "PhotoSize", "Voice", "Video", "Audio", "Sticker", "File",
	"WebhookInfo", "BotCommand", "UsersShared", "SharedUser", "Location", "MessageId",
}

// skipped are inputs too far from what the sandbox serves.
var skipped = regexp.MustCompile(`^(InputRich.*|InputInvoice.*|InputMedia.*|InputPaidMedia.*|User)$`)

var typeName = regexp.MustCompile(`"([A-Z][A-Za-z0-9]+|Array of [A-Za-z ]+)"`)

func main() {
	raw, err := os.ReadFile(os.Getenv("BOTAPI"))
	if err != nil {
		log.Fatal(err)
	}
	var all description
	if err := json.Unmarshal(raw, &all); err != nil {
		log.Fatal(err)
	}
	part := description{Version: all.Version, Methods: map[string]json.RawMessage{}, Types: map[string]json.RawMessage{}}
	for _, name := range served {
		part.Methods[name] = all.Methods[name]
		take(&part, all, all.Methods[name])
	}
	for _, name := range told {
		part.Types[name] = all.Types[name]
	}
	if err := os.WriteFile("facts.json", encode(part), 0o644); err != nil {
		log.Fatal(err)
	}
}

// take copies the types that the fields of raw name, and theirs.
func take(part *description, all description, raw json.RawMessage) {
	var fields struct {
		Fields   json.RawMessage `json:"fields"`
		Subtypes json.RawMessage `json:"subtypes"`
	}
	if err := json.Unmarshal(raw, &fields); err != nil {
		log.Fatal(err)
	}
	for _, found := range typeName.FindAllSubmatch(append(fields.Fields, fields.Subtypes...), -1) {
		name := string(found[1])
		for len(name) > 9 && name[:9] == "Array of " {
			name = name[9:]
		}
		if _, known := part.Types[name]; known || all.Types[name] == nil || skipped.MatchString(name) {
			continue
		}
		part.Types[name] = all.Types[name]
		take(part, all, all.Types[name])
	}
}

// encode writes one method or type a line, so that a new version of the API reads well as a diff.
func encode(d description) []byte {
	var b bytes.Buffer
	b.WriteString("{\"version\": " + quote(d.Version) + ",\n\"methods\": {\n")
	lines(&b, d.Methods)
	b.WriteString("},\n\"types\": {\n")
	lines(&b, d.Types)
	b.WriteString("}}\n")
	return b.Bytes()
}

func lines(b *bytes.Buffer, items map[string]json.RawMessage) {
	names := slices.Sorted(maps.Keys(items))
	for i, name := range names {
		b.WriteString(quote(name) + ": ")
		if err := json.Compact(b, items[name]); err != nil {
			log.Fatal(name, err)
		}
		if i < len(names)-1 {
			b.WriteString(",")
		}
		b.WriteString("\n")
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}

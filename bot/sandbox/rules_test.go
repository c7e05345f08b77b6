package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

const br = "Bad Request: "

// TestSendRules has one row for each rule of text, caption, markup and target.
func TestSendRules(t *testing.T) {
	r := newRig(t)
	quiet := r.srv.AddPerson(PersonSpec{ID: 9, First: "Тихий"}) // never wrote to the bot
	gone := r.srv.AddPerson(PersonSpec{ID: 10, First: "Ушёл"})
	gone.Say("x")
	gone.Deactivate()
	r.boris.Block()
	group := r.srv.AddGroup(GroupSpec{Title: "Отдел", Members: []*Person{r.anna}})
	kicked := r.srv.AddGroup(GroupSpec{Title: "Чужие", Supergroup: true, Members: []*Person{r.anna}})
	kicked.KickBot()
	deleted := r.srv.AddGroup(GroupSpec{Title: "Нет", Members: []*Person{r.anna}})
	deleted.Delete()
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	button := func(b string) params { return keyboard(b) }
	long := func(n int) string { return strings.Repeat("ж", n) }

	tests := []struct {
		name string
		with params // over chat_id 7 and text "x"
		want string // "" is success
	}{
		{"text of 4096", params{"text": long(4096)}, ""},
		{"text of 4097", params{"text": long(4097)}, br + "message is too long"},
		{"astral text counts double", params{"text": strings.Repeat("🏟", 2049)}, br + "message is too long"},
		{"limit counts after parsing", params{"text": "<b>" + long(4096) + "</b>", "parse_mode": "HTML"}, ""},
		{"raw text over 32768 bytes", params{"text": long(17000)}, br + "text is too long"},
		{"empty text", params{"text": ""}, br + "message text is empty"},
		{"text of spaces", params{"text": " \n "}, br + "text must be non-empty"},
		{"text of empty tags", params{"text": "<b></b>", "parse_mode": "HTML"}, br + "text must be non-empty"},
		{"bad entities", params{"text": "<x>", "parse_mode": "HTML"}, br + `can't parse entities: Unsupported start tag "x" at byte offset 0`},
		{"parse mode in small letters", params{"text": "<b>x</b>", "parse_mode": "html"}, ""},
		{"unknown parse mode", params{"parse_mode": "BBCode"}, br + "unsupported parse_mode"},
		{"entity out of bounds", params{"entities": `[{"type":"bold","offset":0,"length":9}]`}, br + "entity beginning at UTF-16 offset 0 ends after the end of the text"},
		{"not UTF-8 text", params{"text": "a\u0000b"}, ""},

		{"no chat", params{"chat_id": ""}, br + "chat_id is empty"},
		{"unknown chat", params{"chat_id": "555"}, br + "chat not found"},
		{"person by name", params{"chat_id": "@anna"}, br + "chat not found"},
		{"the bot itself", params{"chat_id": "42"}, "Forbidden: the bot can't send messages to the bot"},
		{"blocked", params{"chat_id": "8"}, "Forbidden: bot was blocked by the user"},
		{"never started", params{"chat_id": fmt.Sprint(quiet.ID())}, "Forbidden: bot can't initiate conversation with a user"},
		{"deactivated", params{"chat_id": fmt.Sprint(gone.ID())}, "Forbidden: user is deactivated"},
		{"kicked", params{"chat_id": fmt.Sprint(kicked.ID())}, "Forbidden: bot was kicked from the supergroup chat"},
		{"deleted group", params{"chat_id": fmt.Sprint(deleted.ID())}, "Forbidden: the group chat was deleted"},
		{"group", params{"chat_id": fmt.Sprint(group.ID())}, ""},

		{"reply to nothing", params{"reply_parameters": `{"message_id":99}`}, br + "message to be replied not found"},
		{"older reply to nothing", params{"reply_to_message_id": "99"}, br + "message to be replied not found"},
		{"forgiving reply", params{"reply_parameters": `{"message_id":99,"allow_sending_without_reply":true}`}, ""},

		{"data of 64 bytes", button(`{"text":"a","callback_data":"` + strings.Repeat("x", 64) + `"}`), ""},
		{"data of 65 bytes", button(`{"text":"a","callback_data":"` + strings.Repeat("x", 65) + `"}`), br + "BUTTON_DATA_INVALID"},
		{"data of 33 letters", button(`{"text":"a","callback_data":"` + long(33) + `"}`), br + "BUTTON_DATA_INVALID"},
		{"button without kind", button(`{"text":"a"}`), br + "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"button without text", button(`{"callback_data":"x"}`), br + "inline keyboard button text must be non-empty"},
		{"button of telebot", button(`{"unique":"","text":"a","callback_data":"x","switch_inline_query_current_chat":"","login_url":null}`), ""},
		{"button is no object", button(`"a"`), br + "can't parse inline keyboard button: object expected"},
		{"data is a number", button(`{"text":"a","callback_data":5}`), br + `can't parse inline keyboard button: field "callback_data" must be of another type`},
		{"phone link", button(`{"text":"a","url":"tel:+79001234567"}`), br + "inline keyboard button URL 'tel:+79001234567' is invalid: Unsupported URL protocol"},
		{"localhost link", button(`{"text":"a","url":"http://localhost:80"}`), br + "inline keyboard button URL 'http://localhost:80' is invalid: Wrong HTTP URL"},
		{"web link", button(`{"text":"a","url":"wa.me/79001234567"}`), ""},
		{"person link", button(`{"text":"a","url":"tg://user?id=7"}`), ""},
		{"copy 256", button(`{"text":"a","copy_text":{"text":"` + long(256) + `"}}`), ""},
		{"copy 257", button(`{"text":"a","copy_text":{"text":"` + long(257) + `"}}`), br + "BUTTON_COPY_TEXT_INVALID"},
		{"copy nothing", button(`{"text":"a","copy_text":{"text":""}}`), br + "BUTTON_COPY_TEXT_INVALID"},
		{"style", button(`{"text":"a","callback_data":"x","style":"danger"}`), ""},
		{"unknown style", button(`{"text":"a","callback_data":"x","style":"red"}`), br + `can't parse inline keyboard button: unsupported style "red"`},
		{"8 in a row", button(many(8, `{"text":"a","callback_data":"x"}`)), ""},
		{"9 in a row", button(many(9, `{"text":"a","callback_data":"x"}`)), br + "reply markup is too long"},
		{"100 buttons", params{"reply_markup": `{"inline_keyboard":[` + many(100, `[{"text":"a","callback_data":"x"}]`) + `]}`}, ""},
		{"101 buttons", params{"reply_markup": `{"inline_keyboard":[` + many(101, `[{"text":"a","callback_data":"x"}]`) + `]}`}, br + "reply markup is too long"},
		{"10 kB of markup", params{"reply_markup": `{"inline_keyboard":[` + many(99, `[{"text":"Петров","callback_data":"`+strings.Repeat("x", 64)+`"}]`) + `]}`}, br + "reply markup is too long"},
		{"markup is no object", params{"reply_markup": `[]`}, br + "object expected as reply markup"},
		{"markup is no JSON", params{"reply_markup": `{`}, br + "can't parse reply keyboard markup JSON object"},
		{"empty markup", params{"reply_markup": `{}`}, ""},
		{"reply keyboard", params{"reply_markup": `{"keyboard":[["Да",{"text":"Номер","request_contact":true}]]}`}, ""},
		{"placeholder of 65", params{"reply_markup": `{"force_reply":true,"input_field_placeholder":"` + long(65) + `"}`}, br + `parameter "input_field_placeholder" is too long`},
		{"contact asked in a group", params{"chat_id": fmt.Sprint(group.ID()), "reply_markup": `{"keyboard":[[{"text":"Номер","request_contact":true}]]}`}, br + "phone number can be requested in private chats only"},

		{"number that is none", params{"message_thread_id": "x"}, br + `parameter "message_thread_id" must be of type Integer`},
		{"truth that is none", params{"protect_content": "maybe"}, br + `parameter "protect_content" must be of type Boolean`},
		{"preview that is none", params{"link_preview_options": `{"is_disabled":"x"}`}, br + `can't parse link preview options: field "is_disabled" must be of type Boolean`},
		{"reply without id", params{"reply_parameters": `{}`}, br + `can't parse reply parameters: can't find field "message_id"`},
		{"unknown parameter", params{"spoiler": "true"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &rig{T: t, srv: r.srv, web: r.web}
			p := params{"chat_id": "7", "text": "x"}
			for k, v := range tt.with {
				p[k] = v
			}
			if tt.want == "" {
				r.ok("sendMessage", p)
				return
			}
			r.refused("sendMessage", p, tt.want)
		})
	}
}

func TestEditRules(t *testing.T) {
	r := newRig(t)
	const same = br + notModified
	button := `{"text":"a","callback_data":"x"}`
	mine := fmt.Sprint(r.send("<b>раз</b>", params{"parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[[` + button + `]]}`}).ID)
	theirs := fmt.Sprint(r.anna.Say("два").MessageID)
	menu := fmt.Sprint(r.send("меню", params{"reply_markup": `{"keyboard":[["Да"]]}`}).ID)
	contact := r.ok("sendContact", params{"chat_id": "7", "phone_number": "+79", "first_name": "x"})
	var c Message
	if err := json.Unmarshal(contact, &c); err != nil {
		t.Fatal(err)
	}
	card := fmt.Sprint(c.ID)
	tests := []struct {
		name, method, id string
		with             params
		want             string
	}{
		{"the same", "editMessageText", mine, params{"text": " <b>раз</b>", "parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[[` + button + `]]}`}, same},
		{"another text", "editMessageText", mine, params{"text": "три"}, ""},
		{"the same again", "editMessageText", mine, params{"text": "три"}, same},
		{"the same markup", "editMessageReplyMarkup", mine, params{}, same},
		{"markup", "editMessageReplyMarkup", mine, keyboard(button), ""},
		{"too long", "editMessageText", mine, params{"text": strings.Repeat("x", 4097)}, br + "message is too long"},
		{"empty", "editMessageText", mine, params{}, br + "message text is empty"},
		{"not found", "editMessageText", "99", params{"text": "x"}, br + "message to edit not found"},
		{"theirs", "editMessageText", theirs, params{"text": "x"}, br + "message can't be edited"},
		{"with a reply keyboard", "editMessageText", menu, params{"text": "x"}, br + "message can't be edited"},
		{"no text", "editMessageText", card, params{"text": "x"}, br + "there is no text in the message to edit"},
		{"no caption", "editMessageCaption", mine, params{"caption": "x"}, br + "there is no caption in the message to edit"},
		{"reply keyboard", "editMessageText", mine, params{"text": "x", "reply_markup": `{"keyboard":[["Да"]]}`}, br + "inline keyboard expected"},
		{"no message", "editMessageText", "", params{"text": "x"}, br + "message identifier is not specified"},
		{"bad inline id", "editMessageText", mine, params{"text": "x", "inline_message_id": "no"}, br + "MESSAGE_ID_INVALID"},
	}
	for _, tt := range tests {
		p := params{"chat_id": "7", "message_id": tt.id}
		for k, v := range tt.with {
			p[k] = v
		}
		t.Run(tt.name, func(t *testing.T) {
			r := &rig{T: t, srv: r.srv, web: r.web}
			if tt.want != "" {
				r.refused(tt.method, p, tt.want)
				return
			}
			r.ok(tt.method, p)
		})
	}
	if got, _ := r.anna.Message(1); got.Text != "/start" {
		t.Errorf("message 1: %+v", got)
	}
}

func TestDeleteRules(t *testing.T) {
	r := newRig(t)
	group := r.srv.AddGroup(GroupSpec{Title: "Отдел", Members: []*Person{r.anna}})
	managed := r.srv.AddGroup(GroupSpec{Title: "Свой", BotAdmin: true, Members: []*Person{r.anna}})
	foreign := r.anna.In(group.ID()).Say("чужое")
	foreign2 := r.anna.In(managed.ID()).Say("чужое")
	old := r.send("старое", nil)
	r.clock.Advance(48 * time.Hour)
	fresh := r.send("новое", nil)
	fresh2 := r.send("новое 2", nil)
	theirs := r.anna.Say("её")
	del := func(chat, id int64) params { return params{"chat_id": fmt.Sprint(chat), "message_id": fmt.Sprint(id)} }

	r.refused("deleteMessage", del(7, 999), br+"message to delete not found")
	r.refused("deleteMessage", del(7, old.ID), br+"message can't be deleted for everyone")
	r.refused("deleteMessage", del(group.ID(), foreign.MessageID), br+"message can't be deleted for everyone")
	again := r.anna.In(group.ID()).Say("чужое")
	r.refused("deleteMessage", del(group.ID(), again.MessageID), br+"message can't be deleted")
	r.refused("deleteMessage", del(managed.ID(), foreign2.MessageID), br+"message can't be deleted for everyone")
	r.ok("deleteMessage", del(managed.ID(), r.anna.In(managed.ID()).Say("ещё").MessageID))
	r.ok("deleteMessage", del(7, fresh.ID))
	r.refused("deleteMessage", del(7, fresh.ID), br+"message to delete not found")
	r.refused("editMessageText", params{"chat_id": "7", "message_id": fmt.Sprint(fresh.ID), "text": "x"}, br+"message to edit not found")

	list := func(ids ...int64) params { return params{"chat_id": "7", "message_ids": string(rawOf(ids))} }
	r.ok("deleteMessages", list(fresh.ID, fresh2.ID, fresh2.ID, theirs.MessageID, 999))
	r.refused("deleteMessages", list(), br+"message identifiers are not specified")
	r.refused("deleteMessages", list(make([]int64, 101)...), br+"too many message identifiers specified")
	r.refused("deleteMessages", list(-1), br+"invalid message identifier specified")
	r.refused("deleteMessages", list(old.ID), br+"message can't be deleted for everyone")
	if m, ok := r.anna.Message(theirs.MessageID); !ok || !m.Screen.Deleted {
		t.Errorf("deleted message: %+v", m)
	}
	for _, m := range r.anna.Messages() {
		if m.ID == fresh.ID {
			t.Error("a deleted message is on the screen")
		}
	}
}

func TestCallbackRules(t *testing.T) {
	r := newRig(t)
	m := r.send("x", keyboard(`{"text":"a","callback_data":"one"}`))
	if _, err := r.anna.Press(m.ID, "two"); err == nil {
		t.Error("pressed a button that is not there")
	}
	if _, err := r.anna.Press(99, "one"); err == nil {
		t.Error("pressed a message that is not there")
	}
	press := func() string {
		u, err := r.anna.Press(m.ID, "one")
		if err != nil {
			t.Fatal(err)
		}
		return u.CallbackID
	}
	const old = br + tooOld
	first, late, never := press(), press(), press()
	r.refused("answerCallbackQuery", params{"callback_query_id": first, "text": strings.Repeat("ж", 201)}, br+"MESSAGE_TOO_LONG")
	r.refused("answerCallbackQuery", params{}, br+`parameter "callback_query_id" is required`)
	r.ok("answerCallbackQuery", params{"callback_query_id": first, "text": strings.Repeat("ж", 200), "show_alert": "true"})
	r.refused("answerCallbackQuery", params{"callback_query_id": first}, old)
	r.refused("answerCallbackQuery", params{"callback_query_id": "1"}, old)
	if got := r.srv.Unanswered(); len(got) != 0 {
		t.Errorf("unanswered before the bot saw them: %v", got)
	}
	r.drain()
	r.clock.Advance(150 * time.Second)
	r.refused("answerCallbackQuery", params{"callback_query_id": late}, old)
	if got := r.srv.Unanswered(); len(got) != 2 || got[0] != late || got[1] != never {
		t.Errorf("unanswered %v, want %v", got, []string{late, never})
	}
	if a, ok := r.srv.Answered(first); !ok || !a.Alert {
		t.Errorf("answer %+v %v", a, ok)
	}
	forged := r.anna.Forge(99, "erase|everything")
	got := r.updates(0)
	if len(got) != 1 || got[0].Query.Data != "erase|everything" || got[0].Query.Message.Date != 0 || got[0].ID != forged.ID {
		t.Errorf("forged press: %+v", got)
	}
}

func TestCommandRules(t *testing.T) {
	r := newRig(t)
	cmds := func(list ...BotCommand) params { return params{"commands": string(rawOf(list))} }
	long := strings.Repeat("a", 33)
	full := make([]BotCommand, 101)
	for i := range full {
		full[i] = BotCommand{fmt.Sprintf("c%d", i), "x"}
	}
	for name, tt := range map[string]struct {
		p    params
		want string
	}{
		"long name":     {cmds(BotCommand{long, "x"}), "command length must not exceed 32"},
		"capital":       {cmds(BotCommand{"Add", "x"}), "BOT_COMMAND_INVALID"},
		"cyrillic":      {cmds(BotCommand{"найти", "x"}), "BOT_COMMAND_INVALID"},
		"no name":       {cmds(BotCommand{"", "x"}), "command must be non-empty"},
		"no words":      {cmds(BotCommand{"add", " "}), "command description must be non-empty"},
		"long words":    {cmds(BotCommand{"add", strings.Repeat("ж", 257)}), "command description length must not exceed 256"},
		"too many":      {cmds(full...), "BOT_COMMANDS_TOO_MUCH"},
		"language":      {params{"commands": "[]", "language_code": "rus"}, "invalid language code specified"},
		"unknown scope": {params{"commands": "[]", "scope": `{"type":"moon"}`}, "can't parse scope: type of scope is unknown"},
		"unknown chat":  {params{"commands": "[]", "scope": `{"type":"chat","chat_id":5}`}, "chat not found"},
		"no commands":   {params{}, `parameter "commands" is required`},
	} {
		t.Run(name, func(t *testing.T) {
			(&rig{T: t, srv: r.srv, web: r.web}).refused("setMyCommands", tt.p, br+tt.want)
		})
	}
	r.ok("setMyCommands", cmds(full[:100]...))
	r.ok("setMyCommands", params{"commands": `[{"command":"/add","description":"Add"}]`})
	r.ok("setMyCommands", params{"commands": `[{"command":"add","description":"Добавить"}]`, "language_code": "ru"})
	r.ok("setMyCommands", params{"commands": `[{"command":"vip","description":"Особая"}]`, "scope": `{"type":"chat","chat_id":8}`})
	if got := r.anna.Commands(); len(got) != 1 || got[0].Description != "Добавить" {
		t.Errorf("Anna's menu: %v", got)
	}
	if got := r.boris.Commands(); len(got) != 1 || got[0].Command != "vip" {
		t.Errorf("Boris's menu: %v", got)
	}
	if got := string(r.ok("getMyCommands", nil)); got != `[{"command":"add","description":"Add"}]` {
		t.Errorf("getMyCommands: %s", got)
	}
	r.ok("deleteMyCommands", params{"scope": `{"type":"chat","chat_id":8}`})
	if got := r.boris.Commands(); got[0].Description != "Add" {
		t.Errorf("Boris's menu: %v", got)
	}
}

func TestProfileRules(t *testing.T) {
	r := newRig(t)
	r.ok("setMyDescription", params{"description": strings.Repeat("ж", 512), "language_code": "ru"})
	r.refused("setMyDescription", params{"description": strings.Repeat("ж", 513)}, br+`parameter "description" is too long`)
	r.refused("setMyShortDescription", params{"short_description": strings.Repeat("ж", 121)}, br+`parameter "short_description" is too long`)
	r.refused("setMyName", params{"name": strings.Repeat("ж", 65)}, br+`parameter "name" is too long`)
	r.ok("setMyShortDescription", params{"short_description": "CRM"})
	if got := string(r.ok("getMyShortDescription", params{"language_code": "en"})); got != `{"short_description":"CRM"}` {
		t.Error(got)
	}
	r.ok("setChatMenuButton", params{"menu_button": `{"type":"commands"}`})
	r.refused("setChatMenuButton", params{"chat_id": "555"}, br+"chat not found")
	r.ok("getChatMenuButton", nil)
}

func TestOtherRules(t *testing.T) {
	r := newRig(t)
	m := fmt.Sprint(r.send("x", nil).ID)
	r.refused("sendChatAction", params{"chat_id": "7", "action": "dancing"}, br+"wrong parameter action in request")
	r.ok("sendChatAction", params{"chat_id": "7", "action": "typing"})
	r.ok("setMessageReaction", params{"chat_id": "7", "message_id": m, "reaction": `[{"type":"emoji","emoji":"👌"}]`})
	r.refused("setMessageReaction", params{"chat_id": "7", "message_id": m, "reaction": `[{"type":"emoji","emoji":"🏟"}]`}, br+"REACTION_INVALID")
	r.refused("setMessageReaction", params{"chat_id": "7", "message_id": "99", "reaction": `[]`}, br+"message to react not found")
	r.refused("sendContact", params{"chat_id": "7", "phone_number": "1", "first_name": "x", "vcard": strings.Repeat("x", 2049)}, br+`parameter "vcard" is too long`)
	r.refused("sendContact", params{"chat_id": "7", "first_name": "x"}, br+`parameter "phone_number" is required`)
	r.ok("pinChatMessage", params{"chat_id": "7", "message_id": m})
	r.ok("unpinChatMessage", params{"chat_id": "7"})
	r.refused("pinChatMessage", params{"chat_id": "7", "message_id": "99"}, br+"message to pin not found")
	r.ok("forwardMessage", params{"chat_id": "8", "from_chat_id": "7", "message_id": m})
	if got := r.boris.Last(); got.ForwardOrigin == nil || got.ForwardOrigin.SenderUser.ID != 42 {
		t.Errorf("forwarded: %+v", got)
	}
	r.ok("copyMessage", params{"chat_id": "8", "from_chat_id": "7", "message_id": m})
	r.refused("forwardMessage", params{"chat_id": "8", "from_chat_id": "7", "message_id": "99"}, br+"message to forward not found")
	r.refused("copyMessage", params{"chat_id": "8", "from_chat_id": "7", "message_id": "99"}, br+"message to copy not found")
	r.ok("getChat", params{"chat_id": "7"})
	r.refused("getChat", params{"chat_id": "77"}, br+"chat not found")
	r.refused("noSuchMethod", nil, "Not Found: method not found")
	r.ok("SENDmessage", params{"chat_id": "7", "text": "x"})
}

func TestGroupUpgrade(t *testing.T) {
	r := newRig(t)
	g := r.srv.AddGroup(GroupSpec{Title: "Отдел", Members: []*Person{r.anna, r.boris}})
	r.drain()
	super := g.Upgrade()
	a := r.refused("sendMessage", params{"chat_id": fmt.Sprint(g.ID()), "text": "x"}, br+"group chat was upgraded to a supergroup chat")
	if a.Parameters.MigrateTo != super.ID() {
		t.Errorf("migrate_to_chat_id %d, want %d", a.Parameters.MigrateTo, super.ID())
	}
	r.ok("sendMessage", params{"chat_id": fmt.Sprint(super.ID()), "text": "x"})
	got := r.updates(0)
	if len(got) != 2 || got[0].Message.MigrateToChatID != super.ID() || got[1].Message.MigrateFromChatID != g.ID() {
		t.Errorf("service messages: %+v", got)
	}
}

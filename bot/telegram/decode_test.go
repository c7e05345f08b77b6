package telegram

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"kartoteka/handlers/chat"
)

var testNow = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func testDecoder() decoder {
	return decoder{me: Me{ID: 1000, Username: "kartoteka_bot"}, now: testNow}
}

const (
	anna    = `"from":{"id":7,"is_bot":false,"first_name":"Анна","last_name":"К","username":"anna","language_code":"ru"}`
	private = `"chat":{"id":7,"type":"private","first_name":"Анна"}`
)

// said wraps the fields of a message into an update.
func said(fields string) string {
	return `{"update_id":5,"message":{"message_id":9,"date":1700000000,` + anna + `,` + private + `,` + fields + `}}`
}

// incoming is what said without content gives.
func incoming(change func(in *chat.Incoming)) chat.Incoming {
	in := chat.Incoming{
		Update: 5, At: time.Unix(1700000000, 0).UTC(), Chat: chat.Chat{ID: 7}, Message: 9,
		From: chat.Person{ID: 7, First: "Анна", Last: "К", Username: "anna", Lang: "ru"},
	}
	change(&in)
	return in
}

func TestDecodeMessages(t *testing.T) {
	tests := []struct {
		name, raw string
		want      func(in *chat.Incoming)
	}{
		{"text", said(`"text":" привет "`), func(in *chat.Incoming) { in.Text = " привет " }},
		{"command with lines", said(`"text":"/Add Иван\n+7 916"`), func(in *chat.Incoming) {
			in.Text, in.Command, in.Args = "/Add Иван\n+7 916", "add", "Иван\n+7 916"
		}},
		{"command to us", said(`"text":"/add@Kartoteka_Bot x"`), func(in *chat.Incoming) {
			in.Text, in.Command, in.Args = "/add@Kartoteka_Bot x", "add", "x"
		}},
		{"edited", strings.Replace(said(`"text":"a","edit_date":1700000060`), `"message":`, `"edited_message":`, 1), func(in *chat.Incoming) {
			in.Text, in.Edited, in.At = "a", true, time.Unix(1700000060, 0).UTC()
		}},
		{"contact with card", said(`"contact":{"phone_number":"+7916","first_name":"П","last_name":"И","user_id":8,"vcard":"BEGIN:VCARD"}`), func(in *chat.Incoming) {
			in.Contact = &chat.Contact{Phone: "+7916", First: "П", Last: "И", User: 8, VCard: "BEGIN:VCARD"}
		}},
		{"place", said(`"location":{"latitude":55.790139,"longitude":49.1221}`), func(in *chat.Incoming) {
			in.Spot = &chat.Spot{Latitude: 55.790139, Longitude: 49.1221}
		}},
		{"topic", strings.Replace(said(`"text":"/here","message_thread_id":4,"is_topic_message":true,"reply_to_message":{"message_id":4,"date":1,"chat":{"id":-5,"type":"supergroup"},"forum_topic_created":{"name":"Продажи","icon_color":1}}`), private, `"chat":{"id":-5,"type":"supergroup","title":"Команда","is_forum":true}`, 1), func(in *chat.Incoming) {
			in.Text, in.Command = "/here", "here"
			in.Chat = chat.Chat{ID: -5, Group: true, Topic: 4, Title: "Команда / Продажи"}
		}},
		{"thread of replies", strings.Replace(said(`"text":"x","message_thread_id":4`), private, `"chat":{"id":-5,"type":"supergroup","title":"Команда"}`, 1), func(in *chat.Incoming) {
			in.Text, in.Chat = "x", chat.Chat{ID: -5, Group: true, Title: "Команда"}
		}},
		{"largest photo", said(`"caption":"/scan","media_group_id":"m1","photo":[{"file_id":"s","file_unique_id":"us","width":90,"height":90},{"file_id":"b","file_unique_id":"ub","width":900,"height":900,"file_size":5},{"file_id":"m","file_unique_id":"um","width":320,"height":320}]`), func(in *chat.Incoming) {
			in.Text, in.Command, in.Album = "/scan", "scan", "m1"
			in.File = &chat.File{ID: "b", Unique: "ub", Kind: "photo", Size: 5}
		}},
		{"no photo at all", said(`"photo":[],"text":"x"`), func(in *chat.Incoming) { in.Text = "x" }},
		{"voice", said(`"voice":{"file_id":"v","file_unique_id":"uv","duration":3,"mime_type":"audio/ogg","file_size":10}`), func(in *chat.Incoming) {
			in.File = &chat.File{ID: "v", Unique: "uv", Kind: "voice", MIME: "audio/ogg", Size: 10}
		}},
		{"document", said(`"document":{"file_id":"d","file_unique_id":"ud","file_name":"a.csv","mime_type":"text/csv","thumbnail":[]}`), func(in *chat.Incoming) {
			in.File = &chat.File{ID: "d", Unique: "ud", Kind: "document", Name: "a.csv", MIME: "text/csv"}
		}},
		{"round video", said(`"video_note":{"file_id":"n","file_unique_id":"un","length":240}`), func(in *chat.Incoming) {
			in.File = &chat.File{ID: "n", Unique: "un", Kind: "video"}
		}},
		{"sticker is something", said(`"sticker":{"file_id":"s","emoji":"x"}`), func(in *chat.Incoming) {}},
		{"forward of a person is no command", said(`"text":"/add","forward_origin":{"type":"user","date":1600000000,"sender_user":{"id":8,"first_name":"Пётр","last_name":"И","username":"petr"}}`), func(in *chat.Incoming) {
			in.Text = "/add"
			in.Forward = &chat.Forward{At: time.Unix(1600000000, 0).UTC(), User: 8, Name: "Пётр И", Username: "petr"}
		}},
		{"forward of somebody hidden", said(`"text":"a","forward_origin":{"type":"hidden_user","date":1600000000,"sender_user_name":"Пётр"}`), func(in *chat.Incoming) {
			in.Text, in.Forward = "a", &chat.Forward{At: time.Unix(1600000000, 0).UTC(), Name: "Пётр"}
		}},
		{"forward of a channel", said(`"text":"a","forward_origin":{"type":"channel","date":1600000000,"message_id":3,"chat":{"id":-100,"type":"channel","title":"Новости","username":"news"}}`), func(in *chat.Incoming) {
			in.Text, in.Forward = "a", &chat.Forward{At: time.Unix(1600000000, 0).UTC(), Name: "Новости", Username: "news", Channel: true}
		}},
		{"forward of a chat", said(`"text":"a","forward_origin":{"type":"chat","date":1600000000,"sender_chat":{"id":-5,"type":"supergroup","title":"Отдел"}}`), func(in *chat.Incoming) {
			in.Text, in.Forward = "a", &chat.Forward{At: time.Unix(1600000000, 0).UTC(), Name: "Отдел", Channel: true}
		}},
		{"reply to our buttons", said(`"text":"a","reply_to_message":{"message_id":4,"date":1,"from":{"id":1000,"is_bot":true,"first_name":"K"},` + private + `,"reply_markup":{"inline_keyboard":[[{"text":"1","callback_data":"a|1"},{"text":"2","url":"u"}],[{"text":"3","callback_data":"b|2"}]]}}`), func(in *chat.Incoming) {
			in.Text, in.Reply = "a", &chat.Reply{Message: 4, Ours: true, Data: []string{"a|1", "b|2"}}
		}},
		{"reply to another", said(`"text":"a","reply_to_message":{"message_id":4,"date":1,"from":{"id":8,"first_name":"P"},` + private + `}`), func(in *chat.Incoming) {
			in.Text, in.Reply = "a", &chat.Reply{Message: 4}
		}},
		{"via us", said(`"text":"a","via_bot":{"id":1000,"is_bot":true,"first_name":"K"}`), func(in *chat.Incoming) { in.Text, in.ViaUs = "a", true }},
		{"via another bot", said(`"text":"a","via_bot":{"id":1001,"is_bot":true,"first_name":"K"}`), func(in *chat.Incoming) { in.Text = "a" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { want := incoming(tt.want); checkDecoded(t, tt.raw, want.Chat.ID, want) })
	}
}

func checkDecoded(t *testing.T, raw string, lane int64, want chat.Incoming) {
	t.Helper()
	u, err := testDecoder().decode([]byte(raw))
	if err != nil || !u.serve {
		t.Fatalf("decode(%s): serve %v, error %v", raw, u.serve, err)
	}
	if u.lane != lane {
		t.Errorf("lane %d, want %d", u.lane, lane)
	}
	if !reflect.DeepEqual(u.in, want) {
		got, _ := json.Marshal(u.in)
		exp, _ := json.Marshal(want)
		t.Errorf("decode(%s)\n got %s\nwant %s", raw, got, exp)
	}
}

func TestDecodeOtherKinds(t *testing.T) {
	group := `"chat":{"id":-100,"type":"supergroup","title":"G"}`
	by := chat.Person{ID: 7, First: "Анна", Last: "К", Username: "anna", Lang: "ru"}
	tests := []struct {
		name, raw string
		lane      int64
		want      chat.Incoming
	}{
		{"press", `{"update_id":5,"callback_query":{"id":"c1",` + anna + `,"data":"a|1","message":{"message_id":9,"date":1,` + group + `,"text":"card"}}}`, -100,
			chat.Incoming{Update: 5, At: testNow, Chat: chat.Chat{ID: -100, Group: true, Title: "G"}, From: by, Message: 9, Press: &chat.Press{ID: "c1", Data: "a|1", Text: "card"}}},
		{"press on a message too old to see", `{"update_id":5,"callback_query":{"id":"c1",` + anna + `,"data":"a","message":{"message_id":9,"date":0,` + private + `}}}`, 7,
			chat.Incoming{Update: 5, At: testNow, Chat: chat.Chat{ID: 7}, From: by, Message: 9, Press: &chat.Press{ID: "c1", Data: "a"}}},
		{"press under an inline message", `{"update_id":5,"callback_query":{"id":"c1",` + anna + `,"data":"a","inline_message_id":"x"}}`, 7,
			chat.Incoming{Update: 5, At: testNow, Chat: chat.Chat{ID: 7}, From: by, Press: &chat.Press{ID: "c1", Data: "a"}}},
		{"inline query", `{"update_id":5,"inline_query":{"id":"q",` + anna + `,"query":"ив","offset":"20"}}`, 7,
			chat.Incoming{Update: 5, At: testNow, Chat: chat.Chat{ID: 7}, From: by, Inline: &chat.Inline{ID: "q", Query: "ив", Offset: "20"}}},
		{"chosen result", `{"update_id":5,"chosen_inline_result":{"result_id":"r",` + anna + `,"query":"ив"}}`, 7,
			chat.Incoming{Update: 5, At: testNow, Chat: chat.Chat{ID: 7}, From: by, Picked: &chat.Picked{Result: "r", Query: "ив"}}},
		{"blocked", `{"update_id":5,"my_chat_member":{` + private + `,` + anna + `,"date":100,"new_chat_member":{"status":"kicked"}}}`, 7,
			chat.Incoming{Update: 5, At: time.Unix(100, 0).UTC(), Chat: chat.Chat{ID: 7}, From: by, Reach: &chat.Reach{}}},
		{"added to a group", `{"update_id":5,"my_chat_member":{` + group + `,` + anna + `,"date":100,"new_chat_member":{"status":"member"}}}`, -100,
			chat.Incoming{Update: 5, At: time.Unix(100, 0).UTC(), Chat: chat.Chat{ID: -100, Group: true, Title: "G"}, From: by, Reach: &chat.Reach{Reachable: true}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkDecoded(t, tt.raw, tt.lane, tt.want) })
	}
}

func TestDecodeNotForUs(t *testing.T) {
	for name, raw := range map[string]string{
		"service message":    said(`"new_chat_members":[{"id":8,"first_name":"P"}]`),
		"pinned":             said(`"pinned_message":{"message_id":1}`),
		"another bot":        said(`"text":"/add@other_bot x"`),
		"channel post":       `{"update_id":5,"message":{"message_id":9,"date":1,"chat":{"id":-100,"type":"channel"},"text":"a"}}`,
		"kind not asked for": `{"update_id":5,"message_reaction_count":{"reactions":[]}}`,
	} {
		if u, err := testDecoder().decode([]byte(raw)); err != nil || u.serve || u.id != 5 {
			t.Errorf("%s: got %+v, %v; want id 5, not served", name, u, err)
		}
	}
	u, err := testDecoder().decode([]byte(said(`"migrate_to_chat_id":-1007`)))
	if err != nil || u.moveTo != -1007 {
		t.Errorf("migration: got %d, %v", u.moveTo, err)
	}
}

func TestDecodeErrorNamesNoValue(t *testing.T) {
	_, err := testDecoder().decode([]byte(`{"update_id":5,"message":{"message_id":"Секрет"}}`))
	if err == nil || strings.Contains(err.Error(), "Секрет") {
		t.Errorf("got %v, want an error without the value", err)
	}
}

func TestCommand(t *testing.T) {
	for in, want := range map[string][3]string{
		"/start":                      {"start", "", ""},
		"/START abc":                  {"start", "", "abc"},
		"/add\nИван\n+7":              {"add", "", "Иван\n+7"},
		"/add@bot  x  y ":             {"add", "bot", "x  y"},
		"/Помощь":                     {"помощь", "", ""},
		"/":                           {"", "", ""},
		"/ add":                       {"", "", ""},
		"/+7916":                      {"", "", ""},
		"/etc/passwd":                 {"", "", ""},
		" /add":                       {"", "", ""},
		"add":                         {"", "", ""},
		"/" + strings.Repeat("a", 33): {"", "", ""},
	} {
		name, bot, args := command(in)
		if got := [3]string{name, bot, args}; got != want {
			t.Errorf("command(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		said(`"text":"/add x"`), said(`"photo":[]`), said(`"photo":[{}]`), said(`"contact":{}`), said(`"reply_to_message":{"reply_markup":{"inline_keyboard":[[],[{}]]}}`),
		`{"update_id":1,"callback_query":{"message":{"chat":{}}}}`, `{"update_id":1,"my_chat_member":{}}`, `{"update_id":1,"inline_query":null}`,
		`{"message":{"from":{},"text":"/@"}}`, `[]`, `null`, `5`, `"x"`, `{"update_id":1e400}`, `{"update_id":1,"message":{"document":[]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := testDecoder().decode(raw)
		if err == nil && u.serve && u.in.Command != strings.ToLower(u.in.Command) {
			t.Errorf("command %q", u.in.Command)
		}
		if id, ok := peekID(raw); ok && err == nil && id != u.id {
			t.Errorf("two ids: %d and %d", id, u.id)
		}
	})
}

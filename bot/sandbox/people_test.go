package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func serve(srv *Server) (*http.Client, string, func()) {
	web := httptest.NewServer(srv)
	tr := &http.Transport{MaxIdleConnsPerHost: 64}
	return &http.Client{Transport: tr}, web.URL + "/bot42:test/", func() { tr.CloseIdleConnections(); web.Close() }
}

func postRaw(client *http.Client, url, body string) ([]byte, error) {
	resp, err := client.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// echoAll answers every queued update with one message.
func echoAll(tb testing.TB, client *http.Client, base string, workers int) {
	var offset int64
	for {
		raw, err := postRaw(client, base+"getUpdates", fmt.Sprintf(`{"offset":"%d","limit":"100"}`, offset))
		if err != nil {
			tb.Fatal(err)
		}
		var got struct{ Result []gotUpdate }
		if err := json.Unmarshal(raw, &got); err != nil {
			tb.Fatal(err)
		}
		if len(got.Result) == 0 {
			return
		}
		jobs := make(chan gotUpdate, len(got.Result))
		for _, u := range got.Result {
			jobs <- u
			offset = u.ID + 1
		}
		close(jobs)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for u := range jobs {
					body := fmt.Sprintf(`{"chat_id":"%d","text":"<b>Да</b>, хорошо","parse_mode":"HTML"}`, u.Message.Chat.ID)
					if raw, err := postRaw(client, base+"sendMessage", body); err != nil || !bytes.HasPrefix(raw, []byte(`{"ok":true`)) {
						tb.Errorf("%s %v", raw, err)
					}
				}
			})
		}
		wg.Wait()
	}
}

func TestConcurrency(t *testing.T) {
	r := newRig(t)
	r.srv.Faults(1, Fault{Kind: ServerError, Method: "sendContact", Probability: 0.5})
	events, cancel := r.srv.Subscribe()
	defer cancel()
	go func() {
		for range events {
		}
	}()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := r.srv.AddPerson(PersonSpec{First: fmt.Sprint(i)})
			for n := range 20 {
				p.Say(fmt.Sprint(n))
				p.Chat(p.ID())
				p.Last()
				p.Keyboard()
				p.Edit(1, fmt.Sprint(n))
			}
		})
		wg.Go(func() {
			for n := range 20 {
				var m Message
				a := r.call("sendMessage", params{"chat_id": "7", "text": fmt.Sprint(n), "reply_markup": `{"inline_keyboard":[[{"text":"a","callback_data":"x"}]]}`})
				if err := json.Unmarshal(a.Result, &m); err != nil {
					t.Error(err)
				}
				u, err := r.anna.Press(m.ID, "x")
				if err != nil {
					t.Error(err)
				}
				r.call("answerCallbackQuery", params{"callback_query_id": u.CallbackID})
				r.call("editMessageText", params{"chat_id": "7", "message_id": fmt.Sprint(m.ID), "text": "y"})
				r.call("sendContact", params{"chat_id": "7", "phone_number": "1", "first_name": "x"})
			}
		})
		wg.Go(func() {
			for range 10 {
				r.call("getUpdates", params{"timeout": "0"})
				r.srv.Calls()
				r.srv.Unanswered()
				var b bytes.Buffer
				if err := r.srv.Save(&b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := r.srv.Unanswered(); len(got) != 0 {
		t.Errorf("unanswered: %v", got)
	}
}

func TestEcho(t *testing.T) {
	srv := New(Options{Token: "42:test"})
	defer srv.Close()
	client, base, stop := serve(srv)
	defer stop()
	p := srv.AddPerson(PersonSpec{First: "x"})
	for range 250 {
		p.Say("x")
	}
	echoAll(t, client, base, 8)
	if got := len(p.Messages()); got != 500 {
		t.Errorf("%d messages", got)
	}
	if calls := srv.Calls(); len(calls) != 0 {
		t.Errorf("a journal that is off holds %d calls", len(calls))
	}
}

func TestPersonActions(t *testing.T) {
	r := newRig(t)
	mine := r.send("<b>Выбор</b>", params{"parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[[{"text":"a","callback_data":"x"}]]}`})
	r.drain()
	at := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	r.anna.Reply(mine.ID, "ответ")
	r.anna.ShareContact(ContactSpec{Phone: "+79001234567", First: "Пётр", Last: "Иванов", UserID: 55, VCard: "BEGIN:VCARD"})
	r.anna.Forward(ForwardSpec{FromID: 77, FromName: "Ольга", FromUsername: "olga", At: at, Text: "мой сайт example.com"})
	r.anna.Forward(ForwardSpec{FromName: "Скрытая", Hidden: true, Text: "x"})
	r.anna.Forward(ForwardSpec{ChannelID: -1001, FromName: "Канал", Text: "x", File: &FileSpec{Kind: Photo, Data: []byte("x")}})
	r.anna.SendFile(FileSpec{Kind: Voice, Data: []byte("ogg"), Mime: "audio/ogg"})
	r.anna.SendFile(FileSpec{Name: "клиенты.csv", Data: []byte("a;b"), Caption: "#база"})
	r.anna.SendFile(FileSpec{Kind: Sticker, Name: "👍", Data: []byte("x")})
	said := r.anna.Say("ошибк")
	r.anna.Edit(said.MessageID, "ошибка")
	r.anna.ShareUsers(3, r.boris)
	r.anna.Send(Message{Location: &Location{55.7, 37.6}})
	got := r.updates(0)
	if len(got) != 12 {
		t.Fatalf("%d updates", len(got))
	}
	check := func(i int, what string, ok bool) {
		if !ok {
			t.Errorf("%d %s: %s", i, what, rawOf(got[i]))
		}
	}
	m := func(i int) *Message { return got[i].Message }
	check(0, "reply", m(0).ReplyTo.Text == "Выбор" && m(0).ReplyTo.From.ID == 42 && m(0).ReplyTo.Buttons()[0].Data == "x" && len(m(0).ReplyTo.Entities) == 1)
	check(1, "contact", m(1).Contact.VCard == "BEGIN:VCARD" && m(1).Contact.UserID == 55)
	check(2, "forward", m(2).ForwardOrigin.Type == "user" && m(2).ForwardOrigin.SenderUser.ID == 77 && m(2).ForwardOrigin.Date == at.Unix() && m(2).Entities[0].Type == "url")
	check(3, "hidden", m(3).ForwardOrigin.Type == "hidden_user" && m(3).ForwardOrigin.SenderUserName == "Скрытая" && m(3).ForwardOrigin.SenderUser == nil)
	check(4, "channel", m(4).ForwardOrigin.Chat.Title == "Канал" && m(4).Caption == "x" && len(m(4).Photo) == 1)
	check(5, "voice", m(5).Voice != nil && m(5).Voice.MimeType == "audio/ogg")
	check(6, "document", m(6).Document.FileName == "клиенты.csv" && m(6).CaptionEntities[0].Type == "hashtag")
	check(7, "sticker", m(7).Sticker.Emoji == "👍")
	check(9, "edit", got[9].Edited.Text == "ошибка" && got[9].Edited.EditDate != 0)
	check(10, "users", m(10).UsersShared.RequestID == 3 && m(10).UsersShared.Users[0].UserID == 8)
	check(11, "location", m(11).Location.Latitude == 55.7)
	if u := r.boris.Edit(1, "x"); u.ID == 0 {
		t.Error("Boris cannot edit his own message")
	}
}

func TestLongTextIsSplit(t *testing.T) {
	r := newRig(t)
	r.drain()
	r.anna.Say(strings.Repeat("ж", 4096) + "хвост")
	if got := r.updates(0); len(got) != 2 || got[1].Message.Text != "хвост" {
		t.Errorf("%d updates", len(got))
	}
}

func TestBlockAndUnblock(t *testing.T) {
	r := newRig(t)
	r.drain()
	r.anna.Block()
	r.refused("sendMessage", params{"chat_id": "7", "text": "x"}, "Forbidden: bot was blocked by the user")
	r.anna.Unblock()
	r.send("x", nil)
	r.anna.Block()
	r.anna.Say("снова я")
	r.send("x", nil)
	got := r.updates(0)
	if len(got) != 5 || !strings.Contains(string(got[0].Member), `"new_chat_member":{"status":"kicked"`) || got[4].Message == nil {
		t.Errorf("updates: %s", rawOf(got))
	}
}

func TestGroupPrivacy(t *testing.T) {
	r := newRig(t)
	g := r.srv.AddGroup(GroupSpec{Title: "Отдел", Privacy: true, Members: []*Person{r.anna, r.boris}})
	anna := r.anna.In(g.ID())
	var m Message
	if err := json.Unmarshal(r.ok("sendMessage", params{"chat_id": fmt.Sprint(g.ID()), "text": "я бот"}), &m); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"привет всем": false, "/add Иван": true, "/add@other_bot": false, "/add@kartoteka_bot": true, "эй @Kartoteka_bot": true,
	} {
		if got := anna.Say(text).ID != 0; got != want {
			t.Errorf("%q is read: %v", text, got)
		}
	}
	if anna.Reply(m.ID, "да").ID == 0 {
		t.Error("a reply to the bot is not read")
	}
	if len(r.boris.In(g.ID()).Messages()) != 7 {
		t.Errorf("Boris sees %d messages", len(r.boris.Chat(g.ID())))
	}
	g.Remove(r.boris)
	if r.boris.Chat(g.ID()) != nil {
		t.Error("Boris still sees the group")
	}
}

func TestReplyKeyboard(t *testing.T) {
	r := newRig(t)
	if r.anna.Keyboard() != nil {
		t.Error("a keyboard from nowhere")
	}
	r.send("x", params{"reply_markup": `{"keyboard":[["Найти","Добавить"]],"is_persistent":true}`})
	r.send("y", nil)
	if k := r.anna.Keyboard(); k == nil || k.Rows[0][1].Text != "Добавить" || !k.Persistent {
		t.Errorf("keyboard: %+v", k)
	}
	r.anna.Say("Найти")
	if r.anna.Keyboard() == nil {
		t.Error("the keyboard is gone")
	}
	r.send("x", params{"reply_markup": `{"remove_keyboard":true}`})
	if k := r.anna.Keyboard(); k != nil {
		t.Errorf("removed keyboard: %+v", k)
	}
}

func TestFiles(t *testing.T) {
	r := newRig(t)
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	to := map[string]string{"chat_id": "7", "caption": "<b>файл</b>", "parse_mode": "HTML"}
	var m Message
	if err := json.Unmarshal(r.upload("sendDocument", "document", "a.txt", []byte("привет"), to).Result, &m); err != nil {
		t.Fatal(err)
	}
	if m.Document.FileName != "a.txt" || m.Caption != "файл" || m.Document.FileSize != 12 {
		t.Errorf("document: %+v", m)
	}
	if a := r.upload("sendPhoto", "photo", "a.png", pic.Bytes(), to); !a.OK || r.anna.Last().Photo[0].Width != 3 {
		t.Errorf("photo: %+v", a)
	}
	byAttach := map[string]string{"chat_id": "7", "voice": "attach://file0"}
	if a := r.upload("sendVoice", "file0", "a.oga", []byte("ogg"), byAttach); !a.OK || r.anna.Last().Voice == nil {
		t.Errorf("voice by attach://: %+v", a)
	}
	r.ok("sendDocument", params{"chat_id": "8", "document": m.Document.FileID})
	for name, tt := range map[string]struct {
		a    answer
		want string
	}{
		"no picture":    {r.upload("sendPhoto", "photo", "a.png", []byte("x"), to), "IMAGE_PROCESS_FAILED"},
		"empty":         {r.upload("sendDocument", "document", "a", nil, to), "file must be non-empty"},
		"no file":       {r.call("sendDocument", params{"chat_id": "7"}), "there is no document in the request"},
		"wrong id":      {r.call("sendDocument", params{"chat_id": "7", "document": "x"}), "wrong file identifier/HTTP URL specified"},
		"an address":    {r.call("sendDocument", params{"chat_id": "7", "document": "https://e.ru/x"}), "failed to get HTTP URL content"},
		"wrong kind":    {r.call("sendVoice", params{"chat_id": "7", "voice": m.Document.FileID}), "can't use file of type document as voice"},
		"caption":       {r.call("sendDocument", params{"chat_id": "7", "document": m.Document.FileID, "caption": strings.Repeat("ж", 1025)}), "message caption is too long"},
		"wrong getFile": {r.call("getFile", params{"file_id": "x"}), "wrong file_id or the file is temporarily unavailable"},
		"getFile none":  {r.call("getFile", nil), `parameter "file_id" is required`},
	} {
		if tt.a.Description != br+tt.want {
			t.Errorf("%s: %d %q", name, tt.a.Status, tt.a.Description)
		}
	}
	if a := r.upload("sendDocument", "document", "big", make([]byte, maxUpload+1), to); a.Status != 413 || a.Description != "Request Entity Too Large" {
		t.Errorf("over 50 MB: %+v", a)
	}
	if a := r.upload("sendPhoto", "photo", "big.png", append(pic.Bytes(), make([]byte, maxPhoto)...), to); a.Description != br+"file is too big for a photo" {
		t.Errorf("over 10 MB: %+v", a)
	}
	var f struct {
		Path string `json:"file_path"`
	}
	if err := json.Unmarshal(r.ok("getFile", params{"file_id": m.Document.FileID}), &f); err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(r.web.URL + "/file/bot42:test/" + f.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "привет" {
		t.Errorf("downloaded %q", body)
	}
	r.anna.SendFile(FileSpec{Kind: Video, Name: "v.mp4", Data: []byte("x"), Size: maxDownload + 1})
	all := r.anna.Messages()
	r.refused("getFile", params{"file_id": all[len(all)-1].Video.FileID}, br+"file is too big")
}

func TestEvents(t *testing.T) {
	r := newRig(t)
	events, cancel := r.srv.Subscribe()
	m := r.send("x", keyboard(`{"text":"a","callback_data":"x"}`))
	u, _ := r.anna.Press(m.ID, "x")
	r.ok("answerCallbackQuery", params{"callback_query_id": u.CallbackID, "text": "ой", "show_alert": true})
	id := fmt.Sprint(m.ID)
	r.ok("editMessageText", params{"chat_id": "7", "message_id": id, "text": "y"})
	r.ok("sendChatAction", params{"chat_id": "7", "action": "typing"})
	r.ok("deleteMessage", params{"chat_id": "7", "message_id": id})
	cancel()
	cancel()
	var kinds []string
	for e := range events {
		kinds = append(kinds, e.Kind)
		if e.Kind == "toast" && (e.Person != 7 || e.Answer.Text != "ой" || !e.Answer.Alert) {
			t.Errorf("toast: %+v", e)
		}
	}
	if got := strings.Join(kinds, " "); got != "message toast edited action deleted" {
		t.Error(got)
	}
	lagging, _ := r.srv.Subscribe()
	for range eventBuffer + 2 {
		r.anna.Say("x")
	}
	n := 0
	for range lagging {
		n++
	}
	if n != eventBuffer {
		t.Errorf("a lagging subscriber got %d events", n)
	}
}

func TestKeep(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Keep = 10 })
	var last Message
	for range 100 {
		last = r.send("x", nil)
	}
	if n := len(r.anna.Messages()); n < 10 || n > 20 {
		t.Errorf("%d messages kept", n)
	}
	r.ok("editMessageText", params{"chat_id": "7", "message_id": fmt.Sprint(last.ID), "text": "y"})
	r.refused("editMessageText", params{"chat_id": "7", "message_id": "2", "text": "y"}, br+"message to edit not found")
}

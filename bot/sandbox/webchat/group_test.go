package webchat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kartoteka/bot/sandbox"
)

// In the sandbox there is a group: its topic is opened, the owner has reminders come there, and it is the same place
// after the page is read anew.
func TestGroupsInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a long way through the browser; TestStory goes through it, too")
	}
	b := openTab(t, findBrowser(t), startSandbox(t))
	b.click("me")
	b.shot("groups")
	b.click("group")
	b.until("the group is open", `document.getElementById('bot-name').textContent === 'Отдел продаж'`)
	b.says("напишите здесь /here")
	b.shot("group")
	b.click("me")
	b.run(chromedp.Click(chromedp.CSS(`[data-testid^="group-topic-"]`), chromedp.NodeVisible))
	b.until("the topic is open", `document.getElementById('bot-name').textContent === 'Напоминания'`)
	b.write("/here")
	b.says("Сюда могут приходить напоминания")
	b.shot("topic")
	b.run(chromedp.Reload())
	b.until("it is the same topic", `document.getElementById('bot-name').textContent === 'Напоминания'`)
	b.says("Сюда могут приходить напоминания")
	b.click("me")
	b.click("person-101")
	b.until("the private chat is open", `document.getElementById('bot-name').textContent === 'Kartoteka'`)
	b.until("nothing but what was written stands in a message",
		`document.querySelector('.bubble') && ![...document.querySelectorAll('.bubble')].some((b) => b.firstChild.nodeType === Node.TEXT_NODE)`)
	if got := b.refused(); got != "" {
		t.Errorf("the bot was refused: %s", got)
	}
}

// Who is not in a group neither reads nor writes there, and a topic that is not there is no place.
func TestOnlyMembersAreInAGroup(t *testing.T) {
	d := newDesk(t)
	g := d.srv.AddGroup(sandbox.GroupSpec{Title: "Отдел", Supergroup: true, Members: []*sandbox.Person{d.srv.Person(annaID)}})
	topic := g.AddTopic("Новости")
	at := func(person, topic int64) string {
		return fmt.Sprintf(`"person":%d,"chat":%d,"topic":%d`, person, g.ID(), topic)
	}

	d.post("/api/say", `{`+at(annaID, topic)+`,"text":"в теме"}`)
	if list := d.srv.Person(annaID).In(g.ID()).InTopic(topic).Messages(); len(list) != 2 || list[1].Text != "в теме" {
		t.Errorf("in the topic: %+v", list)
	}
	if w := d.do("GET", fmt.Sprintf("/api/chat?person=%d&chat=%d&topic=%d", annaID, g.ID(), topic), ""); !strings.Contains(w.Body.String(), "в теме") {
		t.Errorf("the topic shows %s", w.Body)
	}
	if w := d.do("GET", "/api/world", ""); !strings.Contains(w.Body.String(), `"topics":[{"id":`) {
		t.Errorf("the world does not list the topic: %s", w.Body)
	}
	for _, place := range []string{at(borisID, topic), at(borisID, 0), at(annaID, topic+1)} {
		if w := d.do("POST", "/api/say", `{`+place+`,"text":"чужой"}`); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %s", place, w.Code, w.Body)
		}
	}
	g.Delete()
	if w := d.do("POST", "/api/say", `{`+at(annaID, 0)+`,"text":"поздно"}`); w.Code != http.StatusNotFound {
		t.Errorf("a deleted group: %d %s", w.Code, w.Body)
	}
}

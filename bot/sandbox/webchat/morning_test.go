package webchat_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// One moves the clock to the next morning and sees, as one member after the other, what reminds them; a page that is read
// anew shows the same.
func TestMorning(t *testing.T) {
	if testing.Short() {
		t.Skip("a long way through the browser; TestStory goes through it, too")
	}
	b := openTab(t, findBrowser(t), startSandbox(t))
	b.says("Анна")
	b.click("clock")
	b.shot("morning-clock")
	b.click("clock-morning")
	b.has("Доброе утро, Анна")
	b.has("Сегодня день рождения")
	b.shot("morning-ru")
	b.click("me")
	b.shot("morning-people")
	b.click("person-102")
	b.until("one is Ivan", `document.title.includes('Ivan')`)
	b.has("Good morning, Ivan")
	b.has("Birthday today")
	b.click("me")
	b.click("lang")
	b.run(chromedp.SendKeys(chromedp.CSS("#lang"), "\x1b"))
	b.shot("morning-en")
	b.run(chromedp.Reload())
	b.until("one is still Ivan", `document.title.includes('Ivan')`)
	b.has("Good morning, Ivan")
	b.shot("morning-again")
	if got := b.refused(); got != "" {
		t.Errorf("the bot was refused: %s", got)
	}
}

// has waits for words to be in the chat.
func (b *tab) has(words string) {
	b.Helper()
	b.until("there is "+words, `document.querySelector('#log').innerText.includes(`+quote(words)+`)`)
}

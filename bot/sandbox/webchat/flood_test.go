package webchat_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// Fifty messages at once push nothing away: who reads further up stays there, who is at the end sees the newest, and nothing
// that was on the page is taken off it, so that no tap is lost; a page that is read anew shows the same.
func TestPageBearsAFlood(t *testing.T) {
	r := newRig(t)
	flood := func(from int) {
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() { r.send(fmt.Sprintf("<b>Сообщение %d</b>\nвторая строка", from+i)) })
		}
		all.Wait()
		r.until("all are there", fmt.Sprintf(`document.querySelectorAll('article').length === %d`, from+50))
	}
	const place = `Math.round(document.querySelector('#m20').getBoundingClientRect().top)`
	const end = `(() => { const l = document.querySelector('#log'); return l.scrollHeight - l.scrollTop - l.clientHeight < 3; })()`
	const removed = `(() => { removals += observer.takeRecords().length; return removals; })()`
	flood(1)
	r.until("the newest is on the screen", end)
	r.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('#m20').scrollIntoView(); removals = 0;
		observer = new MutationObserver((list) => { removals += list.filter((m) => m.removedNodes.length && m.target.id !== 'bot-state').length; });
		for (const id of ['log', 'people', 'keyboard']) observer.observe(document.getElementById(id), { childList: true });`))
	flood(51)
	r.write("пишу дальше")
	r.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('#m20').scrollIntoView()`))
	r.until("one can go down again", `!document.querySelector('#down').hidden`)
	before := r.words(place)
	r.call("setMyCommands", map[string]any{"commands": []map[string]string{{"command": "add", "description": "новый клиент"}}})
	flood(102)
	if after := r.words(place); after != before {
		t.Errorf("the message that was read moved from %s to %s", before, after)
	}
	if n := r.words(removed); n != "0" {
		t.Errorf("the page took something away %s times", n)
	}
	r.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('#down').click()`))
	flood(152)
	r.until("the newest is on the screen", end)
	seen := r.words(`document.querySelector('#log').innerText`)
	r.run(chromedp.Reload())
	r.until("it is read anew", `document.querySelectorAll('article').length === 202`)
	if again := r.words(`document.querySelector('#log').innerText`); again != seen {
		t.Errorf("read anew it shows\n%s\nbefore that\n%s", again, seen)
	}
	r.until("the newest is on the screen", end)
}

package webchat_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A manager's first minutes in the real sandbox, bot included: start, a client by the form, search, card, note.
func TestStory(t *testing.T) {
	b := openTab(t, findBrowser(t), startSandbox(t))
	b.says("Анна") // who owns the base has begun the chat
	b.shot("start")

	b.write("/add")
	b.says("Как зовут")
	b.write("Кузнецова Ольга Игоревна")
	b.says("Телефон")
	b.write("8 945 123-45-67")
	b.says("Компания")
	b.write("ООО «Ромашка», закупщик")
	b.shot("form")
	b.answer("Сохранить", map[string]string{
		"Почта": "olga@romashka.example", "Метки": "опт, кофемашины", "День рождения": "28 ноября 1991", "Город": "Казань",
	})
	b.says("+7 945 123-45-67")
	b.shot("preview")
	b.key("Сохранить")
	b.says("закупщик")

	b.write("кузнецова рамашка") // with a mistake
	b.says("Ничего точного")
	b.key("Кузнецова Ольга Иго… · ООО «Ромашка»")
	b.says("закупщик")
	b.key("Заметка")
	b.says("Напишите текст")
	b.write("Просила прайс на зиму, звонить после обеда 📞")
	b.says("Просила прайс на зиму")
	b.shot("note")

	if *update {
		b.write("4567")
		b.says("Просила прайс на зиму")
		b.run(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('[data-testid=fold]')].at(-1)?.click()`))
		b.run(chromedp.Evaluate[chromedp.Void](last + `.scrollIntoView({block: 'end'})`))
		b.until("no toast covers anything", `!document.querySelector('[data-testid=toast]')`)
		b.picture("screenshot.png")
	}
	if got := b.refused(); got != "" {
		t.Errorf("the bot was refused: %s", got)
	}
}

// answer answers the questions of a form that it knows and skips the others, until there is a button.
func (b *tab) answer(until string, known map[string]string) {
	b.Helper()
	for range 20 {
		b.until("the bot asks", reply+`?.querySelector('[data-testid=keys]')`)
		asked := b.words(reply + `.innerText`)
		if strings.Contains(asked, until) {
			return
		}
		said := false
		for question, answer := range known {
			if strings.HasPrefix(asked, question) {
				b.write(answer)
				said = true
			}
		}
		if !said {
			b.key("Пропустить")
		}
		b.until("the next question comes", `(`+reply+`?.innerText ?? '') !== `+quote(asked))
	}
	b.Fatalf("no button %s after twenty questions\n%s", until, b.page())
}

// refused is the line that tells of the bot's mistakes.
func (b *tab) refused() string {
	return b.words(`document.querySelector('[data-testid=trouble]').innerText`)
}

package remind

import (
	"context"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// maxCopy is what a copy button holds. Telegram: 1–256 characters.
const maxCopy = 256

// letters are the texts to write to a client in a tone, ready to be copied; ago is how long ago the last touch was.
func letters(t *locales.Texts, c crm.Client, tone crm.Tone, ago string) []string {
	hello, nobody := "letter.hello", t.Label("letter.hello_nobody")
	if tone == crm.ToneBirthday {
		hello, nobody = "letter.wish", t.Label("letter.wish_nobody")
	}
	named := nobody
	if name := c.Addressed(); name != "" {
		named = t.Label(hello, "name", name)
	}
	var all []string
	for n := range crm.Letters {
		key := "letter." + string(tone) + "." + strconv.Itoa(n+1)
		text := t.Label(key, "hello", named, "ago", ago)
		if fit.Units(text) > maxCopy {
			text = t.Label(key, "hello", nobody, "ago", ago)
		}
		all = append(all, text)
	}
	return all
}

// write shows what to write to the client of a matter, and where; "sent" notes that it was written.
func write(ctx context.Context, t *talk.Turn, m matter, more string) error {
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if s.c.ID == "" {
		return t.Stale(ctx)
	}
	s.seen = m.seen
	if more == "sent" {
		return wrote(ctx, t, s)
	}
	last, err := t.Desk.LastTouch(ctx, t.By, s.c.ID)
	if err != nil {
		return err
	}
	tone := crm.ToneFor(s.c, last, t.Now)
	if s.kind == aboutBirthday {
		tone = crm.ToneBirthday
	}
	lines := append([]string{t.T.HTML("letter.title", "name", s.c.Name)}, s.who[1:]...)
	var copies []chat.Button
	for i, text := range letters(t.T, s.c, tone, t.T.Ago(last.At, t.Now)) {
		lines = append(lines, "", t.T.HTML("letter.item", "no", i+1, "text", text))
		copies = append(copies, chat.Button{Text: t.T.Label("button.copy_letter", "no", i+1), Copy: text})
	}
	rows := [][]chat.Button{copies}
	if links := card.Links(t.T, s.c); len(links) > 0 {
		rows = append(rows, links)
	}
	rows = append(rows, []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, ""), s.button(t.T.Label("button.wrote"), talk.VerbWrite, "sent")})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// wrote logs that the client was written to. That is what a next contact or a birthday was for; a task may want more.
func wrote(ctx context.Context, t *talk.Turn, s standing) error {
	switch {
	case s.kind == aboutBirthday:
		return greet(ctx, t, talk.Data{ID: s.id, Arg: "done"})
	case s.kind != aboutTask && s.kind != aboutStale && s.open():
		e := s.ending()
		e.Kind = crm.TouchMessage
		c, err := t.Desk.FinishContact(ctx, t.By, s.c.ID, e)
		if err != nil {
			return asIsOr(ctx, t, s.matter, err)
		}
		return settleOn(ctx, t, s, decision{text: t.T.HTML("letter.sent", "who", crm.GivenName(t.By.Name)), rev: c.Rev})
	}
	t.By.Cause = crm.Cause("wrote." + s.id + "." + strconv.FormatInt(t.In.Message, 36) + "." + t.Today().String()) // pressed twice it is one touch
	if _, err := t.Desk.LogTouch(ctx, t.By, s.c.ID, crm.TouchInput{Kind: crm.TouchMessage}); err != nil {
		return err
	}
	if s.kind == aboutStale {
		t.Toast(t.T.Label("stale.noted"))
		return backToStale(ctx, t, s.c.ID)
	}
	return showMatter(ctx, t, s.matter, t.T.HTML("letter.sent", "who", crm.GivenName(t.By.Name)))
}

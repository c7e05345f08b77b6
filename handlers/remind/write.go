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
)

// maxCopy is what a copy button holds. Telegram: 1–256 characters.
const maxCopy = 256

// letter is what a text to a client goes by.
type letter struct {
	tone crm.Tone
	ago  string       // how long ago the last touch was
	day  crm.Occasion // what it is written for, if it is for a day
}

// toneOf is how one writes on an occasion.
func toneOf(o crm.Occasion) crm.Tone {
	switch {
	case o.Kind == crm.RemindAnniversary && o.Years == 0:
		return crm.ToneTogether
	case o.Kind == crm.RemindAnniversary:
		return crm.ToneAnniversary
	case o.Kind == crm.RemindDate:
		return crm.ToneDate
	}
	return crm.ToneBirthday
}

// letters are the texts to write to a client, ready to be copied.
func (v view) letters(c crm.Client, l letter) []string {
	hello, nobody := "letter.hello", v.t.Label("letter.hello_nobody")
	if l.tone == crm.ToneBirthday {
		hello, nobody = "letter.wish", v.t.Label("letter.wish_nobody")
	}
	named := nobody
	if name := c.Addressed(); name != "" {
		named = v.t.Label(hello, "name", name)
	}
	day := ""
	if !l.day.Day.IsZero() {
		day = v.t.DayMonth(l.day.Day)
	}
	var all []string
	for n := range crm.Letters {
		text := func(hello string) string {
			return v.t.Label("letter."+string(l.tone)+"."+strconv.Itoa(n+1), "hello", hello, "ago", l.ago,
				"years", v.t.Label("letter.years", "n", l.day.Years), "label", l.day.Date.Label, "day", day)
		}
		fits := text(named)
		if fit.Units(fits) > maxCopy {
			fits = text(nobody)
		}
		all = append(all, fits)
	}
	return all
}

// write shows what to write to the client of a matter, and where; "sent" notes that it was written.
func write(ctx context.Context, t *talk.Turn, m matter, more string) error {
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if s.c.ID == "" && s.day.Kind == "" {
		return t.Stale(ctx)
	}
	s.seen = m.seen
	if more == "sent" {
		return wrote(ctx, t, s)
	}
	if s.day.Unwished {
		return noConsent(ctx, t, s)
	}
	l, err := s.letter(ctx, t)
	if err != nil {
		return err
	}
	c := s.client()
	lines := []string{t.T.HTML("letter.title", "name", c.Name)}
	if s.c.ID != "" {
		lines = append(lines, s.who[1:]...)
	}
	var copies []chat.Button
	for i, text := range viewOf(t).letters(c, l) {
		lines = append(lines, "", t.T.HTML("letter.item", "no", i+1, "text", text))
		copies = append(copies, chat.Button{Text: t.T.Label("button.copy_letter", "no", i+1), Copy: text})
	}
	rows := [][]chat.Button{copies}
	if links := card.Links(t.T, c); len(links) > 0 {
		rows = append(rows, links)
	}
	rows = append(rows, []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, ""), s.button(t.T.Label("button.wrote"), talk.VerbWrite, "sent")})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// client is whom one writes to: of an occasion that was handed over without the card no more than the name.
func (s standing) client() crm.Client {
	if s.c.ID == "" {
		return s.day.Client
	}
	return s.c
}

// letter is what the texts to the client go by.
func (s standing) letter(ctx context.Context, t *talk.Turn) (letter, error) {
	if s.day.Kind != "" {
		return letter{tone: toneOf(s.day), day: s.day}, nil
	}
	last, err := t.Desk.LastTouch(ctx, t.By, s.c.ID)
	return letter{tone: crm.ToneFor(s.c, last, t.Now), ago: t.T.Ago(last.At, t.Now)}, err
}

// noConsent says that the client has not consented to be congratulated, and leads to where that is written down.
func noConsent(ctx context.Context, t *talk.Turn, s standing) error {
	row := []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, "")}
	if s.c.ID != "" {
		row = append(row, talk.Button(t.T.Label("law.consents"), talk.VerbConsent, string(s.c.ID), ""))
	}
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("consent.missing", "name", s.client().Name), Buttons: [][]chat.Button{row}})
	return err
}

// wrote logs that the client was written to. That is what a next contact or an occasion was for; a task may want more.
func wrote(ctx context.Context, t *talk.Turn, s standing) error {
	switch {
	case s.day.Kind != "":
		return celebrate(ctx, t, s.matter, "done")
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

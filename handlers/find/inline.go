package find

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// inlinePage is how many clients one inline answer offers. Telegram: at most 50 results, and a client is two.
const inlinePage = 25

// inline offers clients for a query typed after the bot's name: by search, or with nothing typed one's own, the
// recently touched first. Who may see no clients is told so.
func inline(ctx context.Context, t *talk.Turn) error {
	text := strings.TrimSpace(t.In.Inline.Query)
	offer := recent
	if text != "" {
		offer = matching
	}
	clients, next, err := offer(ctx, t, text, t.In.Inline.Offset)
	if why, theirs := talk.Explain(t.T, err); err != nil && theirs {
		refused := chat.Result{ID: "refused", Title: fit.Line(why, maxTitle), Description: why, Text: string(locales.Escape(why))}
		return t.Out.AnswerInline(ctx, t.In.Inline.ID, []chat.Result{refused}, "")
	}
	if err != nil {
		return err
	}
	protected, err := t.Protected(ctx)
	if err != nil {
		return err
	}
	shown := len(clients) <= phonesShown && t.In.Inline.Offset == "" && next == ""
	var results []chat.Result
	var glanced []crm.ClientID
	for _, c := range clients {
		of := offers(t, c, protected, shown)
		if results = append(results, of...); shown && len(of) > 1 {
			glanced = append(glanced, c.ID)
		}
	}
	if len(glanced) > 0 {
		if err := t.Desk.NoteGlance(ctx, t.By, glanced); err != nil {
			return err
		}
	}
	return t.Out.AnswerInline(ctx, t.In.Inline.ID, results, next)
}

// phonesShown is how many clients a query must have come down to for their phones to be read in the list: each of them then counts as
// opened. Of more a phone is seen when it is chosen, which counts too.
const phonesShown = 3

// picked hears that contacts were put into a chat: the card counts as opened.
func picked(ctx context.Context, t *talk.Turn) error {
	id, full := strings.CutSuffix(t.In.Picked.Result, fullResult)
	if !full {
		return nil
	}
	err := t.Desk.NoteGlance(ctx, t.By, []crm.ClientID{crm.ClientID(id)})
	if errors.Is(err, crm.ErrDenied) {
		return nil // the role has been lost since; there is nothing to say to that in whatever chat it was
	}
	return err
}

// fullResult ends the id of a result that holds contacts.
const fullResult = ".full"

// matching searches. Offset: the number of the hit to go on with.
func matching(ctx context.Context, t *talk.Turn, text, offset string) (list []crm.Client, next string, err error) {
	from, err := strconv.Atoi(offset)
	if offset != "" && (err != nil || from < 0) {
		return nil, "", nil
	}
	res, err := t.Desk.FindPage(ctx, t.By, text, from, inlinePage)
	if err != nil {
		return nil, "", err
	}
	for _, h := range res.Hits {
		list = append(list, h.Client)
	}
	if res.Next > 0 {
		next = strconv.Itoa(res.Next)
	}
	return list, next, nil
}

// recent lists one's own clients by their last touch. Offset: the last touch of the last client offered, in
// milliseconds of Unix time to the base 36 (empty: never touched), and its id, with a dot between.
func recent(ctx context.Context, t *talk.Turn, _, offset string) (list []crm.Client, next string, err error) {
	q := crm.ClientQuery{Owner: t.By.ID, Sort: crm.SortByTouch, Limit: inlinePage + 1}
	if offset != "" {
		mark, ok := parseMark(offset)
		if !ok {
			return nil, "", nil
		}
		q.After = &mark
	}
	if list, err = t.Desk.List(ctx, t.By, q); err != nil {
		return nil, "", err
	}
	if len(list) > inlinePage {
		list = list[:inlinePage]
		next = packMark(list[inlinePage-1].Mark(q.Sort))
	}
	return list, next, nil
}

func packMark(m crm.ClientMark) string {
	at := ""
	if !m.Time.IsZero() {
		at = strconv.FormatInt(m.Time.UnixMilli(), 36)
	}
	return at + "." + string(m.ID)
}

func parseMark(s string) (crm.ClientMark, bool) {
	at, id, ok := strings.Cut(s, ".")
	m := crm.ClientMark{ID: crm.ClientID(id)}
	if at != "" {
		ms, err := strconv.ParseInt(at, 36, 64)
		if err != nil {
			return m, false
		}
		m.Time = time.UnixMilli(ms).UTC()
	}
	return m, ok && id != ""
}

// offers are the two lines for a client: the first inserts what may be read by anybody, the name and a button
// that opens the card for those who may see it; the second, where there is one, phones and e-mail addresses too. That is
// passing them on, which a team may not want. shown: they are read in the list already.
func offers(t *talk.Turn, c crm.Client, protected, shown bool) []chat.Result {
	open := [][]chat.Button{{talk.Link(t.T.Label("inline.open"), talk.CardLink(t.Bot, c.ID))}}
	name := t.T.HTML("inline.name", "name", c.Name)
	plain := chat.Result{ID: string(c.ID), Title: fit.Line(c.Name, maxTitle), Description: describe(t, c), Text: name, Buttons: open}
	if protected || len(c.Phones) == 0 && len(c.Emails) == 0 {
		return []chat.Result{plain}
	}
	full := chat.Result{ID: string(c.ID) + fullResult, Title: fullTitle(t, c), Description: plain.Description, Text: contacts(t, c), Buttons: open}
	if shown {
		full.Description = reach(c)
	}
	return []chat.Result{plain, full}
}

// maxTitle keeps a title in the line that a phone shows of it.
const maxTitle = 60

func fullTitle(t *talk.Turn, c crm.Client) string {
	name := fit.Line(c.Name, maxTitle)
	if len(c.Phones) == 0 {
		return t.T.Label("inline.email_title", "name", name)
	}
	return t.T.Label("inline.phone_title", "name", name)
}

// describe is who the client is: company, position and stage.
func describe(t *talk.Turn, c crm.Client) string {
	parts := make([]string, 0, 3)
	for _, s := range []string{c.Company, c.Position} {
		if s != "" && s != c.Name {
			parts = append(parts, fit.Line(s, maxTitle))
		}
	}
	if c.Stage != "" { // not every role sees it
		parts = append(parts, t.T.Label("stage."+string(c.Stage)))
	}
	return strings.Join(parts, " · ")
}

// reach is the first phone and e-mail address in one line.
func reach(c crm.Client) string {
	var parts []string
	if len(c.Phones) > 0 {
		parts = append(parts, c.Phones[0].Display())
	}
	if len(c.Emails) > 0 {
		parts = append(parts, c.Emails[0])
	}
	return strings.Join(parts, " · ")
}

// contacts is the text with all phones and e-mail addresses.
func contacts(t *talk.Turn, c crm.Client) string {
	out := []string{t.T.HTML("inline.name", "name", c.Name)}
	if c.Company != "" && c.Company != c.Name {
		out = append(out, t.T.HTML("inline.company", "company", c.Company))
	}
	for _, p := range c.Phones {
		if p.Ext != "" {
			out = append(out, t.T.HTML("inline.phone_ext", "phone", p.Display(), "ext", p.Ext))
			continue
		}
		out = append(out, t.T.HTML("inline.phone", "phone", p.Display()))
	}
	for _, e := range c.Emails {
		out = append(out, t.T.HTML("inline.email", "email", e))
	}
	return strings.Join(out, "\n")
}

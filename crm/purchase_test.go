package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
)

func TestReadPurchase(t *testing.T) {
	for text, want := range map[string]struct {
		what, coin string
		sum        int64
		rest       string
	}{
		"кофемашина, 18 400 ₽":              {"кофемашина", "RUB", 1840000, "кофемашина"},
		"2 кофемашины":                      {"2 кофемашины", "", 0, "2 кофемашины"},
		"2 кофемашины за 36800":             {"2 кофемашины", "", 3680000, "2 кофемашины"},
		"фильтры на 5 тыс. руб., забрал":    {"фильтры, забрал", "RUB", 500000, "фильтры, забрал"},
		"18,4 тыс руб за кофемашину":        {"за кофемашину", "RUB", 1840000, "за кофемашину"},
		"a machine for $1,250.50":           {"a machine", "USD", 125050, "a machine"},
		"2 machines, €900 each":             {"2 machines, each", "EUR", 90000, "2 machines, each"},
		"аренда 1,2 млн ₽":                  {"аренда", "RUB", 120000000, "аренда"},
		"чистка 2 р в неделю":               {"чистка 2 р в неделю", "", 0, "чистка 2 р в неделю"},
		"чистка 500р":                       {"чистка", "RUB", 50000, "чистка"},
		"18 400 ₽":                          {"", "RUB", 1840000, ""},
		"кофемашина\nза 18 400\nвезём сами": {"кофемашина", "", 1840000, "кофемашина\n\nвезём сами"},
		"доставка на 15 декабря":            {"доставка на 15 декабря", "", 0, "доставка на 15 декабря"},
		"модель 18400":                      {"модель 18400", "", 0, "модель 18400"},
		"кофемашина, 18 400":                {"кофемашина", "", 1840000, "кофемашина"},
		"кофемашина 18 400":                 {"кофемашина", "", 1840000, "кофемашина"},
		"кофемашина — 18400.":               {"кофемашина", "", 1840000, "кофемашина"},
		"кофемашина, 18400,50":              {"кофемашина", "", 1840050, "кофемашина"},
		"кофемашина 18 тыс":                 {"кофемашина", "", 1800000, "кофемашина"},
		"a machine, 18.5k":                  {"a machine", "", 1850000, "a machine"},
		"18400":                             {"", "", 1840000, ""},
		"2 кофемашины, 36800\nдовезём сами": {"2 кофемашины", "", 3680000, "2 кофемашины\nдовезём сами"},
		"кофемашина, 2 шт":                  {"кофемашина, 2 шт", "", 0, "кофемашина, 2 шт"},
		"фильтры, 12":                       {"фильтры, 12", "", 0, "фильтры, 12"},
		"подписка, 2027":                    {"подписка, 2027", "", 0, "подписка, 2027"},
		"кофемашина ECAM-22110":             {"кофемашина ECAM-22110", "", 0, "кофемашина ECAM-22110"},
		"кофемашина, 89001234567":           {"кофемашина, 89001234567", "", 0, "кофемашина, 89001234567"},
		"аренда, 15.12.2026":                {"аренда, 15.12.2026", "", 0, "аренда, 15.12.2026"},
		"кофемашина, 8 900 123-45-67":       {"кофемашина, 8 900 123-45-67", "", 0, "кофемашина, 8 900 123-45-67"},
		"":                                  {},
	} {
		p, rest := crm.ReadPurchase(text)
		if p.What != want.what || p.Sum != want.sum || p.Currency != want.coin || rest != want.rest {
			t.Errorf("%q: got %+v, rest %q; want %+v", text, p, rest, want)
		}
	}
}

func FuzzReadPurchase(f *testing.F) {
	f.Add("кофемашина, 18 400 ₽\nза 5к")
	f.Fuzz(func(t *testing.T, text string) {
		p, rest := crm.ReadPurchase(text)
		if p.Sum < 0 || len(rest) > len(text)+2 {
			t.Errorf("%q: got %+v, rest %q", text, p, rest)
		}
	})
}

func TestAPurchaseIsOnTheCard(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	kim := o.add(o.owner, crm.Profile{Name: "Ким"})
	first := o.clock.Now().Add(-400 * aDay)
	in := crm.TouchInput{Kind: crm.TouchMeeting, Outcome: crm.OutcomeBought, Text: "кофемашина, 18 400 ₽", At: first}
	c := o.touched(kim.ID, in)
	want := crm.Purchase{At: first, What: "кофемашина", Sum: 1840000, Currency: "RUB"}
	if c.Bought != want || !c.FirstContact.Equal(first) {
		t.Errorf("got %+v, first contact %s", c.Bought, c.FirstContact)
	}
	if h, err := o.LastTouch(ctx, o.as(o.owner), kim.ID); err != nil || h.Text != "кофемашина" || h.Purchase != want {
		t.Errorf("got %+v, %v", h, err)
	}
	if c = o.touched(kim.ID, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeThinking}); c.Bought != want {
		t.Errorf("a later call: got %+v", c.Bought)
	}
	in.At, in.Text = first.Add(-aDay), "фильтры"
	if c = o.touched(kim.ID, in); c.Bought != want {
		t.Errorf("an earlier purchase: got %+v", c.Bought)
	}
	task := o.task(o.owner, crm.TaskInput{Client: kim.ID, Text: "отправить договор", Due: o.clock.Now().Add(time.Hour)})
	done, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{Outcome: crm.OutcomeBought})
	if err != nil {
		t.Fatal(err)
	}
	if c, err = o.Client(ctx, o.as(o.owner), kim.ID); err != nil || c.Bought.What != "" || !c.Bought.At.Equal(o.clock.Now()) {
		t.Errorf("of a task nothing was told of: got %+v, %v", c.Bought, err)
	}
	o.touched(kim.ID, crm.TouchInput{Kind: crm.TouchCall})
	if _, err := o.UndoTask(ctx, o.as(o.owner), done.ID, done.Rev); err != nil {
		t.Fatal(err)
	}
	if c, err = o.Client(ctx, o.as(o.owner), kim.ID); err != nil || c.Bought != want {
		t.Errorf("taken back: got %+v, %v", c.Bought, err)
	}
}

// touched logs a touch and returns the card.
func (o *office) touched(id crm.ClientID, in crm.TouchInput) crm.Client {
	o.t.Helper()
	c, err := o.LogTouch(o.t.Context(), o.as(o.owner), id, in)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func TestSupportSeesNoSums(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	lena, petr := o.hire(2, "Лена", crm.RoleSupport), o.hire(3, "Пётр", crm.RoleAccountant)
	kim := o.add(o.owner, crm.Profile{Name: "Ким"})
	o.touched(kim.ID, crm.TouchInput{Kind: crm.TouchMeeting, Outcome: crm.OutcomeBought, Text: "кофемашина, 18 400 ₽"})
	c, err := o.Client(ctx, o.as(lena), kim.ID)
	list, listErr := o.List(ctx, o.as(lena), crm.ClientQuery{Sort: crm.SortByName, Limit: 9})
	last, lastErr := o.LastTouch(ctx, o.as(lena), kim.ID)
	all, historyErr := o.History(ctx, o.as(lena), crm.TouchQuery{Client: kim.ID, Limit: 9})
	changes, changesErr := o.Changes(ctx, o.as(lena), kim.ID, crm.ChangeMark{}, 9)
	logged, logErr := o.LogTouch(ctx, o.as(lena), kim.ID, crm.TouchInput{Kind: crm.TouchCall})
	if err := errors.Join(err, listErr, lastErr, historyErr, changesErr, logErr); err != nil || len(list) != 1 || len(all) != 1 || len(changes) == 0 {
		t.Fatal(err, len(list), len(all), len(changes))
	}
	for what, p := range map[string]crm.Purchase{"card": c.Bought, "list": list[0].Bought, "last touch": last.Purchase, "history": all[0].Purchase,
		"change": changes[0].Is.Bought, "answer": logged.Bought} {
		if p.What != "кофемашина" || p.Sum != 0 || p.Currency != "" {
			t.Errorf("%s: got %+v", what, p)
		}
	}
	if _, told := changes[0].Fields["bought"]; told {
		t.Errorf("the change tells %v", changes[0].Fields["bought"])
	}
	if c, err := o.Client(ctx, o.as(petr), kim.ID); err != nil || c.Bought.Sum != 1840000 {
		t.Errorf("an accountant: got %+v, %v", c.Bought, err)
	}
}

// Who looks after a client whom nobody has been in touch with sees no sum on the way there either.
func TestSupportSeesNoSumsOfStaleClients(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	lena := o.hire(2, "Лена", crm.RoleSupport)
	kim := o.add(o.owner, crm.Profile{Name: "Ким"})
	o.touched(kim.ID, crm.TouchInput{Kind: crm.TouchMeeting, Outcome: crm.OutcomeBought, Text: "кофемашина, 18 400 ₽"})
	if _, err := o.HandOverClient(ctx, o.as(o.owner), kim.ID, lena.ID); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(100 * aDay)
	one, err := o.StaleClient(ctx, o.as(lena), kim.ID)
	page, pageErr := o.StaleClients(ctx, o.as(lena), 0)
	if err := errors.Join(err, pageErr); err != nil || len(one.Why) == 0 || len(page.Clients) != 1 {
		t.Fatal(err, one.Why, len(page.Clients))
	}
	for what, p := range map[string]crm.Purchase{"client": one.Client.Bought, "list": page.Clients[0].Client.Bought} {
		if p.What != "кофемашина" || p.Sum != 0 || p.Currency != "" {
			t.Errorf("%s: got %+v", what, p)
		}
	}
}

// Of what was bought support reads no number that may be a sum, however it was written; what else there is to read stays.
func TestSupportReadsNoFiguresOfAPurchase(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	lena := o.hire(2, "Лена", crm.RoleSupport)
	for text, want := range map[string]string{
		"кофемашина, 18 400":                            "кофемашина",
		"взял модель 18400 и фильтры":                   "взял модель ••• и фильтры",
		"2 кофемашины в 2026, звонить +7 900 123-45-67": "2 кофемашины в 2026, звонить +7 900 123-45-67",
		"модель 18 тыс и фильтры":                       "модель ••• и фильтры",
		"модель 18к и фильтры":                          "модель ••• и фильтры",
		"станок 2 млн, пресс 3M, модель 18k и фильтры":  "станок •••, пресс •••, модель ••• и фильтры",
		"модель 18,4 тыс и фильтры":                     "модель ••• и фильтры",
		"3 шт по 25 тыс с доставкой":                    "3 шт по ••• с доставкой",
		"модель -18400 и фильтры":                       "модель -••• и фильтры",
		"модель 20000+5000 и фильтры":                   "модель •••+••• и фильтры",
		"модель 20 000-25 000 и фильтры":                "модель •••-••• и фильтры",
		"модель 2000 и фильтры":                         "модель ••• и фильтры",
		"модель с 2000 года, до 12.05.2026, 2 к обеду":  "модель с 2000 года, до 12.05.2026, 2 к обеду",
		"ремонт обошёлся в 2000":                        "ремонт обошёлся в •••",
		"ремонт в 2000 и фильтры":                       "ремонт в ••• и фильтры",
		"ремонт вышел им в 2026, но ждали":              "ремонт вышел им в •••, но ждали",
		"ремонт с 12 мая 2026":                          "ремонт с 12 мая 2026",
		"звонить 8 (4822) 34-56-78, взял 2000шт":        "звонить 8 (4822) 34-56-78, взял 2000шт",
		"модель, звонить 8 900 123 45 67 до обеда":      "модель, звонить 8 900 123 45 67 до обеда",
	} {
		kim := o.add(o.owner, crm.Profile{Name: "Ким"})
		o.touched(kim.ID, crm.TouchInput{Kind: crm.TouchMeeting, Outcome: crm.OutcomeBought, Text: text})
		c, err := o.Client(ctx, o.as(lena), kim.ID)
		last, lastErr := o.LastTouch(ctx, o.as(lena), kim.ID)
		if err := errors.Join(err, lastErr); err != nil || c.Bought.What != want || last.Text != want || last.Purchase.What != want {
			t.Errorf("%q: got %q on the card, %q, %q in the history, %v; want %q", text, c.Bought.What, last.Text, last.Purchase.What, err, want)
		}
	}
}

// The record keeps a note as a JSON text: a sum at its end, or at the end of a line, is a sum all the same.
func TestEventsWithoutSums(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	lena := o.hire(2, "Лена", crm.RoleSupport)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	for text, want := range map[string]string{
		"кофемашина 18 400 ₽":                      `"кофемашина •••"`,
		"кофемашина 18 400 ₽\nи <фильтр> за 75000": `"кофемашина •••\nи \u003cфильтр\u003e •••"`,
		"18 400 ₽": `"•••"`,
	} {
		o.touched(c.ID, crm.TouchInput{Kind: crm.TouchNote, Text: text})
		last, err := o.LastChange(ctx, o.as(lena), c.ID)
		if got := last.Fields["last_note"].After; err != nil || got != want {
			t.Errorf("%q: got %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"18 400 ₽", "без сумм"} {
		o.touched(c.ID, crm.TouchInput{Kind: crm.TouchNote, Text: text})
	}
	if last, err := o.LastChange(ctx, o.as(lena), c.ID); err != nil || last.Fields["last_note"].Before != `"•••"` {
		t.Errorf("before it was %q, %v", last.Fields["last_note"].Before, err)
	}
}

// Those who see no sums read none in what others wrote either.
func TestNotesWithoutSums(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(2, "Лена", crm.RoleSupport)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	for text, want := range map[string]string{
		"купила кофемашину за 18 400 ₽":                "купила кофемашину •••",
		"договорились на 55 000 руб, потом ещё 5 т.р.": "договорились •••, потом ещё •••",
		"paid $1,250.50 for two": "paid ••• for two",
		"сошлись на 75000":       "сошлись •••",
		"созвон на 12":           "созвон на 12",
		"взяли 20 коробок":       "взяли 20 коробок",
	} {
		o.touched(c.ID, crm.TouchInput{Kind: crm.TouchNote, Text: text})
		o.clock.Advance(time.Minute)
		list, err := o.History(t.Context(), o.as(lena), crm.TouchQuery{Client: c.ID, Limit: 1})
		if err != nil || list[0].Text != want {
			t.Errorf("%q is read as %q, %v", text, list[0].Text, err)
		}
		card, err := o.Client(t.Context(), o.as(lena), c.ID)
		if err != nil || card.LastNote != want {
			t.Errorf("the card says %q, %v", card.LastNote, err)
		}
		if own, err := o.Client(t.Context(), o.as(o.owner), c.ID); err != nil || own.LastNote != text {
			t.Errorf("the owner reads %q, %v", own.LastNote, err)
		}
	}
}

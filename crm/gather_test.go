package crm

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

var testNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func contactDraft(name, phone string, user int64) Draft {
	return DraftFromContact(SharedContact{Account: Account{User: user, Name: name}, Phone: phone}, nil, "RU")
}

func forwardDraft(name string, user int64, key string) Draft {
	return Draft{Profile: Profile{Name: name, TelegramID: user}, Named: NamedByAccount,
		Notes: []DraftNote{{Kind: TouchMessage, Text: key, Via: "forward", From: name, Key: key, At: testNow}}}
}

func TestGather(t *testing.T) {
	boris, anna := contactDraft("Борис Волков", "+79261112233", 77), contactDraft("Анна Ким", "+79031112233", 0)
	voice := Draft{Notes: []DraftNote{{Kind: TouchNote, File: &File{ID: "v"}, Key: "v"}}}
	bare := Draft{Profile: Profile{Phones: []Phone{{E164: "+79990001122"}}}}
	mail := Draft{Profile: Profile{Emails: []string{"b@volkov.ru"}}}
	typed := Draft{Profile: Profile{Name: "Ким", Phones: []Phone{{E164: "+79990001122"}}}, Named: NamedByMember}
	post := Draft{Profile: Profile{Name: "Канал"}, Notes: []DraftNote{{Text: "Канал:\nскидки", Via: "forward", Key: "p"}}}
	for name, try := range map[string]struct {
		have  []Draft
		piece Draft
		late  bool
		want  int // drafts afterwards; 0: the piece is about somebody else
	}{
		"a contact and its messages":             {[]Draft{boris}, forwardDraft("Боря", 77, "a"), false, 1},
		"the same, much later":                   {[]Draft{boris}, forwardDraft("Боря", 77, "a"), true, 1},
		"a hidden sender and a contact":          {[]Draft{forwardDraft("Боря", 0, "a")}, boris, false, 1},
		"the same, much later, unknown":          {[]Draft{forwardDraft("Боря", 0, "a")}, boris, true, 0},
		"two Telegram ids":                       {[]Draft{boris}, forwardDraft("Оля", 88, "a"), false, 0},
		"two hidden senders":                     {[]Draft{forwardDraft("Боря", 0, "a")}, forwardDraft("Оля", 0, "b"), false, 0},
		"one hidden sender":                      {[]Draft{forwardDraft("Боря", 0, "a")}, forwardDraft("боря", 0, "b"), false, 1},
		"a hidden and an open sender, one name":  {[]Draft{forwardDraft("Боря", 5, "a")}, forwardDraft("Боря", 0, "b"), false, 1},
		"two contacts":                           {[]Draft{boris}, anna, false, 2},
		"two contacts, the second later":         {[]Draft{boris}, anna, true, 0},
		"a third contact who is the first again": {[]Draft{boris, anna}, contactDraft("Б.", "+79261112233", 0), false, 2},
		"one name, two phones":                   {[]Draft{boris}, contactDraft("Волков Борис", "+79261112244", 0), false, 1},
		"many are called Anna":                   {[]Draft{contactDraft("Анна", "+79261112233", 0)}, contactDraft("Анна", "+79261112244", 0), false, 2},
		"a voice note":                           {[]Draft{boris}, voice, false, 1},
		"a voice note first":                     {[]Draft{voice}, boris, false, 1},
		"a voice note, much later":               {[]Draft{boris}, voice, true, 0},
		"a voice note behind two contacts":       {[]Draft{boris, anna}, voice, false, 2},
		"messages behind two contacts":           {[]Draft{boris, anna}, forwardDraft("Оля", 0, "a"), false, 0},
		"messages of one of two contacts":        {[]Draft{boris, anna}, forwardDraft("Боря", 77, "a"), false, 2},
		"a phone behind a contact with one":      {[]Draft{boris}, bare, false, 0},
		"an address behind a contact":            {[]Draft{boris}, mail, false, 1},
		"a phone behind messages":                {[]Draft{forwardDraft("Боря", 77, "a")}, bare, false, 1},
		"two phones":                             {[]Draft{bare}, Draft{Profile: Profile{Phones: []Phone{{E164: "+79990001133"}}}}, false, 0},
		"a typed name and a contact":             {[]Draft{typed}, anna, false, 1},
		"a typed name and somebody else":         {[]Draft{typed}, boris, false, 0},
		"a channel and a person":                 {[]Draft{post}, forwardDraft("Боря", 0, "a"), false, 1},
		"the same message again":                 {[]Draft{voice, boris}, voice, true, 2},
		"nothing is open":                        {nil, boris, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, joined := Gather(try.have, try.piece, !try.late)
			if n := map[bool]int{true: len(got)}[joined]; n != try.want {
				t.Errorf("got %d drafts (joined: %v), want %d: %+v", len(got), joined, try.want, got)
			}
		})
	}
}

// A person's name wins over a channel's, a contact's over an account's, whatever came first.
// What a card has one of is not lost where two pieces differ in it.
func TestMergedDraftsLoseNoChoice(t *testing.T) {
	d := Draft{Profile: Profile{Name: "Борис", Kind: KindPerson, Channel: ChannelPhone, TelegramID: 77}}
	d.Merge(Draft{Profile: Profile{Name: "Борис", Kind: KindCorporate, Channel: ChannelEmail, TelegramID: 88}})
	var left []Leftover
	for _, n := range d.Notes {
		left = append(left, n.Left...)
	}
	want := []Leftover{{Field: FieldClientKind, Text: "corporate"}, {Field: FieldChannel, Text: "email"}, {Field: FieldMessengers, Text: "Telegram ID 88"}}
	if d.Profile.Kind != KindPerson || len(left) != len(want) {
		t.Fatalf("got %+v, left %+v", d.Profile, left)
	}
	for _, l := range want {
		if !slices.Contains(left, l) {
			t.Errorf("%+v is not in %+v", l, left)
		}
	}
}

func TestGatherNames(t *testing.T) {
	post := Draft{Profile: Profile{Name: "Канал"}, Notes: []DraftNote{{Text: "Канал:\nскидки", Via: "forward", Key: "p"}}}
	msg, card := forwardDraft("Боря", 77, "a"), contactDraft("Борис Волков", "+79261112233", 77)
	for _, order := range [][]Draft{{post, msg, card}, {card, post, msg}, {msg, card, post}, {card, msg, post}} {
		have := order[:1]
		for _, piece := range order[1:] {
			var ok bool
			if have, ok = Gather(have, piece, true); !ok {
				t.Fatalf("%q did not join", piece.Profile.Name)
			}
		}
		if len(have) != 1 || have[0].Profile.Name != "Борис Волков" || len(have[0].Notes) != 2 {
			t.Errorf("got %+v", have)
		}
	}
}

func TestLikeName(t *testing.T) {
	for _, try := range []struct {
		a, b string
		want bool
	}{
		{"Борис Волков", "Волков Борис Иванович", true}, {"Борис Волков", "Волков Б.", true}, {"Б. В.", "Волков Борис", false},
		{"Борис", "Борис", true}, {"Борис", "Борис Волков", false}, {"Борис Волков", "Борис Зайцев", false},
		{"Волков Б.", "Волков Андрей", false}, {"", "Борис", false}, {"Волков Волков", "Волков Борис", false},
	} {
		if got := likeName(try.a, try.b); got != try.want || likeName(try.b, try.a) != got {
			t.Errorf("%q and %q: got %v", try.a, try.b, got)
		}
	}
}

func TestDraftFromLine(t *testing.T) {
	team := Team{Region: "RU"}
	for text, name := range map[string]string{
		"ромаш": "ромаш", "любит чай": "любит чай", "Иванов Иван, +7 900 123-45-67": "Иванов Иван", "строка\nдругая": "строка",
		strings.Repeat("слово ", 30): "", "др 31.02.1985": "", "": "", "#опт ромаш": "ромаш",
	} {
		d, _ := DraftFromLine(text, team, testNow, "u1")
		if d.Profile.Name != name {
			t.Errorf("%q: got name %q, want %q", text, d.Profile.Name, name)
		}
		for _, n := range d.Notes {
			if n.Key != "u1.0" || !n.At.Equal(testNow) {
				t.Errorf("%q: got note %+v", text, n)
			}
		}
	}
}

func TestDraftFromContact(t *testing.T) {
	d := contactDraft(strings.Repeat("Я", 300), "не телефон", 0)
	if len([]rune(d.Profile.Name)) != maxName || len(d.Notes) != 1 || !strings.HasSuffix(d.Notes[0].Text, "не телефон") || d.Check() != nil {
		t.Errorf("got %+v, %v", d, d.Check())
	}
	if d := contactDraft("\u200b", "79261112233", 0); d.Named != NamedByNone || d.Title() != "+7 926 111-22-33" {
		t.Errorf("got %+v", d)
	}
	if d := contactDraft("Kim", "441632960961", 0); len(d.Notes) == 0 && len(d.Profile.Phones) == 0 {
		t.Error("the foreign phone is lost")
	}
}

func TestDraftSet(t *testing.T) {
	team := Team{Region: "RU", Fields: []CustomField{{ID: "size", Kind: FieldNumber}}}
	d := Draft{Profile: borisDraftProfile()}
	for _, try := range []struct {
		field Field
		value string
		want  string // field of the error, "" if it is taken
	}{
		{FieldPhones, "8 900 123-45-67 и 8 901 123-45-67 кв", "phone"}, {FieldPhones, "123-45-67", "phone.area"},
		{FieldEmails, "@", "email"}, {FieldBirthday, "31.02", "birthday"}, {FieldBirthday, "1.1.2030", "birthday.future"},
		{FieldName, "\u200b", "name"}, {FieldName, strings.Repeat("я", 250), "name.long"}, {FieldMessengers, "@", "username"},
		{CustomKey("size"), "x", "number"}, {CustomKey("none"), "1", "field"}, {FieldStage, "client", "field"},
	} {
		err := d.Set(team, try.field, try.value, testNow)
		var e *Error
		if !errors.As(err, &e) || e.Field != try.want {
			t.Errorf("%s %q: got %v, want %s", try.field, try.value, err, try.want)
		}
	}
	if d.Profile.Name != "Борис" || len(d.Profile.Phones) != 1 || len(d.Profile.Custom) != 0 {
		t.Errorf("a refused value has changed the draft: %+v", d.Profile)
	}
	if err := d.Set(team, FieldPhones, "8 900 123-45-67 8 901 123-45-67", testNow); err != nil || len(d.Profile.Phones) != 2 {
		t.Errorf("got %v, %v", d.Profile.Phones, err)
	}
	if err := d.Set(team, FieldPhones, "", testNow); err != nil || len(d.Profile.Phones) != 0 {
		t.Errorf("got %v, %v", d.Profile.Phones, err)
	}
}

func borisDraftProfile() Profile {
	return Profile{Name: "Борис", Phones: []Phone{{E164: "+79261112233"}}}
}

func TestDraftSetWork(t *testing.T) {
	for text, want := range map[string][2]string{
		"ООО «Ромашка, Лютик и Ко», закупщик": {"ООО «Ромашка, Лютик и Ко»", "закупщик"}, "Ромашка": {"Ромашка", ""},
		"Ромашка\nзакупщик": {"Ромашка", "закупщик"}, "Ромашка,": {"Ромашка", ""}, "закупщик": {"", "закупщик"},
		"A, B, C": {"A, B", "C"},
	} {
		var d Draft
		if err := d.SetWork(Team{Region: "RU"}, text, testNow); err != nil {
			t.Fatal(err)
		}
		if got := [2]string{d.Profile.Company, d.Profile.Position}; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if err := new(Draft).SetWork(Team{}, strings.Repeat("я", 400), testNow); !errors.Is(err, ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

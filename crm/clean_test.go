package crm_test

import (
	"errors"
	"fmt"
	"testing"

	"kartoteka/crm"
)

// A round takes ten cards, and the next one goes on behind them, whatever was skipped.
func TestCleanRound(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	for n := range 23 {
		o.clock.Advance(1e9)
		o.add(ivan, crm.Profile{Name: fmt.Sprint("Клиент ", n), City: "Тула"})
	}
	o.add(o.owner, crm.Profile{Name: "Чужой"})
	seen := map[crm.ClientID]bool{}
	in := crm.CleanInput{Part: crm.PartOf(crm.GapPhone)}
	for _, want := range []int{10, 10, 3} {
		r, err := o.CleanRound(t.Context(), o.as(ivan), in)
		if err != nil || len(r.Clients) != want || (r.Next == nil) != (want < 10) {
			t.Fatalf("got %d cards, %v, next %v; want %d", len(r.Clients), err, r.Next, want)
		}
		for _, id := range r.Clients {
			if seen[id] {
				t.Errorf("%s comes again", id)
			}
			seen[id] = true
		}
		in.After = r.Next
	}
	if r, err := o.CleanRound(t.Context(), o.as(ivan), crm.CleanInput{Part: crm.PartOf(crm.GapCity)}); err != nil || len(r.Clients) != 0 {
		t.Errorf("without a city: %v, %v", r.Clients, err)
	}
	if r, err := o.CleanRound(t.Context(), o.as(o.owner), crm.CleanInput{Part: crm.PartAny, Of: ivan.ID}); err != nil || len(r.Clients) != 10 {
		t.Errorf("of all that can be filled in: %v, %v", r.Clients, err)
	}
}

func TestCleanCard(t *testing.T) {
	o := newOffice(t)
	o.add(o.owner, crm.Profile{Name: "Один", Source: "Сайт", City: "Тула"})
	o.add(o.owner, crm.Profile{Name: "Два", Source: "Сайт", City: "Омск"})
	o.add(o.owner, crm.Profile{Name: "Три", Source: "выставка"})
	c := o.add(o.owner, crm.Profile{Name: "Четыре", Phones: []crm.Phone{{E164: "+79001234567"}}})
	look := func(p crm.QualityPart) crm.CleanCard {
		card, err := o.CleanCard(t.Context(), o.as(o.owner), c.ID, p)
		mustAll(t, err)
		return card
	}
	if got := look(crm.PartOf(crm.GapPhone)); got.Needs != "" {
		t.Errorf("it has a phone: %+v", got.Needs)
	}
	if got := look(crm.PartOf(crm.GapSource)); got.Needs != crm.PartOf(crm.GapSource) || fmt.Sprint(got.Choices) != "[Сайт выставка]" {
		t.Errorf("got %s, choices %q", got.Needs, got.Choices)
	}
	if got := look(crm.PartAny); got.Needs != crm.PartOf(crm.GapEmail) {
		t.Errorf("first it needs %s", got.Needs)
	}
	_, err := o.SetRequired(t.Context(), o.as(o.owner), crm.KindPerson, crm.GapCity, true)
	mustAll(t, err)
	if got := look(crm.PartAny); got.Needs != crm.PartOf(crm.GapCity) {
		t.Errorf("what is required comes first, got %s", got.Needs)
	}
	_, err = o.ArchiveClient(t.Context(), o.as(o.owner), c.ID, "")
	mustAll(t, err)
	if got := look(crm.PartAny); got.Needs != "" {
		t.Errorf("in the archive it needs %s", got.Needs)
	}
}

func TestFillGap(t *testing.T) {
	o := newOffice(t)
	held := o.add(o.owner, crm.Profile{Name: "Первый", Phones: []crm.Phone{{E164: "+79001234567"}}})
	c := o.add(o.owner, crm.Profile{Name: "Второй", Phones: []crm.Phone{{E164: "+79007654321"}, {E164: "+7900123"}}})
	fill := func(g crm.Gap, value string) (crm.Client, error) {
		return o.FillGap(t.Context(), o.as(o.owner), c.ID, crm.FillIn{Gap: g, Value: value})
	}
	if _, err := fill(crm.GapWrong, "12"); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("no phone: %v", err)
	}
	var twin *crm.DuplicateError
	if _, err := fill(crm.GapWrong, held.Phones[0].E164); !errors.As(err, &twin) {
		t.Errorf("another's phone: %v", err)
	}
	got, err := fill(crm.GapWrong, "8 900 111-22-33")
	if err != nil || len(got.Phones) != 2 || got.Phones[0].E164 != "+79007654321" || got.Phones[1].E164 != "+79001112233" {
		t.Errorf("got %+v, %v", got.Phones, err)
	}
	if _, err := fill(crm.GapWrong, "8 900 111-22-44"); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("somebody has mended it: %v", err)
	}
	if _, err := fill(crm.GapCity, " "); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("nothing: %v", err)
	}
	by := o.as(o.owner)
	for range 2 { // the same press, delivered twice
		got, err = o.FillGap(t.Context(), by, c.ID, crm.FillIn{Gap: crm.GapCity, Value: "Тула"})
		if err != nil || got.City != "Тула" {
			t.Errorf("got %q, %v", got.City, err)
		}
	}
}

// What is required holds for the cards that are there, and is looked for by kind.
func TestRequired(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	person := o.add(o.owner, crm.Profile{Name: "Человек", Emails: []string{"a@b.ru"}})
	o.add(o.owner, crm.Profile{Name: "Ромашка", Kind: crm.KindCorporate, Phones: []crm.Phone{{E164: "+79001234567"}}})
	required := func() int {
		q, err := o.Quality(t.Context(), o.as(o.owner), "")
		mustAll(t, err)
		return q.Required
	}
	set := func(k crm.Kind, g crm.Gap, on bool) {
		_, err := o.SetRequired(t.Context(), o.as(o.owner), k, g, on)
		mustAll(t, err)
	}
	if n := required(); n != 0 {
		t.Errorf("nothing is required, %d lack it", n)
	}
	set(crm.KindPerson, crm.GapPhone, true)
	set(crm.KindCorporate, crm.GapPhone, true)
	set(crm.KindCorporate, crm.GapEmail, true)
	if n := required(); n != 2 {
		t.Errorf("%d lack something, want 2", n)
	}
	set(crm.KindCorporate, crm.GapEmail, false)
	if n := required(); n != 1 {
		t.Errorf("%d lack something, want 1", n)
	}
	_, err := o.EditClient(t.Context(), o.as(o.owner), person.ID, crm.Edit{Field: crm.FieldClientKind, Value: string(crm.KindPartner), Force: true})
	mustAll(t, err)
	if n := required(); n != 0 {
		t.Errorf("nothing is required of a partner, %d lack it", n)
	}
	set(crm.KindPartner, crm.GapPhone, true)
	_, err = o.EditClient(t.Context(), o.as(o.owner), person.ID, crm.Edit{Field: crm.FieldPhones, Value: "8 900 765-43-21", Force: true})
	mustAll(t, err)
	if n := required(); n != 0 {
		t.Errorf("it has its phone, %d lack one", n)
	}
	// What comes many at a time is not asked about: it is on the list.
	_, _, err = o.AddMany(t.Context(), o.as(ivan), []crm.Draft{{Profile: crm.Profile{Name: "Из файла", Kind: crm.KindPartner}}})
	mustAll(t, err)
	if n := required(); n != 1 {
		t.Errorf("of many that came %d lack something, want 1", n)
	}
	if _, err := o.SetRequired(t.Context(), o.as(o.owner), crm.KindCorporate, crm.GapBirthday, true); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("a company's birthday: %v", err)
	}
	if _, err := o.SetRequired(t.Context(), o.as(ivan), crm.KindPerson, crm.GapEmail, true); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager: %v", err)
	}
}

// A field of the team's own can be required like the others: it is asked for on a card, and finds the cards that were there before it.
func TestRequiredOwnField(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Человек", Phones: []crm.Phone{{E164: "+79001234567"}}})
	o.add(o.owner, crm.Profile{Name: "Ромашка", Kind: crm.KindCorporate})
	add := func(f crm.CustomField) crm.Gap {
		team, err := o.AddField(t.Context(), o.as(o.owner), f)
		mustAll(t, err)
		return crm.OwnGap(team.Fields[len(team.Fields)-1].ID)
	}
	size := add(crm.CustomField{Name: "Размер", Kind: crm.FieldChoice, Choices: []string{"S", "M"}})
	hidden := crm.Team{Fields: []crm.CustomField{{ID: "f1", Restricted: true}, {ID: "f2", Removed: true}}}
	if can, usual := hidden.Requirable(crm.KindPerson), (crm.Team{}).Requirable(crm.KindPerson); len(can) != len(usual) {
		t.Errorf("what not all see, or is gone, can be asked of all: %v", can)
	}
	required := func() int {
		q, err := o.Quality(t.Context(), o.as(o.owner), "")
		mustAll(t, err)
		return q.Required
	}
	_, err := o.SetRequired(t.Context(), o.as(o.owner), crm.KindPerson, size, true)
	mustAll(t, err)
	if n := required(); n != 1 {
		t.Errorf("%d lack it, want the person alone", n)
	}
	round, err := o.CleanRound(t.Context(), o.as(o.owner), crm.CleanInput{Part: crm.PartRequired})
	mustAll(t, err)
	card, err := o.CleanCard(t.Context(), o.as(o.owner), c.ID, crm.PartRequired)
	mustAll(t, err)
	if len(round.Clients) != 1 || card.Needs != crm.PartOf(size) || card.Own.Name != "Размер" || len(card.Choices) != 2 {
		t.Errorf("the round is %v, the card %+v", round.Clients, card)
	}
	if _, err := o.FillGap(t.Context(), o.as(o.owner), c.ID, crm.FillIn{Gap: size, Value: "XL"}); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("none of the choices: %v", err)
	}
	got, err := o.FillGap(t.Context(), o.as(o.owner), c.ID, crm.FillIn{Gap: size, Value: "m"})
	mustAll(t, err)
	if n := required(); n != 0 || got.Value(size.Field()) != "M" {
		t.Errorf("%q is put, %d lack it", got.Value(size.Field()), n)
	}
	contract := add(crm.CustomField{Name: "Договор", Kind: crm.FieldText}).Field().Custom()
	for _, v := range []string{"К-1", "К-2", "рамочный", "рамочный"} {
		o.add(o.owner, crm.Profile{Name: "Фирма " + v, Kind: crm.KindCorporate, Custom: map[crm.FieldID]string{contract: v}})
	}
	if card, err = o.CleanCard(t.Context(), o.as(o.owner), c.ID, crm.PartOf(crm.OwnGap(contract))); err != nil || fmt.Sprint(card.Choices) != "[рамочный]" {
		t.Errorf("offered is %q, %v: what one card has is nobody else's", card.Choices, err)
	}
	other := o.add(o.owner, crm.Profile{Name: "Другой"})
	if n := required(); n != 1 {
		t.Errorf("%d lack it, want the new one", n)
	}
	_, err = o.RemoveField(t.Context(), o.as(o.owner), size.Field().Custom())
	mustAll(t, err)
	card, err = o.CleanCard(t.Context(), o.as(o.owner), other.ID, crm.PartRequired)
	if n := required(); err != nil || n != 0 || card.Needs != "" {
		t.Errorf("of a field that is gone %d lack it, the card needs %q, %v", n, card.Needs, err)
	}
}

// A card that an older version wrote is found by what it lacks as one of this version is.
func TestGapsOfAnOlderCard(t *testing.T) {
	c := crm.Client{Schema: 3, Profile: crm.Profile{Name: "Ромашка", Kind: crm.KindCorporate, City: "Тула", Source: "сайт"}, Gaps: []crm.GapKey{"phone", "email"}}
	if !c.Upgrade() || fmt.Sprint(c.Gaps) != "[corporate.phone corporate.email]" {
		t.Errorf("got %v", c.Gaps)
	}
}

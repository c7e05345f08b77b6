package crm_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/store/sqlite"
)

// openStore gives a fresh store on the embedded engine with the cards in it.
func openStore(t testing.TB, cards func(yield func(crm.Client) bool)) crm.Store {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "search.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	fill(t, st, cards)
	return st
}

func fill(t testing.TB, st crm.Store, cards func(yield func(crm.Client) bool)) {
	t.Helper()
	var batch []crm.ClientChange
	save := func() {
		if err := st.SaveClients(context.Background(), batch); err != nil {
			t.Fatal(err)
		}
		batch = batch[:0]
	}
	for c := range cards {
		batch = append(batch, crm.ClientChange{Client: c, Event: crm.Event{ID: crm.EventID("e" + c.ID), Team: c.Team, Schema: 1,
			Action: crm.ActionAddClient, Record: string(c.ID), Rev: 1, By: "m1", At: c.Created}})
		if len(batch) == 5000 {
			save()
		}
	}
	save()
}

// syllables make surnames and companies that look like real ones: some tens of thousands of each, a few of
// them common, as in life.
var (
	heads = strings.Fields(`Ив Петр Сидор Смирн Кузнец Поп Васил Сокол Михайл Нов Фёдор Мороз Волк Алекс Лебед Семен Егор Павл Козл
		Степан Никол Орл Андре Макар Никит Захар Зайц Солов Борис Яковл Григор Роман Воробь Серге Куз Фрол Александр Дмитр Корол Гус
		Киселёв Ильин Максим Поляк Сорок Виноград Коваль Бел Медвед Антон Тарас Жук Баран Филипп Комар Давыд Беля Гераси Богдан Осип
		Сидор Матве Тит Марк Миро Крыл Карп Влас Мельник Денис Гаврил Тихон Казак Афанас Данил Савель Тимоф Фом Черн Абрам Мартын
		Ефим Федос Щерба Назар Калин Исай Чуд Шевч Гур Шест Больш Родион Кондрат Цвет Юд Хар Эрд Ярослав`)
	middles = strings.Fields(`- - - - ан ен он ал ел ол ар ор ич иш ак ук уш ох ур`)
	tails   = strings.Fields(`ов ев ин ский енко чук ко ец ян ых ич ёв`)
	given   = strings.Fields(`Александр Алексей Анна Анастасия Андрей Артём Борис Вадим Валентина Вера Виктор Виктория Владимир Галина
		Георгий Дарья Денис Дмитрий Евгений Екатерина Елена Иван Игорь Ирина Кирилл Ксения Лариса Людмила Максим Марина Мария Михаил
		Надежда Наталья Никита Николай Оксана Олег Ольга Павел Пётр Полина Роман Светлана Сергей Станислав Степан Татьяна Тимур Фёдор
		Эдуард Юлия Юрий Яна Ярослав`)
	fathers = strings.Fields(`Иванович Петрович Сергеевич Алексеевич Андреевич Николаевич Михайлович Дмитриевич Олегович Юрьевич
		Ивановна Петровна Сергеевна Алексеевна Андреевна Николаевна Михайловна Дмитриевна Олеговна Юрьевна`)
	cities = strings.Fields(`Москва Санкт-Петербург Казань Самара Екатеринбург Новосибирск Омск Уфа Пермь Воронеж Краснодар Тюмень Тула Сочи`)
	labels = strings.Fields(`vip рассрочка опт розница партнёр горячий холодный постоянный`)
)

// rareEvery is how often a card has a rare surname, so that a search finds as little in a large base as in a small one.
const rareEvery = 50

// crowd makes n cards, the same ones each time.
func crowd(n int) func(yield func(crm.Client) bool) {
	return func(yield func(crm.Client) bool) {
		rng := rand.New(rand.NewPCG(1, 2))
		for i := range n {
			if !yield(someone(rng, i)) {
				return
			}
		}
	}
}

func someone(rng *rand.Rand, i int) crm.Client {
	pick := func(list []string) string { // the front of a list is much likelier
		return list[int(float64(len(list))*rng.Float64()*rng.Float64())]
	}
	surname := pick(heads) + pick(middles) + pick(tails)
	if i%rareEvery == 0 { // as good as nobody else has this one
		even := func(list []string) string { return list[rng.IntN(len(list))] }
		surname = even(heads) + even(middles) + even(middles) + even(tails)
	}
	name := strings.ReplaceAll(surname, "-", "") + " " + pick(given)
	if rng.IntN(3) > 0 {
		name += " " + pick(fathers)
	}
	c := crm.Client{ID: crm.ClientID(fmt.Sprintf("c%d", i)), Team: "t1", Rev: 1, Schema: 1, Owner: crm.MemberID(fmt.Sprintf("m%d", rng.IntN(20))),
		Stage: crm.StageLead, Status: crm.StatusLead, Created: time.Unix(1_700_000_000+int64(i), 0).UTC()}
	c.Name, c.Kind = name, crm.KindPerson
	c.Confirmed, c.Updated = c.Created, c.Created
	c.LastTouch = c.Created.Add(time.Duration(rng.IntN(1_000_000)) * time.Second)
	c.Phones = []crm.Phone{{E164: fmt.Sprintf("+79%09d", (uint64(i)*387_420_489+12345)%1_000_000_000)}} // a bijection: no number twice
	if rng.IntN(2) == 0 {
		c.Emails = []string{fmt.Sprintf("user%d@mail.ru", i)}
	}
	if rng.IntN(3) == 0 {
		c.Company = "ООО " + strings.ReplaceAll(pick(heads)+pick(middles)+pick(middles)+"торг", "-", "")
	}
	if rng.IntN(2) == 0 {
		c.City = pick(cities)
	}
	if rng.IntN(2) == 0 {
		c.Tags = []string{pick(labels)}
	}
	c.Index(nil)
	return c
}

// counted is a store that counts what search asks of it, and how often a team and the cards that were found are read.
type counted struct {
	crm.Store
	calls, teams, reads int
}

func (c *counted) ClientsByID(ctx context.Context, team crm.TeamID, ids []crm.ClientID) ([]crm.Client, error) {
	c.reads++
	return c.Store.ClientsByID(ctx, team, ids)
}

func (c *counted) Team(ctx context.Context, id crm.TeamID) (crm.Team, error) {
	c.teams++
	return c.Store.Team(ctx, id)
}

func (c *counted) SearchClients(ctx context.Context, q crm.TermQuery) ([]crm.Candidate, error) {
	c.calls++
	return c.Store.SearchClients(ctx, q)
}

func (c *counted) WordsNear(ctx context.Context, team crm.TeamID, variants []string, limit int) ([]string, error) {
	c.calls++
	return c.Store.WordsNear(ctx, team, variants, limit)
}

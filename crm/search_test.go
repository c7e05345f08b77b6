package crm_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

var searchFields = []crm.CustomField{
	{ID: "contract", Name: "Договор", Kind: crm.FieldText}, {ID: "inn", Name: "ИНН", Kind: crm.FieldText},
	{ID: "size", Name: "Размер", Kind: crm.FieldChoice}, {ID: "since", Name: "С", Kind: crm.FieldDate},
}

// people are the base that the table of queries runs on.
func people() []crm.Client {
	list := []crm.Client{
		person("ivanov", "Иванов Пётр Сергеевич", "+79001234567", "ООО «Ромашка»", "Москва"),
		person("ivanova", "Иванова Анна", "+79161112233", "", "Казань"),
		person("ivanp", "Петров Иван", "+79031234568", "", "Москва"),
		person("shevchuk", "Шевчук Юлия", "+375291234567", "", "Минск"),
		person("shevlat", "Yuri Kovalchuk", "+491511230000", "", "Berlin"),
		person("solovyov", "Соловьёв Фёдор", "+79265550101", "", "Йошкар-Ола"),
		person("scherb", "Щербакова Наталья", "+79265550102", "ИП Щербакова", ""),
		person("rimsky", "Римский-Корсаков Николай", "+78125550103", "", "Санкт-Петербург"),
		person("kate", "Кузнецова Екатерина", "+79265550104", "Ромашка Плюс", ""),
		person("dmitry", "Дмитрий Жуков", "+79265550105", "", ""),
		person("john", "John Smith", "+12025550123", "Acme Ltd", "London"),
		person("obrien", "O'Brien Mary", "+442071230067", "", ""),
		person("jose", "José Müller", "+4930123456", "", ""),
		person("khan", "Хан Алексей", "", "", ""),
		person("tsoi", "Цой Виктор", "", "", ""),
		person("ulia", "Julia Roberts", "", "", ""),
		person("kseniya", "Ксения Чайковская", "", "", ""),
		person("smirnov", "Смирнов Михаил", "", "Газпром нефть", ""),
		person("lubov", "Люба Жбанова", "", "", ""),
		person("petrenko", "Петренко Оля", "", "", ""),
		person("edik", "Эдуард Хачатурян", "", "", ""),
	}
	at := func(id crm.ClientID) *crm.Client {
		return &list[slices.IndexFunc(list, func(c crm.Client) bool { return c.ID == id })]
	}
	at("ivanov").Emails = []string{"p.ivanov@romashka.ru"}
	at("ivanov").Tags = []string{"VIP", "Постоянный клиент"}
	at("ivanov").Position = "Главный бухгалтер"
	at("ivanov").Custom = map[crm.FieldID]string{"contract": "ДГ-2024/15", "inn": "7701234567", "size": "крупный", "since": "2027-01-31"}
	at("ivanova").Emails = []string{"anya.ivanova@gmail.com"}
	at("ivanova").Tags = []string{"рассрочка"}
	at("shevchuk").Messengers = []crm.Messenger{{Kind: "telegram", Handle: "yulia_sh"}}
	at("john").Emails = []string{"john.smith@acme.co.uk"}
	at("john").Messengers = []crm.Messenger{{Kind: "telegram", Handle: "jsmith"}, {Kind: "whatsapp", Handle: "12025550124"}}
	at("khan").Tags = []string{"🔥"}
	list = append(list, crm.Client{ID: "vostok", Profile: crm.Profile{Kind: crm.KindCorporate, Name: "ООО Торговый дом «Восток»", City: "Владивосток",
		Phones: []crm.Phone{{E164: "+74232001010"}}}})
	for i := range list {
		c := &list[i]
		c.Team, c.Rev, c.Owner, c.Stage, c.Created = "t1", 1, "m1", crm.StageLead, time.Unix(int64(i), 0).UTC()
		c.Confirmed, c.Updated = c.Created, c.Created
		c.Index(searchFields)
	}
	return list
}

func person(id crm.ClientID, name, phone, company, city string) crm.Client {
	c := crm.Client{ID: id, Profile: crm.Profile{Name: name, Company: company, City: city, Kind: crm.KindPerson}}
	if phone != "" {
		c.Phones = []crm.Phone{{E164: phone}}
	}
	return c
}

// queries: what is typed → the first hit, "" for none.
var queries = []struct {
	typed string
	want  crm.ClientID
	why   crm.WhyField
}{
	// names as they are
	{"иванов", "ivanov", crm.WhyName},
	{"Иванов", "ivanov", crm.WhyName},
	{"ИВАНОВ ПЕТР", "ivanov", crm.WhyName},
	{"пётр иванов", "ivanov", crm.WhyName},
	{"петр иванов", "ivanov", crm.WhyName},
	{"пётр сергеевич", "ivanov", crm.WhyName},
	{"иванов п", "ivanov", crm.WhyName},
	{"иванов пётр сергеевич", "ivanov", crm.WhyName},
	{"пётр сергеевич иванов", "ivanov", crm.WhyName},
	{"сергеевич", "ivanov", crm.WhyName},
	{"петров иван игоревич", "ivanp", crm.WhyName},
	{"Шевчук Юлия Андреевна", "shevchuk", crm.WhyName},
	{"иван", "ivanp", crm.WhyName},
	{"иванова", "ivanova", crm.WhyName},
	{"анна ив", "ivanova", crm.WhyName},
	{"петров", "ivanp", crm.WhyName},
	{"петр", "ivanov", crm.WhyName},
	{"петре", "petrenko", crm.WhyName},
	{"соловьев", "solovyov", crm.WhyName},
	{"Соловьёв Федор", "solovyov", crm.WhyName},
	{"римский-корсаков", "rimsky", crm.WhyName},
	{"корсаков", "rimsky", crm.WhyName},
	{"николай римский", "rimsky", crm.WhyName},
	{"o'brien", "obrien", crm.WhyName},
	{"obrien", "obrien", crm.WhyName},
	{"mary", "obrien", crm.WhyName},
	{"jose muller", "jose", crm.WhyName},
	{"Smith, John", "john", crm.WhyName},
	{"smi", "john", crm.WhyName},
	// phones
	{"+79001234567", "ivanov", crm.WhyPhone},
	{"79001234567", "ivanov", crm.WhyPhone},
	{"89001234567", "ivanov", crm.WhyPhone},
	{"8 (900) 123-45-67", "ivanov", crm.WhyPhone},
	{"8-900-123-45-67", "ivanov", crm.WhyPhone},
	{"+7 900 123 45 67", "ivanov", crm.WhyPhone},
	{"9001234567", "ivanov", crm.WhyPhone},
	{"900 123", "ivanov", crm.WhyPhone},
	{"8 900 12", "ivanov", crm.WhyPhone},
	{"+7 900", "ivanov", crm.WhyPhone},
	{"4567", "ivanov", crm.WhyPhone},
	{"45-68", "ivanp", crm.WhyPhone},
	{"0101", "solovyov", crm.WhyPhone},
	{"иванов 4567", "ivanov", crm.WhyPhone},
	{"4567 пётр", "ivanov", crm.WhyPhone},
	{"+375 29 123", "shevchuk", crm.WhyPhone},
	{"29 123 45", "shevchuk", crm.WhyPhone},
	{"030 123456", "jose", crm.WhyPhone},
	{"2025550124", "john", crm.WhyPhone},
	{"0909", "", ""},
	{"тел.: 8 900 123-45-67", "ivanov", crm.WhyPhone},
	{"тел.89001234567", "ivanov", crm.WhyPhone},
	// addresses, usernames, tags
	{"p.ivanov@romashka.ru", "ivanov", crm.WhyEmail},
	{"P.Ivanov@Romashka.RU", "ivanov", crm.WhyEmail},
	{"p.ivanov", "ivanov", crm.WhyEmail},
	{"anya.iv", "ivanova", crm.WhyEmail},
	{"anya", "ivanova", crm.WhyEmail},
	{"romashka.ru", "ivanov", crm.WhyEmail},
	{"@romashka.ru", "ivanov", crm.WhyEmail},
	{"john.smith@", "john", crm.WhyEmail},
	{"@jsmith", "john", crm.WhyUsername},
	{"jsmith", "john", crm.WhyUsername},
	{"@yulia_sh", "shevchuk", crm.WhyUsername},
	{"https://t.me/yulia_sh", "shevchuk", crm.WhyUsername},
	{"yulia_sh", "shevchuk", crm.WhyUsername},
	{"#vip", "ivanov", crm.WhyTag},
	{"vip", "ivanov", crm.WhyTag},
	{"#постоянный_клиент", "ivanov", crm.WhyTag},
	{"постоянный клиент", "ivanov", crm.WhyTag},
	{"рассрочка", "ivanova", crm.WhyTag},
	{"расрочка", "ivanova", crm.WhyTag},
	{"🔥", "khan", crm.WhyTag},
	// company, city, position, the team's own fields
	{"ромашка", "ivanov", crm.WhyCompany},
	{"ООО Ромашка", "ivanov", crm.WhyCompany},
	{"ромашка плюс", "kate", crm.WhyCompany},
	{"плюс ромашка", "kate", crm.WhyCompany},
	{"acme ltd", "john", crm.WhyCompany},
	{"газпром", "smirnov", crm.WhyCompany},
	{"ооо восток", "vostok", crm.WhyName},
	{"торговый дом восток", "vostok", crm.WhyName},
	{"иванова казань", "ivanova", crm.WhyCity},
	{"йошкар", "solovyov", crm.WhyCity},
	{"петербург", "rimsky", crm.WhyCity},
	{"бухгалтер ромашка", "ivanov", crm.WhyPosition},
	{"ДГ-2024/15", "ivanov", crm.WhyCustom},
	{"2024/15", "ivanov", crm.WhyCustom},
	{"7701234567", "ivanov", crm.WhyCustom},
	{"крупный", "ivanov", crm.WhyCustom},
	{"31.01.2027", "ivanov", crm.WhyCustom},
	{"31 января 2027", "ivanov", crm.WhyCustom},
	{"31/01/27", "ivanov", crm.WhyCustom},
	{"30.01.2027", "", ""},
	// the wrong layout
	{"bdfyjd", "ivanov", crm.WhyName},
	{"Bdfyjd Gtnh", "ivanov", crm.WhyName},
	{"gtnh bdfyjd", "ivanov", crm.WhyName},
	{"k.,f", "lubov", crm.WhyName},
	{"k.,f ;,fy", "lubov", crm.WhyName},
	{"[fxfnehzy", "edik", crm.WhyName},
	{"'leflh", "edik", crm.WhyName},
	{";erjd", "dmitry", crm.WhyName},
	{"hjvfirf", "ivanov", crm.WhyCompany},
	{"bdfyjd 4567", "ivanov", crm.WhyPhone},
	{"ыьшер", "john", crm.WhyName},
	{"ырумсргл", "shevchuk", crm.WhyName},
	{"зюшмфтщм\"кщьфырлфюкг", "ivanov", crm.WhyEmail},
	{"мшз", "ivanov", crm.WhyTag},
	// the other alphabet
	{"ivanov", "ivanov", ""},
	{"ivanov petr", "ivanov", ""},
	{"shevchuk", "shevchuk", crm.WhyName},
	{"Sevcuk", "shevchuk", crm.WhyName},
	{"shev", "shevchuk", crm.WhyName},
	{"yulia shevchuk", "shevchuk", ""},
	{"Iuliia Shevchuk", "shevchuk", crm.WhyName},
	{"julia shevchuk", "shevchuk", crm.WhyName},
	{"юлия робертс", "ulia", crm.WhyName},
	{"ковальчук", "shevlat", crm.WhyName},
	{"юрий ковальчук", "shevlat", crm.WhyName},
	{"shcherbakova", "scherb", crm.WhyName},
	{"scherbakova natalia", "scherb", crm.WhyName},
	{"solovyev", "solovyov", crm.WhyName},
	{"soloviev fedor", "solovyov", crm.WhyName},
	{"zhukov dmitry", "dmitry", crm.WhyName},
	{"jukov", "dmitry", crm.WhyName},
	{"khan", "khan", crm.WhyName},
	{"tsoy", "tsoi", crm.WhyName},
	{"tsoi viktor", "tsoi", crm.WhyName},
	{"xenia chaikovskaya", "kseniya", crm.WhyName},
	{"смит", "john", crm.WhyName},
	{"romashka plus", "kate", crm.WhyCompany},
	// typos
	{"ивонов", "ivanov", crm.WhyName},
	{"иваонв", "ivanov", crm.WhyName},
	{"иввнов петр", "ivanov", crm.WhyName},
	{"иванов пётрр", "ivanov", crm.WhyName},
	{"пёрт иванов", "ivanov", crm.WhyName},
	{"шевчюк", "shevchuk", crm.WhyName},
	{"шефчук юля", "shevchuk", crm.WhyName},
	{"шивчюк", "shevchuk", crm.WhyName},
	{"щербокова", "scherb", crm.WhyName},
	{"щирбакава", "scherb", crm.WhyName},
	{"кузнецва екатерна", "kate", crm.WhyName},
	{"смрнов михаил", "smirnov", crm.WhyName},
	{"чайковскя", "kseniya", crm.WhyName},
	{"ромшка", "ivanov", crm.WhyCompany},
	{"smiht", "john", crm.WhyName},
	{"jonh smith", "john", crm.WhyName},
	{"shevchk", "shevchuk", crm.WhyName},
	{"bdfjyd", "ivanov", crm.WhyName},
	{"римскй корсаков", "rimsky", crm.WhyName},
	{"натлия щербакова", "scherb", crm.WhyName},
	{"ивонов 4567", "ivanov", crm.WhyPhone},
	// nothing
	{"", "", ""},
	{"   ", "", ""},
	{"-", "", ""},
	{"ъъъъъъ", "", ""},
	{"qqqqqqqqqqq", "", ""},
	{"иванов 9999", "", ""},
}

func TestSearch(t *testing.T) {
	st := &counted{Store: openStore(t, slices.Values(people()))}
	for _, q := range queries {
		t.Run(q.typed, func(t *testing.T) {
			st.calls = 0
			res, err := crm.Search(t.Context(), st, "t1", "", "m1", q.typed, 10)
			if err != nil {
				t.Fatal(err)
			}
			if st.calls > 12 {
				t.Errorf("%d calls of the store", st.calls)
			}
			got := crm.Hit{}
			if len(res.Hits) > 0 {
				got = res.Hits[0]
			}
			if got.Client.ID != q.want || q.why != "" && got.Why.Field != q.why {
				t.Errorf("%q found %q by %+v (reading %q, fuzzy %v, of %d), want %q by %q", q.typed, got.Client.ID, got.Why, res.Reading, res.Fuzzy, res.Total, q.want, q.why)
			}
			if q.why != "" && got.Why.Value == "" {
				t.Errorf("%q: no value for %q", q.typed, q.why)
			}
		})
	}
}

func TestSearch_understood(t *testing.T) {
	st := openStore(t, slices.Values(people()))
	for _, c := range []struct {
		typed, reading string
		fuzzy          bool
	}{
		{"иванов", "", false}, {"4567", "", false}, {"bdfyjd", "иванов", false}, {"ивонов", "иванов", true}, {"Ивонов 4567", "иванов 4567", true},
		{"пётр ивонов", "петр иванов", true}, {"зюшмфтщм\"кщьфырлфюкг", "p.ivanov@romashka.ru", false}, {"Sevcuk", "шевчук", false},
		{"bdfy", "иван", false}, {"#vip", "", false}, {"мшз", "vip", false}, {"нет такого", "", false},
	} {
		res, err := crm.Search(t.Context(), st, "t1", "", "m1", c.typed, 10)
		if err != nil || res.Reading != c.reading || res.Fuzzy != c.fuzzy {
			t.Errorf("%q: reading %q, fuzzy %v, %v; want %q, %v", c.typed, res.Reading, res.Fuzzy, err, c.reading, c.fuzzy)
		}
	}
}

func TestSearch_calls(t *testing.T) {
	st := &counted{Store: openStore(t, slices.Values(people()))}
	for typed, most := range map[string]int{"+79001234567": 1, "4567": 1, "p.ivanov@romashka.ru": 1, "#vip": 1, "@jsmith": 1,
		"иванов": 2, "иванов пётр": 2, "ромашка плюс": 2, "иванова казань": 2, "ивонов": 4, "ъъъъъъ ъъъъъъ": 9} {
		st.calls = 0
		if _, err := crm.Search(t.Context(), st, "t1", "", "m1", typed, 10); err != nil || st.calls > most {
			t.Errorf("%q: %d calls of the store, want at most %d; %v", typed, st.calls, most, err)
		}
	}
}

// However many cards have one word of a company's name or the other, they are not looked through for those that have both.
func TestSearch_company(t *testing.T) {
	list := people()
	for i := range 10 {
		c := person(crm.ClientID(fmt.Sprintf("studio%d", i)), fmt.Sprintf("Хан %c", 'А'+i), "", "ИП «Студия Ромашка»", "")
		c.Team, c.Rev, c.Owner, c.Stage = "t1", 1, "m1", crm.StageLead
		c.Index(searchFields)
		list = append(list, c)
	}
	st := &counted{Store: openStore(t, slices.Values(list))}
	for _, typed := range []string{"Студия «Ромашка»", "студия ром", "ромашка студия"} {
		st.calls = 0
		res, err := crm.Search(t.Context(), st, "t1", "", "m1", typed, 20)
		if err != nil || len(res.Hits) != 10 || res.Hits[0].Why.Field != crm.WhyCompany || st.calls != 1 {
			t.Errorf("%q: %d hits in %d calls of the store, %v; want 10 in one", typed, len(res.Hits), st.calls, err)
		}
	}
}

func TestSearchPage_offsets(t *testing.T) {
	var cards []crm.Client
	for i := range 25 {
		c := person(crm.ClientID(fmt.Sprintf("c%02d", i)), fmt.Sprintf("Сидоров Номер%c", 'а'+rune(i)), "", "", "")
		c.Team, c.Rev, c.Owner, c.Stage = "t1", 1, crm.MemberID(fmt.Sprintf("m%d", i%2)), crm.StageLead
		c.Index(nil)
		cards = append(cards, c)
	}
	st := openStore(t, slices.Values(cards))
	var got []crm.ClientID
	q := crm.SearchQuery{Team: "t1", Me: "m1", Text: "сидоров", Limit: 10}
	for pages := 0; pages < 5; pages++ {
		res, err := crm.SearchPage(t.Context(), st, q)
		if err != nil || res.Total != 25 {
			t.Fatalf("total %d, %v", res.Total, err)
		}
		for _, h := range res.Hits {
			got = append(got, h.Client.ID)
		}
		if q.Offset = res.Next; q.Offset == 0 {
			break
		}
	}
	slices.Sort(got)
	if len(slices.Compact(got)) != 25 {
		t.Errorf("the pages hold %d cards, want 25: %q", len(got), got)
	}
	q.Among, q.Offset, q.Limit = []crm.MemberID{"m0"}, 0, 100
	res, err := crm.SearchPage(t.Context(), st, q)
	if err != nil || res.Total != 13 {
		t.Errorf("m0 sees %d, %v; want 13", res.Total, err)
	}
}

func TestSearch_ownFirst(t *testing.T) {
	mine := func(c crm.Client) bool { return c.Owner == "m7" }
	cards := slices.Collect(crowd(3000))
	st := openStore(t, slices.Values(cards))
	res, err := crm.Search(t.Context(), st, "t1", "", "m7", "анна", 5)
	if err != nil || len(res.Hits) != 5 {
		t.Fatalf("%d hits, %v", len(res.Hits), err)
	}
	for _, h := range res.Hits {
		if !mine(h.Client) {
			t.Errorf("%s is of %s, want m7's first: more cards match than are ranked", h.Client.ID, h.Client.Owner)
		}
	}
}

// Who looks for somebody by the beginning of a word looks for the surname first.
func TestSearchRanksSurnamesFirst(t *testing.T) {
	var cards []crm.Client
	for i, name := range []string{"Ким Игорь Алексеевич", "Сидоров Алексей Петрович", "Алексей Ким", "Алексеев Игорь", "Игорь Алексеенко"} {
		c := person(crm.ClientID(fmt.Sprint("c", i)), name, "", "", "")
		c.Team, c.Rev, c.Owner, c.Stage, c.LastTouch = "t1", 1, "m1", crm.StageLead, time.Unix(int64(100-i), 0).UTC()
		c.Index(nil)
		cards = append(cards, c)
	}
	res, err := crm.Search(t.Context(), openStore(t, slices.Values(cards)), "t1", "", "m1", "алексе", 10)
	if err != nil || len(res.Hits) != 5 {
		t.Fatalf("got %+v, %v", res, err)
	}
	got := []string{res.Hits[0].Client.Name, res.Hits[1].Client.Name}
	if want := []string{"Алексеев Игорь", "Игорь Алексеенко"}; !slices.Equal(got, want) {
		t.Errorf("first come %q, want %q", got, want)
	}
}

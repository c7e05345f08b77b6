package crm

import (
	"slices"
	"strings"

	"kartoteka/crm/spell"
)

// The headings by which columns are recognised, for reading, not for showing: folded (Fold), several of a target separated by
// commas. They are those of the exports that programLayouts names and those that people write by hand.
var importHeadings = headingSet(map[ImportTarget]string{
	target(FieldName): `имя и фамилия, фио, ф и о, фамилия имя отчество, фамилия имя, имя фамилия, полное имя, полное имя контакта, контакт, контактное лицо,
		клиент, клиенты, контакты, имена, имя клиента, фио клиента, наименование, название, название лида, название контакта, name, full name, fullname, client, clients, customer, customers, contact, contacts,
		contact name, client name, customer name, display name, file as, покупатель, заказчик, имя контакта, абонент`,
	ImportFirst:  `имя, first name, given name, firstname, контакт имя`,
	ImportMiddle: `отчество, middle name, additional name, patronymic, контакт отчество`,
	ImportLast:   `фамилия, last name, family name, surname, lastname, контакт фамилия`,
	target(FieldPhones): `телефон, телефоны, тел, номер телефона, номер, моб, мобильный, мобильный телефон, сотовый, сотовый телефон, рабочий телефон,
		рабочий прямой телефон, домашний телефон, другой телефон, дополнительный телефон, контактный телефон, основной телефон, телефон для рассылок,
		телефон рабочий, телефон мобильный, телефон домашний, телефон клиента, телефон контакта, телефон 1, телефон 2, телефон 3, доп телефон,
		phone, phones, phone number, mobile, mobile phone, cell, cell phone, tel, telephone, primary phone, home phone, home phone 2, business phone,
		business phone 2, other phone, company main phone, car phone, work phone, номер мобильного, whatsapp номер, контакт рабочий телефон,
		контакт мобильный телефон, контакт домашний телефон, контакт другой телефон, телефон раб 2, телефон дом 2, телефон переносной,
		телефон в машине, основной телефон организации, радиотелефон`,
	target(FieldEmails): `почта, e mail, email, mail, эл почта, электронная почта, адрес электронной почты, адрес эл почты, имейл, рабочий email, личный email,
		другой email, рабочий e mail, частный e mail, другой e mail, e mail для рассылок, email клиента, emails, e mail address, e mail 2 address,
		адрес 2 эл почты, адрес 3 эл почты, e mail 3 address, email address, email 2, контакт рабочий e mail, контакт частный e mail`,
	target(FieldCompany): `компания, организация, фирма, название компании, компания контакта, место работы, юрлицо, юридическое лицо, company, company name,
		organization, organisation, organization name, business, работа`,
	target(FieldPosition): `должность, position, title, job title, job, organization title, роль`,
	target(FieldCity):     `город, населенный пункт, city, town, business city, home city, город раб адрес, город дом адрес`,
	target(FieldAddress): `адрес, адрес доставки, фактический адрес, юридический адрес, address, street, home address, business address, business street,
		home street, полный адрес, улица раб адрес, улица дом адрес`,
	target(FieldBirthday):     `день рождения, дата рождения, др, д р, рождение, birthday, birth date, date of birth, birthdate, dob, bday`,
	target(FieldSource):       `источник, источник лида, откуда, канал привлечения, рекламный источник, source, lead source, how found, источник клиента, утм источник`,
	target(FieldTags):         `теги, тэги, метки, метка, тег, группа, группы, категория, категории, сегмент, tags, tag, labels, categories, group, groups, group membership`,
	target(FieldInterests):    `интересы, интерес, чем интересуется, interests, hobby, хобби`,
	target(FieldStage):        `этап, стадия, этап сделки, воронка этап, stage, pipeline stage`,
	target(FieldStatus):       `статус, статус клиента, status, client status`,
	target(FieldClientKind):   `тип клиента, вид клиента, вид, client type, kind, тип контрагента`,
	target(FieldChannel):      `канал связи, способ связи, предпочтительный канал, preferred channel, как связаться`,
	accountTarget("telegram"): `telegram, телеграм, телеграмм, тг, контакт telegram, ник, ник в телеграм, username, telegram username, ник телеграм`,
	accountTarget("whatsapp"): `whatsapp, ватсап, вотсап, wa`,
	accountTarget("viber"):    `viber, вайбер`,
	accountTarget("vk"):       `vk, вк, вконтакте, контакт вконтакте, страница вк`,
	accountTarget("skype"):    `skype, скайп, контакт skype`,
	accountTarget("site"):     `сайт, веб страница, web, website, web page, веб сайт, корпоративный сайт, url, site, website 1 value, личная страница`,
	ImportUserID:              `telegram id, tg id, id telegram, id в telegram, телеграм id`,
	ImportOwner:               `ответственный, менеджер, ответственный менеджер, куратор, owner, manager, responsible, assigned to, account manager, ведет, сотрудник`,
	ImportSkip:                `почему не взято, why not taken`,
	ImportNote: `примечание, примечания, комментарий, комментарии, заметка, заметки, коммент, описание, note, notes, comment, comments, remarks, description,
		примечание 1, примечание 2, примечание 3, примечание 4, примечание 5, дополнительно, доп информация, e mail display name,
		e mail 2 display name, e mail 3 display name, краткое имя эл почты, краткое 2 имя эл почты, краткое 3 имя эл почты`,
})

// nameTitles are forms of address that people write before a name.
var nameTitles = wordLines(`г-н, г-жа, гр, гр-н, гр-ка, гражданин, гражданка, господин, госпожа, д-р, mr, mrs, ms, miss, mister, dr, prof, sir, madam`)

// anyVowels are those of both alphabets: a word without any is an abbreviation.
const anyVowels = "аеёиоуыэюяaeiouy"

// commentHeadings are those of columns that are notes as they stand: nobody wants to read "Комментарий:" before each.
var commentHeadings = wordLines(`примечание, примечания, комментарий, комментарии, заметка, заметки, коммент, описание, note, notes, comment, comments, remarks,
	description, примечание 1, примечание 2, примечание 3, примечание 4, примечание 5, дополнительно, доп информация`)

// numberedHeadings are those that some exports number: "Phone 1 - Value", "E-mail 2 - Value".
var numberedHeadings = []struct {
	head, tail string
	to         ImportTarget
}{
	{"phone ", " value", target(FieldPhones)}, {"телефон ", "", target(FieldPhones)}, {"e mail ", " value", target(FieldEmails)},
	{"email ", " value", target(FieldEmails)}, {"organization ", " name", target(FieldCompany)}, {"organization ", " title", target(FieldPosition)},
	{"address ", " formatted", target(FieldAddress)}, {"address ", " city", target(FieldCity)}, {"website ", " value", accountTarget("site")},
	{"e mail ", "", target(FieldEmails)}, {"email ", "", target(FieldEmails)}, {"phone ", "", target(FieldPhones)},
}

// programLayouts are headings that only the exports of some programs have together. iCloud writes nothing but cards (intake.Program). Of
// RetailCRM they are those of its template for customers: which ones its exports have, and Megaplan's, was nowhere to be found, so that
// those are tables like others.
var programLayouts = []struct {
	program string
	has     []string
}{
	{OwnProgram, ownCard[:1]},
	{OwnProgram, ownCard[1:]},
	{"google", []string{"name", "given name", "group membership"}},
	{"google", []string{"first name", "last name", "labels", "organization name"}},
	{"outlook", []string{"first name", "last name", "e mail address", "business phone"}},
	{"outlook", []string{"имя", "фамилия", "адрес эл почты", "рабочий телефон"}},
	{"amocrm", []string{"id", "ответственный", "кем создан контакт"}},
	{"amocrm", []string{"название сделки", "этап сделки", "воронка"}},
	{"bitrix24", []string{"id", "обращение", "имя", "фамилия", "рабочий e mail"}},
	{"bitrix24", []string{"название лида", "стадия", "ответственный"}},
	{"retailcrm", []string{"last name", "first name", "patronymic", "phone number", "customers external id"}},
}

// fieldWords are what people and programs write for the choices of a card's own fields, folded.
var fieldWords = map[Field]map[string]string{
	FieldStage: wordValues(map[string]string{
		string(StageLead):        `лид, новый, новая, потенциальный, lead, new, необработанный, новая заявка, новая сделка, первичный контакт`,
		string(StageContact):     `контакт, первый контакт, first contact, в контакте, contact, contacted, в работе`,
		string(StageNegotiation): `переговоры, согласование, предложение, кп, кп отправлено, negotiation, proposal, принимают решение, согласование договора`,
		string(StageClient):      `клиент, постоянный клиент, сделка, успешно, успешно реализовано, client, customer, won, качественный лид`,
		string(StageArchive):     `архив, закрыто, закрыт, отказ, закрыто и не реализовано, archive, lost, closed, некачественный лид`,
	}),
	FieldStatus: wordValues(map[string]string{
		string(StatusLead):   `лид, новый, lead, new, потенциальный, potential`,
		string(StatusActive): `активный, активен, действующий, active, постоянный`,
		string(StatusPaused): `на паузе, приостановлен, пауза, paused, on hold`,
		string(StatusFormer): `бывший, ушел, потерян, former, lost, неактивный, inactive`,
		string(StatusVIP):    `vip, вип, важный`,
	}),
	FieldClientKind: wordValues(map[string]string{
		string(KindPerson):    `частное лицо, физлицо, физическое лицо, человек, контакт, person, individual, фл`,
		string(KindBusiness):  `ип, малый бизнес, индивидуальный предприниматель, small business, sole trader`,
		string(KindCorporate): `компания, юрлицо, юридическое лицо, организация, company, corporate, юл`,
		string(KindPartner):   `партнер, partner, поставщик, дилер`,
	}),
	FieldChannel: wordValues(map[string]string{
		string(ChannelPhone):    `телефон, звонок, phone, call`,
		string(ChannelTelegram): `telegram, телеграм, тг`,
		string(ChannelWhatsApp): `whatsapp, ватсап, вотсап`,
		string(ChannelEmail):    `почта, e mail, email, mail`,
		string(ChannelVisit):    `встреча, визит, visit, лично, личная встреча, in person`,
	}),
}

// noneWords stand in cells that have nothing to say.
var noneWords = wordLines(`нет, не указан, не указано, не указана, нету, отсутствует, неизвестно, пусто, none, n a, na, null, nil, no, unknown, not set, undefined, unspecified`)

func target(f Field) ImportTarget { return ImportTarget(f) }

// accountTarget is the target of accounts in a messenger, or of sites.
func accountTarget(kind string) ImportTarget { return ImportTarget("at." + kind) }

func wordLines(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.SplitSeq(list, ",") {
		set[strings.Join(strings.Fields(word), " ")] = true
	}
	return set
}

func wordValues(lists map[string]string) map[string]string {
	values := map[string]string{}
	for value, list := range lists {
		values[spell.Fold(value)] = value
		for word := range wordLines(list) {
			values[word] = value
		}
	}
	return values
}

func headingSet(lists map[ImportTarget]string) map[string]ImportTarget {
	set := map[string]ImportTarget{}
	for to, list := range lists {
		for word := range wordLines(list) {
			set[word] = to
		}
	}
	return set
}

// headingTarget is what a heading says that its column is, "" if it is not known.
func headingTarget(heading string) ImportTarget {
	h := spell.Fold(heading)
	if to, ok := importHeadings[h]; ok {
		return to
	}
	for _, n := range numberedHeadings {
		rest, ok := strings.CutPrefix(h, n.head)
		if rest, tail := strings.CutSuffix(rest, n.tail); ok && tail && rest != "" && onlyDigits(rest) == rest {
			return n.to
		}
	}
	return ""
}

// programOf is whose export has these headings, "" if that is not known.
func programOf(headings []string) string {
	folded := make([]string, len(headings))
	for i, h := range headings {
		folded[i] = spell.Fold(h)
	}
	for _, l := range programLayouts {
		if !slices.ContainsFunc(l.has, func(h string) bool { return !slices.Contains(folded, h) }) {
			return l.program
		}
	}
	return ""
}

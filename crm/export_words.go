package crm

// The headings of the tables that an export makes, for reading them again; the locales have them for writing (export_column.…), in the
// order of handlers/exports. A test holds the two together.
var ownHeadings = headingSet(map[ImportTarget]string{
	target(FieldName):         `имя, name`,
	target(FieldClientKind):   `тип клиента, client type`,
	target(FieldCompany):      `компания, company`,
	target(FieldPosition):     `должность, position`,
	target(FieldPhones):       `телефоны, phones`,
	target(FieldEmails):       `почта, e mail`,
	accountTarget("telegram"): `telegram`,
	accountTarget("whatsapp"): `whatsapp`,
	accountTarget("viber"):    `viber`,
	accountTarget("vk"):       `vk`,
	accountTarget("max"):      `max`,
	accountTarget("skype"):    `skype`,
	accountTarget("site"):     `сайт, website`,
	ImportUserID:              `telegram id`,
	target(FieldChannel):      `способ связи, contact by`,
	target(FieldCity):         `город, city`,
	target(FieldAddress):      `адрес, address`,
	target(FieldBirthday):     `день рождения, birthday`,
	target(FieldDates):        `другие даты, other dates`,
	target(FieldSource):       `источник, source`,
	target(FieldTags):         `метки, tags`,
	target(FieldInterests):    `интересы, interests`,
	target(FieldStage):        `этап, stage`,
	target(FieldStatus):       `статус, status`,
	ImportOwner:               `ответственный, responsible`,
	// What follows from the history is not taken twice.
	ImportSkip: `первый контакт, first contact, последнее касание, last touch, следующий контакт, next contact, касаний, touches, последняя заметка, last note,
		покупка, purchase, сумма, sum, валюта, currency, куплено, bought on, добавлен, added, карточка картотеки, kartoteka card`,
})

// ownCard is the heading by which a table of ours is known.
var ownCard = []string{"карточка картотеки", "kartoteka card"}

// blockedWords are the words of the blacklist before its reason.
var blockedWords = wordLines(`в черном списке, blacklisted`)

// onceWords mark a date that comes once.
const onceWords = "один раз|once"

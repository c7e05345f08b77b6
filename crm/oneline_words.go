package crm

import (
	"regexp"

	"kartoteka/crm/spell"
)

// Words by which a line is taken apart, for reading, not for showing.

// companyForms are the forms of companies: those of anyCase are known in small letters too.
var (
	companyForms = spell.Set("ООО ОАО ЗАО ПАО АО НКО АНО ТОО ОДО ЧУП ФГУП ФГБУ МУП ГУП ГБУ МБУ КФХ СПК ТСЖ ТСН СНТ НПО НПП ФОП ЧП ГК ТД")
	latinForms   = spell.Set("LLC Ltd LTD Limited Inc INC Incorporated GmbH Corp Corporation LLP PLC AG BV SRL Oy OOO")
	anyCaseForms = spell.Set("ооо оао зао пао ип тоо llc ltd inc gmbh")
)

// soleTrader is the form that has a person's name behind it.
const soleTrader = "ип"

const (
	companyFormsRE = `ООО|ОАО|ЗАО|ПАО|АО|НКО|АНО|ТОО|ОДО|ЧУП|ФГУП|ФГБУ|МУП|ГУП|ГБУ|МБУ|КФХ|СПК|ТСЖ|ТСН|СНТ|НПО|НПП|ФОП|ЧП|ГК|ТД|ИП|` +
		`ооо|оао|зао|пао|тоо|ип|LLC|Ltd\.?|Inc\.?|GmbH|Corp\.?|LLP`
	// companyNouns stand before a name in quotes.
	companyNouns = `компани[ия]|фирма|магазин|салон(?:\s+красоты)?|кафе|кофейня|ресторан|бар|клиника|завод|фабрика|студия|агентство|` +
		`гостиница|отель|аптека|школа|центр|банк|холдинг|группа\s+компаний|торговый\s+дом|бюро|типография|автосервис|мастерская|сеть|` +
		`company|shop|store|studio|agency|cafe|hotel|clinic|restaurant|school`
)

var (
	quotedCompany = regexp.MustCompile(`(?:(?:` + companyFormsRE + `)|(?i:` + companyNouns + `))\s*[«"“„][^«»"“”„\n;]{1,120}[»"”“]|` +
		`[«"“„][^«»"“”„\n;]{1,120}[»"”“]\s*(?:` + companyFormsRE + `)`)
	quotedAlone = regexp.MustCompile(`^\s*[«"“„][^«»"“”„]{1,120}[»"”“]\s*$`)
	tagShape    = regexp.MustCompile(`#[\pL\pN_][\pL\pM\pN_]*(?:-[\pL\pN_][\pL\pM\pN_]*)*`)

	// cityShape is г. Казань; cityPairs are first words of names of two.
	cityShape = regexp.MustCompile(`(?:(?i:гор\.\s*|город:?\s+|city:?\s+)|г\.\s*|г\s+)(\p{Lu}[\pL\pM]*(?:-\pL[\pL\pM]*)*)((?:[ ]\p{Lu}[\pL\pM]*(?:-\pL[\pL\pM]*)*)?)`)
	cityPairs = regexp.MustCompile(`(?i)(?:ий|ый|ой|ая|ое|ые|ие)$|^(?:Сергиев|Йошкар|Улан|New|San|Los|Las|Saint|Нур)$`)

	emailWord     = regexp.MustCompile(`(?i)(?:^|[^\pL])((?:e-?mail|почта|эл\.?\s?почта|электронная\s+почта|мыло|mail|имейл|емейл)[\s:.=–—-]*)$`)
	messengerWord = regexp.MustCompile(`(?i)(?:^|[^\pL])((?:telegram|телеграмм?|тг|tg|сайт|site|web|vk|вк|вконтакте|skype|скайп|max|макс)[\s:.=–—-]*)$`)
	kindInLine    = regexp.MustCompile(`(?i)(?:^|[^\pL])((?:telegram|телеграмм?|тг|tg)\s*:\s*[A-Za-z][A-Za-z0-9_]{4,31}|(?:skype|скайп)\s*:\s*[A-Za-z][A-Za-z0-9_.:-]{2,60}[A-Za-z0-9])(?:$|[^\pL\pM\pN_.@])`)

	// fieldWord is a field named at the beginning of a segment, as in a form that was pasted.
	fieldWord = regexp.MustCompile(`(?i)^\s*(имя|ф\.?\s?и\.?\s?о\.?|клиент|name|компания|организация|фирма|company|должность|position|job|` +
		`город|city|адрес|address|заметка|примечание|комментарий|коммент|note|comment)\s*[:=]`)

	// phoneTry is the beginning of what was meant as a phone; localPhone is one without its city code.
	phoneTry   = regexp.MustCompile(`^\+\s?\d|^[78][\s(-]{0,2}\d{3}`)
	localPhone = regexp.MustCompile(`^\d{1,3}[- ]\d\d[- ]\d\d$`)
	// phonePrefix is a label at the beginning of a segment.
	phonePrefix = regexp.MustCompile(`(?i)^(?:` + phoneLabels + `|` + phoneTypes + `)[\s.:№=–—-]+`)
	moneyWords  = regexp.MustCompile(`(?i)₽|\$|€|(?:^|[^\pL])(?:руб|р|тыс|млн|млрд|тенге|тг|грн|шт|кг|инн|огрн|р/с|счет|счёт|договор|заказ)(?:[^\pL]|$)`)
)

// fieldByWord are the fields that fieldWord names; a note is none.
var fieldByWord = map[string]func(*Profile) *string{
	"имя": nameOf, "фио": nameOf, "клиент": nameOf, "name": nameOf,
	"компания": companyOf, "организация": companyOf, "фирма": companyOf, "company": companyOf,
	"должность": positionOf, "position": positionOf, "job": positionOf,
	"город": cityOf, "city": cityOf, "адрес": addressOf, "address": addressOf,
}

func nameOf(p *Profile) *string     { return &p.Name }
func companyOf(p *Profile) *string  { return &p.Company }
func positionOf(p *Profile) *string { return &p.Position }
func cityOf(p *Profile) *string     { return &p.City }
func addressOf(p *Profile) *string  { return &p.Address }

// positionHeads are positions of one word, positionModifiers stand before them,
// positionRelated behind them; positionPlaces have a name of their own behind them.
var (
	positionHeads = spell.Set(`директор гендиректор президент вице-президент руководитель начальник заведующий заведующая управляющий управляющая
		менеджер бухгалтер главбух экономист финансист аудитор юрист адвокат нотариус секретарь помощник помощница ассистент ассистентка заместитель зам
		закупщик закупщица снабженец логист кладовщик кладовщица товаровед мерчендайзер продавец продавщица кассир администратор
		инженер технолог архитектор дизайнер программист разработчик тестировщик аналитик маркетолог пиарщик копирайтер редактор журналист
		врач доктор стоматолог медсестра фармацевт провизор ветеринар психолог учитель учительница преподаватель воспитатель воспитательница тренер
		повар шеф-повар бармен бариста официант официантка водитель курьер механик электрик сантехник сварщик токарь слесарь строитель прораб бригадир мастер
		парикмахер стилист косметолог визажист массажист фотограф видеограф риелтор риэлтор брокер агент страховщик консультант коуч эксперт специалист
		учредитель учредительница основатель основательница владелец владелица собственник собственница предприниматель совладелец партнёр партнер
		оператор диспетчер охранник агроном фермер рекрутер кадровик эйчар переводчик оценщик супервайзер продюсер режиссёр режиссер председатель депутат
		ceo cto cfo coo cmo cio founder co-founder cofounder owner director manager accountant buyer engineer developer designer analyst
		consultant lawyer secretary assistant president partner marketer salesman doctor teacher nurse driver administrator programmer architect
		head supervisor specialist coordinator editor chef vp hr pm`)
	positionModifiers = spell.Set(`главный главная старший старшая ведущий ведущая младший младшая генеральный генеральная коммерческий исполнительный
		финансовый технический региональный территориальный операционный креативный арт художественный управляющий личный личная офис-
		торговый страховой медицинский sales general senior junior lead chief purchasing regional marketing project product account office executive
		managing commercial technical financial deputy vice head software hr art`)
	positionRelated = spell.Set(`отдела отделом службы службой департамента управления филиала склада складом магазина магазином производства
		производством цеха участка группы проекта проектов офиса закупок продаж снабжения маркетинга кадров безопасности логистики школы
		директора руководителя начальника президента генерального главного коммерческого финансового врача бухгалтера инженера`)
	positionPlaces = spell.Set("отдела отделом службы службой департамента филиала группы цеха участка директора начальника")
)

// nameParticles stand in small letters inside names.
var nameParticles = spell.Set("оглы оглу кызы угли улы заде де да ди ла ле фон ван дер ден дель ибн бен бин эль аль аль- бей хан " +
	"da de di do la le von van der den del dos ibn ben bin el al bey y")

// bigCities are known without г., as a whole segment. Владимир is not among them: it is a name.
var bigCities = spell.Set(`москва санкт-петербург петербург питер спб мск новосибирск екатеринбург казань челябинск омск самара уфа красноярск
	воронеж пермь волгоград краснодар саратов тюмень тольятти ижевск барнаул иркутск ульяновск хабаровск ярославль владивосток махачкала томск
	оренбург кемерово новокузнецк рязань астрахань пенза липецк киров чебоксары тула калининград курск ставрополь сочи тверь брянск иваново белгород
	сургут чита калуга смоленск мурманск архангельск вологда кострома псков тамбов якутск минск гомель брест гродно витебск могилёв могилев
	алматы астана шымкент караганда ташкент самарканд бишкек ереван тбилиси баку кишинёв кишинев киев харьков одесса львов душанбе`)

package crm

import (
	"regexp"

	"kartoteka/crm/civil"
)

// Words and shapes around numbers, for reading, not for showing.

// phoneLabels name a phone and say no more than that; phoneTypes say more and are kept in Phone.Raw.
const (
	phoneLabels = `тел(?:ефон)?|т|номер(?:\s+телефона)?|конт(?:актный)?\s+телефон|phone|tel(?:ephone)?|ph|📞|☎️?|📱`
	phoneTypes  = `моб(?:ильный)?|сот(?:овый)?|раб(?:очий)?|дом(?:ашний)?|гор(?:одской)?|факс|fax|mob(?:ile)?|cell|work|home|` +
		`whats\s?app|wa|вотсап|ватсап|вацап|viber|вайбер|telegram|тг|телеграм`
)

var (
	// phoneWord is a phone's label right before the number.
	phoneWord = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])((?:` + phoneLabels + `|` + phoneTypes + `)(?:[\s.:/]+(?:` +
		phoneLabels + `|` + phoneTypes + `))?[\s.:№=–—-]*)$`)
	// phonePlainWord is a label that says no more than "phone".
	phonePlainWord = regexp.MustCompile(`(?i)^(?:` + phoneLabels + `)[\s.:№=–—-]*$`)

	// phoneExt is an extension with a word for it, right behind the number.
	phoneExt = regexp.MustCompile(`(?i)^[\s,;(]*(?:(?:добавочный|добав|доб|внутренний|внутр|вн|extension|ext|доп)[\s.:=№#]*|[#x]\s?|[,;]?\s?[pw])(\d{1,7})\s?\)?`)
	// phoneCommaExt is an extension behind a comma alone, or behind the pauses that phones dial (",,12").
	phoneCommaExt = regexp.MustCompile(`^(?:,,+\s?(\d{1,7})|,\s?(\d{1,5}))\s*(?:$|[\n;)])`)

	// phoneLink is a link of a messenger that holds a phone.
	phoneLink = regexp.MustCompile(`(?i)(?:https?://)?(?:wa\.me/|(?:api|web|chat)\.whatsapp\.com/send/?\?phone=|` +
		`whatsapp://send\?phone=|viber://(?:chat|add|contact)\?number=|t\.me/\+|tel:)(?:\+|%2b)?(\d{7,15})([^\s,;]*)`)

	// notPhones are shapes that hold no phone, whatever their digits are: the first group, if there is one.
	notPhones = append([]*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:https?://|www\.|ftp://|tg://)[^\s,;]+`),
		regexp.MustCompile(`(?i)[\pL\pN-]+\.(?:me|com|ru|рф|net|org|io|kz|by|ua|info|biz|su|pro)/[^\s,;]*`),
		regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN.-]+`),
		regexp.MustCompile(`(?i)(?:^|[^\pL])((?:инн(?:\s?/\s?кпп)?|кпп|огрн(?:ип)?|бик|бин|иин|унп|окпо|октмо|снилс|паспорт[а-яё]*|iban|` +
			`р/?сч?|к/?сч?|р\.\s?с\.|сч[её]т[а-яё]*|договор[а-яё]*|заказ[а-яё]*|накладн[а-яё]*|артикул[а-яё]*|арт|карт[аыуе]|полис[а-яё]*|` +
			`inn|kpp|ogrn|order|invoice|account|id)[\s.:]*(?:№|n|no|#)?[\s.:]*\d[\d-]*(?:[ /]\d{3,9}(?:\b))*)`),
		regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}:`),
		regexp.MustCompile(`\b\d{1,2}:\d{2}(?::\d{2})?\b`),
		regexp.MustCompile(`(?i)\b\d{1,2}\s?(?:` + civil.MonthPattern + `)(?:\s\d{4}\b)?`),
		regexp.MustCompile(`(?i)\b\d{1,3}\s(?:лет|года|год)`),
	}, digitsAlone...)
	// digitsAlone are those of them that have no letter, dot, colon or other mark.
	digitsAlone = []*regexp.Regexp{
		regexp.MustCompile(`\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}\b`),
		regexp.MustCompile(`\b\d{3}-\d{3}-\d{3} \d{2}\b`),
	}
	// dottedDate is a date in digits; looksDated decides.
	dottedDate = regexp.MustCompile(`(\d{1,4})([./-])(\d{1,2})([./-])(\d{2,4})`)

	// amountAfter and amountBefore stand beside sums and quantities.
	amountAfter  = regexp.MustCompile(`(?i)^\s?(?:₽|\$|€|£|₸|₴|%|(?:руб[а-яё]*|р|тыс|млн|млрд|тг|тенге|грн|usd|eur|rub|kzt|byn|шт|кг|гр|м2|км|тонн?)(?:[^\pL]|$))`)
	amountBefore = regexp.MustCompile(`[$€£₽₸₴]\s?$`)
	// thousands is 4 951 234 567.
	thousands = regexp.MustCompile(`^\d{1,3}(?: \d{3})+$`)
)

package moment

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// The words of times as people write them, folded (ё is е): for reading, not for showing.

// dayWords are days counted from today.
var dayWords = map[string]int{
	"сегодня": 0, "завтра": 1, "послезавтра": 2, "вчера": -1, "позавчера": -2,
	"today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "tommorow": 1, "yesterday": -1,
}

// weekdays are the days of the week in all their forms; the short ones count only in company.
var (
	weekdays = byForm(map[string]time.Weekday{
		"понедельник понедельника понедельнику monday":                       time.Monday,
		"вторник вторника вторнику tuesday":                                  time.Tuesday,
		"среда среду среды среде wednesday wensday":                          time.Wednesday,
		"четверг четверга четвергу thursday":                                 time.Thursday,
		"пятница пятницу пятницы пятнице friday":                             time.Friday,
		"суббота субботу субботы субботе saturday":                           time.Saturday,
		"воскресенье воскресенья воскресенью воскресение воскресения sunday": time.Sunday,
	})
	weekdaysShort = byForm(map[string]time.Weekday{
		"пн пон mon": time.Monday, "вт tue tues": time.Tuesday, "ср wed": time.Wednesday, "чт thu thur thurs": time.Thursday,
		"пт fri": time.Friday, "сб sat": time.Saturday, "вс sun": time.Sunday,
	})
	weekdaysEach = byForm(map[string]time.Weekday{
		"понедельникам mondays": time.Monday, "вторникам tuesdays": time.Tuesday, "средам wednesdays": time.Wednesday,
		"четвергам thursdays": time.Thursday, "пятницам fridays": time.Friday, "субботам saturdays": time.Saturday,
		"воскресеньям sundays": time.Sunday,
	})
)

// timeUnit is a length of time that is counted.
type timeUnit int

const (
	noUnit timeUnit = iota
	minuteUnit
	hourUnit
	dayUnit
	weekUnit
	monthUnit
	quarterUnit
	yearUnit
)

var units = byForm(map[string]timeUnit{
	"минута минуту минуты минут минуток минутку мин minute minutes min mins": minuteUnit,
	"час часа часов часик часика часиков ч hour hours hr hrs h":              hourUnit,
	"день дня дней денек деньков д day days":                                 dayUnit,
	"неделя неделю недели недель недельку недельки нед week weeks wk wks":    weekUnit,
	"месяц месяца месяцев мес month months":                                  monthUnit,
	"квартал квартала кварталов quarter quarters":                            quarterUnit,
	"год года лет year years":                                                yearUnit,
})

// numbers are numbers in words; of one and two only where they cannot be mistaken (see amount, hour).
var numbers = byForm(map[string]int{
	"один одну одного одна one": 1, "два две двух двум двое two": 2, "три трех трем трое three": 3, "четыре четырех четырем four": 4,
	"пять пяти five": 5, "шесть шести six": 6, "семь семи seven": 7, "восемь восьми eight": 8, "девять девяти nine": 9,
	"десять десяти ten": 10, "одиннадцать одиннадцати eleven": 11, "двенадцать двенадцати twelve": 12,
	"пятнадцать пятнадцати fifteen": 15, "двадцать двадцати twenty": 20, "тридцать тридцати thirty": 30,
})

// halves are the hours of which a half has passed: «полдесятого», «половина десятого».
var halves = byForm(map[string]int{
	"первого": 0, "второго": 1, "третьего": 2, "четвертого": 3, "пятого": 4, "шестого": 5, "седьмого": 6, "восьмого": 7,
	"девятого": 8, "десятого": 9, "одиннадцатого": 10, "двенадцатого": 11,
})

// prepositions may stand before a day or an hour and go with it.
var prepositions = spell.Set(`в во к ко до на с со после около раньше позже at @ by on in until till before after for from since around about the`)

// sums stand before a sum of money: «долг в 1500».
var sums = spell.Set(`долг долга сумма суммы сумму сумме цена цену цены скидка скидку скидки скидкой счет счета чек аванс аванса предоплата предоплату платеж платежа
	штраф залог кредит бюджет оценили продали купили valued priced price sold offered`)

// strongPrepositions make a bare number an hour.
var strongPrepositions = spell.Set(`в во at @`)

// leads may stand before a preposition: «часов в десять», «ближе к вечеру».
var leads = spell.Set(`часов часика ровно примерно приблизительно ближе где-то exactly closer sometime`)

// referring make a day a name of something else: «счёт от 12 мая», «ул. 8 марта».
var referring = spell.Set(`от за по из об при № of ул улица улице улицы улицу проспект проспекте пр просп пл площадь площади пер переулок
	бульвар бул шоссе наб набережная набережной им имени street black good черная черную черной черные`)

// Words before «вторник» that say which one.
var whichWords = byForm(map[string]string{
	"следующий следующая следующее следующую следующей следующем следующего следующие следующих след next":                                       "next",
	"этот эта это эту этой этом этого эти этих текущей текущего текущем this":                                                                    "this",
	"ближайший ближайшая ближайшее ближайшую ближайшей ближайшего ближайшие ближайших coming nearest":                                            "coming",
	"прошлый прошлая прошлое прошлую прошлой прошлом прошлого прошлые прошлых минувшую минувшей last past previous":                              "last",
	"первый первую первое первая второй вторую второе третий третью четвертый четвертую последний последнюю последнее first second third fourth": "odd",
})

// Months alone, after «в», «к», «до»: «в мае».
var monthAlone = monthsInFull()

// Words with which hours are counted off: a number before them is none.
var (
	counted = spell.Set(`раз раза шт кв м м2 км кг см мм гр л т р руб тыс млн млрд чел дом доме дома места мест пар пары год году года лет
		дней день дня суток сутки минут минуты минуту мин секунд секунды сек недель недели неделю месяц месяца месяцев класс классе стр
		usd eur rub pcs people person pieces percent times years year days weeks months minutes mins seconds items units clients floor
		street st avenue ave rd road km kg euros dollars rubles roubles copies offers calls letters`)
	numberedStems = []string{"штук", "квартир", "кабинет", "офис", "подъезд", "этаж", "школ", "процент", "рубл", "тысяч", "миллион", "метр",
		"человек", "корпус", "строени", "экземпляр", "комнат", "доллар", "килограмм", "страниц", "минут", "секунд"}
	countedStems = []string{"магазин", "город", "филиал", "адрес", "клиент", "компани", "договор", "поставщик", "вариант", "контакт", "партнер"}
	plurals      = []string{"ов", "ев", "ей", "аний", "ений", "ций", "рий", "лий", "ках"}
)

// Typos.

type slip struct{ word, sense string }

// senses are the commonest words and what each means; of one sense any form will do.
var senses = byForm(map[string]string{
	"завтра tomorrow": "tomorrow", "послезавтра": "послезавтра", "сегодня": "today", "tonight": "tonight",
	"понедельник понедельника monday": "mon", "вторник вторника tuesday": "tue", "wednesday": "wed", "четверг четверга thursday": "thu",
	"пятница пятницу пятницы friday": "fri", "суббота субботу субботы saturday": "sat", "воскресенье воскресенья sunday": "sun",
	"вечером": "вечером", "evening": "evening", "morning": "morning", "полчаса": "полчаса", "неделю": "неделю", "каждый": "каждый",
	"каждую": "каждую", "января january": "jan", "февраля february": "feb", "апреля": "apr", "августа august": "aug",
	"сентября september": "sep", "октября october": "oct", "ноября november": "nov", "декабря december": "dec",
})

// typos are the same in a fixed order.
var typos = func() []slip {
	var out []slip
	for w, sense := range senses {
		if utf8.RuneCountInString(w) >= 6 {
			out = append(out, slip{w, sense})
		}
	}
	slices.SortFunc(out, func(a, b slip) int { return strings.Compare(a.word, b.word) })
	return out
}()

// noTypos are real words at one edit from the commonest ones.
var noTypos = spell.Set(`завтрак четверо четверка четверки четверку четверке вечеров вечерок наделю неделе недели недель субботин
	sundry sundae frida augusta sundays mondays fridays mourning evenings mornings каждая каждое каждой каждому каждого каждым каждые tonights`)

// MayTell reports whether a word may be part of a time: «завтра», «в», "on".
func MayTell(word string) bool { return knownWords[word] || prepositions[word] }

// knownWords are words that are right as they are.
var knownWords = func() map[string]bool {
	known := map[string]bool{"вечерком": true, "вечерам": true, "weekday": true, "weekdays": true, "everyday": true}
	for _, set := range []map[string]time.Weekday{weekdays, weekdaysEach} {
		for w := range set {
			known[w] = true
		}
	}
	for w := range dayWords {
		known[w] = true
	}
	for w := range civil.MonthNames() {
		known[w] = true
	}
	for w := range units {
		known[w] = true
	}
	for w := range senses {
		known[w] = true
	}
	return known
}()

// byForm makes a key of each of the words in the keys of m.
func byForm[V any](m map[string]V) map[string]V {
	out := map[string]V{}
	for forms, v := range m {
		for _, w := range strings.Fields(forms) {
			out[w] = v
		}
	}
	return out
}

// monthsInFull are the months' names in full, as they stand after a preposition.
func monthsInFull() map[string]time.Month {
	out := map[string]time.Month{"мае": time.May, "мая": time.May, "маю": time.May, "may": time.May}
	for w, m := range civil.MonthNames() {
		if utf8.RuneCountInString(w) > 4 || w == "июне" || w == "июня" || w == "июню" || w == "июле" || w == "июля" || w == "июлю" ||
			w == "june" || w == "july" {
			out[w] = m
		}
	}
	return out
}

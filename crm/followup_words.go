package crm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/moment"
	"kartoteka/crm/spell"
)

// saying is what the first words of a reply to a card say of it.
type saying int

const (
	saysNothing saying = iota
	saysDone           // «позвонила», "met": it has happened
	saysToDo           // «перезвонить», «надо», "remind me", «отправлю»: it is to be done
	saysAct            // another infinitive: to be done if there is a time
	saysMaybe          // «надо» without what, "order": perhaps to be done if there is a time
	saysWill           // «перезвонит», "he will call": somebody else will do it
	saysTouch          // «звонок», "meeting": it was or it will be
	saysCall           // "call": such a noun, or the verb
)

// replyWord is a word of a reply.
type replyWord struct {
	s     string // folded
	short string // the ending of "he'll"
	name  bool   // written like one
}

func replyWords(text string) []replyWord {
	var out []replyWord
	for _, raw := range strings.FieldsFunc(text, func(c rune) bool { return !isWordRune(c) && !spell.IsApostrophe(c) }) {
		w := replyWord{s: spell.Fold(raw)}
		if i := strings.LastIndexFunc(raw, spell.IsApostrophe); i > 0 {
			w.short = strings.ToLower(strings.TrimLeftFunc(raw[i:], spell.IsApostrophe))
		}
		first, size := utf8.DecodeRuneInString(raw)
		w.name = len(out) > 0 && unicode.IsUpper(first) && strings.IndexFunc(raw[size:], unicode.IsLower) >= 0
		out = append(out, w)
	}
	return out
}

// Words before the one that tells.
var (
	replyFillers = spell.Set(`и а но ну так да еще потом затем также пожалуйста плиз бы мне нам я мы ему ей им он она они ok ок
		please pls plz and also then so still to i we he she they it e todo just`)
	replyMust   = spell.Set(`надо нужно необходимо следует пора обязательно важно need must should gotta remember let lets`)
	replyRemind = spell.Set(`напомни напомните напомнить напоминание remind reminder`)
)

// Verbs.
var (
	// what managers do: stems that count in the infinitive
	doingStems = strings.Fields(`звон позвон перезвон созвон обзвон дозвон набра связа связыва напис написа пис переписа отправ отсла высла присла посла скину скинут
		сброс сообщ встре заеха съезд приеха подъеха поеха зай заход спрос узна уточн провер подготов сдела заказа привез отвез переда показа соглас договор
		поздрав оплат выстав подпис назнач предлож напомн обсуд выясн забра достав посчита рассчита закры созва приглас состав оформ верну ответ поговор
		подня сверит дожа продолж организ заброниров запис перенес`)
	// the same in the imperative and in the first person, which have no ending of their own
	doingForms = spell.Set(`позвони позвоните перезвони перезвоните набери наберите напиши напишите отправь отправьте скинь скиньте свяжись свяжитесь уточни узнай
		проверь подготовь сделай закажи выстави договорись спроси обсуди поздравь передай перешли
		позвоню перезвоню наберу напишу отправлю вышлю пришлю скину свяжусь заеду приеду зайду подъеду уточню узнаю проверю подготовлю сделаю спрошу передам покажу
		обсужу выставлю договорюсь поздравлю закажу привезу позвоним перезвоним напишем отправим вышлем пришлем созвонимся созваниваемся встретимся встречаемся
		увидимся обсудим свяжемся`)
	othersWill = spell.Set(`позвонит позвонят перезвонит перезвонят наберет наберут напишет напишут ответит ответят пришлет пришлют приедет приедут заедет заедут
		придет придут зайдет зайдут встретится созвонится вернется отпишется will`)
	infinitivesOdd = spell.Set(`учесть прочесть сесть помочь сберечь привлечь`)
	noInfinitives  = spell.Set(`кровать печать память опять девять десять пять сеть мать зять путь суть чуть нить плеть рукоять шести чести лести мести жести`)
	doingEnglish   = spell.Set(`ring write send resend remind meet check ask prepare arrange confirm follow find discuss tell thank congratulate clarify ping schedule bring deliver talk reach`)
	touchesEnglish = spell.Set(`call email mail message text phone visit`)
	maybeEnglish   = spell.Set(`order book invoice quote pay plan show answer reply contact get give make offer update submit draft demo lunch`)
	touchNouns     = spell.Set(`звонок звонка звонку звонки созвон созвона созвоны встреча встречи встречу встреч визит визита визиты письмо письма сообщение сообщения переписка переписку meeting meetup`)
	pastEnglish    = spell.Set(`was were had did sent met spoke told said wrote got gave went came saw made took paid bought left thought heard found rang signed`)
	noPastEnglish  = spell.Set(`speed indeed exceed proceed succeed breed hundred sacred unlimited`)
	pastOdd        = spell.Set(`был дал взял ждал жил пил ел шел шла шли пришли пришла ушли ушла смог смогла смогли помог принес привез отвез перенес нашла нашли`)
	noPastRussian  = spell.Set(`зал зала дела дело дел отдел отдела раздел раздела предел предела тело тела файл канал канала материал материала персонал персонала филиал филиала
		журнал журнала вокзал вокзала капитал капитала сигнал сигнала терминал терминала подвал подвала интервал интервала идеал оригинал потенциал квартал квартала
		начало зеркало зеркала одеяло правило правила около мало немало сало кило мыло мыла село шкала скала школа школы стол стола протокол протокола футбол укола
		пол пола недели цели модели отели мебели панели детали медали педали роли соли боли пароли автомобили стили профили кабели угол идеала сила силы
		павел павла михаил михаила людмила данила даниил камила материалы каналы угла футбола`)
)

// isInfinitive reports whether a folded Russian word ends as infinitives do.
func isInfinitive(w string) bool {
	if utf8.RuneCountInString(w) < 4 || noInfinitives[w] || !spell.HasCyrillic(w) {
		return infinitivesOdd[w]
	}
	w = strings.TrimSuffix(strings.TrimSuffix(w, "ся"), "сь")
	for _, ending := range []string{"ать", "ять", "еть", "ить", "оть", "уть", "ыть", "ести", "езти", "йти"} {
		if strings.HasSuffix(w, ending) {
			return true
		}
	}
	return infinitivesOdd[w]
}

// past reports whether a word is a verb in the past tense.
func (w replyWord) past() bool {
	switch {
	case w.name:
		return false
	case pastEnglish[w.s], pastOdd[w.s], len(w.s) > 4 && w.s[0] < 'z' && strings.HasSuffix(w.s, "ed") && !noPastEnglish[w.s]:
		return true
	case noPastRussian[w.s] || utf8.RuneCountInString(w.s) < 4:
		return false
	}
	s := strings.TrimSuffix(strings.TrimSuffix(w.s, "ся"), "сь")
	for _, ending := range []string{"л", "ла", "ло", "ли"} {
		if stem, ok := strings.CutSuffix(s, ending); ok {
			last, _ := utf8.DecodeLastRuneInString(stem)
			return strings.ContainsRune(vowels+"ш", last) // прошла
		}
	}
	return false
}

// doing reports whether a word asks for something that managers do.
func (w replyWord) doing() bool {
	return doingForms[w.s] || doingEnglish[w.s] || isInfinitive(w.s) &&
		slices.ContainsFunc(doingStems, func(stem string) bool { return strings.HasPrefix(w.s, stem) })
}

// acts reports whether a word is a verb of something to be done, whatever it is.
func (w replyWord) acts() bool { return w.doing() || isInfinitive(w.s) || touchesEnglish[w.s] }

// says is what the words of a reply begin with.
func says(words []replyWord) saying {
	for i, w := range words {
		next := replyWord{}
		if i+1 < len(words) {
			next = words[i+1]
		}
		will := w.s == "will" || w.short == "ll"
		switch {
		case will && i > 0 && (words[i-1].s == "i" || words[i-1].s == "we"), w.short == "ll" && (w.s == "ill" || w.s == "well"):
			return saysToDo
		case will, othersWill[w.s]:
			return saysWill
		case replyFillers[w.s] || moment.MayTell(w.s) || w.s == "not" || w.s == "не" && next.past():
			continue
		case replyRemind[w.s], w.s == "не" && (strings.HasPrefix(next.s, "забы") || strings.HasPrefix(next.s, "забуд")), w.s == "dont" && next.s == "forget":
			return saysToDo
		case replyMust[w.s], (w.s == "have" || w.s == "has") && next.s == "to":
			if slices.ContainsFunc(words[i+1:], replyWord.acts) {
				return saysToDo
			}
			return saysMaybe
		}
		return w.says()
	}
	return saysNothing
}

func (w replyWord) says() saying {
	switch {
	case w.past():
		return saysDone
	case w.doing():
		return saysToDo
	case isInfinitive(w.s):
		return saysAct
	case touchesEnglish[w.s]:
		return saysCall
	case touchNouns[w.s]:
		return saysTouch
	case maybeEnglish[w.s]:
		return saysMaybe
	}
	return saysNothing
}

// withoutRemind is a text without the request to be reminded that it begins with: «напомни мне позвонить» is «позвонить».
func withoutRemind(text string) string {
	text = strings.TrimSpace(text)
	word, rest, _ := strings.Cut(text, " ")
	if !replyRemind[spell.Fold(word)] {
		return text
	}
	for _, spare := range []string{"мне", "нам", "me", "us", "to"} {
		if word, more, _ := strings.Cut(strings.TrimSpace(rest), " "); spell.Fold(word) == spare {
			rest = more
		}
	}
	return strings.TrimSpace(rest)
}

// plannedStems stand before a time that is ahead though the verb is of the past: «договорились на пятницу», "asked to call on Monday".
var plannedStems = strings.Fields(`договорил условил назначил перенес просил попросил обещал agreed asked scheduled moved promised`)

// moveWords ask for another time.
var moveWords = spell.Set(`перенеси перенести перенесите перенос сдвинь сдвинуть отложи отложить отложите давай лучше на мне напомни напомните напомнить снова
	повторяй повторять пожалуйста move it to postpone snooze till until reschedule remind me again instead please repeat`)

// declined reports whether a text says what is not to be done.
func declined(words []replyWord) bool {
	return len(words) > 0 && (words[0].s == "не" || words[0].s == "dont" || words[0].s == "never")
}

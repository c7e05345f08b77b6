package crm

import (
	"testing"
	"time"
)

// A reply to a card, said on a Friday at noon.
var replies = map[ReplyKind][]string{
	ReplyTask: {
		"перезвонить в понедельник", "позвонить завтра", "надо позвонить завтра утром", "отправить КП к понедельнику", "через 2 часа", "завтра в 10",
		"через 3 дня отправить КП", "завтра в 10 перезвонить", "напомни завтра", "Напомнить через час", "не забыть позвонить завтра в 11", "встреча завтра в 10", "позвонить завтра в 1830",
		"звонок в понедельник в 12", "звонок: завтра в 10", "перезвоню завтра", "созвонимся в понедельник в 11", "Позвони в понедельник", "Ивану позвонить завтра",
		"полить цветы завтра", "прзвонить завтра", "каждый понедельник в 9", "не забудь написать завтра", "ещё надо завтра отправить договор",
		"call back on Monday", "call tomorrow at 10", "send the offer tomorrow", "remind me tomorrow", "email him on Monday", "meeting tomorrow at 2pm",
		"tomorrow at 10 send the price list", "in 2 hours", "tomorrow at 10", "I'll call back on Monday", "need to call him tomorrow", "please call tomorrow",
		"don't forget to write on Monday", "we will meet tomorrow at 11", "call him tomorrow, he will decide", "every Monday at 9",
	},
	ReplyAsk: {
		"позвонить вчера", "позвонить 15.01 в 10", "позвонить в 10", "отправить КП к пятнице", "в пятницу в 5 созвон", "созвон в пятницу в 5", "перезвонить",
		"отправить КП", "позвонить сегодня в 9", "12 мая отправить КП", "32 мая отправить КП", "зфвтра перезвонить", "позвонить зфвтра", "в мае приедет", "завтра приедет",
		"перезвонит сам", "перезвонит завтра", "позвонит в понедельник", "позвонить после праздников", "отправить КП, обещал завтра", "на следующей неделе",
		"надо 5 штук завтра", "звонок в 10", "перезвонить завтра в 9 или 10", "ежемесячный платёж 5-го", "ежедневная планёрка в 9",
		"call on Friday at 5", "email him next week", "send the offer tomorow", "call back", "call him about the delivery", "will call on Monday", "he'll call back",
		"call yesterday", "call on Friday", "order 5 machines on Monday", "send the price list", "meeting next week", "call tomorrow at 9 or 10", "weekly report on Monday", "call bak tomorow",
	},
	ReplyLog: {
		"Позвонила, договорились", "позвонил, перезвонить в понедельник", "звонок: думает до пятницы", "созвон не дозвонились", "встреча: отказ", "звонил вчера",
		"вчера звонил, думает", "не дозвонился", "не дозвонился, перезвонить завтра", "звонок", "встреча прошла хорошо, следующая в понедельник", "написала, ждёт ответа до среды",
		"перезвонил сам, просит скидку", "любит чай, завтра уезжает", "просил прайс", "просил позвонить завтра", "договорились на понедельник", "письмо с договором",
		"сегодня созвонились, думает", "в понедельник встречались", "день рождения у сына", "нужна скидка", "не звонить до понедельника", "!!!", "вчера",
		"перезвонть в понедельник", "звонок, думает до понедельника", "был на встрече завтра уезжает", "квартира 15", "запись 1", "ежемесячный платёж задержали", "еженедельный отчёт получил в пятницу", "работать не хочет",
		"called us about the delivery", "called, call back on Monday", "call: offer sent", "call, no answer", "met on Monday", "called on Friday at 5", "emailed the offer",
		"the call went well, next one on Monday", "call", "meeting: he is thinking until Monday", "sent the offer yesterday", "order confirmed", "weekly calls are too much for him", "he wants a discount",
		"likes tea, leaves tomorrow", "was here today at 9", "wrote to him, waiting until Monday", "meeting went fine", "no answer", "spoke yesterday",
	},
}

// replyNoon is a Friday.
var replyNoon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.FixedZone("", 3*60*60))

func TestReadReply(t *testing.T) {
	names := map[ReplyKind]string{ReplyLog: "written down", ReplyTask: "a task", ReplyAsk: "asked"}
	for want, texts := range replies {
		for _, text := range texts {
			if got := ReadReply(text, replyNoon).Kind; got != want {
				t.Errorf("%q is %s, want %s", text, names[got], names[want])
			}
		}
	}
}

// What is to be done is never taken for a touch, whatever is done with it.
func TestReadTouch_future(t *testing.T) {
	for _, text := range []string{"перезвонить в понедельник", "позвонить вчера", "позвонит сам", "перезвонть завтра", "звоню завтра", "написать завтра", "встретиться завтра",
		"надо позвонить", "созвонимся завтра", "I'll call", "will call", "to meet"} {
		if got := ReadTouch(text).Kind; got != TouchNote {
			t.Errorf("%q is a touch: %s", text, got)
		}
	}
}

func TestReadReply_text(t *testing.T) {
	for text, want := range map[string]string{"напомни завтра": "завтра", "Напомните мне позвонить завтра": "позвонить завтра", "remind me to call tomorrow": "call tomorrow",
		"remind: tomorrow": "tomorrow", "завтра напомни": "завтра напомни", "напомни": ""} {
		if got := ReadReply(text, replyNoon).Text; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A time ahead in what is written down is offered, one that belongs to what has happened is not.
func TestReadReply_then(t *testing.T) {
	for text, want := range map[string]bool{"позвонил, перезвонить в понедельник": true, "любит чай, завтра уезжает": true, "договорились на понедельник": true,
		"звонок: думает до понедельника": true, "called, call back on Monday": true, "не звонить до понедельника": true, "просил прайс завтра": true,
		"в понедельник встречались": false, "met on Monday": false, "called on Friday at 5": false, "вчера звонил, думает": false, "просил прайс": false} {
		if r := ReadReply(text, replyNoon); r.Then.IsZero() == want {
			t.Errorf("%q: then %v, want one: %v", text, r.Then, want)
		}
	}
}

func TestReadMove(t *testing.T) {
	for text, want := range map[string]bool{"завтра в 10": true, "перенеси на понедельник": true, "Перенести, пожалуйста, на завтра": true, "каждый понедельник в 9": true,
		"в пятницу": true, "вчера": true, "move it to Monday": true, "in 2 hours": true, "remind me again tomorrow": true,
		"перезвонить в понедельник": false, "позвонил": false, "перенеси": false, "договорились на понедельник": false, "": false} {
		if _, ok, _ := ReadMove(text, replyNoon); ok != want {
			t.Errorf("%q is another time: %v, want %v", text, ok, want)
		}
	}
}

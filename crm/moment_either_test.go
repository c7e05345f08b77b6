package crm

import "testing"

// Of two hours or days neither is guessed, and both are cut out of what is to be done.
func TestReadMoment_either(t *testing.T) {
	const both, first = "doubtful 2026-11-21 09:00 2026-11-21 10:00", "2026-11-21 09:00"
	checkMoments(t, momentNow, []momentCase{
		{"5 декабря в 9 или 10 встреча", "doubtful 2026-12-05 09:00 2026-12-05 10:00", "встреча"},
		{"meet tomorrow at 9 or 10", both, "meet"},
		{"завтра в 9 или в 10", both, ""}, {"завтра в 9 либо 10", both, ""}, {"завтра в 9 или лучше в 10", both, ""}, {"завтра в 9, может быть в 10", both, ""},
		{"завтра в 9 (или 10) встреча у нас", both, "встреча у нас"}, {"tomorrow at 9 or maybe 10", both, ""}, {"tomorrow, at 9 or at 10", both, ""},
		{"завтра в 9 или 10 утра", both, ""}, {"завтра 9 или 10", both, ""}, {"завтра в девять или десять", both, ""}, {"завтра в 9, 10 или 11", both, ""},
		{"завтра в 9 и 10", both, ""}, {"завтра в районе 9-10", both, ""}, {"завтра около 9 или 10", both, ""},
		{"tomorrow 9am or 10am", both, ""}, {"tomorrow at 9 or 10am", both, ""}, {"tomorrow 9am or 10", both, ""}, {"tomorrow at nine or ten", both, ""},
		{"tomorrow at 9/10", both, ""}, {"завтра в 9/10", both, ""}, {"call tomorrow at 9:00 or 10:00", both, "call"},
		{"завтра между 9 и 10", both, ""}, {"встреча завтра между 9:00 и 10:00", both, "встреча"}, {"tomorrow between 9 and 10am", both, ""},
		{"в 9 или 10", "doubtful 2026-11-20 21:00 2026-11-20 22:00", ""},
		{"завтра в 5 или 6", "doubtful 2026-11-21 17:00 2026-11-21 18:00", ""},
		{"завтра в 5 или 6 вечера", "doubtful 2026-11-21 17:00 2026-11-21 18:00", ""},
		{"завтра в 7 вечера или 8", "doubtful 2026-11-21 19:00 2026-11-21 20:00", ""},
		{"tomorrow 11am or 1pm", "doubtful 2026-11-21 11:00 2026-11-21 13:00", ""},
		{"tomorrow at 11 or 1pm", "doubtful 2026-11-21 11:00 2026-11-21 13:00", ""},
		{"завтра в 9:30 или 10", "doubtful 2026-11-21 09:30 2026-11-21 10:00", ""},
		{"завтра в 9 утра или в 6 вечера", "doubtful 2026-11-21 09:00 2026-11-21 18:00", ""},
		{"завтра в 9 или позже", "doubtful 2026-11-21 09:00", ""},
		{"каждый день в 9 или 10", "doubtful 2026-11-21 09:00 2026-11-21 10:00", ""},
		{"завтра или послезавтра в 10", "doubtful 2026-11-21 10:00 2026-11-22 10:00", ""},
		{"tomorrow or Monday at 10", "doubtful 2026-11-21 10:00 2026-11-23 10:00", ""},
		{"в пятницу или в субботу в 9", "doubtful 2026-11-21 09:00 2026-11-27 09:00", ""},
		{"Friday or Saturday at 9", "doubtful 2026-11-21 09:00 2026-11-27 09:00", ""},
		{"пятница или суббота", "doubtful 2026-11-20 14:00 2026-11-21 10:00", ""},
		{"5 или 6 декабря в 9", "doubtful 2026-12-05 09:00 2026-12-06 09:00", ""},
		{"5 декабря или 6 в 9", "doubtful 2026-12-05 09:00 2026-12-06 09:00", ""},
		{"5-6 декабря", "doubtful 2026-12-05 10:00 2026-12-06 10:00", ""},
		{"December 5 or 6", "doubtful 2026-12-05 10:00 2026-12-06 10:00", ""},
		{"December 5-6 at 9", "doubtful 2026-12-05 09:00 2026-12-06 09:00", ""},
		{"on the 5th or 6th", "doubtful 2026-12-05 10:00 2026-12-06 10:00", ""},
		{"25 или 5 числа", "doubtful 2026-11-25 10:00 2026-12-05 10:00", ""},
		{"завтра в 10 или 12 декабря", "doubtful 2026-11-21 10:00 2026-12-12 10:00", "завтра в 10 или 12 декабря"},
		{"через 2 или 3 дня", "doubtful 2026-11-22 10:00 2026-11-23 10:00", ""},
		{"через час или два", "doubtful 2026-11-20 13:00 2026-11-20 14:00", ""},
		{"in an hour or two", "doubtful 2026-11-20 13:00 2026-11-20 14:00", ""},
		// no hours
		{"купить 9 или 10 стульев завтра в 9", first, "купить 9 или 10 стульев"},
		{"завтра в 9 или 10 человек", first, "или 10 человек"},
		{"завтра в 9, 10 звонков", first, "10 звонков"},
		{"завтра в 9 взять 2 и 3", first, "взять 2 и 3"},
		{"полка между 9 и 10", "moment", "полка между 9 и 10"},
		{"5 декабря в 9 - 10 звонков", "2026-12-05 09:00", "10 звонков"},
		{"в два или три магазина зайти завтра", "2026-11-21", "в два или три магазина зайти"},
	})
}

// A span of hours without minutes is asked by its beginning and its end; "2-3pm" and «с 9 до 10» begin.
func TestReadMoment_hourSpans(t *testing.T) {
	checkMoments(t, momentNow, []momentCase{
		{"встреча завтра в 9-10", "doubtful 2026-11-21 09:00 2026-11-21 10:00", "встреча"},
		{"завтра в 9-11", "doubtful 2026-11-21 09:00 2026-11-21 11:00", ""},
		{"завтра 9–10", "doubtful 2026-11-21 09:00 2026-11-21 10:00", ""},
		{"завтра в 9 - 10", "doubtful 2026-11-21 09:00 2026-11-21 10:00", ""},
		{"завтра в 2-3", "doubtful 2026-11-21 14:00 2026-11-21 15:00", ""},
		{"завтра в 11-1", "doubtful 2026-11-21 11:00 2026-11-21 13:00", ""},
		{"завтра в 5-8", "doubtful 2026-11-21 17:00 2026-11-21 20:00", ""},
		{"завтра в 22-2", "doubtful 2026-11-21 22:00 2026-11-22 02:00", ""},
		{"завтра в 5-6 вечера", "doubtful 2026-11-21 17:00 2026-11-21 18:00", ""},
		{"завтра в 2-3 часа дня", "doubtful 2026-11-21 14:00 2026-11-21 15:00", ""},
		{"завтра в 10-11:30", "doubtful 2026-11-21 10:00 2026-11-21 11:30", ""},
		{"tomorrow at 9-10", "doubtful 2026-11-21 09:00 2026-11-21 10:00", ""},
		{"tomorrow at 10-15", "doubtful 2026-11-21 10:00 2026-11-21 15:00", ""},
		{"tomorrow 11-1", "doubtful 2026-11-21 11:00 2026-11-21 13:00", ""},
		{"tomorrow 2-3pm", "2026-11-21 14:00", ""},
		{"tomorrow 9-11am review", "2026-11-21 09:00", "review"},
		{"завтра с 9 до 10", "2026-11-21 09:00", ""},
		{"завтра с 9 по 10", "2026-11-21 09:00", ""},
		{"tomorrow from 9 to 10", "2026-11-21 09:00", ""},
		{"завтра в 9-30", "2026-11-21 09:30", ""},
		{"завтра в 9.30", "2026-11-21 09:30", ""},
		{"завтра в 5-15", "doubtful 2026-11-21 17:15 2026-11-21 17:00", ""},
		{"дом 5-6 завтра", "2026-11-21", "дом 5-6"},
		{"5-6 раз завтра", "2026-11-21", "5-6 раз"},
		{"2-3 часа завтра", "2026-11-21", "2-3 часа"},
		{"завтра 2-3 дня", "2026-11-21", "2-3 дня"},
		{"завтра в 9 дом 9/10", "2026-11-21 09:00", "дом 9/10"},
		{"+7 900 12-15-20 завтра в 9", "2026-11-21 09:00", "+7 900 12-15-20"},
	})
}

func TestReadMoment_solid(t *testing.T) {
	checkMoments(t, momentNow, []momentCase{
		{"позвонить завтра в 1830", "2026-11-21 18:30", "позвонить"},
		{"встреча в 1830 завтра", "2026-11-21 18:30", "встреча"},
		{"завтра в 0900", "2026-11-21 09:00", ""},
		{"завтра в 2000", "2026-11-21 20:00", ""},
		{"завтра в 2400", "2026-11-22 00:00", ""},
		{"завтра в 1830 кв. 5", "2026-11-21 18:30", "кв. 5"},
		{"завтра в 1000-1200", "2026-11-21 10:00", ""},
		{"call tomorrow at 1830", "2026-11-21 18:30", "call"},
		{"call at 1830", "2026-11-20 18:30", "call"},
		{"tomorrow 1830h", "2026-11-21 18:30", ""},
		{"tomorrow at 1830 hours", "2026-11-21 18:30", ""},
		{"tomorrow 0900-1030", "2026-11-21 09:00", ""},
		{"завтра в 530", "doubtful 2026-11-21 17:30 2026-11-21 05:30", ""},
		{"tomorrow at 930", "doubtful 2026-11-21 09:30", ""},
		{"позвонить в 1830", "doubtful 2026-11-20 18:30", "позвонить"},
		{"call at 1500", "doubtful 2026-11-20 15:00", "call"},
		{"завтра 1830", "doubtful 2026-11-21 18:30", ""},
		{"завтра к 1830", "doubtful 2026-11-21 18:30", ""},
		{"call tomorrow at 1830 Main street", "doubtful 2026-11-21 18:30", "call Main street"},
		// years
		{"5 декабря в 2027", "2027-12-05", ""},
		{"5 декабря в 2030 году", "2030-12-05", ""},
		{"5 декабря в 2020 году", "past", ""},
		{"5 December in 2030", "2030-12-05", ""},
		{"5 декабря 2027 в 1830", "2027-12-05 18:30", ""},
		{"5 декабря в 1830", "2026-12-05 18:30", ""},
		{"5 декабря в 2030", "doubtful 2026-12-05 20:30", ""},
		{"05.12 в 2030", "doubtful 2026-12-05 20:30", ""},
		{"завтра в 2030", "2026-11-21 20:30", ""},
		{"завтра в 2027", "doubtful 2026-11-21 20:27", ""},
		{"встреча в 2027", "moment", "встреча в 2027"},
		{"завтра обсудить, что будет в 2027", "2026-11-21", "обсудить, что будет в 2027"},
		// sums and other numbers
		{"отдать в 1500 рублей завтра", "2026-11-21", "отдать в 1500 рублей"},
		{"долг в 1500 вернуть завтра", "2026-11-21", "долг в 1500 вернуть"},
		{"завтра в 1500 магазинов", "2026-11-21", "в 1500 магазинов"},
		{"завтра в 1975", "2026-11-21", "в 1975"},
		{"скидка до 1500 клиентам", "moment", "скидка до 1500 клиентам"},
	})
}

// An adjective says how often, where it begins the text and fits the time; else it is asked, or is a name.
func TestReadMoment_habits(t *testing.T) {
	for _, c := range []struct {
		momentCase
		often Repeat
	}{
		{momentCase{"daily standup 9am", "2026-11-21 09:00 daily", "standup"}, ""},
		{momentCase{"ежедневная планёрка в 9", "2026-11-21 09:00 daily", "планёрка"}, ""},
		{momentCase{"daily review in the morning", "2026-11-21 09:00 daily", "review"}, ""},
		{momentCase{"еженедельный отчёт в понедельник", "2026-11-23 weekly", "отчёт"}, ""},
		{momentCase{"еженедельный отчёт в пятницу", "2026-11-27 weekly", "отчёт"}, ""},
		{momentCase{"weekly call with Smith Monday 10am", "2026-11-23 10:00 weekly", "call with Smith"}, ""},
		{momentCase{"ежемесячный платёж 5-го", "2026-12-05 monthly", "платёж"}, ""},
		{momentCase{"monthly payment on the 5th", "2026-12-05 monthly", "payment"}, ""},
		{momentCase{"ежегодный отчёт 12 мая", "2027-05-12 yearly", "отчёт"}, ""},
		{momentCase{"annual report May 12", "2027-05-12 yearly", "report"}, ""},
		{momentCase{"fortnightly report on Monday", "2026-11-23 weekly/2", "report"}, ""},
		{momentCase{"call Smith fortnightly", "2026-12-04 weekly/2", "call Smith"}, ""},
		{momentCase{"biweekly report on Monday", "doubtful 2026-11-23 10:00", "report"}, ""},
		{momentCase{"bi-weekly on Monday", "doubtful 2026-11-23 10:00", ""}, ""},
		{momentCase{"send the weekly report on Monday", "doubtful 2026-11-23 10:00", "send the weekly report"}, RepeatWeekly},
		{momentCase{"отправить еженедельный отчёт в понедельник", "doubtful 2026-11-23 10:00", "отправить еженедельный отчёт"}, RepeatWeekly},
		{momentCase{"send daily report at 6pm", "doubtful 2026-11-20 18:00", "send daily report"}, RepeatDaily},
		{momentCase{"daily standup tomorrow at 9", "doubtful 2026-11-21 09:00", "daily standup"}, RepeatDaily},
		{momentCase{"еженедельный отчёт в следующую среду", "doubtful 2026-11-25 10:00", "еженедельный отчёт"}, RepeatWeekly},
		{momentCase{"ежемесячный платёж 5 декабря", "doubtful 2026-12-05 10:00", "ежемесячный платёж"}, RepeatMonthly},
		{momentCase{"Daily Mail call at 5", "doubtful 2026-11-20 17:00", "Daily Mail call"}, RepeatDaily},
		{momentCase{"еженедельный отчёт", "moment", "еженедельный отчёт"}, RepeatWeekly},
		{momentCase{"quarterly report", "moment", "quarterly report"}, RepeatMonthly.Every(3)},
		{momentCase{"the weekly report tomorrow", "2026-11-21", "the weekly report"}, ""},
		{momentCase{"отправить ежедневный отчёт завтра", "2026-11-21", "отправить ежедневный отчёт"}, ""},
		{momentCase{"отправить еженедельный отчёт", "moment", "отправить еженедельный отчёт"}, ""},
		{momentCase{"еженедельная встреча по вторникам", "2026-11-24 weekly", "еженедельная встреча"}, ""},
	} {
		checkMoments(t, momentNow, []momentCase{c.momentCase})
		if m, _ := ReadMoment(c.in, momentNow); m.Often != c.often {
			t.Errorf("%q: often %q, want %q", c.in, m.Often, c.often)
		}
	}
	for in, want := range map[string]Repeat{"biweekly report on Monday": RepeatWeekly.Every(2), "bimonthly payment on the 5th": RepeatMonthly.Every(2)} {
		if m, _ := ReadMoment(in, momentNow); m.Repeat != want {
			t.Errorf("%q: repeat %q, want %q", in, m.Repeat, want)
		}
	}
}

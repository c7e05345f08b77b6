package crm

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"kartoteka/crm/moment"
)

func TestReadDays(t *testing.T) {
	for text, want := range map[string]string{
		"10, 3 и 0": "[10 3 0]", "5,0,0": "[5 0]", "за неделю и в сам день": "[7 0]", "за неделю": "[7]", "за 2 недели": "[14]", "45 дней": "[45]", "за 3 дня": "[3]",
		"за день": "[]", "накануне": "[1]", "за 1 день и в тот же день": "[1 0]", "за месяц": "[30]", "2 месяца": "[60]", "через 60 дней": "[60]", "в сам день": "[0]",
		"a week before": "[7]", "3 days before and on the day": "[3 0]", "two weeks before": "[14]", "the day before": "[1]", "on the day": "[0]", "14 0": "[14 0]",
		"a day before": "[1]", "in a week": "[7]", "нет": "[]", "7 и 2 раза": "[]", "в 8:30": "[]", "Иванов": "[]", "": "[]", "за 2-3 дня": "[]", "полдня": "[]", "+7 900 123-45-67": "[]",
		"день": "[]", "-5": "[]", "3.5": "[]",
	} {
		days, ok := moment.ReadDays(text)
		if got := fmt.Sprint(days); got != want || ok != (want != "[]") {
			t.Errorf("%q: %s, %v, want %s", text, got, ok, want)
		}
	}
}

func TestReadClocks(t *testing.T) {
	for text, want := range map[string]string{
		"8": "08:00", "8.30": "08:30", "в 8:30": "08:30", "8:30am": "08:30", "8:30 am": "08:30", "8pm": "20:00", "at 8 pm": "20:00", "полседьмого": "06:30", "8 утра": "08:00",
		"9 вечера": "21:00", "half past seven": "07:30", "8 часов": "08:00", "в 10 ч": "10:00", "noon": "12:00", "8 o'clock": "08:00", "в девять": "09:00", "08:30": "08:30",
		"22-7": "22:00-07:00", "с 22 до 7:30": "22:00-07:30", "22:30 – 7.00": "22:30-07:00", "10pm-7am": "22:00-07:00", "с 10 вечера до 8 утра": "22:00-08:00", "22-07": "22:00-07:00",
		"from 10 pm to 7:30 am": "22:00-07:30", "between 10pm and 7am": "22:00-07:00", "22–7:30": "22:00-07:30", "с полуночи до 7": "00:00-07:00", "22:00-07:00": "22:00-07:00",
		"25": "", "8:75": "", "за 3 дня и в тот же день": "", "Иванов": "", "": "", "8 раз": "", "в 9 дней": "", "за 22 дня до 7": "", "+7 900 123-45-67": "", "13pm13": "",
	} {
		n := 1 + strings.Count(want, "-")
		clocks, ok := moment.ReadClocks(text, n)
		if got := strings.Join(clocks, "-"); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"22-7", "8 9", "с 22 до 7"} {
		if got, ok := moment.ReadClocks(text, 1); ok {
			t.Errorf("%q is one hour: %v", text, got)
		}
	}
}

func TestCutLead(t *testing.T) {
	for text, want := range map[string]string{
		"конец договора 10.12.2026 за 10 дней": "10 конец договора 10.12.2026", "за неделю конец договора 10.12.2026": "7 конец договора 10.12.2026",
		"wedding 12 June, a week before": "7 wedding 12 June", "договор 1 декабря, напомнить за 14 дней": "14 договор 1 декабря", "contract ends 1 Dec (5 days before)": "5 contract ends 1 Dec",
		"оплата за декабрь 1 января": "", "день строителя 10 августа": "", "5 дней": "",
	} {
		lead, rest, ok := CutLead(text)
		if got := fmt.Sprint(lead, " ", rest); ok && got != want || ok == (want == "") {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestReadPercent(t *testing.T) {
	for text, want := range map[string]int{"92,5 %": -1, "92.4": -1, "0,4": -1, "92,0 %": 92, "92.00": 92, "12.11.2026": -1, "95": 95, "95%": 95, "95 %": 95, " 95 процентов. ": 95, "Цель: 80%": 80, "до 100%": 100, "goal 90 percent": 90, "150": 150,
		"": -1, "Волкова": -1, "9,5": -1, "95 клиентов": -1, "8 900 123-45-67": -1, "99999": -1} {
		if n, ok := ReadPercent(text); ok != (want >= 0) || ok && n != want {
			t.Errorf("%q: got %d, %v, want %d", text, n, ok, want)
		}
	}
}

func TestReadRepeat(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) // a Friday
	due := time.Date(2026, 11, 25, 15, 30, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"каждые 2 недели по вторникам": "weekly/2 01.12 15:30",
		"по средам":         "weekly 25.11 15:30",
		"раз в квартал":     "monthly/3 -",
		"каждые 3 дня в 9":  "daily/3 25.11 09:00",
		"вт, чт":            "weekly/1/2,4 26.11 15:30",
		"пн-пт":             "workdays -",
		"Tue and Thu at 10": "weekly/1/2,4 26.11 10:00",
		"every other week":  "weekly/2 -",
		"Ким":               "",
		"каждый день позвонить Киму": "",
		"через неделю":               "",
	} {
		got := ""
		if m, ok := moment.ReadRepeat(text, due, now); ok {
			if got = string(m.Repeat) + " -"; !m.At.IsZero() {
				got = string(m.Repeat) + m.At.Format(" 02.01 15:04")
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestReadWeekdays(t *testing.T) {
	for text, want := range map[string]string{
		"пн-пт": "12345", "вт, чт и сб": "246", "будни": "12345", "каждый день": "1234560", "Mon-Sat": "123456", "ср": "3", "вт": "2",
		"пн-пт в 10": "", "Ким": "", "5": "", "раз в неделю": "", "каждые 2 недели по вторникам": "",
	} {
		days, _ := moment.ReadWeekdays(text)
		got := ""
		for _, wd := range days {
			got += strconv.Itoa(int(wd))
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

package crm

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm/civil"
)

// maxAge is the age in years that nobody is believed to exceed (the record is 122).
const maxAge = 120

const (
	birthdayLabel = `(?:д\.?\s?р\.?|д/р|день\s+рожд[а-яё]*|дата\s+рожд[а-яё]*|рожд[а-яё]*|родил[а-яё]*|г\.\s?р\.|` +
		`b-?day|birth\s?day|birth\s?date|date\s+of\s+birth|dob|born(?:\s+on)?|🎂)`
	birthdayYear = `(?:\s*(?:года?\s+рождения|г\.?\s?р\.?|года?|г\.?|y\.?))?`
	dateDigits   = `(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}\s?[-./]\s?\d{1,2}(?:\s?[-./]\s?\d{2,4})?|\d{1,2}\s\d{1,2}\s\d{4})`
	dateDay      = `\d{1,2}(?:-?(?:го|е|ое)|st|nd|rd|th)?`
	dateNamed    = `(?:` + dateDay + `(?:\s+of)?[\s.,/-]*` + civil.MonthPattern + `\.?(?:[\s.,/-]*'?(?:\d{4}|\d{2})(?:\D|$))?|` +
		civil.MonthPattern + `\.?\s*` + dateDay + `(?:[\s,]+(?:\d{4}|'?\d{2})(?:\D|$))?)`
)

var (
	birthdayHead  = regexp.MustCompile(`(?i)^` + birthdayLabel + `[\s:.=–—-]*`)
	birthdayTail  = regexp.MustCompile(`(?i)\s*(?:года?\s+рождения|г\.?\s?р\.?|года?|г\.?|д\.?\s?р\.?)$`)
	dateYMD       = regexp.MustCompile(`^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$`)
	dateDMY       = regexp.MustCompile(`^(\d{1,2})\s?([-./ ])\s?(\d{1,2})(?:\s?[-./ ]\s?(\d{4}|\d{2}))?$`)
	dateDayFirst  = regexp.MustCompile(`(?i)^(\d{1,2})(?:-?(?:го|е|ое)|st|nd|rd|th)?(?:\s+of)?[\s.,/-]*([a-zа-яё]+)\.?(?:[\s.,/-]*'?(\d{4}|\d{2}))?$`)
	dateMonthHead = regexp.MustCompile(`(?i)^([a-zа-яё]+)\.?\s*(\d{1,2})(?:-?(?:го|е|ое)|st|nd|rd|th)?(?:[\s,]+'?(\d{4}|\d{2}))?$`)

	// birthdayInText is a label with a date behind it; bareDate is a date with its year.
	birthdayInText = regexp.MustCompile(`(?i)` + birthdayLabel + `[\s:.=–—-]*(` + dateNamed + `|` + dateDigits + `)` + birthdayYear)
	birthdayStart  = regexp.MustCompile(`(?i)` + birthdayLabel + `[\s:.=–—-]*(?:\d|` + civil.MonthPattern + `)`)
	bareDate       = regexp.MustCompile(`^(?:` + dateDigits + `|(?i:` + dateNamed + `))` + birthdayYear + `$`)
)

// ParseBirthday reads a birthday as people write it: 12.05.1985, 12/05/85, 1985-05-12, 12.05 (year unknown, 0),
// 12 мая 1985 г., May 12, 1985, with or without "др", "born" and the like. Of two digits the latest year
// that is not in the future is meant.
//
// It fails with ErrInvalid on "birthday" if it is no date or none that exists (31.02), on "birthday.future" and
// on "birthday.old" (over 120 years).
func ParseBirthday(s string, today civil.Date) (civil.Date, error) {
	s = strings.TrimSpace(strings.Join(strings.Fields(plainPhones(s).n), " "))
	s = birthdayHead.ReplaceAllString(s, "")
	s = strings.TrimRight(birthdayTail.ReplaceAllString(strings.TrimRight(s, " ,;!"), ""), " ,.;!")
	d, ok := parseDay(s, today)
	if !ok {
		return civil.Date{}, invalid("birthday")
	}
	if err := CheckBirthday(d, today); err != nil {
		return civil.Date{}, err
	}
	return d, nil
}

// CheckBirthday judges a date as a birthday, with the errors of ParseBirthday.
func CheckBirthday(d, today civil.Date) error {
	switch {
	case d.Month == 0 || !d.Valid():
		return invalid("birthday")
	case d.Year == 0:
		return nil
	case d.String() > today.String():
		return invalid("birthday.future")
	case d.Year < today.Year-maxAge:
		return invalid("birthday.old")
	}
	return nil
}

func parseDay(s string, today civil.Date) (civil.Date, bool) {
	if m := dateYMD.FindStringSubmatch(s); m != nil {
		year := strings.TrimPrefix(m[1], "0000") // as Date.String writes an unknown year
		return dayOf(m[3], time.Month(number(m[2])), year, today)
	}
	if m := dateDMY.FindStringSubmatch(s); m != nil {
		day, month := m[1], m[3]
		if m[2] == " " && m[4] == "" {
			return civil.Date{}, false
		}
		if m[2] == "/" && number(month) > 12 && number(day) <= 12 { // 05/23/1985, as in America
			day, month = month, day
		}
		return dayOf(day, time.Month(number(month)), m[4], today)
	}
	if m := dateDayFirst.FindStringSubmatch(s); m != nil {
		return dayOf(m[1], civil.MonthNamed(strings.ToLower(m[2])), m[3], today)
	}
	if m := dateMonthHead.FindStringSubmatch(s); m != nil {
		return dayOf(m[2], civil.MonthNamed(strings.ToLower(m[1])), m[3], today)
	}
	return civil.Date{}, false
}

// dayOf puts a date together; year is "", two digits or four.
func dayOf(day string, month time.Month, year string, today civil.Date) (civil.Date, bool) {
	d := civil.Date{Year: number(year), Month: month, Day: number(day)}
	switch len(year) {
	case 0:
		return d, month != 0
	case 2:
		d.Year += today.Year / 100 * 100
		if d.String() > today.String() {
			d.Year -= 100
		}
	}
	return d, month != 0 && d.Year != 0
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the callers' patterns let only short digits through
	return n
}

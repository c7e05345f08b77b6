package locales

import (
	"strconv"
	"strings"
)

// wholeCurrencies are those without a smaller unit (ISO 4217).
var wholeCurrencies = map[string]bool{"JPY": true, "KRW": true, "VND": true, "CLP": true, "ISK": true}

// Number is n with its thousands apart: 18 400 or 18,400.
func (t *Texts) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	first := (len(digits)-1)%3 + 1
	parts := []string{digits[:first]}
	for i := first; i < len(digits); i += 3 {
		parts = append(parts, digits[i:i+3])
	}
	return sign + strings.Join(parts, t.Label("number.thousands"))
}

// Money is an amount in the currency's smallest units, e.g. 1840000 of "RUB" is «18 400 ₽». The
// fraction is left out where it is zero.
func (t *Texts) Money(minor int64, currency string) string {
	if minor < 0 {
		return "−" + t.Money(-minor, currency)
	}
	amount, fraction := minor, int64(0)
	if !wholeCurrencies[currency] {
		amount, fraction = minor/100, minor%100
	}
	number := t.Number(amount)
	if fraction != 0 {
		number += t.Label("number.point") + strconv.Itoa(int(fraction/10)) + strconv.Itoa(int(fraction%10))
	}
	switch currency {
	case "RUB", "USD", "EUR", "GBP", "KZT", "BYN", "UAH":
		return t.Label("money."+currency, "amount", number)
	}
	return t.Label("money.any", "amount", number, "currency", currency)
}

// Years is an age: «41 год».
func (t *Texts) Years(n int) string { return t.Label("time.years", "n", n) }

// Join is a list in words: «a, b и c».
func (t *Texts) Join(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return t.Label("list.last", "list", strings.Join(list[:last], ", "), "last", list[last])
}

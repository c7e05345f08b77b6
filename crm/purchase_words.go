package crm

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A sum is a number with its currency, "18 400 ₽", "$1,250.50", "18,4 тыс. руб.", or the number behind "за", "на" or "for" that ends
// a line. A number by itself is none: it may be how many. But where it is told what was bought, what ends a line is one as well if it is
// written as sums are, "кофемашина 18 400", "18 тыс", or stands apart: "кофемашина, 18400".
const (
	sumFor    = `(?:(?:за|на|for)\s+)?`
	sumNumber = `(\d{1,3}(?:[ \x{a0}\x{202f}.,]\d{3})+|\d{1,12})(?:[.,](\d{1,2}))?(?:[ \x{a0}]?(тыс[а-я]*\.?|млн\.?|т\.)|(k|к))?`
)

// sumForm is a way in which one is written: the groups of the sum, behind them its currency or, if coinFirst, before them.
type sumForm struct {
	written   *regexp.Regexp
	coinFirst bool
	bare      bool // without a currency
	told      bool // where it is told what was bought
}

var sums = []sumForm{
	{written: regexp.MustCompile(`(?i)(?:^|[\s,;:(–—-])(` + sumFor + sumNumber + `[ \x{a0}]*(₽|\$|€|£|₸|₴|руб[а-я]*\.?|р\.?|rub|rur|usd|долл[а-я]*\.?|бакс[а-я]*|dollars?|` +
		`eur|евро|euros?|gbp|фунт[а-я]*|pounds?|kzt|тенге|тг|byn|uah|грн\.?|грив[а-я]*))(?:$|[\s,;:.)!])`)},
	{written: regexp.MustCompile(`(?i)(?:^|[\s,;:(–—-])(` + sumFor + `([$€£₽₸₴])[ \x{a0}]?` + sumNumber + `)`), coinFirst: true},
	{written: regexp.MustCompile(`(?im)(?:^|[\s,;:(–—-])((?:за|на|for)\s+` + sumNumber + `)[ \t.!]*$`), bare: true},
}

// toldSums are sums, and the forms in which one is written where it is told what was bought.
var toldSums = append(slices.Clip(sums),
	sumForm{written: regexp.MustCompile(`(?im)(?:^|[\s,;(–—-])((\d{1,3}(?:[ \x{a0}\x{202f}]\d{3})+)(?:[.,](\d{1,2}))?()())[ \t.!)]*$`), bare: true, told: true},
	sumForm{written: regexp.MustCompile(`(?im)(?:^|[\s,;(–—-])((\d{1,4})(?:[.,](\d{1,2}))?[ \x{a0}]?(?:(тыс[а-я]*\.?|млн\.?)|(k|к)))[ \t.!)]*$`), bare: true, told: true},
	sumForm{written: regexp.MustCompile(`(?im)(?:^|[,;(]|[ \t][–—-])[ \t]*(` + sumNumber + `)[ \t.!)]*$`), bare: true, told: true},
)

// sumDigits of a sum: a longer number is somebody's phone.
const sumDigits = 9

// year reports whether a number is one rather than a sum.
func year(number string) bool {
	return len(number) == 4 && (strings.HasPrefix(number, "19") || strings.HasPrefix(number, "20"))
}

// currencies by how what people write of them begins.
var currencies = []struct{ begins, code string }{
	{"₽", "RUB"}, {"р", "RUB"}, {"ru", "RUB"}, {"$", "USD"}, {"us", "USD"}, {"дол", "USD"}, {"бак", "USD"}, {"dol", "USD"}, {"€", "EUR"}, {"eu", "EUR"},
	{"евр", "EUR"}, {"£", "GBP"}, {"gbp", "GBP"}, {"фун", "GBP"}, {"pou", "GBP"}, {"₸", "KZT"}, {"kzt", "KZT"}, {"т", "KZT"}, {"byn", "BYN"},
	{"₴", "UAH"}, {"uah", "UAH"}, {"гр", "UAH"},
}

func currencyOf(written string) string {
	for _, c := range currencies {
		if strings.HasPrefix(strings.ToLower(written), c.begins) {
			return c.code
		}
	}
	return ""
}

const (
	maxWhat = 120 // characters of what was bought
	// leastBare is what a sum with no more than «р» behind it must come to, in hundredths: «2 р в неделю» is none.
	leastBare = 100_00
)

// ReadPurchase reads what was bought and for how much out of what a member wrote; rest is the text without the sum, since not
// everybody who reads it is to see that.
func ReadPurchase(text string) (p Purchase, rest string) {
	rest = strings.TrimSpace(text)
	for _, form := range toldSums {
		at := form.written.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		sum, coin, ok := form.read(text, at)
		if !ok {
			continue
		}
		p.Sum, p.Currency = sum, coin
		rest = joined(text[:at[2]], text[at[3]:])
		break
	}
	line, _, _ := strings.Cut(rest, "\n")
	p.What = firstRunes(strings.TrimSpace(line), maxWhat)
	return p, rest
}

// read is the sum, in hundredths, that a match of the form stands for, and the code of its currency; ok is false if it stands for none.
func (f sumForm) read(text string, at []int) (sum int64, code string, ok bool) {
	var groups []string // the number, its cents, thousands or millions, thousands, the currency
	for n := 2; 2*n < len(at); n++ {
		group := ""
		if at[2*n] >= 0 {
			group = text[at[2*n]:at[2*n+1]]
		}
		groups = append(groups, group)
	}
	if f.coinFirst {
		groups = append(groups[1:], groups[0])
	}
	coin := strings.Join(groups[4:], "")
	sum = hundredths(groups[0], groups[1], groups[2]+groups[3])
	if f.told && (sum < leastSum || year(groups[0]) || countDigits(groups[0]) > sumDigits) {
		return 0, "", false
	}
	return sum, currencyOf(coin), sum != 0 && !(strings.EqualFold(coin, "р") && sum < leastBare)
}

// without is a text out of which the purchase's own sum is taken, wherever it is written; other sums stay.
func (p Purchase) without(text string) string {
	for _, form := range toldSums {
		for from := 0; p.Sum != 0; {
			rest := text[from:]
			at := form.written.FindStringSubmatchIndex(rest)
			if at == nil {
				break
			}
			sum, code, ok := form.read(rest, at)
			if !ok || sum != p.Sum || code != p.Currency && code != "" && p.Currency != "" {
				from += at[3]
				continue
			}
			text, from = joined(text[:from+at[2]], rest[at[3]:]), 0
		}
	}
	return text
}

// withoutSums is a text for those who see no sums: dots stand in the place of each.
func withoutSums(text string) string {
	for _, form := range sums {
		for from := 0; ; {
			at := form.written.FindStringSubmatchIndex(text[from:])
			if at == nil {
				break
			}
			begin, end := from+at[2], from+at[3]
			if from = end; form.bare && hundredths(text[from-at[3]+at[4]:from-at[3]+at[5]], "", "") < leastSum {
				continue // «созвон на 12» is an hour
			}
			text, from = text[:begin]+hiddenSum+text[end:], begin+len(hiddenSum)
		}
	}
	return text
}

const (
	hiddenSum = "•••"
	leastSum  = 1000_00 // in hundredths: what has no currency and is less is taken for no sum
)

// PurchaseIn is ReadPurchase for a note by parts: what was bought is the first part, the sum may be in any.
func PurchaseIn(said []string) (p Purchase, rest []string) {
	for i, text := range said {
		one, left := ReadPurchase(text)
		if i == 0 {
			p.What = one.What
		}
		if p.Sum == 0 {
			p.Sum, p.Currency = one.Sum, one.Currency
		}
		rest = append(rest, left)
	}
	return p, rest
}

// joined is a text out of which something was taken, without the marks that stood around that.
func joined(before, after string) string {
	before, after = strings.TrimRight(before, " \t,;:(–—-"), strings.TrimLeft(after, " \t,;:.!)–—-")
	if before == "" || after == "" || strings.HasSuffix(before, "\n") || strings.HasPrefix(after, "\n") {
		return strings.TrimSpace(before + after)
	}
	return strings.TrimSpace(before + ", " + after)
}

// hundredths is a sum of a number as written, its cents, and what it is multiplied by.
func hundredths(number, cents, times string) int64 {
	number = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ".", "", ",", "").Replace(number)
	n, err := strconv.ParseInt(number+(cents + "00")[:2], 10, 64)
	if err != nil {
		return 0 // longer than any sum
	}
	switch times = strings.ToLower(times); {
	case times == "":
		return n
	case strings.HasPrefix(times, "млн"):
		return n * 1_000_000
	}
	return n * 1000
}

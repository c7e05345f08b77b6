package crm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainText is a text brought to what the phone scanner reads: invisible characters gone, digits, dashes
// and spaces ASCII, О between digits a zero.
type plainText struct {
	n  string
	at []int // byte of n → byte of the text; one more at the end
}

func plainPhones(s string) plainText {
	var b strings.Builder
	at := make([]int, 0, len(s)+1)
	for i, r := range s {
		if unicode.Is(unicode.Cf, r) {
			continue
		}
		r = plainRune(r)
		for range utf8.RuneLen(r) {
			at = append(at, i)
		}
		b.WriteRune(r)
	}
	n := []byte(b.String())
	at = append(at, len(s))
	return zeroes(plainText{string(n), at})
}

func plainRune(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r == '＋' || r == '﹢':
		return '+'
	case unicode.Is(unicode.Pd, r) || r == '−' || r == '‐':
		return '-'
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Nd, r):
		return asciiDigit(r)
	}
	return r
}

// asciiDigit maps a decimal digit of any script: Unicode keeps each script's ten in a row.
func asciiDigit(r rune) rune {
	for _, rg := range unicode.Nd.R16 {
		if lo := rune(rg.Lo); r >= lo && r <= rune(rg.Hi) {
			return '0' + (r-lo)%10
		}
	}
	for _, rg := range unicode.Nd.R32 {
		if lo := rune(rg.Lo); r >= lo && r <= rune(rg.Hi) {
			return '0' + (r-lo)%10
		}
	}
	return r
}

// zeroes replaces runs of the letter O (either alphabet) by zeroes where a digit stands right beside the run
// and digits stand on both sides of it.
func zeroes(t plainText) plainText {
	if !strings.ContainsAny(t.n, "oOоО") {
		return t
	}
	var b strings.Builder
	at := make([]int, 0, len(t.at))
	put := func(s string, from int) {
		b.WriteString(s)
		for range len(s) {
			at = append(at, t.at[from])
		}
	}
	for i := 0; i < len(t.n); {
		run := t.n[i : len(t.n)-len(strings.TrimLeft(t.n[i:], "oOоО"))]
		if run == "" {
			_, size := utf8.DecodeRuneInString(t.n[i:])
			put(t.n[i:i+size], i)
			i += size
			continue
		}
		zero := betweenDigits(b.String(), t.n[i+len(run):])
		for j, r := range run {
			if zero {
				put("0", i+j)
			} else {
				put(string(r), i+j)
			}
		}
		i += len(run)
	}
	return plainText{b.String(), append(at, t.at[len(t.n)])}
}

func betweenDigits(before, after string) bool {
	near := endsDigit(before) || startsDigit(after)
	return near && endsDigit(strings.TrimRight(before, " ()-")) && startsDigit(strings.TrimLeft(after, " ()-"))
}

func startsDigit(s string) bool { return s != "" && isDigit(s[0]) }
func endsDigit(s string) bool   { return s != "" && isDigit(s[len(s)-1]) }
func isDigit(b byte) bool       { return b >= '0' && b <= '9' }
func isLetter(r rune) bool      { return unicode.IsLetter(r) }
func hasLetter(s string) bool   { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// wordStarts reports whether no word goes on at a place.
func wordStarts(s string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	return at == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before)
}

// stripFormat removes characters that are not seen: directions, joiners, soft hyphens.
func stripFormat(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

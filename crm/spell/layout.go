package spell

import "strings"

// The keys of the two layouts in the same order, without and with shift. It is read before punctuation is
// folded away: х ъ ж э б ю ё are on punctuation keys.
const (
	latinKeys    = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./" + `~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?` + "@#$^&|"
	cyrillicKeys = "ёйцукенгшщзхъфывапролджэячсмитьбю." + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ," + `"№;:?/`
)

var (
	latinToCyrillicKeys = keyMap(latinKeys, cyrillicKeys)
	cyrillicToLatinKeys = keyMap(cyrillicKeys, latinKeys)
)

func keyMap(from, to string) map[rune]rune {
	m := make(map[rune]rune)
	target := []rune(to)
	for i, r := range []rune(from) {
		m[r] = target[i]
	}
	return m
}

// OtherLayout is what the same keys give on the other of the ЙЦУКЕН and QWERTY layouts: "руддщ" is
// "hello", "bdfyjd" is "иванов". The alphabet that is written decides the direction; a text with both, or
// with neither, has no other layout: "".
func OtherLayout(s string) string {
	m := latinToCyrillicKeys
	switch latin, cyrillic := HasLatin(s), HasCyrillic(s); {
	case latin == cyrillic:
		return ""
	case cyrillic:
		m = cyrillicToLatinKeys
	}
	return strings.Map(func(r rune) rune {
		if k, ok := m[r]; ok {
			return k
		}
		return r
	}, s)
}

package spell

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The same name is written in many ways in the other alphabet: Шевчук is Shevchuk, Sevcuk and Schewtschuk,
// Юлия is Yulia, Julia, Iuliia. Two things answer that, neither costs a card a term:
//
//   - Sounds: spellings of one name share a key. The vocabulary keeps a word under its keys (Variants), so
//     that whole words meet there, whichever alphabet the card and the query are in.
//   - readings: a word that is still being typed is looked up as it would begin in the other alphabet.

// MinSound is the length, in runes, from which a word has a sound key.
const MinSound = 3

// soundMark begins a sound key, so that none is taken for a word.
const soundMark = "*"

// maxKeys bounds the sound keys of a word. Cyrillic has one; Latin c, h, j, ch, x and io can be read in two ways.
const maxKeys = 4

// Sounds are the keys of a folded word of 3 to 24 letters, at most four; nil for others.
func Sounds(word string) []string {
	if n := utf8.RuneCountInString(word); n < MinSound || n > MaxVariant {
		return nil
	}
	raw := [][]byte{nil}
	for rest := word; rest != ""; {
		n, sounds := nextSound(rest)
		rest = rest[n:]
		var others [][]byte
		if len(raw)*len(sounds) <= maxKeys {
			for _, s := range sounds[1:] {
				for _, r := range raw {
					others = append(others, append(slices.Clone(r), s...))
				}
			}
		}
		for i := range raw {
			raw[i] = append(raw[i], sounds[0]...)
		}
		raw = append(raw, others...)
	}
	var out []string
	for _, r := range raw {
		if k := soundMark + settle(string(r)); len(k) > 2 && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// cyrillicSounds: ц and ч are c, ш and щ are s, ж is z as Latin letters with lost háčeks are; й is i, which
// settle drops beside a vowel.
var cyrillicSounds = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "z", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l",
	'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "c",
	'ш': "s", 'щ': "s", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia", 'і': "i", 'є': "e", 'ґ': "g", 'ә': "a",
	'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ү': "u", 'ұ': "u", 'һ': "h",
}

// latinSounds, the longer spelling first.
var latinSounds = []struct {
	spelling string
	sounds   []string
}{
	{"shch", []string{"s"}}, {"tsch", []string{"c"}}, {"sch", []string{"s"}}, {"tch", []string{"c"}}, {"dzh", []string{"z"}},
	{"sh", []string{"s"}}, {"ch", []string{"c", "h"}}, {"zh", []string{"z"}}, {"kh", []string{"h"}}, {"cz", []string{"c"}},
	{"tz", []string{"c"}}, {"dj", []string{"z"}}, {"ph", []string{"f"}}, {"th", []string{"t"}}, {"ck", []string{"k"}},
	{"qu", []string{"kv"}}, {"yo", []string{"o", "e"}}, {"io", []string{"o", "e"}}, {"jo", []string{"o", "e"}},
	{"ce", []string{"ce"}}, {"ci", []string{"ci"}}, {"cy", []string{"ci"}}, {"c", []string{"k", "c"}}, {"j", []string{"i", "z"}},
	{"h", []string{"h", "g"}}, {"x", []string{"ks", "h"}}, {"q", []string{"k"}}, {"w", []string{"v"}}, {"y", []string{"i"}},
}

// nextSound is how many bytes of the word the first sound takes, and how those may be read.
func nextSound(word string) (int, []string) {
	for _, l := range latinSounds {
		if strings.HasPrefix(word, l.spelling) {
			return len(l.spelling), l.sounds
		}
	}
	r, n := utf8.DecodeRuneInString(word)
	if s, ok := cyrillicSounds[r]; ok {
		return n, []string{s}
	}
	return n, []string{word[:n]}
}

var soundPairs = strings.NewReplacer("ts", "c", "tc", "c", "dz", "z", "sc", "s")

// settle drops what spellings disagree on: one of a double letter, an i beside another vowel, f for v at the end.
func settle(s string) string {
	b := single([]byte(soundPairs.Replace(soundPairs.Replace(s))))
	out := make([]byte, 0, len(b))
	for i, c := range b {
		if c != 'i' || (i+1 == len(b) || !isVowel(b[i+1])) && (i == 0 || !isVowel(b[i-1])) {
			out = append(out, c)
		}
	}
	out = single(out)
	if n := len(out); n > 1 && out[n-1] == 'f' && (out[n-2] == 'o' || out[n-2] == 'e') {
		out[n-1] = 'v'
	}
	return string(out)
}

func single(b []byte) []byte {
	return slices.CompactFunc(b, func(a, b byte) bool { return a == b && a < utf8.RuneSelf })
}

func isVowel(c byte) bool { return c == 'a' || c == 'e' || c == 'o' || c == 'u' }

// HasCyrillic and HasLatin tell the alphabet of a text.
func HasCyrillic(s string) bool { return strings.IndexFunc(s, cyrillicLetter) >= 0 }
func HasLatin(s string) bool    { return strings.IndexFunc(s, latinLetter) >= 0 }

func cyrillicLetter(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
func latinLetter(r rune) bool    { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// Readings are what a folded word may be in the other alphabet, likeliest first, at most maxReadings.
func Readings(word string) []string {
	var tables []*strings.Replacer
	switch {
	case HasCyrillic(word) && !HasLatin(word):
		tables = toLatin
	case HasLatin(word) && !HasCyrillic(word):
		tables = toCyrillic
	}
	var out []string
	for _, t := range tables {
		if r := t.Replace(word); r != "" && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// maxReadings is the number of ways to write a word in the other alphabet that are tried.
const maxReadings = 5

const cyrillicPlain = "а a б b в v г g д d е e з z и i к k л l м m н n о o п p р r с s т t у u ф f ъ - ы y ь - э e і i є ie ґ g"

// toLatin: the English way (with -y for -ий), the passport's (ICAO), the scholarly one without its háčeks, and two looser ones.
var toLatin = replacers(
	cyrillicPlain+" ий y ый y х kh ц ts ч ch ш sh щ shch ж zh й y ю yu я ya",
	cyrillicPlain+" х kh ц ts ч ch ш sh щ shch ж zh й i ю iu я ia",
	cyrillicPlain+" х h ц c ч c ш s щ sc ж z й j ю ju я ja",
	cyrillicPlain+" х h ц ts ч ch ш sh щ sch ж zh й y ю yu я ya",
	cyrillicPlain+" х kh ц ts ч ch ш sh щ shch ж j й y ю u я ia кс x",
)

const latinPlain = "a а b б d д e е f ф g г i и k к l л m м n н o о p п r р s с t т u у v в w в z з q к ck к ph ф " +
	"shch щ sch щ sh ш ch ч zh ж kh х ts ц tz ц x кс"

// toCyrillic reads the same conventions back.
var toCyrillic = replacers(
	latinPlain+" ya я yu ю yo е ye е ay ай ey ей oy ой uy уй iy ий y и h х c к j дж ia ия",
	latinPlain+" ia я iia ия iu ю ai ай ei ей oi ой ui уй ii ий iy ий y ы h х c к j й",
	latinPlain+" ja я ju ю ia ия jo е je е aj ай ej ей oj ой ij ий y ы h х c ц j й",
	latinPlain+" ya ья yu ью ia ья yo ье ye ье ie ье y ый h г c ч j ж",
	latinPlain+" ya ия ia иа y й h г c с j ж",
)

// replacers makes a table out of each "from to from to …"; "-" is nothing. The longest match wins.
func replacers(tables ...string) []*strings.Replacer {
	var out []*strings.Replacer
	for _, t := range tables {
		fields := strings.Fields(t)
		pairs := make([][2]string, 0, len(fields)/2)
		for i := 0; i+1 < len(fields); i += 2 {
			pairs = append(pairs, [2]string{fields[i], strings.TrimSuffix(fields[i+1], "-")})
		}
		slices.SortStableFunc(pairs, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
		var flat []string
		for _, p := range pairs {
			flat = append(flat, p[0], p[1])
		}
		out = append(out, strings.NewReplacer(flat...))
	}
	return out
}

// Sound is the likeliest way in which a word sounds; a word that is too short or too long stands for itself.
func Sound(word string) string {
	if keys := Sounds(word); len(keys) > 0 {
		return keys[0]
	}
	return word
}

// FirstSound is the letter with which a word or an initial is heard to begin.
func FirstSound(word string) string {
	sound := settle(strings.TrimPrefix(Sound(word), soundMark))
	if _, n := utf8.DecodeRuneInString(word); n == len(word) { // an initial
		_, s := nextSound(word)
		sound = s[0]
	}
	_, n := utf8.DecodeRuneInString(sound)
	return sound[:n]
}

// HardSounds are the consonants of how a word sounds.
func HardSounds(sound string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && isVowel(byte(r)) || r == 'i' {
			return -1
		}
		return r
	}, strings.TrimPrefix(sound, soundMark))
}

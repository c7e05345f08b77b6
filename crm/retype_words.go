package crm

// speech are the rules by which the words of an alphabet can be said.
type speech struct {
	vowels string
	onset  int             // consonants that a word may begin with
	coda   int             // … end with
	starts map[rune]string // letter at the start of a word → the consonants that may follow it
	after  map[rune]string // letter → all that may follow it
	never  string          // letters that no word begins with
}

const latinVowels = "aeiouy"

var latinSpeech = speech{
	vowels: latinVowels, onset: 4, coda: 3,
	starts: map[rune]string{
		'b': "lrhj", 'c': "lrhzn", 'd': "rmnhjzw", 'f': "lrj", 'g': "lrnhw", 'h': "r", 'k': "lrnhswv", 'l': "lhj", 'm': "cnrlstw", 'n': "gjkh",
		'p': "lrhstfn", 'r': "h", 's': "chklmnpqtvwjzr", 't': "rhswjv", 'v': "lrsd", 'w': "hr", 'z': "hlvdbw", 'j': "", 'q': "", 'x': "",
	},
	after: map[rune]string{'f': latinVowels + "flrtsj", 'j': latinVowels, 'q': latinVowels, 'v': latinVowels + "vlrngskjd"},
}

var cyrillicSpeech = speech{
	vowels: "аеиоуыэюяіє", onset: 4, coda: 3, never: "ьъы",
	starts: map[rune]string{'л': "ьжгбс", 'р': "жтъ", 'н': "рь", 'й': "", 'ф': "рлтьш"},
	after: map[rune]string{'щ': "аеиуьюян", 'ь': "бвгджзклмнпрстфхцчшщеиоюя", 'ъ': "еюя",
		'а': notSign, 'е': notSign, 'и': notSign, 'о': notSign, 'у': notSign, 'ы': "бвгджзйклмнпрстфхцчшще", 'э': notSign, 'ю': notSign, 'я': notSign,
		'й': "абвгджзйклмнопрстфхцчшщеюя"},
}

// notSign is everything but the two signs, which stand behind consonants only.
const notSign = "абвгджзийклмнопрстуфхцчшщеэюя"

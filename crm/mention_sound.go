package crm

import (
	"context"
	"slices"

	"kartoteka/crm/spell"
)

// mostSounds is how many sound keys of a text are looked up.
const mostSounds = 200

// hear gives the words of a text that may be of a name the forms that they have in the other alphabet: "Ivanov" is «Иванов», and
// «Смиту» may be Smith. The team's vocabulary knows which of them there are.
func (s *mentionSearch) hear(ctx context.Context) error {
	var keys []string
	for _, w := range s.words {
		if w.mayBeForeign() {
			for _, f := range w.forms {
				keys = append(keys, spell.Sounds(f)...)
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	near, err := s.st.WordsNear(ctx, s.q.Team, keys[:min(len(keys), mostSounds)], maxNear)
	if err != nil {
		return err
	}
	for i, w := range s.words {
		if !w.mayBeForeign() {
			continue
		}
		for _, term := range near {
			if slices.ContainsFunc(w.forms, func(f string) bool { return soundsLike(f, term) }) {
				s.words[i].forms = append(s.words[i].forms, term)
			}
		}
	}
	return nil
}

// mayBeForeign reports whether a word is looked for in the other alphabet: written or ending as names are. Any other word of a sentence
// sounds like somebody.
func (w mentionWord) mayBeForeign() bool {
	if w.skipped {
		return false
	}
	return w.named || slices.ContainsFunc(w.forms, func(f string) bool { return isSurname(f) || slices.ContainsFunc(spell.Readings(f), isSurname) })
}

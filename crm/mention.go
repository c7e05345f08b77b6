package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// Mention is whom a text may name.
type Mention struct {
	Clients []Client // the likeliest first, at most 5
	Sure    bool     // the first is meant, and nobody else

	Takers []Member // of the team, whom a typed task may be for
	Given  bool     // it was given to the one of them
}

const maxMentioned = 5

// Mentioned finds the clients that a text names, as «позвонить Золотуховой» does, among those that by may see; nobody for
// those who may not search. A phone, an address or a username is its client's. Else whole words of a name or a company
// count, in any case of theirs. A wrong client is worse than a question, so it is sure only where
//
//   - the words are written as names are, with a capital that is not the sentence's, in quotes or behind ООО; or are two
//     of one name; or are a surname that looks like one; a company counts by no other words;
//   - and no other client has as many of them, a name before a company, a client at work before one in the archive;
//   - and no neighbour looks like another part of the name that the card does not have: «Анне Петровой» is not Ольга.
func (d *Desk) Mentioned(ctx context.Context, by Actor, text string) (Mention, error) {
	team, reach, err := d.gate(ctx, by, ActionFindClients)
	if errors.Is(err, ErrDenied) {
		return Mention{}, nil // what is found by what they do not see would tell it
	}
	if err != nil {
		return Mention{}, err
	}
	see := func(list []Client) []Client { // nothing is found by what the role does not see
		var seen []Client
		for _, c := range list {
			if c.Deleted.IsZero() && reach.allows(c) && d.reach(team, by.Member, ActionReadClient).allows(c) {
				seen = append(seen, c.seenBy(by.Role, team))
			}
		}
		return seen
	}
	m, err := d.reached(ctx, team, text, see)
	if err != nil || len(m.Clients) > 0 {
		return m, err
	}
	s := mentionSearch{st: d.store, me: by.ID, q: TermQuery{Team: by.Team, Limit: MostFound}, words: mentionWords(text),
		found: map[ClientID]Candidate{}, whole: map[ClientID]bool{}}
	s.q.Owner, s.q.Among = reach.narrow()
	if err := s.run(ctx); err != nil {
		return Mention{}, fmt.Errorf("look for who is named: %w", err)
	}
	cards, err := d.store.ClientsByID(ctx, by.Team, s.likeliest())
	if err != nil {
		return Mention{}, fmt.Errorf("read who is named: %w", err)
	}
	m = chooseMention(see(cards), s.words, by.ID)
	m.Sure = m.Sure && s.whole[m.Clients[0].ID]
	return m, nil
}

// reached finds the clients whose phone, e-mail or username stands in the text.
func (d *Desk) reached(ctx context.Context, team Team, text string, see func([]Client) []Client) (Mention, error) {
	var p Profile
	for _, f := range FindPhones(text, team.Region) {
		p.Phones = append(p.Phones, f.Value)
	}
	for _, f := range FindEmails(text) {
		p.Emails = append(p.Emails, f.Value)
	}
	for _, f := range FindMessengers(text) {
		p.Messengers = append(p.Messengers, f.Value)
	}
	keys := Keys(p)
	if len(keys) == 0 {
		return Mention{}, nil
	}
	list, err := d.store.ClientsByKey(ctx, team.ID, keys)
	if err != nil {
		return Mention{}, fmt.Errorf("look for who has it: %w", err)
	}
	list = slices.DeleteFunc(see(list), func(c Client) bool {
		return !slices.ContainsFunc(Keys(c.Profile), func(k string) bool { return slices.Contains(keys, k) })
	})
	return Mention{Clients: list[:min(len(list), maxMentioned)], Sure: len(list) == 1}, nil
}

// mentionWord is a word of a text that may be of a name.
type mentionWord struct {
	forms   []string // folded: as written, and what it may be a case of
	named   bool     // written as names are
	capital bool     // begins with one, which may be the sentence's
	likely  bool     // looks like a part of a name of people, whether or not any card has it
	joined  bool     // follows the word before with nothing but a space between
	skipped bool     // too short to count, or how a company is registered
}

// mentionWords takes a text apart.
func mentionWords(text string) []mentionWord {
	small := strings.IndexFunc(text, unicode.IsLower) >= 0
	var out []mentionWord
	between, before := "\n", ""
	for text != "" {
		start := strings.IndexFunc(text, isWordRune)
		if start < 0 {
			break
		}
		between += text[:start]
		text = text[start:]
		end := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) && !spell.IsApostrophe(r) })
		if end < 0 {
			end = len(text)
		}
		raw := text[:end]
		w := newMentionWord(raw, between, small)
		w.named = w.named || legalForms[before] || w.capital && strings.HasPrefix(text[end:], ":") // "Novak: send the invoice"
		out = append(out, w)
		between, before, text = "", w.forms[0], text[end:]
	}
	return out
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// newMentionWord judges a word by what stands before it; small says that the text has small letters at all.
func newMentionWord(raw, between string, small bool) mentionWord {
	if i := strings.LastIndexFunc(raw, spell.IsApostrophe); i > 0 && strings.EqualFold(strings.TrimLeftFunc(raw[i:], spell.IsApostrophe), "s") {
		raw = raw[:i] // Smith's
	}
	folded := strings.ReplaceAll(spell.Fold(raw), " ", "")
	w := mentionWord{forms: nominatives(folded), joined: between == " "}
	first, size := utf8.DecodeRuneInString(raw)
	w.capital = small && (unicode.IsUpper(first) || unicode.IsDigit(first) && strings.IndexFunc(raw, unicode.IsUpper) >= 0)
	begins := strings.ContainsAny(between, sentenceEnds)
	w.named = w.capital && !begins || strings.ContainsAny(between, quotes)
	w.likely = w.capital && !begins && strings.IndexFunc(raw[size:], unicode.IsLower) >= 0 ||
		slices.ContainsFunc(w.forms, func(f string) bool { return givenNames[f] })
	n := utf8.RuneCountInString(folded)
	w.skipped = folded == "" || legalForms[folded] || n < 2 || n < 3 && !w.named
	return w
}

// has reports whether one of the words is a form of this one, and which.
func (w mentionWord) has(words []string) (string, bool) {
	if w.skipped {
		return "", false
	}
	for _, f := range w.forms {
		if slices.Contains(words, f) {
			return f, true
		}
	}
	return "", false
}

// ofHim reports whether a word that is a form of a woman's surname is as well one of a man's: «позвонить Волкову» is hardly for
// Волкова.
func (w mentionWord) ofHim(term string) bool {
	return isSurname(term) && slices.ContainsFunc(herSurnames, func(end [2]string) bool {
		return strings.HasSuffix(term, end[0]) && strings.HasSuffix(w.forms[0], end[1])
	})
}

// mentioned is a card with what a text says of it.
type mentioned struct {
	client Client
	score  int  // words of the name count two, those of the company one
	strong bool // written so that nothing else can be meant
	other  bool // a neighbour looks like a part of somebody else's name
}

// chooseMention ranks the cards that the words name.
func chooseMention(cards []Client, words []mentionWord, me MemberID) Mention {
	var all []mentioned
	for _, c := range cards {
		if m := judgeMention(c, words); m.score > 0 {
			all = append(all, m)
		}
	}
	rank := func(a, b mentioned) int {
		return cmp.Or(cmp.Compare(b.score, a.score), last(a.client.Stage == StageArchive, b.client.Stage == StageArchive))
	}
	slices.SortFunc(all, func(a, b mentioned) int {
		return cmp.Or(rank(a, b), last(a.client.Owner != me, b.client.Owner != me), b.client.LastTouch.Compare(a.client.LastTouch),
			cmp.Compare(a.client.SortName, b.client.SortName), cmp.Compare(a.client.ID, b.client.ID))
	})
	var out Mention
	if len(all) > maxMentioned && !all[0].strong && rank(all[0], all[maxMentioned]) == 0 {
		return out // a common word
	}
	for _, m := range all[:min(len(all), maxMentioned)] {
		out.Clients = append(out.Clients, m.client)
	}
	out.Sure = len(all) > 0 && all[0].strong && !all[0].other && (len(all) == 1 || rank(all[0], all[1]) < 0)
	return out
}

// judgeMention counts the words of a text that the card's name and company have.
func judgeMention(c Client, words []mentionWord) mentioned {
	m := mentioned{client: c}
	business := c.Kind == KindBusiness || c.Kind == KindCorporate
	name, company := nameWords(c.SortName, business), nameWords(spell.Fold(c.Company), true)
	given, patronymic := belowSurname(name)
	var terms []string // of the name that are said
	hit := make([]bool, len(words))
	support := 0
	for i, w := range words {
		if term, ok := w.has(name); ok && (w.named || !business) {
			hit[i] = true
			if !slices.Contains(terms, term) {
				terms = append(terms, term)
			}
			m.strong = m.strong || (w.named || isSurname(term) && term != given && term != patronymic) && !w.ofHim(term)
		} else if _, ok := w.has(company); ok {
			hit[i] = true
			support++
			m.strong = m.strong || w.named
		}
	}
	if m.strong = m.strong || len(terms) > 1; m.strong || len(terms) > 0 {
		m.score = 2*len(terms) + support
	}
	for i, w := range words {
		beside := w.joined && i > 0 && hit[i-1] || i+1 < len(words) && words[i+1].joined && hit[i+1]
		m.other = m.other || w.likely && !hit[i] && beside
	}
	return m
}

package mongodb

import (
	"context"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
	"kartoteka/crm/spell"
)

// word is one entry of a team's vocabulary.
type word struct {
	ID       string     `bson:"_id"` // team:word
	Team     crm.TeamID `bson:"team"`
	Word     string     `bson:"word"`
	Variants []string   `bson:"variants"` // the word itself among them
}

// learn adds the words that the team's vocabulary does not have yet.
func (s *Store) learn(ctx context.Context, team crm.TeamID, words []string) error {
	if len(words) == 0 {
		return nil
	}
	missing := map[string]string{} // id → word
	for _, w := range words {
		missing[wordID(team, w)] = w
	}
	var ids []string
	for id := range missing {
		ids = append(ids, id)
	}
	known, err := list[struct {
		ID string `bson:"_id"`
	}](ctx, s.words(), bson.D{is("_id", op("$in", ids))}, 0)
	if err != nil {
		return err
	}
	for _, k := range known {
		delete(missing, k.ID)
	}
	var docs []word
	for id, w := range missing {
		docs = append(docs, word{id, team, w, append(spell.Variants(w), w)})
	}
	if len(docs) > 0 {
		_, err = s.words().InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	}
	if onlyDuplicates(err) != nil {
		return failed("learn words", err)
	}
	s.vocabulary.remember(ids)
	return nil
}

// unlearn takes words out of a team's vocabulary, but for those that a card has. Another process may remember for a while that a
// word is there: a card with it is then found by the word itself, not by a typo of it, until that process starts anew.
func (s *Store) unlearn(ctx context.Context, team crm.TeamID, words []string) error {
	for _, w := range words {
		found, err := list[head](ctx, s.clients(), bson.D{is("team", team), is("live", true), is("terms", w)}, 1)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			continue
		}
		if _, err := s.words().DeleteOne(ctx, bson.D{is("_id", wordID(team, w))}); err != nil {
			return failed("unlearn words", err)
		}
		s.vocabulary.forget(wordID(team, w))
	}
	return nil
}

// WordsNear lists distinct vocabulary words that are one of the variants or have one of them among their own.
func (s *Store) WordsNear(ctx context.Context, team crm.TeamID, variants []string, limit int) ([]string, error) {
	if len(variants) == 0 {
		return nil, nil
	}
	docs, err := list[word](ctx, s.words(), wordFilter(team, variants), limit)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range docs {
		out = append(out, d.Word)
	}
	return out, nil
}

func wordFilter(team crm.TeamID, variants []string) bson.D {
	return bson.D{is("team", team), is("variants", op("$in", variants))}
}

// maxKnown bounds the words that a process remembers to be in the vocabulary.
const maxKnown = 50_000

// vocabulary remembers which words are stored, so that a save asks only about new ones; forgetting them here costs a question.
type vocabulary struct {
	mu    sync.Mutex
	known map[string]bool // id of the word
}

func (v *vocabulary) remember(ids []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil || len(v.known)+len(ids) > maxKnown {
		v.known = map[string]bool{}
	}
	for _, id := range ids {
		v.known[id] = true
	}
}

func (v *vocabulary) forget(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.known, id)
}

// unknown lists those of the words that are not remembered.
func (v *vocabulary) unknown(team crm.TeamID, words []string) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []string
	for _, w := range words {
		if !v.known[wordID(team, w)] {
			out = append(out, w)
		}
	}
	return out
}

func wordID(team crm.TeamID, w string) string { return string(team) + ":" + w }

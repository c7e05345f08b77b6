package mongodb

import (
	"context"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
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
		docs = append(docs, word{id, team, w, append(crm.Variants(w), w)})
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

// vocabulary remembers which words are stored, so that a save asks only about new ones. Words are never
// taken out of the store; forgetting them here costs a question.
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

package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"kartoteka/crm"
	"kartoteka/crm/vcard"
	"kartoteka/handlers/talk"
)

// maxFile is how much a bot may download. Telegram: 20 MB.
const maxFile = 20 << 20

// errNoCards tells of a file that is not what its name says, or has nothing in it to make a card of.
var errNoCards = errors.New("no cards in the file")

// What is said of a file that was not read to its end: keys of texts, kept in Dialog.Answers.
const (
	warnCut = "cards.cut" // it ends in the middle of a card
)

// readCards reads a file of cards, and says if that is not all of it.
func readCards(t *talk.Turn, team crm.Team, b []byte) (drafts []crm.Draft, warn string, err error) {
	drafts, err = vcard.Read(bytes.NewReader(b), vcard.Options{Region: team.Region, Today: t.Today(),
		Names: vcard.Names{Anniversary: t.T.Label("cards.anniversary"), Other: t.T.Label("cards.other_date")}})
	switch {
	case len(drafts) == 0:
		return nil, "", errNoCards
	case err != nil && !errors.Is(err, crm.ErrTooLarge):
		warn = warnCut
	}
	for i := range drafts {
		for j := range drafts[i].Notes {
			n := &drafts[i].Notes[j]
			n.At, n.Key = t.In.At, fmt.Sprintf("%s.%d.%d", t.By.Cause, i, j)
		}
	}
	return drafts, warn, nil
}

func fetchCards(ctx context.Context, t *talk.Turn, team crm.Team, id string) ([]crm.Draft, string, error) {
	b, err := t.Out.Fetch(ctx, id, maxFile)
	if err != nil {
		return nil, "", err
	}
	return readCards(t, team, b)
}

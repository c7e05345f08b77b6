package imports

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/locales"
)

// cleared is a chat that the member has cleared: nothing in it can be edited.
type cleared struct {
	chat.Messenger
	sent []chat.Screen
}

func (c *cleared) Edit(context.Context, int64, int64, chat.Screen) error {
	return fmt.Errorf("message to edit not found: %w", chat.ErrGone)
}

func (c *cleared) Send(_ context.Context, _ int64, s chat.Screen) (int64, error) {
	c.sent = append(c.sent, s)
	return 70 + int64(len(c.sent)), nil
}

// records are the team, its member and where the import is shown.
type records struct{ screen int64 }

func (*records) Team(context.Context, crm.TeamID) (crm.Team, error) {
	return crm.Team{Protected: true}, nil
}
func (*records) Member(context.Context, crm.TeamID, crm.MemberID) (crm.Member, error) {
	return crm.Member{ID: "anna", Lang: "ru"}, nil
}
func (*records) KeptClients(context.Context, crm.Actor, crm.ImportID) ([]crm.Client, error) {
	return nil, nil
}
func (r *records) MoveImport(_ context.Context, by crm.Actor, id crm.ImportID, screen int64) (crm.Import, error) {
	if by.ID == "anna" && id == "m1" {
		r.screen = screen
	}
	return crm.Import{}, nil
}

// Whoever has deleted the message of an import hears how it ended; while it runs nothing is sent.
func TestOffice_tells_anew(t *testing.T) {
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	out, rec := &cleared{}, &records{}
	o := Office{Out: out, Catalog: catalog, Store: rec, Desk: rec, Clock: clockwork.NewFakeClock(), Failed: func(error) {}}
	i := crm.Import{ID: "m1", By: "anna", Chat: 1, Screen: 5, State: crm.ImportRunning, Begun: time.Unix(1, 0), Counts: crm.ImportCounts{New: 4496}}
	if o.Tell(t.Context(), i); len(out.sent) != 0 {
		t.Errorf("sent %+v while it runs", out.sent)
	}
	i.State = crm.ImportFailed
	o.Tell(t.Context(), i)
	if len(out.sent) != 1 || rec.screen != 71 || !out.sent[0].Protected || !strings.Contains(out.sent[0].Text, catalog.For("ru").HTML("import.failed")) {
		t.Errorf("sent %+v, shown by %d", out.sent, rec.screen)
	}
}

package team_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/team"
	"kartoteka/locales"
)

// narrow is a messenger that takes no large files.
type narrow struct {
	chat.Messenger
	err  error // of an upload
	said []string
}

func (n *narrow) Upload(_ context.Context, _ int64, name string, _ io.Reader, caption string) (int64, error) {
	if n.err != nil {
		return 0, n.err
	}
	n.said = append(n.said, name+": "+caption)
	return 1, nil
}

func (n *narrow) Send(_ context.Context, _ int64, s chat.Screen) (int64, error) {
	n.said = append(n.said, s.Text)
	return 2, nil
}

// A backup that the messenger does not take is not silently missing: its owner is told where it is.
func TestSendBackup(t *testing.T) {
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no network")
	for name, try := range map[string]struct {
		upload, want error
		says         string
	}{
		"sent":      {nil, nil, "kartoteka-1.age: <b>Backup of the base</b>\nClients in it: 12."},
		"too large": {chat.ErrTooLarge, nil, "It has 61 MB, Telegram takes up to 50. It is in the folder of backups on the server: kartoteka-1.age"},
		"failed":    {broken, broken, ""},
	} {
		t.Run(name, func(t *testing.T) {
			out := &narrow{err: try.upload}
			err := team.SendBackup(t.Context(), out, texts.For("en"), crm.Member{User: 7},
				team.Backup{Name: "kartoteka-1.age", Bytes: 61_500_000, Clients: 12, Content: strings.NewReader("")})
			if all := strings.Join(out.said, "\n"); !errors.Is(err, try.want) || !strings.Contains(all, try.says) || (try.says == "") != (all == "") {
				t.Errorf("said %q, %v", all, err)
			}
		})
	}
}

package team

import (
	"context"
	"errors"
	"fmt"
	"io"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/locales"
)

// Backup is a file that goes to an owner's chat.
type Backup struct {
	Name    string
	Bytes   int64
	Content io.ReadSeeker
	Clients int
}

// SendBackup sends it to the owner; where the messenger takes no file as large it says so instead.
func SendBackup(ctx context.Context, out chat.Messenger, t *locales.Texts, owner crm.Member, b Backup) error {
	_, err := out.Upload(ctx, owner.User, b.Name, b.Content, t.HTML("backup.sent", "clients", b.Clients))
	if errors.Is(err, chat.ErrTooLarge) {
		_, err = out.Send(ctx, owner.User, chat.Screen{Text: t.HTML("backup.too_large", "mb", b.Bytes/1e6, "name", b.Name)})
	}
	if err != nil {
		return fmt.Errorf("send backup: %w", err)
	}
	return nil
}

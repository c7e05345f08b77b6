package main

import (
	"context"
	"errors"
	"fmt"

	"kartoteka/crm"
)

// resetCode ends a member's one-time codes: who can run the program on its machine is the last resort of an owner whose phone
// is lost. The bot may run meanwhile; it tells the owners.
func resetCode(ctx context.Context, cfg *Config, w world) (err error) {
	st, err := openExisting(ctx, cfg)
	if err != nil {
		return cfg.storeError(err)
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	user := cfg.Code.Reset.User
	err = crm.NewDesk(st, w.clock).ResetCode(ctx, user)
	var known *crm.Error
	switch {
	case errors.As(err, &known) && known.Field == "member":
		return fmt.Errorf("nobody of the team has the Telegram id %d", user)
	case errors.As(err, &known) && known.Field == "code":
		return fmt.Errorf("the member with the Telegram id %d has no codes", user)
	case err != nil:
		return fmt.Errorf("reset code: %w", err)
	}
	_, _ = fmt.Fprintf(w.out, "The one-time codes of %d are off; new ones are made in the chat: /settings. The owners are told.\n", user)
	return nil
}

package telegram

import (
	"context"
	"errors"
	"time"

	tele "gopkg.in/telebot.v3"
)

// Me is the bot itself.
type Me struct {
	ID       int64
	Username string // without @
	Name     string
}

// Command is a line of Telegram's command menu.
type Command struct {
	Name        string // "add"
	Description string // 1–256 characters
}

// Profile is what Telegram shows of the bot to people whose program speaks Lang; "" is for all others.
type Profile struct {
	Lang          string // two letters
	Commands      []Command
	GroupCommands []Command
	Description   string // in the empty chat; up to 512 characters
	Short         string // on the profile page; up to 120 characters
}

// SetUp tells Telegram the commands and texts. What fails is logged: the bot works without. An end of ctx ends it between
// two calls; it does not go by telebot, whose own stop would cut off the call that is on its way.
func (b *Bot) SetUp(ctx context.Context, profiles []Profile) {
	for _, p := range profiles {
		b.setCommands(ctx, p.Commands, tele.CommandScopeAllPrivateChats, p.Lang)
		b.setCommands(ctx, p.GroupCommands, tele.CommandScopeAllGroupChats, p.Lang)
		b.try(ctx, "setMyDescription", map[string]any{"description": p.Description, "language_code": p.Lang})
		b.try(ctx, "setMyShortDescription", map[string]any{"short_description": p.Short, "language_code": p.Lang})
	}
	b.try(ctx, "setChatMenuButton", map[string]any{"menu_button": tele.MenuButton{Type: tele.MenuButtonCommands}})
}

// setCommands sets the menu of one scope; an empty one is left as it is.
func (b *Bot) setCommands(ctx context.Context, list []Command, scope tele.CommandScopeType, lang string) {
	if len(list) == 0 {
		return
	}
	all := make([]tele.Command, 0, len(list))
	for _, c := range list {
		all = append(all, tele.Command{Text: c.Name, Description: c.Description})
	}
	b.try(ctx, "setMyCommands", map[string]any{"commands": all, "scope": tele.CommandScope{Type: scope}, "language_code": lang})
}

// rest is between two settings for which nobody waits.
const rest = 100 * time.Millisecond

// Rest waits for as long as has to be between two settings of many; an error if ctx ends.
func (b *Bot) Rest(ctx context.Context) error { return pause(ctx, rest) }

// try makes one call, again after a flood or a transient failure.
func (b *Bot) try(ctx context.Context, method string, params map[string]any) {
	if ctx.Err() != nil {
		return
	}
	err := b.sender.direct(ctx, func() error {
		call, cancel := begun(ctx, callLimit)
		defer cancel()
		return b.api.call(call, method, params, nil)
	})
	if err != nil && ctx.Err() == nil {
		b.log.Warn("telegram did not take a setting", "method", method, "error", err)
	}
}

// Connect asks Telegram who the bot is, and waits for it as long as it is out of reach and ctx lasts. It fails
// with ErrToken if the token is wrong. Run and SetWebhook do it themselves if it was not done.
func (b *Bot) Connect(ctx context.Context) (Me, error) {
	for failures := 1; ; failures++ {
		me, err := b.Identify(ctx)
		if err == nil {
			b.me.Store(&me)
		}
		if err == nil || errors.Is(err, ErrToken) {
			return me, err
		}
		wait := backoff(err, failures)
		b.log.Warn("telegram is out of reach", "failures", failures, "wait", wait, "error", err)
		if err := pause(ctx, wait); err != nil {
			return Me{}, err
		}
	}
}

// Identify asks Telegram once who the bot is: ErrToken if the token is wrong, any other error if no answer came.
func (b *Bot) Identify(ctx context.Context) (Me, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	var u tele.User
	err := b.api.call(ctx, "getMe", struct{}{}, &u)
	if e := (*Error)(nil); errors.As(err, &e) && e.Class == Unauthorized {
		return Me{}, ErrToken
	}
	if err != nil {
		return Me{}, err
	}
	return Me{ID: u.ID, Username: u.Username, Name: u.FirstName}, nil
}

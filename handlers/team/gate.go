// Package team is the conversation about people and settings: getting in, inviting, the team's own fields, the
// member's language and time zone, help.
package team

import (
	"context"
	"errors"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// Register adds commands, buttons and forms; owner is the Telegram user whom the settings make the first owner, 0
// for none.
func Register(r *talk.Router, owner int64) {
	r.Gate(func(ctx context.Context, t *talk.Turn) (bool, error) { return enter(ctx, t, owner) })
	r.Command("start", welcome)
	r.Menu(showMenu)
	r.Command("help", help)
	r.Press(talk.VerbHelp, func(ctx context.Context, t *talk.Turn, _ talk.Data) error { return help(ctx, t) })
	r.Command("cancel", cancel)
	registerInvite(r)
	registerPeople(r)
	registerSettings(r)
	registerFields(r)
}

// Prefixes of start parameters that let people in. Telegram: at most 64 of A–Z a–z 0–9 _ -.
const (
	claimPrefix  = "claim_"
	invitePrefix = "inv_"
)

// ClaimLink is the address by which the first owner gets in.
func ClaimLink(bot, code string) string { return startLink(bot, claimPrefix+code) }

func startLink(bot, parameter string) string { return "https://t.me/" + bot + "?start=" + parameter }

// enter lets a person in who brings a claim or an invitation, or whom the settings name; tells everybody else once
// that access is by invitation.
func enter(ctx context.Context, t *talk.Turn, owner int64) (bool, error) {
	if t.In.Press != nil { // of a message that was sent while they were a member
		t.Alert(t.T.Label("join.no_access"))
		return false, nil
	}
	who := newcomer(t.In.From, t.T.Lang())
	m, err := admit(ctx, t, who, owner)
	switch {
	case err == nil:
		t.Enter(m)
		return true, welcome(ctx, t)
	case errors.Is(err, crm.ErrExpired):
		_, sendErr := t.Send(ctx, chat.Screen{Text: t.T.HTML("join.expired")})
		return false, sendErr
	case !errors.Is(err, crm.ErrDenied):
		return false, err
	}
	first, err := t.Desk.TellStranger(ctx, t.In.From.ID)
	if err != nil || !first {
		return false, err
	}
	return false, t.Say(ctx, "join.stranger")
}

// admit tries what the person brings; ErrDenied if they bring nothing.
func admit(ctx context.Context, t *talk.Turn, who crm.Newcomer, owner int64) (crm.Member, error) {
	if t.In.Command == "start" {
		if code, ok := strings.CutPrefix(t.In.Args, claimPrefix); ok {
			return t.Desk.Claim(ctx, who, code, talk.CauseOf(t.In))
		}
		if code, ok := strings.CutPrefix(t.In.Args, invitePrefix); ok {
			return t.Desk.AcceptInvite(ctx, who, code, talk.CauseOf(t.In))
		}
	}
	if owner != 0 && who.User == owner {
		m, err := t.Desk.Adopt(ctx, who, talk.CauseOf(t.In))
		if !errors.Is(err, crm.ErrExpired) {
			return m, err
		}
	}
	return crm.Member{}, crm.ErrDenied
}

func newcomer(p chat.Person, lang string) crm.Newcomer {
	return crm.Newcomer{User: p.ID, Name: strings.TrimSpace(p.First + " " + p.Last), Username: p.Username, Lang: lang}
}

// ofRole is a text for the member's role where there is one of its own, else the one for all.
func ofRole(t *talk.Turn, key string) string {
	if own := key + "_" + string(t.By.Role); t.T.Has(own) {
		return own
	}
	return key
}

// welcome says what can be done here, in a few lines. A member's old invitation link lands here too.
func welcome(ctx context.Context, t *talk.Turn) error {
	var work []chat.Button
	offer := func(a crm.Action, b chat.Button) {
		if t.May(ctx, a) {
			work = append(work, b)
		}
	}
	offer(crm.ActionTendClients, talk.Button(t.T.Label("button.my_clients"), talk.VerbList, "", "mine"))
	offer(crm.ActionAddClient, talk.Button(t.T.Label("button.add"), talk.VerbNew, "", ""))
	rows := [][]chat.Button{{talk.Button(t.T.Label("button.help"), talk.VerbHelp, "", ""), talk.Button(t.T.Label("button.settings"), talk.VerbSettings, "", "")}}
	if len(work) > 0 {
		rows = append([][]chat.Button{work}, rows...)
	}
	_, err := t.Send(ctx, chat.Screen{Text: t.T.HTML(ofRole(t, "start.welcome"), "name", firstName(t)), Buttons: rows})
	return err
}

func firstName(t *talk.Turn) string {
	if t.In.From.First != "" {
		return t.In.From.First
	}
	return t.By.Name
}

func help(ctx context.Context, t *talk.Turn) error {
	_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML(ofRole(t, "help.text"), "bot", t.Bot)})
	return err
}

// cancel ends what is open.
func cancel(ctx context.Context, t *talk.Turn) error {
	ok, err := t.CancelOpen(ctx)
	if err != nil || ok {
		return err
	}
	return t.Say(ctx, "cancel.nothing")
}

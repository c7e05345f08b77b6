package team

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"kartoteka/crm"
	"kartoteka/crm/city"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

const formZone = "zone"

// zones that are offered, from west to east; for any other the city is typed or the place is shared.
var zones = []string{
	"Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
	"Asia/Irkutsk", "Asia/Vladivostok", "Europe/London", "Europe/Berlin", "Asia/Almaty", "Asia/Tashkent",
}

func registerZone(r *talk.Router) {
	r.Press(talk.VerbZone, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		switch zone, name, _ := strings.Cut(d.Arg, "="); zone {
		case "":
			return askZone(ctx, t, nil)
		case "here":
			return askSpot(ctx, t)
		default:
			return move(ctx, t, city.Of(zone, name))
		}
	})
	r.Message(strayed)
	r.Form(formZone, talk.Form{Question: true, Answer: answerZone, Press: func(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error {
		if err := t.End(ctx); err != nil {
			return err
		}
		return settings(ctx, t)
	}, Show: func(ctx context.Context, t *talk.Turn, _ crm.Dialog) error { return askZone(ctx, t, nil) }})
}

// askZone asks where the member is; wrong is what was the matter with the answer before.
func askZone(ctx context.Context, t *talk.Turn, wrong error) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formZone, Screen: t.In.Message})
	if err != nil {
		return err
	}
	var choices []chat.Button
	for _, z := range zones {
		choices = append(choices, cityButton(city.Of(z, "").In(t.T.Lang()), city.City{Zone: z}))
	}
	rows := append(talk.Rows(3, choices...), []chat.Button{
		talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", ""), talk.Button(t.T.Label("button.spot"), talk.VerbZone, "", "here"),
	})
	text := t.Refusal(wrong) + t.T.HTML("settings.ask_zone", "city", t.By.Town().In(t.T.Lang()), "clock", t.Now.Format("15:04"))
	return t.Present(ctx, d, chat.Screen{Text: text, Buttons: rows})
}

// cityButton moves the member to a city.
func cityButton(label string, c city.City) chat.Button {
	const most = 64 - len("zone||") // bytes; of a long name the beginning does
	arg := c.Zone
	for _, r := range "=" + c.Name {
		if c.Name != "" && len(arg)+utf8.RuneLen(r) <= most {
			arg += string(r)
		}
	}
	return talk.Button(label, talk.VerbZone, "", arg)
}

// askSpot puts a key on the phone that shares where it is.
func askSpot(ctx context.Context, t *talk.Turn) error {
	if _, err := t.Open(ctx, crm.Dialog{Form: formZone, Answers: map[string]string{"spot": "asked"}}); err != nil {
		return err
	}
	_, err := t.Send(ctx, chat.Screen{Text: t.T.HTML("settings.ask_spot"),
		Ask: &chat.Ask{Rows: [][]chat.AskButton{{{Text: t.T.Label("button.share_spot"), Spot: true}}}}})
	return err
}

func answerZone(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if s := t.In.Spot; s != nil {
		c, ok := city.At(s.Latitude, s.Longitude)
		if !ok {
			return true, askZone(ctx, t, &crm.Error{Kind: crm.ErrInvalid, Field: "spot"})
		}
		return true, arrive(ctx, t, "settings.spot_is", c)
	}
	if !talk.Typed(t.In) {
		return false, nil
	}
	found, sure := city.Find(t.In.Text)
	switch {
	case len(found) == 0:
		return true, askZone(ctx, t, &crm.Error{Kind: crm.ErrInvalid, Field: "zone"})
	case !sure:
		return true, askWhich(ctx, t, found)
	case d.Answers["spot"] != "": // the key on the phone that shares the place is of no more use
		return true, arrive(ctx, t, "settings.city_is", found[0])
	}
	return true, move(ctx, t, found[0])
}

// strayed takes a place that is shared when nobody has asked for it, such as by a key that stayed on the phone: it may be to
// move there.
func strayed(ctx context.Context, t *talk.Turn) (bool, error) {
	s := t.In.Spot
	if s == nil {
		return false, nil
	}
	c, ok := city.At(s.Latitude, s.Longitude)
	if !ok {
		return false, nil
	}
	if _, err := t.Send(ctx, chat.Screen{Text: t.T.HTML("settings.spot_is", "city", c.In(t.T.Lang())), Ask: &chat.Ask{Remove: true}}); err != nil {
		return true, err
	}
	return true, askWhich(ctx, t, []city.City{c})
}

// askWhich lets the member choose among cities of one name, by the time that it is there.
func askWhich(ctx context.Context, t *talk.Turn, found []city.City) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formZone})
	if err != nil {
		return err
	}
	var choices []chat.Button
	for _, c := range found {
		loc, err := time.LoadLocation(c.Zone)
		if err != nil {
			return fmt.Errorf("zone of a city: %w", err)
		}
		choices = append(choices, cityButton(t.T.Label("settings.city_now", "city", c.In(t.T.Lang()), "clock", t.Now.In(loc).Format("15:04")), c))
	}
	rows := append(talk.Rows(1, choices...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbZone, "", "")})
	text := t.T.HTML("settings.which_city")
	if len(found) == 1 {
		text = t.T.HTML("settings.this_city")
	}
	return t.Present(ctx, d, chat.Screen{Text: text, Buttons: rows})
}

// arrive moves the member to a city, and takes the key that shares where the phone is away; said is the key of the text that
// tells of the city.
func arrive(ctx context.Context, t *talk.Turn, said string, c city.City) error {
	if _, err := t.Send(ctx, chat.Screen{Text: t.T.HTML(said, "city", c.In(t.T.Lang())), Ask: &chat.Ask{Remove: true}}); err != nil {
		return err
	}
	return move(ctx, t, c)
}

// move sets the member's city and shows what the settings are now.
func move(ctx context.Context, t *talk.Turn, c city.City) error {
	m, err := t.Desk.SetCity(ctx, t.By, c)
	if errors.Is(err, crm.ErrInvalid) {
		return askZone(ctx, t, err)
	}
	if err != nil {
		return err
	}
	if err := t.End(ctx); err != nil {
		return err
	}
	t.Enter(m)
	return settings(ctx, t)
}

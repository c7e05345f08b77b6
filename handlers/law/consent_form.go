package law

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/calendar"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// The form asks on which day a consent was given or withdrawn, since paper comes late, and of one that was given what proves it. Its
// answers: client, purpose, way ("" where it is withdrawn), day.
const (
	formConsent  = "consent"
	stepDay      = "day"
	stepEvidence = "evidence"
)

func openConsent(ctx context.Context, t *talk.Turn, answers map[string]string) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formConsent, Step: stepDay, Screen: t.In.Message, Answers: answers})
	if err != nil {
		return err
	}
	return showConsent(ctx, t, d)
}

func showConsent(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if d.Step == stepDay {
		return askConsentDay(ctx, t, d, "", nil)
	}
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("consent.ask_evidence"), Buttons: [][]chat.Button{{
		talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", ""), talk.Button(t.T.Label("button.skip"), talk.VerbSkip, "", ""),
	}}})
}

// askConsentDay asks for the day: today by one tap, any other from the calendar or typed.
func askConsentDay(ctx context.Context, t *talk.Turn, d crm.Dialog, v calendar.View, wrong error) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.Answers["client"]))
	if err != nil {
		return err
	}
	key := "consent.ask_day"
	if d.Answers["way"] == "" {
		key = "consent.ask_day_off"
	}
	p := calendar.Picker{T: t.T, For: stepDay, Verb: talk.VerbForm, Today: t.Today(), Days: calendar.Past}
	rows := [][]chat.Button{{talk.Button(t.T.Label("consent.today"), talk.VerbForm, "", stepDay+":"+t.Today().String())}}
	rows = append(rows, p.Rows(v)...)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")})
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML(key, "name", c.Name, "what", t.T.Small("purpose."+d.Answers["purpose"])), Buttons: rows})
}

func answerConsent(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	if d.Step != stepDay {
		return true, given(ctx, t, d, t.In.Text)
	}
	day, wrong := crm.ReadPastDay(t.In.Text, t.Now)
	if wrong != nil {
		if misread, err := t.Misread(ctx); err != nil || !misread {
			return false, err // a search, or whatever else it is
		}
		return true, askConsentDay(ctx, t, d, "", wrong)
	}
	return true, takeConsentDay(ctx, t, d, day)
}

func pressConsent(ctx context.Context, t *talk.Turn, d crm.Dialog, data talk.Data) error {
	of, day, _ := strings.Cut(data.Arg, ":")
	switch {
	case data.Verb == talk.VerbSkip && d.Step == stepEvidence:
		return given(ctx, t, d, "")
	case data.Verb != talk.VerbForm:
		return leaveConsent(ctx, t, d)
	case d.Step != stepDay || of != stepDay:
		return t.Stale(ctx)
	}
	if picked, ok := calendar.Picked(day); ok {
		return takeConsentDay(ctx, t, d, picked)
	}
	return askConsentDay(ctx, t, d, calendar.View(day), nil)
}

// takeConsentDay goes on to what proves a consent, or writes down that it was withdrawn.
func takeConsentDay(ctx context.Context, t *talk.Turn, d crm.Dialog, day civil.Date) error {
	id, p := crm.ClientID(d.Answers["client"]), crm.Purpose(d.Answers["purpose"])
	if d.Answers["way"] != "" {
		d.Step, d.Answers["day"] = stepEvidence, day.String()
		d, err := t.Save(ctx, d)
		if err != nil {
			return err
		}
		return showConsent(ctx, t, d)
	}
	c, err := t.Desk.WithdrawConsent(ctx, t.By, id, p, day)
	if err != nil {
		return againConsent(ctx, t, d, err)
	}
	if err := t.End(ctx); err != nil {
		return err
	}
	return consents(ctx, t, id, c.ID)
}

// wrongDays end the field of an error that says what is wrong with a day.
var wrongDays = []string{"future", "before", "early"}

// againConsent asks for another day if the one that was given is what is wrong, and says why.
func againConsent(ctx context.Context, t *talk.Turn, d crm.Dialog, wrong error) error {
	var e *crm.Error
	if !errors.As(wrong, &e) || !slices.Contains(wrongDays, e.Field[strings.LastIndex(e.Field, ".")+1:]) {
		return wrong
	}
	d.Step = stepDay
	d, err := t.Save(ctx, d)
	if err != nil {
		return err
	}
	return askConsentDay(ctx, t, d, "", wrong)
}

func leaveConsent(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if err := t.End(ctx); err != nil {
		return err
	}
	return consents(ctx, t, crm.ClientID(d.Answers["client"]), "")
}

// given writes the consent down.
func given(ctx context.Context, t *talk.Turn, d crm.Dialog, evidence string) error {
	day, err := civil.ParseDate(d.Answers["day"])
	if err != nil {
		return t.Stale(ctx)
	}
	id := crm.ClientID(d.Answers["client"])
	in := crm.ConsentInput{Purpose: crm.Purpose(d.Answers["purpose"]), Way: crm.ConsentWay(d.Answers["way"]), Evidence: evidence, Day: day}
	if _, err := t.Desk.GiveConsent(ctx, t.By, id, in); err != nil {
		return againConsent(ctx, t, d, err)
	}
	if err := t.End(ctx); err != nil {
		return err
	}
	return consents(ctx, t, id, "")
}

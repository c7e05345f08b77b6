package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ConsentText is what clients of the team consent to, in its words. Each version stays: a consent holds to the text it was
// given to, and who must prove it must show that (GDPR, article 7 (1); 152-ФЗ, article 9 (3)).
type ConsentText struct {
	No    int       `json:"no" bson:"no"` // 1 is the first
	Text  string    `json:"text" bson:"text"`
	Since time.Time `json:"since" bson:"since"`
	By    MemberID  `json:"by" bson:"by"` // who set it
}

const (
	maxConsentText  = 3000 // runes: what one message shows with what stands around it
	maxConsentTexts = 50
)

// ConsentText is the version that holds now; ok is false if the team has set none.
func (t Team) ConsentText() (text ConsentText, ok bool) {
	if len(t.ConsentTexts) == 0 {
		return ConsentText{}, false
	}
	return t.ConsentTexts[len(t.ConsentTexts)-1], true
}

// SetConsentText sets what clients consent to from now on; the same text again is no new version. ErrInvalid on "consent_text",
// "consent_text.long", or "consent_text.count" if it was changed too often.
func (d *Desk) SetConsentText(ctx context.Context, by Actor, text string) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) error {
		clean, err := cleanText(text, maxConsentText, "consent_text")
		last, _ := t.ConsentText()
		switch {
		case err != nil:
			return err
		case clean == "":
			return invalid("consent_text")
		case clean == last.Text:
			return nil
		case len(t.ConsentTexts) >= maxConsentTexts:
			return invalid("consent_text.count")
		}
		t.ConsentTexts = append(slices.Clone(t.ConsentTexts), ConsentText{No: last.No + 1, Text: clean, Since: d.now(), By: by.ID})
		return nil
	})
}

// consentYears is how long a consent is kept after it has ended: claims end after three years (ГК РФ, article 196), with a
// suspension after ten at the most; six cover a claim of the last day and its trial.
const consentYears = 6

// consentBatch is how many one purge removes at the most.
const consentBatch = 500

// PurgeConsents removes consents that have ended long enough ago, in every team; it is run by the clock.
func (d *Desk) PurgeConsents(ctx context.Context) error {
	for {
		n, err := d.store.PurgeConsents(ctx, d.now().AddDate(-consentYears, 0, 0), consentBatch)
		if err != nil {
			return fmt.Errorf("purge consents: %w", err)
		}
		if n < consentBatch {
			return nil
		}
	}
}

// EndConsents ends the consents of clients who are gone for good, as of then: what was consented to has ended with them, and
// the years for which it is kept begin. Done again it changes nothing.
func (d *Desk) EndConsents(ctx context.Context, gone []Erased) error {
	for _, e := range gone {
		list, err := d.store.Consents(ctx, e.Team, e.Client)
		if err != nil {
			return fmt.Errorf("read consents: %w", err)
		}
		for _, c := range list {
			if !c.Withdrawn.IsZero() {
				continue
			}
			c.Rev, c.Withdrawn = c.Rev+1, e.At
			err := d.store.SaveConsent(ctx, c, Event{ID: EventID("end." + string(c.ID)), Team: c.Team, Schema: schemaVersion,
				Action: ActionWithdrawConsent, Record: string(c.ID), Rev: c.Rev, At: d.now()})
			if err != nil && !errors.Is(err, ErrApplied) {
				return fmt.Errorf("end consent %s: %w", c.ID, err)
			}
		}
	}
	return nil
}

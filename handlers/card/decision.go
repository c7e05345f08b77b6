package card

import (
	"cmp"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Decided is what was decided about a matter, in a word: «отложено», of what was done with how it ended.
func Decided(t *locales.Texts, d crm.Decision) string {
	what := t.Label("decided." + string(d.What))
	if d.What == crm.DecidedDone && (d.About == crm.RemindBirthday || d.About == crm.RemindAnniversary) {
		what = t.Label("decided.wished")
	}
	if d.Outcome != crm.OutcomeNone {
		what += ", " + t.Small("outcome."+string(d.Outcome))
	}
	return what
}

// DecidedAbout is what the matter was, and until when it was put off or whose it is now: «отправить КП → завтра в 10:00». when is how
// times are told.
func DecidedAbout(t *locales.Texts, d crm.Decision, names map[crm.MemberID]string, when func(time.Time) string) string {
	about := decidedAbout(t, d)
	switch d.What {
	case crm.DecidedLater:
		return t.Label("decided.to", "about", about, "to", when(d.Until))
	case crm.DecidedPass:
		return t.Label("decided.to", "about", about, "to", cmp.Or(names[d.To], t.Label("member.gone")))
	}
	if d.Note != "" {
		about += "\n" + d.Note
	}
	return about
}

func decidedAbout(t *locales.Texts, d crm.Decision) string {
	what := d.Text
	switch {
	case d.About == crm.RemindTask:
		return cmp.Or(what, t.Label("card.task_contact"))
	case d.About != crm.RemindDate:
		what = t.Label("decided_about." + string(d.About))
	}
	if d.Day.IsZero() {
		return what
	}
	return strings.TrimPrefix(what+", "+t.DayMonth(d.Day), ", ")
}

// Whenever tells times as people do, in a message that is read about now.
func Whenever(t *talk.Turn) func(time.Time) string {
	return func(at time.Time) string { return t.T.When(at.In(t.Now.Location()), t.Now) }
}

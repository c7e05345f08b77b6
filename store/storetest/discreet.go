package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kartoteka/crm"
)

// planted is in every field that can hold personal data of the records that testDiscreet writes.
const planted = "Горлодранов"

// testDiscreet: errors go to the log, so they quote nothing of what was written: not the server's words about a key that is there
// twice or a document that is too large, not a value that cannot be kept.
func testDiscreet(t *testing.T, h harness) {
	h.run(t, "errors_quote_nothing", func(k *kit) {
		cancelled, cancel := context.WithCancel(k.ctx)
		cancel()
		k.quotesNothing(k.ctx, "once", planted)
		k.quotesNothing(k.ctx, "twice", planted)
		k.quotesNothing(cancelled, "cancelled", planted)
		huge := strings.Repeat(planted+" ", 17<<20/len(planted)) // more than MongoDB takes
		k.discreet("huge", k.SaveDialog(k.ctx, crm.Dialog{ID: "2", Rev: 1, Answers: map[string]string{"name": huge}}))
		k.ok(k.Close())
		k.quotesNothing(k.ctx, "closed", planted)
	})
}

// quotesNothing does all that can be done with planted records, and looks at what comes back as errors.
func (k *kit) quotesNothing(ctx context.Context, name, text string) {
	k.Helper()
	c := card("r1", func(c *crm.Client) {
		c.Profile = crm.Profile{Name: text, Phones: []crm.Phone{{E164: planted}}, Emails: []string{planted}, City: planted}
		c.Terms, c.Words, c.Keys, c.TagKeys = []string{planted}, []string{planted}, []string{"p" + planted}, []string{planted}
	})
	change := crm.ClientChange{Client: c, Event: k.event(acme, "r1", 1),
		Touches: []crm.Touch{{ID: "r1", Team: acme, Client: c.ID, Text: text}}}
	change.Event.Fields = map[string]crm.Delta{"name": {After: text}}
	touched := change.Touches[0]
	touched.ID = "other" + touched.ID
	twice := crm.ClientChange{Client: card("c"+name, func(c *crm.Client) { c.Name = planted }), Event: k.event(acme, "r1", 1), Touches: []crm.Touch{touched, touched}}
	_, mark := k.MarkOnce(ctx, "r1", day(1, 1))
	_, found := k.SearchClients(ctx, crm.TermQuery{Team: acme, Groups: []crm.TermGroup{{Prefixes: []string{planted}}}, Limit: 5})
	_, near := k.WordsNear(ctx, acme, []string{planted}, 5)
	_, read := k.Client(ctx, acme, "no"+c.ID)
	_, invite := k.Invite(ctx, "no")
	_, dialog := k.Dialog(ctx, "no")
	_, planned := k.PlanReminder(ctx, crm.Reminder{ID: "r1", Team: acme, State: crm.ReminderPlanned, Due: day(1, 1)})
	for what, err := range map[string]error{
		"SaveClient": k.SaveClient(ctx, change), "SaveClients": k.SaveClients(ctx, []crm.ClientChange{change}), "two touches": k.SaveClient(ctx, twice),
		"SaveTeam":    k.SaveTeam(ctx, crm.Team{ID: "r1", Name: text, Rev: 1}, k.event("r1", "r1", 1)),
		"SaveMember":  k.SaveMember(ctx, crm.Member{ID: "r1", Team: acme, Name: text, User: 5, Rev: 1}, k.event(acme, "r1", 1)),
		"same user":   k.SaveMember(ctx, crm.Member{ID: "r2", Team: acme, Name: text, User: 5, Rev: 1}, k.event(acme, "r1", 1)),
		"SaveInvite":  k.SaveInvite(ctx, crm.Invite{ID: "r1", Team: acme, Rev: 1}, k.event(acme, "r1", 1)),
		"SaveConsent": k.SaveConsent(ctx, crm.Consent{ID: "r1", Team: acme, Evidence: text, Rev: 1}, k.event(acme, "r1", 1)),
		"SaveTask":    k.SaveTask(ctx, crm.Task{ID: "r1", Team: acme, Text: text, Rev: 1}, k.event(acme, "r1", 1)),
		"SaveDialog":  k.SaveDialog(ctx, crm.Dialog{ID: "r1", Rev: 1, Answers: map[string]string{"name": text}}),
		"SetAside":    k.SetAside(ctx, crm.StrayUpdate{ID: 1, Raw: []byte(text)}),
		"AddEvent":    k.AddEvent(ctx, crm.Event{ID: "r1", Team: acme, Fields: map[string]crm.Delta{"name": {After: text}}}),
		"AddSeal":     k.AddSeal(ctx, crm.Seal{ID: "r1", Team: acme, Seq: 1}, []crm.Salt{{Record: "r1", Key: planted}}),
		"MarkOnce":    mark, "SearchClients": found, "WordsNear": near, "Client": read, "Invite": invite, "Dialog": dialog, "PlanReminder": planned,
	} {
		k.discreet(what+", "+name, err)
		if fails := name == "closed" || name == "cancelled" || name == "twice" && strings.HasPrefix(what, "SaveClient"); fails && err == nil {
			k.Errorf("%s, %s: got no error", what, name)
		}
	}
}

// discreet looks for what was planted in an error, and in what is within it, where somebody may look deeper.
func (k *kit) discreet(what string, err error) {
	k.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		if strings.Contains(err.Error(), planted) {
			k.Errorf("%s: the error quotes what was written: %.300s", what, err)
			return
		}
	}
}

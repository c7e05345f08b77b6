package card

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// registerFate adds what becomes of a card: archive, bin, back again, another responsible, undo.
func registerFate(r *talk.Router) {
	r.Press(talk.VerbArchive, archive)
	r.Press(talk.VerbRestore, restore)
	r.Press(talk.VerbDelete, remove)
	r.Press(talk.VerbUndo, undo)
	r.Press(talk.VerbHand, hand)
	r.Press(talk.VerbHandTo, handTo)
	r.Form(formArchive, talk.Form{Question: true, Answer: archiveReason, Press: leaveForm, Cancel: leave, Show: showCardForm})
}

// reasons offered for archiving; texts are archive.reason.<name>.
var reasons = []string{"refused", "no_answer", "not_needed", "competitor"}

const formArchive = "archive"

// archive asks for the reason: one of the offered by its number, or any text.
func archive(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.ClientID(d.ID)
	if d.Arg == "" {
		return askArchive(ctx, t, id, d.From != "")
	}
	reason := ""
	if n, err := strconv.Atoi(d.Arg); err == nil && n >= 0 && n < len(reasons) {
		reason = t.T.Label("archive.reason." + reasons[n])
	}
	return archiveFor(ctx, t, id, reason)
}

// answerAside is that the question was asked from another screen than the card, to which «Назад» leads.
const answerAside = "aside"

func askArchive(ctx context.Context, t *talk.Turn, id crm.ClientID, aside bool) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	if !t.Desk.May(ctx, t.By, crm.ActionArchiveClient, c) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionArchiveClient)}
	}
	dialog := crm.Dialog{Form: formArchive, Screen: t.In.Message, Answers: map[string]string{"client": string(id)}}
	back := talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")
	if place, ok, err := t.Came(ctx, t.In.Message); err != nil {
		return err
	} else if ok && aside {
		dialog.Answers[answerAside], back = "1", talk.Back(back.Text, place)
	}
	if dialog, err = t.Open(ctx, dialog); err != nil {
		return err
	}
	var choices []chat.Button
	for i, name := range reasons {
		choices = append(choices, talk.Button(t.T.Label("archive.reason."+name), talk.VerbArchive, string(id), strconv.Itoa(i)))
	}
	rows := talk.Rows(2, choices...)
	rows = append(rows, []chat.Button{back, talk.Button(t.T.Label("archive.no_reason"), talk.VerbArchive, string(id), "none")})
	return t.Present(ctx, dialog, chat.Screen{Text: t.T.HTML("archive.ask", "name", c.Name), Buttons: rows})
}

func archiveReason(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	c, err := t.Desk.ArchiveClient(ctx, t.By, crm.ClientID(d.Answers["client"]), t.In.Text)
	if err != nil {
		return true, err
	}
	if err := t.End(ctx); err != nil {
		return true, err
	}
	s, err := Changed(ctx, t, c)
	if err != nil {
		return true, err
	}
	return true, t.ShowAnswered(ctx, d.Screen, s)
}

func archiveFor(ctx context.Context, t *talk.Turn, id crm.ClientID, reason string) error {
	c, err := t.Desk.ArchiveClient(ctx, t.By, id, reason)
	return settle(ctx, t, c, err)
}

// settle ends the dialog that asked for a change of the card, if one did, and shows the card as the change has made it.
func settle(ctx context.Context, t *talk.Turn, c crm.Client, err error) error {
	if err != nil {
		return err
	}
	d, ok, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	if ok && d.Answers["client"] == string(c.ID) {
		if err := t.End(ctx); err != nil {
			return err
		}
	}
	return ShowChanged(ctx, t, c)
}

// leaveForm ends a dialog about a card and shows the card again.
func leaveForm(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
	return leave(ctx, t, d)
}

func leave(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if err := t.End(ctx); err != nil {
		return err
	}
	return Open(ctx, t, crm.ClientID(d.Answers["client"]))
}

// showCardForm takes a dialog about a card up again.
func showCardForm(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	id := crm.ClientID(d.Answers["client"])
	if d.Form == formArchive {
		return askArchive(ctx, t, id, d.Answers[answerAside] != "")
	}
	return askAgain(ctx, t, d, nil)
}

// restore takes a card back; Arg "all": though another card has its phone or e-mail by now.
func restore(ctx context.Context, t *talk.Turn, d talk.Data) error {
	take := t.Desk.RestoreClient
	if d.Arg == "all" {
		take = t.Desk.RestoreDespite
	}
	c, err := take(ctx, t.By, crm.ClientID(d.ID))
	var twin *crm.DuplicateError
	if errors.As(err, &twin) {
		return AskTwin(ctx, t, twin, talk.Data{Verb: talk.VerbRestore, ID: d.ID, Arg: "all"})
	}
	if err != nil {
		return err
	}
	t.Toast(t.T.Label("card.restored"))
	return ShowChanged(ctx, t, c)
}

// AskTwin says which other cards have what would come back, and offers to bring it back all the same.
func AskTwin(ctx context.Context, t *talk.Turn, twin *crm.DuplicateError, again talk.Data) error {
	_, err := t.Show(ctx, twins(ctx, t, twin.Found,
		talk.Button(t.T.Label("button.back"), talk.VerbCard, again.ID, ""),
		talk.Button(t.T.Label("button.restore_all"), again.Verb, again.ID, again.Arg)))
	return err
}

// remove asks first; Arg "yes" does it.
func remove(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.ClientID(d.ID)
	if d.Arg == "yes" {
		c, err := t.Desk.DeleteClient(ctx, t.By, id)
		if err != nil {
			return err
		}
		t.Toast(t.T.Label("card.deleted_toast", "days", crm.BinDays))
		return Show(ctx, t, c)
	}
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	yes := talk.Button(t.T.Label("button.delete"), talk.VerbDelete, d.ID, "yes")
	yes.Style = chat.StyleDanger
	text := t.T.HTML("card.delete_ask", "name", c.Name, "days", crm.BinDays)
	if !c.EraseBy.IsZero() {
		text += "\n\n" + t.T.HTML("card.delete_wish", "day", t.T.Date(c.EraseBy))
	}
	_, err = t.Show(ctx, chat.Screen{
		Text:    text,
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.back"), talk.VerbMore, d.ID, ""), yes}},
	})
	return err
}

// despiteMark ends the argument of an undo that is to be made though another card has by now what comes back.
const despiteMark = ".all"

// clientMark ends the argument of an undo that takes back a card which by handed over, be it that by sees it no more.
const clientMark = ".c"

// undo takes back the last change, if the card has not changed since the button was made.
func undo(ctx context.Context, t *talk.Turn, d talk.Data) error {
	number, despite := strings.CutSuffix(d.Arg, despiteMark)
	number, handed := strings.CutSuffix(number, clientMark)
	rev, err := strconv.ParseInt(number, 36, 64)
	if err != nil {
		return t.Stale(ctx)
	}
	id, take := crm.ClientID(d.ID), t.Desk.UndoClient
	switch {
	case despite:
		take = t.Desk.UndoDespite
	case handed:
		take = t.Desk.TakeBackClient
	}
	c, err := take(ctx, t.By, id, rev)
	var twin *crm.DuplicateError
	if errors.As(err, &twin) {
		return AskTwin(ctx, t, twin, talk.Data{Verb: talk.VerbUndo, ID: d.ID, Arg: number + despiteMark})
	}
	var e *crm.Error
	if errors.As(err, &e) && (e.Field == "undo" || handed && errors.Is(err, crm.ErrConflict)) {
		t.Toast(t.T.Label("error.not_found.undo"))
		if handed {
			return nil // the card may be another's
		}
		return Open(ctx, t, id)
	}
	if err != nil {
		return err
	}
	t.Toast(t.T.Label("card.undone"))
	return Show(ctx, t, c)
}

// hand offers the members to whom the card can go.
func hand(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	members, err := t.Desk.Takers(ctx, t.By, crm.ActionTendClients, c.Owner)
	if err != nil {
		return err
	}
	text := t.T.HTML("card.hand_ask", "name", c.Name)
	if len(members) == 0 {
		text = t.T.HTML("card.hand_nobody")
	}
	people := t.Whom(members, d.Arg, func(label, choice string) chat.Button { return talk.Button(label, talk.VerbHandTo, d.ID, choice) })
	rows := append(people, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbMore, d.ID, "")})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

func handTo(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if talk.Turned(d.Arg) {
		return hand(ctx, t, d)
	}
	c, err := t.Desk.HandOverClient(ctx, t.By, crm.ClientID(d.ID), crm.MemberID(d.Arg))
	if err != nil {
		return err
	}
	to := t.MemberNames(ctx)[c.Owner]
	kept, err := t.Desk.TellKept(ctx, t.By, c.Owner)
	if err != nil {
		return err
	}
	went, err := t.Desk.WentAlong(ctx, t.By, c.ID)
	if err != nil {
		return err
	}
	text := append([]string{t.T.HTML("card.handed_away", "name", c.Name, "to", to)}, Along(t.T, t.T.HTML, went)...)
	went.Tasks = nil // a toast is short
	said := append([]string{t.T.Label("card.handed", "to", to)}, Along(t.T, t.T.Label, went)...)
	if !kept.Until.IsZero() {
		when := t.T.When(kept.Until.In(t.Now.Location()), t.Now)
		said = append(said, t.T.Label("card.told_later", "when", when))
		text = append(text, t.T.HTML("card.told_later", "when", when))
	}
	t.Toast(strings.Join(said, ". "))
	if _, err := t.Desk.Client(ctx, t.By, c.ID); err == nil {
		return ShowChanged(ctx, t, c)
	}
	back := talk.Button(t.T.Label("button.take_back"), talk.VerbUndo, d.ID, rev36(c.Rev)+clientMark)
	_, err = t.ShowOpened(ctx, chat.Screen{Text: strings.Join(text, "\n"), Buttons: [][]chat.Button{{back}}})
	return err
}

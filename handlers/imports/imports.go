// Package imports is the conversation in which a file becomes clients: what its columns are, what would come of it, what to do
// with clients that are there already, how far it is, what was not taken and why, and taking all of it back.
//
// What is shown is made of the import as it is on record (screens.go), so that a press on an old screen shows it as it is now.
// The work itself is done in the background; Office is what that needs of the messenger.
package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/intake"
	"kartoteka/crm/vcard"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Register adds the subject to the conversation. It is asked before files are taken for notes of a draft.
func Register(r *talk.Router) {
	r.Message(message)
	r.Press(talk.VerbLoad, press)
	r.Command("import", func(ctx context.Context, t *talk.Turn) error { return past(ctx, t, 0) })
}

const (
	// counted is how many rows of a file are counted at once, so that the first screen says how long it is.
	counted = 2000
	// judged is how many of them its columns are recognised by.
	judged = 60
	// shown is how many are shown as examples.
	shown = 3
)

// message takes a file that calls itself a table.
func message(ctx context.Context, t *talk.Turn) (bool, error) {
	f := t.In.File
	if f == nil || t.In.Edited || t.In.Forward != nil || f.Kind != "document" || !intake.Known(f.Name, f.MIME) || intake.Cards(f.Name, f.MIME) {
		return false, nil
	}
	if t.In.Reply != nil && t.In.Reply.Ours {
		return false, nil // it belongs to a card
	}
	return begin(ctx, t)
}

// Begin takes up a file of many cards, which its sender calls that.
func Begin(ctx context.Context, t *talk.Turn) error {
	_, err := begin(ctx, t)
	return err
}

// begin reads the file's first rows and shows what its columns are taken for. A table of something else than clients is left
// to whoever takes files.
func begin(ctx context.Context, t *talk.Turn) (bool, error) {
	team, err := t.Desk.BeginImporting(ctx, t.By)
	if err != nil {
		return true, err
	}
	f := t.In.File
	if f.Size > intake.MaxFile {
		return true, t.Say(ctx, "import.large")
	}
	data, err := fetch(ctx, t.Out, f.ID)
	switch {
	case errors.Is(err, chat.ErrTooLarge):
		return true, t.Say(ctx, "import.large")
	case errors.Is(err, chat.ErrUnknown):
		return true, t.Say(ctx, "import.cut")
	case err != nil:
		return true, err
	}
	start := crm.ImportStart{Chat: t.In.Chat.ID, Program: intake.Program(data),
		Labels: labels(t.T), File: crm.ImportFile{ID: f.ID, Name: f.Name, Size: int64(len(data)), Hash: hashOf(data)}}
	if err := look(&start, data, options(t.T, team, t.Today()), counted); err != nil {
		return true, err
	}
	if !crm.HoldsClients(start.Sample, team, t.Today()) {
		return false, nil
	}
	i, err := t.Desk.BeginImport(ctx, t.By, start)
	if err != nil {
		return true, err
	}
	return true, show(ctx, t, i)
}

// labels are what is called what where a file has no headings.
func labels(t *locales.Texts) map[crm.ImportTarget]string {
	all := map[crm.ImportTarget]string{crm.ImportOwner: t.Label("import.owner"), crm.ImportAddress: t.Label("import.address")}
	for _, f := range []crm.Field{crm.FieldName, crm.FieldCompany, crm.FieldPosition, crm.FieldCity, crm.FieldAddress, crm.FieldBirthday, crm.FieldDates,
		crm.FieldSource, crm.FieldStage, crm.FieldStatus, crm.FieldClientKind, crm.FieldChannel} {
		all[crm.ImportTarget(f)] = t.Label("field." + string(f))
	}
	return all
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func options(t *locales.Texts, team crm.Team, today civil.Date) intake.Options {
	return intake.Options{Region: team.Region, Today: today,
		Names: vcard.Names{Anniversary: t.Label("cards.anniversary"), Other: t.Label("cards.other_date")}}
}

// look reads the first rows and counts on.
func look(start *crm.ImportStart, data []byte, o intake.Options, most int) error {
	r, err := intake.Open(data, o)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	for ; start.Rows <= most; start.Rows++ {
		row, err := r.Next()
		if err == io.EOF {
			start.Sheets = intake.Others(r)
			return nil
		}
		if err != nil {
			return err
		}
		if start.Rows < judged {
			row.Cells = append([]string(nil), row.Cells...)
			start.Sample = append(start.Sample, row)
		}
	}
	start.Rows, start.More, start.Sheets = most, true, intake.Others(r)
	return nil
}

// show shows the import as it is where the member looks, and notes which message that is: the background edits it.
func show(ctx context.Context, t *talk.Turn, i crm.Import) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	v := viewOf(t, team, i)
	if err := v.findKept(ctx, t.Desk, t.By); err != nil {
		return err
	}
	at, err := t.ShowOpened(ctx, v.screen())
	if err != nil || i.Screen == at {
		return err
	}
	if _, err = t.Desk.MoveImport(ctx, t.By, i.ID, at); err != nil || i.Screen == 0 || !i.UnderWay() {
		return err
	}
	if err = t.Out.Delete(ctx, i.Chat, i.Screen); errors.Is(err, chat.ErrRefused) { // it stands still, as it would have anyway
		err = nil
	}
	return err
}

// likely asks what to do with rows that are only like a card; where that is no question any more the import is shown.
func likely(ctx context.Context, t *talk.Turn, i crm.Import) error {
	if i.State != crm.ImportChecked || i.Counts.Maybe == 0 {
		return show(ctx, t, i)
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err == nil {
		_, err = t.Show(ctx, viewOf(t, team, i).askLikely())
	}
	return err
}

func viewOf(t *talk.Turn, team crm.Team, i crm.Import) view {
	return view{t: t.T, team: team, i: i, now: t.Now}
}

// What a button of ours asks for, before the first = of its argument.
const (
	argShow    = ""       // the import as it is
	argCheck   = "check"  // the columns are right
	argColumns = "cols"   // =page
	argColumn  = "col"    // =column=page of targets
	argSet     = "set"    // =column=target
	argTurn    = "turn"   // =column: day and month of its dates
	argSample  = "sample" // three rows
	argRun     = "run"    // =policy
	argLikely  = "likely" // =policy; none: which
	argStop    = "stop"
	argRefused = "refused" // the file of what was not taken
	argReasons = "why"     // all reasons for that
	argAsk     = "ask"     // about the next row whose client seems to be there; =card that was chosen of several
	argJudge   = "judge"   // =row=policy, and of several cards =card
	argNew     = "new"     // the cards that it has made; =row from which on, =-row before which
	argPast    = "past"    // .page, of no import: all that one has made
	argUndo    = "undo"    // ask
	argUndoYes = "undo!"
)

func press(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if what, page, _ := strings.Cut(d.Arg, "."); d.ID == "" && what == argPast {
		n, _ := strconv.Atoi(page)
		return past(ctx, t, n)
	}
	i, err := t.Desk.Import(ctx, t.By, crm.ImportID(d.ID))
	if err != nil {
		return err
	}
	verb, rest, _ := strings.Cut(d.Arg, "=")
	switch verb {
	case argShow:
		return show(ctx, t, i)
	case argCheck:
		i, err = t.Desk.CheckImport(ctx, t.By, i.ID, t.In.Message)
	case argRun:
		i, err = t.Desk.RunImport(ctx, t.By, i.ID, crm.ImportPolicy(rest))
	case argLikely:
		if rest == "" {
			return likely(ctx, t, i)
		}
		i, err = t.Desk.TakeLikely(ctx, t.By, i.ID, crm.ImportPolicy(rest))
	case argStop:
		i, err = t.Desk.StopImport(ctx, t.By, i.ID)
	case argUndoYes:
		i, err = t.Desk.UndoImport(ctx, t.By, i.ID)
	case argNew:
		return fresh(ctx, t, i, rest)
	case argUndo:
		return sure(ctx, t, i)
	case argAsk:
		return ask(ctx, t, i, crm.ClientID(rest))
	case argJudge:
		return judge(ctx, t, i, rest)
	case argColumns, argColumn, argSet, argTurn, argSample:
		return pressColumns(ctx, t, i, verb, rest)
	case argRefused:
		return sendRefused(ctx, t, i)
	case argReasons:
		return showReasons(ctx, t, i)
	default:
		return t.Stale(ctx)
	}
	if errors.Is(err, crm.ErrConflict) { // it has gone on since
		return show(ctx, t, i)
	}
	if err != nil {
		return err
	}
	return show(ctx, t, i)
}

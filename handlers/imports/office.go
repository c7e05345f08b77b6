package imports

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/intake"
	"kartoteka/crm/sheet"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Office is what imports in the background need of the messenger; it is what crm.Desk.WorkImports works with.
type Office struct {
	Out     chat.Messenger
	Catalog *locales.Catalog
	Store   Books
	Desk    Keeper
	Clock   crm.Clock
	Failed  func(error) // somebody could not be told
}

// Books are where the office looks up whom it tells.
type Books interface {
	Team(ctx context.Context, id crm.TeamID) (crm.Team, error)
	Member(ctx context.Context, team crm.TeamID, id crm.MemberID) (crm.Member, error)
}

// Keeper tells which cards an undoing has left, and notes which message shows an import.
type Keeper interface {
	MoveImport(ctx context.Context, by crm.Actor, id crm.ImportID, screen int64) (crm.Import, error)
	KeptClients(ctx context.Context, by crm.Actor, id crm.ImportID) ([]crm.Client, error)
}

// Open fetches the file again; another content than what was looked at is not taken for it.
func (o Office) Open(ctx context.Context, i crm.Import) (crm.ImportRows, error) {
	v, err := o.view(ctx, i)
	if err != nil {
		return nil, err
	}
	return open(ctx, o.Out, v)
}

func open(ctx context.Context, out chat.Messenger, v view) (crm.ImportRows, error) {
	data, err := fetch(ctx, out, v.i.File.ID)
	if err == nil && hashOf(data) != v.i.File.Hash {
		err = &crm.Error{Kind: crm.ErrInvalid, Field: "import.gone"}
	}
	if err != nil {
		return nil, err
	}
	return intake.Open(data, options(v.t, v.team, civil.DateOf(v.now)))
}

// fetch reads a file that was sent. One that the messenger does not hand out any more is ErrInvalid on "import.gone".
func fetch(ctx context.Context, out chat.Messenger, id string) ([]byte, error) {
	data, err := out.Fetch(ctx, id, intake.MaxFile)
	if errors.Is(err, chat.ErrGone) || errors.Is(err, chat.ErrRefused) {
		err = &crm.Error{Kind: crm.ErrInvalid, Field: "import.gone", Err: err}
	}
	return data, err
}

func (o Office) view(ctx context.Context, i crm.Import) (view, error) {
	team, err := o.Store.Team(ctx, i.Team)
	if err != nil {
		return view{}, err
	}
	m, err := o.Store.Member(ctx, i.Team, i.By)
	if err != nil {
		return view{}, err
	}
	v := view{t: o.Catalog.For(m.Lang), team: team, by: m, i: i, now: o.Clock.Now().In(m.Location())}
	return v, v.findKept(ctx, o.Desk, crm.Actor{Member: m})
}

// Tell edits the message that shows the import. Where that is gone, or cannot be edited any more, what has come of the import is sent anew.
func (o Office) Tell(ctx context.Context, i crm.Import) {
	ctx, cancel := talk.Sending(ctx)
	defer cancel()
	v, err := o.view(ctx, i)
	if err == nil && i.Screen != 0 {
		err = o.Out.Edit(ctx, i.Chat, i.Screen, v.screen())
		if (errors.Is(err, chat.ErrGone) || errors.Is(err, chat.ErrRefused)) && !i.UnderWay() {
			err = o.tellAnew(ctx, v)
		}
	}
	if err != nil && o.Failed != nil {
		o.Failed(err)
	}
}

// tellAnew shows the import in a message of its own.
func (o Office) tellAnew(ctx context.Context, v view) error {
	s := v.screen()
	s.Protected = v.team.Protected
	at, err := o.Out.Send(ctx, v.i.Chat, s)
	if err != nil {
		return err
	}
	_, err = o.Desk.MoveImport(ctx, crm.Actor{Member: v.by}, v.i.ID, at)
	return err
}

// Report sends the rows that were not taken.
func (o Office) Report(ctx context.Context, i crm.Import) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := talk.Sending(ctx)
	defer cancel()
	v, err := o.view(ctx, i)
	if err != nil {
		return err
	}
	err = report(ctx, o.Out, v)
	if errors.Is(err, chat.ErrUnreachable) || errors.Is(err, chat.ErrRefused) || errors.Is(err, chat.ErrUnknown) || errors.Is(err, chat.ErrTooLarge) {
		o.Failed(err) // the button on the last screen sends it too
		return nil
	}
	return err
}

// sendRefused sends them once more, for a button.
func sendRefused(ctx context.Context, t *talk.Turn, i crm.Import) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	return report(ctx, t.Out, viewOf(t, team, i))
}

// report writes the rows that were not taken, each with its reason, in the file's own format: corrected it can be sent again.
func report(ctx context.Context, out chat.Messenger, v view) error {
	rows, err := open(ctx, out, v)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var b bytes.Buffer
	book := strings.EqualFold(path.Ext(v.i.File.Name), ".xlsx")
	w, err := v.writer(&b, book)
	if err != nil {
		return err
	}
	if err := v.writeRefused(w, rows); err != nil {
		return err
	}
	ext := ".csv"
	if book {
		ext = ".xlsx"
	}
	name, caption := "import.refused_name", "import.refused_caption"
	if v.i.Begun.IsZero() {
		name, caption = "import.wrong_name", "import.wrong_caption"
	}
	_, err = out.Upload(ctx, v.i.Chat, v.t.Label(name, "name", v.original())+ext, bytes.NewReader(b.Bytes()),
		v.t.HTML(caption, "number", v.number(v.i.Counts.Refused)))
	return err
}

// original is the file's name without its ending, and without what we have put before it: it may be one of ours, corrected.
func (v view) original() string {
	name := strings.TrimSuffix(v.i.File.Name, path.Ext(v.i.File.Name))
	for _, key := range []string{"import.refused_name", "import.wrong_name"} {
		name = strings.TrimPrefix(name, v.t.Label(key, "name", ""))
	}
	return name
}

func (v view) writer(b *bytes.Buffer, book bool) (sheet.Writer, error) {
	if book {
		return sheet.NewBook(b), nil
	}
	return sheet.NewText(b, v.t.Comma())
}

// writeRefused writes the headings and the rows, each with its reasons behind it.
func (v view) writeRefused(w sheet.Writer, rows crm.ImportRows) error {
	why := reasonsByRow{of: v.i.Reasons()}
	width := len(v.i.Columns)
	heads := make([]string, width, width+1)
	for n, c := range v.i.Columns {
		heads[n] = c.Heading
	}
	if width == 0 {
		heads = v.cardHeads()
	}
	if err := w.Row(append(heads, v.t.Label("import.why"))); err != nil {
		return err
	}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return w.End()
		}
		if err != nil {
			return err
		}
		found := why.at(row.N)
		if len(found) == 0 || row.N <= v.i.Heading {
			continue
		}
		var texts []string
		for _, p := range found {
			texts = append(texts, v.problem(p))
		}
		cells := append(make([]string, 0, len(heads)+1), row.Cells...)
		switch {
		case row.Record != nil:
			cells = v.recordCells(row.Record)
		case row.Draft != nil:
			cells = v.draftCells(*row.Draft)
		}
		for len(cells) < len(heads) {
			cells = append(cells, "")
		}
		if err := w.Row(append(cells, strings.Join(texts, "; "))); err != nil {
			return err
		}
	}
}

// reasonsByRow looks reasons up for rows in rising order.
type reasonsByRow struct {
	of    []crm.ImportReason
	spans [][][2]int // of each reason, those that are not behind yet
}

func (r *reasonsByRow) at(row int) []crm.ImportProblem {
	if r.spans == nil {
		r.spans = make([][][2]int, len(r.of))
		for i, reason := range r.of {
			r.spans[i] = reason.Run.Spans()
		}
	}
	var found []crm.ImportProblem
	for i := range r.of {
		for len(r.spans[i]) > 0 && r.spans[i][0][1] < row {
			r.spans[i] = r.spans[i][1:]
		}
		if len(r.spans[i]) > 0 && r.spans[i][0][0] <= row {
			found = append(found, r.of[i].ImportProblem)
		}
	}
	return found
}

package imports

import (
	"context"
	"errors"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// ended are the buttons of an import that is over.
func (v view) ended() [][]chat.Button {
	var rows [][]chat.Button
	var first []chat.Button
	if v.i.Counts.Asked > 0 {
		judge := v.button("import.judge", argAsk, "number", v.number(v.i.Counts.Asked))
		judge.Style = chat.StylePrimary
		rows = append(rows, []chat.Button{judge})
	}
	if v.i.Counts.New > 0 {
		first = append(first, v.button("import.list", argNew+"=1"))
	}
	if refused := v.refused(doneReasons); len(refused) > 0 {
		first = append(first, refused[0]...)
	}
	if len(first) > 0 {
		rows = append(rows, talk.Rows(2, first...)...)
	}
	if v.i.Undoable(v.now) {
		rows = append(rows, []chat.Button{v.button("import.undo", argUndo)})
	}
	return rows
}

// undone is what became of the cards: it adds up to what was asked about before.
func (v view) undone() chat.Screen {
	c := v.i.Counts
	lines := append([]string{v.t.HTML("import.undone")}, v.parts([]part{{"import.binned", c.Binned}, {"import.restored", c.Undone - c.Binned}})...)
	if c.Kept > 0 {
		lines = append(lines, v.kept())
	}
	return chat.Screen{Text: strings.Join(lines, "\n")}
}

// kept names the cards that an undoing has left, since somebody has touched them.
func (v view) kept() string {
	names := v.left[:min(len(v.left), mostNotes)]
	if len(names) == 0 {
		return v.t.HTML("import.kept_some", "number", v.number(v.i.Counts.Kept))
	}
	list := strings.Join(names, ", ")
	if more := v.i.Counts.Kept - len(names); more > 0 {
		list += v.t.Label("import.and_more", "more", v.number(more))
	}
	return v.t.HTML("import.kept", "number", v.number(v.i.Counts.Kept), "list", list)
}

// findKept looks up what is to be said of an import that was undone.
func (v *view) findKept(ctx context.Context, desk Keeper, by crm.Actor) error {
	if v.i.State != crm.ImportUndone || v.i.Counts.Kept == 0 {
		return nil
	}
	cards, err := desk.KeptClients(ctx, by, v.i.ID)
	for _, c := range cards {
		v.left = append(v.left, fit.Line(c.Name, maxName))
	}
	return err
}

// sure asks before everything is taken back; of an old report, on which the button has stayed, it says that it is too late.
func sure(ctx context.Context, t *talk.Turn, i crm.Import) error {
	if !i.Undoable(t.Now) {
		return errors.Join(show(ctx, t, i), &crm.Error{Kind: crm.ErrExpired, Field: "import"})
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	v := viewOf(t, team, i)
	yes := v.button("import.undo_yes", argUndoYes)
	yes.Style = chat.StyleDanger
	lines := append([]string{t.T.HTML("import.sure")}, v.parts([]part{{"import.to_bin", i.Counts.New}, {"import.to_restore", i.Counts.Changed}})...)
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(append(lines, t.T.HTML("import.to_keep")), "\n"),
		Buttons: [][]chat.Button{{v.button("button.back", argShow), yes}}})
	return err
}

package crm

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm/civil"
)

// ImportLine is a row as it would be taken.
type ImportLine struct {
	N        int
	Draft    Draft
	Owner    MemberID // "": the importer
	Problems []ImportProblem
}

// ImportProblem is why a row is not taken.
type ImportProblem struct {
	What   string // "phone", "email", …; texts are import_problem.<what>
	Column int    // whose cell it is; -1: of the whole row
}

// ReadImport reads some rows as the import has them now.
func (d *Desk) ReadImport(ctx context.Context, by Actor, id ImportID, rows []ImportRow) ([]ImportLine, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return nil, err
	}
	i, err := d.ownImport(ctx, by, id)
	if err != nil {
		return nil, err
	}
	staff, err := d.importStaff(ctx, team, d.reach(team, by.Member, ActionHandOverClient).all)
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	now := d.now()
	r := rowReader{columns: i.Columns, labels: i.Labels, own: i.Own, literal: i.Program == OwnProgram, team: team, today: civil.DateOf(now.In(by.Location())), at: now, staff: staff}
	var out []ImportLine
	for _, row := range rows {
		if row.N <= i.Heading {
			continue
		}
		out = append(out, lineOf(r.read(row)))
	}
	return out, nil
}

func lineOf(l importLine) ImportLine {
	line := ImportLine{N: l.n, Draft: l.draft, Owner: l.owner}
	for _, p := range l.problems {
		line.Problems = append(line.Problems, problemOf(p))
	}
	return line
}

func problemOf(key string) ImportProblem {
	what, column, of := strings.Cut(key, "-")
	n, err := strconv.Atoi(column)
	if !of || err != nil {
		n = -1
	}
	return ImportProblem{what, n}
}

// Reasons are why rows were not taken, those of most rows first.
func (i Import) Reasons() []ImportReason {
	var list []ImportReason
	for key, run := range i.Refused {
		list = append(list, ImportReason{problemOf(key), run, run.Len()})
	}
	slices.SortFunc(list, func(a, b ImportReason) int {
		if a.Rows != b.Rows {
			return b.Rows - a.Rows
		}
		return strings.Compare(a.What+strconv.Itoa(a.Column), b.What+strconv.Itoa(b.Column))
	})
	return list
}

// ImportReason is why some rows were not taken.
type ImportReason struct {
	ImportProblem
	Run  Run
	Rows int
}

// Done is how many rows are dealt with, or checked.
func (i Import) Done() int {
	c := i.Counts
	done := c.New + c.Changed + c.Same + c.Passed + c.Refused + c.Asked
	if i.Begun.IsZero() {
		done += c.Maybe + c.Double
	}
	return done
}

// Share is which part of the rows is dealt with, in percent.
func (i Import) Share() int {
	if i.Rows <= 0 {
		return 0
	}
	return min(100, i.Done()*100/i.Rows)
}

package crm

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kartoteka/crm/moment"
	"kartoteka/crm/spell"
)

// NoteParts are the parts of a note on a touch unless the team has named its own: what was discussed, what the client
// needs, what stands against it, what comes next. The touch has its date itself. Texts are note_part.<name>.
var NoteParts = []string{"discussed", "needs", "objection", "next"}

const maxNoteParts = 8

// SetNoteParts names the parts of the team's notes, the last being what comes next; none: NoteParts again. ErrInvalid on
// "note_parts" for more than eight, a name longer than 40 characters, or one twice.
func (d *Desk) SetNoteParts(ctx context.Context, by Actor, names []string) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) (err error) {
		t.NoteParts, err = cleanParts(names)
		return err
	})
}

// TakeBackNoteParts is SetNoteParts with the names that set has replaced; ErrConflict on "team" if they are other ones by now.
func (d *Desk) TakeBackNoteParts(ctx context.Context, by Actor, set, before []string) (Team, error) {
	return d.editTeam(ctx, by, func(t *Team) (err error) {
		if !slices.Equal(t.NoteParts, set) {
			return &Error{Kind: ErrConflict, Field: "team"}
		}
		t.NoteParts, err = cleanParts(before)
		return err
	})
}

func cleanParts(names []string) ([]string, error) {
	var clean, seen []string
	for _, name := range names {
		name = strings.TrimSpace(strings.TrimRight(cleanLine(name), ":"))
		if name == "" {
			continue
		}
		if slices.Contains(seen, spell.Fold(name)) || utf8.RuneCountInString(name) > maxLabel {
			return nil, invalid("note_parts")
		}
		clean, seen = append(clean, name), append(seen, spell.Fold(name))
	}
	if len(clean) > maxNoteParts {
		return nil, invalid("note_parts")
	}
	return clean, nil
}

// SplitNote takes the lines of a text as the parts of a note with these names: one that begins with a name and a colon is
// that part, the others are the parts in order; a lone dash leaves one out. More lines than parts are a text that is not
// written by parts: all of it is the first one.
func SplitNote(names []string, text string) []string {
	said := make([]string, len(names))
	var loose []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		head, rest, named := strings.Cut(line, ":")
		i := slices.IndexFunc(names, func(n string) bool { return spell.Fold(n) == spell.Fold(head) })
		switch {
		case line == "":
		case named && i >= 0:
			said[i] = join(said[i], strings.TrimSpace(rest))
		default:
			loose = append(loose, line)
		}
	}
	if len(loose) > len(names) {
		said[0] = join(strings.Join(loose, "\n"), said[0])
		return said
	}
	i := 0
	for _, line := range loose {
		for i < len(said)-1 && said[i] != "" {
			i++
		}
		if strings.Trim(line, "-–— ") != "" {
			said[i] = join(said[i], line)
		}
		i = min(i+1, len(said)-1)
	}
	return said
}

// join puts one text below another.
func join(a, b string) string { return strings.TrimSpace(a + "\n" + b) }

// ComposeNote is the text of a touch: each part that was said, behind its name. A note of nothing but the first part goes
// without the name.
func ComposeNote(names, said []string) string {
	var lines []string
	for i, s := range said {
		if s = strings.TrimSpace(s); s != "" {
			lines = append(lines, names[i]+": "+s)
		}
	}
	if len(lines) == 1 && strings.TrimSpace(said[0]) != "" {
		return strings.TrimSpace(said[0])
	}
	return strings.Join(lines, "\n")
}

// NoteNext is the time that the last part of a note names for what comes next; zero if it names none that can be told.
func NoteNext(said []string, now time.Time) time.Time {
	if len(said) == 0 {
		return time.Time{}
	}
	m, err := ReadMoment(said[len(said)-1], now)
	if err != nil || m.Repeat != moment.RepeatNever || !m.At.After(now) {
		return time.Time{}
	}
	return m.At
}

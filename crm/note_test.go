package crm_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

var parts = []string{"Обсудили", "Потребности", "Возражения", "Дальше"}

func TestLinesOfANoteAreItsParts(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{"", "", "", ""}},
		{"всё хорошо", []string{"всё хорошо", "", "", ""}},
		{"прайс\nопт\nдорого\nв пятницу", []string{"прайс", "опт", "дорого", "в пятницу"}},
		{"прайс\n-\n—\nв пятницу", []string{"прайс", "", "", "в пятницу"}},
		{"дальше: в пятницу\nпрайс", []string{"прайс", "", "", "в пятницу"}},
		{"прайс\nВОЗРАЖЕНИЯ: дорого: очень\nопт", []string{"прайс", "опт", "дорого: очень", ""}},
		{"a\nb\nc\nd\ne", []string{"a\nb\nc\nd\ne", "", "", ""}},
		{"цена: 100", []string{"цена: 100", "", "", ""}},
	} {
		if got := crm.SplitNote(parts, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestComposeNote(t *testing.T) {
	for _, c := range []struct {
		said []string
		want string
	}{
		{[]string{"прайс", "", "", ""}, "прайс"},
		{[]string{"", "", "дорого", ""}, "Возражения: дорого"},
		{[]string{"прайс", "", "", "в пятницу"}, "Обсудили: прайс\nДальше: в пятницу"},
		{[]string{"", "", "", ""}, ""},
	} {
		if got := crm.ComposeNote(parts, c.said); got != c.want {
			t.Errorf("%q: got %q, want %q", c.said, got, c.want)
		}
	}
}

func TestNoteNext(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, msk)
	for text, want := range map[string]string{
		"позвонить в понедельник в 11": "23.11 11:00", "ждём ответа": "", "": "", "каждый день": "", "вчера": "",
	} {
		got := ""
		if at := crm.NoteNext([]string{"", text}, now); !at.IsZero() {
			got = at.Format("02.01 15:04")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestTheOwnerNamesTheParts(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	team, err := o.SetNoteParts(ctx, o.as(o.owner), []string{" Итог: ", "", "Бюджет"})
	if err != nil || !slices.Equal(team.NoteParts, []string{"Итог", "Бюджет"}) {
		t.Errorf("got %q, %v", team.NoteParts, err)
	}
	for _, bad := range [][]string{{"Итог", "итог"}, {strings.Repeat("я", 41)}, strings.Fields("a b c d e f g h i")} {
		if _, err := o.SetNoteParts(ctx, o.as(o.owner), bad); fieldOf(err) != "note_parts" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	if _, err := o.SetNoteParts(ctx, o.as(ivan), nil); fieldOf(err) != string(crm.ActionEditTeam) {
		t.Errorf("a manager names them: %v", err)
	}
	if _, err := o.TakeBackNoteParts(ctx, o.as(o.owner), []string{"Итог"}, nil); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("taken back what somebody has changed since: %v", err)
	}
	if team, err = o.TakeBackNoteParts(ctx, o.as(o.owner), []string{"Итог", "Бюджет"}, []string{"Срок"}); err != nil || !slices.Equal(team.NoteParts, []string{"Срок"}) {
		t.Errorf("taken back: %q, %v", team.NoteParts, err)
	}
	if team, err = o.SetNoteParts(ctx, o.as(o.owner), nil); err != nil || len(team.NoteParts) != 0 {
		t.Errorf("got %q, %v", team.NoteParts, err)
	}
}

package talk

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// argOf is the longest argument that each verb's buttons carry, beside a full id of 16 characters. A verb that is not
// here carries none.
var argOf = map[Verb]string{
	VerbMore: "full", VerbEdit: "99", VerbField: "x.AbCdEfGh", VerbSet: "next_contact=99", VerbMine: "x.AbCdEfGh", VerbTags: "99",
	VerbUndo: "zzzzzzzzzzz.all", VerbComplete: "+" + strings.Repeat("c", 16), VerbArchive: "none", VerbDelete: "yes", VerbHandTo: strings.Repeat("m", 16),
	VerbTouch: "<meeting.not_reached", VerbHistory: "zzzzzzzzz." + strings.Repeat("t", 16), VerbFile: "zzzzzzzzz." + strings.Repeat("t", 16) + ".19",
	VerbForm: "choices=accountant", VerbBack: "choices", VerbSkip: "choices", VerbDay: "next_contact:2026-12-31", VerbChange: "x.AbCdEfGh",
	VerbDue: "tzzzzzzz.more", VerbFinish: "tzzzzzzz.not_reached", VerbMiss: "tzzzzzzz", VerbLater: "tzzzzzzz.day:2026-12-31", VerbWrite: "tzzzzzzz.sent",
	VerbPass: "tzzzzzzz." + strings.Repeat("m", 16), VerbRetract: "tzzzzzzz.zzzzzzzzzzz", VerbOrder: "next",
	VerbTaskMiss: "zzzzzzz", VerbContactMiss: "zzzzzzz", VerbWeek: "2026-11-16",
	VerbStale: "w2026-11-16", VerbStaleDo: "c.-sjlyq5c.w2026-11-16", VerbOccasion: "show.0123abcd", VerbAgenda: "birthdays.99", VerbSettings: ForTeam, VerbZone: "Asia/Yekaterinburg", VerbInvite: "accountant.20=30-1y2p0ij32e8e7",
}

func TestEveryVerbFitsAtFullLength(t *testing.T) {
	for v := range verbs {
		d := Data{Verb: v, ID: strings.Repeat("i", 16), Arg: argOf[v]}
		if got, err := Parse(d.Pack()); err != nil || got != d {
			t.Errorf("%s: got %+v, %v", v, got, err)
		}
	}
}

// A button of a list, and one of a reminder, say where they stand.
func TestAButtonSaysWhereItStands(t *testing.T) {
	id := strings.Repeat("i", 16)
	birthdays, sent := Data{Verb: VerbAgenda, Arg: "birthdays.99"}, Data{Verb: VerbStale, Arg: "w2026-11-16"}
	due, occasion := Data{Verb: VerbDue, ID: id, Arg: "tzzzzzzz"}, Data{Verb: VerbOccasion, ID: id, Arg: "show.0123abcd"}
	for _, c := range []struct{ d, parent Data }{
		{due, birthdays}, {occasion, birthdays}, {Data{Verb: VerbCard, ID: id}, birthdays}, {Data{Verb: VerbOrder}, birthdays},
		{Data{Verb: VerbStale, ID: id, Arg: sent.Arg}, sent}, {Data{Verb: VerbCard, ID: id}, sent},
		{Data{Verb: VerbCard, ID: id}, due}, {Data{Verb: VerbCard, ID: id}, occasion},
		{Data{Verb: VerbCard, ID: id}, Data{Verb: VerbStale, ID: id, Arg: sent.Arg}},
	} {
		got, err := Parse(c.d.Under(c.parent).Pack())
		if err != nil {
			t.Errorf("%+v under %+v: %v", c.d, c.parent, err)
			continue
		}
		if parent, ok := got.parent(); !ok || parent != c.parent || got.Verb != c.d.Verb || got.ID != c.d.ID || got.Arg != c.d.Arg {
			t.Errorf("got %+v under %+v", got, parent)
		}
		if back, err := Parse(Back("‹", c.parent).Data); err != nil || back.From != isBack || back.Arg != c.parent.Arg {
			t.Errorf("back to %+v: %+v, %v", c.parent, back, err)
		}
	}
}

func TestParseRefusesWhatPackCannotMake(t *testing.T) {
	for _, s := range []string{
		"", "card", "card|x", "card|x|y|", "card|x|y|z", "card|x|y|nope,a,b", "card|x|y|card,a", "card|x|y|card,a,b|z", "nope|x|", "card|with space|", "card|" + strings.Repeat("i", 17) + "|", "card|x|a\nb",
		"card|кириллица|", "card|x|" + strings.Repeat("a", 64), "CARD|x|", "card|x|\xff", "del_card_1", "\fcard|x",
	} {
		if d, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %+v, want an error", s, d)
		}
	}
}

func TestPackAndParseAgree(t *testing.T) {
	all := make([]Verb, 0, len(verbs))
	for v := range verbs {
		all = append(all, v)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := Data{Verb: rapid.SampledFrom(all).Draw(t, "verb"), ID: rapid.StringMatching(`[A-Za-z0-9_-]{0,16}`).Draw(t, "id"),
			Arg: rapid.StringMatching(`[a-zа-я0-9=:.<-]{0,18}`).Draw(t, "arg")}
		if len(d.Verb)+len(d.ID)+len(d.Arg)+2 > maxData {
			t.Skip("longer than a button carries")
		}
		if got, err := Parse(d.Pack()); err != nil || got != d {
			t.Fatalf("got %+v, %v; want %+v", got, err, d)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"card|abc|", "set|abc|stage=1", "page||next", "||", "\f", "card|abc|\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err == nil && d.Pack() != s {
			t.Errorf("Parse(%q) = %+v, which packs to %q", s, d, d.Pack())
		}
	})
}

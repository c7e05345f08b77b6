package crm

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kartoteka/crm/spell"
)

// addresseeSign says how plainly the words of a task say whom it is for.
type addresseeSign int

const (
	saysPerhaps addresseeSign = iota // «для Ивана позвонить»
	saysWish                         // «надо, чтобы Иван позвонил»: as saysColon, where the verb can be read
	saysVerb                         // «Иван позвонить», "Ivan call Smith": only before a verb
	saysColon                        // «Ивану: позвонить», "@ivan call": unless the client at hand is called so
	saysGiven                        // «поручить Ивану: позвонить»
)

// addressee is whom a typed task is for.
type addressee struct {
	members []Member // who may be meant
	sure    bool     // the one of them is
	text    string   // what is to be done by them
	name    string   // as it was written
	sign    addresseeSign
}

// addressee finds the member for whom a task is by its words: a username, or a name in any case and either alphabet. It is sure
// only where the words say so plainly, one member is called so, and the client is not: client is the one that the task is
// about, if that is known. Nobody is found for whoever may not see the team.
func (d *Desk) addressee(ctx context.Context, by Actor, text string, client ClientID) (addressee, error) {
	takers, err := d.Takers(ctx, by, ActionReadTask, "")
	if errors.Is(err, ErrDenied) {
		return addressee{}, nil
	}
	if err != nil {
		return addressee{}, err
	}
	a := addresseeAmong(takers, text)
	if slices.ContainsFunc(a.members, func(m Member) bool { return m.ID == by.ID }) {
		return addressee{}, nil // one's own
	}
	if a.sure = len(a.members) == 1 && a.sign >= saysColon; !a.sure || a.sign == saysGiven {
		return a, nil
	}
	who, err := d.Mentioned(ctx, by, a.name)
	a.sure = !slices.ContainsFunc(who.Clients, func(c Client) bool { return c.ID == client })
	return a, err
}

// addresseeAmong reads whom of these a text gives its task to, by the form that says it most plainly.
func addresseeAmong(takers []Member, text string) addressee {
	text = strings.TrimSpace(text)
	for _, f := range addresseeForms {
		g := f.form.FindStringSubmatch(text)
		if g == nil {
			continue
		}
		a := addressee{members: calledSo(takers, g[1]), name: g[1], text: g[2], sign: f.sign}
		if first, second, two := strings.Cut(g[1], " "); len(a.members) == 0 && two { // «Ивану срочно …»: one word is the name
			a.members, a.name, a.text = calledSo(takers, first), first, strings.TrimSpace(second)+" "+g[2]
			if a.sign == saysColon {
				a.sign = saysPerhaps // something else stands before the colon
			}
		}
		if a.sign == saysWish {
			var ok bool
			if a.text, ok = wished(a.text); !ok {
				continue
			}
			a.sign = saysColon
		}
		words := replyWords(a.text)
		if len(a.members) > 0 && (a.sign != saysVerb || len(words) > 0 && words[0].acts()) {
			return a
		}
	}
	if g := addresseeEnd.FindStringSubmatch(text); g != nil {
		return addressee{members: calledSo(takers, g[2]+g[3]), name: g[2] + g[3], text: g[1]}
	}
	return addressee{}
}

// toldTo is what of a task without a client is left to do for a member to whom it goes, once its words do not have to say so any more:
// without their username, and without their name before a verb or a colon.
func toldTo(m Member, text string) string {
	a := addresseeAmong([]Member{m}, text)
	if len(a.members) == 0 || a.sign < saysVerb && !strings.HasPrefix(a.name, "@") {
		return text
	}
	return a.text
}

// calledSo are those of the members whom a username or a name, whole or a part of it, means.
func calledSo(members []Member, name string) []Member {
	var out []Member
	for _, m := range members {
		if user, ok := strings.CutPrefix(name, "@"); ok && m.Username != "" && strings.EqualFold(user, m.Username) || !ok && m.called(name) {
			out = append(out, m)
		}
	}
	return out
}

// called reports whether each word of a name, in any case and either alphabet, is one of the member's.
func (m Member) called(name string) bool {
	own := spell.Words(spell.Fold(m.Name))
	for word := range strings.FieldsSeq(spell.Fold(name)) {
		i := slices.IndexFunc(own, func(o string) bool {
			return slices.ContainsFunc(nominatives(word), func(w string) bool { return w == o || soundsLike(w, o) })
		})
		if i < 0 {
			return false
		}
		own = slices.Delete(own, i, i+1)
	}
	return true
}

// soundsLike reports whether two folded words may be one name in two alphabets.
func soundsLike(a, b string) bool {
	keys := spell.Sounds(b)
	return spell.HasCyrillic(a) != spell.HasCyrillic(b) && slices.ContainsFunc(spell.Sounds(a), func(k string) bool { return slices.Contains(keys, k) })
}

package find

import (
	"strconv"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// massView is a mass change as its message shows it, which is pressed by its member and edited in the background.
type massView struct {
	t     *locales.Texts
	now   time.Time
	w     crm.Mass
	taker string       // who was given the clients
	kept  []crm.Client // that stay as they are
	list  chat.Button
}

// MassScreen is how far a mass change is, or what came of it, for the message that has shown it from the beginning; taker is the name
// of whoever was given the clients, kept are the cards that stay as they are.
func MassScreen(t *locales.Texts, now time.Time, w crm.Mass, taker string, kept []crm.Client) chat.Screen {
	// What was listed, or sought, the message's view knows.
	return massView{t: t, now: now, w: w, taker: taker, kept: kept, list: place{kind: kindFound, what: whatHere}.button(t.Label("page.list"))}.screen()
}

func (v massView) screen() chat.Screen {
	t, w := v.t, v.w
	b := func(key, arg string) chat.Button { return filterButton(t.Label(key), byMass+"="+arg) }
	if w.UnderWay() {
		return chat.Screen{Text: t.HTML("mass.under_way", "bar", talk.Bar(w.Looked, w.Total), "done", v.number(w.Looked), "total", v.number(w.Total)),
			Buttons: [][]chat.Button{{b("mass.look", massLook), b("mass.stop", massStop)}}}
	}
	text := v.result()
	for _, why := range crm.MassLefts {
		if n := w.Left[why]; n > 0 {
			text += "\n" + t.HTML("mass_left."+string(why), "what", talk.Amount(t, n, 0))
		}
	}
	if list := card.Listed(t, v.kept); list != "" {
		text += "\n" + t.HTML("mass.kept", "list", list)
	}
	row := []chat.Button{v.list}
	if w.Returnable(v.now) {
		row = append(row, b("mass.undo", massUndo+"."+strconv.FormatInt(w.Begun.UnixMilli(), 36)))
	}
	return chat.Screen{Text: text, Buttons: [][]chat.Button{row}}
}

// result says what came of it.
func (v massView) result() string {
	t, w := v.t, v.w
	did := t.Label("mass_did."+string(w.Kind), "value", massValue(t, w.Kind, w.Value, v.taker))
	switch {
	case w.Stopped && w.Back != "":
		return t.HTML("mass.back_stopped", "done", v.number(w.Changed), "total", v.number(w.Total))
	case w.Stopped:
		return t.HTML("mass.stopped", "did", did, "done", v.number(w.Changed), "total", v.number(w.Total))
	case w.Back != "":
		return t.HTML("mass.back", "what", talk.Amount(t, w.Changed, 0))
	case w.Changed > 0:
		return t.HTML("mass.done", "did", did, "what", talk.Amount(t, w.Changed, 0))
	}
	return t.HTML("mass.nothing")
}

func (v massView) number(n int) string { return v.t.Number(int64(n)) }

// massValue is what clients are given by a mass change, in words; taker is the name of the colleague, if it is one.
func massValue(t *locales.Texts, k crm.MassKind, value, taker string) string {
	switch k {
	case crm.MassStage:
		value = t.Label("stage." + value)
	case crm.MassGive:
		value = taker
	}
	return fit.Line(value, maxQuery)
}

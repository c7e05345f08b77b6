package remind

import (
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// news tells an owner or a group what a member has done.
func (v view) news(n crm.Notice) chat.Screen {
	switch n.News {
	case crm.NewsClient, crm.NewsHanded:
		return v.newsOfClients(n)
	case crm.NewsStale:
		return v.newsOfVIPs(n)
	}
	s := chat.Screen{Text: strings.Join(append([]string{v.head(n, v.newsText(n, v.t.HTML))}, v.happened(n)...), "\n")}
	if n.News == crm.NewsCodeEnded && n.Who.ID == n.To.ID {
		s.Buttons = [][]chat.Button{{talk.Button(v.t.Label("button.own_code"), talk.VerbOwnCode, "", "")}}
	} else if n.At == "" {
		s.Buttons = [][]chat.Button{{talk.Button(v.t.Label("button.person"), talk.VerbMember, string(n.Who.ID), "")}}
	}
	return s
}

// newsText says it, in HTML or plainly.
func (v view) newsText(n crm.Notice, say func(key string, args ...any) string) string {
	if n.News == crm.NewsExport {
		what := v.t.Label("audit_action." + string(n.Did))
		if n.As != "" {
			what = v.t.Label("audit.exported", "what", what, "format", v.t.Label("export_format."+string(n.As)), "amount", talk.Amount(v.t, n.Clients, 0))
		}
		return say("news.export", "name", n.Who.Name, "what", what)
	}
	if n.News == crm.NewsCodeEnded && n.Who.ID == n.To.ID {
		return say("news.code_ended_own", "who", n.From.Name)
	}
	args := []any{"name", n.Who.Name, "who", n.From.Name}
	if n.Clients > 0 { // a number asks for a form of the plural, which only what counts has
		args = append(args, "n", n.Clients)
	}
	return say("news."+string(n.News), args...)
}

// happened says when it was, of what a group was not told at once.
func (v view) happened(n crm.Notice) []string {
	if n.At == "" || v.now.Sub(n.Since) < crm.LateAfter {
		return nil
	}
	return []string{v.t.HTML("news.since", "when", v.t.When(n.Since.In(v.now.Location()), v.now))}
}

// newsOfClients tells who has come, or who has gone to whom.
func (v view) newsOfClients(n crm.Notice) chat.Screen {
	what := n.Client.Name
	if n.Clients > 0 {
		what = talk.Amount(v.t, n.Clients, 0)
	}
	text := v.t.HTML("news.client", "what", what, "name", n.Who.Name)
	if n.News == crm.NewsHanded {
		text = v.t.HTML("news.handed", "what", what, "from", n.From.Name, "name", n.Who.Name)
	}
	lines := append([]string{v.head(n, text)}, v.happened(n)...)
	for _, p := range n.Client.Phones {
		lines = append(lines, v.t.HTML("card.phone", "phone", p.Display()))
	}
	s := chat.Screen{Text: strings.Join(lines, "\n")}
	if n.Client.ID != "" {
		s.Buttons = [][]chat.Button{cardRow(v.t, string(n.Client.ID))}
	}
	return s
}

// newsOfVIPs lists VIP clients who want attention, and why.
func (v view) newsOfVIPs(n crm.Notice) chat.Screen {
	lines := []string{v.head(n, v.t.HTML("news.stale"))}
	var open []chat.Button
	for i, one := range n.Stale {
		name := fit.Line(one.Client.Name, maxLine)
		lines = append(lines, v.t.HTML("news.stale_line", "no", i+1, "name", name, "why", v.why(one)))
		open = append(open, talk.Button(strconv.Itoa(i+1), talk.VerbCard, string(one.Client.ID), ""))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: talk.Rows(perRow, open...)}
}

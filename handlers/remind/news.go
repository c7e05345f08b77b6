package remind

import (
	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// news tells an owner what a member has done.
func (v view) news(n crm.Notice) chat.Screen {
	person := talk.Button(v.t.Label("button.person"), talk.VerbMember, string(n.Who.ID), "")
	return chat.Screen{Text: v.head(n, v.newsText(n, v.t.HTML)), Buttons: [][]chat.Button{{person}}}
}

// newsText says it, in HTML or plainly.
func (v view) newsText(n crm.Notice, say func(key string, args ...any) string) string {
	if n.News == crm.NewsExport {
		return say("news.export", "name", n.Who.Name, "what", v.t.Label("audit_action."+string(n.Did)))
	}
	return say("news."+string(n.News), "name", n.Who.Name, "n", n.Clients)
}

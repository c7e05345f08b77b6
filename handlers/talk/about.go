package talk

import (
	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// aboutClient are the verbs whose id is a client's and that stand on messages about that one client.
var aboutClient = map[Verb]bool{
	VerbCard: true, VerbTouch: true, VerbNote: true, VerbHistory: true, VerbEdit: true, VerbMore: true, VerbStage: true, VerbTags: true, VerbSecret: true,
}

// ClientOf is the client of our message that was answered. A list, which names several clients, is about none.
func ClientOf(in chat.Incoming) (crm.ClientID, bool) {
	if in.Reply == nil || !in.Reply.Ours {
		return "", false
	}
	var id crm.ClientID
	for _, raw := range in.Reply.Data {
		d, err := Parse(raw)
		if err != nil || !aboutClient[d.Verb] || d.ID == "" {
			continue
		}
		if id != "" && id != crm.ClientID(d.ID) {
			return "", false
		}
		id = crm.ClientID(d.ID)
	}
	return id, id != ""
}

// Typed reports whether a message is nothing but a text typed just now: what a question may take for its answer. A
// forwarded or edited message, a contact, a file, and a reply to a card mean something of their own.
func Typed(in chat.Incoming) bool {
	_, reply := ClientOf(in)
	return in.Text != "" && in.Forward == nil && in.Contact == nil && in.File == nil && !in.Edited && !reply
}

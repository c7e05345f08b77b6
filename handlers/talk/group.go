package talk

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// inGroup are the verbs of the buttons that a group may see: those that finish a reminder with one press. All else is for
// the private chat.
var inGroup = map[Verb]bool{
	VerbTaskDone: true, VerbTaskMiss: true, VerbTaskSnooze: true, VerbContactMiss: true, VerbContact: true, VerbGreet: true,
	VerbDue: true, VerbFinish: true, VerbMiss: true, VerbLater: true, VerbRetract: true, VerbNop: true,
}

// asks are what the buttons of such verbs carry if they lead to a question, or to buttons, that a group cannot answer.
var asks = []string{".date", ".parts", ".more"}

// ofGroup reports whether a button is one that a group may see.
func (d Data) ofGroup() bool {
	if d.Verb == VerbAgenda { // the pages of the list that has come there
		return d.ID != ""
	}
	return inGroup[d.Verb] && !slices.ContainsFunc(asks, func(end string) bool { return strings.HasSuffix(d.Arg, end) })
}

// CardPrefix begins the start parameter that opens a card: t.me/<bot>?start=c_<id>.
const CardPrefix = "c_"

// CardLink is an address that opens the card in the private chat, for those who may see it.
func CardLink(bot string, id crm.ClientID) string {
	return botLink(bot) + "?start=" + CardPrefix + string(id)
}

// TaskPrefix, MemberPrefix and PartsPrefix begin the start parameters that open a task, a member of the team, and the parts of what was
// done with many records at once.
const (
	TaskPrefix   = "t_"
	MemberPrefix = "m_"
	PartsPrefix  = "p_"
)

// TaskLink is an address that opens the task in the private chat, for those who may see it.
func TaskLink(bot string, id crm.TaskID) string {
	return botLink(bot) + "?start=" + TaskPrefix + string(id)
}

// MemberLink is an address that opens the member in the private chat, for those who run the team.
func MemberLink(bot string, id crm.MemberID) string {
	return botLink(bot) + "?start=" + MemberPrefix + string(id)
}

// PartsLink is an address that opens the parts of an event in the private chat, for those who may see them.
func PartsLink(bot string, id crm.EventID) string {
	return botLink(bot) + "?start=" + PartsPrefix + base64.RawURLEncoding.EncodeToString([]byte(id))
}

// PartsOf is the event of a start parameter that PartsLink made; "" if it is none.
func PartsOf(param string) crm.EventID {
	id, err := base64.RawURLEncoding.DecodeString(param[len(PartsPrefix):])
	if err != nil {
		return ""
	}
	return crm.EventID(id)
}

func botLink(bot string) string { return "https://t.me/" + bot }

// ForGroup is a screen as everybody in a group may see it: without phones and e-mails, with the buttons that are for all, and a card
// opened in private. Whether the presser may is asked at each press. Region is the team's.
func ForGroup(s chat.Screen, bot, region string) chat.Screen {
	s.Text, s.Ask = withoutPhones(s.Text, region), nil
	var rows [][]chat.Button
	for _, row := range s.Buttons {
		var kept []chat.Button
		for _, b := range row {
			d, err := Parse(b.Data)
			switch {
			case err == nil && d.ofGroup():
				kept = append(kept, b)
			case err == nil && d.Verb == VerbCard:
				kept = append(kept, Link(b.Text, CardLink(bot, crm.ClientID(d.ID))))
			}
		}
		if len(kept) > 0 {
			rows = append(rows, kept)
		}
	}
	s.Buttons = rows
	return s
}

// withoutPhones puts dots in the place of what may be a phone, and leaves out the lines that hold nothing else.
func withoutPhones(html, region string) string {
	var kept []string
	for line := range strings.SplitSeq(html, "\n") {
		found := crm.PhoneLike(line, region)
		bare := line
		for i := len(found) - 1; i >= 0; i-- {
			line = line[:found[i].Start] + "•••" + line[found[i].End:]
			bare = bare[:found[i].Start] + bare[found[i].End:]
		}
		if len(found) > 0 && strings.Trim(bare, "📞 ,;") == "" {
			continue
		}
		kept = append(kept, withoutEmails(line))
	}
	return strings.Join(kept, "\n")
}

// withoutEmails puts dots in the place of e-mail addresses that somebody wrote into a task.
func withoutEmails(line string) string {
	found := crm.FindEmails(line)
	for i := len(found) - 1; i >= 0; i-- {
		line = line[:found[i].Start] + "•••" + line[found[i].End:]
	}
	return line
}

// groupOut is the messenger while a turn happens in a group: what goes there is for everybody's eyes, and says for whom it is.
type groupOut struct {
	chat.Messenger
	turn *Turn
}

func (g groupOut) Send(ctx context.Context, to int64, s chat.Screen) (int64, error) {
	if to == g.turn.In.Chat.ID {
		s = g.shown(ctx, s)
		s.Topic = g.turn.In.Chat.Topic
	}
	return g.Messenger.Send(ctx, to, s)
}

func (g groupOut) Edit(ctx context.Context, to, message int64, s chat.Screen) error {
	if to == g.turn.In.Chat.ID {
		s = g.shown(ctx, s)
	}
	return g.Messenger.Edit(ctx, to, message, s)
}

func (g groupOut) shown(ctx context.Context, s chat.Screen) chat.Screen {
	team, _ := g.turn.Desk.Team(ctx, g.turn.By) // without it, what may be a phone is hidden by its digits alone
	s = ForGroup(s, g.turn.Bot, team.Region)
	if g.turn.Whose != "" {
		s.Text += "\n" + g.turn.T.HTML("group.whose", "name", g.turn.Whose)
	}
	return s
}

// GroupCommand registers what a member's command does in a group.
func (r *Router) GroupCommand(name string, f func(ctx context.Context, t *Turn) error) {
	r.groupCommands[name] = f
}

// Reach registers who is told that we were added to a group or taken out of it, or that a person blocked us.
func (r *Router) Reach(f func(ctx context.Context, t *Turn, member bool) error) { r.reach = f }

// group answers in a group only what is said to us and presses of our buttons. Work with clients is done in private.
func (r *Router) group(ctx context.Context, t *Turn, member bool) error {
	t.Out = groupOut{t.Out, t}
	f := r.groupCommands[t.In.Command]
	switch {
	case t.In.Press != nil && !member:
		t.Alert(t.T.Label("group.stranger"))
	case t.In.Press != nil:
		return r.groupPress(ctx, t)
	case member && f != nil:
		return f(ctx, t)
	case member && r.commands[t.In.Command] != nil:
		return t.Say(ctx, "group.private", "bot", t.Bot)
	case member && t.In.Reply != nil && t.In.Reply.Ours && len(t.In.Reply.Data) > 0: // an answer to a reminder, not talk about it
		return t.Say(ctx, "group.reply_private", "bot", t.Bot)
	}
	return nil
}

func (r *Router) groupPress(ctx context.Context, t *Turn) error {
	d, err := Parse(t.In.Press.Data)
	if err == nil && !d.ofGroup() {
		t.Alert(t.T.Label("group.press_private", "bot", t.Bot))
		return nil
	}
	team, failed := t.Desk.Team(ctx, t.By)
	if failed != nil {
		return failed
	}
	if !team.LinkedTo(t.In.Chat.ID) { // it was, when this came: nothing about clients is for it any more
		t.Alert(t.T.Label("group.not_team", "bot", t.Bot))
		t.Retire(ctx, t.In.Message)
		return nil
	}
	if _, listed := d.parent(); listed { // what one opens from a list does not take the list from all the others
		t.In.Message = 0
	}
	err = r.press(ctx, t)
	if errors.Is(err, crm.ErrNotFound) || errors.Is(err, crm.ErrDenied) {
		t.Alert(t.T.Label("group.not_yours"))
		return nil
	}
	return err
}

package talktest

import (
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// Person is somebody with a private chat with the bot.
type Person struct {
	User  int64 // also the id of the chat
	Name  string
	Lang  string
	Actor crm.Actor // as a member; zero for a stranger

	kit *Kit
}

func incoming(update int64) chat.Incoming { return chat.Incoming{Update: update} }

// Send hands in anything; what is left zero of Update, At, Chat, From and Message is filled in.
func (p *Person) Send(in chat.Incoming) {
	p.kit.tb.Helper()
	if in.Update == 0 {
		p.kit.updates++
		in.Update = p.kit.updates
	}
	if in.At.IsZero() {
		in.At = p.kit.Clock.Now()
	}
	if in.Chat.ID == 0 {
		in.Chat.ID = p.User
	}
	if in.Message == 0 && in.Inline == nil {
		in.Message = p.kit.Out.number()
	}
	in.From = chat.Person{ID: p.User, First: p.Name, Lang: p.Lang}
	if err := p.kit.Router.Handle(p.kit.tb.Context(), in); err != nil {
		p.kit.tb.Fatalf("%s: %v", p.Name, err)
	}
}

// Say sends a text; "/find ромаш" is a command.
func (p *Person) Say(text string) {
	p.kit.tb.Helper()
	in := chat.Incoming{Text: text}
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		in.Command, in.Args, _ = strings.Cut(rest, " ")
	}
	p.Send(in)
}

// Press presses the button with this label on the screen that the person looks at.
func (p *Person) Press(label string) {
	p.kit.tb.Helper()
	b := p.Button(label)
	if b.Data == "" {
		p.kit.tb.Fatalf("%s: the button %q opens something", p.Name, label)
	}
	p.PressData(p.Message(), b.Data)
}

// PressData presses a button of a message, be it there or not.
func (p *Person) PressData(message int64, data string) {
	p.kit.tb.Helper()
	press := &chat.Press{ID: "press", Data: data, Text: p.kit.Out.screen(p.User, message).Text}
	p.kit.Out.answer(p.User, "")
	p.Send(chat.Incoming{Message: message, Press: press})
}

// Inline types a query after the bot's name and returns what is offered.
func (p *Person) Inline(query, offset string) InlineAnswer {
	p.kit.tb.Helper()
	p.Send(chat.Incoming{Inline: &chat.Inline{ID: "inline", Query: query, Offset: offset}})
	return p.kit.Out.inlineAnswer()
}

// Pick chooses a result of the inline mode.
func (p *Person) Pick(result string) {
	p.kit.tb.Helper()
	p.Send(chat.Incoming{Picked: &chat.Picked{Result: result}})
}

// Screen is what the person looks at: what was sent or edited last.
func (p *Person) Screen() chat.Screen { return p.kit.Out.screen(p.User, p.Message()) }

// Message is the id of the message that the person looks at, 0 if there is none.
func (p *Person) Message() int64 { return p.kit.Out.last(p.User) }

// Toast is the line shown over the chat after the last press.
func (p *Person) Toast() string { return p.kit.Out.toast(p.User) }

// Labels are the texts of the screen's buttons, row by row.
func (p *Person) Labels() [][]string {
	var rows [][]string
	for _, row := range p.Screen().Buttons {
		var labels []string
		for _, b := range row {
			labels = append(labels, b.Text)
		}
		rows = append(rows, labels)
	}
	return rows
}

// Button is the one with this label on the screen; the test ends if there is none.
func (p *Person) Button(label string) chat.Button {
	p.kit.tb.Helper()
	for _, row := range p.Screen().Buttons {
		for _, b := range row {
			if b.Text == label {
				return b
			}
		}
	}
	p.kit.tb.Fatalf("%s: no button %q on\n%s\n%q", p.Name, label, p.Screen().Text, p.Labels())
	return chat.Button{}
}

// Add puts a client into the base, with the person responsible for it.
func (p *Person) Add(profile crm.Profile) crm.Client {
	p.kit.tb.Helper()
	c, err := p.kit.Desk.AddClient(p.kit.tb.Context(), p.By(), crm.Draft{Profile: profile, Named: crm.NamedByMember}, true)
	if err != nil {
		p.kit.tb.Fatalf("%s: add %q: %v", p.Name, profile.Name, err)
	}
	return c
}

// By is the person acting anew, to call use cases with.
func (p *Person) By() crm.Actor { return crm.Actor{Member: p.Actor.Member, Cause: p.kit.cause()} }

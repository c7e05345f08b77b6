package talk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/locales"
)

// Form is a kind of dialog, known by the name that its dialogs carry in Dialog.Form.
type Form struct {
	Title string // key of what the form is called when it is put aside; "" if it may be dropped silently
	// Answer handles a message while the dialog is open. It returns false to let the message mean what it
	// would mean without the dialog.
	Answer func(ctx context.Context, t *Turn, d crm.Dialog) (bool, error)
	// Press handles a press of VerbForm, VerbBack, VerbSkip, VerbCancel or VerbSave while the dialog is open.
	Press func(ctx context.Context, t *Turn, d crm.Dialog, data Data) error
	// Cancel ends the dialog at /cancel; nil: it is ended and the message that shows it says so.
	Cancel func(ctx context.Context, t *Turn, d crm.Dialog) error
	// Show shows the dialog's present step.
	Show func(ctx context.Context, t *Turn, d crm.Dialog) error
	// Question: the dialog is a question about something that is shown anyway. It waits for minutes, and is dropped when
	// something else comes.
	Question bool
	// Key is the name, at most 16 of A–Z a–z 0–9 _ -, under which the dialog is kept when a command or another dialog
	// takes its place; "" if it holds nothing worth keeping. Nil: it never does.
	Key func(d crm.Dialog) string
}

func (f *Form) key(d crm.Dialog) string {
	if f.Key == nil {
		return ""
	}
	return f.Key(d)
}

// Gatekeeper speaks to people who are no members: it may let them in. It returns whether the person is a member
// now.
type Gatekeeper func(ctx context.Context, t *Turn) (bool, error)

type (
	command func(ctx context.Context, t *Turn) error
	press   func(ctx context.Context, t *Turn, d Data) error
	message func(ctx context.Context, t *Turn) (bool, error)
)

// Router knows where everything that comes in goes. Register all before the first Handle.
type Router struct {
	desk    *crm.Desk
	out     chat.Messenger
	catalog *locales.Catalog
	clock   crm.Clock
	log     *slog.Logger
	bot     string

	gate     Gatekeeper
	commands map[string]command

	groupCommands map[string]command // what commands do in a group
	presses       map[Verb]press
	forms         map[string]*Form
	links         map[string]command // prefix of a start parameter → what opens it
	messages      []message          // asked in turn until one answers
	inline        command
	picked        command
	reach         func(ctx context.Context, t *Turn, member bool) error
	menu          func(ctx context.Context, t *Turn)
	seen          sync.Map // Telegram user → when it was last noted that they are there, by this process
	menus         sync.Map // Telegram user → role and language that their menu was last made for, in this process
}

// Options of a router; all are required.
type Options struct {
	Desk    *crm.Desk
	Out     chat.Messenger
	Catalog *locales.Catalog
	Clock   crm.Clock
	Log     *slog.Logger
	Bot     string // username
}

// New makes a router with nothing but the frame's own buttons.
func New(o Options) *Router {
	r := &Router{desk: o.Desk, out: o.Out, catalog: o.Catalog, clock: o.Clock, log: o.Log, bot: o.Bot,
		commands: map[string]command{}, presses: map[Verb]press{}, forms: map[string]*Form{}, links: map[string]command{}, groupCommands: map[string]command{}}
	for _, v := range []Verb{VerbForm, VerbBack, VerbSkip, VerbCancel, VerbSave} {
		r.Press(v, pressForm)
	}
	registerCode(r)
	r.Press(VerbResume, resume)
	r.Press(VerbDrop, drop)
	r.Press(VerbNop, func(context.Context, *Turn, Data) error { return nil })
	return r
}

// Gate sets who speaks to people who are no members.
func (r *Router) Gate(g Gatekeeper) { r.gate = g }

// Command registers what a command does.
func (r *Router) Command(name string, f func(ctx context.Context, t *Turn) error) {
	r.commands[name] = f
}

// Commands are the names of all, in private chats and in groups.
func (r *Router) Commands() []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(r.commands)), maps.Keys(r.groupCommands))
	slices.Sort(all)
	return slices.Compact(all)
}

// Verbs are all whose buttons are answered.
func (r *Router) Verbs() []Verb { return slices.Sorted(maps.Keys(r.presses)) }

// Press registers what buttons of a verb do.
func (r *Router) Press(v Verb, f func(ctx context.Context, t *Turn, d Data) error) { r.presses[v] = f }

// Form registers a kind of dialog.
func (r *Router) Form(name string, f Form) { r.forms[name] = &f }

// StartLink registers what /start with a parameter of that prefix does, e.g. "c_" for a card.
func (r *Router) StartLink(prefix string, f func(ctx context.Context, t *Turn) error) {
	r.links[prefix] = f
}

// Message registers a subject that may answer a message; the first that returns true has.
func (r *Router) Message(f func(ctx context.Context, t *Turn) (bool, error)) {
	r.messages = append(r.messages, f)
}

// Inline registers who answers inline queries.
func (r *Router) Inline(f func(ctx context.Context, t *Turn) error) { r.inline = f }

// Picked registers who hears that a member has chosen a result of our inline mode.
func (r *Router) Picked(f func(ctx context.Context, t *Turn) error) { r.picked = f }

// Menu registers who gives a member's chat its menu of commands.
func (r *Router) Menu(f func(ctx context.Context, t *Turn)) { r.menu = f }

// showMenu gives the member the menu of their role and language: when they first do something after the program's
// start, which may have brought new commands, and when either has changed.
func (r *Router) showMenu(ctx context.Context, t *Turn) {
	if r.menu == nil || t.By.ID == "" || t.In.Chat.Group || t.In.Inline != nil || t.In.Reach != nil {
		return
	}
	now := string(t.By.Role) + "/" + t.By.Lang
	if before, ok := r.menus.Swap(t.By.User, now); !ok || before != now {
		r.menu(ctx, t)
	}
}

// noteSeen notes now and then that the member is there.
func (r *Router) noteSeen(ctx context.Context, t *Turn) {
	if t.By.ID == "" || t.In.Reach != nil {
		return
	}
	if last, ok := r.seen.Load(t.By.User); ok && t.Now.Sub(last.(time.Time)) < crm.SeenEvery {
		return
	}
	r.seen.Store(t.By.User, t.Now)
	if err := r.desk.NoteSeen(ctx, t.By); err != nil {
		r.log.Warn("not noted who was there", "update", t.In.Update, "error", err)
	}
}

// Handle answers one incoming thing. An error means that it was not handled and may be tried again; what the
// person did wrong is answered and is no error here.
func (r *Router) Handle(ctx context.Context, in chat.Incoming) error {
	t, member, err := r.turn(ctx, in)
	if err != nil {
		return err
	}
	err = r.route(ctx, t, member)
	if errors.Is(err, crm.ErrNeedsCode) {
		err = t.askCode(ctx, err)
	}
	r.showMenu(ctx, t) // after the answer, which is what the person waits for
	r.noteSeen(ctx, t)
	if text, theirs := Explain(t.T, err); err != nil && theirs {
		err = t.reply(ctx, text)
	}
	if in.Press != nil && err == nil {
		err = t.Out.Answer(ctx, in.Press.ID, fit.Text(t.toast, maxToast), t.alert)
	}
	switch {
	case errors.Is(err, chat.ErrTooLate), errors.Is(err, chat.ErrUnreachable), errors.Is(err, chat.ErrUnknown):
		r.log.Warn("answer not delivered", "update", in.Update, "error", err)
		return nil
	case err != nil:
		return fmt.Errorf("handle update %d: %w", in.Update, err)
	}
	return nil
}

// turn finds out who speaks and in which language.
func (r *Router) turn(ctx context.Context, in chat.Incoming) (*Turn, bool, error) {
	t := &Turn{In: in, Desk: r.desk, Out: r.out, Log: r.log, Bot: r.bot, Now: r.clock.Now().UTC(), router: r}
	by, err := r.desk.Actor(ctx, in.From.ID, CauseOf(in))
	if errors.Is(err, crm.ErrNotFound) {
		t.T = r.catalog.For(in.From.Lang)
		return t, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	t.enter(by)
	return t, true, nil
}

// enter makes the turn a member's.
func (t *Turn) enter(by crm.Actor) {
	t.By = by
	t.T = t.router.catalog.For(by.Lang)
	t.Now = t.router.clock.Now().In(by.Location())
}

// SpeakAs gives the turn the words of a member whose message it is that a whole group reads.
func (t *Turn) SpeakAs(m crm.Member) { t.T = t.router.catalog.For(m.Lang) }

// Enter makes the turn that of a person who has just become a member.
func (t *Turn) Enter(m crm.Member) { t.enter(crm.Actor{Member: m, Cause: CauseOf(t.In)}) }

func (r *Router) route(ctx context.Context, t *Turn, member bool) error {
	in := t.In
	switch {
	case in.Reach != nil && r.reach != nil:
		return r.reach(ctx, t, member)
	case in.Picked != nil && member && r.picked != nil:
		return r.picked(ctx, t)
	case in.Reach != nil, in.Picked != nil:
		return nil
	case in.Inline != nil:
		if !member || r.inline == nil {
			return t.Out.AnswerInline(ctx, in.Inline.ID, nil, "")
		}
		return r.inline(ctx, t)
	case in.Chat.Group:
		return r.group(ctx, t, member)
	case !member:
		entered, err := r.gate(ctx, t)
		if err != nil || !entered {
			return err
		}
		return nil
	case in.Press != nil:
		return r.press(ctx, t)
	}
	return r.message(ctx, t)
}

func (r *Router) press(ctx context.Context, t *Turn) error {
	d, err := Parse(t.In.Press.Data)
	f := r.presses[d.Verb]
	if err != nil || f == nil {
		return sayStale(ctx, t)
	}
	if err := t.follow(ctx, d); err != nil {
		return err
	}
	if err := f(ctx, t, d); err != nil {
		return err
	}
	return t.walkAway(ctx)
}

// pressForm hands a press to the open dialog's form.
func pressForm(ctx context.Context, t *Turn, data Data) error {
	d, ok, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	f := t.router.forms[d.Form]
	if !ok || f == nil || d.Screen != 0 && d.Screen != t.In.Message {
		return sayStale(ctx, t) // over, or the button is of another dialog than the open one
	}
	return f.Press(ctx, t, d, data)
}

func (r *Router) message(ctx context.Context, t *Turn) error {
	if t.In.ViaUs {
		return nil // a result of our own inline mode that the member put here
	}
	if t.In.Edited && (t.In.Command != "" || t.In.Reply != nil) {
		return t.Say(ctx, "message.edited") // it has had its effect when it came first
	}
	if name := t.In.Command; name != "" {
		return r.command(ctx, t, name)
	}
	if done, err := t.takeCode(ctx); done || err != nil {
		return err
	}
	d, open, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	if f := r.forms[d.Form]; open && f != nil {
		done, err := f.Answer(ctx, t, d)
		if done && err == nil {
			return t.retireAnswered(ctx, d)
		}
		if f.Question && f.key(d) == "" && crm.OutOfReach(err) { // no answer will ever do: what is typed next means what it says
			t.Retire(ctx, d.Screen)
			return errors.Join(err, t.End(ctx))
		}
		if done || err != nil {
			return err
		}
	}
	for _, f := range r.messages {
		if done, err := f(ctx, t); done || err != nil {
			return err
		}
	}
	return t.Say(ctx, "message.unknown")
}

// retireAnswered takes the buttons off the question that a message has answered, unless it stands there still.
func (t *Turn) retireAnswered(ctx context.Context, asked crm.Dialog) error {
	now, open, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	if !open || now.Screen != asked.Screen {
		t.Retire(ctx, asked.Screen)
	}
	return nil
}

func (r *Router) command(ctx context.Context, t *Turn, name string) error {
	f := r.commands[name]
	if name == "start" {
		for prefix, link := range r.links {
			if strings.HasPrefix(t.In.Args, prefix) {
				f = link
			}
		}
	}
	if f == nil {
		return t.Say(ctx, "command.unknown")
	}
	if name != "cancel" {
		if err := t.park(ctx); err != nil {
			return err
		}
	}
	return f(ctx, t)
}

// maxToast is the length of a line shown over the chat. Telegram: answerCallbackQuery takes 200 characters.
const maxToast = 200

// reply says what was wrong: over the chat for a press, as a message else.
func (t *Turn) reply(ctx context.Context, text string) error {
	if t.In.Press != nil {
		t.Alert(text)
		return nil
	}
	if t.In.Chat.Group || t.In.Inline != nil {
		return nil
	}
	_, err := t.Send(ctx, chat.Screen{Text: string(locales.Escape(text))})
	return err
}

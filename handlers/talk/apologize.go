package talk

import (
	"context"

	"kartoteka/handlers/chat"
)

// Apologize tells a person that what they did could not be handled, with the reference under which the log has it.
// The intake calls it when it has tried long enough and set the update aside.
func (r *Router) Apologize(ctx context.Context, in chat.Incoming) {
	if in.Chat.Group || in.Inline != nil || in.From.ID == 0 {
		return
	}
	t := r.catalog.For(in.From.Lang)
	if by, err := r.desk.Actor(ctx, in.From.ID, CauseOf(in)); err == nil {
		t = r.catalog.For(by.Lang)
	}
	ref := Ref(in)
	r.log.Error("update given up", "update", in.Update, "ref", ref)
	if in.Press != nil {
		_ = r.out.Answer(ctx, in.Press.ID, "", false) // the spinner stops; the words come as a message that stays
	}
	if _, err := r.out.Send(ctx, in.Chat.ID, chat.Screen{Text: t.HTML("error.internal", "ref", ref)}); err != nil {
		r.log.Warn("apology not delivered", "update", in.Update, "error", err)
	}
}

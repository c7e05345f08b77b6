package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kartoteka/bot/sandbox"
)

// inlineWait is how long the page waits for the results of inline mode; Telegram forgets the query after 30 s.
const inlineWait = 15 * time.Second

type contactIn struct {
	by
	Phone string `json:"phone"`
	First string `json:"first"`
	Last  string `json:"last"`
	VCard string `json:"vcard"`
	Own   bool   `json:"own"`
}

func contact(p *sandbox.Person, in contactIn) (any, error) {
	if in.Phone == "" && in.VCard == "" {
		return nil, fmt.Errorf("%w: a contact has a phone", errBad)
	}
	spec := sandbox.ContactSpec{Phone: in.Phone, First: in.First, Last: in.Last, VCard: in.VCard}
	if in.Own {
		spec.UserID = p.ID()
	}
	p.ShareContact(spec)
	return nil, nil
}

type usersIn struct {
	by
	Request int64   `json:"request"`
	Users   []int64 `json:"users"`
}

func (c *Chat) users(p *sandbox.Person, in usersIn) (any, error) {
	var who []*sandbox.Person
	for _, id := range in.Users {
		u, err := c.person(id)
		if err != nil {
			return nil, err
		}
		who = append(who, u)
	}
	p.ShareUsers(in.Request, who...)
	return nil, nil
}

// place sends where the Bolshoi Theatre is.
func place(p *sandbox.Person, _ by) (any, error) {
	p.Send(sandbox.Message{Location: &sandbox.Location{Latitude: 55.7601, Longitude: 37.6186}})
	return nil, nil
}

type forwardIn struct {
	by
	From   int64  `json:"from"`
	Name   string `json:"name"`
	Last   string `json:"last"`
	Hidden bool   `json:"hidden"`
	Text   string `json:"text"`
	At     string `json:"at"` // wall time in the zone; "": now
}

// strangers are ids of people who were only ever heard of: above those of the people here.
const strangers = 900_000

func (c *Chat) forward(p *sandbox.Person, in forwardIn) (any, error) {
	f := sandbox.ForwardSpec{FromName: in.Name, FromLast: in.Last, Hidden: in.Hidden, Text: in.Text}
	if in.From != 0 {
		from, err := c.person(in.From)
		if err != nil {
			return nil, err
		}
		u := from.User()
		f.FromID, f.FromName, f.FromLast, f.FromUsername = u.ID, u.FirstName, u.LastName, u.Username
	} else if f.FromID = strangers; !in.Hidden {
		for _, r := range in.Name + in.Last { // the same name is the same person
			f.FromID = (f.FromID*31 + int64(r)) % 1_000_000_000
		}
		f.FromID += strangers
	}
	if f.FromName == "" || strings.TrimSpace(f.Text) == "" {
		return nil, fmt.Errorf("%w: a forwarded message has an author and a text", errBad)
	}
	if in.At != "" {
		var err error
		if f.At, err = time.ParseInLocation(wallTime, in.At, c.zone); err != nil {
			return nil, fmt.Errorf("%w: %w", errBad, err)
		}
	}
	p.Forward(f)
	return nil, nil
}

type inlineIn struct {
	by
	Text   string `json:"text"`
	Offset string `json:"offset"`
}

type inlineOut struct {
	Answer  string          `json:"answer"`
	Results []inlineLine    `json:"results"`
	Next    string          `json:"next"`
	Button  json.RawMessage `json:"button,omitempty"`
}

type inlineLine struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Line  string `json:"line"`
}

func (c *Chat) inline(w http.ResponseWriter, r *http.Request) {
	in, err := read[inlineIn](w, r)
	if err != nil {
		answer(w, nil, err)
		return
	}
	p, err := c.at(in.by)
	if err != nil {
		answer(w, nil, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), inlineWait)
	defer cancel()
	a, err := p.Inline(ctx, in.Text, in.Offset)
	if errors.Is(err, sandbox.ErrNotQueued) {
		err = nil // the bot wants no inline queries: there are no results
	}
	if err != nil {
		answer(w, nil, err)
		return
	}
	out := inlineOut{Answer: c.remember(a), Results: []inlineLine{}, Next: a.NextOffset, Button: a.Button}
	for _, r := range a.Results {
		out.Results = append(out.Results, inlineLine{r.ID, r.Title, r.Description})
	}
	answer(w, out, nil)
}

// remember keeps an answer for pick and returns its key.
func (c *Chat) remember(a sandbox.InlineAnswer) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.number++
	key := strconv.Itoa(c.number)
	c.answers[key] = a
	c.asked = append(c.asked, key)
	if len(c.asked) > maxAnswers {
		delete(c.answers, c.asked[0])
		c.asked = c.asked[1:]
	}
	return key
}

type pickIn struct {
	by
	Answer string `json:"answer"`
	Result string `json:"result"`
}

func (c *Chat) pick(p *sandbox.Person, in pickIn) (any, error) {
	c.mu.Lock()
	a := c.answers[in.Answer]
	c.mu.Unlock()
	_, err := p.PickInline(a, in.Result)
	return nil, err
}

type blockIn struct {
	by
	On bool `json:"on"`
}

func block(p *sandbox.Person, in blockIn) (any, error) {
	if in.On {
		p.Block()
	} else {
		p.Unblock()
	}
	return nil, nil
}

type newPersonIn struct {
	First    string `json:"first"`
	Last     string `json:"last"`
	Username string `json:"username"`
	Lang     string `json:"lang"`
}

func (c *Chat) newPerson(in newPersonIn) (any, error) {
	if strings.TrimSpace(in.First) == "" {
		return nil, fmt.Errorf("%w: a person has a first name", errBad)
	}
	p := c.srv.AddPerson(sandbox.PersonSpec{
		First: in.First, Last: in.Last, Username: strings.TrimPrefix(in.Username, "@"), Lang: in.Lang,
	})
	c.tell(event{Kind: "people"})
	return map[string]int64{"person": p.ID()}, nil
}

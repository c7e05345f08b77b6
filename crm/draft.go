package crm

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// Merge joins what another message adds to the draft. The order in which messages come does not matter: the
// better source of the name wins, lists are united, a single value that is there stays, and a different second
// one becomes a note, so that nothing is lost. Notes with the same key join once.
func (d *Draft) Merge(other Draft) {
	mine, theirs := d.Profile.Name, other.Profile.Name
	lesser := min(d.Named, other.Named) // how an account calls itself goes without a trace
	if other.Named > d.Named || mine == "" {
		d.Profile.Name, d.Named = theirs, max(d.Named, other.Named)
		mine, theirs = theirs, mine
	}
	if lesser >= NamedByContact && theirs != "" && !holdsWords(d.Profile.Name, theirs) {
		d.Notes = append(d.Notes, Leftover{Field: FieldName, Text: theirs}.note())
	}
	left := d.Profile.absorb(other.Profile)
	d.Notes = append(d.Notes, other.Notes...)
	for _, l := range left {
		d.Notes = append(d.Notes, l.note())
	}
	d.tidyNotes()
}

// tidyNotes puts notes in the order in which they were said and drops repeats.
func (d *Draft) tidyNotes() {
	seen := map[string]bool{}
	d.Notes = slices.DeleteFunc(d.Notes, func(n DraftNote) bool {
		if n.Key == "" {
			return false
		}
		again := seen[n.Key]
		seen[n.Key] = true
		return again
	})
	slices.SortStableFunc(d.Notes, func(a, b DraftNote) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Key, b.Key))
	})
}

// Empty reports whether there is nothing in the draft to make a card of.
func (d Draft) Empty() bool {
	p := d.Profile
	return p.Name == "" && p.Company == "" && len(p.Phones) == 0 && len(p.Emails) == 0 && len(p.Messengers) == 0 && p.TelegramID == 0
}

// absorb adds what other has and p lacks. Lists are united; a single value is taken where p has none, and what
// differs is returned.
func (p *Profile) absorb(other Profile) []Leftover {
	left := p.absorbChosen(other)
	take := func(f Field, mine *string, theirs string) {
		switch {
		case *mine == "":
			*mine = theirs
		case theirs != "" && spell.Fold(theirs) != spell.Fold(*mine):
			left = append(left, Leftover{Field: f, Text: theirs})
		}
	}
	take(FieldCompany, &p.Company, other.Company)
	take(FieldPosition, &p.Position, other.Position)
	take(FieldCity, &p.City, other.City)
	take(FieldAddress, &p.Address, other.Address)
	take(FieldSource, &p.Source, other.Source)
	if p.Birthday.IsZero() {
		p.Birthday = other.Birthday
	} else if !other.Birthday.IsZero() && other.Birthday != p.Birthday {
		left = append(left, Leftover{Field: FieldBirthday, Day: other.Birthday})
	}
	for _, ph := range other.Phones {
		p.Phones = addPhone(p.Phones, ph)
	}
	for _, mail := range other.Emails {
		if !slices.Contains(p.Emails, mail) {
			p.Emails = append(p.Emails, mail)
		}
	}
	for _, m := range other.Messengers {
		p.Messengers = addMessenger(p.Messengers, m)
	}
	for _, o := range other.Dates {
		var room bool
		if p.Dates, room = addDate(p.Dates, o); !room {
			left = append(left, Leftover{Field: FieldDates, Text: o.Label, Day: o.Day})
		}
	}
	p.Tags = unite(p.Tags, other.Tags)
	p.Interests = unite(p.Interests, other.Interests)
	for _, id := range slices.Sorted(maps.Keys(other.Custom)) {
		if p.Custom == nil {
			p.Custom = map[FieldID]string{}
		}
		have := p.Custom[id]
		take(CustomKey(id), &have, other.Custom[id])
		p.Custom[id] = have
	}
	return left
}

// trim cuts lists to what a card may hold, and returns what goes.
func (p *Profile) trim() []Leftover {
	var left []Leftover
	cut := func(f Field, list *[]string, most int) {
		for _, text := range (*list)[min(len(*list), most):] {
			left = append(left, Leftover{Field: f, Text: text})
		}
		*list = (*list)[:min(len(*list), most)]
	}
	for _, ph := range p.Phones[min(len(p.Phones), maxPhones):] {
		left = append(left, Leftover{Field: FieldPhones, Text: ph.Display()})
	}
	p.Phones = p.Phones[:min(len(p.Phones), maxPhones)]
	cut(FieldEmails, &p.Emails, maxEmails)
	cut(FieldTags, &p.Tags, maxTags)
	cut(FieldInterests, &p.Interests, maxTags)
	return left
}

// Leftover is a value that a card did not take, since it has another one, or no room.
type Leftover struct {
	Field Field      `json:"field" bson:"field"`
	Text  string     `json:"text,omitempty" bson:"text,omitempty"`
	Day   civil.Date `json:"day,omitzero" bson:"day,omitempty"` // behind the text, if there is one
}

// absorbChosen is absorb of what is chosen among values, and of the Telegram id, of which a card has one.
func (p *Profile) absorbChosen(other Profile) (left []Leftover) {
	if p.Kind != "" && other.Kind != "" && p.Kind != other.Kind {
		left = append(left, Leftover{Field: FieldClientKind, Text: string(other.Kind)})
	}
	if p.Channel != "" && other.Channel != "" && p.Channel != other.Channel {
		left = append(left, Leftover{Field: FieldChannel, Text: string(other.Channel)})
	}
	if p.TelegramID != 0 && other.TelegramID != 0 && p.TelegramID != other.TelegramID {
		left = append(left, Leftover{Field: FieldMessengers, Text: "Telegram ID " + strconv.FormatInt(other.TelegramID, 10)})
	}
	p.Kind, p.Channel, p.TelegramID = cmp.Or(p.Kind, other.Kind), cmp.Or(p.Channel, other.Channel), cmp.Or(p.TelegramID, other.TelegramID)
	return left
}

// Parts are what it says: a text, a day, or both. Own fields keep their days as texts.
func (l Leftover) Parts(team Team) (string, civil.Date) {
	if own, ok := team.AnyField(l.Field.Custom()); ok && own.Kind == FieldDate {
		if day, err := civil.ParseDate(l.Text); err == nil {
			return "", day
		}
	}
	return l.Text, l.Day
}

// note is a note of it: who saves it says what it is.
func (l Leftover) note() DraftNote {
	return DraftNote{Kind: TouchNote, Left: []Leftover{l}, Key: "left:" + string(l.Field) + ":" + spell.Fold(l.Text) + l.Day.String()}
}

// unite adds the texts of b that a does not have, however they are written.
func unite(a, b []string) []string {
	for _, s := range b {
		if !slices.ContainsFunc(a, func(have string) bool { return spell.Fold(have) == spell.Fold(s) }) {
			a = append(a, s)
		}
	}
	return a
}

// News is what a draft would add to a card.
type News struct {
	Fields []Field // in which there is something new
	Fresh  Profile // what that is: of a list only what the card lacks
	Notes  bool    // there is something for the history
}

// News tells what the draft would add to the card.
func (d Draft) News(c Client) News {
	with := c.clone()
	left := with.complete(d.Profile, d.Named)
	n := News{Fresh: with.Profile, Notes: len(left) > 0 || len(d.Notes) > 0}
	for _, f := range Fields {
		if with.Value(f) != c.Value(f) {
			n.Fields = append(n.Fields, f)
		}
	}
	n.Fresh.Phones = without(with.Phones, c.Phones)
	n.Fresh.Emails = without(with.Emails, c.Emails)
	n.Fresh.Messengers = without(with.Messengers, c.Messengers)
	n.Fresh.Dates = without(with.Dates, c.Dates)
	n.Fresh.Tags = without(with.Tags, c.Tags)
	n.Fresh.Interests = without(with.Interests, c.Interests)
	return n
}

// Tells reports whether the draft would add something to one of the cards that were found for it, or may: what a card has that
// the member may not see, or one that is about to be made, is not known.
func (d Draft) Tells(found []Duplicate) bool {
	return len(found) == 0 || slices.ContainsFunc(found, func(f Duplicate) bool {
		news := d.News(f.Client)
		return !f.Visible || len(news.Fields) > 0 || news.Notes
	})
}

// without is what of a list another does not have.
func without[T comparable](list, other []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return slices.Contains(other, x) })
}

// complete adds a profile to a card: like absorb, and the name too where the new one holds every word of the
// old one and more. What differs and was not taken is returned; how a client's account calls itself is nothing that a card
// wants to know.
func (c *Client) complete(p Profile, named NameSource) []Leftover {
	left := c.Profile.absorb(p)
	switch {
	case p.Name == "" || spell.Fold(p.Name) == spell.Fold(c.Name):
	case c.Name == "" || named > NamedByAccount && holdsWords(p.Name, c.Name) && !holdsWords(c.Name, p.Name):
		c.Name = spelledAs(p.Name, c.Name)
	case named > NamedByAccount && !holdsWords(c.Name, p.Name):
		left = append([]Leftover{{Field: FieldName, Text: p.Name}}, left...)
	}
	return left
}

// spelledAs is a name with the ё that a card has in it: many leave it out, nobody puts in one that is not there.
func spelledAs(name, card string) string {
	words := strings.Fields(name)
	for i, w := range words {
		for _, have := range strings.Fields(card) {
			if strings.ContainsAny(have, yo) && spell.Fold(have) == spell.Fold(w) {
				words[i] = have
			}
		}
	}
	return strings.Join(words, " ")
}

// holdsWords reports whether every word of part is among the words of whole.
func holdsWords(whole, part string) bool {
	words := strings.Fields(spell.Fold(whole))
	for _, w := range strings.Fields(spell.Fold(part)) {
		if !slices.Contains(words, w) {
			return false
		}
	}
	return true
}

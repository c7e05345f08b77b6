package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// What comes in from a messenger becomes a Draft here: a contact, a forwarded message, a typed line. The
// messenger's own types stay outside.

// Account is a person or a channel as a messenger shows it. User 0: hidden, or a channel.
type Account struct {
	User     int64
	Name     string // as shown
	Username string // without @, "" if none
	Channel  bool
}

// SharedContact is a phone-book card.
type SharedContact struct {
	Account
	Phone string // with or without +, as the phone book has it
}

// Forwarded is a message that somebody else wrote and the member passed on.
type Forwarded struct {
	From   Account
	By     Account // who passed it on
	Team   TeamID  // whose member that is
	At     time.Time
	Text   string
	File   *File
	Key    Cause
	Source string // what the card says of where it came from
}

// BeginDraft answers whether by may add clients, and with which region and fields. ErrDenied.
func (d *Desk) BeginDraft(ctx context.Context, by Actor) (Team, error) {
	team, _, err := d.gate(ctx, by, ActionAddClient)
	return team, err
}

// DraftFromContact reads a shared contact. Card is what its vCard says, if it has one: its name is the fuller
// one. A phone that cannot be read is kept as a note.
func DraftFromContact(c SharedContact, card *Draft, region string) Draft {
	var d Draft
	if card != nil {
		d = *card
	}
	name, note := draftName(c.Name)
	if d.Profile.Name == "" && name != "" {
		d.Profile.Name = name
	}
	if d.Profile.Name != "" {
		d.Named = NamedByContact
	}
	if d.Profile.TelegramID = c.User; c.Phone != "" {
		p, err := ParsePhone(c.Phone, region)
		if err != nil {
			p, err = ParsePhone("+"+strings.TrimLeft(c.Phone, "+"), region)
		}
		if err == nil {
			d.Profile.Phones = addPhone(d.Profile.Phones, p)
		} else {
			note = strings.Trim(note+"\n"+cleanLine(c.Phone), "\n")
		}
	}
	if note != "" {
		d.Notes = append(d.Notes, DraftNote{Kind: TouchNote, Text: note, Key: "contact:" + spell.Fold(note)})
	}
	return d
}

// draftName cleans a name that nobody can be asked to shorten: the rest of one that is too long is returned.
func draftName(s string) (name, rest string) {
	name, err := CleanName(s)
	if err == nil {
		return name, ""
	}
	line := cleanLine(s)
	if utf8.RuneCountInString(line) <= maxName {
		return "", "" // nothing one could read
	}
	return strings.TrimSpace(string([]rune(line)[:maxName])), line
}

// DraftFromForward reads a forwarded message: its writer is the client, its text a touch at the time it was
// first sent. What the member or a colleague wrote is our side of the talk and says nothing of who the client is;
// a channel names its draft until a person does.
func (d *Desk) DraftFromForward(ctx context.Context, m Forwarded) (Draft, error) {
	ours, err := d.ours(ctx, m)
	if err != nil {
		return Draft{}, err
	}
	text, err := cleanText(m.Text, maxNote, "note")
	if err != nil {
		return Draft{}, err
	}
	note := DraftNote{Kind: TouchMessage, Text: text, File: m.File, At: m.At, Key: string(m.Key)}
	if ours {
		return Draft{Notes: []DraftNote{note}}, nil
	}
	name, _ := draftName(m.From.Name)
	note.Via = "forward"
	out := Draft{Profile: Profile{Name: name, Source: m.Source}}
	if m.From.Channel {
		where := name
		if m.From.Username != "" {
			where += " (@" + m.From.Username + ")"
		}
		note.Text = strings.TrimSpace(where + ":\n" + text)
		out.Notes = []DraftNote{note}
		return out, nil
	}
	if note.From = name; name != "" {
		out.Named = NamedByAccount
	}
	if out.Profile.TelegramID = m.From.User; m.From.Username != "" {
		if handle, err := ParseUsername(m.From.Username); err == nil {
			out.Profile.Messengers = []Messenger{{Kind: messengerTelegram, Handle: handle}}
		}
	}
	out.Notes = []DraftNote{note}
	return out, nil
}

// ours reports whether a member of the team wrote the message.
func (d *Desk) ours(ctx context.Context, m Forwarded) (bool, error) {
	switch {
	case m.From.Channel:
		return false, nil
	case m.From.User == 0:
		return spell.Fold(m.From.Name) == spell.Fold(m.By.Name), nil
	case m.From.User == m.By.User:
		return true, nil
	}
	who, err := d.store.MemberByUser(ctx, m.From.User)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("who wrote the message: %w", err)
	}
	return who.Team == m.Team, nil
}

// maxTypedName is the longest text that is taken for a name as it stands, in characters.
const maxTypedName = 60

// DraftFromLine reads what a member typed about a client: ParseLine, and where that finds nothing but a note in one
// short line, the line is the name. The errors are of what was meant for a field and stayed in the note.
// At is when it was sent, at the member's place.
func DraftFromLine(text string, team Team, at time.Time, key Cause) (Draft, []error) {
	d, errs := ParseLine(text, team.Region, civil.DateOf(at))
	if d.Empty() && len(errs) == 0 && len(d.Notes) == 1 && !strings.Contains(strings.TrimSpace(text), "\n") {
		name, err := CleanName(d.Notes[0].Text)
		if err == nil && utf8.RuneCountInString(name) <= maxTypedName {
			d.Profile.Name, d.Named, d.Notes = name, NamedByMember, nil
		}
	}
	for i := range d.Notes {
		d.Notes[i].At, d.Notes[i].Key = at, fmt.Sprintf("%s.%d", key, i)
	}
	return d, errs
}

// DraftFields are the fields that are worth asking for before a card is saved.
var DraftFields = []Field{
	FieldName, FieldPhones, FieldEmails, FieldMessengers, FieldCompany, FieldPosition, FieldTags, FieldBirthday, FieldDates, FieldCity,
	FieldAddress, FieldInterests, FieldSource,
}

// Set puts one value, as typed, into the draft; "" empties the field. It fails with the errors of EditClient,
// and leaves the draft as it was then. Now is at the member's place.
func (d *Draft) Set(team Team, f Field, value string, now time.Time) error {
	line, err := cleanText(strings.Join(strings.Fields(value), " "), maxValue, string(f))
	if err != nil {
		return err
	}
	e := entry{team: team, now: now}
	p := Client{Profile: d.Profile}.clone().Profile
	if id := f.Custom(); id != "" {
		err = p.setCustom(e, id, line)
	} else {
		err = p.set(e, f, value, line)
	}
	if err != nil && f == FieldPhones {
		err = p.setLoosePhones(value, team.Region, err)
	}
	if err != nil {
		return err
	}
	if d.Profile = p; f == FieldName {
		d.Named = NamedByMember
	}
	return nil
}

// setLoosePhones takes phones that stand side by side with nothing between them.
func (p *Profile) setLoosePhones(value, region string, otherwise error) error {
	found := FindPhones(value, region)
	rest := []byte(value)
	var list []Phone
	for _, f := range found {
		blank(rest, f.Start, f.End)
		list = addPhone(list, f.Value)
	}
	if len(list) < 2 || len(list) > maxPhones || visible(string(rest)) {
		return otherwise
	}
	p.Phones = list
	return nil
}

// SetWork puts company and position, as typed in one text: the position behind the last comma or on a line of its
// own. Only a position that is known as one can stand alone.
func (d *Draft) SetWork(team Team, text string, now time.Time) error {
	company, position := cutWork(text)
	if position == "" {
		l, _ := ParseLine(text, team.Region, civil.DateOf(now))
		if l.Empty() && l.Profile.Position != "" && len(l.Notes) == 0 {
			company, position = "", l.Profile.Position
		}
	}
	next := *d
	if err := next.Set(team, FieldCompany, company, now); err != nil {
		return err
	}
	if err := next.Set(team, FieldPosition, position, now); err != nil {
		return err
	}
	*d = next
	return nil
}

// cutWork finds the last separator that no quotes enclose.
func cutWork(text string) (company, position string) {
	depth, at := 0, -1
	for i, r := range text {
		switch r {
		case '«', '“', '(':
			depth++
		case '»', '”', ')':
			depth--
		case ',', '\n', ';':
			if depth <= 0 && strings.TrimSpace(text[i+1:]) != "" {
				at = i
			}
		}
	}
	if at < 0 {
		return strings.Trim(strings.TrimSpace(text), ",;"), ""
	}
	return strings.TrimSpace(text[:at]), strings.Trim(strings.TrimSpace(text[at+1:]), ",;")
}

// SetNote puts a note that replaces an earlier one with the same key. ErrInvalid on "note" and "note.long".
func (d *Draft) SetNote(text string, at time.Time, key string) error {
	text, err := cleanText(text, maxNote, "note")
	if err != nil {
		return err
	}
	if !visible(text) {
		return invalid("note")
	}
	d.Notes = slices.DeleteFunc(slices.Clone(d.Notes), func(n DraftNote) bool { return n.Key == key })
	d.Notes = append(d.Notes, DraftNote{Kind: TouchNote, Text: text, At: at, Key: key})
	return nil
}

// Title is what the draft's card will be called; "" if there is nothing to call it.
func (d Draft) Title() string {
	if d.Profile.Name != "" {
		return d.Profile.Name
	}
	return d.standIn()
}

// Check tells what AddClient would refuse: ErrInvalid on "name", "name.long", "note.long".
func (d Draft) Check() error {
	if _, err := CleanName(d.Title()); err != nil {
		return err
	}
	for _, n := range d.Notes {
		if _, err := cleanText(n.Text, maxNote, "note"); err != nil {
			return err
		}
	}
	return nil
}

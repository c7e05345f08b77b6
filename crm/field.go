package crm

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// Field names an editable field of a card; a custom field is "x." and its id.
type Field string

const (
	FieldName        Field = "name"
	FieldClientKind  Field = "kind"
	FieldCompany     Field = "company"
	FieldPosition    Field = "position"
	FieldPhones      Field = "phones"
	FieldEmails      Field = "emails"
	FieldMessengers  Field = "messengers"
	FieldChannel     Field = "channel"
	FieldCity        Field = "city"
	FieldAddress     Field = "address"
	FieldBirthday    Field = "birthday"
	FieldDates       Field = "dates"
	FieldSource      Field = "source"
	FieldStage       Field = "stage"
	FieldStatus      Field = "status"
	FieldTags        Field = "tags"
	FieldInterests   Field = "interests"
	FieldNextContact Field = "next_contact"
)

// Fields that people may edit, the ones that change most first. FieldStatus takes "blacklisted: reason".
var Fields = []Field{
	FieldName, FieldPhones, FieldEmails, FieldCompany, FieldPosition, FieldStage, FieldStatus, FieldTags, FieldBirthday, FieldCity,
	FieldDates, FieldMessengers, FieldClientKind, FieldAddress, FieldChannel, FieldInterests, FieldSource, FieldNextContact,
}

// CustomKey is the Field of a custom field.
func CustomKey(id FieldID) Field { return Field("x." + string(id)) }

// Custom is the id of the custom field that f names, "" if it names none.
func (f Field) Custom() FieldID {
	id, ok := strings.CutPrefix(string(f), "x.")
	if !ok {
		return ""
	}
	return FieldID(id)
}

// Picker says how a field's value is best asked for.
type Picker string

const (
	PickText   Picker = "text"
	PickChoice Picker = "choice" // one of Choices
	PickDate   Picker = "date"   // a calendar
)

// Picker of the field in a team.
func (t Team) Picker(f Field) Picker {
	switch f {
	case FieldClientKind, FieldChannel, FieldStage, FieldStatus:
		return PickChoice
	case FieldBirthday, FieldNextContact:
		return PickDate
	}
	if cf, ok := t.Field(f.Custom()); ok {
		switch cf.Kind {
		case FieldDate:
			return PickDate
		case FieldChoice:
			return PickChoice
		}
	}
	return PickText
}

// Choices of a field whose picker is PickChoice. A custom field's choices are as the owner wrote them, the
// others' are the typed constants, whose words come from the locales.
func (t Team) Choices(f Field) []string {
	switch f {
	case FieldClientKind:
		return texts(Kinds)
	case FieldChannel:
		return texts(Channels)
	case FieldStage:
		return texts(Stages)
	case FieldStatus:
		return texts(Statuses)
	}
	cf, _ := t.Field(f.Custom())
	return cf.Choices
}

func texts[S ~string](in []S) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}

// Field finds a custom field that is not removed.
func (t Team) Field(id FieldID) (CustomField, bool) {
	f, ok := t.AnyField(id)
	if f.Removed {
		return CustomField{}, false
	}
	return f, ok
}

// AnyField finds a custom field, a removed one too: what it held is still in the record of changes.
func (t Team) AnyField(id FieldID) (CustomField, bool) {
	i := slices.IndexFunc(t.Fields, func(f CustomField) bool { return f.ID == id })
	if i < 0 {
		return CustomField{}, false
	}
	return t.Fields[i], true
}

// Value is a field's present value as one would type it; "" if empty. Dates are YYYY-MM-DD, times RFC 3339. Of a restricted
// field it is the sealed one: see SealedText.
func (c Client) Value(f Field) string {
	switch f {
	case FieldName:
		return c.Name
	case FieldClientKind:
		return string(c.Kind)
	case FieldCompany:
		return c.Company
	case FieldPosition:
		return c.Position
	case FieldPhones:
		return joinPhones(c.Phones)
	case FieldEmails:
		return strings.Join(c.Emails, ", ")
	case FieldMessengers:
		return joinMessengers(c.Messengers)
	case FieldChannel:
		return string(c.Channel)
	case FieldCity:
		return c.City
	case FieldAddress:
		return c.Address
	case FieldBirthday:
		return c.Birthday.String()
	case FieldDates:
		return joinDates(c.Dates)
	case FieldSource:
		return c.Source
	case FieldStage:
		return string(c.Stage)
	case FieldStatus:
		return string(c.Status)
	case FieldTags:
		return strings.Join(c.Tags, ", ")
	case FieldInterests:
		return strings.Join(c.Interests, ", ")
	case FieldNextContact:
		if c.NextContact.IsZero() {
			return ""
		}
		return c.NextContact.Format(time.RFC3339)
	}
	return cmp.Or(c.Custom[f.Custom()], c.Sealed[f.Custom()])
}

func joinPhones(phones []Phone) string {
	parts := make([]string, len(phones))
	for i, p := range phones {
		parts[i] = p.E164
		if p.Ext != "" {
			parts[i] += " #" + p.Ext
		}
	}
	return strings.Join(parts, ", ")
}

func joinMessengers(list []Messenger) string {
	parts := make([]string, len(list))
	for i, m := range list {
		if parts[i] = m.Kind + ": " + m.Handle; m.Kind == "telegram" {
			parts[i] = "@" + m.Handle
		}
	}
	return strings.Join(parts, ", ")
}

// entry is what is needed to understand what a member typed.
type entry struct {
	team  Team
	now   time.Time // at the member's place
	vault Vault     // for restricted fields
}

func (e entry) today() civil.Date { return civil.DateOf(e.now) }

// at is an hour of a day at the member's place.
func (e entry) at(d civil.Date, hour int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, 0, 0, 0, e.now.Location())
}

// set parses and puts one value.
func (c *Client) set(e entry, f Field, value string) error {
	line, err := cleanText(strings.Join(strings.Fields(value), " "), maxValue, string(f))
	if err != nil {
		return err
	}
	switch f {
	case FieldStage:
		return c.setStage(Stage(line))
	case FieldStatus:
		return c.setStatus(line)
	case FieldNextContact:
		return c.setNext(e, line)
	}
	if id := f.Custom(); id != "" {
		if cf, ok := e.team.Field(id); ok && cf.Restricted {
			return c.setSealed(e, cf, line)
		}
		return c.Profile.setCustom(e, id, line)
	}
	return c.Profile.set(e, f, value, line)
}

func (p *Profile) set(e entry, f Field, value, line string) (err error) {
	switch f {
	case FieldName:
		p.Name, err = CleanName(value)
	case FieldClientKind:
		p.Kind, err = oneOf(Kind(line), Kinds, f, false)
	case FieldCompany:
		p.Company = line
	case FieldPosition:
		p.Position = line
	case FieldPhones:
		p.Phones, err = parsePhones(value, e.team.Region)
	case FieldEmails:
		p.Emails, err = parseEmails(line)
	case FieldMessengers:
		p.Messengers, err = parseMessengers(line)
	case FieldChannel:
		p.Channel, err = oneOf(Channel(line), Channels, f, true)
	case FieldCity:
		p.City = line
	case FieldAddress:
		p.Address = line
	case FieldBirthday:
		if p.Birthday = (civil.Date{}); line != "" {
			p.Birthday, err = ParseBirthday(line, e.today())
		}
	case FieldDates:
		err = p.setDates(value, e)
	case FieldSource:
		p.Source = line
	case FieldTags:
		p.Tags, err = cleanList(line, f)
	case FieldInterests:
		p.Interests, err = cleanList(line, f)
	default:
		return invalid("field")
	}
	return err
}

func oneOf[S ~string](v S, known []S, f Field, emptyOK bool) (S, error) {
	if slices.Contains(known, v) || v == "" && emptyOK {
		return v, nil
	}
	return "", invalid(string(f))
}

func (c *Client) setStage(s Stage) error {
	switch {
	case !slices.Contains(Stages, s):
		return invalid("stage")
	case s == c.Stage:
		return nil
	case s == StageArchive:
		c.BeforeArchive, c.Stage = c.Stage, s
	default:
		c.leaveArchive(s)
	}
	return nil
}

// setStatus takes a status, or "blacklisted: reason"; the blacklist needs a reason.
func (c *Client) setStatus(line string) error {
	name, reason, _ := strings.Cut(line, ":")
	s, reason := Status(strings.TrimSpace(name)), strings.TrimSpace(reason)
	if !slices.Contains(Statuses, s) {
		return invalid("status")
	}
	if s == StatusBlocked && reason == "" {
		return invalid("status.reason")
	}
	c.Status, c.StatusReason = s, reason
	return nil
}

func (p *Profile) setCustom(e entry, id FieldID, line string) error {
	cf, ok := e.team.Field(id)
	if !ok || cf.Restricted { // a draft holds nothing sealed
		return invalid("field")
	}
	canonical, err := cf.parse(line, e.today())
	if err != nil {
		return err
	}
	if canonical == "" {
		delete(p.Custom, id)
		return nil
	}
	if p.Custom == nil {
		p.Custom = map[FieldID]string{}
	}
	p.Custom[id] = canonical
	return nil
}

// parse brings what was typed to the canonical form of the field's kind.
func (f CustomField) parse(line string, today civil.Date) (string, error) {
	if line == "" {
		return "", nil
	}
	switch f.Kind {
	case FieldNumber:
		num := strings.Map(func(r rune) rune {
			switch r {
			case ' ', '\u00a0', '\u202f':
				return -1
			case ',':
				return '.'
			}
			return r
		}, line)
		v, err := strconv.ParseFloat(num, 64)
		if err != nil || v != v || v > 1e15 || v < -1e15 {
			return "", invalid("number")
		}
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case FieldDate:
		d, err := ParseDay(line, today)
		return d.String(), err
	case FieldChoice:
		for _, c := range f.Choices {
			if spell.Fold(c) == spell.Fold(line) {
				return c, nil
			}
		}
		return "", invalid("choice")
	}
	return line, nil
}

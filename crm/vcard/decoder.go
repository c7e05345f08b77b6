// Package vcard reads vCards (2.1, 3.0, 4.0) as phones and mail programs write them, into drafts of clients.
//
// It is tolerant: bare parameters, quoted-printable with soft line breaks, charsets named or not, byte order
// marks, UTF-16, folded lines, groups (item1.TEL) with labels, nested AGENT cards, keys in small letters, line ends
// of every kind, cards without N, FN or END. Photos are passed over and never held in memory.
//
// What has no field of its own (nickname, department, further addresses, phones that are none) goes to the note.
// Not read at all: UID, REV, TZ, GEO, GENDER, photos, keys, sounds and unknown X- properties. Of one value
// 64 KB are kept, of one card 500 properties and 256 KB; of a card that had more Decoder.Next tells.
package vcard

import (
	"errors"
	"io"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// What a file may have if Options do not say.
const (
	defaultMaxCards = 5000
	defaultMaxBytes = 32 << 20
)

// What one card may have.
const (
	maxProperties = 500
	maxCardBytes  = 256 << 10
	maxNested     = 20
)

// Options tell how to read.
type Options struct {
	Region   string     // of phones without a country code, e.g. RU
	Today    civil.Date // birthdays are not after it
	Names    Names      // of dates without a label
	MaxCards int        // 0: 5000
	MaxBytes int64      // 0: 32 MB
}

// Names are what dates are called that have no label of their own. One without a name goes to the note.
type Names struct {
	Anniversary string
	Other       string // a date of which the card says nothing more
}

// Decoder reads the cards of a file one by one.
type Decoder struct {
	r      *reader
	opts   Options
	cards  int
	opened bool // the BEGIN of the next card was read
	done   bool
}

// NewDecoder reads from r.
func NewDecoder(r io.Reader, opts Options) *Decoder {
	if opts.MaxCards <= 0 {
		opts.MaxCards = defaultMaxCards
	}
	if opts.MaxBytes <= 0 {
		opts.MaxBytes = defaultMaxBytes
	}
	return &Decoder{r: &reader{src: newSource(r, opts.MaxBytes)}, opts: opts}
}

// Read reads all cards of a file. What could be read is returned also with an error: ErrInvalid on
// "vcard" if there is no card at all, else those of Decoder.Next, each once.
func Read(r io.Reader, opts Options) ([]crm.Draft, error) {
	d := NewDecoder(r, opts)
	var drafts []crm.Draft
	var errs []error
	for {
		draft, err := d.Next()
		if err == io.EOF {
			break
		}
		if !empty(draft) {
			drafts = append(drafts, draft)
		}
		if err != nil && !told(errs, err) {
			errs = append(errs, err)
		}
	}
	if len(drafts) == 0 && len(errs) == 0 {
		errs = append(errs, &crm.Error{Kind: crm.ErrInvalid, Field: "vcard"})
	}
	return drafts, errors.Join(errs...)
}

// told reports whether the same was said before of another card.
func told(errs []error, err error) bool {
	for _, e := range errs {
		if e.Error() == err.Error() {
			return true
		}
	}
	return false
}

func empty(d crm.Draft) bool { return d.Empty() && len(d.Notes) == 0 }

// Next returns the next card that says anything, and io.EOF after the last. Another error comes beside what could
// be read, and reading goes on: ErrInvalid on "vcard.cut" if the file ends inside the card, ErrTooLarge on
// "vcard.card" if parts of the card were left out, on "vcard.bytes" and "vcard.cards" if the rest of the file was.
func (d *Decoder) Next() (crm.Draft, error) {
	for !d.done {
		c, err := d.card()
		if c == nil {
			d.done = true
			if err == nil {
				break
			}
			return crm.Draft{}, err
		}
		if draft := c.draft(d.opts); !empty(draft) || err != nil {
			d.cards++
			return draft, err
		}
	}
	return crm.Draft{}, io.EOF
}

// card gathers the properties of the next card; nil at the end of the file.
func (d *Decoder) card() (*card, error) {
	if !d.opened && !d.begin() {
		return nil, d.ended(nil)
	}
	if d.opened = false; d.cards >= d.opts.MaxCards {
		return nil, tooLarge("vcard.cards")
	}
	c := &card{}
	nested := 0
	agent := false // the last property was an AGENT whose card follows
	for {
		p, err := d.r.property()
		switch {
		case err != nil:
			d.done = true
			return c, d.ended(c)
		case isBegin(p) && (agent || nested > 0) && nested < maxNested:
			nested++
		case isBegin(p):
			d.opened = true
			return c, c.left()
		case p.name == "END" && nested > 0:
			nested--
		case p.name == "END":
			return c, c.left()
		case nested > 0:
			c.addAgent(p)
		default:
			c.add(p)
		}
		agent = p.name == "AGENT" && len(p.raw) == 0
	}
}

// begin passes over everything up to the next card.
func (d *Decoder) begin() bool {
	for {
		p, err := d.r.property()
		if err != nil {
			return false
		}
		if isBegin(p) {
			return true
		}
	}
}

func isBegin(p property) bool {
	return p.name == "BEGIN" && strings.EqualFold(strings.TrimSpace(string(p.raw)), "VCARD")
}

// ended is what the end of the file means: nothing between cards, a cut inside one.
func (d *Decoder) ended(c *card) error {
	switch err := d.r.end(); {
	case d.r.src.limit.over:
		return tooLarge("vcard.bytes")
	case err != io.EOF:
		return &crm.Error{Kind: crm.ErrInvalid, Field: "vcard.cut", Err: err}
	case c != nil:
		return &crm.Error{Kind: crm.ErrInvalid, Field: "vcard.cut", Err: io.ErrUnexpectedEOF}
	}
	return nil
}

func tooLarge(field string) error { return &crm.Error{Kind: crm.ErrTooLarge, Field: field} }

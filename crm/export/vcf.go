package export

import (
	"context"
	"fmt"
	"strings"

	"kartoteka/crm"
)

// cards writes the clients for the phone's book, as vCard 3.0: what iPhones, Android and Outlook all read.
func (w *writer) cards(ctx context.Context) error {
	err := w.t.Clients(ctx, func(c crm.Client) error {
		w.wrote()
		return w.add(ctx, vcard(c))
	})
	if err != nil {
		return err
	}
	return w.end(ctx)
}

// vcard is one card. The note stays here: a phone's book goes to clouds that nobody has agreed with the client.
func vcard(c crm.Client) []byte {
	var l lines
	l.put("BEGIN:VCARD")
	l.put("VERSION:3.0")
	l.put("N:" + nameParts(c))
	l.say("FN", c.Name)
	firm := c.Kind == crm.KindCorporate && c.Company == ""
	switch {
	case firm:
		l.say("ORG", c.Name)
		l.put("X-ABSHOWAS:COMPANY")
	default:
		l.say("ORG", c.Company)
	}
	l.say("TITLE", c.Position)
	for _, p := range c.Phones {
		number := p.E164
		if p.Ext != "" {
			number += " #" + p.Ext
		}
		l.put("TEL;TYPE=VOICE:" + number)
	}
	for _, mail := range c.Emails {
		l.say("EMAIL;TYPE=INTERNET", mail)
	}
	if c.City != "" || c.Address != "" {
		l.put("ADR;TYPE=WORK:;;" + escaped(c.Address) + ";" + escaped(c.City) + ";;;")
	}
	for _, m := range c.Messengers {
		l.account(m)
	}
	if !c.Birthday.IsZero() {
		l.put("BDAY" + vcardDay(c.Birthday))
	}
	for i, o := range c.Dates {
		l.put(fmt.Sprintf("item%d.X-ABDATE%s", i+1, vcardDay(o.Day)))
		l.say(fmt.Sprintf("item%d.X-ABLABEL", i+1), o.Label)
	}
	if len(c.Tags) > 0 {
		tags := make([]string, len(c.Tags))
		for i, tag := range c.Tags {
			tags[i] = escaped(tag)
		}
		l.put("CATEGORIES:" + strings.Join(tags, ","))
	}
	l.say("UID", string(c.ID))
	l.put("END:VCARD")
	return l.b
}

// nameParts are family name, given name and the rest of a name that begins with the family name; of a firm, and of what has signs in
// it, none.
func nameParts(c crm.Client) string {
	words := strings.Fields(c.Name)
	if c.Kind == crm.KindCorporate || len(words) < 2 || strings.ContainsAny(c.Name, `,;\`) {
		return ";;;;"
	}
	return escaped(words[0]) + ";" + escaped(words[1]) + ";" + escaped(strings.Join(words[2:], " ")) + ";;"
}

// account is an account in a messenger, as phones open it where they can.
func (l *lines) account(m crm.Messenger) {
	switch m.Kind {
	case "site":
		l.say("URL", m.Handle)
	case "telegram":
		l.put("X-SOCIALPROFILE;TYPE=telegram:https://t.me/" + m.Handle)
	case "vk":
		l.put("X-SOCIALPROFILE;TYPE=vk:https://vk.com/" + m.Handle)
	default:
		l.say("X-SOCIALPROFILE;TYPE="+m.Kind, m.Handle)
	}
}

// vcardDay is a day as a value; without a year as Apple writes it, which others know.
func vcardDay(d crm.Date) string {
	if d.Year == 0 {
		d.Year = 1604
		return ";X-APPLE-OMIT-YEAR=1604:" + d.String()
	}
	return ":" + d.String()
}

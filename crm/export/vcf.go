package export

import (
	"context"
	"fmt"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/vcard"
)

// cards writes the clients for the phone's book, as vCard 3.0: what iPhones, Android and Outlook all read.
func (w *writer) cards(ctx context.Context) error {
	err := w.t.Clients(ctx, func(c crm.Client) error {
		w.wrote()
		return w.add(ctx, card(c))
	})
	if err != nil {
		return err
	}
	return w.end(ctx)
}

// card is one client. The note stays here: a phone's book goes to clouds that nobody has agreed with the client.
func card(c crm.Client) []byte {
	var l lines
	l.put("BEGIN:VCARD")
	l.put("VERSION:3.0")
	l.put("PRODID:" + vcard.Ours)
	firm := c.Kind == crm.KindCorporate && c.Company == ""
	l.put("N:" + nameParts(c, firm))
	l.say("FN", c.Name)
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

// nameParts are family name, given name and the rest; of a firm none. What has signs in it that would part it elsewhere stays whole.
func nameParts(c crm.Client, firm bool) string {
	switch {
	case firm:
		return ";;;;"
	case strings.ContainsAny(c.Name, `,;\`):
		return ";" + escaped(c.Name) + ";;;"
	}
	family, given, middle := crm.PartsOfName(c.Name)
	return escaped(family) + ";" + escaped(given) + ";" + escaped(middle) + ";;"
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
func vcardDay(d civil.Date) string {
	if d.Year == 0 {
		d.Year = 1604
		return ";X-APPLE-OMIT-YEAR=1604:" + d.String()
	}
	return ":" + d.String()
}

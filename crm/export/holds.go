package export

import (
	"slices"
	"strings"

	"kartoteka/crm"
)

var (
	records = []crm.ExportFormat{crm.ExportJSON, crm.ExportJSONL}
	tables  = append([]crm.ExportFormat{crm.ExportXLSX, crm.ExportCSV}, records...)
	all     = append([]crm.ExportFormat{crm.ExportVCF}, tables...)
)

// holds is the one table of what comes back from a file of each format when it is imported: what of a client, from which, and how a
// client is without it. A calendar is not imported.
var holds = []struct {
	what string
	by   []crm.ExportFormat
	drop func(*crm.Client)
}{
	{"name, company, position, e-mail, city, address, birthday, tags", all, nil},
	{"phones with their extensions", all, nil},
	{"phones that nobody can call", tables, func(c *crm.Client) {
		c.Phones = slices.DeleteFunc(slices.Clone(c.Phones), func(p crm.Phone) bool { _, err := crm.ParsePhone(p.E164, ""); return err != nil })
	}},
	{"what was written beside a phone", records, func(c *crm.Client) {
		c.Phones = slices.Clone(c.Phones)
		for i := range c.Phones {
			c.Phones[i].Raw = ""
		}
	}},
	{"accounts in messengers, sites", all, nil},
	{"… the order of those in different messengers", append([]crm.ExportFormat{crm.ExportVCF}, records...), func(c *crm.Client) {
		c.Messengers = slices.Clone(c.Messengers)
		slices.SortStableFunc(c.Messengers, func(a, b crm.Messenger) int { return strings.Compare(a.Kind, b.Kind) })
	}},
	{"a star before a tag, as Google marks its own", tables, func(c *crm.Client) {
		c.Tags = slices.Clone(c.Tags)
		for i, tag := range c.Tags {
			c.Tags[i] = strings.TrimLeft(tag, "#* ")
		}
	}},
	{"Telegram's id", tables, func(c *crm.Client) { c.TelegramID = 0 }},
	{"other dates: label and day", all, nil},
	{"… whether they come once", tables, eachDate(func(o *crm.OtherDate) { o.Once = false })},
	{"… how early to remind, and what is dealt with", records, eachDate(func(o *crm.OtherDate) { o.Lead, o.Dealt = 0, 0 })},
	{"kind, source, interests, way of contact", tables, func(c *crm.Client) {
		c.Kind, c.Source, c.Interests, c.Channel = "", "", nil, ""
	}},
	{"stage, status and its reason, who is responsible", tables, func(c *crm.Client) {
		c.Stage, c.Status, c.StatusReason, c.Owner = "", "", "", ""
	}},
	{"the team's own fields", tables, func(c *crm.Client) { c.Custom = nil }},
	{"why it is in the archive, times, purchase, figures", records, func(c *crm.Client) {
		c.ArchiveReason, c.BeforeArchive, c.LastNote, c.Bought = "", "", "", crm.Purchase{}
		c.Touches, c.Greeted, c.Celebrated = 0, 0, 0
		none := crm.Client{}
		c.FirstContact, c.LastTouch, c.NextContact, c.Offered = none.FirstContact, none.LastTouch, none.NextContact, none.Offered
		c.Confirmed, c.KeepTill, c.Created = none.Confirmed, none.KeepTill, none.Created
	}},
}

func eachDate(f func(*crm.OtherDate)) func(*crm.Client) {
	return func(c *crm.Client) {
		c.Dates = slices.Clone(c.Dates)
		for i := range c.Dates {
			f(&c.Dates[i])
		}
	}
}

// Kept is what of a client comes back from a file of a format.
func Kept(format crm.ExportFormat, c crm.Client) crm.Client {
	for _, h := range holds {
		if !slices.Contains(h.by, format) && h.drop != nil {
			h.drop(&c)
		}
	}
	return c
}

package record

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// setting is one that was set, in words.
type setting struct{ what, was, is string }

// settings are those that an event set; of what there are no words for none.
func settings(t *talk.Turn, team crm.Team, e crm.Audited) []setting {
	var all []setting
	for _, f := range e.Settings {
		key := "audit_set." + f
		if !t.T.Has(key) {
			continue
		}
		s := setting{what: t.T.Label(key)}
		if f == "fields" { // of many that stay as they are nobody wants to read
			s.was, s.is = ownFields(t, e.TeamWas, e.TeamIs), ownFields(t, e.TeamIs, e.TeamWas)
		} else {
			s.was, s.is = settingValue(t, team, f, e.TeamWas, e.SelfWas), settingValue(t, team, f, e.TeamIs, e.SelfIs)
		}
		all = append(all, s)
	}
	return all
}

// told reports whether it can be said what it was and became.
func (s setting) told() bool { return s.was != s.is }

// lines are the settings with what each was and became.
func settingLines(t *talk.Turn, all []setting) []string {
	var lines []string
	for _, s := range all {
		if s.told() {
			lines = append(lines, t.T.HTML("change.field", "field", s.what, "was", value(t, s.was), "is", value(t, s.is)))
		} else {
			lines = append(lines, t.T.HTML("audit.set", "what", s.what))
		}
	}
	return lines
}

// showSettings shows what one event set, from what to what.
func showSettings(ctx context.Context, t *talk.Turn, e crm.Audited, set []setting, nav []chat.Button) error {
	names := t.MemberNames(ctx)
	at := e.At.In(t.Now.Location())
	of := t.T.HTML("audit.by", "who", fit.Line(name(t, names, e.By), nameText), "day", t.T.When(at, t.Now))
	text := append([]string{t.T.HTML("audit.of_settings", "what", did(t, e.Event)), of, ""}, settingLines(t, set)...)
	_, err := t.Show(ctx, chat.Screen{Text: strings.Join(text, "\n"), Buttons: [][]chat.Button{nav}})
	return err
}

// settingValue is what a stored field of the team, or of a member, holds; "" of what takes more than a line.
func settingValue(t *talk.Turn, team crm.Team, field string, of crm.Team, self crm.Member) string {
	switch field {
	case "name", "zone", "city":
		return map[string]string{"name": cmp.Or(self.Name, of.Name), "zone": cmp.Or(self.Zone, of.Zone), "city": self.City}[field]
	case "lang":
		if lang := cmp.Or(self.Lang, of.Lang); lang != "" {
			return t.T.Label("lang." + lang)
		}
	case "need_code":
		return yesNo(t, of.NeedCode)
	case "protected":
		return yesNo(t, of.Protected)
	case "shared":
		if of.Shared {
			return t.T.Label("audit_value.shared")
		}
		return t.T.Label("audit_value.own")
	case "looks":
		if n := of.LookLimit(); n > 0 {
			return strconv.Itoa(n)
		}
		return t.T.Label("audit_value.any")
	case "keep_years":
		if n := of.KeptFor(); n != crm.KeepForever {
			return t.T.Years(n)
		}
		return t.T.Label("law_team.never")
	case "goal":
		return t.T.Label("audit_value.percent", "percent", of.GoalPercent())
	case "currency":
		return t.T.Label("currency." + cmp.Or(of.CountsIn(), crm.NoCurrency))
	case "need_consent":
		return listed(of.NeedConsent, func(p crm.Purpose) string { return t.T.Label("purpose." + string(p)) })
	case "note_parts":
		return strings.Join(of.NoteParts, ", ")
	case "consent_texts":
		if text, ok := of.ConsentText(); ok {
			return t.T.Label("audit_value.version", "no", text.No, "day", t.T.Day(civil.DateOf(text.Since.In(t.Now.Location())), t.Today()))
		}
	case "required":
		return requiredOf(t, team, of)
	}
	return ""
}

func yesNo(t *talk.Turn, on bool) string {
	if on {
		return t.T.Label("audit_value.yes")
	}
	return t.T.Label("audit_value.no")
}

func listed[T any](all []T, name func(T) string) string {
	var names []string
	for _, one := range all {
		names = append(names, name(one))
	}
	return strings.Join(names, ", ")
}

// ownFields names those of the team's own fields that are not so in another state of it.
func ownFields(t *talk.Turn, of, than crm.Team) string {
	words := func(team crm.Team) (all []string) {
		for _, f := range team.Fields {
			name := f.Name
			if len(f.Choices) > 0 {
				name += " (" + strings.Join(f.Choices, ", ") + ")"
			}
			if f.Restricted {
				name = t.T.Label("audit_value.hidden", "name", name, "roles", listed(append([]crm.Role{crm.RoleOwner}, f.Roles...), func(r crm.Role) string { return roleName(t, r) }))
			}
			if !f.Removed {
				all = append(all, name)
			}
		}
		return all
	}
	others := words(than)
	return strings.Join(slices.DeleteFunc(words(of), func(w string) bool { return slices.Contains(others, w) }), ", ")
}

// requiredOf is what each kind of card must have.
func requiredOf(t *talk.Turn, team, of crm.Team) string {
	var kinds []string
	for _, k := range crm.Kinds {
		if len(of.Required[k]) > 0 {
			kinds = append(kinds, t.T.Label("kind."+string(k))+": "+listed(of.Required[k], func(g crm.Gap) string {
				if f, own := team.Field(g.Field().Custom()); own {
					return f.Name
				}
				return t.T.Small("required_gap." + string(g))
			}))
		}
	}
	return strings.Join(kinds, "; ")
}

package record

import (
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// entry is one line of the audit: when, what, and about whom, with a way to each.
func entry(t *talk.Turn, team crm.Team, names map[crm.MemberID]string, e crm.Audited) string {
	what := deed(t, team, names, e)
	if len(e.Set) > 0 && e.Action == crm.ActionEditClient {
		what += " (" + fit.Line(labels(t, team, e.Set), valueText) + ")"
	}
	line := []string{t.T.HTML("audit.entry", "clock", e.At.In(t.Now.Location()).Format("15:04"), "what", what)}
	link := func(name, to string) {
		line = append(line, t.T.HTML("audit.link", "name", fit.Line(name, nameText), "link", to))
	}
	if e.Person.ID != "" {
		link(e.Person.Name, talk.MemberLink(t.Bot, e.Person.ID))
	}
	if e.Task.ID != "" {
		text := e.Task.Text
		if text == "" {
			text = t.T.Label("audit.task")
		}
		link(text, talk.TaskLink(t.Bot, e.Task.ID))
	}
	if e.Client.ID != "" {
		link(e.Client.Name, talk.CardLink(t.Bot, e.Client.ID))
	}
	if slices.ContainsFunc(settings(t, team, e), setting.told) {
		line = append(line, t.T.HTML("audit.more", "link", talk.PartsLink(t.Bot, e.ID)))
	}
	if e.Parts > 0 {
		line = append(line, t.T.HTML("audit.parts", "n", e.Parts, "link", talk.PartsLink(t.Bot, e.ID)))
	}
	return strings.Join(line, " · ")
}

// subject names what an event is about.
func subject(e crm.Audited) string {
	var about []string
	for _, name := range []string{e.Person.Name, e.Task.Text, e.Client.Name} {
		if name != "" {
			about = append(about, name)
		}
	}
	return strings.Join(about, " · ")
}

// deed is what an event did, with what it was and became where the kind alone does not say it.
func deed(t *talk.Turn, team crm.Team, names map[crm.MemberID]string, e crm.Audited) string {
	of := func(text string) string {
		if text == "" {
			return did(t, e.Event)
		}
		return t.T.Label("audit.of", "what", did(t, e.Event), "of", fit.Line(text, valueText))
	}
	switch e.Action {
	case crm.ActionEditPeople:
		return peopleDeed(t, e)
	case crm.ActionAddTask, crm.ActionEditTask:
		return taskDeed(t, names, e)
	case crm.ActionJoin, crm.ActionInvite:
		return of(roleName(t, e.IsRole))
	case crm.ActionRevoke:
		return of(roleName(t, e.WasRole))
	case crm.ActionMassChange:
		return massDeed(t, names, e)
	case crm.ActionMergeClients:
		if e.Undoes != "" {
			return t.T.Label("audit.taken_back", "what", did(t, e.Event))
		}
	case crm.ActionHandOverMany:
		if e.Undoes != "" {
			return t.T.Label("audit.taken_back", "what", did(t, e.Event))
		}
		if e.Taker != "" {
			return of(name(t, names, e.Taker))
		}
	case crm.ActionHandOverClient:
		if e.Is.Owner != e.Was.Owner {
			return of(name(t, names, e.Is.Owner))
		}
	case crm.ActionSetAbsence:
		return awayDeed(t, names, e)
	case crm.ActionEditMember, crm.ActionEditTeam, crm.ActionGuardTeam:
		if e.Sets("blocked") && e.Person.ID != "" {
			if e.Clears("blocked") {
				return t.T.Label("audit.unblocked")
			}
			return t.T.Label("audit.blocked")
		}
		return of(listed(settings(t, team, e), func(s setting) string { return s.what }))
	}
	return of(e.Named)
}

// massDeed is what was done with many cards, or that it was taken back.
func massDeed(t *talk.Turn, names map[crm.MemberID]string, e crm.Audited) string {
	value := e.Mass.Value
	switch e.Mass.Kind {
	case "": // it was ended
		return did(t, e.Event)
	case crm.MassStage:
		value = t.T.Label("stage." + value)
	case crm.MassGive:
		value = name(t, names, crm.MemberID(value))
	}
	what := t.T.Label("audit_mass."+string(e.Mass.Kind), "value", fit.Line(value, valueText))
	if e.Undoes != "" {
		return t.T.Label("audit.taken_back", "what", what)
	}
	return what
}

func roleName(t *talk.Turn, r crm.Role) string {
	if r == "" {
		return ""
	}
	return t.T.Label("role." + string(r))
}

// peopleDeed is what became of a member.
func peopleDeed(t *talk.Turn, e crm.Audited) string {
	var said []string
	switch {
	case e.Clears("removed"):
		said = append(said, t.T.Label("audit.back_in"))
	case e.Sets("removed"):
		said = append(said, t.T.Label("audit.out"))
	}
	if e.WasRole != e.IsRole {
		said = append(said, t.T.Label("audit.role", "was", roleName(t, e.WasRole), "is", roleName(t, e.IsRole)))
	}
	if len(said) == 0 { // a page of it, or its beginning
		said = append(said, t.T.Label("audit.handing"))
	}
	return strings.Join(said, ", ")
}

// taskDeed is what was done with a task.
func taskDeed(t *talk.Turn, names map[crm.MemberID]string, e crm.Audited) string {
	became := e.Became()
	switch {
	case e.Action == crm.ActionAddTask:
	case became.State == crm.TaskDone:
		return t.T.Label("audit.task_done")
	case became.State == crm.TaskDropped:
		return t.T.Label("audit.task_dropped")
	case became.Assignee != "":
		return t.T.Label("audit.task_given", "who", name(t, names, became.Assignee))
	case !became.Due.IsZero():
		return t.T.Label("audit.task_later", "when", t.T.When(became.Due.In(t.Now.Location()), t.Now))
	}
	return did(t, e.Event)
}

// awayDeed is when somebody is away and who stands in, or that they are back.
func awayDeed(t *talk.Turn, names map[crm.MemberID]string, e crm.Audited) string {
	if e.Away.Member == "" {
		return did(t, e.Event)
	}
	if e.AwayEnded {
		return t.T.Label("audit.away_end")
	}
	from, till := e.Away.Days(t.Now.Location())
	if e.Away.Deputy == "" {
		return t.T.Label("audit.away_alone", "from", t.T.Day(from, t.Today()), "till", t.T.Day(till, t.Today()))
	}
	return t.T.Label("audit.away", "from", t.T.Day(from, t.Today()), "till", t.T.Day(till, t.Today()), "deputy", name(t, names, e.Away.Deputy))
}

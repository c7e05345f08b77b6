package exports

import (
	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// view writes what an export shows.
type view struct {
	t *locales.Texts
	e crm.Export
}

func (v view) button(key, arg string) chat.Button {
	return talk.Button(v.t.Label(key), talk.VerbTake, string(v.e.ID), arg)
}

func (v view) amount(n int) string { return talk.Amount(v.t, n, 0) }

// screen is the export as it is.
func (v view) screen() chat.Screen {
	format := v.t.Label("export_format." + string(v.e.Format))
	list := talk.Button(v.t.Label("page.list"), talk.VerbList, "", "clients")
	if back, err := talk.Parse(v.e.Back); err == nil {
		list = talk.Button(v.t.Label("page.list"), back.Verb, back.ID, back.Arg)
	}
	about := ""
	if v.e.About != "" {
		about = "\n" + string(locales.Escape(v.e.About))
	}
	s := chat.Screen{Buttons: [][]chat.Button{{list}}}
	switch v.e.State {
	case crm.ExportDone:
		switch {
		case v.e.Files == 0:
			s.Text = v.t.HTML("export.nobody")
		case v.e.Files == 1:
			s.Text = v.t.HTML("export.done", "what", v.amount(v.e.Clients), "format", format, "about", locales.Raw(about))
		default:
			s.Text = v.t.HTML("export.done_files", "what", v.amount(v.e.Clients), "format", format, "n", v.e.Files, "about", locales.Raw(about))
		}
	case crm.ExportCancelled:
		if s.Text = v.t.HTML("export.cancelled"); v.e.Files > 0 {
			s.Text += "\n" + v.t.HTML("export.sent", "n", v.e.Files)
		}
	case crm.ExportFailed:
		s.Text = v.t.HTML("export.failed", "why", v.t.Label("export_problem."+v.e.Problem))
		if v.e.Files > 0 {
			s.Text += "\n" + v.t.HTML("export.sent", "n", v.e.Files)
		}
		s.Buttons = [][]chat.Button{{list, v.button("export.again", argAgain)}}
	default:
		s.Text = v.t.HTML("export.running", "format", format, "about", locales.Raw(about), "bar", talk.Bar(v.e.Share(), 100), "percent", v.e.Share())
		s.Buttons = [][]chat.Button{{v.button("export.look", argShow), v.button("export.stop", argStop)}}
	}
	return s
}

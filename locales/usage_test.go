package locales

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"kartoteka/crm"
)

// builtKeys are the beginnings of keys that code completes with a value, and the values that must be there;
// nil: whatever the files hold.
var builtKeys = map[string][]string{
	"weekday.":        numbers(0, 6),
	"month.short.":    numbers(1, 12),
	"month.of.":       numbers(1, 12),
	"month.sheet.":    numbers(1, 12),
	"money.":          nil,
	"currency.":       append(names(crm.Currencies), crm.NoCurrency),
	"bot.":            nil,
	"command.":        nil,
	"error.":          nil,
	"kind.":           names(crm.Kinds),
	"stage.":          names(crm.Stages),
	"status.":         names(crm.Statuses),
	"channel.":        names(crm.Channels),
	"outcome.":        names(crm.Outcomes),
	"touch.":          names(crm.TouchKinds),
	"decided.":        names(crm.Decideds),
	"decided_about.":  {"contact", "offer", "stale", "birthday", "anniversary"},
	"role.":           names(crm.Roles),
	"role_may.":       names(crm.Roles),
	"role_now.":       names(crm.Roles),
	"start.welcome_":  nil,
	"help.text_":      nil,
	"audit_action.":   audited(),
	"news.":           names(crm.Newses),
	"guard.":          nil,
	"quality_part.":   nil,
	"quality_is.":     nil,
	"clean_ask.":      nil,
	"clean_ask_own.":  nil,
	"required_gap.":   nil,
	"clean_did.":      {"set", "archived", "valid", "skipped"},
	"mass_kind.":      names(crm.MassKinds),
	"mass_ask.":       {"tag", "untag", "stage", "give"},
	"mass_do.":        names(crm.MassKinds),
	"mass_did.":       names(crm.MassKinds),
	"mass_left.":      {"same", "full", "denied", "since", "owner", "gone"},
	"pair_left.":      {"unlike", "denied", "since", "gone"},
	"likeness.":       names(crm.Likenesses),
	"purpose.":        names(crm.Purposes),
	"consent_way.":    names(crm.ConsentWays),
	"audit_set.":      nil,
	"audit_group.":    names(crm.AuditGroups),
	"audit_mass.":     append(names(crm.MassKinds), string(crm.MassMerge)),
	"field_kind.":     names(crm.FieldKinds),
	"field.":          names(crm.Fields),
	"lang.":           crm.Langs,
	"file.":           {"voice", "audio", "photo", "video", "document"},
	"snooze.":         names(crm.Snoozes),
	"digest.":         nil,
	"failures.":       names(crm.Troubles),
	"today.":          nil,
	"tasks.":          nil,
	"repeat.":         nil,
	"repeat_every.":   {"daily", "weekly", "monthly", "yearly"},
	"repeat_offer.":   {"daily", "workdays", "weekly", "monthly", "yearly"},
	"stale.":          nil,
	"task.":           nil,
	"reminder_kind.":  append(names(crm.ReminderKinds), "handed", "blocked", "joined", "merged", "deputy", "place", "role", "news", "hide", "away", "gone"),
	"reminding.":      nil,
	"reminding_ask.":  {"digest", "quiet", "birthdays"},
	"next.":           nil,
	"archive.reason.": nil,
	"edit.hint.":      nil,
	"letter.":         nil,
	"note_part.":      names(crm.NoteParts),
	"sort.":           append(names(crm.Sorts), "worth"),
	"rules.":          {"days", "offer"},

	"place_news.": names(crm.GroupNews),

	"import_to.":     nil,
	"import_policy.": names(crm.ImportPolicies),

	"import_likely.":      names(crm.ImportLikely),
	"import_likely_does.": names(crm.ImportLikely),
	"import_double_does.": {"fill", "alike"},

	"import_judge.":   nil,
	"import_program.": nil,
	"import_problem.": nil,
	"import_order.":   {"day", "month"},
	"import_turn.":    {"day", "month"},
	"import.":         nil,

	"export_format.":  names(crm.ExportFormats),
	"export_problem.": {"interrupted", "broken", "denied", "unsent"},
	"export_sheet.":   {"clients", "history", "tasks", "dates", "calendar"},
	"export_value.":   {"once", "yearly", "in", "out", "open", "done", "dropped"},
	"export_column.":  nil,

	"settings_consent.": {"on", "off", "to_on", "to_off"},
}

// notKeys are texts in handlers that look like keys and are none.
var notKeys = map[string]bool{"field.choices": true, "dates.label": true, "code.none": true, "code.paused": true, "field.key": true, "import.gone": true, "import.empty": true} // fields of errors

// keyShape is section.event: lower case, digits after the first letter.
var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

// source is what the program's code says about keys.
type source struct {
	fset  *token.FileSet
	texts map[string]token.Pos // string literal → a place that holds it
	asked []asked
}

// asked is one call of HTML, Raw or Label.
type asked struct {
	at     token.Pos
	key    string   // in full, or its beginning if built
	built  bool     // "stage." + x
	given  []string // names of the parameters
	spread bool     // args…: the names are not known
}

func TestKeysUsed(t *testing.T) {
	all := messagesOf(t)["ru"]
	src := readSource(t)
	used := map[string]bool{}
	for prefix, values := range builtKeys {
		begun := false
		for key := range all {
			if strings.HasPrefix(key, prefix) {
				used[key], begun = true, true
			}
		}
		for _, v := range values {
			if begun && all[prefix+v] == nil {
				t.Errorf("%s%s is missing", prefix, v)
			}
		}
	}
	for _, call := range src.asked {
		src.judge(t, call, all)
	}
	for text, at := range src.texts {
		used[text] = true
		file := filepath.ToSlash(src.fset.Position(at).Filename)
		section, _, _ := strings.Cut(text, ".")
		if strings.Contains(file, "handlers/") && keyShape.MatchString(text) && !notKeys[text] &&
			all[text] == nil && isSection(all, section) {
			t.Errorf("%s: no text %s", src.fset.Position(at), text)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !used[key] {
			t.Errorf("%s is not used", key)
		}
	}
}

// judge proves that the key of a call exists and that the call gives every parameter that its text names.
func (src *source) judge(t *testing.T, call asked, all map[string]*i18n.Message) {
	t.Helper()
	at := src.fset.Position(call.at)
	if call.built {
		if _, ok := builtKeys[call.key]; !ok {
			t.Errorf("%s: keys that begin with %s are not declared in builtKeys", at, call.key)
		}
		return
	}
	m := all[call.key]
	if m == nil {
		t.Errorf("%s: no text %s", at, call.key)
		return
	}
	for _, name := range parameters(t, m) {
		if !call.spread && !slices.Contains(call.given, name) {
			t.Errorf("%s: text %s needs {{.%s}}", at, call.key, name)
		}
	}
}

func isSection(all map[string]*i18n.Message, section string) bool {
	for key := range all {
		if strings.HasPrefix(key, section+".") {
			return true
		}
	}
	return false
}

// readSource parses all that is compiled into the program, the sandbox aside: it speaks for itself.
func readSource(t *testing.T) *source {
	t.Helper()
	src := &source{fset: token.NewFileSet(), texts: map[string]token.Pos{}}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		if d.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "sandbox" || name == "ferretdb") {
			return filepath.SkipDir
		}
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := goparser.ParseFile(src.fset, path, nil, goparser.SkipObjectResolution)
		if err == nil {
			src.read(file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func (src *source) read(file *ast.File) {
	consts := constants(file)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := literal(n, nil); ok {
				src.texts[text] = n.Pos()
			}
		case *ast.CallExpr:
			if call, ok := textCall(n, consts); ok {
				src.asked = append(src.asked, call)
			}
		}
		return true
	})
}

// constants are the string constants that a file declares; keys are kept where they are used.
func constants(file *ast.File) map[string]string {
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
			for i, name := range spec.Names {
				if text, ok := literal(spec.Values[i], nil); ok {
					found[name.Name] = text
				}
			}
		}
		return true
	})
	return found
}

func literal(e ast.Expr, consts map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		text, ok := consts[e.Name]
		return text, ok
	}
	return "", false
}

// textCall recognises x.HTML("a.b", …), x.Raw(…) and x.Label(…) whose key begins with a literal of a key's shape.
func textCall(n *ast.CallExpr, consts map[string]string) (asked, bool) {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || len(n.Args) == 0 || !slices.Contains([]string{"HTML", "Raw", "Label", "Title", "Small"}, sel.Sel.Name) {
		return asked{}, false
	}
	call := asked{at: n.Pos(), spread: n.Ellipsis.IsValid()}
	first := n.Args[0]
	for sum, ok := first.(*ast.BinaryExpr); ok; sum, ok = first.(*ast.BinaryExpr) {
		first, call.built = sum.X, true
	}
	if call.key, ok = literal(first, consts); !ok || !(call.built || keyShape.MatchString(call.key)) {
		return asked{}, false
	}
	for i := 1; i < len(n.Args); i += 2 {
		if name, ok := literal(n.Args[i], consts); ok {
			call.given = append(call.given, name)
		}
	}
	return call, true
}

func numbers(from, to int) []string {
	var list []string
	for n := from; n <= to; n++ {
		list = append(list, strconv.Itoa(n))
	}
	return list
}

// audited are the actions that an audit can be asked for.
func audited() []string {
	var all []string
	for _, g := range crm.AuditGroups {
		all = append(all, names(g.Actions())...)
	}
	return all
}

func names[T ~string](values []T) []string {
	var list []string
	for _, v := range values {
		list = append(list, string(v))
	}
	return list
}

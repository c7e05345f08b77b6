package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "kartoteka"

// pkg is what `go list` tells of a package.
type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

// name is the package's place in the module: "" outside of it.
func (p pkg) name() string { return inModule(p.ImportPath) }

func inModule(path string) string {
	if name, ok := strings.CutPrefix(path, module+"/"); ok {
		return name
	}
	return ""
}

// isKit reports whether a package serves tests only: it may use what it likes, and nothing but tests may use it.
func isKit(name string) bool { return strings.HasSuffix(name, "test") }

// mayImport says what of ours a package may import: the longest beginning of its name counts.
var mayImport = map[string][]string{
	"crm":                  {"crm/city", "crm/civil", "crm/moment", "crm/spell"},
	"crm/civil":            {},
	"crm/spell":            {},
	"crm/city":             {"crm/spell"},
	"crm/moment":           {"crm/civil", "crm/spell"},
	"crm/vcard":            {"crm"},
	"crm/sheet":            {},
	"crm/intake":           {"crm"},
	"crm/export":           {"crm"},
	"locales":              {"crm"},
	"handlers":             {"crm", "handlers", "locales"},
	"handlers/chat":        {},
	"handlers/web":         {},
	"scheduler":            {"crm"},
	"store":                {"crm", "store/sqlite", "store/mongodb"},
	"store/sqlite":         {"crm"},
	"store/mongodb":        {"crm"},
	"store/backup":         {"crm"},
	"bot":                  {"bot", "crm", "handlers", "locales", "scheduler", "store"},
	"bot/telegram":         {"crm", "handlers/chat"},
	"bot/sandbox":          {},
	"bot/sandbox/demo":     {"bot/sandbox", "crm"},
	"bot/sandbox/webchat":  {"bot/sandbox"},
	"bot/sandbox/scenario": {"bot", "crm", "handlers", "locales", "scheduler", "store"},
}

// owners says which packages alone may import a library: the rest must not know it.
var owners = map[string][]string{
	"gopkg.in/telebot.v3":                  {"bot/telegram"},
	"go.mongodb.org/mongo-driver/v2":       {"store/mongodb"},
	"modernc.org/sqlite":                   {"store/sqlite"},
	"github.com/go-co-op/gocron/v2":        {"scheduler"},
	"github.com/nyaruka/phonenumbers":      {"crm"},
	"github.com/nicksnyder/go-i18n/v2":     {"locales"},
	"github.com/BurntSushi/toml":           {"locales"},
	"github.com/prometheus/client_golang":  {"handlers/web"},
	"github.com/alecthomas/kong":           {"bot"},
	"filippo.io/age":                       {"store/backup"},
	"github.com/klauspost/compress":        {"store/backup"},
	"github.com/pquerna/otp":               {"crm"},
	"github.com/boombuler/barcode":         {"handlers/team"},
	"golang.org/x/time/rate":               {"bot/telegram"},
	"golang.org/x/text/encoding/charmap":   {"crm/vcard", "crm/sheet"},
	"golang.org/x/text/encoding/htmlindex": {"crm/vcard"},
}

// ofCRM are the libraries that the domain may use, what they need included.
var ofCRM = []string{"github.com/nyaruka/phonenumbers", "golang.org/x/text", "google.golang.org/protobuf", "golang.org/x/exp",
	"github.com/pquerna/otp", "github.com/boombuler/barcode"}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard", module+"/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Skipf("the go command is not here: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImports(t *testing.T) {
	standard := map[string]bool{}
	all := listPackages(t)
	for _, p := range all {
		standard[p.ImportPath] = p.Standard
	}
	for _, p := range all {
		if p.name() == "" || isKit(p.name()) {
			continue
		}
		for _, path := range p.Imports {
			if why := refuse(p.name(), path); why != "" {
				t.Errorf("%s imports %s: %s", p.name(), path, why)
			}
		}
		if p.name() != "crm" {
			continue
		}
		for _, path := range p.Deps {
			if !standard[path] && !within(path, module+"/crm") && !slices.ContainsFunc(ofCRM, func(lib string) bool { return within(path, lib) }) {
				t.Errorf("crm depends on %s: the domain knows the standard library, phonenumbers, otp and x/text", path)
			}
		}
	}
}

// refuse says why a package may not import another; "" if it may.
func refuse(name, path string) string {
	if ours := inModule(path); ours != "" {
		switch {
		case isKit(ours):
			return "it is for tests only"
		case !slices.ContainsFunc(allowed(name), func(may string) bool { return within(ours, may) }):
			return "imports do not run this way"
		}
		return ""
	}
	for lib, who := range owners {
		if within(path, lib) && !slices.Contains(who, name) {
			return "only " + strings.Join(who, ", ") + " may know it"
		}
	}
	return ""
}

// allowed are the imports of the longest known beginning of a package's name.
func allowed(name string) []string {
	for {
		if may, ok := mayImport[name]; ok {
			return may
		}
		cut := strings.LastIndexByte(name, '/')
		if cut < 0 {
			return nil
		}
		name = name[:cut]
	}
}

// within reports whether a path is a package or below it.
func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func TestRefuse(t *testing.T) {
	for _, bad := range [][2]string{
		{"crm", "kartoteka/locales"}, {"handlers/card", "kartoteka/store"}, {"handlers", "gopkg.in/telebot.v3"},
		{"handlers/chat", "kartoteka/crm"}, {"store/sqlite", "kartoteka/store/storetest"}, {"handlers/card", "kartoteka/handlers/talk/talktest"},
		{"bot", "go.mongodb.org/mongo-driver/v2/bson"}, {"scheduler", "kartoteka/handlers"}, {"unheard", "kartoteka/crm"},
	} {
		if refuse(bad[0], bad[1]) == "" {
			t.Errorf("%s may import %s", bad[0], bad[1])
		}
	}
	for _, good := range [][2]string{{"bot", "kartoteka/bot/telegram"}, {"handlers/card", "kartoteka/handlers/talk"}, {"crm", "golang.org/x/text/unicode/norm"}} {
		if why := refuse(good[0], good[1]); why != "" {
			t.Errorf("%s may not import %s: %s", good[0], good[1], why)
		}
	}
}

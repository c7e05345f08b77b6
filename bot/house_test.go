package main

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house rules. A newcomer reads a file in one sitting and a function on one screen.
const (
	mostFileLines     = 400
	mostTestFileLines = 500
	mostFuncLines     = 60 // tables aside
	mostTestFuncLines = 80 // sub-tests are read one after the other
	mostParameters    = 5  // with ctx and the actor; beyond that a struct
)

// mayHoldCyrillic are the places where Russian words stand in code: what people read comes from locales, what
// they write is understood in crm.
var mayHoldCyrillic = regexp.MustCompile(`^(locales/|bot/sandbox/|store/storetest/|crm/vcard/|crm/(civil|moment|spell|city)/|` +
	`crm/(birthday|index|birthday_words|day|email|name|oneline[a-z_]*|parse|phone[a-z_]*|plan|search|username|value|vcard[a-z_]*|[a-z_]*words|tag|near)\.go$)`)

// offTheClock are calls that read or wait for the machine's own clock: only bot does, everybody else is given one.
var offTheClock = []string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.AfterFunc", "time.Tick",
	"time.NewTimer", "time.NewTicker"}

// offTheRoot are contexts without an owner.
var offTheRoot = []string{"context.Background", "context.TODO"}

// goFile is one parsed file of the module.
type goFile struct {
	path  string // from the module's root, with slashes
	lines int
	ast   *ast.File
	fset  *gotoken.FileSet
}

func (f goFile) isTest() bool {
	return strings.HasSuffix(f.path, "_test.go") || isKit(filepath.ToSlash(filepath.Dir(f.path)))
}

// at is a place as an editor understands it.
func (f goFile) at(n ast.Node) string {
	return f.path + ":" + strconv.Itoa(f.fset.Position(n.Pos()).Line)
}

// span counts the lines from the beginning to the end of a node.
func (f goFile) span(n ast.Node) int {
	return f.fset.Position(n.End()).Line - f.fset.Position(n.Pos()).Line + 1
}

func moduleFiles(t *testing.T) []goFile {
	t.Helper()
	if testing.Short() {
		t.Skip("reads all of the code")
	}
	var all []goFile
	fset := gotoken.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		if d.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "ferretdb") {
			return filepath.SkipDir
		}
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("..", path)
		all = append(all, goFile{filepath.ToSlash(rel), fset.File(file.FileStart).LineCount(), file, fset})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFileSizes(t *testing.T) {
	for _, f := range moduleFiles(t) {
		most := mostFileLines
		if f.isTest() {
			most = mostTestFileLines
		}
		if f.lines > most+1 && !ast.IsGenerated(f.ast) {
			t.Errorf("%s has %d lines, %d are allowed", f.path, f.lines, most)
		}
	}
}

func TestFunctionSizes(t *testing.T) {
	for _, f := range moduleFiles(t) {
		most := mostFuncLines
		if f.isTest() {
			most = mostTestFuncLines
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if lines := f.span(fn) - f.tables(fn.Body); lines > most {
				t.Errorf("%s: %s has %d lines, %d are allowed", f.at(fn), fn.Name.Name, lines, most)
			}
			if n := fn.Type.Params.NumFields(); n > mostParameters && !f.isTest() {
				t.Errorf("%s: %s has %d parameters, %d are allowed", f.at(fn), fn.Name.Name, n, mostParameters)
			}
		}
	}
}

// tables counts the lines inside of composite literals that hold no function: they are data.
func (f goFile) tables(body ast.Node) int {
	lines := 0
	ast.Inspect(body, func(n ast.Node) bool {
		table, ok := n.(*ast.CompositeLit)
		if !ok || holdsFunction(table) {
			return true
		}
		lines += f.span(table) - 1
		return false
	})
	return lines
}

func holdsFunction(table ast.Node) bool {
	found := false
	ast.Inspect(table, func(n ast.Node) bool {
		if fn, ok := n.(*ast.FuncLit); ok && fn.Body != nil && len(fn.Body.List) > 1 {
			found = true
		}
		return !found
	})
	return found
}

var cyrillic = regexp.MustCompile(`\p{Cyrillic}`)

func TestWordsAreInLocales(t *testing.T) {
	for _, f := range moduleFiles(t) {
		if f.isTest() || mayHoldCyrillic.MatchString(f.path) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && cyrillic.MatchString(lit.Value) {
				t.Errorf("%s: %s belongs into locales", f.at(n), lit.Value)
			}
			return true
		})
	}
}

func TestClockAndContextArePassedIn(t *testing.T) {
	for _, f := range moduleFiles(t) {
		if f.isTest() || strings.HasPrefix(f.path, "bot/") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(slices.Concat(offTheClock, offTheRoot), x.Name+"."+sel.Sel.Name) {
				t.Errorf("%s: %s.%s: clock and context are passed in", f.at(n), x.Name, sel.Sel.Name)
			}
			return true
		})
	}
}

// vague are package names that say nothing.
var vague = []string{"utils", "util", "common", "models", "types", "helpers", "manager", "base", "misc"}

func TestPackagesAreNamedAndIntroduced(t *testing.T) {
	introduced := map[string]bool{} // folder → has a package comment
	for _, f := range moduleFiles(t) {
		if f.isTest() {
			continue
		}
		folder := filepath.ToSlash(filepath.Dir(f.path))
		introduced[folder] = introduced[folder] || f.ast.Doc != nil
		if slices.Contains(vague, f.ast.Name.Name) {
			t.Errorf("%s: package %s says nothing", f.path, f.ast.Name.Name)
		}
	}
	for folder, ok := range introduced {
		if !ok {
			t.Errorf("package %s has no comment that says what it is", folder)
		}
	}
}

// logKeys are the names of values in the log: one word for one thing, and never a name, a phone or a text of
// anybody's message.
var logKeys = []string{"bot", "bytes", "chat", "check", "clients", "error", "failures", "job", "method", "part", "problem",
	"reason", "ref", "retry_after", "sent", "stack", "store", "try", "type", "update", "wait", "webhook"}

var logMethods = []string{"Debug", "Info", "Warn", "Error"}

func TestLogLinesAreConstantAndKeysKnown(t *testing.T) {
	for _, f := range moduleFiles(t) {
		if f.isTest() {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !isLogCall(call) {
				return true
			}
			for i, arg := range call.Args {
				lit, constant := arg.(*ast.BasicLit)
				switch {
				case i == 0 && !constant:
					t.Errorf("%s: the message is not constant", f.at(n))
				case i%2 == 1 && (!constant || !slices.Contains(logKeys, strings.Trim(lit.Value, `"`))):
					t.Errorf("%s: argument %d is no key of logKeys", f.at(n), i)
				}
			}
			return true
		})
	}
}

// isLogCall recognises x.log.Info(…), lg.Warn(…) and the like.
func isLogCall(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(logMethods, sel.Sel.Name) {
		return false
	}
	var name string
	switch x := sel.X.(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	return slices.Contains([]string{"lg", "log", "Log", "slog", "logger"}, name)
}

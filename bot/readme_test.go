package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func readme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Each setting has a row with its variable, its flag and its default.
func TestReadmeListsEverySetting(t *testing.T) {
	text := readme(t)
	parser, err := kong.New(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, flag := range parser.Model.Flags {
		if len(flag.Envs) == 0 {
			continue
		}
		listed = append(listed, flag.Envs[0])
		row := "| `" + flag.Envs[0] + "` | `--" + flag.Name + "` | "
		if value := flag.Default; value != "" {
			row += "`" + value + "` |"
		} else if flag.IsBool() {
			row += "`false` |"
		} else {
			row += "|"
		}
		if !strings.Contains(text, row) {
			t.Errorf("README.md lacks a row that begins with %s", row)
		}
	}
	if want := environment(); !slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(listed))) {
		t.Errorf("settings are %v, flags with variables are %v", want, listed)
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(text, -1) {
		if !slices.Contains(listed, row[1]) {
			t.Errorf("README.md lists %s, which is no setting", row[1])
		}
	}
}

// The two commands that a newcomer needs come first.
func TestReadmeOpensWithTheTwoCommands(t *testing.T) {
	commands := regexp.MustCompile(`(?m)^    (.+)$`).FindAllStringSubmatch(readme(t), -1)
	if len(commands) < 2 || commands[0][1] != "go run ./bot sandbox" || commands[1][1] != "go test ./..." {
		t.Errorf("the first commands are %v", commands)
	}
}

func TestReadmeLinksLead(t *testing.T) {
	for _, link := range regexp.MustCompile(`(?:\]\(|src=")([^):"]+)[)"]`).FindAllStringSubmatch(readme(t), -1) {
		if _, err := os.Stat(filepath.Join("..", link[1])); err != nil {
			t.Errorf("README.md links to %s: %v", link[1], err)
		}
	}
}

package talk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/locales"
)

// fieldsThatFail are the fields on which crm refuses a value, read off its code: invalid("phone"), and the fields
// whose name is the field's own.
func fieldsThatFail(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../../crm/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files of crm", err)
	}
	call := regexp.MustCompile(`invalid\("([a-z_.]+)"\)|Kind: ErrInvalid, Field: "([a-z_.]+)"`)
	found := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(raw), -1) {
			found[m[1]+m[2]] = true
		}
	}
	return found
}

// ours are fields that only a mistake of ours or a forged button can bring up: error.invalid.any is good enough.
var ours = map[string]bool{"field": true, "touch": true, "lang": true, "invite": true, "stage": true, "kind": true, "channel": true}

func TestEveryErrorHasWords(t *testing.T) {
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range crm.Langs {
		texts := catalog.For(lang)
		for field := range fieldsThatFail(t) {
			if !ours[field] && !texts.Has("error.invalid."+field) {
				t.Errorf("%s: no words for error.invalid.%s", lang, field)
			}
		}
		for _, k := range kinds {
			if text, ok := Explain(texts, fmt.Errorf("doing it: %w", &crm.Error{Kind: k.class, Field: "no.such"})); !ok || strings.HasPrefix(text, "[") {
				t.Errorf("%s: %v: got %q, %v", lang, k.class, text, ok)
			}
		}
		_, short := crm.ParsePhone("+7 911 222", "RU")
		if text, ok := Explain(texts, short); !ok || !strings.Contains(text, "+7") || !strings.Contains(text, "11") {
			t.Errorf("%s: half a phone: got %q", lang, text)
		}
		if _, ok := Explain(texts, errors.New("disk full")); ok {
			t.Error("a failure of ours is not explained to people")
		}
	}
}

func TestRefIsShortAndStable(t *testing.T) {
	a, b := Ref(chat.Incoming{Update: 1001}), Ref(chat.Incoming{Update: 1001})
	if a != b || len(a) != 4 {
		t.Errorf("got %q and %q", a, b)
	}
}

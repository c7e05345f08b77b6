package crm

import (
	"strings"
	"testing"
)

func TestVault(t *testing.T) {
	first, second := NewVaultKey(), NewVaultKey()
	parse := func(list string) Vault {
		t.Helper()
		v, err := ParseVault(list)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	old := parse(first)
	sealed, err := old.seal("4510 123456", "acme/f1")
	if err != nil || strings.Contains(sealed, "4510") {
		t.Fatalf("sealed as %q, %v", sealed, err)
	}
	if again, _ := old.seal("4510 123456", "acme/f1"); again == sealed {
		t.Error("the same text is sealed the same way twice, so that it can be compared")
	}
	both := parse(second + ", " + first)
	if got, err := both.open(sealed, "acme/f1"); err != nil || got != "4510 123456" {
		t.Errorf("with a new key before the old one: %q, %v", got, err)
	}
	if now, _ := both.seal("x", "y"); !opens(parse(second), now, "y") || opens(old, now, "y") {
		t.Error("it is not the first key that seals")
	}
	broken := sealed[:len(sealed)-2] + map[bool]string{true: "AA", false: "BB"}[!strings.HasSuffix(sealed, "AA")]
	for name, ok := range map[string]bool{
		"another place": opens(old, sealed, "acme/f2"), "another key": opens(parse(second), sealed, "acme/f1"),
		"altered": opens(old, broken, "acme/f1"), "cut": opens(old, sealed[:20], "acme/f1"), "not sealed": opens(old, "4510", "acme/f1"),
		"no key": opens(Vault{}, sealed, "acme/f1"), "empty": opens(old, "", "acme/f1"),
	} {
		if ok {
			t.Errorf("%s: it opens", name)
		}
	}
	if _, err := (Vault{}).seal("x", "y"); err == nil {
		t.Error("a vault without a key seals")
	}
}

func opens(v Vault, sealed, whose string) bool {
	_, err := v.open(sealed, whose)
	return err == nil
}

func TestBadKeys(t *testing.T) {
	for _, list := range []string{"", "short", "c2hvcnQ=", NewVaultKey() + ",", NewVaultKey() + " " + NewVaultKey()} {
		_, err := ParseVault(list)
		if err == nil {
			t.Errorf("%q is taken", list)
		} else if len(list) > 40 && strings.Contains(err.Error(), list[:20]) {
			t.Errorf("the error tells the key: %v", err)
		}
	}
}

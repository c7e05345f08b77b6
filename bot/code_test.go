package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/store"
)

// Whoever runs the program ends the codes of a member whose phone is lost; the owners are told.
func TestCodeReset(t *testing.T) {
	dir := t.TempDir()
	desk, owner := withCodes(t, dir)
	env := map[string]string{"DATA_DIR": dir}
	for args, want := range map[string]string{"4711": "nobody of the team has the Telegram id 4711", "8": "has no codes"} {
		if code, _, said := called(t, env, "code", "reset", args); code != exitFailed || !strings.Contains(said, want) {
			t.Errorf("reset %s: %d, %q, want %q", args, code, said, want)
		}
	}
	if code, _, _ := called(t, env, "code", "reset", "anna"); code != exitConfig {
		t.Errorf("a name in the place of an id: %d", code)
	}
	code, said, errs := called(t, env, "code", "reset", "7")
	if code != exitFine || !strings.Contains(said, "codes of 7 are off") || errs != "" {
		t.Errorf("%d, %q, %q", code, said, errs)
	}
	if lock, err := desk.CodeOf(t.Context(), crm.Actor{Member: owner}); err != nil || lock != (crm.CodeLock{}) {
		t.Errorf("left is %+v, %v", lock, err)
	}
	if code, _, said := called(t, env, "code", "reset", "7"); code != exitFailed || !strings.Contains(said, "has no codes") {
		t.Errorf("again: %d, %q", code, said)
	}
}

// withCodes makes a base whose owner, 7, has one-time codes, and a manager, 8, who has none.
func withCodes(t *testing.T, dir string) (*crm.Desk, crm.Member) {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	vault, err := crm.ParseVault(storyKey)
	if err != nil {
		t.Fatal(err)
	}
	clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	desk := crm.NewDesk(st, clock).WithVault(vault)
	if _, err := desk.Open(t.Context(), crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"}); err != nil {
		t.Fatal(err)
	}
	owner, err := desk.Adopt(t.Context(), crm.Newcomer{User: 7, Name: "Анна", Lang: "ru"}, "u1")
	if err != nil {
		t.Fatal(err)
	}
	by := func(cause crm.Cause) crm.Actor { return crm.Actor{Member: owner, Cause: cause} }
	invite, _, err := desk.InviteMember(t.Context(), by("u2"), crm.Invitation{Role: crm.RoleManager, Days: 1, Uses: 1})
	if err == nil {
		_, err = desk.AcceptInvite(t.Context(), crm.Newcomer{User: 8, Name: "Иван", Lang: "ru"}, invite, "u3")
	}
	if err != nil {
		t.Fatal(err)
	}
	secret, err := desk.BeginCode(t.Context(), by("u4"))
	if err != nil {
		t.Fatal(err)
	}
	now, err := crm.CodeAt(secret, clock.Now())
	if err == nil {
		err = desk.EnterCode(t.Context(), by("u5"), now)
	}
	if err != nil {
		t.Fatal(err)
	}
	return desk, owner
}

// What the command makes is what the setting takes; what it does not take it does not repeat.
func TestSecretKeys(t *testing.T) {
	_, one, _ := called(t, nil, "key", "--secret")
	_, two, _ := called(t, nil, "key", "--secret")
	if one == two || len(strings.TrimSpace(one)) != 44 {
		t.Errorf("made %q and %q", one, two)
	}
	env := map[string]string{"DATA_DIR": t.TempDir(), "SECRET_KEYS": strings.TrimSpace(one) + "," + strings.TrimSpace(two)}
	if code, _, said := called(t, env, "verify"); code == exitConfig {
		t.Errorf("two keys: %q", said)
	}
	env["SECRET_KEYS"] = "correct horse battery staple"
	if code, _, said := called(t, env, "verify"); code != exitConfig || !strings.Contains(said, "SECRET_KEYS: key 1 is not 32 bytes in base64") || strings.Contains(said, "horse") {
		t.Errorf("a phrase: %d, %q", code, said)
	}
}

// The command says whether an older key is still needed, and it is not once the program has sealed anew.
func TestVerifyTellsOfOlderKeys(t *testing.T) {
	dir := t.TempDir()
	desk, _ := withCodes(t, dir)
	_, newer, _ := called(t, nil, "key", "--secret")
	newer = strings.TrimSpace(newer)
	says := func(keys, want string) {
		t.Helper()
		_, said, _ := called(t, map[string]string{"DATA_DIR": dir, "SECRET_KEYS": keys}, "verify")
		if !strings.Contains(said, want) {
			t.Errorf("got %q, want %q in it", said, want)
		}
	}
	says(storyKey, "secrets: 1, of which 0 need an older key and 0 no key opens")
	says(newer+","+storyKey, "secrets: 1, of which 1 need an older key and 0 no key opens")
	both, err := crm.ParseVault(newer + "," + storyKey)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := desk.WithVault(both).ResealSecrets(t.Context()); err != nil || n != 1 {
		t.Fatalf("sealed anew: %d, %v", n, err)
	}
	says(newer+","+storyKey, "secrets: 1, of which 0 need an older key and 0 no key opens")
	says(newer, "secrets: 1, of which 0 need an older key and 0 no key opens")
	says(storyKey, "secrets: 1, of which 0 need an older key and 1 no key opens")
}

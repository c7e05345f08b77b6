package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kartoteka/bot/sandbox"
)

// called runs a command of the program in an environment of its own.
func called(t *testing.T, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	clean(t)
	for name, value := range env {
		t.Setenv(name, value)
	}
	var said, erred bytes.Buffer
	code = program(args, &said, &erred)
	return code, said.String(), erred.String()
}

// keyFile makes a pair of keys by the command and returns the public one and the file.
func keyFile(t *testing.T) (public, path string) {
	t.Helper()
	code, out, errs := called(t, nil, "key")
	key := regexp.MustCompile(`^# BACKUP_KEY=(age1\S+)\nAGE-SECRET-KEY-1\S+\n$`).FindStringSubmatch(out)
	if code != exitFine || key == nil {
		t.Fatalf("exit code %d, said %q and %q", code, out, errs)
	}
	path = filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(path, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	return key[1], path
}

// backedUp is a backup of the base in a folder, as the command says where.
func backedUp(t *testing.T, env map[string]string) string {
	t.Helper()
	code, out, errs := called(t, env, "backup")
	path, said, _ := strings.Cut(out, "\n")
	if code != exitFine || errs != "" || !strings.Contains(said, "read back and found whole") {
		t.Fatalf("exit code %d, said %q and %q", code, out, errs)
	}
	if warned := strings.Contains(said, "WARNING: it is not encrypted"); warned != (env["BACKUP_KEY"] == "") {
		t.Errorf("said %q", said)
	}
	return path
}

// A base is backed up while the bot runs, lost, brought back elsewhere, and worked with as if nothing had been.
func TestBackupAndRestore(t *testing.T) {
	public, secret := keyFile(t)
	for name, key := range map[string]string{"encrypted": public, "plain": ""} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			r.handled(r.anna.Say("/start"))
			r.handled(r.anna.Say("/add Иванов Пётр, +79161234567"))
			r.handled(r.press("Сохранить"))
			file := backedUp(t, map[string]string{"DATA_DIR": r.dir, "BACKUP_KEY": key, "BACKUP_DIR": t.TempDir()})
			r.end()
			r.stopped()

			elsewhere := filepath.Join(t.TempDir(), "new")
			code, out, errs := called(t, map[string]string{"DATA_DIR": elsewhere}, "restore", file, "--identity", secret)
			if code != exitFine || !strings.Contains(out, "Restored into sqlite, all of it.") {
				t.Fatalf("exit code %d, said %q and %q", code, out, errs)
			}
			again := start(t, map[string]string{"DATA_DIR": elsewhere})
			again.handled(again.anna.Say("4567"))
			if card := again.anna.Last().Text; !strings.Contains(card, "Иванов Пётр") {
				t.Errorf("the search finds %q\n%s", card, again.log)
			}
			again.end()
			again.stopped()
		})
	}
}

// press taps a button of the last message.
func (r *rig) press(label string) sandbox.Update {
	r.Helper()
	last := r.anna.Last()
	b, ok := last.Button(label)
	if !ok {
		r.Fatalf("no button %q under %q", label, last.Text)
	}
	u, err := r.anna.Press(last.ID, b.Data)
	if err != nil {
		r.Fatal(err)
	}
	return u
}

// What cannot be restored is told in one line, and nothing is left behind.
func TestRestoreRefuses(t *testing.T) {
	public, secret := keyFile(t)
	_, others := keyFile(t)
	r := start(t, nil)
	r.handled(r.anna.Say("/start"))
	r.end()
	r.stopped()
	dir := t.TempDir()
	sealed := backedUp(t, map[string]string{"DATA_DIR": r.dir, "BACKUP_KEY": public, "BACKUP_DIR": dir})
	whole, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	altered := bytes.Clone(whole)
	altered[len(altered)-100] ^= 1
	for name, try := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no key":      {[]string{sealed}, exitFailed, "its secret key is needed, in a file that --identity names"},
		"another key": {[]string{sealed, "--identity", others}, exitFailed, "this secret key does not open the backup"},
		"public key":  {[]string{sealed, "--identity", write("public.txt", []byte(public))}, exitConfig, "--identity: "},
		"cut":         {[]string{write("cut", whole[:len(whole)*2/3]), "--identity", secret}, exitFailed, "the backup is damaged: it was cut or altered"},
		"altered":     {[]string{write("altered", altered), "--identity", secret}, exitFailed, "the backup is damaged: it was cut or altered"},
		"no backup":   {[]string{secret}, exitFailed, "this is no backup of Kartoteka"},
		"no file":     {[]string{filepath.Join(dir, "none")}, exitConfig, "none"},
		"no argument": {nil, exitConfig, "<file>"},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			code, _, errs := called(t, map[string]string{"DATA_DIR": data}, append([]string{"restore"}, try.args...)...)
			if code != try.code || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, try.says) {
				t.Errorf("exit code %d, said %q, want %d and %q", code, errs, try.code, try.says)
			}
			if _, err := os.Stat(data); err == nil {
				t.Error("a folder was made")
			}
		})
	}
	t.Run("not empty", func(t *testing.T) {
		code, _, errs := called(t, map[string]string{"DATA_DIR": r.dir}, "restore", sealed, "--identity", secret)
		if code != exitConfig || errs != "kartoteka: DATA_DIR: has a base already; a backup is restored into an empty one only\n" {
			t.Errorf("exit code %d, said %q", code, errs)
		}
	})
}

func TestBackupRefuses(t *testing.T) {
	_, secret := keyFile(t)
	content, err := os.ReadFile(secret)
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := strings.Cut(string(content), "\n")
	for name, try := range map[string]struct{ setting, value string }{
		"no base":         {"DATA_DIR", filepath.Join(t.TempDir(), "nowhere")},
		"the secret key":  {"BACKUP_KEY", strings.TrimSpace(key)},
		"no key":          {"BACKUP_KEY", "secret"},
		"none kept":       {"BACKUP_KEEP_DAILY", "0"},
		"less than none":  {"BACKUP_KEEP_WEEKLY", "-1"},
		"kept for no day": {"BACKUP_KEEP_DAYS", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			code, out, errs := called(t, map[string]string{"DATA_DIR": dir, try.setting: try.value}, "backup")
			if code != exitConfig || out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "kartoteka: "+try.setting+": ") {
				t.Errorf("exit code %d, said %q and %q", code, out, errs)
			}
			if strings.Contains(errs, "SECRET-KEY") || strings.Contains(errs, "secret\n") {
				t.Errorf("a secret was printed: %s", errs)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("left are %v", left)
			}
		})
	}
}

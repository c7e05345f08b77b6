package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kartoteka/bot/sandbox"
	"kartoteka/handlers/web"
	"kartoteka/store"
)

// checked runs --check in an environment that is well but for env; what it prints holds no secret.
func checked(t *testing.T, env map[string]string) (code int, out, errs string) {
	t.Helper()
	api := httptest.NewServer(sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot"}))
	t.Cleanup(api.Close)
	clean(t)
	t.Setenv("TELEGRAM_TOKEN", goodToken)
	t.Setenv("TELEGRAM_API_URL", api.URL)
	t.Setenv("DATA_DIR", t.TempDir())
	for name, value := range env {
		t.Setenv(name, value)
	}
	var said, erred bytes.Buffer
	code = program([]string{"--check"}, &said, &erred)
	if all := said.String() + erred.String(); strings.Contains(strings.ToLower(all), "secret") {
		t.Errorf("a secret was printed: %s", all)
	}
	return code, said.String(), erred.String()
}

func TestCheck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	rubbish := t.TempDir()
	if err := os.WriteFile(filepath.Join(rubbish, "kartoteka.db"), []byte(strings.Repeat("no base at all ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	nobody, free := "http://"+freeAddr(t), freeAddr(t)
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	bot := httptest.NewServer(web.Handler(web.Options{Checks: []web.Check{{Name: "store", Ask: func(context.Context) error { return nil }}}}))
	defer bot.Close()
	for name, try := range map[string]struct {
		env       map[string]string
		code      int
		out, errs []string // what each line begins with
	}{
		"well": {nil, exitFine, []string{"settings  ok", "store     ok, sqlite", "telegram  ok, @kartoteka_bot"}, nil},
		"token refused": {map[string]string{"TELEGRAM_TOKEN": "1000:anotherSECRETtoken"}, exitConfig,
			[]string{"settings  ok", "store     ok"}, []string{"TELEGRAM_TOKEN: Telegram does not accept it"}},
		"telegram unreachable": {map[string]string{"TELEGRAM_API_URL": nobody}, exitFailed,
			[]string{"settings  ok", "store     ok"}, []string{"telegram cannot be reached at " + nobody}},
		"folder is a file": {map[string]string{"DATA_DIR": filepath.Join(file, "data")}, exitConfig,
			[]string{"settings  ok", "telegram  ok"}, []string{"DATA_DIR: cannot be used: "}},
		"file is no base": {map[string]string{"DATA_DIR": rubbish}, exitFailed,
			[]string{"settings  ok", "telegram  ok"}, []string{"open store: sqlite: "}},
		"no such server": {map[string]string{"MONGODB_URI": "mongodb://anna:secret@" + strings.TrimPrefix(nobody, "http://") + "/?serverSelectionTimeoutMS=100"},
			exitFailed, []string{"settings  ok", "telegram  ok"}, []string{"open store: mongodb: "}},
		"no address": {map[string]string{"MONGODB_URI": "mongodb://anna:secret@"},
			exitConfig, []string{"settings  ok", "telegram  ok"}, []string{"MONGODB_URI: is not an address"}},
		"address free": {map[string]string{"HTTP_ADDR": free}, exitFine,
			[]string{"settings  ok", "store     ok", "telegram  ok", "http      ok, " + free}, nil},
		"address taken": {map[string]string{"HTTP_ADDR": taken.Listener.Addr().String()}, exitConfig,
			[]string{"settings  ok", "store     ok", "telegram  ok"}, []string{"HTTP_ADDR: cannot be listened on: "}},
		"address of another machine": {map[string]string{"HTTP_ADDR": "192.0.2.1:8081"}, exitConfig,
			[]string{"settings  ok", "store     ok", "telegram  ok"}, []string{"HTTP_ADDR: cannot be listened on: "}},
		"address of a running bot": {map[string]string{"HTTP_ADDR": bot.Listener.Addr().String()}, exitFine,
			[]string{"settings  ok", "store     ok", "telegram  ok", "http      ok, " + bot.Listener.Addr().String() + ", where a bot runs"}, nil},
		"two faults": {map[string]string{"TELEGRAM_API_URL": nobody, "DATA_DIR": filepath.Join(file, "data")}, exitConfig,
			[]string{"settings  ok"}, []string{"DATA_DIR: cannot be used: ", "telegram cannot be reached"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := checked(t, try.env)
			if code != try.code {
				t.Errorf("exit code %d, want %d", code, try.code)
			}
			begin(t, out, "", try.out)
			begin(t, errs, "kartoteka: ", try.errs)
		})
	}
}

// begin compares the lines of a text with what each begins with.
func begin(t *testing.T, text, prefix string, want []string) {
	t.Helper()
	var got []string
	for line := range strings.Lines(text) {
		got = append(got, line)
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], prefix+want[i]) {
			t.Errorf("said %q, want lines that begin with %q", got, want)
			return
		}
	}
}

// --check leaves the folder as it was, whether there is a base in it or not.
func TestCheckWritesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	if code, _, errs := checked(t, map[string]string{"DATA_DIR": dir}); code != exitFine {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	if _, err := os.Stat(filepath.Dir(dir)); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
	r := start(t, nil)
	r.handled(r.anna.Say("/start"))
	r.end()
	r.stopped()
	before := contents(t, r.dir)
	if code, _, errs := checked(t, map[string]string{"DATA_DIR": r.dir}); code != exitFine {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	if after := contents(t, r.dir); after != before {
		t.Errorf("the folder held\n%s\nand holds\n%s", before, after)
	}
}

// contents are the names, times and sizes of the files in a folder.
func contents(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, entry := range list {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(info.Name() + " " + info.ModTime().String() + " " + info.Mode().String() + "\n")
	}
	return all.String()
}

// A user or a password that MongoDB does not accept is a wrong setting, at the start and for --check, which both say it by this.
func TestPasswordRefusedIsAWrongSetting(t *testing.T) {
	cfg := &Config{MongoDBURI: "mongodb://anna:secret@localhost/"}
	var said bytes.Buffer
	if code := exitCode(cfg.storeError(fmt.Errorf("mongodb: ping: %w", store.ErrLogin)), &said); code != exitConfig {
		t.Errorf("exit code %d, want %d", code, exitConfig)
	}
	begin(t, said.String(), "kartoteka: ", []string{"MONGODB_URI: MongoDB does not let in with it"})
}

package main

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
)

const goodToken = "1000:AAsecretSECRETsecret"

// clean unsets every variable that the program reads, for this test.
func clean(t testing.TB) {
	t.Helper()
	for _, name := range environment() {
		t.Setenv(name, "")
		_ = os.Unsetenv(name)
	}
}

func parse(t *testing.T, env map[string]string, args ...string) (*Config, error) {
	t.Helper()
	clean(t)
	for name, value := range env {
		t.Setenv(name, value)
	}
	cfg, help, err := parseConfig(args, &bytes.Buffer{})
	if help {
		t.Fatal("the usage was printed instead")
	}
	return cfg, err
}

func TestConfigDefaults(t *testing.T) {
	cfg, err := parse(t, map[string]string{"TELEGRAM_TOKEN": goodToken})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.command != commandRun || cfg.Region != "RU" || cfg.location.String() != "Europe/Moscow" || cfg.lang != "ru" ||
		cfg.level != slog.LevelInfo || cfg.HTTPAddr != "" || cfg.SandboxAddr != "127.0.0.1:8080" || cfg.ownerID != 0 {
		t.Errorf("unexpected defaults: %+v", cfg)
	}
	if !strings.HasPrefix(cfg.storeURL(), "sqlite:///") || !strings.HasSuffix(cfg.storeURL(), "/data/kartoteka.db") {
		t.Errorf("the store is %q, want SQLite in ./data", cfg.storeURL())
	}
}

func TestConfigAccepts(t *testing.T) {
	hook := map[string]string{"TELEGRAM_TOKEN": goodToken, "WEBHOOK_URL": "https://crm.example/t", "WEBHOOK_SECRET": "s_1", "HTTP_ADDR": ":8081"}
	for name, try := range map[string]struct {
		env  map[string]string
		args []string
		good func(*Config) bool
	}{
		"a flag before the environment": {map[string]string{"TELEGRAM_TOKEN": goodToken, "DEFAULT_REGION": "BY"},
			[]string{"--default-region=KZ"}, func(c *Config) bool { return c.Region == "KZ" }},
		"empty variables count as unset": {map[string]string{"TELEGRAM_TOKEN": goodToken, "OWNER_TELEGRAM_ID": "", "LOG_LEVEL": " ", "SENDER_UNLIMITED": ""},
			nil, func(c *Config) bool { return c.ownerID == 0 && c.LogLevel == "info" }},
		"check":         {map[string]string{"TELEGRAM_TOKEN": goodToken}, []string{"--check"}, func(c *Config) bool { return c.Check }},
		"owner":         {map[string]string{"TELEGRAM_TOKEN": goodToken, "OWNER_TELEGRAM_ID": "42"}, nil, func(c *Config) bool { return c.ownerID == 42 }},
		"mongo":         {map[string]string{"TELEGRAM_TOKEN": goodToken, "MONGODB_URI": "mongodb://h/k"}, nil, func(c *Config) bool { return c.storeURL() == "mongodb://h/k" }},
		"webhook":       {hook, nil, func(c *Config) bool { return c.WebhookURL != "" }},
		"sandbox":       {nil, []string{"sandbox"}, func(c *Config) bool { return c.command == commandSandbox && c.Sandbox.Keep == "" }},
		"sandbox kept":  {nil, []string{"sandbox", "--keep"}, func(c *Config) bool { return c.Sandbox.Keep == "sandbox-data" }},
		"kept there":    {nil, []string{"sandbox", "--keep=my/demo"}, func(c *Config) bool { return c.Sandbox.Keep == "my/demo" }},
		"healthcheck":   {map[string]string{"HTTP_ADDR": ":8081"}, []string{"healthcheck"}, func(c *Config) bool { return c.command == commandHealthcheck }},
		"a desktop's":   {map[string]string{"LANGUAGE": "de_DE.UTF-8:en_US:en"}, []string{"sandbox"}, func(c *Config) bool { return c.lang == "en" }},
		"a flag":        {map[string]string{"LANGUAGE": "de_DE.UTF-8"}, []string{"sandbox", "--language=en"}, func(c *Config) bool { return c.lang == "en" }},
		"Russian first": {map[string]string{"LANGUAGE": "ru_RU:en"}, []string{"sandbox"}, func(c *Config) bool { return c.lang == "ru" }},
		"no language":   {map[string]string{"LANGUAGE": "C"}, []string{"sandbox"}, func(c *Config) bool { return c.lang == "en" }},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := parse(t, try.env, try.args...)
			if err != nil {
				t.Fatal(err)
			}
			if !try.good(cfg) {
				t.Errorf("read as %+v", cfg)
			}
		})
	}
}

func TestConfigRefuses(t *testing.T) {
	for name, try := range map[string]struct {
		setting, value string
		more           map[string]string
	}{
		"no token":             {"TELEGRAM_TOKEN", "", nil},
		"a token cut":          {"TELEGRAM_TOKEN", "hunter2secret", nil},
		"api without scheme":   {"TELEGRAM_API_URL", "localhost:8081", nil},
		"owner by name":        {"OWNER_TELEGRAM_ID", "@anna", nil},
		"owner of zero":        {"OWNER_TELEGRAM_ID", "0", nil},
		"owner is a group":     {"OWNER_TELEGRAM_ID", "-100200", nil},
		"not MongoDB":          {"MONGODB_URI", "postgres://u:secret@h/db", nil},
		"no such country":      {"DEFAULT_REGION", "XX", nil},
		"a small country":      {"DEFAULT_REGION", "ru", nil},
		"a continent":          {"DEFAULT_REGION", "150", nil},
		"no such zone":         {"TZ_DEFAULT", "Mars/Olympus", nil},
		"this machine's zone":  {"TZ_DEFAULT", "Local", nil},
		"not a language":       {"LANGUAGE", "russian!", nil},
		"no such level":        {"LOG_LEVEL", "loud", nil},
		"a level between":      {"LOG_LEVEL", "info+1", nil},
		"no port":              {"HTTP_ADDR", "localhost", nil},
		"a port too far":       {"HTTP_ADDR", ":70000", nil},
		"webhook no address":   {"WEBHOOK_URL", "crm.example", nil},
		"webhook plain":        {"WEBHOOK_URL", "http://crm.example/t", map[string]string{"HTTP_ADDR": ":1", "WEBHOOK_SECRET": "s"}},
		"webhook no listener":  {"HTTP_ADDR", "", map[string]string{"WEBHOOK_URL": "https://crm.example", "WEBHOOK_SECRET": "s"}},
		"webhook no secret":    {"WEBHOOK_SECRET", "", map[string]string{"WEBHOOK_URL": "https://crm.example", "HTTP_ADDR": ":1"}},
		"webhook long secret":  {"WEBHOOK_SECRET", strings.Repeat("secret", 50), map[string]string{"WEBHOOK_URL": "https://crm.example", "HTTP_ADDR": ":1"}},
		"secret without a URL": {"WEBHOOK_URL", "", map[string]string{"WEBHOOK_SECRET": "s"}},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{"TELEGRAM_TOKEN": goodToken}
			for k, v := range try.more {
				env[k] = v
			}
			env[try.setting] = try.value
			_, err := parse(t, env)
			var wrong settingError
			if !errors.As(err, &wrong) || wrong.name != try.setting {
				t.Fatalf("got %v, want an error about %s", err, try.setting)
			}
			if try.value != "" && strings.Contains(err.Error(), try.value) || strings.Contains(err.Error(), "secret@") {
				t.Errorf("the error repeats the value: %v", err)
			}
		})
	}
}

// A wrong setting is one line on the error output and exit code 2; no secret is ever printed.
func TestProgramSaysOneLine(t *testing.T) {
	for name, try := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"no token":        {nil, nil, "TELEGRAM_TOKEN: is missing"},
		"unknown flag":    {nil, []string{"--nope"}, "--nope"},
		"unknown command": {nil, []string{"fly"}, "fly"},
		"bad sandbox":     {map[string]string{"SANDBOX_ADDR": "here"}, []string{"sandbox"}, "SANDBOX_ADDR: must be"},
		"health unknown":  {nil, []string{"healthcheck"}, "HTTP_ADDR: must be"},
		"no language":     {nil, []string{"sandbox", "--language=de"}, "LANGUAGE: must be one of ru, en"},
		"check a sandbox": {nil, []string{"sandbox", "--check"}, "--check: tests the settings of the bot itself"},
		"kept nowhere":    {nil, []string{"sandbox", "--keep="}, "--keep"},
		"kept in a file":  {nil, []string{"sandbox", "--keep=config_test.go"}, "--keep: the folder cannot be used"},
		"bad switch":      {map[string]string{"SENDER_UNLIMITED": "perhaps"}, []string{"sandbox"}, "SENDER_UNLIMITED"},
	} {
		t.Run(name, func(t *testing.T) {
			clean(t)
			for k, v := range try.env {
				t.Setenv(k, v)
			}
			var out, errs bytes.Buffer
			if code := program(try.args, &out, &errs); code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if line := errs.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, try.want) || out.Len() > 0 {
				t.Errorf("said %q and %q, want one line with %q", line, out.String(), try.want)
			}
		})
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	clean(t)
	var out, errs bytes.Buffer
	t.Setenv("TELEGRAM_TOKEN", goodToken)
	if code := program([]string{"--help"}, &out, &errs); code != 0 || errs.Len() > 0 {
		t.Fatalf("exit code %d, errors %q", code, errs.String())
	}
	for _, name := range slices.Concat(environment(), []string{"sandbox", "healthcheck", "--check", `"127.0.0.1:8080"`}) {
		if !strings.Contains(out.String(), name) {
			t.Errorf("--help lacks %s", name)
		}
	}
	if strings.Contains(out.String(), goodToken) {
		t.Error("--help prints the token")
	}
}

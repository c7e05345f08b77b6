package main

import (
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"kartoteka/crm"
	"kartoteka/locales"
)

const maxSecret = 256

var (
	// tokenShape: "<bot id>:<secret>", as @BotFather gives it.
	tokenShape = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{3,}$`)
	// secretShape and maxSecret: Bot API, setWebhook, secret_token.
	secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	// languageShape: an IETF tag, or what Linux desktops keep in this variable: "de_DE.UTF-8:en". That was not meant for
	// us, so it is no error if we speak none of it; the flag is.
	languageShape = regexp.MustCompile(`^[A-Za-z]{1,3}([-_.@:][A-Za-z0-9-]+)*$`)
)

// check judges the settings that the command needs and reads those that have a type; the first that is wrong
// is the error.
func (c *Config) check() error {
	if c.Check && c.command != commandRun {
		return settingError{"--check", "tests the settings of the bot itself; leave " + c.command + " out"}
	}
	checks := []func() error{c.checkCommon}
	switch c.command {
	case commandRun:
		checks = append(checks, c.checkTelegram, c.checkStore, c.checkWebhook, c.checkBackup)
	case commandSandbox:
		checks = append(checks, c.checkSandbox)
	case commandBackup:
		checks = append(checks, c.checkStore, c.checkBackup)
	case commandRestore, commandVerify, commandCode:
		checks = append(checks, c.checkStore)
	case commandMigrate:
		checks = append(checks, c.checkMigrate)
	case commandHealthcheck:
		checks = []func() error{c.checkHealth}
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkCommon() error {
	var err error
	if err := c.level.UnmarshalText([]byte(c.LogLevel)); err != nil || !slices.Contains(
		[]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}, c.level) {
		return settingError{"LOG_LEVEL", "must be debug, info, warn or error"}
	}
	if !languageShape.MatchString(c.Language) || c.flags["language"] && !slices.Contains(locales.Languages, c.Language) {
		return settingError{"LANGUAGE", "must be one of " + strings.Join(locales.Languages, ", ")}
	}
	c.lang = spoken(c.Language)
	if c.location, err = time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
		return settingError{"TZ_DEFAULT", "must be the IANA name of a time zone, for example Europe/Moscow"}
	}
	if region, err := language.ParseRegion(c.Region); err != nil || !region.IsCountry() || region.String() != c.Region {
		return settingError{"DEFAULT_REGION", "must be the two capital letters of a country, for example RU"}
	}
	if c.SecretKeys != "" {
		if c.vault, err = crm.ParseVault(c.SecretKeys); err != nil {
			return settingError{"SECRET_KEYS", err.Error() + "; kartoteka key --secret makes one"}
		}
	}
	if c.Owner != "" {
		if c.ownerID, err = strconv.ParseInt(c.Owner, 10, 64); err != nil || c.ownerID <= 0 {
			return settingError{"OWNER_TELEGRAM_ID", "must be a positive number, the Telegram id of a person"}
		}
	}
	return nil
}

// spoken picks the first language of a list that the bot speaks, English where it speaks none of them.
func spoken(list string) string {
	for _, tag := range strings.Split(list, ":") {
		base := strings.ToLower(strings.FieldsFunc(tag, func(r rune) bool { return strings.ContainsRune("-_.@", r) })[0])
		if slices.Contains(locales.Languages, base) {
			return base
		}
	}
	return "en"
}

func (c *Config) checkTelegram() error {
	if c.TelegramToken == "" {
		return settingError{"TELEGRAM_TOKEN", "is missing; @BotFather gives one. To try the bot without it: go run ./bot sandbox"}
	}
	if !tokenShape.MatchString(c.TelegramToken) {
		return settingError{"TELEGRAM_TOKEN", "does not look like a token: digits, a colon, letters"}
	}
	if !isHTTP(c.TelegramAPIURL) {
		return settingError{"TELEGRAM_API_URL", "must be an address that begins with http:// or https://"}
	}
	return nil
}

func (c *Config) checkStore() error {
	if c.MongoDBURI == "" {
		if c.DataDir == "" {
			return settingError{"DATA_DIR", "is empty; it is needed where MONGODB_URI is not set"}
		}
		return nil
	}
	if !strings.HasPrefix(c.MongoDBURI, "mongodb://") && !strings.HasPrefix(c.MongoDBURI, "mongodb+srv://") {
		return settingError{"MONGODB_URI", "must begin with mongodb:// or mongodb+srv://"}
	}
	return nil
}

// checkWebhook also checks HTTP_ADDR, which the webhook needs.
func (c *Config) checkWebhook() error {
	if c.HTTPAddr != "" && !isAddr(c.HTTPAddr) {
		return settingError{"HTTP_ADDR", "must be host:port, for example :8081"}
	}
	if c.WebhookURL == "" {
		if c.WebhookSecret != "" {
			return settingError{"WEBHOOK_URL", "is missing while WEBHOOK_SECRET is set"}
		}
		return nil
	}
	switch {
	case !isHTTP(c.WebhookURL):
		return settingError{"WEBHOOK_URL", "must be an address that begins with https://"}
	case strings.HasPrefix(c.TelegramAPIURL, "https://api.telegram.org") && !strings.HasPrefix(c.WebhookURL, "https://"):
		return settingError{"WEBHOOK_URL", "must begin with https://, Telegram delivers to nothing else"}
	case c.HTTPAddr == "":
		return settingError{"HTTP_ADDR", "is missing; the webhook needs an address to listen on"}
	case c.WebhookSecret == "":
		return settingError{"WEBHOOK_SECRET", "is missing; without it anyone could send updates"}
	case !secretShape.MatchString(c.WebhookSecret) || len(c.WebhookSecret) > maxSecret:
		return settingError{"WEBHOOK_SECRET", "must be 1 to 256 letters, digits, _ and -"}
	}
	return nil
}

func (c *Config) checkSandbox() error {
	if !isAddr(c.SandboxAddr) {
		return settingError{"SANDBOX_ADDR", "must be host:port, for example 127.0.0.1:8080"}
	}
	return c.checkWebhook()
}

func (c *Config) checkHealth() error {
	if !isAddr(c.HTTPAddr) {
		return settingError{"HTTP_ADDR", "must be the host:port at which the bot answers"}
	}
	return nil
}

func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// isAddr reports whether s is host:port with a port from 0 to 65535.
func isAddr(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"kartoteka/crm"
	"kartoteka/store/backup"
)

// The commands of the program.
const (
	commandRun         = "run"
	commandSandbox     = "sandbox"
	commandHealthcheck = "healthcheck"
	commandVerify      = "verify"
	commandBackup      = "backup"
	commandRestore     = "restore"
	commandMigrate     = "migrate"
	commandKey         = "key"
	commandCode        = "code"
)

// Config is every setting. Each is a flag, or the environment variable named with it; a flag wins. An empty
// variable counts as unset, since compose files pass on what nobody has set.
type Config struct {
	TelegramToken  string `env:"TELEGRAM_TOKEN" help:"The bot's token, from @BotFather. Better in the environment: flags are seen by everyone on the machine." placeholder:"TOKEN"`
	TelegramAPIURL string `env:"TELEGRAM_API_URL" help:"Address of the Bot API server." default:"https://api.telegram.org" name:"telegram-api-url"`
	Owner          string `env:"OWNER_TELEGRAM_ID" help:"Telegram id of the person who owns the base. Empty: whoever opens the link that the first start prints." name:"owner-telegram-id" placeholder:"ID"`

	MongoDBURI string `env:"MONGODB_URI" help:"Where MongoDB is. Empty: the embedded SQLite in the data folder." name:"mongodb-uri" placeholder:"URI"`
	DataDir    string `env:"DATA_DIR" help:"Folder of the embedded database." default:"./data" type:"path"`

	Region   string `env:"DEFAULT_REGION" help:"Country of phones written without one, two letters." default:"RU" name:"default-region"`
	Zone     string `env:"TZ_DEFAULT" help:"Time zone of members who have chosen none." default:"Europe/Moscow" name:"tz-default"`
	Language string `env:"LANGUAGE" help:"Language for people whose client names none: ru or en." default:"ru"`

	HTTPAddr      string `env:"HTTP_ADDR" help:"Address for /healthz, /metrics and the webhook, e.g. :8081. Empty: off." name:"http-addr" placeholder:"HOST:PORT"`
	WebhookURL    string `env:"WEBHOOK_URL" help:"Public https address at which Telegram delivers updates. Empty: the bot asks for them." name:"webhook-url" placeholder:"URL"`
	WebhookSecret string `env:"WEBHOOK_SECRET" help:"What Telegram must show with each delivery, 1 to 256 letters, digits, _ and -." placeholder:"SECRET"`

	BackupDir    string `env:"BACKUP_DIR" help:"Folder of the backups. Empty: backups in the data folder." type:"path" name:"backup-dir" placeholder:"DIR"`
	BackupKey    string `env:"BACKUP_KEY" help:"Public key of age (age1…) to which backups are encrypted; the command key makes one. Empty: not encrypted." name:"backup-key" placeholder:"KEY"`
	BackupAt     string `env:"BACKUP_AT" help:"When the daily backup is made, in TZ_DEFAULT; off: never." default:"03:00" name:"backup-at" placeholder:"HH:MM"`
	BackupSend   bool   `env:"BACKUP_SEND" help:"Send the daily backup to the owner's chat too. It must be encrypted." name:"backup-send"`
	BackupDaily  int    `env:"BACKUP_KEEP_DAILY" help:"Backups to keep, one a day." default:"7" name:"backup-keep-daily"`
	BackupWeekly int    `env:"BACKUP_KEEP_WEEKLY" help:"Backups to keep beside them, one a week." default:"4" name:"backup-keep-weekly"`
	BackupDays   int    `env:"BACKUP_KEEP_DAYS" help:"No backup is kept for more days than these: what was erased leaves the backups too." default:"30" name:"backup-keep-days"`

	SecretKeys string `env:"SECRET_KEYS" help:"Keys by which the secrets of one-time codes and restricted fields are encrypted in the base, separated by commas: the first encrypts, all decrypt; the command key --secret makes one. Empty: there are none of either." name:"secret-keys" placeholder:"KEYS"`

	LogLevel        string `env:"LOG_LEVEL" help:"debug, info, warn or error." default:"info"`
	SenderUnlimited bool   `env:"SENDER_UNLIMITED" help:"Send without Telegram's rates. For benchmarks against the local server only."`

	SandboxAddr string `env:"SANDBOX_ADDR" help:"Address of the sandbox's web chat." default:"127.0.0.1:8080"`

	Check bool `help:"Test settings, store and token, and exit. Nothing is written."`

	Run     struct{} `cmd:"" default:"withargs" help:"Run the bot (the default command)."`
	Sandbox struct {
		Keep keptFolder `help:"Keep the data for the next time, in ./sandbox-data or with --keep=DIR in a folder of yours."`
	} `cmd:"" help:"Try the bot with made-up clients in a web chat on this machine: no token, no network."`
	Healthcheck struct{} `cmd:"" help:"Ask a running bot at HTTP_ADDR whether it is well; exit code 0 if so."`
	Backup      struct{} `cmd:"" help:"Make a backup of the base now; the bot may run meanwhile."`
	Restore     struct {
		File     string `arg:"" help:"The backup." type:"existingfile"`
		Identity string `help:"File with the secret key, for an encrypted backup." type:"existingfile" placeholder:"FILE"`
		Erased   string `help:"List of erasures, where it is neither beside the backup nor in BACKUP_DIR." type:"existingfile" placeholder:"FILE"`
	} `cmd:"" help:"Bring a backup into an empty base, in whichever store is set."`
	Migrate struct {
		From string `help:"Address of the base: sqlite:FILE or mongodb://HOST/BASE." required:"" placeholder:"ADDRESS"`
		To   string `help:"Address of an empty one." required:"" placeholder:"ADDRESS"`
	} `cmd:"" help:"Copy a whole base into an empty one, also from SQLite to MongoDB and back. Stop the bot first: what is written meanwhile is not copied."`
	Key struct {
		Secret bool `help:"Make a key for SECRET_KEYS instead."`
	} `cmd:"" help:"Make a pair of keys for backups: the secret one is printed, keep it in a file away from the bot; the other is BACKUP_KEY."`
	Code struct {
		Reset struct {
			User int64 `arg:"" help:"Telegram id of the member." placeholder:"ID"`
		} `cmd:"" help:"End the one-time codes of a member whose phone is lost; the owners are told."`
	} `cmd:"" help:"One-time codes of the members."`

	Verify struct {
		Head string `help:"A head that an earlier verify printed: the chain must still hold it." placeholder:"HASH"`
	} `cmd:"" help:"Test that the record of changes is whole: no event missing, none altered; exit code 0 if so."`

	// What the settings above were read as.
	command  string
	flags    map[string]bool // those that were given, by name
	lang     string
	ownerID  int64            // 0: none
	backupAt time.Duration    // BACKUP_AT since midnight
	seal     backup.PublicKey // BACKUP_KEY; nil: none
	vault    crm.Vault        // SECRET_KEYS
	location *time.Location
	level    slog.Level
}

// keptFolder is the folder of --keep; "": nothing is kept. The flag alone means sandboxKept.
type keptFolder string

// Decode reads the flag.
func (k *keptFolder) Decode(ctx *kong.DecodeContext) error {
	if *k = sandboxKept; ctx.Scan.Peek().Type != kong.FlagValueToken {
		return nil
	}
	var dir string
	err := ctx.Scan.PopValueInto("folder", &dir)
	if *k = keptFolder(dir); err == nil && dir == "" {
		err = errors.New("the folder has no name")
	}
	return err
}

// IsBool says that the flag may stand alone.
func (keptFolder) IsBool() bool { return true }

// settingError is one setting that is missing or wrong. It never holds the value.
type settingError struct {
	name string // as in the environment
	what string
}

func (e settingError) Error() string { return e.name + ": " + e.what }

// parseConfig reads the settings from flags and environment. help reports that the usage was asked for and printed,
// and nothing more is to be done.
func parseConfig(args []string, out io.Writer) (cfg *Config, help bool, err error) {
	cfg = &Config{}
	forgetEmpty()
	parser, err := kong.New(cfg,
		kong.Name("kartoteka"),
		kong.Description("A CRM that lives in a Telegram chat. Every setting is a flag or the variable in brackets."),
		kong.Writers(out, out),
		kong.Exit(func(int) { help = true }),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true}))
	if err != nil {
		return nil, false, fmt.Errorf("describe settings: %w", err)
	}
	parsed, err := parser.Parse(args)
	if help || err != nil {
		return nil, help, err
	}
	cfg.command = strings.Fields(parsed.Command())[0]
	cfg.flags = map[string]bool{}
	for _, part := range parsed.Path {
		if part.Flag != nil {
			cfg.flags[part.Flag.Name] = true
		}
	}
	return cfg, false, cfg.check()
}

// forgetEmpty unsets the variables of ours that are set to nothing.
func forgetEmpty() {
	for _, name := range environment() {
		if value, set := os.LookupEnv(name); set && strings.TrimSpace(value) == "" {
			_ = os.Unsetenv(name) // fails only for names that cannot be set
		}
	}
}

// environment lists the variables that are read, in the order of Config.
func environment() []string {
	var names []string
	for field := range reflect.TypeFor[Config]().Fields() {
		if name := field.Tag.Get("env"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

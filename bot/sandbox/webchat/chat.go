package webchat

import (
	"embed"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"kartoteka/bot/sandbox"
)

//go:embed page
var page embed.FS

// Options of a Chat. Server and Clock are required, and the server's clock should be the same.
type Options struct {
	Server *sandbox.Server
	Clock  *Clock
	Zone   *time.Location // in which the page shows times and "tomorrow 09:00" is meant; default UTC
	Lang   string         // of the page's own words at first: "ru" (default) or "en"
	Roles  map[int64]Role // what to call people by, beside their names
}

// Role is what somebody is for the bot, as far as the sandbox knows.
type Role string

// The roles that the page has words for.
const (
	RoleOwner    Role = "owner"
	RoleManager  Role = "manager"
	RoleClient   Role = "client"
	RoleStranger Role = "stranger"
)

// Chat serves the page, its API and the bot's side of the server.
type Chat struct {
	srv   *sandbox.Server
	clock *Clock
	zone  *time.Location
	lang  string
	roles map[int64]Role
	all   http.Handler

	mu      sync.Mutex
	streams map[chan event]bool             // the pages that listen
	answers map[string]sandbox.InlineAnswer // what pages show of inline mode, by a number of ours
	asked   []string                        // keys of answers, oldest first
	number  int
}

// New makes a Chat.
func New(o Options) *Chat {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Lang == "" {
		o.Lang = "ru"
	}
	c := &Chat{
		srv: o.Server, clock: o.Clock, zone: o.Zone, lang: o.Lang, roles: o.Roles,
		streams: map[chan event]bool{}, answers: map[string]sandbox.InlineAnswer{},
	}
	files, err := fs.Sub(page, "page")
	if err != nil {
		panic("webchat: the page is embedded: " + err.Error())
	}
	mux := http.NewServeMux()
	c.route(mux)
	mux.Handle("GET /", http.FileServerFS(files))
	c.all = localOnly(c.split(http.NewCrossOriginProtection().Handler(mux)))
	return c
}

// split sends the bot's calls to the server and the rest to the page. A browser is no bot: the token is known,
// and a page from elsewhere could put a call into the address of a picture.
func (c *Chat) split(rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/bot") && !strings.HasPrefix(r.URL.Path, "/file/bot") {
			secure(w.Header())
			rest.ServeHTTP(w, r)
			return
		}
		if from := r.Header.Get("Sec-Fetch-Site"); from == "cross-site" || from == "same-site" || r.Header.Get("Origin") != "" {
			http.Error(w, "this address is for bots", http.StatusForbidden)
			return
		}
		c.srv.ServeHTTP(w, r)
	})
}

// ServeHTTP answers bot and browser.
func (c *Chat) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.all.ServeHTTP(w, r) }

// localOnly refuses requests that were sent to another name: a site whose name was bound to this machine's
// address would otherwise be the same origin as the page.
func localOnly(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			http.Error(w, "open it as http://localhost or http://127.0.0.1", http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// isLocal reports whether host, with or without a port, names this machine.
func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// secure sets what the browser is to forbid: scripts and styles that are not ours, HTML made out of strings, being
// framed.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
		"img-src 'self' data: blob:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "+
		"require-trusted-types-for 'script'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
}

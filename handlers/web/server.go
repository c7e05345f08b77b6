// Package web is the HTTP side of the bot: whether it is well (/healthz), what it does (/metrics), and the
// messenger's webhook. It is a mount point only: what the answers mean is decided by those who pass in the
// checks, the figures and the handler.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// How long a client may take. A webhook is answered only after its update was handled, which has a limit of
// its own, so writing is bounded generously.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 90 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10 // bytes
)

// Options say what the server shows.
type Options struct {
	Checks  []Check
	Backup  func() string   // how old the last good backup is, may be nil
	Figures func() []Figure // for /metrics, may be nil
	Webhook http.Handler    // nil: there is none
	Path    string          // where the webhook is, e.g. /telegram
	Log     *slog.Logger
}

// Server answers until Stop.
type Server struct {
	lg   *slog.Logger
	http *http.Server
	done chan struct{} // closed when Serve has returned
}

// Handler is what the server answers with.
func Handler(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", health(o))
	mux.Handle("GET /metrics", metrics(o.Figures))
	if o.Webhook != nil {
		mux.Handle("POST "+o.Path, o.Webhook)
	}
	return mux
}

// Serve begins to answer at an address that is listened on; Stop closes it.
func Serve(on net.Listener, o Options) *Server {
	s := &Server{lg: o.Log, done: make(chan struct{}), http: &http.Server{
		Handler:           Handler(o),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(on); !errors.Is(err, http.ErrServerClosed) {
			s.lg.Error("http server ended", "error", err)
		}
	}()
	return s
}

// Stop takes no more requests and waits for those that run; when ctx ends first they are cut.
func (s *Server) Stop(ctx context.Context) {
	if err := s.http.Shutdown(ctx); err != nil {
		s.lg.Warn("http requests cut", "error", err)
		_ = s.http.Close()
	}
	<-s.done
}

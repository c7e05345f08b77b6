package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// checkTimeout bounds each check: whoever asks for health gives up soon, too.
const checkTimeout = 3 * time.Second

// Check is one thing that must be well, e.g. that the store answers. Ask returns what is wrong.
type Check struct {
	Name string
	Ask  func(ctx context.Context) error
}

// Health is the answer of /healthz. Checks says "ok" or "failed" for each; why is in the log only, since an error
// may name addresses and accounts. Backup says how old the last good one is: worth knowing, but no illness.
type Health struct {
	OK     bool              `json:"ok"`
	Checks map[string]string `json:"checks"`
	Backup string            `json:"backup,omitempty"`
}

// health answers 200 if every check passes, else 503.
func health(o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := Health{OK: true, Checks: map[string]string{}}
		if o.Backup != nil {
			h.Backup = o.Backup()
		}
		for _, c := range o.Checks {
			h.Checks[c.Name] = "ok"
			if err := ask(r.Context(), c); err != nil {
				h.OK, h.Checks[c.Name] = false, "failed"
				o.Log.Warn("health check failed", "check", c.Name, "error", err)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !h.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(h) // the client is gone: nobody to tell
	})
}

func ask(ctx context.Context, c Check) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	return c.Ask(ctx)
}

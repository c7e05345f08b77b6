package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
	"time"
)

const (
	mostUpdate   = 1 << 20          // bytes; Telegram drops updates over 64 KiB itself
	webhookLimit = 55 * time.Second // Telegram hangs up after a minute
	webhookConns = 40               // Telegram's default
)

// webhook takes updates that Telegram brings. It answers 200 only when the update is done with.
type webhook struct {
	in     *intake
	secret string        // "" refuses everything
	limit  time.Duration // for one update, waits and repeats included
}

func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "only POST", http.StatusMethodNotAllowed)
		return
	}
	if !h.knows(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")) {
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostUpdate))
	if err != nil {
		http.Error(w, "update cannot be read", http.StatusBadRequest)
		return
	}
	id, ok := peekID(raw)
	if !ok {
		id = -h.in.clock.Now().UnixMilli() // kept under a number that no update has
	}
	// Telegram hanging up does not stop the handler: what it has done is not brought again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), h.limit)
	defer cancel()
	if err := h.in.take(ctx, h.in.admit(raw, id)); err != nil {
		http.Error(w, "not handled", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// knows compares the secrets hashed, so that it takes the same time whatever was given.
func (h *webhook) knows(given string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(h.secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && h.secret != ""
}

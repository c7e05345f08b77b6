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
	secret [sha256.Size]byte
}

func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "only POST", http.StatusMethodNotAllowed)
		return
	}
	// Hashed, so that the comparison takes the same time whatever the length.
	given := sha256.Sum256([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")))
	if subtle.ConstantTimeCompare(given[:], h.secret[:]) != 1 {
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), webhookLimit)
	defer cancel()
	if err := h.in.take(ctx, h.in.admit(raw, id)); err != nil {
		http.Error(w, "not handled", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusOK)
}

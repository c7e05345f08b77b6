package crm

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
)

// Identifiers are opaque strings of at most 16 characters out of A–Z a–z 0–9 - _, so that each fits
// the 64 bytes of a button's data beside a verb and an argument.
type (
	TeamID   string
	MemberID string
	ClientID string
	TouchID  string
	EventID  string
	FieldID  string
)

// Cause names what made a change happen, e.g. "u1234" for Telegram's update 1234. The same cause always
// yields the same identifiers, so a redelivered update finds what its first delivery made.
type Cause string

// EventID is the id of the cause's n-th event, e.g. "u1234.0".
func (c Cause) EventID(n int) EventID {
	return EventID(string(c) + "." + strconv.Itoa(n))
}

// cause is what an event came of as its first.
func (id EventID) cause() Cause { return Cause(strings.TrimSuffix(string(id), ".0")) }

// causeOn is what an event came of as the first of its cause, or as the one of this record among those that were changed together.
func (id EventID) causeOn(record string) Cause {
	for _, of := range []EventID{Handing{}.givenEvent(record), Mass{}.massEvent(record)} {
		if c, ok := strings.CutSuffix(string(id), string(of)); ok {
			return Cause(c)
		}
	}
	return id.cause()
}

// newID derives the id of the n-th record of a kind that a cause makes in a team: 96 bits of SHA-256 in
// base64url, 16 characters.
func newID(team TeamID, c Cause, kind string, n int) string {
	sum := sha256.Sum256([]byte(string(team) + "\x00" + string(c) + "\x00" + kind + "\x00" + strconv.Itoa(n)))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// idLetters are in the order of their bytes, so that identifiers sort as what they are made of.
var idLetters = base64.NewEncoding("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz").WithPadding(base64.NoPadding)

// NewClientID is the id of the n-th client that a cause makes: 64 bits of SHA-256, and n. What one cause makes lies side by side
// in the engines' indexes, in its order: an import appends to them instead of scattering over them.
func NewClientID(team TeamID, c Cause, n int) ClientID {
	sum := sha256.Sum256([]byte(string(team) + "\x00" + string(c) + "\x00client"))
	return ClientID(idLetters.EncodeToString(binary.BigEndian.AppendUint32(sum[:8], uint32(n))))
}

// NewTouchID is the id of the n-th touch that a cause makes.
func NewTouchID(team TeamID, c Cause, n int) TouchID { return TouchID(newID(team, c, "touch", n)) }

// stamp brings a time to what the stores keep: UTC, whole milliseconds (BSON dates hold no more).
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

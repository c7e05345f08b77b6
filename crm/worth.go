package crm

import "time"

// Bits of Client.Worth, from the front: the class, the touches that are missing to the most that counts, the milliseconds.
const (
	silenceBits = 43 // until the year 2248
	touchBits   = 17
	mostTouches = 1<<touchBits - 1
)

// Worth says which of two cards comes first where only a few can be attended to; the lesser does. VIPs before the others,
// then by stage, the nearer to a purchase the earlier, then by the number of touches, then the one that is silent longest.
// It is the one place that says so: what is bought will count here. It follows from the card alone, never from a setting,
// since the engines keep it and sort by it.
func (c Client) Worth() int64 {
	silence := min(max(c.SilentSince().UnixMilli(), 0), 1<<silenceBits-1)
	return c.class()<<(touchBits+silenceBits) | int64(mostTouches-min(c.Touches, mostTouches))<<silenceBits | silence
}

func (c Client) class() int64 {
	if c.Status == StatusVIP {
		return 0
	}
	switch c.Stage {
	case StageClient:
		return 1
	case StageNegotiation:
		return 2
	case StageContact:
		return 3
	case StageLead:
		return 4
	}
	return 5
}

// SilentSince is the last touch, or when the card was made if there was none.
func (c Client) SilentSince() time.Time {
	if c.LastTouch.IsZero() {
		return c.Created
	}
	return c.LastTouch
}

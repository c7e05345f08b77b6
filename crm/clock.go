package crm

import "time"

// Clock tells the time; the only one the domain reads.
type Clock interface {
	Now() time.Time
}

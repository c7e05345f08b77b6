package talk

import (
	"context"
	"time"
)

// sendTime is how long a message of the background may take.
const sendTime = 30 * time.Second

// Sending is for a message that the background sends: what is on its way is not cut off when the program stops.
func Sending(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), sendTime)
}

package remind

// How much a list shows, so that the longest one stays below Telegram's 4,096 UTF-16 units; lengths are in those units.
const (
	maxLines = 15  // things to do in a list
	maxLine  = 80  // of what is to be done, in a list
	maxName  = 40  // of a name among others in one line
	maxLabel = 36  // of a button
	perRow   = 5   // buttons with numbers
	maxAsked = 300 // of a text that is not a task yet
	maxSaid  = 100 // of what was said last, on a reminder
	maxNote  = 160 // of what was noted of a client, on a reminder
)

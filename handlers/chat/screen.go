package chat

// Screen is a message as it is to be shown. Text is HTML in the messenger's small subset (b, i, s, u, code,
// a, blockquote with expandable), made by locales alone, which escapes every value.
type Screen struct {
	Text    string
	Buttons [][]Button // rows
	Ask     *Ask       // a keyboard in place of the phone's own; not together with Buttons
	Reply   int64      // id of the message that it answers, 0: none
	Silent  bool       // without a sound
	Topic   int64      // of the group that it is sent to; 0: none
	// Protected: it cannot be passed on or saved, as far as the messenger can do that; an edited message stays as it was sent.
	Protected bool
	Photo     []byte // a picture above the text (PNG, JPEG); such a message cannot be edited into one without
}

// Button does one thing: exactly one of Data, URL, Copy, Inline is set.
type Button struct {
	Text   string
	Data   string // 1–64 bytes, comes back in Press.Data
	URL    string
	Copy   string  // text put on the clipboard, 1–256 characters
	Inline *string // starts our inline mode in this chat with that query
	Style  Style
}

// Style colours a button where the messenger can.
type Style string

const (
	StylePlain   Style = ""
	StyleDanger  Style = "danger"
	StyleSuccess Style = "success"
	StylePrimary Style = "primary"
)

// Ask is a keyboard that sends text or shares something; Remove takes a shown one away.
type Ask struct {
	Rows        [][]AskButton
	Placeholder string // 1–64 characters, in the empty input field
	Remove      bool
}

// AskButton sends its text, or shares the person's own phone or where they are.
type AskButton struct {
	Text    string
	Contact bool
	Spot    bool
}

// Result is one line of an inline answer. What is inserted is Text with Buttons, or Contact if set.
type Result struct {
	ID          string // 1–64 bytes
	Title       string
	Description string
	Text        string // HTML
	Buttons     [][]Button
	Contact     *Contact
}

package chat

import "time"

// Incoming is one thing that a person did in a chat. Exactly one of the kinds applies: Press, Inline, Picked,
// Reach, or else a message (text, command, contact, file, location in any combination the messenger allows).
type Incoming struct {
	Update  int64     // the messenger's number of it; the same number again is the same thing delivered again
	At      time.Time // when it was sent (messages) or taken in (the rest)
	Chat    Chat
	From    Person
	Message int64 // id of the message; for a press the message that the button stands on

	Text    string   // of the message or the caption; as typed, without trimming
	Command string   // lower case without slash and bot name: "add"; "" if none
	Args    string   // what follows the command, lines kept
	Contact *Contact // a shared phone-book card
	Forward *Forward // set if the message was written by somebody else originally
	File    *File    // an attachment
	Spot    *Spot    // a shared place on the earth
	Album   string   // messages of one album share it
	Reply   *Reply   // the message that this one answers
	ViaUs   bool     // written with our own inline mode
	Edited  bool     // the person changed a message that had come before

	Press  *Press
	Inline *Inline
	Picked *Picked
	Reach  *Reach
}

// Chat is where it happened.
type Chat struct {
	ID    int64
	Group bool   // more than the two of us
	Topic int64  // of a group that has topics; 0: none
	Title string // of a group
}

// Person is who did it.
type Person struct {
	ID       int64
	First    string
	Last     string
	Username string // without @
	Lang     string // IETF tag of the client program, e.g. "ru", "en-GB"; may be ""
}

// Contact is a shared phone-book card.
type Contact struct {
	Phone string
	First string
	Last  string
	User  int64  // messenger's user id, 0 if unknown
	VCard string // "" if none
}

// Forward is the origin of a forwarded message.
type Forward struct {
	At       time.Time // when it was first sent
	User     int64     // 0 if the sender hides it
	Name     string    // as shown; for channels and chats their title
	Username string
	Channel  bool // from a channel or a group, not from a person
}

// Spot is a place on the earth, in degrees.
type Spot struct{ Latitude, Longitude float64 }

// File is an attachment.
type File struct {
	ID     string // to fetch or send it again
	Unique string // the same for the same file
	Kind   string // "voice", "photo", "document", "video", "audio"
	Name   string
	MIME   string
	Size   int64 // bytes, 0 if unknown

	Protected bool // of one that is sent: it cannot be passed on or saved
}

// Reply is the message that an incoming one answers.
type Reply struct {
	Message int64
	Ours    bool     // the bot wrote it
	Data    []string // data of its buttons, in order
}

// Press is a button that was pressed. Data comes from outside: it may be forged or old.
type Press struct {
	ID   string // to answer it
	Data string
	Text string // of the message that the button stands on
}

// Inline is a query typed as "@bot query" in any chat.
type Inline struct {
	ID     string
	Query  string
	Offset string
}

// Picked is an inline result that was chosen.
type Picked struct {
	Result string
	Query  string
}

// Reach tells that the person blocked or unblocked the bot, or that the bot was added to or removed from a group.
type Reach struct {
	Reachable bool
}

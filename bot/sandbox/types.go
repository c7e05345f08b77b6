package sandbox

import "encoding/json"

// User is the Bot API's User.
type User struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name,omitempty"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// Chat is the Bot API's Chat. Type is private, group or supergroup (a channel only as the origin of a forward).
type Chat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

// Entity is the Bot API's MessageEntity. Offset and Length count UTF-16 units.
type Entity struct {
	Type           string `json:"type"`
	Offset         int    `json:"offset"`
	Length         int    `json:"length"`
	URL            string `json:"url,omitempty"`
	User           *User  `json:"user,omitempty"`
	Language       string `json:"language,omitempty"`
	CustomEmojiID  string `json:"custom_emoji_id,omitempty"`
	UnixTime       int64  `json:"unix_time,omitempty"`
	DateTimeFormat string `json:"date_time_format,omitempty"`
}

// Button is a button of an inline keyboard. Exactly one of the optional kinds is set.
type Button struct {
	Text         string          `json:"text"`
	IconEmojiID  string          `json:"icon_custom_emoji_id,omitempty"`
	Style        string          `json:"style,omitempty"`
	URL          string          `json:"url,omitempty"`
	Data         string          `json:"callback_data,omitempty"`
	WebApp       json.RawMessage `json:"web_app,omitempty"`
	LoginURL     json.RawMessage `json:"login_url,omitempty"`
	SwitchInline *string         `json:"switch_inline_query,omitempty"`
	SwitchHere   *string         `json:"switch_inline_query_current_chat,omitempty"`
	SwitchChosen json.RawMessage `json:"switch_inline_query_chosen_chat,omitempty"`
	CopyText     *CopyText       `json:"copy_text,omitempty"`
	CallbackGame json.RawMessage `json:"callback_game,omitempty"`
	Pay          bool            `json:"pay,omitempty"`
}

// CopyText is what a copy button puts on the clipboard.
type CopyText struct {
	Text string `json:"text"`
}

// InlineKeyboard is the Bot API's InlineKeyboardMarkup.
type InlineKeyboard struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// KeyButton is a button of a reply keyboard. Pressing it sends Text unless it requests something.
type KeyButton struct {
	Text            string          `json:"text"`
	IconEmojiID     string          `json:"icon_custom_emoji_id,omitempty"`
	Style           string          `json:"style,omitempty"`
	RequestUsers    json.RawMessage `json:"request_users,omitempty"`
	RequestChat     json.RawMessage `json:"request_chat,omitempty"`
	RequestContact  bool            `json:"request_contact,omitempty"`
	RequestLocation bool            `json:"request_location,omitempty"`
	RequestPoll     json.RawMessage `json:"request_poll,omitempty"`
	WebApp          json.RawMessage `json:"web_app,omitempty"`
}

// ReplyKeyboard is what stands in place of the person's keyboard: the Bot API's ReplyKeyboardMarkup,
// ReplyKeyboardRemove (Remove) or ForceReply (Force).
type ReplyKeyboard struct {
	Rows        [][]KeyButton `json:"keyboard,omitempty"`
	Persistent  bool          `json:"is_persistent,omitempty"`
	Resize      bool          `json:"resize_keyboard,omitempty"`
	OneTime     bool          `json:"one_time_keyboard,omitempty"`
	Placeholder string        `json:"input_field_placeholder,omitempty"`
	Selective   bool          `json:"selective,omitempty"`
	Remove      bool          `json:"remove_keyboard,omitempty"`
	Force       bool          `json:"force_reply,omitempty"`
}

// Contact is the Bot API's Contact.
type Contact struct {
	PhoneNumber string `json:"phone_number"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name,omitempty"`
	UserID      int64  `json:"user_id,omitempty"`
	VCard       string `json:"vcard,omitempty"`
}

// Origin is the Bot API's MessageOrigin: where a forwarded message comes from. Type is user,
// hidden_user (a name only), chat or channel.
type Origin struct {
	Type            string `json:"type"`
	Date            int64  `json:"date"`
	SenderUser      *User  `json:"sender_user,omitempty"`
	SenderUserName  string `json:"sender_user_name,omitempty"`
	SenderChat      *Chat  `json:"sender_chat,omitempty"`
	Chat            *Chat  `json:"chat,omitempty"`
	MessageID       int64  `json:"message_id,omitempty"`
	AuthorSignature string `json:"author_signature,omitempty"`
}

// Media is any file of a message: Document, PhotoSize, Voice, Video, Audio or Sticker of the Bot API.
// The fields that a kind does not have stay empty.
type Media struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int64  `json:"file_size,omitempty"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	Width        int    `json:"width,omitempty"`
	Height       int    `json:"height,omitempty"`
	Duration     *int   `json:"duration,omitempty"`
	Emoji        string `json:"emoji,omitempty"`
	Type         string `json:"type,omitempty"`
	IsAnimated   *bool  `json:"is_animated,omitempty"`
	IsVideo      *bool  `json:"is_video,omitempty"`
}

// Location is the Bot API's Location.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// UsersShared is the Bot API's UsersShared: the answer to a request_users button.
type UsersShared struct {
	RequestID int64        `json:"request_id"`
	Users     []SharedUser `json:"users"`
}

// SharedUser is one of the users of [UsersShared].
type SharedUser struct {
	UserID    int64  `json:"user_id"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
}

// ForumTopic is the Bot API's ForumTopicCreated.
type ForumTopic struct {
	Name      string `json:"name"`
	IconColor int    `json:"icon_color"`
}

// BotCommand is a line of the command menu.
type BotCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

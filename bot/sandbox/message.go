package sandbox

import "encoding/json"

// Message is a message on the screen. Its JSON is the Bot API's Message; Screen holds what the bot is
// not told. A Message is a value of the moment: an edit makes a new one under the same ID.
type Message struct {
	ID                int64           `json:"message_id"`
	From              *User           `json:"from,omitempty"`
	Chat              Chat            `json:"chat"`
	ThreadID          int64           `json:"message_thread_id,omitempty"`
	IsTopicMessage    bool            `json:"is_topic_message,omitempty"`
	Date              int64           `json:"date"`
	EditDate          int64           `json:"edit_date,omitempty"`
	ForwardOrigin     *Origin         `json:"forward_origin,omitempty"`
	ReplyTo           *Message        `json:"reply_to_message,omitempty"`
	ViaBot            *User           `json:"via_bot,omitempty"`
	MediaGroupID      string          `json:"media_group_id,omitempty"`
	Text              string          `json:"text,omitempty"`
	Entities          []Entity        `json:"entities,omitempty"`
	LinkPreview       json.RawMessage `json:"link_preview_options,omitempty"`
	EffectID          string          `json:"effect_id,omitempty"`
	Document          *Media          `json:"document,omitempty"`
	Photo             []Media         `json:"photo,omitempty"`
	Voice             *Media          `json:"voice,omitempty"`
	Video             *Media          `json:"video,omitempty"`
	Audio             *Media          `json:"audio,omitempty"`
	Sticker           *Media          `json:"sticker,omitempty"`
	Caption           string          `json:"caption,omitempty"`
	CaptionEntities   []Entity        `json:"caption_entities,omitempty"`
	Contact           *Contact        `json:"contact,omitempty"`
	Location          *Location       `json:"location,omitempty"`
	UsersShared       *UsersShared    `json:"users_shared,omitempty"`
	NewChatMembers    []User          `json:"new_chat_members,omitempty"`
	LeftChatMember    *User           `json:"left_chat_member,omitempty"`
	MigrateToChatID   int64           `json:"migrate_to_chat_id,omitempty"`
	MigrateFromChatID int64           `json:"migrate_from_chat_id,omitempty"`
	PinnedMessage     *Message        `json:"pinned_message,omitempty"`
	ForumTopicCreated *ForumTopic     `json:"forum_topic_created,omitempty"`
	ReplyMarkup       *InlineKeyboard `json:"reply_markup,omitempty"`
	Protected         bool            `json:"has_protected_content,omitempty"`

	Screen Screen `json:"-"`
}

// Screen is what a person sees of a message and the bot is not told.
type Screen struct {
	Keyboard *ReplyKeyboard // the reply keyboard that came with the message
	Deleted  bool           // the message is gone from the screen; it is kept so that tests can see it
	Pinned   bool
	Silent   bool   // sent without a sound
	Reaction string // the bot's reaction to the message
	InlineID string // inline_message_id, for a message picked from an inline answer
}

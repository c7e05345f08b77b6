package telegram

import tele "gopkg.in/telebot.v3"

// What we read of an update, as Telegram writes it. telebot's own Message is not used: it panics on an empty
// photo list, fails as a whole on a field that we never look at, and knows neither vcard nor today's users_shared.
type wireUpdate struct {
	ID       int64        `json:"update_id"`
	Message  *wireMessage `json:"message"`
	Edited   *wireMessage `json:"edited_message"`
	Callback *struct {
		ID      string       `json:"id"`
		From    tele.User    `json:"from"`
		Message *wireMessage `json:"message"`
		Data    string       `json:"data"`
	} `json:"callback_query"`
	Query *struct {
		ID     string    `json:"id"`
		From   tele.User `json:"from"`
		Query  string    `json:"query"`
		Offset string    `json:"offset"`
	} `json:"inline_query"`
	Chosen *struct {
		Result string    `json:"result_id"`
		From   tele.User `json:"from"`
		Query  string    `json:"query"`
	} `json:"chosen_inline_result"`
	Member *struct {
		Chat wireChat  `json:"chat"`
		From tele.User `json:"from"`
		Date int64     `json:"date"`
		New  struct {
			Role tele.MemberStatus `json:"status"`
			In   bool              `json:"is_member"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

type wireChat struct {
	ID       int64         `json:"id"`
	Type     tele.ChatType `json:"type"`
	Title    string        `json:"title"`
	Username string        `json:"username"`
}

type wireMessage struct {
	ID       int64        `json:"message_id"`
	Date     int64        `json:"date"`
	EditDate int64        `json:"edit_date"`
	Thread   int64        `json:"message_thread_id"`
	InTopic  bool         `json:"is_topic_message"` // else the thread is one of replies
	Chat     wireChat     `json:"chat"`
	From     *tele.User   `json:"from"`
	ViaBot   *tele.User   `json:"via_bot"`
	Album    string       `json:"media_group_id"`
	Origin   *wireOrigin  `json:"forward_origin"`
	ReplyTo  *wireMessage `json:"reply_to_message"`
	Markup   *struct {
		Rows [][]struct {
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`

	Opened *struct {
		Name string `json:"name"`
	} `json:"forum_topic_created"` // what is said in a topic answers the message that opened it, unless it answers another

	Text    string `json:"text"`
	Caption string `json:"caption"`
	Contact *struct {
		tele.Contact
		VCard string `json:"vcard"` // telebot has it from v4 on
	} `json:"contact"`
	Location *struct {
		Latitude  float64 `json:"latitude"` // telebot's are float32, too coarse for a border
		Longitude float64 `json:"longitude"`
	} `json:"location"`
	Document *wireFile  `json:"document"`
	Photo    []wireFile `json:"photo"` // the same picture in several sizes
	Voice    *wireFile  `json:"voice"`
	Video    *wireFile  `json:"video"`
	Note     *wireFile  `json:"video_note"`
	Audio    *wireFile  `json:"audio"`

	// Content that we cannot use, yet the person sent it and is to be answered.
	Sticker   *nothing `json:"sticker"`
	Venue     *nothing `json:"venue"`
	Poll      *nothing `json:"poll"`
	Dice      *nothing `json:"dice"`
	Game      *nothing `json:"game"`
	Story     *nothing `json:"story"`
	Paid      *nothing `json:"paid_media"`
	Checklist *nothing `json:"checklist"`

	MigrateTo int64 `json:"migrate_to_chat_id"`
}

// nothing takes any value and keeps none of it.
type nothing struct{}

func (*nothing) UnmarshalJSON([]byte) error { return nil }

type wireFile struct {
	tele.File
	MIME   string `json:"mime_type"`
	Name   string `json:"file_name"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type wireOrigin struct {
	Type       string     `json:"type"`
	Date       int64      `json:"date"`
	User       *tele.User `json:"sender_user"`
	HiddenName string     `json:"sender_user_name"`
	SenderChat *wireChat  `json:"sender_chat"`
	Chat       *wireChat  `json:"chat"`
}

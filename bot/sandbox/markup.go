package sandbox

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
)

const (
	maxRow        = 8      // buttons in a row: what shows everywhere (tginfo/Telegram-Limits#228); TDLib cuts at 12
	maxButtons    = 100    // inline buttons in all; TDLib silently cuts at 300
	maxKeys       = 300    // reply buttons in all
	maxKeyRow     = 12     // reply buttons in a row
	maxMarkupSize = 10_000 // bytes of JSON: about where Telegram says "reply markup is too long"
	maxData       = 64     // bytes of callback_data (Bot API)
)

// markup is a parsed reply_markup: one of the two, or none.
type markup struct {
	inline   *InlineKeyboard
	keyboard *ReplyKeyboard
}

// markup reads the parameter reply_markup for a chat that is private or not.
func (c *call) markup(private bool) (markup, *apiError) {
	raw := c.params["reply_markup"]
	if raw == "" || raw == "null" {
		return markup{}, nil
	}
	var keys map[string]json.RawMessage
	if err := jsonv2.Unmarshal([]byte(raw), &keys, lenient); err != nil {
		if json.Valid([]byte(raw)) {
			return markup{}, bad("object expected as reply markup")
		}
		return markup{}, bad("can't parse reply keyboard markup JSON object")
	}
	if len(raw) > maxMarkupSize {
		return markup{}, bad("reply markup is too long")
	}
	if present(keys["inline_keyboard"]) {
		k, err := parseInline(keys["inline_keyboard"])
		return markup{inline: k}, err
	}
	if !present(keys["keyboard"]) && !present(keys["remove_keyboard"]) && !present(keys["force_reply"]) {
		return markup{}, nil // an empty object is no markup
	}
	k, err := parseKeyboard([]byte(raw), private)
	return markup{keyboard: k}, err
}

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// inlineMarkup reads reply_markup where only an inline keyboard may stand (ReplyMarkup.cpp:733).
func (c *call) inlineMarkup() (*InlineKeyboard, *apiError) {
	m, err := c.markup(true)
	if err == nil && m.keyboard != nil {
		err = bad("inline keyboard expected")
	}
	return m.inline, err
}

// parseInline checks an inline keyboard. Rows without buttons vanish, as in TDLib.
func parseInline(raw json.RawMessage) (*InlineKeyboard, *apiError) {
	var rows [][]Button
	if err := jsonv2.Unmarshal(raw, &rows, lenient); err != nil {
		return nil, wrongInline(raw)
	}
	k := &InlineKeyboard{Rows: make([][]Button, 0, len(rows))}
	total := 0
	for _, buttons := range rows {
		for i, b := range buttons {
			var err *apiError
			if buttons[i], err = b.checked(); err != nil {
				return nil, err
			}
		}
		total += len(buttons)
		if len(buttons) > maxRow || total > maxButtons {
			return nil, bad("reply markup is too long")
		}
		if len(buttons) > 0 {
			k.Rows = append(k.Rows, buttons)
		}
	}
	if total == 0 {
		return nil, nil
	}
	return k, nil
}

// wrongInline says what of an inline keyboard cannot be read.
func wrongInline(raw json.RawMessage) *apiError {
	const prefix = "can't parse inline keyboard button: "
	var rows [][]json.RawMessage
	if err := json.Unmarshal(raw, &rows); err != nil {
		return bad("can't parse inline keyboard markup: field \"inline_keyboard\" must be an Array of Arrays")
	}
	for _, one := range slices.Concat(rows...) {
		var b Button
		if err := json.Unmarshal(one, &b); err == nil {
			continue
		} else if field, ok := wrongField(err); ok {
			return bad(prefix+"field \"%s\" must be of another type", field)
		}
		break
	}
	return bad(prefix + "object expected")
}

// checked is the button as the server takes it.
func (b Button) checked() (Button, *apiError) {
	b.Text = strings.TrimSpace(cleanText(b.Text))
	if b.Text == "" {
		// TDLib drops such a button without a word; here it is a mistake.
		return b, bad("inline keyboard button text must be non-empty")
	}
	if err := checkStyle(b.Style); err != nil {
		return b, err
	}
	return b.oneKind()
}

// wrongField is the field that is of another type than the Bot API says.
func wrongField(err error) (string, bool) {
	var typeErr *json.UnmarshalTypeError
	if !errors.As(err, &typeErr) || typeErr.Field == "" {
		return "", false
	}
	return typeErr.Field, true
}

// checkStyle: Bot API 9.4 knows three styles; the wording of the refusal is ours.
func checkStyle(style string) *apiError {
	switch style {
	case "", "danger", "success", "primary":
		return nil
	}
	return bad("can't parse inline keyboard button: unsupported style \"%s\"", style)
}

// oneKind leaves the one kind that Telegram's server takes, in its order (Client.cpp:9590-9694).
func (b Button) oneKind() (Button, *apiError) {
	out := Button{Text: b.Text, IconEmojiID: b.IconEmojiID, Style: b.Style}
	switch {
	case b.URL != "":
		if linkedUser(b.URL) != 0 {
			out.URL = b.URL
			return out, nil
		}
		link, err := checkLink(b.URL)
		if err != nil {
			return out, bad("inline keyboard button URL '%s' is invalid: %s", b.URL, err)
		}
		out.URL = link
	case b.Data != "":
		if len(b.Data) > maxData {
			return out, bad("BUTTON_DATA_INVALID")
		}
		out.Data = b.Data
	case present(b.CallbackGame):
		out.CallbackGame = b.CallbackGame
	case b.Pay:
		out.Pay = true
	case b.SwitchInline != nil:
		out.SwitchInline = b.SwitchInline
	case present(b.SwitchChosen):
		out.SwitchChosen = b.SwitchChosen
	case b.SwitchHere != nil:
		out.SwitchHere = b.SwitchHere
	case present(b.LoginURL):
		out.LoginURL = b.LoginURL
	case present(b.WebApp):
		out.WebApp = b.WebApp
	case b.CopyText != nil:
		if n := utf16Len(b.CopyText.Text); n < 1 || n > 256 {
			return out, bad("BUTTON_COPY_TEXT_INVALID")
		}
		out.CopyText = b.CopyText
	default:
		return out, bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return out, nil
}

// parseKeyboard checks a reply keyboard, its removal or a forced reply.
func parseKeyboard(raw []byte, private bool) (*ReplyKeyboard, *apiError) {
	var wire struct {
		ReplyKeyboard
		Rows [][]json.RawMessage `json:"keyboard"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return nil, bad("can't parse reply keyboard markup JSON object")
	}
	k := wire.ReplyKeyboard
	if n := utf16Len(k.Placeholder); n > 64 {
		return nil, bad("parameter \"input_field_placeholder\" is too long")
	}
	total := 0
	for _, row := range wire.Rows {
		keys := make([]KeyButton, 0, len(row))
		for _, one := range row {
			key, err := parseKey(one, private)
			if err != nil {
				return nil, err
			}
			keys = append(keys, key)
		}
		total += len(keys)
		if len(keys) > maxKeyRow || total > maxKeys {
			return nil, bad("reply markup is too long")
		}
		if len(keys) > 0 {
			k.Rows = append(k.Rows, keys)
		}
	}
	if !k.Remove && !k.Force && total == 0 {
		return nil, nil
	}
	return &k, nil
}

// parseKey checks a button of a reply keyboard, which may be a bare string.
func parseKey(raw json.RawMessage, private bool) (KeyButton, *apiError) {
	var k KeyButton
	if len(raw) > 0 && raw[0] == '"' {
		if err := json.Unmarshal(raw, &k.Text); err != nil {
			return k, bad("can't parse keyboard button: string expected")
		}
	} else if err := json.Unmarshal(raw, &k); err != nil {
		return k, bad("can't parse keyboard button: object or string expected")
	}
	if strings.TrimSpace(k.Text) == "" {
		return k, bad("keyboard button text must be non-empty") // TDLib drops it without a word
	}
	if err := checkStyle(k.Style); err != nil {
		return k, err
	}
	if private {
		return k, nil
	}
	switch { // ReplyMarkup.cpp get_keyboard_button
	case k.RequestContact:
		return k, bad("phone number can be requested in private chats only")
	case k.RequestLocation:
		return k, bad("location can be requested in private chats only")
	case present(k.RequestPoll):
		return k, bad("poll can be requested in private chats only")
	case present(k.RequestUsers), present(k.RequestChat):
		return k, bad("users and chats can be requested in private chats only")
	case present(k.WebApp):
		return k, bad("web App buttons can be used in private chats only")
	}
	return k, nil
}

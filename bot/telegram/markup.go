package telegram

import "kartoteka/handlers/chat"

// Our own button: telebot's carries an empty switch_inline_query_current_chat, which wins over copy_text and
// makes an inline-mode button of one with nothing else; and it knows neither copy_text nor style.
type button struct {
	Text   string    `json:"text"`
	Data   string    `json:"callback_data,omitempty"`
	URL    string    `json:"url,omitempty"`
	Copy   *copyText `json:"copy_text,omitempty"`
	Inline *string   `json:"switch_inline_query_current_chat,omitempty"`
	Style  string    `json:"style,omitempty"`
}

type copyText struct {
	Text string `json:"text"`
}

type inlineKeyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type askButton struct {
	Text     string `json:"text"`
	Contact  bool   `json:"request_contact,omitempty"`
	Location bool   `json:"request_location,omitempty"`
}

type askKeyboard struct {
	Rows        [][]askButton `json:"keyboard"`
	Resize      bool          `json:"resize_keyboard"`
	Placeholder string        `json:"input_field_placeholder,omitempty"`
}

type removeKeyboard struct {
	Remove bool `json:"remove_keyboard"`
}

// markup returns the screen's reply_markup; nil for none.
func markup(s chat.Screen, fancy bool) any {
	if k := keyboard(s.Buttons, fancy); k != nil {
		return k
	}
	switch {
	case s.Ask == nil:
		return nil
	case s.Ask.Remove:
		return removeKeyboard{Remove: true}
	case len(s.Ask.Rows) == 0:
		return nil
	}
	k := askKeyboard{Resize: true, Placeholder: plain(s.Ask.Placeholder, 64)}
	for _, row := range s.Ask.Rows {
		var r []askButton
		for _, b := range row {
			r = append(r, askButton{Text: b.Text, Contact: b.Contact, Location: b.Spot})
		}
		k.Rows = append(k.Rows, r)
	}
	return k
}

// keyboard returns the inline keyboard; nil if no button is left. Without fancy it has only what every server knows:
// copy buttons are left out, styles too.
func keyboard(rows [][]chat.Button, fancy bool) *inlineKeyboard {
	k := &inlineKeyboard{}
	for _, row := range rows {
		var r []button
		for _, b := range row {
			if b.Copy != "" && !fancy {
				continue
			}
			r = append(r, encode(b, fancy))
		}
		if len(r) > 0 {
			k.Rows = append(k.Rows, r)
		}
	}
	if len(k.Rows) == 0 {
		return nil
	}
	return k
}

func encode(b chat.Button, fancy bool) button {
	e := button{Text: b.Text, Data: b.Data, URL: b.URL, Inline: b.Inline}
	if b.Copy != "" {
		e.Copy = &copyText{Text: b.Copy}
	}
	if fancy {
		e.Style = string(b.Style)
	}
	return e
}

// isFancy reports whether any of the buttons needs a newer server.
func isFancy(rows [][]chat.Button) bool {
	for _, row := range rows {
		for _, b := range row {
			if b.Copy != "" || b.Style != "" {
				return true
			}
		}
	}
	return false
}

type article struct {
	Type        string          `json:"type"`
	ID          string          `json:"id"`
	Title       string          `json:"title"`
	Description string          `json:"description,omitempty"`
	Content     any             `json:"input_message_content"`
	Markup      *inlineKeyboard `json:"reply_markup,omitempty"`
}

type textContent struct {
	Text      string   `json:"message_text"`
	ParseMode string   `json:"parse_mode"`
	Preview   *preview `json:"link_preview_options"`
}

type contactContent struct {
	Phone string `json:"phone_number"`
	First string `json:"first_name"`
	Last  string `json:"last_name,omitempty"`
	VCard string `json:"vcard,omitempty"`
}

// articles returns the results of an inline answer. A contact is an article too: it keeps its title and
// description, which InlineQueryResultContact cannot have.
func articles(results []chat.Result, fancy bool) []article {
	const most = 50 // Telegram
	all := make([]article, 0, min(len(results), most))
	for _, r := range results[:min(len(results), most)] {
		a := article{Type: "article", ID: r.ID, Title: r.Title, Description: r.Description, Markup: keyboard(r.Buttons, fancy)}
		if c := r.Contact; c != nil {
			a.Content = contactContent{Phone: c.Phone, First: c.First, Last: c.Last, VCard: shortCard(c.VCard)}
		} else {
			a.Content = textContent{Text: cut(r.Text, mostText), ParseMode: "HTML", Preview: noPreview}
		}
		all = append(all, a)
	}
	return all
}

// shortCard drops a card that Telegram would refuse; the phone and the names stay.
func shortCard(v string) string {
	if len(v) > 2048 {
		return ""
	}
	return v
}

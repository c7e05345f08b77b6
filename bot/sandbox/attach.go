package sandbox

import "time"

// ContactSpec is a contact to share. UserID is the Telegram id that belongs to the phone, 0 if none: Telegram sets
// it by itself, so an id equal to the sender's proves that it is their own number (levlam, tdlib/td#2575).
type ContactSpec struct {
	Phone  string
	First  string
	Last   string
	UserID int64
	VCard  string
}

// ForwardSpec is a message to forward.
type ForwardSpec struct {
	FromID       int64  // the author
	FromName     string // the author's first name; all that is known if Hidden; the title of a channel
	FromLast     string
	FromUsername string
	Hidden       bool      // the author hides the account: the bot gets a name only
	ChannelID    int64     // not 0: from a channel
	At           time.Time // when it was written; zero: now
	Text         string    // the text, or the caption of File
	File         *FileSpec
	Contact      *ContactSpec
}

// FileSpec is an attachment to send.
type FileSpec struct {
	Kind       FileKind // default Document
	Name       string   // for a Sticker: its emoji
	Mime       string
	Data       []byte
	Size       int64 // the size told to the bot, if larger than Data
	Caption    string
	ReplyTo    int64
	MediaGroup string // media_group_id: the same for all files of an album
}

// ShareContact sends a contact.
func (p *Person) ShareContact(c ContactSpec) Update { return p.Send(Message{Contact: c.contact()}) }

func (c ContactSpec) contact() *Contact {
	return &Contact{PhoneNumber: c.Phone, FirstName: c.First, LastName: c.Last, UserID: c.UserID, VCard: c.VCard}
}

// SendFile sends an attachment.
func (p *Person) SendFile(f FileSpec) Update {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	m := Message{ReplyTo: p.replied(f.ReplyTo), MediaGroupID: f.MediaGroup}
	p.fill(&m, f)
	up, _ := p.post(m)
	return up
}

// fill keeps the file and puts it and its caption into m. srv.mu is held.
func (p *Person) fill(m *Message, f FileSpec) {
	if f.Kind == "" {
		f.Kind = Document
	}
	m.attach(p.srv.keep(f.Kind, f.Name, f.Mime, f.Data, f.Size), f.Kind)
	m.Caption = cleanText(f.Caption)
	m.CaptionEntities = addFound(m.Caption, nil)
}

// Forward forwards a message of somebody.
func (p *Person) Forward(f ForwardSpec) Update {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	m := Message{ForwardOrigin: f.origin(s.now())}
	switch {
	case f.File != nil:
		file := *f.File
		if f.Text != "" {
			file.Caption = f.Text
		}
		p.fill(&m, file)
	case f.Contact != nil:
		m.Contact = f.Contact.contact()
	default:
		m.Text = cleanText(f.Text)
		m.Entities = addFound(m.Text, nil)
	}
	up, _ := p.post(m)
	return up
}

func (f ForwardSpec) origin(now int64) *Origin {
	o := &Origin{Date: now}
	if !f.At.IsZero() {
		o.Date = f.At.Unix()
	}
	switch {
	case f.ChannelID != 0:
		o.Type = "channel"
		o.Chat = &Chat{ID: f.ChannelID, Type: "channel", Title: f.FromName, Username: f.FromUsername}
		o.MessageID = 1
	case f.Hidden:
		o.Type = "hidden_user"
		o.SenderUserName = f.FromName
		if f.FromLast != "" {
			o.SenderUserName += " " + f.FromLast
		}
	default:
		o.Type = "user"
		o.SenderUser = &User{ID: f.FromID, FirstName: f.FromName, LastName: f.FromLast, Username: f.FromUsername}
	}
	return o
}

// ShareUsers answers a request_users button with persons.
func (p *Person) ShareUsers(requestID int64, users ...*Person) Update {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	shared := &UsersShared{RequestID: requestID}
	for _, u := range users {
		who := u.user()
		shared.Users = append(shared.Users, SharedUser{who.ID, who.FirstName, who.LastName, who.Username})
	}
	up, _ := p.post(Message{UsersShared: shared})
	return up
}

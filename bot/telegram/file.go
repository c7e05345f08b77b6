package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kartoteka/handlers/chat"
)

// mostUpload is what Telegram takes of a bot, in bytes.
const mostUpload = 50 << 20

// methodOf says how a kind of file is sent. Anything else goes as a document.
var methodOf = map[string]string{
	"voice": "sendVoice", "photo": "sendPhoto", "document": "sendDocument", "video": "sendVideo", "audio": "sendAudio",
}

func (m *messenger) SendFile(ctx context.Context, to int64, f chat.File, caption string) (int64, error) {
	kind, method := f.Kind, methodOf[f.Kind]
	if method == "" {
		kind, method = "document", "sendDocument"
	}
	var done sent
	err := m.sender.send(ctx, to, m.rank, func(to int64) error {
		ctx, cancel := begun(ctx, callLimit)
		defer cancel()
		p := map[string]any{"chat_id": to, kind: f.ID}
		if f.Protected {
			p["protect_content"] = true
		}
		if caption != "" {
			p["caption"], p["parse_mode"] = cut(caption, mostCaption), "HTML"
		}
		return m.api.call(ctx, method, p, &done)
	})
	return done.ID, err
}

// Upload reads content again for each try: from where it stands if it can seek, else out of memory.
func (m *messenger) Upload(ctx context.Context, to int64, name string, content io.Reader, caption string) (int64, error) {
	src, size, err := seekable(content)
	if err != nil {
		return 0, err
	}
	start, err := src.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, fmt.Errorf("upload: %w", err)
	}
	var done sent
	err = m.sender.send(ctx, to, m.rank, func(to int64) error {
		if _, err := src.Seek(start, io.SeekStart); err != nil {
			return fmt.Errorf("upload: %w", err)
		}
		head, tail, kind, err := form("document", name, captioned(to, caption))
		if err != nil {
			return err
		}
		ctx, cancel := begun(ctx, uploadLimit)
		defer cancel()
		body := io.MultiReader(bytes.NewReader(head), io.LimitReader(src, size), bytes.NewReader(tail))
		return m.api.post(ctx, "sendDocument", parcel{body, int64(len(head)+len(tail)) + size, kind}, &done)
	})
	return done.ID, err
}

// seekable returns content as something that can be read again, and how much is left of it. ErrTooLarge.
func seekable(content io.Reader) (io.ReadSeeker, int64, error) {
	if s, ok := content.(io.ReadSeeker); ok {
		at, err := s.Seek(0, io.SeekCurrent)
		if err == nil {
			end, err := s.Seek(0, io.SeekEnd)
			if err == nil {
				_, err = s.Seek(at, io.SeekStart)
			}
			if err == nil && end-at > mostUpload {
				err = chat.ErrTooLarge
			}
			return s, end - at, err
		}
	}
	data, err := io.ReadAll(io.LimitReader(content, mostUpload+1))
	if err == nil && len(data) > mostUpload {
		err = chat.ErrTooLarge
	}
	return bytes.NewReader(data), int64(len(data)), err
}

// captioned are the fields of a method that sends a file with a caption.
func captioned(to int64, caption string) [][2]string {
	fields := [][2]string{{"chat_id", strconv.FormatInt(to, 10)}}
	if caption != "" {
		fields = append(fields, [2]string{"caption", cut(caption, mostCaption)}, [2]string{"parse_mode", "HTML"})
	}
	return fields
}

// sendPhoto sends a screen that has a picture.
func (m *messenger) sendPhoto(ctx context.Context, to int64, s chat.Screen) (int64, error) {
	var done sent
	err := m.sender.send(ctx, to, m.rank, func(to int64) error {
		fields := append(captioned(to, s.Text), [2]string{"protect_content", strconv.FormatBool(s.Protected)})
		if k := keyboard(s.Buttons, true); k != nil {
			raw, err := json.Marshal(k)
			if err != nil {
				return fmt.Errorf("encode buttons: %w", err)
			}
			fields = append(fields, [2]string{"reply_markup", string(raw)})
		}
		head, tail, kind, err := form("photo", "picture.png", fields)
		if err != nil {
			return err
		}
		ctx, cancel := begun(ctx, callLimit)
		defer cancel()
		body := slices.Concat(head, s.Photo, tail)
		return m.api.post(ctx, "sendPhoto", parcel{bytes.NewReader(body), int64(len(body)), kind}, &done)
	})
	return done.ID, err
}

// form returns what stands before and after the file in the body of a method that sends one, and its content type.
func form(part, name string, fields [][2]string) (head, tail []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, nil, "", fmt.Errorf("upload: %w", err)
		}
	}
	if _, err := w.CreateFormFile(part, name); err != nil {
		return nil, nil, "", fmt.Errorf("upload: %w", err)
	}
	head = bytes.Clone(b.Bytes())
	b.Reset()
	if err := w.Close(); err != nil {
		return nil, nil, "", fmt.Errorf("upload: %w", err)
	}
	return head, b.Bytes(), w.FormDataContentType(), nil
}

func (m *messenger) Fetch(ctx context.Context, fileID string, limit int64) ([]byte, error) {
	var data []byte
	fetch := func() error {
		var f struct {
			Path string `json:"file_path"`
			Size int64  `json:"file_size"`
		}
		if err := m.api.call(ctx, "getFile", map[string]string{"file_id": fileID}, &f); err != nil {
			return err
		}
		if f.Size > limit {
			return chat.ErrTooLarge
		}
		var err error
		data, err = m.api.download(ctx, f.Path, limit)
		if err == nil && int64(len(data)) < f.Size {
			return cutOff() // a table that lacks its last rows looks like a whole one
		}
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, uploadLimit)
	defer cancel()
	err := m.sender.direct(ctx, fetch)
	if errors.Is(err, chat.ErrUnknown) { // reading twice harms nobody
		err = m.sender.direct(ctx, fetch)
	}
	return data, err
}

// download reads a file of at most limit bytes. ErrTooLarge.
func (a *api) download(ctx context.Context, path string, limit int64) ([]byte, error) {
	addr := a.root + "/file/bot" + placeholder + "/" + (&url.URL{Path: strings.TrimPrefix(path, "/")}).EscapedPath()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, addr, nil)
	if err != nil {
		return nil, errors.New("download: unusable file path")
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return nil, bare("download", err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil, resp.StatusCode != http.StatusOK: // what comes then is no file, but why there is none
		return nil, cutOff()
	case int64(len(data)) > limit:
		return nil, chat.ErrTooLarge
	}
	return data, nil
}

// cutOff is of a file of which only a part came, or nothing.
func cutOff() error {
	return &Error{Method: "download", Class: Unknown, cause: errors.New("file was cut off")}
}

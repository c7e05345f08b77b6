package sandbox

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // to measure pictures
	_ "image/jpeg" // to measure pictures
	_ "image/png"  // to measure pictures
	"net/http"
	"path"
	"strconv"
	"strings"
)

const (
	maxDownload = 20 << 20 // Client.h:71: files up to 20 MB may be fetched
	maxPhoto    = 10 << 20 // Bot API: photos up to 10 MB
)

// FileKind is a kind of attachment.
type FileKind string

// The kinds of attachments.
const (
	Document FileKind = "document"
	Photo    FileKind = "photo"
	Voice    FileKind = "voice"
	Video    FileKind = "video"
	Audio    FileKind = "audio"
	Sticker  FileKind = "sticker"
)

// stored is a file that Telegram keeps.
type stored struct {
	ID, Unique string
	Kind       FileKind
	Name, Mime string
	Path       string
	Size       int64
	Data       []byte
	Width      int
	Height     int
}

// keep stores a file. size overrules the length of data, for files that are large in name only. s.mu is held.
func (s *Server) keep(kind FileKind, name, mimeType string, data []byte, size int64) *stored {
	n := strconv.FormatInt(s.nextID.File, 10)
	s.nextID.File++
	if mimeType == "" {
		mimeType = http.DetectContentType(data)
	}
	ext := path.Ext(name)
	if ext == "" {
		ext = map[FileKind]string{Photo: ".jpg", Voice: ".oga", Video: ".mp4", Audio: ".mp3", Sticker: ".webp"}[kind]
	}
	f := &stored{
		ID: "file-" + string(kind) + "-" + n, Unique: "uniq" + n, Kind: kind, Name: name, Mime: mimeType,
		Path: string(kind) + "s/file_" + n + ext, Size: max(size, int64(len(data))), Data: data,
	}
	if cfg, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
		f.Width, f.Height = cfg.Width, cfg.Height
	}
	s.files[f.ID] = f
	return f
}

// attach puts the file into the message as its kind.
func (m *Message) attach(f *stored, kind FileKind) {
	media := &Media{FileID: f.ID, FileUniqueID: f.Unique, FileSize: f.Size, MimeType: f.Mime}
	zero, no := 0, false
	switch kind {
	case Photo:
		media.MimeType, media.Width, media.Height = "", max(f.Width, 1), max(f.Height, 1)
		m.Photo = []Media{*media}
	case Voice:
		media.Duration = &zero
		m.Voice = media
	case Video:
		media.FileName, media.Width, media.Height, media.Duration = f.Name, 640, 360, &zero
		m.Video = media
	case Audio:
		media.FileName, media.Duration = f.Name, &zero
		m.Audio = media
	case Sticker:
		media.MimeType, media.Type, media.Width, media.Height, media.Emoji = "", "regular", 512, 512, f.Name
		media.IsAnimated, media.IsVideo = &no, &no
		m.Sticker = media
	default:
		media.FileName = f.Name
		m.Document = media
	}
}

// sendFile is sendDocument, sendPhoto, sendVoice, sendVideo or sendAudio.
func sendFile(kind FileKind) func(*Server, *call) (any, *apiError) {
	return func(s *Server, c *call) (any, *apiError) {
		caption, err := c.caption()
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		ch, m, err := s.outgoing(c)
		if err != nil {
			return nil, err
		}
		f, err := s.inputFile(c, kind)
		if err != nil {
			return nil, err
		}
		m.attach(f, kind)
		m.Caption, m.CaptionEntities = caption.text, caption.entities
		return s.store(c, ch, m), nil
	}
}

// inputFile takes a file from the request, by attach:// or under its own name, or one that is known by file_id.
func (s *Server) inputFile(c *call, kind FileKind) (*stored, *apiError) {
	ref := c.params[string(kind)]
	part := string(kind)
	if name, ok := strings.CutPrefix(ref, "attach://"); ok {
		part = name
	}
	up, ok := c.files[part]
	if !ok {
		f := s.files[ref]
		switch {
		case strings.HasPrefix(ref, "http://") || strings.HasPrefix(ref, "https://"):
			return nil, bad("failed to get HTTP URL content")
		case f == nil:
			return nil, bad("wrong file identifier/HTTP URL specified")
		case f.Kind != kind && kind != Document:
			return nil, bad("can't use file of type %s as %s", f.Kind, kind)
		}
		return f, nil
	}
	if len(up.data) == 0 {
		return nil, bad("file must be non-empty")
	}
	if kind != Photo {
		return s.keep(kind, up.name, up.mime, up.data, 0), nil
	}
	if len(up.data) > maxPhoto {
		return nil, bad("file is too big for a photo")
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(up.data)); err != nil {
		return nil, bad("IMAGE_PROCESS_FAILED")
	}
	return s.keep(kind, up.name, up.mime, up.data, 0), nil
}

func (s *Server) getFile(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[c.params["file_id"]]
	if f == nil {
		return nil, bad("wrong file_id or the file is temporarily unavailable") // Client.cpp:8707
	}
	if f.Size > maxDownload {
		return nil, bad("file is too big") // Client.cpp:8719
	}
	return map[string]any{
		"file_id": f.ID, "file_unique_id": f.Unique, "file_size": f.Size, "file_path": f.Path,
	}, nil
}

// serveFile answers /file/bot<token>/<path>.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	s.mu.Lock()
	var found *stored
	for _, f := range s.files {
		if f.Path == name && f.Size <= maxDownload {
			found = f
			break
		}
	}
	s.mu.Unlock()
	if found == nil {
		writeError(w, &apiError{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(found.Data)))
	_, _ = w.Write(found.Data) // the client may be gone: that is its own affair
}

// FileData is the content of a file that somebody sent; it fails with ErrUnknown.
func (s *Server) FileData(fileID string) (data []byte, mimeType string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[fileID]
	if f == nil {
		return nil, "", fmt.Errorf("%w file %s", ErrUnknown, fileID)
	}
	return f.Data, f.Mime, nil
}

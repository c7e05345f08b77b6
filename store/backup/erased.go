package backup

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"kartoteka/crm"
)

// ErasedName is the file, in the folder of the backups, that lists who was erased.
const ErasedName = "erased.jsonl"

// Erased is the list of those who were erased: ids, one a line, no more. It stands beside the backups and not in them, so
// that it goes where they go and is always newer than they are.
type Erased struct {
	Path string

	mu    sync.Mutex
	known map[crm.Erased]bool // with no time; nil: not read yet
}

func key(e crm.Erased) crm.Erased { e.At = time.Time{}; return e }

// Read reads a list; none where there is no file. damaged is how many lines cannot be read.
func (l *Erased) Read() (list []crm.Erased, damaged int, err error) {
	raw, err := os.ReadFile(l.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	for line := range bytes.Lines(raw) {
		var e crm.Erased
		if json.Unmarshal(line, &e) != nil || e.Client == "" {
			damaged++
			continue
		}
		list = append(list, e)
	}
	return list, damaged, err
}

// New are those of a list who are not on it yet.
func (l *Erased) New(list []crm.Erased) ([]crm.Erased, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		there, _, err := l.Read()
		if err != nil {
			return nil, err
		}
		l.known = map[crm.Erased]bool{}
		for _, e := range there {
			l.known[key(e)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(e crm.Erased) bool { return l.known[key(e)] }), nil
}

// Add puts those on the list who are not on it yet, and returns when that is on the disk.
func (l *Erased) Add(list []crm.Erased) error {
	list, err := l.New(list)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines bytes.Buffer
	for _, e := range list {
		raw, err := json.Marshal(e)
		if err != nil {
			return err
		}
		lines.Write(append(raw, '\n'))
	}
	if lines.Len() == 0 {
		return nil
	}
	if err := l.write(lines.Bytes()); err != nil {
		return err
	}
	for _, e := range list {
		l.known[key(e)] = true
	}
	return nil
}

// write appends lines. A line that a crash has left by half is ended first: it is on the list again.
func (l *Erased) write(lines []byte) error {
	if err := os.MkdirAll(filepath.Dir(l.Path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(l.Path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Seek(wholeLines(f), 0)
	if err == nil {
		_, err = f.Write(lines)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), syncDir(filepath.Dir(l.Path)))
}

// wholeLines is where the last whole line of a file ends.
func wholeLines(f *os.File) (end int64) {
	for r := bufio.NewReader(f); ; {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return end
		}
		end += int64(len(line))
	}
}

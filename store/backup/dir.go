package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
)

// The names of backups: kartoteka-20261122T030000Z.jsonl.zst.age, the last part where it is encrypted.
const (
	namePrefix = "kartoteka-"
	nameTime   = "20060102T150405Z"
	nameSuffix = ".jsonl.zst"
	nameSealed = ".age"
	namePart   = ".part" // while it is written
)

// partAge is when what a crash has left is taken away: nothing is written for that long.
const partAge = 24 * time.Hour

// Dir is the folder in which backups are kept. What has the name of a backup there has been read back and found whole.
type Dir struct {
	Path string
	Key  PublicKey // the owner's; nil: not encrypted
	Keep Keep
	Zone *time.Location // of the days and weeks of Keep
}

// File is one backup.
type File struct {
	Path   string
	Made   time.Time
	Sealed bool // encrypted
	Bytes  int64
}

// Make writes a backup, reads it back, and takes away those that are not to be kept any more.
func (d Dir) Make(ctx context.Context, from crm.Source, now time.Time) (File, Summary, error) {
	now = now.UTC().Truncate(time.Second)
	if err := os.MkdirAll(d.Path, 0o700); err != nil {
		return File{}, Summary{}, err
	}
	part, err := os.CreateTemp(d.Path, namePrefix+"*"+namePart) // readable by nobody else
	if err != nil {
		return File{}, Summary{}, err
	}
	f := File{Path: filepath.Join(d.Path, d.name(now)), Made: now, Sealed: d.Key != nil}
	sum, err := d.make(ctx, part, from, now)
	if err == nil {
		err = os.Rename(part.Name(), f.Path)
	}
	if err != nil {
		return File{}, sum, errors.Join(err, os.Remove(part.Name()))
	}
	if err := syncDir(d.Path); err != nil {
		return File{}, sum, err
	}
	if info, err := os.Stat(f.Path); err == nil { // else the next look tells
		f.Bytes = info.Size()
	}
	return f, sum, d.prune(now)
}

func (d Dir) name(made time.Time) string {
	name := namePrefix + made.Format(nameTime) + nameSuffix
	if d.Key != nil {
		name += nameSealed
	}
	return name
}

// make writes and reads back.
func (d Dir) make(ctx context.Context, part *os.File, from crm.Source, now time.Time) (Summary, error) {
	var recipients []PublicKey
	var keys []SecretKey
	if d.Key != nil {
		public, secret, err := passing(d.Key)
		if err != nil {
			return Summary{}, errors.Join(err, part.Close())
		}
		recipients, keys = []PublicKey{d.Key, public}, []SecretKey{secret}
	}
	sum, err := write(ctx, part, from, now, recipients)
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return sum, fmt.Errorf("write backup: %w", err)
	}
	again, err := ReadFile(ctx, part.Name(), keys, nil)
	if err == nil && (again.sum != sum.sum || !maps.Equal(again.Counts, sum.Counts)) {
		err = ErrDamaged
	}
	if err != nil {
		return sum, fmt.Errorf("read back what was written: %w", err)
	}
	return sum, nil
}

// ReadFile is Read of a file.
func ReadFile(ctx context.Context, path string, keys []SecretKey, each func(crm.RecordKind, []byte) error) (Summary, error) {
	f, err := os.Open(path)
	if err != nil {
		return Summary{}, err
	}
	defer func() { _ = f.Close() }() // was only read
	return Read(ctx, f, keys, each)
}

func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// List has the backups, the newest first; none where there is no such folder.
func (d Dir) List() ([]File, error) {
	entries, err := os.ReadDir(d.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var files []File
	for _, e := range entries {
		info, err := e.Info()
		f, ok := parseName(e.Name())
		if err != nil || !ok || !info.Mode().IsRegular() {
			continue
		}
		f.Path, f.Bytes = filepath.Join(d.Path, e.Name()), info.Size()
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int { return b.Made.Compare(a.Made) })
	return files, err
}

func parseName(name string) (File, bool) {
	stem, sealed := strings.CutSuffix(name, nameSealed)
	stem, packed := strings.CutSuffix(stem, nameSuffix)
	stem, ours := strings.CutPrefix(stem, namePrefix)
	made, err := time.Parse(nameTime, stem)
	return File{Made: made, Sealed: sealed}, packed && ours && err == nil
}

// prune takes away what is not to be kept, and what crashes have left behind.
func (d Dir) prune(now time.Time) error {
	files, err := d.List()
	if err != nil {
		return err
	}
	errs := []error{d.pruneParts(now)}
	for _, f := range d.Keep.expired(files, now, d.Zone) {
		errs = append(errs, os.Remove(f.Path))
	}
	return errors.Join(errs...)
}

func (d Dir) pruneParts(now time.Time) error {
	entries, err := os.ReadDir(d.Path)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), namePrefix) && strings.HasSuffix(e.Name(), namePart) && now.Sub(info.ModTime()) > partAge {
			errs = append(errs, os.Remove(filepath.Join(d.Path, e.Name())))
		}
	}
	return errors.Join(errs...)
}

package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"kartoteka/crm"
	"kartoteka/store/backup"
)

// shelf is a base of a few documents.
type shelf struct {
	docs []doc
	err  error // at the end
}

type doc struct {
	kind crm.RecordKind
	text string
}

func (shelf) Frozen() bool                               { return true }
func (shelf) Close() error                               { return nil }
func (shelf) Counts(context.Context) (crm.Counts, error) { return nil, nil }
func (s shelf) Dump(_ context.Context, each func(crm.RecordKind, []byte) error) error {
	for _, d := range s.docs {
		if err := each(d.kind, []byte(d.text)); err != nil {
			return err
		}
	}
	return s.err
}

// some has documents of several kinds, one longer than any buffer.
var some = shelf{docs: []doc{
	{crm.RecordTeam, `{"_id":"acme"}`}, {crm.RecordClient, `{"_id":"c1","name":"Иванов \"Пётр\": {\"}"}`},
	{crm.RecordClient, `{"_id":"c2","last_note":"` + strings.Repeat("длинно ", 20000) + `"}`}, {crm.RecordMark, "{\n\"_id\":\"m\"}"},
}}

// read is what comes back.
var read = append(slices.Clone(some.docs[:3]), doc{crm.RecordMark, `{"_id":"m"}`})

var night = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

var all = backup.Keep{Daily: 7, Weekly: 4, Days: 30}

// pair is a pair of keys as a person keeps them.
func pair(t *testing.T) (backup.PublicKey, []backup.SecretKey) {
	t.Helper()
	public, secret, err := backup.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := backup.ParseKey(public)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(path, []byte("# BACKUP_KEY="+public+"\n"+secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := backup.ReadSecretKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	return key, keys
}

// made is a backup of some in a folder of its own.
func made(t *testing.T, key backup.PublicKey) backup.File {
	t.Helper()
	f, _, err := backup.Dir{Path: filepath.Join(t.TempDir(), "b"), Key: key, Keep: all, Zone: time.UTC}.Make(t.Context(), some, night)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestBackupComesBack(t *testing.T) {
	key, secret := pair(t)
	for name, with := range map[string]struct {
		key  backup.PublicKey
		keys []backup.SecretKey
	}{"encrypted": {key, secret}, "plain": {nil, nil}} {
		t.Run(name, func(t *testing.T) {
			f := made(t, with.key)
			var got []doc
			sum, err := backup.ReadFile(t.Context(), f.Path, with.keys, func(kind crm.RecordKind, text []byte) error {
				got = append(got, doc{kind, string(text)})
				return nil
			})
			if err != nil || !slices.Equal(got, read) || !sum.Made.Equal(night) || sum.Counts[crm.RecordClient] != 2 {
				t.Errorf("got %d documents, %+v, %v", len(got), sum.Counts, err)
			}
			if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o600 || info.Size() != f.Bytes || f.Sealed != (with.key != nil) {
				t.Errorf("the file is %+v, %v", info, err)
			}
			raw, _ := os.ReadFile(f.Path)
			if bytes.Contains(raw, []byte("acme")) {
				t.Error("the file can be read as it lies")
			}
		})
	}
}

// Whatever byte is changed, and wherever the file is cut, it is told.
func TestDamageIsTold(t *testing.T) {
	key, secret := pair(t)
	for name, with := range map[string]struct {
		key  backup.PublicKey
		keys []backup.SecretKey
	}{"encrypted": {key, secret}, "plain": {nil, nil}} {
		t.Run(name, func(t *testing.T) {
			whole, err := os.ReadFile(made(t, with.key).Path)
			if err != nil {
				t.Fatal(err)
			}
			told := func(what string, file []byte) {
				t.Helper()
				var got []doc
				_, err := backup.Read(t.Context(), bytes.NewReader(file), with.keys, func(kind crm.RecordKind, text []byte) error {
					got = append(got, doc{kind, string(text)})
					return nil
				})
				if err == nil && with.key == nil && slices.Equal(got, read) { // zstd has bits that mean nothing
					return
				}
				if !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrNoBackup) && !errors.Is(err, backup.ErrWrongKey) {
					t.Errorf("%s: got %v", what, err)
				}
			}
			for at := range whole {
				altered := bytes.Clone(whole)
				altered[at] ^= 0x10
				told(fmt.Sprintf("byte %d of %d altered", at, len(whole)), altered)
				told(fmt.Sprintf("cut after %d of %d", at, len(whole)), whole[:at])
			}
			told("something behind the end", append(bytes.Clone(whole), whole...))
			told("nonsense behind the end", append(bytes.Clone(whole), "x"...))
		})
	}
}

// What was taken out or altered and packed again as if nothing had happened is told, too.
func TestLinesAreSummedUp(t *testing.T) {
	text := unpacked(t, made(t, nil).Path)
	if _, err := backup.Read(t.Context(), packed(t, strings.Replace(text, "Иванов", "Петров", 1)), nil, nil); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("another name: got %v", err)
	}
	if _, err := backup.Read(t.Context(), packed(t, strings.Replace(text, `"clients":2`, `"clients":3`, 1)), nil, nil); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("another count: got %v", err)
	}
	lines := strings.SplitAfter(text, "\n")
	for i := range len(lines) - 1 {
		less := slices.Delete(slices.Clone(lines), i, i+1)
		if _, err := backup.Read(t.Context(), packed(t, strings.Join(less, "")), nil, nil); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("without line %d: got %v", i, err)
		}
	}
}

func TestNewerVersionIsRefused(t *testing.T) {
	text := unpacked(t, made(t, nil).Path)
	for name, change := range map[string][2]string{
		"format": {`"format":1`, `"format":2`},
		"schema": {fmt.Sprintf(`"schema":%d`, crm.SchemaVersion), fmt.Sprintf(`"schema":%d`, crm.SchemaVersion+1)},
		"field":  {`"clients._id"`, `"clients._id","clients.horoscope"`},
		"kind":   {`"clients._id"`, `"clients._id","deals._id"`},
	} {
		if !strings.Contains(text, change[0]) {
			t.Fatalf("%s: the file has no %s", name, change[0])
		}
		_, err := backup.Read(t.Context(), packed(t, strings.Replace(text, change[0], change[1], 1)), nil, nil)
		if !errors.Is(err, backup.ErrNewer) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func unpacked(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	text, err := d.DecodeAll(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func packed(t *testing.T, text string) *bytes.Reader {
	t.Helper()
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(e.EncodeAll([]byte(text), nil))
}

func TestKeys(t *testing.T) {
	key, _ := pair(t)
	_, others := pair(t)
	f := made(t, key)
	if _, err := backup.ReadFile(t.Context(), f.Path, nil, nil); !errors.Is(err, backup.ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := backup.ReadFile(t.Context(), f.Path, others, nil); !errors.Is(err, backup.ErrWrongKey) {
		t.Errorf("with another's key: %v", err)
	}
	if _, err := backup.Read(t.Context(), strings.NewReader("PK\x03\x04 a picture"), others, nil); !errors.Is(err, backup.ErrNoBackup) {
		t.Errorf("not a backup: %v", err)
	}
	_, secret, _ := backup.NewKey()
	for _, wrong := range []string{secret, "age1axtrlru", "ssh-ed25519 AAAA", "", "hunter2"} {
		if _, err := backup.ParseKey(wrong); err == nil || wrong != "" && strings.Contains(err.Error(), wrong) {
			t.Errorf("%.8s…: %v", wrong, err)
		}
	}
}

// A backup that fails leaves nothing that looks like one, and takes none of the older away.
func TestFailedBackupLeavesNothing(t *testing.T) {
	d := backup.Dir{Path: t.TempDir(), Keep: all, Zone: time.UTC}
	if _, _, err := d.Make(t.Context(), some, night); err != nil {
		t.Fatal(err)
	}
	broken := shelf{some.docs, errors.New("the disk is gone")}
	if _, _, err := d.Make(t.Context(), broken, night.AddDate(1, 0, 0)); !errors.Is(err, broken.err) {
		t.Errorf("got %v", err)
	}
	left, err := os.ReadDir(d.Path)
	if files, _ := d.List(); err != nil || len(left) != 1 || len(files) != 1 || !files[0].Made.Equal(night) {
		t.Errorf("left are %v, %v", left, err)
	}
}

// A year of nightly backups, one more each noon: what stays is as it is said.
func TestKeep(t *testing.T) {
	d := backup.Dir{Path: t.TempDir(), Keep: all, Zone: time.UTC}
	for day := range 90 {
		for _, now := range []time.Time{night.AddDate(0, 0, day), night.AddDate(0, 0, day).Add(9 * time.Hour)} {
			if _, _, err := d.Make(t.Context(), shelf{}, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Made.Format("Mon 01-02 15"))
	}
	want := []string{"Fri 02-19 12", "Fri 02-19 03", "Thu 02-18 12", "Wed 02-17 12", "Tue 02-16 12", "Mon 02-15 12", "Sun 02-14 12",
		"Sat 02-13 12", "Sun 02-07 12", "Sun 01-31 12"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestNothingStaysTooLong(t *testing.T) {
	d := backup.Dir{Path: t.TempDir(), Keep: all, Zone: time.UTC}
	for _, days := range []int{0, 10, 20, 41} {
		if _, _, err := d.Make(t.Context(), shelf{}, night.AddDate(0, 0, days)); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := d.List()
	if len(files) != 2 || !files[1].Made.Equal(night.AddDate(0, 0, 20)) {
		t.Errorf("left are %+v", files)
	}
}

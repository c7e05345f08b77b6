package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lockName is the file of a data folder that is locked while a bot works in it. The kernel frees the lock however the
// process ends; the file stays, and says nothing by being there.
const lockName = "kartoteka.lock"

// inUseError is a data folder in which another process works. Starting again helps, once that one has ended.
type inUseError struct {
	dir, setting string
}

func (e inUseError) Error() string {
	return fmt.Sprintf("%s is in use by another kartoteka; stop that one, or name another folder (%s)", e.dir, e.setting)
}

// lockFolder keeps every other bot out of the data folder, where the base is in one.
func (a *app) lockFolder() (unlock func(), err error) {
	if a.locked || a.cfg.MongoDBURI != "" {
		return func() {}, nil
	}
	return lockFolder(a.cfg.DataDir, "DATA_DIR")
}

// lockFolder keeps every other bot out of a data folder until unlock: two would take each other's updates, and the
// sandbox that ends last would write its chats over the other's. setting is what names the folder.
func lockFolder(dir, setting string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err == nil && !got {
		err = inUseError{dir, setting}
	}
	if err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil // a lock that does not go by this goes with the process
}

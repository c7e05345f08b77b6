// Package store opens the engine that an address names. The engines keep and find, nothing else: no rights,
// no validation, no defaults. What they promise is crm.Store; store/storetest holds both of them to it.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"kartoteka/crm"
	"kartoteka/store/sqlite"
)

// Sweeper is implemented by the engines in which a crash can leave work half done: SaveClient has answered or
// not, the change is kept with its event, but the event is not yet where Events looks. Sweep finishes that. It
// runs when the store is opened and is to be run every minute.
type Sweeper interface {
	Sweep(ctx context.Context) error
}

// Open opens the store at an address:
//
//	sqlite:///var/lib/kartoteka/base.db   a file, made where it is missing
//	sqlite:base.db                        the same, relative to the working directory
//	mongodb://user:password@host/base     a server; also mongodb+srv
//
// Errors are one line without the password.
func Open(ctx context.Context, address string) (crm.Store, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "sqlite":
		path, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
		if err != nil || path == "" || strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "///") {
			return nil, errors.New("store: want sqlite:///folder/file.db or sqlite:file.db")
		}
		return sqlite.Open(ctx, path)
	default:
		return nil, fmt.Errorf("store: no engine for %q: want sqlite:///folder/file.db or mongodb://host/base", scheme)
	}
}

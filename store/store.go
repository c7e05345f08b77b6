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
	"kartoteka/store/mongodb"
	"kartoteka/store/sqlite"
)

// Sweeper is implemented by engines that have work of their own to do in the background: what a crash left
// half done (in MongoDB a change is one write with its event, which is then copied to where Events looks),
// and documents that an older version wrote. Sweep is to be run every minute; it is cheap when there is nothing
// to do.
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
	case "mongodb", "mongodb+srv":
		return mongodb.Open(ctx, address)
	default:
		return nil, fmt.Errorf("store: no engine for %q: want sqlite:///folder/file.db or mongodb://host/base", scheme)
	}
}

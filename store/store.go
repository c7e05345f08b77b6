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

// Compacter is implemented by engines whose files may still hold, where nothing points to it, what was taken out of them. Compact
// writes all of the base anew.
type Compacter interface {
	Compact(ctx context.Context) error
}

// ErrAddress is an address that cannot be one of a store.
var ErrAddress = mongodb.ErrAddress

// ErrLogin is a server that does not let in with the address: the user or the password is wrong, or the user may not use the base.
var ErrLogin = mongodb.ErrLogin

// Open opens the store at an address:
//
//	sqlite:///var/lib/kartoteka/base.db   a file, made where it is missing
//	sqlite:base.db                        the same, relative to the working directory
//	mongodb://user:password@host/base     a server; also mongodb+srv
//
// Errors are one line without the password.
func Open(ctx context.Context, address string) (crm.Store, error) {
	file, err := FileOf(address)
	switch {
	case err != nil:
		return nil, err
	case file != "":
		return sqlite.Open(ctx, file)
	default:
		return mongodb.Open(ctx, address)
	}
}

// OpenSource opens the base at an address to read all of it; fs.ErrNotExist if there is no such file.
func OpenSource(ctx context.Context, address string) (crm.Source, error) {
	file, err := FileOf(address)
	switch {
	case err != nil:
		return nil, err
	case file != "":
		return sqlite.OpenSource(ctx, file)
	default:
		return mongodb.OpenSource(ctx, address)
	}
}

// Fill makes a base at an address out of what load puts into the sink, all of it or nothing: what was filled by half is
// no base, and Open refuses it with crm.ErrUnfinished until it is filled again. crm.ErrNotEmpty if there are records
// already.
func Fill(ctx context.Context, address string, load func(crm.Sink) error) error {
	file, err := FileOf(address)
	switch {
	case err != nil:
		return err
	case file != "":
		return sqlite.Fill(ctx, file, load)
	default:
		return mongodb.Fill(ctx, address, load)
	}
}

// Probe reports whether Open would succeed, as far as one can tell without writing anything.
func Probe(ctx context.Context, address string) error {
	file, err := FileOf(address)
	switch {
	case err != nil:
		return err
	case file != "":
		return sqlite.Probe(ctx, file)
	default:
		return mongodb.Probe(ctx, address)
	}
}

// FileOf is the file that an address names, "" where it is one of MongoDB.
func FileOf(address string) (string, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "sqlite":
		path, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
		if err != nil || path == "" || strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "///") {
			return "", errors.New("store: want sqlite:///folder/file.db or sqlite:file.db")
		}
		return path, nil
	case "mongodb", "mongodb+srv":
		return "", nil
	default:
		return "", fmt.Errorf("store: no engine for %q: want sqlite:///folder/file.db or mongodb://host/base", scheme)
	}
}

package mongodb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"kartoteka/crm"
)

const (
	defaultBase  = "kartoteka"      // where the address names no database
	selectWithin = 10 * time.Second // how long a server may be looked for, where the address does not say
	tidyWithin   = 10 * time.Second // how long a change that is made may take to be tidied up
)

// ErrAddress is an address that is none of MongoDB. Its words do not quote it: it may hold a password.
var ErrAddress = errors.New("mongodb: the address is not valid")

// Store keeps everything in one database of a server. It is safe for concurrent use, also by several processes.
type Store struct {
	root       context.Context // Open's without its end: Close has none of its own
	client     *mongo.Client
	db         *mongo.Database
	vocabulary vocabulary
	upgraded   atomic.Bool // nothing of an older shape is left
	untidy     sync.Map    // the event of a change that is not tidied up → place, see settle
}

var _ crm.Store = (*Store)(nil)

// Open connects to the server, makes the indexes and finishes what a crash has left. Errors do not hold the password.
func Open(ctx context.Context, uri string) (*Store, error) {
	s, err := dial(ctx, uri)
	if err != nil {
		return nil, err
	}
	err = s.Ping(ctx)
	if err == nil {
		err = s.mustBeWhole(ctx)
	}
	if err == nil {
		err = s.createIndexes(ctx)
	}
	if err == nil {
		err = s.openOldEvents(ctx)
	}
	if err == nil {
		err = s.finishAll(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Probe reports whether the server answers, takes writes and lets us read the base. It changes nothing.
func Probe(ctx context.Context, uri string) error {
	s, err := dial(ctx, uri)
	if err != nil {
		return err
	}
	err = s.Ping(ctx) // of the node that takes writes
	if err == nil {
		err = s.mustBeWhole(ctx)
	}
	if err == nil {
		_, err = s.Teams(ctx)
	}
	return errors.Join(err, s.Close())
}

func dial(ctx context.Context, uri string) (*Store, error) {
	opts := options.Client().
		SetServerSelectionTimeout(selectWithin).
		ApplyURI(uri). // before what it may not change
		SetAppName("kartoteka").
		SetRegistry(registry()).
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(writeconcern.Majority())
	if opts.Validate() != nil { // the driver's words quote the address
		return nil, ErrAddress
	}
	client, err := mongo.Connect(opts)
	if err != nil {
		return nil, ErrAddress
	}
	return &Store{root: context.WithoutCancel(ctx), client: client, db: client.Database(baseName(uri))}, nil
}

// baseName is the database that the address names.
func baseName(uri string) string {
	_, rest, _ := strings.Cut(uri, "://")
	rest, _, _ = strings.Cut(rest, "?")
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	_, name, _ := strings.Cut(rest, "/")
	if name == "" {
		return defaultBase
	}
	return name
}

func (s *Store) clients() *mongo.Collection   { return s.db.Collection("clients") }
func (s *Store) touches() *mongo.Collection   { return s.db.Collection("touches") }
func (s *Store) events() *mongo.Collection    { return s.db.Collection("events") }
func (s *Store) consents() *mongo.Collection  { return s.db.Collection("consents") }
func (s *Store) imports() *mongo.Collection   { return s.db.Collection("imports") }
func (s *Store) seals() *mongo.Collection     { return s.db.Collection("seals") }
func (s *Store) salts() *mongo.Collection     { return s.db.Collection("salts") }
func (s *Store) teams() *mongo.Collection     { return s.db.Collection("teams") }
func (s *Store) members() *mongo.Collection   { return s.db.Collection("members") }
func (s *Store) invites() *mongo.Collection   { return s.db.Collection("invites") }
func (s *Store) dialogs() *mongo.Collection   { return s.db.Collection("dialogs") }
func (s *Store) tasks() *mongo.Collection     { return s.db.Collection("tasks") }
func (s *Store) reminders() *mongo.Collection { return s.db.Collection("reminders") }
func (s *Store) progress() *mongo.Collection  { return s.db.Collection("progress") }
func (s *Store) strays() *mongo.Collection    { return s.db.Collection("strays") }
func (s *Store) marks() *mongo.Collection     { return s.db.Collection("marks") }
func (s *Store) words() *mongo.Collection     { return s.db.Collection("words") }

// Ping reports whether the server answers.
func (s *Store) Ping(ctx context.Context) error {
	return failed("ping", s.client.Ping(ctx, nil))
}

// Close ends the connections.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(s.root, tidyWithin)
	defer cancel()
	if err := s.client.Disconnect(ctx); err != nil && !errors.Is(err, mongo.ErrClientDisconnected) {
		return fmt.Errorf("mongodb: close: %w", err)
	}
	return nil
}

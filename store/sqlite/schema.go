package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// tables are made at every start where they are missing; doc.go says what each is for.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS clients (
		n INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		team TEXT NOT NULL,
		rev INTEGER NOT NULL,
		owner TEXT NOT NULL,
		stage TEXT NOT NULL,
		status TEXT NOT NULL,
		sort_name TEXT NOT NULL,
		newest INTEGER NOT NULL,
		idle INTEGER NOT NULL,
		next INTEGER NOT NULL,
		worth INTEGER NOT NULL,
		silent INTEGER NOT NULL,
		confirmed INTEGER NOT NULL,
		deleted INTEGER,
		doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS clients_newest ON clients (team, owner, newest, id, idle, stage, status, deleted) WHERE deleted IS NULL`,
	`CREATE INDEX IF NOT EXISTS clients_name ON clients (team, owner, sort_name, id, idle, stage, status, deleted) WHERE deleted IS NULL`,
	`CREATE INDEX IF NOT EXISTS clients_idle ON clients (team, owner, idle, id, stage, status, deleted) WHERE deleted IS NULL`,
	`CREATE INDEX IF NOT EXISTS clients_next ON clients (team, owner, next, id, stage, status, deleted) WHERE deleted IS NULL`,
	`CREATE INDEX IF NOT EXISTS clients_due ON clients (team, next, id) WHERE deleted IS NULL AND next > 0`,
	`CREATE INDEX IF NOT EXISTS clients_worth ON clients (team, owner, worth, id, silent, confirmed, next, stage, status, deleted) WHERE deleted IS NULL`,
	`CREATE INDEX IF NOT EXISTS clients_sealed ON clients (team, id) WHERE ` + sealed,
	`CREATE INDEX IF NOT EXISTS clients_bin ON clients (team, deleted) WHERE deleted IS NOT NULL`,

	`CREATE TABLE IF NOT EXISTS searchable (n INTEGER PRIMARY KEY, owner TEXT NOT NULL, card TEXT NOT NULL, keys TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS terms (team TEXT, term TEXT, client INTEGER, PRIMARY KEY (team, term, client)) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS keys (team TEXT, key TEXT, client INTEGER, PRIMARY KEY (team, key, client)) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS facets (team TEXT, facet TEXT, client INTEGER, PRIMARY KEY (team, facet, client)) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS words (team TEXT, variant TEXT, word TEXT, PRIMARY KEY (team, variant, word)) WITHOUT ROWID`,

	`CREATE TABLE IF NOT EXISTS touches (
		team TEXT NOT NULL,
		client TEXT NOT NULL,
		newest INTEGER NOT NULL,
		id TEXT NOT NULL UNIQUE,
		kind TEXT NOT NULL,
		doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS touches_client ON touches (team, client, newest, id DESC, kind)`,
	`CREATE INDEX IF NOT EXISTS touches_happened ON touches (team, json_extract(doc, '$.by'), newest) WHERE ` + happened,
	`CREATE TABLE IF NOT EXISTS events (
		n INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		team TEXT NOT NULL,
		record TEXT NOT NULL,
		rev INTEGER NOT NULL,
		at INTEGER NOT NULL,
		by TEXT NOT NULL,
		action TEXT NOT NULL,
		part TEXT NOT NULL DEFAULT '',
		doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS events_record ON events (team, record, rev DESC, id DESC)`,
	`CREATE INDEX IF NOT EXISTS events_listed ON events (team, at, id, by, action, part)`,
	`CREATE INDEX IF NOT EXISTS events_parts ON events (team, part, at, id) WHERE ` + isPart,
	`CREATE TABLE IF NOT EXISTS seals (team TEXT NOT NULL, seq INTEGER NOT NULL, last INTEGER NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (team, seq))`,
	`CREATE TABLE IF NOT EXISTS salts (team TEXT NOT NULL, record TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (team, record)) WITHOUT ROWID`,

	recordTable("teams"), recordTable("members"), recordTable("invites"), recordTable("consents"), recordTable("imports"),
	`CREATE INDEX IF NOT EXISTS invites_team ON invites (team, born, id)`,
	`CREATE INDEX IF NOT EXISTS consents_withdrawn ON consents (json_extract(doc, '$.withdrawn')) WHERE json_extract(doc, '$.withdrawn') IS NOT NULL`,
	`CREATE INDEX IF NOT EXISTS consents_client ON consents (team, json_extract(doc, '$.client'), born, id)`,
	`CREATE INDEX IF NOT EXISTS imports_newest ON imports (team, born, id)`,
	`CREATE INDEX IF NOT EXISTS imports_state ON imports (team, json_extract(doc, '$.state'), born, id)`,
	`CREATE TABLE IF NOT EXISTS dialogs (id TEXT PRIMARY KEY, team TEXT NOT NULL, rev INTEGER NOT NULL, expires INTEGER NOT NULL, doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS dialogs_expires ON dialogs (expires)`,
	`CREATE INDEX IF NOT EXISTS dialogs_of ON dialogs (team, json_extract(doc, '$.of')) WHERE ` + dialogOf,
	`CREATE INDEX IF NOT EXISTS members_team ON members (team, born, id)`,
	`CREATE INDEX IF NOT EXISTS members_user ON members (json_extract(doc, '$.user'), born, id)`,

	`CREATE TABLE IF NOT EXISTS tasks (
		id TEXT PRIMARY KEY,
		team TEXT NOT NULL,
		rev INTEGER NOT NULL,
		assignee TEXT NOT NULL,
		client TEXT NOT NULL,
		state TEXT NOT NULL,
		due INTEGER NOT NULL,
		doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS tasks_due ON tasks (team, state, due, id)`,
	`CREATE INDEX IF NOT EXISTS tasks_assignee ON tasks (team, assignee, state, due, id)`,
	`CREATE INDEX IF NOT EXISTS tasks_client ON tasks (team, client, due, id)`,
	`CREATE TABLE IF NOT EXISTS reminders (
		id TEXT PRIMARY KEY,
		team TEXT NOT NULL,
		member TEXT NOT NULL,
		state TEXT NOT NULL,
		fence INTEGER NOT NULL,
		due INTEGER NOT NULL,
		until INTEGER NOT NULL,
		doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS reminders_due ON reminders (state, due, id)`,
	`CREATE INDEX IF NOT EXISTS reminders_leased ON reminders (state, until, id)`,
	`CREATE INDEX IF NOT EXISTS reminders_team ON reminders (team, state, due, id)`,
	`CREATE INDEX IF NOT EXISTS reminders_member ON reminders (member, state, due, id)`,
	`CREATE INDEX IF NOT EXISTS reminders_done ON reminders (json_extract(doc, '$.done')) WHERE state IN ('` + done + `')`,
	`CREATE TABLE IF NOT EXISTS progress (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID`,

	`CREATE TABLE IF NOT EXISTS pairs (
		id TEXT PRIMARY KEY,
		team TEXT NOT NULL,
		rev INTEGER NOT NULL,
		one TEXT NOT NULL,
		other TEXT NOT NULL,
		one_owner TEXT NOT NULL,
		other_owner TEXT NOT NULL,
		state TEXT NOT NULL,
		rank INTEGER NOT NULL,
		seen INTEGER NOT NULL,
		doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS pairs_rank ON pairs (team, state, rank, id, one_owner, other_owner, seen)`,
	`CREATE INDEX IF NOT EXISTS pairs_one ON pairs (team, one)`,
	`CREATE INDEX IF NOT EXISTS pairs_other ON pairs (team, other)`,

	`CREATE TABLE IF NOT EXISTS strays (id INTEGER PRIMARY KEY, newest INTEGER NOT NULL, doc TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS strays_newest ON strays (newest, id DESC)`,
	`CREATE TABLE IF NOT EXISTS marks (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID`,
}

func recordTable(name string) string {
	return `CREATE TABLE IF NOT EXISTS ` + name +
		` (id TEXT PRIMARY KEY, team TEXT NOT NULL, rev INTEGER NOT NULL, born INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID`
}

func createSchema(ctx context.Context, db *sql.DB) error {
	begun, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = begun.Rollback() }()
	var made int
	if err := begun.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&made); err != nil {
		return fmt.Errorf("look for tables: %w", err)
	}
	if made == 0 { // Sweep has nothing to do in a new file
		err = run(ctx, begun, append(slices.Clone(tables), fmt.Sprintf(`PRAGMA user_version = %d`, fileVersion)))
	} else {
		err = upgradeTables(ctx, begun)
	}
	if err != nil {
		return err
	}
	return begun.Commit()
}

func run(ctx context.Context, begun *sql.Tx, ddls []string) error {
	for _, ddl := range ddls {
		if _, err := begun.ExecContext(ctx, ddl); err != nil {
			return fmt.Errorf("create tables: %w", err)
		}
	}
	return nil
}

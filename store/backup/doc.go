// Package backup keeps whole bases in files and brings them back.
//
// # The file
//
// One JSON document a line, compressed with zstd, encrypted with age where there is a key. Each line says its kind:
//
//	{"backup":{"format":1,"schema":2,"made":"2026-11-22T03:00:00Z","frozen":true,"fields":["teams._id",…]}}
//	{"teams":{"_id":"…","rev":3,…}}
//	{"clients":{"_id":"Zx3…","team":"…",…}}
//	…
//	{"end":{"counts":{"teams":1,"clients":100000,…},"sha256":"…"}}
//
// The first line says by which version the file was made: which fields that one knew, so that a version that does not know
// them all refuses it rather than lose them without a word. The last one counts the records and has the checksum of all
// lines before it: a file that was cut or altered is told before anything is restored. Without the program,
// "age -d -i key.txt FILE | zstd -d" shows all of it.
//
// What cards are found by, and the vocabulary, is not in the file but made anew.
//
// # Keys
//
// Who makes a backup needs the public key only, and so could not read back what it has written. Each file is therefore
// encrypted to a second key too, which lives in memory until the file has been read back and is then gone.
//
// # Erased clients
//
// A backup may be older than an erasure. Erased is the list of those who were erased; it stands beside the backups. A restore
// goes through it when the base is filled, and so does each start of the bot, before it does anything else: a crash in between
// brings nobody back. They are removed as any client is, not left out on the way, so that the record of changes stays verifiable.
package backup

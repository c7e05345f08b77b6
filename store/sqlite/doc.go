// Package sqlite keeps everything in one SQLite file: the engine for a start without a server.
//
// A kind of record is a table. The document, with the field names that MongoDB has too, is JSON in the column
// doc; beside it stands what queries filter and sort by. These columns are filled by the engine in the same
// statement rather than computed from the document: json_extract would have to parse the document for every
// index, and times are texts there that do not sort ("…00.5Z" comes before "…00Z").
//
//	clients   n | id | team | rev | owner | stage | status | sort_name | newest | idle | next |
//	          worth | silent | confirmed | deleted | doc
//	          n numbers the rows and stands for the card in the tables below; newest and idle are created
//	          and last_touch in milliseconds, negative, so that ascending is the newest first; worth and
//	          silent are Client.Worth and Client.SilentSince; deleted is
//	          NULL outside the bin
//	          {"_id":"Zx3…","team":"…","rev":3,"schema":1,"name":"Иванов Пётр","phones":[{"e164":"+79001234567"}],
//	           "stage":"client","status":"vip","owner":"…","created":"2024-05-01T09:30:00Z","sort_name":"иванов петр","tag_keys":["vip"],…}
//	touches   team | client | newest | id | kind | doc
//	events    n | id | team | record | rev | at | by | action | part | doc
//	seals     team | seq | last | doc            last is the greatest n of an event that is in the seal or one before
//	salts     team | record | key
//	pairs     id | team | rev | one | other | one_owner | other_owner | state | rank | seen | doc
//	          rank is the score, negative
//	teams, members, invites
//	          id | team | rev | born | doc
//	dialogs   id | team | rev | doc
//	strays    id | newest | doc
//	marks     id | at
//
// What a card outside the bin is found by (rows of a card in the bin are taken out):
//
//	terms       team | term | client     search terms
//	keys        team | key | client      what must not be twice
//	facets      team | facet | client    "stage:lead", "status:vip", "tag:мск", "gap:person.phone", "has:person.x.size"; of a card in the bin "bin:p+79001234567"
//	searchable  n | owner | card | keys  what a search ranks of the card in one text, with all its terms, and what a list
//	                                     shows of it; its keys: a search reads hardly a document, and the documents
//	                                     are without terms, words and keys
//	words       team | variant | word    the vocabulary; a word is a variant of itself
//
// A list without an owner merges the lists of all owners, each read in order from the same index: one index
// an order serves both, and an insert pays for three instead of six.
//
// A backup is brought in beside the file, under its name with ".restore", which takes the file's place when it is whole.
//
// One connection writes; transactions take turns. The others read and never wait (WAL). A confirmed write
// survives a loss of power (synchronous=FULL), but for what is only counted on the side, which is held back for a minute at the most (light).
package sqlite

// Package mongodb keeps everything in a MongoDB database: the engine of a team.
//
// A kind of record is a collection, a record a document with the field names of its json and bson tags, a
// write one document. What comes with a change (its event, the touches, new words) is written inside the changed
// document, in the same write, and then copied to its own collection and taken out. A crash in between loses
// nothing: the next change of the document, or Sweep, finishes. An event found in either place has been applied.
//
//	clients   {"_id":"Zx3…","team":"…","rev":3,"schema":1,"name":"Иванов Пётр","birthday":"1980-05-12",
//	           "stage":"client","status":"vip","owner":"…","created":ISODate("…"),"last_touch":ISODate("…"),
//	           "terms":["иванов","петр",…],"keys":["p+79001234567"],"tag_keys":["vip"],…
//	           "live":true,                       not in the bin
//	           "by_name":"иванов петр\u0001Zx3…", a sort key and the id in one text, so that a page begins at one
//	           "by_newest":"7ffffe6c…Zx3…",       bound of an index; times are counted backwards, as 16
//	           "by_touch":"7ffffe6c…Zx3…",        hexadecimal digits
//	           "pending":{"event":{…},"touches":[…],"words":[…]},"pending_flag":true}
//	           A purged card is {"_id","rev","pending":{"event":{…},"purged":true},"pending_flag":true} until
//	           its touches are gone.
//	touches   {"_id","team","client","kind","at",…}
//	events    {"_id":"u1234.0","team","record","rev","action","by","at","fields":{"stage":{"before":…,"after":…}},
//	           "open":true}                       in no seal yet
//	seals     as the record
//	salts     {"_id":"team:record","team","record","key"}
//	teams, members, invites
//	          as the record, and pending like a card's
//	dialogs   as the record
//	words     {"_id":"team:иванов","team","word":"иванов","variants":["ванов",…,"иванов"]}
//	strays    {"_id":1234,"reason","raw","at"}
//	marks     {"_id":"stranger:42","at"}
//	state     {"_id":"filling","run":"…"} while a backup is brought in, and for ever after a crash in that: who opens such a base
//	          is refused (crm.ErrUnfinished) until it is filled again
//
// Calendar dates are texts YYYY-MM-DD; the zero time is left out or the year 1. Writes and reads are by majority.
package mongodb

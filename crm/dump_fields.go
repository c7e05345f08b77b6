package crm

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"kartoteka/crm/civil"
)

// recordTypes are the shapes of the kinds.
var recordTypes = map[RecordKind]reflect.Type{
	RecordTeam:     reflect.TypeFor[Team](),
	RecordMember:   reflect.TypeFor[Member](),
	RecordInvite:   reflect.TypeFor[Invite](),
	RecordConsent:  reflect.TypeFor[Consent](),
	RecordClient:   reflect.TypeFor[Client](),
	RecordTouch:    reflect.TypeFor[Touch](),
	RecordEvent:    reflect.TypeFor[Event](),
	RecordSeal:     reflect.TypeFor[Seal](),
	RecordSalt:     reflect.TypeFor[KeptSalt](),
	RecordTask:     reflect.TypeFor[Task](),
	RecordReminder: reflect.TypeFor[Reminder](),
	RecordProgress: reflect.TypeFor[Progress](),
	RecordDialog:   reflect.TypeFor[Dialog](),
	RecordStray:    reflect.TypeFor[StrayUpdate](),
	RecordMark:     reflect.TypeFor[Mark](),
	RecordPair:     reflect.TypeFor[Pair](),
	RecordImport:   reflect.TypeFor[Import](),
}

// RecordFields lists every field that this version knows, e.g. "clients.phones.e164": what another version wrote beside
// them would be lost without a word.
func RecordFields() []string {
	var all []string
	for _, kind := range RecordKinds {
		all = appendFields(all, string(kind), recordTypes[kind], nil)
	}
	return all
}

// appendFields adds the fields of a type and of what it holds; a type within itself is listed once.
func appendFields(all []string, path string, t reflect.Type, within []reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() != recordTypes[RecordTeam].PkgPath() || t == reflect.TypeFor[civil.Date]() ||
		slices.Contains(within, t) {
		return all
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			all = appendFields(all, path, f.Type, append(within, t))
		} else if f.IsExported() {
			name = cmp.Or(name, f.Name)
			all = append(all, path+"."+name)
			all = appendFields(all, path+"."+name, f.Type, append(within, t))
		}
	}
	return all
}

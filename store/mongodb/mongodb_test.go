package mongodb

import (
	"fmt"
	"os"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
	"kartoteka/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t testing.TB) crm.Store {
		s := openTemp(t)
		if err := s.Sweep(t.Context()); err != nil { // as the program does, whose counts of own fields wait for it
			t.Fatal(err)
		}
		return s
	},
		storetest.Capabilities{Concurrent: isMongoDB(), Slow: !isMongoDB(), Spoil: spoil})
}

// spoil makes a record one that cannot be read.
func spoil(t testing.TB, st crm.Store, kind crm.RecordKind, id string) {
	t.Helper()
	done, err := st.(*Store).db.Collection(string(kind)).UpdateOne(t.Context(), bson.D{is("_id", id)},
		bson.D{is("$set", bson.D{is("schema", storetest.Spoilt)})})
	if err != nil || done.MatchedCount != 1 {
		t.Fatalf("spoil %s %s: %+v, %v", kind, id, done, err)
	}
}

// Probe reads a base that is there, and makes none that is not.
func TestProbe(t *testing.T) {
	s := openTemp(t)
	if err := Probe(t.Context(), withBase(serverURI(t), s.db.Name())); err != nil {
		t.Error(err)
	}
	name := fmt.Sprintf("kartoteka_test_probe_%d", os.Getpid())
	if err := Probe(t.Context(), withBase(serverURI(t), name)); err != nil {
		t.Error(err)
	}
	if all, err := s.client.ListDatabaseNames(t.Context(), bson.D{is("name", name)}); err != nil || len(all) > 0 {
		t.Errorf("there are %v, %v", all, err)
	}
}

package mongodb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func TestErrors(t *testing.T) {
	if failed("x", nil) != nil {
		t.Error("no error has become one")
	}
	if err := failed("x", mongo.ErrNoDocuments); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	if err := failed("x", context.Canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cancellation", err)
	}
	for _, code := range []int32{13, 18, 8000} {
		if err := failed("x", mongo.CommandError{Code: code}); !errors.Is(err, ErrLogin) {
			t.Errorf("got %v for %d, want ErrLogin", err, code)
		}
	}
	for _, err := range []error{
		mongo.CommandError{Code: 26, Name: "NamespaceNotFound", Message: "Иванов"},
		mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000, Message: "dup key: Иванов"}}},
		mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{{WriteError: mongo.WriteError{Code: 11000, Message: "Иванов"}}}},
	} {
		if got := failed("save", err).Error(); strings.Contains(got, "Иванов") || !strings.Contains(got, "server error") {
			t.Errorf("got %q, want the code without values", got)
		}
	}
}

// A user or password that the server does not accept is told from all else: it is a setting to be put right. FerretDB knows no
// users and refuses any, by MongoDB's code.
func TestWrongPassword(t *testing.T) {
	for what, open := range map[string]func(context.Context, string) error{
		"Open":  func(ctx context.Context, uri string) error { _, err := Open(ctx, uri); return err },
		"Probe": Probe,
	} {
		err := open(t.Context(), strings.Replace(withBase(serverURI(t), "kartoteka_test"), "://", "://nobody:s3cret@", 1))
		if !errors.Is(err, ErrLogin) {
			t.Errorf("%s: got %v, want ErrLogin", what, err)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %q holds the password", what, err)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	for _, uri := range []string{
		"mongodb://anna:s3cret@127.0.0.1:1/base", "mongodb://anna:s3cret@[::1/base", "mongodb://anna:s3cret@/%zz?x",
		"mongodb://anna:s3:cr@et@host/base", "mongodb://anna:s3cret@host/base?replicaSet=",
	} {
		_, err := Open(ctx, uri)
		if err == nil {
			t.Errorf("%s: got no error", uri)
			continue
		}
		if strings.Contains(err.Error(), "s3") || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %q, want one line without the password", err)
		}
	}
}

func TestBaseName(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb://host": "kartoteka", "mongodb://host/": "kartoteka", "mongodb://host/crm": "crm",
		"mongodb://a:p%2Fq@h1:1,h2:2/crm?replicaSet=rs/0": "crm", "mongodb+srv://a:b@host/?w=1": "kartoteka",
	} {
		if got := baseName(uri); got != want {
			t.Errorf("%s: got %q, want %q", uri, got, want)
		}
	}
}

// Dates are texts in the documents, so that every tool reads them and they sort.
func TestDates(t *testing.T) {
	s := openTemp(t)
	c := change(1, "u1")
	c.Client.Birthday = civil.Date{Month: 2, Day: 29}
	if err := s.SaveClient(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var raw bson.M
	if err := s.clients().FindOne(t.Context(), bson.D{is("_id", "c1")}).Decode(&raw); err != nil {
		t.Fatal(err)
	}
	if raw["birthday"] != "0000-02-29" || raw["name"] != nil || raw["last_touch"] != nil {
		t.Errorf("got %v, %v, %v, want a date as text and no empty fields", raw["birthday"], raw["name"], raw["last_touch"])
	}
}
